/* The fence around a KPI's values. */
#include "check.h"
#include "data/fence.h"

#include <math.h>

#define POINTS 2000

static double value[POINTS];

static void check_fence(const unsigned char *label, size_t n, double low, double high)
{
    struct donut_fence fence = {0};
    CHECK(donut_fence_find(value, label, n, &fence));
    CHECK_THAT(fence.low == low && fence.high == high, "fence %g to %g, want %g to %g", fence.low,
               fence.high, low, high);
}

/* 1..200 in another order; the median is 101. Two are beyond 198, 97 away, and two below 3, 98
 * away. */
static void make_ramp(void)
{
    for (size_t i = 0; i < 200; i++)
        value[i] = (double)(i * 77 % 200 + 1);
}

static void test_ramp(void)
{
    unsigned char label[POINTS] = {0};
    make_ramp();
    check_fence(NULL, 200, 101 - 980, 101 + 980);
    /* One more, however far: 199 and 3 are 98 away. */
    const double wild[] = {1e4, 1e25, 1e308, -1e308};
    for (size_t i = 0; i < 3; i++) {
        value[200] = wild[i];
        check_fence(NULL, 201, 101 - 980, 101 + 980);
    }
    /* From below the median is 100, and 198 and 2 are 98 away. */
    value[200] = wild[3];
    check_fence(NULL, 201, 100 - 980, 100 + 980);
    /* Neither missing nor labelled points count. */
    for (size_t i = 200; i < 300; i++) {
        value[i] = i % 2 ? NAN : 1e9;
        label[i] = i % 2 == 0;
    }
    check_fence(label, 300, 101 - 980, 101 + 980);
}

/* A night of 1 +- .1 and an hour a day, 1 in 20, ten times as high: the hour is usual, and
 * everything far inside. Of 2000 the 20 highest are left: 9 away. So it is with an hour in 50. */
static void test_skewed(void)
{
    static const size_t every[] = {20, 50};
    for (size_t j = 0; j < 2; j++) {
        for (size_t i = 0; i < POINTS; i++)
            value[i] = i % every[j] == 7 ? 10 : i % 3 == 0 ? 0.9 : i % 3 == 1 ? 1 : 1.1;
        check_fence(NULL, POINTS, 1 - 10 * 9.0, 1 + 10 * 9.0);
    }
}

/* Of 2000 points 1 % are 20 and 0.1 % are 2. */
static void test_mostly_equal(void)
{
    for (size_t i = 0; i < POINTS; i++)
        value[i] = 5;
    check_fence(NULL, POINTS, -INFINITY, INFINITY);
    value[3] = 1e25;
    value[900] = 1e25;
    check_fence(NULL, POINTS, -INFINITY, INFINITY);
    value[7] = 9;
    check_fence(NULL, POINTS, 5 - 40, 5 + 40);
    value[8] = 1;
    check_fence(NULL, POINTS, 5 - 40, 5 + 40);
}

/* One point of a few may be wild, and two values alone are no measure. */
static void test_few(void)
{
    const double few[] = {1, 2, 3, 1e9};
    memcpy(value, few, sizeof few);
    check_fence(NULL, 1, -INFINITY, INFINITY);
    check_fence(NULL, 2, -INFINITY, INFINITY);
    check_fence(NULL, 3, -INFINITY, INFINITY);
    check_fence(NULL, 4, 3 - 10, 3 + 10);
    value[0] = NAN;
    check_fence(NULL, 1, -INFINITY, INFINITY);
}

TEST(fence)
{
    test_ramp();
    test_skewed();
    test_mostly_equal();
    test_few();
    return check_report("fence");
}
