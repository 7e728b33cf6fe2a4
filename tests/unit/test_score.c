/* Scores: the formula evaluated independently in double with the same noise; statuses; what lies
 * before the series; thresholds; refusals. */
#include "detect/sampler.h"
#include "check.h"
#include "double_net.h"
#include "rows.h"
#include "small.h"

static struct small_series small;
static struct donut_model *model;
static struct donut_score_row whole[SMALL_POINTS];

static enum donut_status score(const struct donut_series *series, size_t from, size_t to,
                               struct donut_score_row *rows)
{
    const struct donut_score_options opt = variant_score_defaults();
    return donut_score(model, series, from, to, &opt, rows, NULL);
}

static void test_formula(void)
{
    const double mean = model->info.mean, std = model->info.std;
    donut_real noise[3 * 32];
    CHECK(donut_sampler_draw(DONUT_SAMPLER_SOBOL, 0, 7, 32, 3, noise, 32, NULL) == DONUT_OK);
    for (size_t t = SMALL_SEASON - 1; t < 600; t += 13) {
        double window[SMALL_SEASON];
        for (size_t w = 0; w < SMALL_SEASON; w++)
            window[w] = (small.value[t + 1 - SMALL_SEASON + w] - mean) / std;
        const struct double_verdict want = double_judge(&model->vae, window, noise, 32);
        CHECK_NEAR(whole[t].score, want.score, 1e-5 * (1 + fabs(want.score)));
        CHECK_NEAR(whole[t].expected, mean + std * want.mean, 1e-5 * std);
        CHECK_NEAR(whole[t].upper - whole[t].expected, 3 * std * want.sd, 1e-5 * std);
        CHECK_NEAR(whole[t].expected - whole[t].lower, 3 * std * want.sd, 1e-5 * std);
    }
}

/* No options are the default ones. */
static void test_default_options(void)
{
    struct donut_score_row rows[2][40];
    const struct donut_score_options opt = donut_score_defaults();
    CHECK_INT(donut_score(model, &small.series, 500, 540, NULL, rows[0], NULL), DONUT_OK);
    CHECK_INT(donut_score(model, &small.series, 500, 540, &opt, rows[1], NULL), DONUT_OK);
    CHECK_INT(rows_differing(rows[0], rows[1], 40), 0);
}

/* The model was trained on [0, 900): a file that begins right after it has no warm-up and the rows
 * of the whole series; one that begins inside the training range, or before it, likewise borrows
 * what the model remembers. */
static void test_continuation(void)
{
    static struct donut_score_row rows[SMALL_POINTS];
    struct donut_series part = small_part(&small, 900, SMALL_POINTS);
    CHECK_INT(score(&part, 0, part.n, rows), DONUT_OK);
    CHECK_INT(rows_differing(whole + 900, rows, part.n), 0);

    part = small_part(&small, 890, SMALL_POINTS);
    CHECK_INT(score(&part, 0, part.n, rows), DONUT_OK);
    size_t warmup = 0;
    for (size_t i = 0; i < part.n; i++)
        warmup += rows[i].status == DONUT_ROW_WARMUP;
    /* The model remembers points 877..899, so the windows of 890..899 reach back to 867..876. */
    CHECK_INT(warmup, 10);
    CHECK_INT(rows_differing(whole + 900, rows + 10, part.n - 10), 0);

    /* A day later nothing of the memory is in reach. */
    part.start_ms += 86400000;
    CHECK_INT(score(&part, 0, part.n, rows), DONUT_OK);
    CHECK_INT(rows[SMALL_SEASON - 2].status, DONUT_ROW_WARMUP);
    CHECK_INT(rows[SMALL_SEASON - 1].status, DONUT_ROW_OK);
}

/* After a gap of 5 points the windows hold the remembered points and 5 missing ones: the same as
 * one series with a hole. */
static void test_gap_after_training(void)
{
    static struct donut_score_row rows[SMALL_POINTS], holed[SMALL_POINTS];
    struct small_series copy = small;
    struct donut_series part = small_part(&small, 905, SMALL_POINTS);
    copy.series.value = copy.value;
    for (size_t t = 900; t < 905; t++)
        copy.value[t] = NAN;
    CHECK_INT(score(&copy.series, 900, SMALL_POINTS, holed), DONUT_OK);
    CHECK_INT(score(&part, 0, part.n, rows), DONUT_OK);
    CHECK_INT(rows_differing(holed + 5, rows, part.n), 0);
    for (size_t t = 0; t < 5; t++) {
        CHECK_INT(holed[t].status, DONUT_ROW_MISSING);
        CHECK(isnan(holed[t].score) && !holed[t].anomaly);
        CHECK_NEAR(holed[t].expected, small_truth(900 + t), 5);
    }
}

