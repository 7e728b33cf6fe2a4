/* The statistics of the channels by hand and by their definitions, and what is made of them: which
 * are heard, the cause, the overlap, the steps of surprise. */
#include "detect/channels.h"
#include "detect/calibration.h"
#include "check.h"
#include "draw.h"

/* Whose surprise of any value is that value. */
static const struct donut_calibration identity = {
    .n = 1, .knots = 3, .level = {0, 1, 2}, .value = {0, 1, 2}, .shape = 1};

static struct donut_normal plain_normal(double overlap)
{
    return (struct donut_normal){
        .deviation = identity, .drift = identity, .step = identity, .overlap = overlap};
}

static void test_deviation(void)
{
    struct donut_outlook outlook = {.mean = 2, .sd = 0.5, .relief = 1};
    CHECK_NEAR(donut_outlook_deviation(&outlook, 3.5), 3, 1e-12);
    CHECK_NEAR(donut_outlook_deviation(&outlook, 0.5), 3, 1e-12);
    outlook.relief = 0.25;
    CHECK_NEAR(donut_outlook_deviation(&outlook, 3.5), 0.75, 1e-12);
}

/* |sum of z| / sqrt(5 n): the z of the point itself is 3, those before add up to 4. */
static void test_drift(void)
{
    struct donut_outlook outlook = {
        .mean = 2, .sd = 0.5, .drift = 4, .drift_known = 3, .relief = 1};
    CHECK_NEAR(donut_outlook_drift(&outlook, 3.5), 7 / sqrt(20), 1e-12);
    CHECK_NEAR(donut_outlook_drift(&outlook, 0.5), 1 / sqrt(20), 1e-12);
    outlook.relief = 0.5;
    CHECK_NEAR(donut_outlook_drift(&outlook, 3.5), 3.5 / sqrt(20), 1e-12);
    outlook.drift_known = 4;
    CHECK_NEAR(donut_outlook_drift(&outlook, 3.5), 0.7, 1e-12);
    outlook = (struct donut_outlook){.mean = 2, .sd = 0.5, .relief = 1};
    CHECK_NEAR(donut_outlook_drift(&outlook, 3.5), 3 / sqrt(5), 1e-12);
}

static double step_of(const donut_real *x, const unsigned char *missing, size_t i, size_t window)
{
    struct donut_outlook outlook = {.step_relief = 1};
    donut_outlook_look_at_step(&outlook, x, missing, i, window);
    return donut_outlook_step(&outlook, (double)x[i]);
}

/* Steps 3, -2, 6, -3: the last one is 4 below their mean, 1. Without the first point they are -2,
 * 6, -3, with the mean 1 / 3. */
static void test_step(void)
{
    const donut_real x[] = {1, 4, 2, 8, 5};
    CHECK_NEAR(step_of(x, (unsigned char[5]){0}, 4, 5), 4, 1e-6);
    CHECK_NEAR(step_of(x, (unsigned char[5]){0}, 4, 4), 10 / 3.0, 1e-6);
    CHECK_NEAR(step_of(x, (unsigned char[5]){1}, 4, 5), 10 / 3.0, 1e-6);
    CHECK_NEAR(step_of(x, (unsigned char[5]){0, 1, 1}, 4, 5), 4, 1e-6);
    CHECK_NEAR(step_of(x, (unsigned char[5]){1, 1}, 4, 5), 4.5, 1e-6);
    CHECK(isnan(step_of(x, (unsigned char[5]){0, 0, 0, 1}, 4, 5)));
    CHECK(isnan(step_of(x, (unsigned char[5]){1, 1, 1}, 4, 5))); /* one step is its own mean */
    CHECK(isnan(step_of(x, (unsigned char[5]){0}, 4, 2)));
    CHECK(isnan(step_of(x, (unsigned char[5]){0}, 4, 1)));
    struct donut_outlook outlook = {.step_relief = 0.25};
    donut_outlook_look_at_step(&outlook, x, (unsigned char[5]){0}, 4, 5);
    CHECK_NEAR(donut_outlook_step(&outlook, 5), 1, 1e-6);
}

