/* Which windows training learns from and validates with: all, or the normal ones alone, counted and
 * visited as a look at every point of every window says. */
#include "check.h"
#include "model/model.h"
#include "small_trainer.h"

#include <stdlib.h>

#define POINTS 700

static double value[POINTS];
static unsigned char label[POINTS];

/* Missing and labelled points at random places: `rate` of them each. */
static void make_points(uint32_t part, double rate)
{
    const struct donut_stream stream = {11, DONUT_DRAW_TEST, part};
    for (size_t t = 0; t < POINTS; t++) {
        value[t] = donut_random_uniform(stream, 2 * t) < rate ? NAN : small_truth(t);
        label[t] = donut_random_uniform(stream, 2 * t + 1) < rate;
    }
}

static bool is_normal(size_t at, size_t window)
{
    for (size_t t = at; t < at + window; t++)
        if (isnan(value[t]) || label[t])
            return false;
    return true;
}

static size_t count(size_t first, size_t end, size_t window, bool only)
{
    size_t n = 0;
    for (size_t at = first; at + window <= end; at++)
        n += !only || is_normal(at, window);
    return n;
}

/* The shuffled windows, each one that should be there once. */
static void check_order(const struct donut_window_set *set, size_t n, bool only)
{
    uint32_t order[POINTS], again[POINTS];
    unsigned char seen[POINTS] = {0};
    size_t wrong = 0, moved = 0;
    donut_windows_shuffle(set, (struct donut_stream){1, DONUT_DRAW_TEST, 1}, n, order);
    donut_windows_shuffle(set, (struct donut_stream){1, DONUT_DRAW_TEST, 2}, n, again);
    for (size_t i = 0; i < n; i++) {
        wrong += seen[order[i]]++ || (only && !is_normal(order[i], set->length));
        moved += order[i] != again[i];
    }
    CHECK_INT(wrong, 0);
    CHECK(n < 20 || moved > n / 2);
}

static void check_set(size_t window, enum donut_windows windows)
{
    struct donut_train_options opt = small_options();
    const struct donut_range range = {
        .value = value, .label = label, .n = POINTS, .n_train = POINTS - 200};
    const bool only = windows == DONUT_WINDOWS_NORMAL;
    struct donut_window_set set;
    size_t wrong = 0;
    opt.window = window;
    opt.windows = windows;
    CHECK(donut_windows_new(&range, &opt, &set));
    for (size_t at = 0; at < POINTS; at++)
        wrong += set.normal[at] != is_normal(at, 1) ||
                 set.whole[at] != (at + window <= POINTS && is_normal(at, window));
    CHECK_INT(wrong, 0);
    CHECK_INT(donut_windows_between(&set, 500, POINTS), count(500, POINTS, window, false));
    CHECK_INT(donut_windows_learnt(&set, 500, POINTS), count(500, POINTS, window, only));
    const size_t n = donut_windows_learnt(&set, 0, 500);
    CHECK_INT(n, count(0, 500, window, only));
    check_order(&set, n, only);
    donut_windows_free(&set);
}

static enum donut_status train(struct donut_train_options *opt, struct donut_train_report *report,
                               struct donut_error *err)
{
    const struct donut_series series = {
        .n = POINTS, .interval_ms = 60000, .value = value, .label = label};
    struct donut_model *model;
    const enum donut_status status = donut_train(&series, 0, POINTS, opt, &model, report, err);
    CHECK((model != NULL) == (status == DONUT_OK));
    donut_model_free(model);
    return status;
}

/* What the report counts; 30 % of 700 points are for validation. A batch of more windows than there
 * are is one of all: a step an epoch. */
static void test_report(void)
{
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    opt.epochs = 3;
    opt.batch_size = 5000;
    opt.windows = DONUT_WINDOWS_NORMAL;
    make_points(5, 0.01);
    CHECK_INT(train(&opt, &report, NULL), DONUT_OK);
    CHECK_INT(report.windows, count(0, 490, 24, true));
    CHECK(report.windows > 0 && report.windows < 490 - 23);
    CHECK_INT(report.validation_windows, count(490, POINTS, 24, true));
    CHECK_INT(report.steps, 3);
    opt.windows = DONUT_WINDOWS_ALL;
    CHECK_INT(train(&opt, &report, NULL), DONUT_OK);
    CHECK_INT(report.windows, 490 - 23);
    CHECK_INT(report.validation_windows, 210 - 23);
}

/* Abnormal points that leave 23 normal ones at most between them in one of the parts. */
static void check_refused(size_t first, size_t end, bool missing, const char *part)
{
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_error err = {0};
    make_points(0, 0);
    for (size_t t = first + 23; t < end; t += 24) {
        value[t] = missing ? NAN : value[t];
        label[t] = !missing;
    }
    opt.epochs = 1;
    CHECK_INT(train(&opt, &report, &err), DONUT_OK);
    opt.windows = DONUT_WINDOWS_NORMAL;
    CHECK_INT(train(&opt, &report, &err), DONUT_EINPUT);
    CHECK_THAT(strstr(err.text, part) && strstr(err.text, "no window of 24 points"), "%s",
               err.text);
    value[first + 23] = small_truth(first + 23);
    label[first + 23] = 0;
    CHECK_INT(train(&opt, &report, &err), DONUT_OK);
    CHECK_INT(count(first, end, 24, true), 24);
}

/* With a label in every window nothing is normal, until the labels are thrown away. */
static void test_labels_first(void)
{
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    make_points(0, 0);
    for (size_t t = 0; t < POINTS; t += 20)
        label[t] = 1;
    opt.epochs = 1;
    opt.windows = DONUT_WINDOWS_NORMAL;
    CHECK_INT(train(&opt, &report, NULL), DONUT_EINPUT);
    opt.keep_labels = 0;
    CHECK_INT(train(&opt, &report, NULL), DONUT_OK);
    CHECK_INT(report.windows, 490 - 23);
}

TEST(windows)
{
    for (uint32_t part = 0; part < 6; part++) {
        make_points(part, 0.01 * part);
        for (size_t window = 1; window < 40; window += 6)
            for (int windows = DONUT_WINDOWS_ALL; windows <= DONUT_WINDOWS_NORMAL; windows++)
                check_set(window, (enum donut_windows)windows);
    }
    test_report();
    check_refused(0, 490, true, "learning part");
    check_refused(490, POINTS, false, "validation part");
    test_labels_first();
    return check_report("windows");
}