/* After a gap longer than the window the first rows know next to nothing: until a quarter of the
 * window, 6 of 24 points, is observed they are marked like those at the start of a file. */
static void test_long_gap(void)
{
    static struct donut_score_row rows[SMALL_POINTS];
    struct small_series copy = small;
    copy.series.value = copy.value;
    for (size_t t = 300; t < 400; t++)
        copy.value[t] = NAN;
    CHECK_INT(score(&copy.series, 290, 420, rows), DONUT_OK);
    for (size_t t = 290; t < 420; t++) {
        const enum donut_row_status want = t >= 300 && t < 400   ? DONUT_ROW_MISSING
                                           : t >= 400 && t < 405 ? DONUT_ROW_WARMUP
                                                                 : DONUT_ROW_OK;
        CHECK_THAT(rows[t - 290].status == want, "point %zu has status %d", t,
                   (int)rows[t - 290].status);
    }
    /* A gap of 18 leaves 6 points in every window: no mark. */
    memcpy(copy.value, small.value, sizeof copy.value);
    for (size_t t = 300; t < 318; t++)
        copy.value[t] = NAN;
    CHECK_INT(score(&copy.series, 318, 340, rows), DONUT_OK);
    for (size_t i = 0; i < 22; i++)
        CHECK_INT(rows[i].status, DONUT_ROW_OK);
}

/* L and M can be chosen anew: other draws, other scores; M matters where points are missing. */
static void test_samples_and_iterations(void)
{
    struct small_series copy = small;
    struct donut_score_row base, other;
    struct donut_score_options opt = variant_score_defaults();
    copy.series.value = copy.value;
    copy.value[595] = NAN;
    CHECK_INT(donut_score(model, &copy.series, 600, 601, &opt, &base, NULL), DONUT_OK);
    opt.samples = 33;
    CHECK_INT(donut_score(model, &copy.series, 600, 601, &opt, &other, NULL), DONUT_OK);
    CHECK(other.score != base.score);
    opt = variant_score_defaults();
    opt.mcmc_iterations = 0;
    CHECK_INT(donut_score(model, &copy.series, 600, 601, &opt, &other, NULL), DONUT_OK);
    CHECK(other.score != base.score);
    CHECK_INT(donut_score(model, &small.series, 600, 601, &opt, &other, NULL), DONUT_OK);
    CHECK_NEAR(other.score, whole[600].score, 0);
}

static void test_statuses(void)
{
    size_t warmup = 0;
    for (size_t t = 0; t < SMALL_POINTS; t++) {
        warmup += whole[t].status == DONUT_ROW_WARMUP;
        CHECK(isfinite(whole[t].score));
        CHECK(whole[t].lower < whole[t].expected && whole[t].expected < whole[t].upper);
    }
    CHECK_INT(warmup, SMALL_SEASON - 1);
    CHECK_INT(whole[SMALL_SEASON - 2].status, DONUT_ROW_WARMUP);
    CHECK_INT(whole[SMALL_SEASON - 1].status, DONUT_ROW_OK);
}

/* Warm-up rows are judged if asked for, and nothing else changes. */
static void test_warmup_alarms(void)
{
    static struct donut_score_row rows[2][40];
    struct donut_score_options opt = variant_score_defaults();
    opt.threshold = -1e9;
    CHECK_INT(donut_score(model, &small.series, 0, 40, &opt, rows[0], NULL), DONUT_OK);
    opt.warmup_alarms = true;
    CHECK_INT(donut_score(model, &small.series, 0, 40, &opt, rows[1], NULL), DONUT_OK);
    for (size_t t = 0; t < 40; t++) {
        CHECK_INT(rows[0][t].anomaly, t >= SMALL_SEASON - 1);
        CHECK(rows[1][t].anomaly);
        rows[1][t].anomaly = rows[0][t].anomaly;
        rows[1][t].cause = rows[0][t].cause;
    }
    CHECK_INT(rows_differing(rows[0], rows[1], 40), 0);
}

