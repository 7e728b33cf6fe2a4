/* Student's t as noise of z: what the formula makes of the words of the stream, the same whatever
 * else is asked for, independent; without degrees of freedom, the normal noise. */
#include "nn/latent.h"
#include "base/student.h"
#include "check.h"
#include "kolmogorov.h"
#include "nn/gauss.h"
#include "panel_noise.h"

#include <stdlib.h>

#define PANELS 600
#define ROWS 7
#define DRAWS ((size_t)PANELS * ROWS * DONUT_PANEL)

static const struct donut_stream stream = {20180423, DONUT_DRAW_TEST, 4};

/* (PANELS, ROWS, DONUT_PANEL) */
static void fill(const struct donut_kernel *kernel, double nu, donut_real *out)
{
    for (size_t p = 0; p < PANELS; p++)
        donut_latent_noise(kernel, nu, stream, p, ROWS, DONUT_PANEL, out + p * ROWS * DONUT_PANEL);
}

/* A normal is off by 1.5e-6 + 6e-8 / r: that is so much of r^2, which moves
 * t = n sqrt(nu (e^(r^2 / nu) - 1) / r^2) by less than (1 + r^2) times as much, of its size and the
 * pair's. */
static void test_formula(double nu, const donut_real *x)
{
    size_t wrong = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        const size_t lane = i % DONUT_PANEL, k = i / DONUT_PANEL % ROWS;
        const size_t panel = i / DONUT_PANEL / ROWS;
        const double want = panel_student(stream, nu, ROWS, panel, k, lane);
        uint32_t words[4];
        donut_random_block(stream, (panel * ROWS + k) * 16 + lane % 16, words);
        const double u = ((double)(words[lane / 16 * 2] >> 1) + 0.5) * 0x1p-31;
        const double square = -2 * log(u), size = sqrt(nu * expm1(square / nu));
        const double normal = 1.5e-6 + 6e-8 / sqrt(square);
        wrong += !(fabs((double)x[i] - want) <= size * (1 + square) / sqrt(square) * normal);
    }
    CHECK_THAT(wrong == 0, "nu %g: %zu of %zu draws wrong", nu, wrong, DRAWS);
}

/* P(t <= x) of Cauchy's distribution, or of nu = 2. */
static double below(double nu, double x)
{
    return 0.5 + (nu == 1 ? atan(x) / acos(-1) : x / (2 * sqrt(2 + x * x)));
}

static void test_distribution(double nu, const donut_real *x)
{
    double *sorted = malloc(DRAWS * sizeof *sorted);
    if (!CHECK(sorted != NULL))
        return;
    for (size_t i = 0; i < DRAWS; i++)
        sorted[i] = (double)x[i];
    const double distance = kolmogorov(sorted, DRAWS, 1, below, nu);
    CHECK_THAT(distance < KOLMOGOROV_LIMIT, "nu %g: distance %g", nu, distance);
    CHECK(sorted[DRAWS - 1] <= 1e6 && sorted[0] >= -1e6);
    free(sorted);
}

/* Signs and sizes of neighbouring lanes, the halves of a panel, rows and panels do not go together:
 * the correlations of sign(t) and of whether |t| is above its median are 0 to five standard errors.
 * The median of |t| is 1 for Cauchy's distribution, sqrt(2 / 3) for nu = 2. */
static void test_independence(double nu, const donut_real *x)
{
    static const size_t gaps[] = {1, 2, 15, 16, 17, DONUT_PANEL, ROWS * DONUT_PANEL};
    const double median = nu == 1 ? 1 : sqrt(2.0 / 3);
    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        double signs = 0, sizes = 0;
        const size_t n = DRAWS - gaps[g];
        for (size_t i = 0; i < n; i++) {
            const double a = (double)x[i], b = (double)x[i + gaps[g]];
            signs += (a > 0) == (b > 0) ? 1 : -1;
            sizes += (fabs(a) > median) == (fabs(b) > median) ? 1 : -1;
        }
        CHECK_THAT(fabs(signs) < 5 * sqrt((double)n) && fabs(sizes) < 5 * sqrt((double)n),
                   "nu %g, %zu apart: correlation %g of signs, %g of sizes", nu, gaps[g],
                   signs / (double)n, sizes / (double)n);
    }
}

/* 16 lanes are the first 16 of 32; panels in another order, and into other memory, are the same. */
static void test_lanes(const struct donut_kernel *kernel, double nu, const donut_real *x)
{
    donut_real out[ROWS * DONUT_PANEL + 1];
    size_t different = 0;
    for (size_t p = PANELS; p-- > 0;) {
        const donut_real *want = x + p * ROWS * DONUT_PANEL;
        out[ROWS * DONUT_LANES] = 77;
        donut_latent_noise(kernel, nu, stream, p, ROWS, DONUT_LANES, out);
        different += out[ROWS * DONUT_LANES] != 77;
        for (size_t k = 0; k < ROWS; k++)
            different += memcmp(out + k * DONUT_LANES, want + k * DONUT_PANEL,
                                DONUT_LANES * sizeof *out) != 0;
        donut_latent_noise(kernel, nu, stream, p, ROWS, DONUT_PANEL, out + 1);
        different += memcmp(out + 1, want, ROWS * DONUT_PANEL * sizeof *out) != 0;
    }
    CHECK_INT(different, 0);
}

