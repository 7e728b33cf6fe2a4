/* Student's t: densities, draws and quantiles against closed forms where there are any, and against
 * numerical integrals. */
#include "base/student.h"
#include "base/quantile.h"
#include "base/random.h"
#include "check.h"
#include "kolmogorov.h"

#include <stdlib.h>

static const double pi = 3.14159265358979323846;

/* The density without its constant. */
static double shape_at(double nu, double t)
{
    return exp(-(nu + 1) / 2 * log1p(t * t / nu));
}

/* Simpson's rule for the integral of `shape_at` over s = asinh(t / sqrt(nu)) in [from, to]: it
 * falls off as fast as an exponential on both sides, whatever nu is. */
static double integral(double nu, double from, double to)
{
    enum { STEPS = 16000 };
    const double h = (to - from) / STEPS;
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double s = from + i * h, t = sqrt(nu) * sinh(s);
        const double term = shape_at(nu, t) * sqrt(nu) * cosh(s);
        sum += (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * term;
    }
    return sum * h / 3;
}

/* Where e^(-nu (s - s0)) has fallen off to nothing. */
static double far(double nu, double s)
{
    return s + fmin(40 / nu, 40) + 12 / sqrt(nu);
}

/* Over all t > 0. */
static double half_integral(double nu)
{
    static double known, value;
    if (known != nu)
        value = integral(nu, 0, far(nu, 0));
    known = nu;
    return value;
}

/* P(T > t) for t > 0. */
static double beyond(double nu, double t)
{
    const double s = asinh(t / sqrt(nu));
    return nu == 1   ? atan(1 / t) / pi
           : nu == 2 ? 1 / (2 + t * t + t * sqrt(2 + t * t))
                     : integral(nu, s, far(nu, s)) / (2 * half_integral(nu));
}

/* P(0 < T < t). */
static double within(double nu, double t)
{
    return nu == 1   ? atan(t) / pi
           : nu == 2 ? t / (2 * sqrt(2 + t * t))
                     : integral(nu, 0, asinh(t / sqrt(nu))) / (2 * half_integral(nu));
}

/* Cauchy's 1 / (pi (1 + t^2)); (2 + t^2)^(-3/2); 3/8 (1 + t^2/4)^(-5/2). */
static void test_density(void)
{
    for (double t = -1000; t <= 1000; t += 0.37) {
        const double square = t * t;
        CHECK_NEAR(donut_student_log_density(1, t), -log(pi * (1 + square)), 2e-14);
        CHECK_NEAR(donut_student_log_density(2, t), -1.5 * log(2 + square), 3e-14);
        CHECK_NEAR(donut_student_log_density(4, t), log(0.375) - 2.5 * log1p(square / 4), 4e-14);
    }
}

/* The density integrates to 1. */
static void test_peak(void)
{
    for (double nu = 1; nu <= 1e6; nu *= 1.37)
        CHECK_NEAR(exp(donut_student_log_peak(nu)) * 2 * half_integral(nu), 1, 1e-11);
    CHECK_NEAR(donut_student_log_peak(1), -log(pi), 5e-16);
    CHECK_NEAR(donut_student_log_peak(2), -1.5 * log(2), 5e-16);
    CHECK_NEAR(donut_student_log_peak(3), log(2 / (pi * sqrt(3))), 5e-16);
    CHECK_NEAR(donut_student_log_peak(32), lgamma(16.5) - lgamma(16) - log(32 * pi) / 2, 1e-13);
}

/* log f - log of the normal density = (t^4 - 2 t^2 - 1) / (4 nu) + O(nu^-2), and what follows is
 * below (t^6 + 1) / nu^2. */
static void test_limit(void)
{
    static const double nus[] = {1e3, 1e4, 1e6};
    for (size_t i = 0; i < 3; i++)
        for (double t = 0; t < 6; t += 0.25) {
            const double square = t * t, nu = nus[i];
            const double normal = -0.5 * log(2 * pi) - square / 2;
            const double first = (square * square - 2 * square - 1) / (4 * nu);
            CHECK_NEAR(donut_student_log_density(nu, t), normal + first,
                       (square * square * square + 1) / (nu * nu) + 1e-14);
        }
}

#define DRAWS 200000

static double below(double nu, double x)
{
    const double at = fabs(x);
    return 0.5 + copysign(at > 0 ? within(nu, at) : 0, x);
}

static void test_draws(double nu, bool exact)
{
    static double draws[DRAWS];
    for (size_t i = 0; i < DRAWS; i++) {
        donut_real pair[2];
        donut_random_normals((struct donut_stream){11, DONUT_DRAW_TEST, 0}, 2 * i, 2, pair);
        draws[i] = donut_student_draw(nu, (double)pair[0], (double)pair[1]);
    }
    const double distance = kolmogorov(draws, DRAWS, exact ? 1 : 100, below, nu);
    CHECK_THAT(distance < KOLMOGOROV_LIMIT, "nu %g: distance %g", nu, distance);
}

