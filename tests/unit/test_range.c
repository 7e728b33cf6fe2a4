/* The training range's two parts. */
#include "check.h"

#include "train/range.h"

/* Shares as k of 20, so that the parts of n points can be had in whole numbers. */
static void test_parts(void)
{
    for (size_t k = 1; k < 20; k++)
        for (size_t n = 0; n < 600; n++)
            CHECK_INT(donut_range_validation(n, (double)k / 20), n * k / 20);
}

static void test_fewest(void)
{
    for (size_t window = 1; window < 150; window += 7)
        for (size_t k = 1; k < 20; k++) {
            size_t n = 2 * window;
            while (n * k / 20 < window || n - n * k / 20 < window)
                n++;
            CHECK_THAT(donut_range_fewest(window, (double)k / 20) == (double)n,
                       "window %zu, %zu of 20: %g points, not %zu", window, k,
                       donut_range_fewest(window, (double)k / 20), n);
        }
}

TEST(range)
{
    test_parts();
    test_fewest();
    return check_report("range");
}
