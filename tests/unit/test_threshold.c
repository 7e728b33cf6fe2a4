/* The model's threshold is that of the scores of its validation part, with either sampler: the
 * scores that donut_score() gives for it, their tail, and what the tail says of the risk. What is
 * normal is that of the same points. */
#include "detect/calibration.h"
#include "detect/channels.h"
#include "detect/tail.h"
#include "small.h"

#define FROM 20
#define TO 920
#define FIRST_VALID (FROM + 630)

static struct small_series small;

/* Holes, one of them long enough for sparse windows, and labelled points. */
static void make_series(void)
{
    small_make(&small);
    for (size_t t = 30; t < TO; t += 43)
        small.value[t] = NAN;
    for (size_t t = 700; t < 721; t++)
        small.value[t] = NAN;
    for (size_t t = 800; t < 805; t++) {
        small.value[t] += 100;
        small.label[t] = 1;
    }
}

/* A normal point whose window holds no labelled point and a quarter of its points. */
static bool fit(size_t t, bool labels)
{
    size_t observed = 0, labelled = 0;
    for (size_t w = t + 1 - SMALL_SEASON; w <= t; w++) {
        observed += isnan(small.value[w]) ? 0 : 1;
        labelled += labels && small.label[w];
    }
    return !isnan(small.value[t]) && labelled == 0 && 4 * observed >= SMALL_SEASON;
}

static void check_tail(const struct donut_tail *got, const struct donut_tail *want)
{
    CHECK_INT(got->n, want->n);
    CHECK_INT(got->peaks, want->peaks);
    CHECK_NEAR(got->t, want->t, 0);
    CHECK_NEAR(got->gamma, want->gamma, 0);
    CHECK_NEAR(got->sigma, want->sigma, 0);
}

static void check_normal(const struct donut_normal *got, const double *deviation, size_t n)
{
    struct donut_calibration want;
    CHECK_INT(donut_calibration_fit(deviation, n, &donut_deviation_rule, &want, NULL), DONUT_OK);
    CHECK_INT(got->judged, n);
    CHECK_INT(got->deviation.n, n);
    CHECK_INT(got->drift.n, n);
    for (double surprise = 0.5; surprise < 10; surprise += 0.5)
        CHECK_NEAR(donut_calibration_value(&got->deviation, surprise),
                   donut_calibration_value(&want, surprise),
                   1e-6 * donut_calibration_value(&want, surprise));
}

static void check_model(const struct donut_model *model, bool labels)
{
    static struct donut_score_row rows[TO - FIRST_VALID];
    struct donut_score_options opt = variant_score_defaults();
    struct donut_model_info info;
    struct donut_tail tail = {0};
    double score[TO - FIRST_VALID], deviation[TO - FIRST_VALID], threshold;
    size_t n = 0;
    donut_model_get_info(model, &info);
    opt.verdict_by = DONUT_VERDICT_SCORE; /* lower and upper are 3 sd from the mean */
    CHECK_INT(donut_score(model, &small.series, FIRST_VALID, TO, &opt, rows, NULL), DONUT_OK);
    for (size_t t = FIRST_VALID; t < TO; t++)
        if (fit(t, labels)) {
            const struct donut_score_row *row = &rows[t - FIRST_VALID];
            const double sd = (row->upper - row->lower) / 6;
            deviation[n] =
                fabs(small.value[t] - row->expected) / fmax(sd, DONUT_SMALLEST_SD * info.std);
            score[n++] = row->score;
        }
    CHECK_INT(donut_tail_fit(score, n, &tail, NULL), DONUT_OK);
    check_tail(&info.tail, &tail);
    check_normal(&info.normal, deviation, n);
    CHECK_INT(donut_tail_threshold(&tail, info.options.risk, &threshold, NULL), DONUT_OK);
    CHECK_NEAR(info.threshold, threshold, 0);
    CHECK_INT(donut_model_threshold(model, 1e-3, &threshold, NULL), DONUT_OK);
    CHECK(threshold < info.threshold);
}

static void test_threshold(size_t threads, enum donut_sampler sampler, size_t samples, bool labels)
{
    struct donut_train_options opt = small_options();
    struct donut_model *model;
    struct donut_error err = {0};
    opt.epochs = 3;
    opt.verdict_by = DONUT_VERDICT_BOTH;
    opt.threads = threads;
    opt.sampler = sampler;
    opt.samples = samples;
    opt.ignore_labels = !labels;
    CHECK_THAT(donut_train(&small.series, FROM, TO, &opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    if (model)
        check_model(model, labels);
    donut_model_free(model);
}

TEST(threshold)
{
    make_series();
    for (size_t threads = 1; threads <= 3; threads++) {
        test_threshold(threads, DONUT_SAMPLER_SOBOL, 0, true);
        test_threshold(threads, DONUT_SAMPLER_SOBOL, 33, true);
        test_threshold(threads, DONUT_SAMPLER_MC, 0, true);
        test_threshold(threads, DONUT_SAMPLER_MC, 10, false);
        test_threshold(threads, DONUT_SAMPLER_DEFAULT, 0, false);
    }
    return check_report("threshold");
}
