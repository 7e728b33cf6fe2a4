/* Verdicts as their definition has them: everything anew for every point, from the whole series and
 * single windows. */
#ifndef DONUT_TESTS_PLAIN_JUDGE_H
#define DONUT_TESTS_PLAIN_JUDGE_H

#include "detect/calibration.h"
#include "detect/channels.h"
#include "detect/context.h"
#include "detect/judge.h"
#include "detect/score.h"
#include "small.h"

struct plain_judge {
    const struct donut_model *model;
    struct donut_engine engine;
    struct donut_target target;
    struct donut_detector detector;
    struct donut_context context; /* point t of the series is x[W - 1 + t] */
    enum donut_verdict_by by;
    double level;
    bool keep_anomalies;
    bool suspect[SMALL_POINTS], wild[SMALL_POINTS];
    /* Without relief and shift; NaN = not known. */
    double off[SMALL_POINTS], sd[SMALL_POINTS], step[SMALL_POINTS], one[SMALL_POINTS];
    double z[SMALL_POINTS];                       /* with the shift */
    size_t n_wild, n_echoes, n_again, n_relieved; /* how often the paths were taken */
};

/* Of the window that ends at point t; what `hide` (SMALL_POINTS) says is hidden, but for the last
 * point. NULL: nothing. */
static inline struct donut_verdict plain_window(struct plain_judge *plain, size_t t,
                                                const bool *hide)
{
    const struct donut_context *context = &plain->context;
    const size_t window = plain->model->vae.shape.window;
    donut_real *x = calloc(window + DONUT_PANEL, sizeof *x);
    unsigned char *missing = calloc(window, 1);
    struct donut_verdict verdict = {0};
    for (size_t w = 0; w < window; w++) {
        const bool in_series = t + w + 1 >= window;
        const bool hidden = hide && w + 1 < window && in_series && hide[t + w + 1 - window];
        x[w] = hidden ? (donut_real)plain->model->info.fill : context->x[t + w];
        missing[w] = hidden || context->missing[t + w];
    }
    CHECK_INT(donut_detector_judge(&plain->detector, x, missing, &(size_t){window - 1}, 1, &verdict,
                                   NULL),
              DONUT_OK);
    free(x);
    free(missing);
    return verdict;
}

static inline double plain_z(const struct donut_verdict *verdict, double x)
{
    return (x - verdict->mean) / fmax(verdict->sd, DONUT_SMALLEST_SD);
}

/* At least one of the W - 1 points before is hidden, so many of a window at most, and a quarter of
 * it is seen. */
static inline bool plain_looks_again(const struct plain_judge *plain, size_t t, const bool *hide,
                                     double most)
{
    const size_t window = plain->model->vae.shape.window;
    size_t hidden = 0, seen = 0;
    for (size_t back = 1; back < window; back++) {
        const bool hides = back <= t && hide[t - back];
        hidden += hides;
        seen += !hides && !plain->context.missing[window - 1 + t - back];
    }
    return hidden > 0 && (double)hidden <= most * (double)window && 4 * seen >= window;
}

static inline bool plain_is_far(const struct plain_judge *plain,
                                const struct donut_verdict *verdict, double x)
{
    return donut_calibration_surprise(&plain->model->info.normal.deviation,
                                      fabs(plain_z(verdict, x))) > DONUT_WILD_SURPRISE;
}

/* Far off in the window as it is, and where other such points are hidden, if enough is left. */
static inline void plain_mark(struct plain_judge *plain, size_t t, bool known, double x,
                              const struct donut_verdict *verdict)
{
    plain->suspect[t] = known && !plain->keep_anomalies && plain_is_far(plain, verdict, x);
    plain->wild[t] = plain->suspect[t];
    if (plain->suspect[t] && plain_looks_again(plain, t, plain->suspect, 1)) {
        const struct donut_verdict other = plain_window(plain, t, plain->suspect);
        plain->wild[t] = plain_is_far(plain, &other, x);
        plain->n_echoes += !plain->wild[t];
    }
    plain->n_wild += plain->wild[t];
}

static inline int plain_by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static inline double plain_median(float *value, size_t n)
{
    qsort(value, n, sizeof *value, plain_by_size);
    return (double)value[n / 2];
}

/* Where more than 7 of 8 known ones of the last few windows, which are half of those at least,
 * have a surprise above 1: *shift is their median, if it is asked for, and the factor makes the
 * median of their distances from it the usual one: that of surprise log10 2, or of an exponential
 * law through the last knot. off, unit (SMALL_POINTS) */
static inline double plain_relief(struct plain_judge *plain, const double *off, const double *unit,
                                  size_t t, const struct donut_calibration *calibration,
                                  double *shift)
{
    const size_t most = DONUT_LASTING_WINDOWS * plain->model->vae.shape.window;
    if (calibration->n == 0)
        return 1;
    const float high = (float)donut_calibration_value(calibration, 1);
    const double usual = fmax(donut_calibration_value(calibration, log10(2)),
                              calibration->value[calibration->knots - 1] * log10(2) /
                                  calibration->level[calibration->knots - 1]);
    float value[SMALL_POINTS], distance[SMALL_POINTS];
    size_t known = 0, above = 0, n = 0;
    for (size_t i = t > most ? t - most : 0; i < t; i++)
        if (!isnan(off[i])) {
            value[known++] = (float)off[i];
            above += fabsf((float)off[i]) > high * (float)unit[i];
        }
    if (2 * known < most || 8 * above <= 7 * known)
        return 1;
    plain->n_relieved++;
    const double middle = shift ? plain_median(value, known) : 0;
    for (size_t i = t > most ? t - most : 0; i < t; i++)
        if (!isnan(off[i]))
            distance[n++] = (float)(fabs((double)(float)off[i] - middle) / (double)(float)unit[i]);
    if (shift)
        *shift = middle;
    return fmin(1, usual / plain_median(distance, n));
}