static void test_threshold(void)
{
    struct donut_score_row row;
    struct donut_score_options opt = variant_score_defaults();
    const double score = whole[500].score;
    opt.threshold = score;
    CHECK_INT(donut_score(model, &small.series, 500, 501, &opt, &row, NULL), DONUT_OK);
    CHECK(!row.anomaly);
    opt.threshold = nextafter(score, -INFINITY);
    CHECK_INT(donut_score(model, &small.series, 500, 501, &opt, &row, NULL), DONUT_OK);
    CHECK(row.anomaly);

    double strict, trained;
    CHECK_INT(donut_model_threshold(model, 1e-6, &strict, NULL), DONUT_OK);
    CHECK_INT(donut_model_threshold(model, 1e-4, &trained, NULL), DONUT_OK);
    CHECK(strict > trained);
    CHECK_NEAR(trained, model->info.threshold, 0);
    CHECK_INT(donut_model_threshold(model, 0.5, &strict, NULL), DONUT_EARGUMENT);
    CHECK_INT(donut_model_threshold(model, NAN, &strict, NULL), DONUT_EARGUMENT);
}

static void test_refusals(void)
{
    struct donut_score_row row;
    struct donut_error err = {0};
    struct donut_series other = small.series;
    struct donut_score_options opt = variant_score_defaults();
    other.interval_ms = 300000;
    CHECK_INT(donut_score(model, &other, 0, 1, NULL, &row, &err), DONUT_EINPUT);
    CHECK(strstr(err.text, "5 min apart") != NULL && strstr(err.text, "at 1 min") != NULL);
    CHECK_INT(score(&small.series, 2, 1, &row), DONUT_EARGUMENT);
    CHECK_INT(score(&small.series, 0, SMALL_POINTS + 1, whole), DONUT_EARGUMENT);
    opt.samples = SIZE_MAX;
    CHECK_INT(donut_score(model, &small.series, 0, 1, &opt, &row, NULL), DONUT_EARGUMENT);
    opt = variant_score_defaults();
    opt.mcmc_iterations = 1000000;
    CHECK_INT(donut_score(model, &small.series, 0, 1, &opt, &row, NULL), DONUT_EARGUMENT);
    opt = variant_score_defaults();
    opt.sampler = (enum donut_sampler)3;
    CHECK_INT(donut_score(model, &small.series, 0, 1, &opt, &row, &err), DONUT_EARGUMENT);
    CHECK(strstr(err.text, "sobol or mc") != NULL);
    opt = variant_score_defaults();
    opt.threads = DONUT_MAX_THREADS + 1;
    CHECK_INT(donut_score(model, &small.series, 0, 1, &opt, &row, &err), DONUT_EARGUMENT);
    CHECK(strstr(err.text, "1 to 1024") != NULL);
    opt = variant_score_defaults();
    opt.kernel = "mmx";
    CHECK_INT(donut_score(model, &small.series, 0, 1, &opt, &row, &err), DONUT_EARGUMENT);
    CHECK(strstr(err.text, "no kernel 'mmx'; it has ") != NULL);
    CHECK_INT(score(&small.series, 5, 5, NULL), DONUT_OK);

    /* Parameters that overflow give a refusal, never a NaN in a row. */
    const donut_real kept = model->vae.x.mu.b[SMALL_SEASON - 1];
    model->vae.x.mu.b[SMALL_SEASON - 1] = INFINITY;
    CHECK_INT(score(&small.series, 0, 1, &row), DONUT_EMODEL);
    model->vae.x.mu.b[SMALL_SEASON - 1] = kept;
}

/* A value far beyond anything seen is the strangest point and lies outside the band. */
static void test_spike(void)
{
    struct small_series copy = small;
    struct donut_score_row row;
    copy.series.value = copy.value;
    copy.value[1000] += 40;
    CHECK_INT(score(&copy.series, 1000, 1001, &row), DONUT_OK);
    CHECK(row.anomaly && row.score > whole[1000].score + 10);
    CHECK(copy.value[1000] > row.upper);
    copy.value[1000] = 1e30;
    CHECK_INT(score(&copy.series, 1000, 1001, &row), DONUT_OK);
    CHECK(row.anomaly && isfinite(row.score));
}

TEST(score)
{
    const struct donut_train_options opt = small_options();
    const struct donut_score_options as_trained = variant_score_defaults();
    struct donut_error err = {0};
    small_make(&small);
    if (donut_train(&small.series, 0, 900, &opt, &model, NULL, &err) == DONUT_OK &&
        donut_score(model, &small.series, 0, SMALL_POINTS, &as_trained, whole, &err) == DONUT_OK) {
        test_formula();
        test_default_options();
        test_continuation();
        test_gap_after_training();
        test_long_gap();
        test_samples_and_iterations();
        test_statuses();
        test_threshold();
        test_warmup_alarms();
        test_spike();
        test_refusals();
    } else {
        CHECK_THAT(false, "%s", err.text);
    }
    donut_model_free(model);
    return check_report("score");
}
