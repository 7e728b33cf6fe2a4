/* The window that training chooses where none is given. */
#include "check.h"
#include "small.h"
#include "train/automatic.h"
#include "train/range.h"

#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)
#define DAY INT64_C(86400000)

/* Two days are 2 * 1440 minutes / interval. */
static void test_days(void)
{
    static const struct {
        int64_t interval_ms;
        size_t window;
    } cases[] = {{1, 120},           {1000, 120},        {MINUTE, 120},      {5 * MINUTE, 120},
                 {10 * MINUTE, 120}, {24 * MINUTE, 120}, {25 * MINUTE, 114}, {30 * MINUTE, 96},
                 {HOUR, 48},         {2 * HOUR, 24},     {6 * HOUR, 10},     {DAY, 10},
                 {7 * DAY, 10}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_INT(donut_window_usual(cases[i].interval_ms, 0), cases[i].window);
}

/* A season shorter than a day changes nothing, a longer one lengthens the window. */
static void test_seasons(void)
{
    CHECK_INT(donut_window_usual(MINUTE, 15), 120);
    CHECK_INT(donut_window_usual(MINUTE, 7 * 1440), 120);
    CHECK_INT(donut_window_usual(HOUR, 12), 48);
    CHECK_INT(donut_window_usual(HOUR, 24), 48);
    CHECK_INT(donut_window_usual(HOUR, 36), 72);
    CHECK_INT(donut_window_usual(HOUR, 7 * 24), 120);
    CHECK_INT(donut_window_usual(DAY, 7), 14);
    CHECK_INT(donut_window_usual(DAY, 30), 60);
    CHECK_INT(donut_window_usual(DAY, 365), 120);
    CHECK_INT(donut_window_usual(7 * DAY, SIZE_MAX), 120);
}

static void test_shortened(void)
{
    CHECK_INT(donut_window_shortened(120, 1000, 1000), 120);
    CHECK_INT(donut_window_shortened(120, 240, 120), 120);
    CHECK_INT(donut_window_shortened(120, 239, 239), 119);
    CHECK_INT(donut_window_shortened(120, 240, 119), 119);
    CHECK_INT(donut_window_shortened(48, 90, 60), 45);
    CHECK_INT(donut_window_shortened(48, 21, 21), 10);
    CHECK_INT(donut_window_shortened(48, 19, 3), 10);
    CHECK_INT(donut_window_shortened(48, 0, 0), 10);
    CHECK_INT(donut_window_shortened(10, 0, 0), 10);
}

/* Trains on points [0, n) an hour apart, and returns the window of the model. */
static size_t trained_window(const struct small_series *small, size_t n,
                             const struct donut_train_options *opt,
                             struct donut_train_report *report, struct donut_model **model)
{
    struct donut_series series = small->series;
    struct donut_model_info info;
    series.interval_ms = HOUR;
    if (!CHECK_INT(donut_train(&series, 0, n, opt, model, report, NULL), DONUT_OK))
        return 0;
    donut_model_get_info(*model, &info);
    CHECK_INT(info.options.window, report->window);
    return info.options.window;
}

/* Of 200 points 60 are for validation: half of those are 30. */
static void test_training(void)
{
    static struct small_series small;
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_model *first, *second;
    small_make(&small);
    opt.window = 0;
    opt.epochs = 1;
    CHECK_INT(trained_window(&small, 200, &opt, &report, &first), 30);
    CHECK_INT(report.usual_window, 48);
    opt.init = first;
    CHECK_INT(trained_window(&small, SMALL_POINTS, &opt, &report, &second), 30);
    CHECK_INT(report.usual_window, 0);
    donut_model_free(second);
    donut_model_free(first);
    opt.init = NULL;
    CHECK_INT(trained_window(&small, SMALL_POINTS, &opt, &report, &first), 48);
    CHECK_INT(report.usual_window, 48);
    donut_model_free(first);
    opt.window = 31;
    CHECK_INT(trained_window(&small, 200, &opt, &report, &first), 31);
    CHECK_INT(report.usual_window, 0);
    donut_model_free(first);
}

/* 30 of 33 points are no range for the shortest window; of 34, 10 are for validation. Labels that
 * are thrown away shorten nothing. */
static void test_short(void)
{
    static struct small_series small;
    struct donut_train_options opt = small_options();
    struct donut_range range;
    struct donut_error err = {0};
    small_make(&small);
    opt.window = 0;
    CHECK_INT(donut_range_choose(&small.series, 0, 33, &opt, &range, &err), DONUT_EINPUT);
    CHECK_THAT(strstr(err.text, "at least 34"), "%s", err.text);
    CHECK_INT(range.window, 10);
    CHECK_INT(range.usual_window, 120);
    CHECK_INT(donut_range_choose(&small.series, 0, 34, &opt, &range, &err), DONUT_OK);
    CHECK_INT(range.window, 10);
    for (size_t t = 50; t < 100; t++)
        small.label[t] = t >= 75;
    CHECK_INT(donut_range_choose(&small.series, 0, 100, &opt, &range, &err), DONUT_EINPUT);
    CHECK_INT(range.window, 10);
    opt.ignore_labels = true;
    CHECK_INT(donut_range_choose(&small.series, 0, 100, &opt, &range, &err), DONUT_OK);
    CHECK_INT(range.window, 15);
    donut_range_free(&range);
}

TEST(automatic)
{
    test_days();
    test_seasons();
    test_shortened();
    test_training();
    test_short();
    return check_report("automatic");
}
