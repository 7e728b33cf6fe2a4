/* Values that cannot be the KPI's own, among those to learn from and those to validate with, change
 * neither bands nor alarms. */
#include "check.h"
#include "small.h"

#define POINTS 900

static struct small_series clean, dirty;

/* Learns from a series; what it says of the clean one after the training range, with two incidents
 * in it. */
static void run(const struct small_series *from, struct donut_score_row *rows)
{
    struct donut_train_options opt = small_options();
    const struct donut_train_options usual = donut_train_defaults();
    const struct donut_score_options score = variant_score_defaults();
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    opt.epochs = 20;
    opt.scale_by = usual.scale_by;
    opt.hide_last = usual.hide_last;
    opt.likelihood_df = usual.likelihood_df;
    opt.validation_trim = usual.validation_trim;
    opt.verdict_by = DONUT_VERDICT_BOTH;
    CHECK_THAT(donut_train(&from->series, 0, POINTS, &opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    CHECK_INT(
        donut_score(model, &clean.series, POINTS + SMALL_SEASON, SMALL_POINTS, &score, rows, NULL),
        DONUT_OK);
    donut_model_free(model);
}

static void make_dirty(double first, double second)
{
    memcpy(dirty.value, clean.value, sizeof dirty.value);
    dirty.series = clean.series;
    dirty.series.value = dirty.value;
    dirty.value[300] = dirty.value[760] = first;
    dirty.value[500] = dirty.value[850] = second;
}

static bool is_incident(size_t t)
{
    return (t >= 1000 && t < 1004) || t == 1100;
}

TEST(robust)
{
    static struct donut_score_row without[SMALL_POINTS], with[SMALL_POINTS], other[SMALL_POINTS];
    const size_t n = SMALL_POINTS - POINTS - SMALL_SEASON;
    size_t found = 0, alarms = 0;
    small_make(&clean);
    clean.series.value = clean.value;
    for (size_t t = 0; t < SMALL_POINTS; t++)
        clean.value[t] += is_incident(t) ? 40 : 0;
    run(&clean, without);
    make_dirty(1e4, 1e25);
    run(&dirty, with);
    make_dirty(3e3, 1e9);
    run(&dirty, other);
    for (size_t i = 0; i < n; i++) {
        const double width = without[i].upper - without[i].lower;
        /* Which values they are makes no difference; that they are not learnt from, a little. */
        CHECK_NEAR(with[i].upper, other[i].upper, 1e-6 * width);
        CHECK_NEAR(with[i].lower, other[i].lower, 1e-6 * width);
        CHECK_NEAR(with[i].surprise, other[i].surprise, 1e-6 * (1 + other[i].surprise));
        CHECK_NEAR(with[i].expected, without[i].expected, 0.3 * width);
        CHECK(with[i].upper - with[i].lower < 2 * width);
        CHECK_INT(with[i].anomaly, other[i].anomaly);
        found += with[i].anomaly && is_incident(POINTS + SMALL_SEASON + i);
        alarms += with[i].anomaly;
    }
    CHECK_INT(found, 5);
    CHECK(alarms <= found + 2);
    return check_report("robust");
}