/* nu = 0: the noise, and the draws, of before. */
static void test_normal(const struct donut_kernel *kernel)
{
    donut_real got[ROWS * DONUT_PANEL], want[ROWS * DONUT_PANEL];
    donut_latent_noise(kernel, 0, stream, 5, ROWS, DONUT_PANEL, got);
    donut_gauss_noise(kernel, stream, 5, ROWS, DONUT_PANEL, want);
    CHECK(memcmp(got, want, sizeof got) == 0);
    donut_latent_draws(0, stream, 3, ROWS * DONUT_PANEL, got);
    donut_random_normals(stream, 3, ROWS * DONUT_PANEL, want);
    CHECK(memcmp(got, want, sizeof got) == 0);
}

/* Draw i takes normals 2 i and 2 i + 1, from wherever one begins. */
static void test_draws(void)
{
    donut_real normal[200], t[100], part[60];
    donut_random_normals(stream, 0, 200, normal);
    donut_latent_draws(3, stream, 0, 100, t);
    donut_latent_draws(3, stream, 40, 60, part);
    for (size_t i = 0; i < 100; i++) {
        const double n = (double)normal[2 * i], m = (double)normal[2 * i + 1];
        const double square = n * n + m * m;
        const double want = n * sqrt(3 * (exp(square / 3) - 1) / square);
        CHECK_NEAR(t[i], want, 1e-6 * fabs(want));
    }
    CHECK(memcmp(t + 40, part, sizeof part) == 0);
}

/* -log sqrt(2 pi), -log pi, -log sqrt(8). */
static void test_law(void)
{
    CHECK_NEAR(donut_law(0).minus_log_peak, 0.5 * log(2 * acos(-1)), 6e-8);
    CHECK_NEAR(donut_law(1).minus_log_peak, log(acos(-1)), 6e-8);
    CHECK_NEAR(donut_law(2).minus_log_peak, 1.5 * log(2), 6e-8);
    CHECK(donut_law(0).nu == 0 && donut_law(2.5).nu == 2.5);
}

/* In float, nu = 1e6: log densities are within 1e-6 (1 + t^2) of the exact ones, as close as the
 * normal's, and what they differ from those by, t^4 / 4e6, is there. */
static void test_large(const struct donut_kernel *kernel)
{
    const struct donut_law law = donut_law(1e6);
    for (int i = -64; i < 64; i++) {
        donut_real mu[DONUT_LANES], a[DONUT_LANES] = {0}, noise[DONUT_LANES], sd[DONUT_LANES];
        donut_real z[DONUT_LANES], log_q[DONUT_LANES], log_p[DONUT_LANES];
        const double t = 0.3 * i;
        for (size_t l = 0; l < DONUT_LANES; l++) {
            mu[l] = 0;
            noise[l] = (donut_real)t;
        }
        kernel->latent_forward(&law, 1, DONUT_LANES, 1e-4f, mu, a, noise, sd, z, log_q, log_p);
        const double of_q = donut_student_log_density(1e6, (double)noise[0]) - log((double)sd[0]);
        const double of_p = donut_student_log_density(1e6, (double)z[0]);
        CHECK_NEAR(log_q[0], of_q, 1e-6 * (1 + t * t));
        CHECK_NEAR(log_p[0], of_p, 1e-6 * (1 + t * t));
    }
}

/* Cauchy's, nu = 2 and the normal law in closed form; the peak is kept as a float. */
static void test_density(void)
{
    const struct donut_law normal = donut_law(0), cauchy = donut_law(1);
    const struct donut_law two = donut_law(2);
    const double pi = acos(-1);
    for (double t = -40; t <= 40; t += 0.25) {
        CHECK_NEAR(donut_latent_log_density(&normal, t), -0.5 * log(2 * pi) - t * t / 2, 1e-7);
        CHECK_NEAR(donut_latent_log_density(&cauchy, t), -log(pi) - log1p(t * t), 1e-7);
        CHECK_NEAR(donut_latent_log_density(&two, t), -1.5 * log(2) - 1.5 * log1p(t * t / 2), 1e-7);
    }
}

TEST(latent)
{
    test_density();
    static const double nus[] = {1, 2, 6.5, 1e6};
    donut_real *x = malloc(DRAWS * sizeof *x);
    const struct donut_kernel *kernel;
    for (size_t i = 0; (kernel = donut_kernel_available(i)) && CHECK(x != NULL); i++) {
        for (size_t j = 0; j < sizeof nus / sizeof nus[0]; j++) {
            fill(kernel, nus[j], x);
            test_formula(nus[j], x);
            test_lanes(kernel, nus[j], x);
            if (nus[j] <= 2) {
                test_distribution(nus[j], x);
                test_independence(nus[j], x);
            }
        }
        test_normal(kernel);
        test_large(kernel);
    }
    test_draws();
    test_law();
    free(x);
    return check_report("latent");
}
