/* The inverse normal distribution function: known values, there and back through erfc(), symmetry.
 */
#include "base/quantile.h"
#include "check.h"

#include <stdint.h>

static void test_values(void)
{
    static const double known[][2] = {
        {0.5, 0},
        {0.75, 0.6744897501960817},
        {0.9, 1.2815515655446004},
        {0.975, 1.959963984540054},
        {0.995, 2.5758293035489004},
        {0.8413447460685429, 1},
        {1e-3, -3.090232306167813},
        {1e-9, -5.997807015007686},
        {1e-10, -6.361340902404056},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        CHECK_NEAR(donut_normal_quantile(known[i][0]), known[i][1], 2e-15 * fabs(known[i][1]));
    const double h = 0x1p-33; /* slope sqrt(2 pi) at the middle */
    CHECK_NEAR(donut_normal_quantile(0.5 + h) / h, 2.5066282746310002, 1e-14);
    CHECK(donut_normal_quantile(0) == -INFINITY && donut_normal_quantile(1) == INFINITY);
    CHECK(isnan(donut_normal_quantile(-1e-300)) && isnan(donut_normal_quantile(1 + 0x1p-52)));
    CHECK(isnan(donut_normal_quantile(NAN)));
}

/* There and back: with P(x) = erfc(-x / sqrt(2)) / 2, the error of x is (P(x) - p) / density(x). */
static void test_round_trip(double from, double to, int steps)
{
    double before = -INFINITY, worst = 0, worst_at = 0;
    bool rising = true;
    for (int i = 0; i <= steps; i++) {
        const double p = exp2(from + (to - from) * i / steps);
        const double x = donut_normal_quantile(p);
        const double density = exp(-x * x / 2) / 2.5066282746310005;
        const double error = fabs(erfc(-x / sqrt(2)) / 2 - p) / density / fmax(fabs(x), 0.1);
        if (!(error <= worst)) {
            worst = error;
            worst_at = p;
        }
        rising = rising && x > before;
        before = x;
    }
    CHECK_THAT(worst <= 4e-15, "off by %g at %a", worst, worst_at);
    CHECK(rising);
}

/* At p = (i + 1/2) / 2^32, where 1 - p is exact. */
static void test_symmetry(void)
{
    for (uint64_t i = 0; i <= 0xFFFFFFFF; i += 1000003) {
        const double p = ((double)i + 0.5) / 0x1p32;
        CHECK(donut_normal_quantile(p) == -donut_normal_quantile(1 - p));
    }
}

TEST(quantile)
{
    test_values();
    test_round_trip(-34, -1, 200000);
    test_round_trip(-1000, -34, 200000);
    test_symmetry();
    return check_report("quantile");
}
