/* What lasts becomes normal: after a change for good alarms end, and new incidents
 * are found. */
#include "check.h"
#include "detect/recent.h"
#include "draw.h"
#include "small.h"

#define SHIFT 950
#define LASTING ((7 * DONUT_LASTING_WINDOWS / 8 + 1) * SMALL_SEASON)
#define INCIDENT 1160

static struct small_series clean, small;
static struct donut_model *model;
static struct donut_score_row rows[SMALL_POINTS];

static void start_anew(void)
{
    memcpy(small.value, clean.value, sizeof small.value);
    small.series = clean.series;
    small.series.value = small.value;
}

static void add(size_t from, size_t to, double what)
{
    for (size_t t = from; t < to; t++)
        small.value[t] += what;
}

static void score(void)
{
    const struct donut_score_options opt = variant_score_defaults();
    CHECK_INT(donut_score(model, &small.series, 0, SMALL_POINTS, &opt, rows, NULL), DONUT_OK);
}

static size_t alarms(size_t from, size_t to)
{
    size_t n = 0;
    for (size_t t = from; t < to; t++)
        n += rows[t].anomaly;
    return n;
}

/* Alarms begin at once, and end when more than half of some windows are on the new level, or a few
 * points later, where the first ones did not seem unusual. From there on what is expected is on the
 * new level, too, and incidents are found. Further off than the model's limit the network no longer
 * sees the season, so that smaller ones are not. */
static void test_shift(double by, double incident)
{
    double off = 0;
    start_anew();
    add(SHIFT, SMALL_POINTS, by);
    add(INCIDENT, INCIDENT + 3, by > 0 ? incident : -incident);
    score();
    CHECK_INT(alarms(SMALL_SEASON, SHIFT), 0);
    CHECK_INT(alarms(SHIFT, SHIFT + 3), 3);
    CHECK(alarms(SHIFT + LASTING, INCIDENT) <= 2);
    CHECK_INT(alarms(INCIDENT, INCIDENT + 3), 3);
    CHECK(!rows[SHIFT - 1].lasting && !rows[SHIFT + 3].lasting && rows[INCIDENT].lasting);
    for (size_t t = INCIDENT - 48; t < INCIDENT; t++)
        off += (rows[t].expected - small.value[t]) / 48;
    CHECK_THAT(fabs(off) < 0.1 * fabs(by), "%g off after a shift of %g", off, by);
}

/* A lone spike is one alarm, however high: what comes after it does not see it. */
static void test_spike(double by)
{
    start_anew();
    add(1000, 1001, by);
    score();
    CHECK_INT(alarms(1000, 1001), 1);
    CHECK_INT(alarms(SMALL_SEASON, SMALL_POINTS), 1);
}

/* A burst of a third of the window leaves no alarms behind: what comes after it looks strange only
 * beside it. */
static void test_burst(double by, size_t n)
{
    start_anew();
    add(1000, 1000 + n, by);
    score();
    CHECK_INT(alarms(1000, 1000 + n), n);
    CHECK_THAT(alarms(SMALL_SEASON, SMALL_POINTS) == n, "after %zu points of %g: %zu alarms", n, by,
               alarms(SMALL_SEASON, SMALL_POINTS) - n);
}

/* A KPI that is not the one of the model: anything, a constant, another season, another level. */
static void test_other(int kind)
{
    struct draw draw = {.seed = 61};
    start_anew();
    for (size_t t = 0; t < SMALL_POINTS; t++)
        small.value[t] = kind == 0   ? draw_between(&draw, 0, 1000)
                         : kind == 1 ? 1000
                         : kind == 2 ? 100 + 60 * sin((double)t / 3)
                                     : clean.value[t] - 500;
    score();
    CHECK_THAT(alarms(0, LASTING) > 0, "kind %d", kind);
    CHECK_THAT(alarms(2 * LASTING, SMALL_POINTS) < 100, "kind %d: %zu alarms", kind,
               alarms(2 * LASTING, SMALL_POINTS));
}

static void test_all(void)
{
    static const double shift[] = {15, -20, 30, 40, -40, -60}, far[] = {400, -1000, 1e6},
                        spike[] = {15, -20, 60, 300, 1e6};
    for (size_t i = 0; i < sizeof shift / sizeof shift[0]; i++)
        test_shift(shift[i], 70);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        test_shift(far[i], 300);
    for (size_t i = 0; i < sizeof spike / sizeof spike[0]; i++)
        test_spike(spike[i]);
    for (size_t n = 2; n <= SMALL_SEASON / 3; n++) {
        test_burst(-60, n);
        test_burst(300, n);
    }
    for (int kind = 0; kind < 4; kind++)
        test_other(kind);
}

TEST(lasting)
{
    struct donut_train_options opt = small_options();
    struct donut_error err = {0};
    opt.verdict_by = DONUT_VERDICT_BOTH;
    opt.hide_last = true;
    small_make(&clean);
    if (CHECK_THAT(donut_train(&clean.series, 0, 900, &opt, &model, NULL, &err) == DONUT_OK, "%s",
                   err.text))
        test_all();
    donut_model_free(model);
    return check_report("lasting");
}
