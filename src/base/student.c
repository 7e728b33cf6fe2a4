#include "base/student.h"

#include <math.h>

static const double half_log_two_pi = 0.91893853320467274178032973640562;

/* With a = nu / 2, c = Gamma(a + 1/2) / (Gamma(a) sqrt(2 pi a)). For large a
 *   log(Gamma(a + 1/2) / (Gamma(a) sqrt(a))) = -1/(8 a) + 1/(192 a^3) - 1/(640 a^5) + ...,
 * and Gamma(a + 1) = a Gamma(a) takes a smaller one there. Unlike lgamma() this leaves no sign in a
 * global variable, and no large numbers cancel. */
double donut_student_log_peak(double nu)
{
    const double start = nu / 2;
    double a = start, ratio = 1;
    for (; a < 16; a++)
        ratio *= a / (a + 0.5);
    const double v = 1 / (a * a);
    const double series =
        (((-31.0 / 18432 * v + 17.0 / 14336) * v - 1.0 / 640) * v + 1.0 / 192) * v - 0.125;
    return series / a + log(ratio * sqrt(a / start)) - half_log_two_pi;
}

double donut_student_log_density(double nu, double t)
{
    return donut_student_log_peak(nu) - (nu + 1) / 2 * log1p(t * t / nu);
}

static double bounded(double t)
{
    return fmax(-DONUT_STUDENT_LARGEST, fmin(t, DONUT_STUDENT_LARGEST));
}

/* With a uniform U, R^2 = -2 log U is the pair's, and nu (U^(-2 / nu) - 1) = nu (e^(R^2 / nu) - 1)
 * is that of a pair of t's at the same angle. */
double donut_student_draw(double nu, double normal, double partner)
{
    const double square = normal * normal + partner * partner;
    if (!(square > 0))
        return normal;
    return bounded(normal * sqrt(nu * expm1(square / nu) / square));
}

/* The continued fraction in I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) * value, 0 <= x < 1, from its
 * beginning on (Lentz). Few terms where x < (a + 1) / (a + b + 2), which the caller sees to, or
 * nearly. */
static double beta_fraction(double a, double b, double x)
{
    double value = 1, c = 1, d = 1 / (1 - (a + b) * x / (a + 1));
    value = d;
    for (double m = 1; m < 10000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        value *= c * d;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        value *= c * d;
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return value;
}

/* For x = nu / (nu + t^2) the factor before the fraction is t f(t) / a with the density f, so that
 *   P(T > t) = I_x(nu / 2, 1/2) / 2 = t f(t) / nu * fraction,
 *   P(0 < T < t) = I_(1-x)(1/2, nu / 2) / 2 = t f(t) * fraction,
 * and the slope of either's logarithm in log t, -t f / P or t f / P, comes for nothing. */
struct probability {
    double log, slope;
};

static struct probability beyond(double nu, double log_peak, double t)
{
    const double fraction = beta_fraction(nu / 2, 0.5, nu / (nu + t * t));
    const double log_density = log_peak - (nu + 1) / 2 * log1p(t * t / nu);
    return (struct probability){log(t) + log_density - log(nu) + log(fraction), -nu / fraction};
}

static struct probability within(double nu, double log_peak, double t)
{
    const double fraction = beta_fraction(0.5, nu / 2, t * t / (nu + t * t));
    const double log_density = log_peak - (nu + 1) / 2 * log1p(t * t / nu);
    return (struct probability){log(t) + log_density + log(fraction), 1 / fraction};
}

/* Newton's method on the logarithms. Both are concave in log t, so that from the second step on it
 * comes nearer from one side. For small n > 0 what lies between 0 and t is matched, for others what
 * lies beyond; the tails of t are the heavier ones, so that t >= n. */
static double solve(double nu, double n)
{
    const double root_half = 0.70710678118654752440, log_peak = donut_student_log_peak(nu);
    const double want = log(0.5 * (n < 1 ? erf(n * root_half) : erfc(n * root_half)));
    double t = n;
    for (int i = 0; i < 100; i++) {
        const struct probability p = n < 1 ? within(nu, log_peak, t) : beyond(nu, log_peak, t);
        const double step = (want - p.log) / p.slope;
        t *= exp(step);
        if (fabs(step) < 1e-14)
            break;
    }
    return t;
}

/* The expansion in powers of 1 / nu. */
static double expand(double nu, double n)
{
    const double s = n * n, v = 1 / (4 * nu);
    const double first = s + 1;
    const double second = ((5 * s + 16) * s + 3) / 6;
    const double third = (((3 * s + 19) * s + 17) * s - 15) / 6;
    const double fourth = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 360;
    return n + n * v * (first + v * (second + v * (third + v * fourth)));
}

double donut_student_of_normal(double nu, double normal)
{
    const double n = fabs(normal);
    if (!(n > 0))
        return normal;
    return copysign(bounded(nu > 1000 ? expand(nu, n) : solve(nu, n)), normal);
}
