/* Calibrations of values whose law is known, and of such with anomalies among them that nobody has
 * labelled. A false alarm in ten thousand is wanted; the surprise is 4. */
#include "detect/calibration.h"
#include "detect/channels.h"
#include "check.h"
#include "draw.h"

#define N 20000
#define LAST 1.30102999566398119521 /* -log10 .05 */

static double value[N];

static void half_normal(uint64_t seed)
{
    static donut_real noise[N];
    struct draw draw = {.seed = seed};
    draw_normals(&draw, N, 1, noise);
    for (size_t i = 0; i < N; i++)
        value[i] = fabs((double)noise[i]);
}

static double limit(void)
{
    struct donut_calibration c;
    CHECK_INT(donut_calibration_fit(value, N, &donut_deviation_rule, &c, NULL), DONUT_OK);
    return donut_calibration_value(&c, 4);
}

/* P(|N(0, 1)| > x). */
static double normal_tail(double x)
{
    return erfc(x / sqrt(2));
}

static double normal_quantile(double p)
{
    double low = 0, high = 10;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (normal_tail(middle) > p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The quantile of all values is that of p / (1 - share) of the others; none from p on. */
static double moved_quantile(double p, double share)
{
    return p < 1 - share ? normal_quantile(1 - p / (1 - share)) : INFINITY;
}

/* The most that a share of wild values may do: the .95 quantile moves, but no further than twice
 * the .8 quantile; 5 % for chance; and the shape is the prior one. */
static double worst(double share)
{
    return 1.05 * fmin(moved_quantile(0.95, share), 2 * moved_quantile(0.8, share)) *
           pow(4 / LAST, donut_deviation_rule.shape);
}

static void check_limit(double share, const char *what, uint64_t seed)
{
    const double got = limit();
    CHECK_THAT(got > 3.7 && got < worst(share), "%s, seed %llu: %g is not in 3.7 to %g", what,
               (unsigned long long)seed, got, worst(share));
}

static void test_clean(uint64_t seed)
{
    half_normal(seed);
    const double rate = normal_tail(limit());
    CHECK_THAT(rate > 5e-5 && rate < 2e-4, "seed %llu: %g false alarms", (unsigned long long)seed,
               rate);
    /* A single value moves nothing, whatever it is. */
    const double clean = limit();
    value[N / 3] = 1e25;
    CHECK_NEAR(limit(), clean, 0.02 * clean);
}

/* A heavier tail is not taken for a lighter one: P(X > x) = e^-x, a tenth of the risk at worst. */
static void test_exponential(uint64_t seed)
{
    struct draw draw = {.seed = seed};
    for (size_t i = 0; i < N; i++)
        value[i] = -log(1 - draw_between(&draw, 0, 1));
    const double rate = exp(-limit());
    CHECK_THAT(rate > 2e-6 && rate < 2e-4, "exponential, seed %llu: %g false alarms",
               (unsigned long long)seed, rate);
}

/* Bursts of 10 to 60 values up to 30 high, and a plateau of 6. */
static void test_bursts(double share, uint64_t seed)
{
    struct draw draw = {.seed = seed + 100};
    size_t left = (size_t)(share * N);
    half_normal(seed);
    const size_t plateau = left / 4, begin = draw_below(&draw, N - plateau);
    for (size_t i = 0; i < plateau; i++)
        value[begin + i] += 6;
    for (left -= plateau; left > 0;) {
        const size_t wish = 10 + draw_below(&draw, 51), n = wish < left ? wish : left;
        const size_t at = draw_below(&draw, N - n);
        const double high = draw_between(&draw, 3, 30);
        for (size_t i = 0; i < n; i++)
            value[at + i] += high * draw_between(&draw, 0.3, 1);
        left -= n;
    }
    check_limit(share, "bursts", seed);
}

static void test_bad_stretch(size_t n, uint64_t seed)
{
    half_normal(seed);
    for (size_t i = N / 2; i < N / 2 + n; i++)
        value[i] = 5 * value[i] + 10;
    check_limit((double)n / N, "a bad stretch", seed);
}

/* What comes in every block of 64 is a habit, if it is rare enough to leave the .95 quantile alone:
 * no alarm. What comes once in 2000 is none. */
static void test_habit(uint64_t seed)
{
    half_normal(seed);
    for (size_t i = 0; i + 1 < N; i += 64)
        value[i] = value[i + 1] = 20;
    CHECK(limit() > 20);
    half_normal(seed);
    for (size_t i = 0; i + 1 < N; i += 2000)
        value[i] = value[i + 1] = 20;
    check_limit(0.001, "rare bursts", seed);
}

TEST(calibration_known)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        test_clean(seed);
        test_exponential(seed);
        test_bursts(0.01, seed);
        test_bursts(0.03, seed);
        test_bursts(0.05, seed);
        test_bursts(0.1, seed);
        test_bad_stretch(N / 50, seed);
        test_bad_stretch(N / 10, seed);
        test_habit(seed);
    }
    return check_report("calibration_known");
}