/* |d_t - mean d|, over as many steps as the window has and is known. */
static void test_step_definition(void)
{
    enum { N = 60 };
    donut_real x[N];
    unsigned char missing[N];
    struct draw draw = draw_new("channels", 31);
    for (size_t round = 0; round < 500; round++) {
        const size_t window = 1 + draw_below(&draw, 40), i = 40 + draw_below(&draw, 20);
        const double holes = draw_between(&draw, 0, 0.9);
        draw_normals(&draw, N, 2, x);
        for (size_t k = 0; k < N; k++)
            missing[k] = draw_between(&draw, 0, 1) < holes;
        size_t first = i - (window - 1 < DONUT_STEP_POINTS ? window - 1 : DONUT_STEP_POINTS);
        while (first < i && missing[first])
            first++;
        double sum = 0;
        for (size_t k = first + 1; k <= i; k++)
            sum += (double)x[k] - (double)x[k - 1];
        const double got = step_of(x, missing, i, window);
        if (missing[i - 1] || first + 2 > i)
            CHECK(isnan(got));
        else
            CHECK_NEAR(got, fabs((double)x[i] - (double)x[i - 1] - sum / (double)(i - first)),
                       1e-5);
    }
}

static void check_judged(const struct donut_normal *normal, enum donut_verdict_by by,
                         const struct donut_outlook *outlook, double x, double surprise,
                         enum donut_cause cause)
{
    const struct donut_judgement got = donut_channels_judge(normal, by, 4, outlook, x);
    CHECK_NEAR(got.surprise, surprise, 1e-9);
    CHECK_INT(got.cause, cause);
}

/* Mean 0, sd 1, so that x is z; the four points before add up to 20, and the step is x + 5. */
static void test_voices(void)
{
    const struct donut_normal normal = plain_normal(0);
    struct donut_outlook o = {.sd = 1,
                              .drift = 20,
                              .drift_known = 4,
                              .step_gain = 0.5,
                              .step_offset = -2.5,
                              .relief = 1,
                              .step_relief = 2};
    /* The drift of x is (20 + x) / 5. */
    check_judged(&normal, DONUT_VERDICT_SHAPE, &o, 3, 4.6, DONUT_CAUSE_SHAPE);
    check_judged(&normal, DONUT_VERDICT_STEP, &o, 3, 8, DONUT_CAUSE_STEP);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 3, 8, DONUT_CAUSE_BOTH);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, -3, 3.4, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, -9, 9, DONUT_CAUSE_SHAPE);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, -10, 10, DONUT_CAUSE_BOTH);
    o.drift_known = 0;
    o.drift = 0;
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 3, 8, DONUT_CAUSE_STEP);
    o.step_gain = 0;
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 3, 3, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_STEP, &o, 30, 0, DONUT_CAUSE_NONE);
}

/* Where the value is the expected one nothing else is heard, but of step alone. */
static void test_hearing(void)
{
    const struct donut_normal normal = plain_normal(0);
    const struct donut_outlook o = {.sd = 1,
                                    .drift = 200,
                                    .drift_known = 4,
                                    .step_gain = 0.5,
                                    .step_offset = -25,
                                    .relief = 1,
                                    .step_relief = 1};
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 0, 0, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_SHAPE, &o, 0, 0, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_STEP, &o, 0, 25, DONUT_CAUSE_STEP);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 2, 40.4, DONUT_CAUSE_BOTH);
}

/* Taken off both channels, but not off step alone; less than none at all is not reported. */
static void test_overlap(void)
{
    const struct donut_normal normal = plain_normal(0.5);
    const struct donut_outlook o = {
        .sd = 1, .step_gain = 0.5, .step_offset = -2.5, .relief = 1, .step_relief = 1};
    check_judged(&normal, DONUT_VERDICT_SHAPE, &o, 4.5, 4, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_SHAPE, &o, 4.75, 4.25, DONUT_CAUSE_SHAPE);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 4.5, 4.25, DONUT_CAUSE_STEP);
    check_judged(&normal, DONUT_VERDICT_STEP, &o, 4.5, 4.75, DONUT_CAUSE_STEP);
    check_judged(&normal, DONUT_VERDICT_SHAPE, &o, 0.25, 0, DONUT_CAUSE_NONE);
}

/* The verdict is about the number that is printed. */
static void test_rounding(void)
{
    const struct donut_normal normal = plain_normal(0);
    const struct donut_outlook o = {.sd = 1, .relief = 1, .step_relief = 1};
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 4.00004, 4, DONUT_CAUSE_NONE);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 4.00006, 4.0001, DONUT_CAUSE_SHAPE);
    check_judged(&normal, DONUT_VERDICT_BOTH, &o, 1e9, DONUT_MOST_SURPRISE, DONUT_CAUSE_SHAPE);
    CHECK(donut_round_surprise(3.99996) == 4 && donut_round_surprise(0.00004) == 0);
    CHECK(donut_round_surprise(INFINITY) == DONUT_MOST_SURPRISE);
    CHECK(donut_round_surprise(12.34567) == 12.3457);
}

TEST(channels)
{
    test_deviation();
    test_drift();
    test_step();
    test_step_definition();
    test_voices();
    test_hearing();
    test_overlap();
    test_rounding();
    return check_report("channels");
}
