#include "detect/channels.h"
#include "detect/calibration.h"

#include <math.h>

/* Shapes: near what the normal points of 29 + 30 KPIs had in the half after that of training, and
 * of a few tried the ones with the best verdicts there. Least .95 quantiles: a deviation of a
 * standard deviation by the model, the drift of five such of any sign, and a step of a twentieth of
 * the KPI's own are nothing strange. */
const struct donut_calibration_rule donut_deviation_rule = {.shape = 1.2, .least = 1};
const struct donut_calibration_rule donut_drift_rule = {.shape = 1.3, .least = 0.45};
const struct donut_calibration_rule donut_step_rule = {.shape = 1.1, .least = 0.05};

/* Surprise of |z_t| from which on drift and step are heard: its .8 quantile. */
#define HEARING 0.69897000433601880479

double donut_outlook_deviation(const struct donut_outlook *outlook, double x)
{
    return fabs(x - outlook->mean) / outlook->sd * outlook->relief;
}

/* sqrt(5 n): the mean of all five that there could be, had the missing ones the mean of the others
 * and the deviation of so few. */
static double drift_scale(const struct donut_outlook *outlook)
{
    return sqrt(DONUT_DRIFT_POINTS * (double)(outlook->drift_known + 1));
}

double donut_outlook_drift(const struct donut_outlook *outlook, double x)
{
    const double sum = outlook->drift + (x - outlook->mean) / outlook->sd;
    return fabs(sum) / drift_scale(outlook) * outlook->relief;
}

double donut_outlook_step(const struct donut_outlook *outlook, double x)
{
    if (outlook->step_gain == 0)
        return NAN;
    return fabs(outlook->step_gain * x - outlook->step_offset) * outlook->step_relief;
}

/* Surprise of each, 0 where it is not heard. */
struct voices {
    double shape, step;
};

static struct voices listen(const struct donut_normal *normal, enum donut_verdict_by by,
                            const struct donut_outlook *outlook, double x)
{
    const double step = donut_outlook_step(outlook, x);
    struct voices voices = {
        donut_calibration_surprise(&normal->deviation, donut_outlook_deviation(outlook, x)), 0};
    const bool heard = voices.shape > HEARING;
    if (heard)
        voices.shape =
            fmax(voices.shape,
                 donut_calibration_surprise(&normal->drift, donut_outlook_drift(outlook, x)));
    if ((heard || by == DONUT_VERDICT_STEP) && !isnan(step) && normal->step.n > 0)
        voices.step = donut_calibration_surprise(&normal->step, step);
    if (by == DONUT_VERDICT_SHAPE)
        voices.step = 0;
    if (by == DONUT_VERDICT_STEP)
        voices.shape = 0;
    return voices;
}

/* Of the larger surprise; a single channel has less to correct, but its two statistics overlap as
 * well. */
static double overlap_of(const struct donut_normal *normal, enum donut_verdict_by by)
{
    return by == DONUT_VERDICT_STEP ? 0 : normal->overlap;
}

/* The mean of the last j steps is (x_t - x_{t-j}) / j. */
void donut_outlook_look_at_step(struct donut_outlook *outlook, const donut_real *x,
                                const unsigned char *missing, size_t i, size_t window)
{
    size_t j = window - 1 < DONUT_STEP_POINTS ? window - 1 : DONUT_STEP_POINTS;
    if (j < 2 || missing[i - 1])
        return;
    while (j > 1 && missing[i - j])
        j--;
    if (j < 2)
        return;
    outlook->step_gain = 1 - 1 / (double)j;
    outlook->step_offset = (double)x[i - 1] - (double)x[i - j] / (double)j;
}

double donut_round_surprise(double surprise)
{
    static const double steps = 1e4;
    return round(fmin(surprise, DONUT_MOST_SURPRISE) * steps) / steps;
}

struct donut_judgement donut_channels_judge(const struct donut_normal *normal,
                                            enum donut_verdict_by by, double level,
                                            const struct donut_outlook *outlook, double x)
{
    const struct voices voices = listen(normal, by, outlook, x);
    const double overlap = overlap_of(normal, by);
    const double shape = donut_round_surprise(fmax(voices.shape - overlap, 0));
    const double step = donut_round_surprise(fmax(voices.step - overlap, 0));
    const unsigned cause =
        (shape > level ? DONUT_CAUSE_SHAPE : 0u) | (step > level ? DONUT_CAUSE_STEP : 0u);
    return (struct donut_judgement){fmax(shape, step), (enum donut_cause)cause};
}

struct interval {
    double lower, upper;
};

static struct interval around(double centre, double radius)
{
    return (struct interval){centre - radius, centre + radius};
}

static struct interval both(struct interval a, struct interval b)
{
    return (struct interval){fmax(a.lower, b.lower), fmin(a.upper, b.upper)};
}

/* Where |z_t| alone is no alarm at that surprise. */
static struct interval by_deviation(const struct donut_normal *normal,
                                    const struct donut_outlook *outlook, double surprise)
{
    const double most = donut_calibration_value(&normal->deviation, surprise);
    return around(outlook->mean, most / outlook->relief * outlook->sd);
}

static struct interval by_drift(const struct donut_normal *normal,
                                const struct donut_outlook *outlook, double surprise)
{
    const double most = donut_calibration_value(&normal->drift, surprise) / outlook->relief;
    return around(outlook->mean - outlook->drift * outlook->sd,
                  most * drift_scale(outlook) * outlook->sd);
}

static struct interval by_step(const struct donut_normal *normal,
                               const struct donut_outlook *outlook, double surprise)
{
    if (outlook->step_gain == 0 || normal->step.n == 0)
        return (struct interval){-INFINITY, INFINITY};
    const double most = donut_calibration_value(&normal->step, surprise) / outlook->step_relief;
    return around(outlook->step_offset / outlook->step_gain, most / outlook->step_gain);
}

/* Normal is what |z_t| allows, and drift and step allow, too, or is not heard: the intersection I
 * of three intervals, joined with the inner one. Where they do not meet, the inner one alone. */
void donut_channels_band(const struct donut_normal *normal, enum donut_verdict_by by, double level,
                         const struct donut_outlook *outlook, double *lower, double *upper)
{
    const double surprise = level + overlap_of(normal, by);
    struct interval band;
    if (by == DONUT_VERDICT_STEP) {
        band = by_step(normal, outlook, surprise);
    } else {
        const struct interval outer = by_deviation(normal, outlook, surprise);
        const struct interval inner =
            both(by_deviation(normal, outlook, HEARING), outer); /* a risk may be above .2 */
        band = both(outer, by_drift(normal, outlook, surprise));
        if (by == DONUT_VERDICT_BOTH)
            band = both(band, by_step(normal, outlook, surprise));
        if (band.lower > band.upper || band.lower > inner.upper || band.upper < inner.lower)
            band = inner;
        band = (struct interval){fmin(band.lower, inner.lower), fmax(band.upper, inner.upper)};
    }
    *lower = band.lower;
    *upper = band.upper;
}
