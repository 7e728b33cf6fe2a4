/* Noise of z: standard normal, independent from one another, the same whatever else is asked for.
 */
#include "nn/gauss.h"
#include "check.h"
#include "kolmogorov.h"

#include <stdlib.h>

#define PANELS 1200
#define ROWS 7 /* an odd number: half of the last block of draws goes unused */
#define DRAWS ((size_t)PANELS * ROWS * DONUT_PANEL)

static const struct donut_stream stream = {20180423, DONUT_DRAW_TEST, 3};

/* (PANELS, ROWS, DONUT_PANEL) */
static void fill(const struct donut_kernel *kernel, struct donut_stream of, donut_real *out)
{
    for (size_t p = 0; p < PANELS; p++)
        donut_gauss_noise(kernel, of, p, ROWS, DONUT_PANEL, out + p * ROWS * DONUT_PANEL);
}

/* Of n standard normal draws: E x^k for k 1..4 is 0, 1, 0, 3 and the variance of x^k is 1, 2, 15,
 * 96; five standard errors. */
static void test_moments(const donut_real *x)
{
    static const double mean[] = {0, 1, 0, 3}, variance[] = {1, 2, 15, 96};
    double sum[4] = {0}, largest = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        const double draw = (double)x[i], square = draw * draw;
        const double power[] = {draw, square, square * draw, square * square};
        for (int k = 0; k < 4; k++)
            sum[k] += power[k];
        largest = fmax(largest, fabs(draw));
    }
    for (int k = 0; k < 4; k++)
        CHECK_NEAR(sum[k] / (double)DRAWS, mean[k], 5 * sqrt(variance[k] / (double)DRAWS));
    CHECK(largest > 4 && largest < 6.67); /* sqrt(-2 log 2^-32) */
}

/* P(t <= x) of a normal t with this mean. */
static double below(double mean, double x)
{
    return 0.5 * erfc((mean - x) / sqrt(2));
}

static void test_distribution(const donut_real *x)
{
    double *sorted = malloc(DRAWS * sizeof *sorted);
    if (!CHECK(sorted != NULL))
        return;
    for (size_t i = 0; i < DRAWS; i++)
        sorted[i] = (double)x[i];
    CHECK(kolmogorov(sorted, DRAWS, 1, below, 0) < KOLMOGOROV_LIMIT);
    free(sorted);
}

/* The correlation of x and y, and that of their squares, are 0 to five standard errors. */
static void uncorrelated(const char *what, const donut_real *x, const donut_real *y, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double a = (double)x[i], b = (double)y[i];
        sum += a * b;
        squares += (a * a - 1) * (b * b - 1);
    }
    CHECK_THAT(fabs(sum) < 5 * sqrt((double)n), "%s: correlation %g", what, sum / (double)n);
    CHECK_THAT(fabs(squares) < 10 * sqrt((double)n), "%s: correlation of squares %g", what,
               squares / 2 / (double)n);
}

/* Neighbours, the two halves of a pair, rows, panels; other streams. */
static void test_independence(const struct donut_kernel *kernel, const donut_real *x)
{
    static const size_t gaps[] = {
        1, 2, 8, 15, 16, 17, DONUT_PANEL, 2 * DONUT_PANEL, ROWS * DONUT_PANEL};
    char what[40];
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        snprintf(what, sizeof what, "draws %zu apart", gaps[i]);
        uncorrelated(what, x, x + gaps[i], DRAWS - gaps[i]);
    }
    struct donut_stream others[] = {stream, stream, stream};
    others[0].seed++;
    others[1].part++;
    others[2].purpose++;
    donut_real *y = malloc(DRAWS * sizeof *y);
    for (size_t i = 0; i < 3 && CHECK(y != NULL); i++) {
        fill(kernel, others[i], y);
        uncorrelated("another stream", x, y, DRAWS);
    }
    free(y);
}

/* No draw is used twice: rows of all panels, as whole vectors, are different. */
static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, DONUT_LANES * sizeof(donut_real));
}

static void test_distinct(const donut_real *x)
{
    const size_t n = DRAWS / DONUT_LANES, size = DONUT_LANES * sizeof *x;
    donut_real *sorted = malloc(n * size);
    size_t same = 0;
    if (!CHECK(sorted != NULL))
        return;
    memcpy(sorted, x, n * size);
    qsort(sorted, n, size, by_bytes);
    for (size_t i = 1; i < n; i++)
        same += by_bytes(sorted + i * DONUT_LANES, sorted + (i - 1) * DONUT_LANES) == 0;
    CHECK_INT(same, 0);
    free(sorted);
}

/* 16 lanes are the first 16 of 32; once more, in another order and into other memory, is the
 * same. */
static void test_lanes(const struct donut_kernel *kernel, const donut_real *x)
{
    donut_real out[ROWS * DONUT_PANEL + 1];
    for (size_t p = PANELS; p-- > 0;) {
        const donut_real *want = x + p * ROWS * DONUT_PANEL;
        out[ROWS * DONUT_LANES] = 77;
        donut_gauss_noise(kernel, stream, p, ROWS, DONUT_LANES, out);
        bool same = out[ROWS * DONUT_LANES] == 77;
        for (size_t k = 0; k < ROWS; k++)
            same = same && memcmp(out + k * DONUT_LANES, want + k * DONUT_PANEL,
                                  DONUT_LANES * sizeof *out) == 0;
        donut_gauss_noise(kernel, stream, p, ROWS, DONUT_PANEL, out + 1);
        same = same && memcmp(out + 1, want, ROWS * DONUT_PANEL * sizeof *out) == 0;
        CHECK_THAT(same, "panel %zu", p);
    }
}

/* Two variants differ by rounding. */
static void test_variants(const donut_real *x, const donut_real *plain)
{
    size_t apart = 0;
    for (size_t i = 0; i < DRAWS; i++)
        apart += !(fabs((double)x[i] - (double)plain[i]) <= 1e-5);
    CHECK_INT(apart, 0);
}

TEST(noise)
{
    donut_real *x = malloc(DRAWS * sizeof *x), *plain = malloc(DRAWS * sizeof *plain);
    const struct donut_kernel *kernel;
    for (size_t i = 0; (kernel = donut_kernel_available(i)) && CHECK(x && plain); i++) {
        fill(kernel, stream, x);
        fill(&donut_kernel_plain, stream, plain);
        test_moments(x);
        test_distribution(x);
        test_independence(kernel, x);
        test_distinct(x);
        test_lanes(kernel, x);
        test_variants(x, plain);
    }
    free(x);
    free(plain);
    return check_report("noise");
}
