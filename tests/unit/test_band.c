/* The band against the verdicts: no value in it is an anomaly, the first one outside is. */
#include "detect/channels.h"
#include "check.h"
#include "draw.h"

static const enum donut_verdict_by channels[] = {DONUT_VERDICT_BOTH, DONUT_VERDICT_SHAPE,
                                                 DONUT_VERDICT_STEP};
static const double levels[] = {0.3010, 1, 2, 4, 6.3010, 12};

static struct draw draw;

/* Any knots, some with equal values. */
static struct donut_calibration draw_calibration(void)
{
    struct donut_calibration c = {.n = 100, .shape = draw_between(&draw, 0.3, 2)};
    c.knots = 2 + draw_below(&draw, DONUT_CALIBRATION_KNOTS - 1);
    c.value[0] = draw_below(&draw, 2) ? 0 : draw_between(&draw, 0, 0.5);
    for (size_t i = 1; i < c.knots; i++) {
        c.level[i] = c.level[i - 1] + draw_between(&draw, 0.05, 0.5);
        c.value[i] = c.value[i - 1] + (draw_below(&draw, 4) ? draw_between(&draw, 0, 0.7) : 0);
    }
    c.value[c.knots - 1] += 0.1;
    return c;
}

static struct donut_outlook draw_outlook(void)
{
    struct donut_outlook o = {.mean = draw_between(&draw, -3, 3),
                              .sd = draw_between(&draw, DONUT_SMALLEST_SD, 1),
                              .drift_known = draw_below(&draw, DONUT_DRIFT_POINTS),
                              .relief = draw_below(&draw, 4) ? 1 : draw_between(&draw, 0.01, 1),
                              .step_relief =
                                  draw_below(&draw, 4) ? 1 : draw_between(&draw, 0.01, 1)};
    if (o.drift_known > 0)
        o.drift = draw_between(&draw, -12, 12);
    if (draw_below(&draw, 5) > 0) {
        o.step_gain = 1 - 1 / (double)(2 + draw_below(&draw, DONUT_STEP_POINTS - 1));
        o.step_offset = o.step_gain * (o.mean + o.sd * draw_between(&draw, -6, 6));
    }
    return o;
}

static bool is_anomaly(const struct donut_normal *normal, enum donut_verdict_by by, double level,
                       const struct donut_outlook *outlook, double x)
{
    return donut_channels_judge(normal, by, level, outlook, x).cause != DONUT_CAUSE_NONE;
}

static void check_inside(const struct donut_normal *normal, enum donut_verdict_by by, double level,
                         const struct donut_outlook *outlook)
{
    double lower, upper;
    donut_channels_band(normal, by, level, outlook, &lower, &upper);
    /* Where normal values are equal the surprise jumps at the edge, and rounding decides there. */
    const double a_little = 1e-12 * (10 + fabs(outlook->mean) + fabs(outlook->step_offset));
    const double low = fmax(lower, -1e6), high = fmin(upper, 1e6);
    const double edge = fmin(a_little, (high - low) / 2);
    CHECK(lower <= upper);
    if (by != DONUT_VERDICT_STEP)
        CHECK(lower <= outlook->mean && outlook->mean <= upper);
    for (size_t i = 0; i <= 16; i++) {
        const double x = low + edge + (high - low - 2 * edge) * (double)i / 16;
        CHECK_THAT(!is_anomaly(normal, by, level, outlook, x),
                   "by %d at %g: %.12g is an anomaly in %.12g to %.12g", (int)by, level, x, lower,
                   upper);
    }
}

/* Outside the band of a level that is one step of surprise higher. */
static void check_outside(const struct donut_normal *normal, enum donut_verdict_by by, double level,
                          const struct donut_outlook *outlook)
{
    double lower, upper;
    donut_channels_band(normal, by, donut_round_surprise(level + 1e-4), outlook, &lower, &upper);
    const double a_little = 1e-9 * (10 + fabs(lower) + fabs(upper));
    if (by == DONUT_VERDICT_STEP && outlook->step_gain == 0) {
        CHECK(lower == -INFINITY && upper == INFINITY);
        return;
    }
    CHECK_THAT(is_anomaly(normal, by, level, outlook, lower - a_little) &&
                   is_anomaly(normal, by, level, outlook, upper + a_little),
               "by %d at %g: outside %.12g to %.12g is no anomaly", (int)by, level, lower, upper);
}

static void test_random(void)
{
    for (size_t round = 0; round < 4000; round++) {
        const struct donut_normal normal = {
            .deviation = draw_calibration(),
            .drift = draw_calibration(),
            .step = draw_calibration(),
            .overlap = draw_below(&draw, 2) ? draw_between(&draw, 0, 1) : 0};
        const struct donut_outlook outlook = draw_outlook();
        const enum donut_verdict_by by = channels[round % 3];
        const double level = levels[draw_below(&draw, sizeof levels / sizeof levels[0])];
        check_inside(&normal, by, level, &outlook);
        check_outside(&normal, by, level, &outlook);
    }
}

/* Surprise of any value is that value: at 4 the band of |z| alone is 4 sd to either side, with an
 * overlap of .5 4.5, and with a relief of .5 twice as much. */
static void test_by_hand(void)
{
    const struct donut_calibration identity = {
        .n = 1, .knots = 3, .level = {0, 1, 2}, .value = {0, 1, 2}, .shape = 1};
    struct donut_normal normal = {.deviation = identity, .drift = identity, .step = identity};
    struct donut_outlook o = {.mean = 10, .sd = 0.5, .relief = 1, .step_relief = 1};
    double lower, upper;
    donut_channels_band(&normal, DONUT_VERDICT_BOTH, 4, &o, &lower, &upper);
    CHECK_NEAR(lower, 8, 1e-12);
    CHECK_NEAR(upper, 12, 1e-12);
    normal.overlap = 0.5;
    o.relief = 0.5;
    donut_channels_band(&normal, DONUT_VERDICT_SHAPE, 4, &o, &lower, &upper);
    CHECK_NEAR(lower, 5.5, 1e-12);
    CHECK_NEAR(upper, 14.5, 1e-12);
    /* A step of 3 / 4 x - 7 above 4 to either side: from 4 to 44 / 3. */
    o.step_gain = 0.75;
    o.step_offset = 7;
    donut_channels_band(&normal, DONUT_VERDICT_STEP, 4, &o, &lower, &upper);
    CHECK_NEAR(lower, 4, 1e-12);
    CHECK_NEAR(upper, 44 / 3.0, 1e-12);
    /* Four points before that add up to 17: (17 + z) / 5 <= 4 up to z = 3. */
    normal.overlap = 0;
    o = (struct donut_outlook){
        .mean = 10, .sd = 0.5, .drift = 17, .drift_known = 4, .relief = 1, .step_relief = 1};
    donut_channels_band(&normal, DONUT_VERDICT_BOTH, 4, &o, &lower, &upper);
    CHECK_NEAR(lower, 8, 1e-12);
    CHECK_NEAR(upper, 11.5, 1e-12);
}

TEST(band)
{
    draw = draw_new("band", 41);
    test_by_hand();
    test_random();
    return check_report("band");
}
