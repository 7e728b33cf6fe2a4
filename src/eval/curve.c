/* Let the threshold fall from the highest score to the lowest. Between two scores at which an
 * anomaly is found only normal points become alarms: recall stands still and precision falls, so
 * neither the best F nor the average precision can come from there. The sweep therefore steps over
 * the scores that find an anomaly, and the normal points are merely counted into those steps. */
#include "eval/curve.h"

#include "base/arena.h"
#include "eval/operating_point.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

struct step {
    double score;     /* alarms: all scores from here up */
    size_t anomalous; /* anomalous points found here first */
    size_t normal;    /* false alarms that join: scores below the step before */
};

static int by_falling_score(const void *a, const void *b)
{
    const double x = ((const struct step *)a)->score, y = ((const struct step *)b)->score;
    return (x < y) - (x > y);
}

/* A segment found as a whole is found by the highest of its eligible scores. */
static struct step whole_segment(const struct donut_scored *scored,
                                 const struct donut_segment *segment, uint64_t delay)
{
    const size_t eligible = donut_segment_eligible(scored, segment, delay);
    struct step step = {.score = scored->score[segment->first], .anomalous = segment->length};
    for (size_t i = 1; i < eligible; i++)
        step.score = fmax(step.score, scored->score[segment->first + i]);
    return step;
}

static size_t fill_steps(const struct donut_scored *scored, const struct donut_segments *segments,
                         struct donut_protocol protocol, struct step *step)
{
    size_t n = 0;
    for (size_t s = 0; s < segments->n; s++) {
        const struct donut_segment *segment = &segments->at[s];
        if (protocol.whole) {
            step[n++] = whole_segment(scored, segment, protocol.delay);
            continue;
        }
        for (size_t i = 0; i < segment->length; i++)
            step[n++] = (struct step){.score = scored->score[segment->first + i], .anomalous = 1};
    }
    return n;
}

/* Joins steps of equal score; returns how many are left. n >= 1. */
static size_t join_ties(struct step *step, size_t n)
{
    size_t last = 0;
    for (size_t i = 1; i < n; i++) {
        if (step[i].score == step[last].score)
            step[last].anomalous += step[i].anomalous;
        else
            step[++last] = step[i];
    }
    return last + 1;
}

/* Adds every normal point to the first step whose alarms include it. */
static void count_normal(const struct donut_scored *scored, struct step *step, size_t n)
{
    for (size_t i = 0; i < scored->n; i++) {
        if (scored->label[i] || scored->score[i] < step[n - 1].score)
            continue;
        size_t low = 0, high = n - 1; /* the step sought is in low..high */
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (scored->score[i] >= step[middle].score)
                high = middle;
            else
                low = middle + 1;
        }
        step[low].normal++;
    }
}

/* x to that many significant decimal digits. */
static double round_to(double x, int digits)
{
    const int places = digits - 1 - (int)floor(log10(fabs(x)));
    const double power = pow(10, abs(places));
    return places >= 0 ? round(x * power) / power : round(x / power) * power;
}

/* The decimal with the fewest digits strictly between a < b: what is printed and typed again then
 * separates as before. NaN if there is none that a double can tell from both. */
static double shortest_between(double a, double b)
{
    const double middle = a / 2 + b / 2;
    if (a < 0 && b > 0)
        return 0;
    for (int digits = 1; digits <= 17; digits++) {
        const double x = round_to(middle, digits);
        if (x > a && x < b)
            return x;
    }
    return NAN;
}

/* A threshold between `lowest`, which is to be an alarm, and the next lower score. */
static double threshold_below(const struct donut_scored *scored, double lowest)
{
    double lower = -INFINITY;
    for (size_t i = 0; i < scored->n; i++)
        if (scored->score[i] < lowest)
            lower = fmax(lower, scored->score[i]);
    const bool is_last = isinf(lower);
    const double threshold = shortest_between(is_last ? lowest - 1 : lower, lowest);
    if (isnan(threshold))
        return is_last ? fmax(nextafter(lowest, -INFINITY), -DBL_MAX) : lower;
    return threshold;
}

static void walk(const struct donut_scored *scored, const struct step *step, size_t n,
                 size_t anomalous, struct donut_sweep *out)
{
    size_t found = 0, false_alarms = 0, best = 0;
    double precisions = 0; /* of every anomalous point, at the step that finds it */
    out->best_f = 0;
    for (size_t k = 0; k < n; k++) {
        found += step[k].anomalous;
        false_alarms += step[k].normal;
        const double precision = (double)found / ((double)found + (double)false_alarms);
        const double f = donut_f_score(found, false_alarms, anomalous);
        precisions += (double)step[k].anomalous * precision;
        if (f > out->best_f) {
            out->best_f = f;
            best = k;
        }
    }
    out->auc = precisions / (double)anomalous;
    out->threshold = threshold_below(scored, step[best].score);
}

bool donut_sweep(const struct donut_scored *scored, const struct donut_segments *segments,
                 struct donut_protocol protocol, struct donut_sweep *out)
{
    *out = (struct donut_sweep){NAN, NAN, NAN};
    if (segments->n == 0)
        return true;
    struct step *step = donut_calloc(protocol.whole ? segments->n : segments->points, sizeof *step);
    if (!step)
        return false;
    size_t n = fill_steps(scored, segments, protocol, step);
    qsort(step, n, sizeof *step, by_falling_score);
    n = join_ties(step, n);
    count_normal(scored, step, n);
    walk(scored, step, n, segments->points, out);
    free(step);
    return true;
}