static inline struct donut_outlook plain_outlook(struct plain_judge *plain, size_t t,
                                                 const struct donut_verdict *verdict)
{
    const size_t reach = plain->model->vae.shape.window - 1;
    const struct donut_normal *normal = &plain->model->info.normal;
    unsigned char *missing = calloc(reach + SMALL_POINTS, 1);
    struct donut_outlook outlook = {.sd = fmax(verdict->sd, DONUT_SMALLEST_SD)};
    double shift = 0;
    outlook.relief = plain_relief(plain, plain->off, plain->sd, t, &normal->deviation, &shift);
    outlook.mean = verdict->mean + shift;
    outlook.step_relief = plain_relief(plain, plain->step, plain->one, t, &normal->step, NULL);
    for (size_t back = DONUT_DRIFT_POINTS - 1; back >= 1; back--)
        if (back <= t && !isnan(plain->z[t - back])) {
            outlook.drift += plain->z[t - back];
            outlook.drift_known++;
        }
    for (size_t i = 0; i < reach + t; i++)
        missing[i] = plain->context.missing[i] || (i >= reach && plain->wild[i - reach]);
    donut_outlook_look_at_step(&outlook, plain->context.wide, missing, reach + t, reach + 1);
    free(missing);
    return outlook;
}

static inline double plain_edge(const struct donut_model *model, double x)
{
    return isfinite(x) ? model->info.mean + model->info.std * x : NAN;
}

static inline void plain_point(struct plain_judge *plain, size_t t, struct donut_score_row *row)
{
    const struct donut_model *model = plain->model;
    const struct donut_normal *normal = &model->info.normal;
    const size_t at = model->vae.shape.window - 1 + t;
    const double x = (double)plain->context.wide[at];
    const bool missing = plain->context.missing[at], warmup = plain->context.warmup[at];
    const bool known = !missing && !warmup;
    struct donut_verdict verdict = plain_window(plain, t, NULL);
    plain_mark(plain, t, known, x, &verdict);
    if (plain_looks_again(plain, t, plain->wild, 0.5)) {
        verdict = plain_window(plain, t, plain->wild);
        plain->n_again++;
    }
    const struct donut_outlook outlook = plain_outlook(plain, t, &verdict);
    struct donut_outlook bare = outlook;
    bare.step_relief = 1;
    plain->z[t] = known && !plain->wild[t] ? (x - outlook.mean) / outlook.sd : NAN;
    plain->off[t] = known ? x - verdict.mean : NAN;
    plain->sd[t] = outlook.sd;
    plain->step[t] = known ? donut_outlook_step(&bare, x) : NAN;
    plain->one[t] = 1;
    double lower, upper;
    donut_channels_band(normal, plain->by, plain->level, &outlook, &lower, &upper);
    const struct donut_judgement judgement =
        donut_channels_judge(normal, plain->by, plain->level, &outlook, x);
    *row = (struct donut_score_row){.score = verdict.score,
                                    .expected = plain_edge(model, outlook.mean),
                                    .lower = plain_edge(model, lower),
                                    .upper = plain_edge(model, upper),
                                    .surprise = missing ? NAN : judgement.surprise,
                                    .cause = known ? judgement.cause : DONUT_CAUSE_NONE,
                                    .status = missing  ? DONUT_ROW_MISSING
                                              : warmup ? DONUT_ROW_WARMUP
                                                       : DONUT_ROW_OK};
    row->anomaly = row->cause != DONUT_CAUSE_NONE;
}

/* rows (series->n), with the options as trained. */
static inline void plain_judge(struct plain_judge *plain, const struct donut_series *series,
                               struct donut_score_row *rows)
{
    const struct donut_train_options *opt = &plain->model->info.options;
    const struct donut_draws draws = {opt->sampler, opt->samples, opt->mcmc_iterations, opt->seed,
                                      opt->score_by};
    plain->n_wild = plain->n_echoes = plain->n_again = plain->n_relieved = 0;
    plain->engine = variant_engine(variant_kernel(), 1);
    CHECK_INT(donut_target_new(plain->model, &plain->target, NULL), DONUT_OK);
    CHECK_INT(donut_detector_new(&plain->engine, &plain->model->vae.shape, &draws, &plain->detector,
                                 NULL),
              DONUT_OK);
    CHECK_INT(donut_detector_aim(&plain->detector, &plain->target, NULL), DONUT_OK);
    CHECK_INT(donut_context_new(plain->model, series, 0, series->n, &plain->context, NULL),
              DONUT_OK);
    for (size_t t = 0; t < series->n; t++)
        plain_point(plain, t, &rows[t]);
    donut_context_free(&plain->context);
    donut_detector_free(&plain->detector);
    donut_target_free(&plain->target);
    donut_engine_stop(&plain->engine);
}

#endif
