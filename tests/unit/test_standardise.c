#include "check.h"
#include "data/standardise.h"

/* Points 1, 2, 3, 6 with a missing and a labelled one: mean 3, variance (4 + 1 + 0 + 9) / 4. */
static void test_fit(void)
{
    const double value[] = {1, NAN, 2, 1000, 3, 6};
    const unsigned char label[] = {0, 0, 0, 1, 0, 0};
    struct donut_scale scale;
    CHECK_INT(donut_scale_fit(value, label, 6, DONUT_FILL_MEAN, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.mean, 3, 1e-12);
    CHECK_NEAR(scale.std, sqrt(3.5), 1e-12);
    CHECK_NEAR(scale.fill, 0, 0);
    CHECK_INT(donut_scale_fit(value, label, 6, DONUT_FILL_ZERO, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.fill, -3 / sqrt(3.5), 1e-12);

    donut_real x[6];
    donut_standardise(&scale, value, 6, x);
    CHECK_NEAR(x[0], -2 / sqrt(3.5), 1e-6);
    CHECK_NEAR(x[1], -3 / sqrt(3.5), 1e-6);
    CHECK_NEAR(x[5], 3 / sqrt(3.5), 1e-6);

    CHECK_INT(donut_scale_fit(value, NULL, 6, DONUT_FILL_MEAN, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.mean, 1012.0 / 5, 1e-12);
}

/* A KPI around 1000 +- 1: its 0 lies 1000 deviations off and is held at 5. */
static void test_fill_limit(void)
{
    const double high[] = {999, 1001}, low[] = {-999, -1001};
    struct donut_scale scale;
    CHECK_INT(donut_scale_fit(high, NULL, 2, DONUT_FILL_ZERO, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.fill, -5, 0);
    CHECK_INT(donut_scale_fit(low, NULL, 2, DONUT_FILL_ZERO, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.fill, 5, 0);
}

/* 99 points of -1 and 1 by turns and one of 50: mean 0.49.., the largest deviation is that of 50. A
 * labelled value further off counts for nothing, and is held at twice that. */
static void test_limit(void)
{
    enum { N = 102 };
    double value[N];
    unsigned char label[N] = {0};
    struct donut_scale scale;
    donut_real x[N];
    for (size_t i = 0; i < N; i++)
        value[i] = i % 2 ? 1 : -1;
    CHECK_INT(donut_scale_fit(value, NULL, N, DONUT_FILL_MEAN, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.limit, 10, 0);
    value[7] = -4e9;
    label[7] = 1;
    value[50] = 50;
    CHECK_INT(donut_scale_fit(value, label, N, DONUT_FILL_MEAN, &scale, NULL), DONUT_OK);
    CHECK_NEAR(scale.limit, 2 * (50 - scale.mean) / scale.std, 1e-9);
    CHECK(scale.limit > 15);
    donut_standardise(&scale, value, N, x);
    CHECK_NEAR(x[50], scale.limit / 2, 1e-5);
    CHECK_NEAR(x[7], -scale.limit, 1e-5);
}

static void test_extremes(void)
{
    const double huge[] = {0, 1, 1e300}, constant[] = {5, 5, NAN}, none[] = {NAN, 7};
    const unsigned char label[] = {0, 1};
    struct donut_scale scale = {.mean = 0, .std = 1, .limit = 25};
    struct donut_error err;
    donut_real x[3];
    donut_standardise(&scale, huge, 3, x);
    CHECK_NEAR(x[1], 1, 0);
    CHECK_NEAR(x[2], 25, 0);
    CHECK_INT(donut_scale_fit(huge, NULL, 3, DONUT_FILL_ZERO, &scale, &err), DONUT_EINPUT);
    CHECK(strstr(err.text, "too large") != NULL);
    CHECK_INT(donut_scale_fit(constant, NULL, 3, DONUT_FILL_ZERO, &scale, &err), DONUT_EINPUT);
    CHECK(strstr(err.text, "constant") != NULL);
    CHECK_INT(donut_scale_fit(none, label, 2, DONUT_FILL_ZERO, &scale, &err), DONUT_EINPUT);
    CHECK(strstr(err.text, "none of the 2 points") != NULL);
}

TEST(standardise)
{
    test_fit();
    test_fill_limit();
    test_limit();
    test_extremes();
    return check_report("standardise");
}