/* With partner 0, R^2 = n^2: t = sqrt(nu (e^(n^2 / nu) - 1)), which for nu large is n. Nothing is
 * beyond the bound, and no pair gives a NaN. */
static void test_draw_values(void)
{
    CHECK_NEAR(donut_student_draw(1, 1, 0), sqrt(exp(1) - 1), 1e-15);
    CHECK_NEAR(donut_student_draw(2, -2, 0), -sqrt(2 * (exp(2) - 1)), 1e-14);
    CHECK_NEAR(donut_student_draw(3, 3, 4), 3 * sqrt(3 * (exp(25.0 / 3) - 1) / 25), 1e-11);
    CHECK_NEAR(donut_student_draw(1e6, 1.5, 0.5), 1.5, 1e-5);
    CHECK(donut_student_draw(1, 0, 0) == 0 && donut_student_draw(5, 0, 1) == 0);
    CHECK(donut_student_draw(1, 1e-30, 1e-30) > 0 && donut_student_draw(1, 1e-200, 0) == 1e-200);
    CHECK(donut_student_draw(1, 9, 0) == 1e6 && donut_student_draw(1, -9, 1) == -1e6);
    CHECK(donut_student_draw(1, 40, 40) == 1e6);
    CHECK(donut_student_draw(10, 5, 0) < 1e6);
    CHECK(isfinite((float)(DONUT_STUDENT_LARGEST * DONUT_STUDENT_LARGEST)));
}

/* The probability of the quantile is the one asked for, on the side where it does not cancel. The
 * error of t is that of P over the density. */
static void test_quantile(double nu, double bound)
{
    double before = 0, worst = 0, worst_at = 0;
    for (double n = 1e-6; n < 8.6; n = n < 0.05 ? 3 * n : n + 0.0731) {
        const double t = donut_student_of_normal(nu, n), root = sqrt(0.5);
        const double want = 0.5 * (n < 1 ? erf(n * root) : erfc(n * root));
        const double got = n < 1 ? within(nu, t) : beyond(nu, t);
        const double error = fabs(got - want) / exp(donut_student_log_density(nu, t)) / t;
        CHECK(t > before && (t >= n || nu > 1e5) && donut_student_of_normal(nu, -n) == -t);
        before = t;
        if (t >= DONUT_STUDENT_LARGEST) {
            CHECK(got >= want);
            break;
        }
        worst_at = error > worst ? n : worst_at;
        worst = fmax(worst, error);
    }
    CHECK_THAT(worst < bound, "nu %g: off by %g at %g", nu, worst, worst_at);
}

/* tan, and t / sqrt(2 + t^2) solved for t. */
static void test_closed_quantiles(void)
{
    for (double n = 0.01; n < 5; n += 0.01) {
        const double p = 0.5 * erf(n / sqrt(2)), q = 0.5 * erfc(n / sqrt(2));
        const double cauchy = fmin(n < 1 ? tan(pi * p) : 1 / tan(pi * q), 1e6);
        const double second = p * sqrt(2 / (q * (1 - q)));
        CHECK_NEAR(donut_student_of_normal(1, n), cauchy, 1e-13 * cauchy);
        CHECK_NEAR(donut_student_of_normal(2, n), second, 1e-13 * second);
    }
    CHECK(donut_student_of_normal(1, 0) == 0 && donut_student_of_normal(1, 8) == 1e6);
    CHECK(isnan(donut_student_of_normal(3, NAN)));
    /* Printed tables: t of 97.5 % and 99.5 %. */
    const double n975 = donut_normal_quantile(0.975), n995 = donut_normal_quantile(0.995);
    CHECK_NEAR(donut_student_of_normal(5, n975), 2.571, 5e-4);
    CHECK_NEAR(donut_student_of_normal(10, n975), 2.228, 5e-4);
    CHECK_NEAR(donut_student_of_normal(30, n995), 2.750, 5e-4);
    CHECK_NEAR(donut_student_of_normal(120, n995), 2.617, 5e-4);
}

TEST(student)
{
    test_density();
    test_peak();
    test_limit();
    test_draw_values();
    test_draws(1, true);
    test_draws(2, true);
    test_draws(10, false);
    test_closed_quantiles();
    static const double nus[] = {1, 1.3, 2, 3, 10, 47.5, 200, 999, 1000};
    for (size_t i = 0; i < sizeof nus / sizeof nus[0]; i++)
        test_quantile(nus[i], 2e-12);
    test_quantile(1001, 1e-9);
    test_quantile(1e4, 2e-12);
    test_quantile(1e6, 2e-12);
    return check_report("student");
}
