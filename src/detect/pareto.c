/* Grimshaw's way to the maximum of the likelihood (Technometrics 35, 1993). With x = gamma / sigma
 *
 *     log L = -n log sigma - (1 + 1/gamma) sum log(1 + x Z_i)
 *
 * is stationary where w(x) = u(x) v(x) - 1 = 0, u = mean 1 / (1 + x Z), v = 1 + mean log(1 + x Z),
 * and there gamma = v(x) - 1. So one unknown is left, whose roots are bracketed on a grid and
 * bisected; x = 0, the exponential distribution, is always a double root. The Z are the excesses
 * over their mean, which makes the fit independent of their unit. */
#include "detect/pareto.h"

#include <math.h>

#define SHAPE_LIMIT (-0.5) /* below it the likelihood has no regular maximum, below -1 no bound */
#define SHAPE_ZERO 1e-6    /* closer to 0 than this the exponential formulas are the better ones */
#define SMALLEST_X 1e-3    /* nearer to the double root w is rounding noise */
#define LARGEST_X 1e6
#define GRID_PER_DECADE 8
#define BISECTIONS 60
#define ENOUGH_FOR_SHAPE 10 /* excesses; fewer are fitted by the exponential alone */

struct sample {
    const double *z; /* (n) mean 1 */
    size_t n;
    double smallest, largest;
};

struct candidate {
    struct donut_pareto pareto;
    double likelihood; /* log L / n */
};

static double mean_log(const struct sample *sample, double x)
{
    double sum = 0;
    for (size_t i = 0; i < sample->n; i++)
        sum += log1p(x * sample->z[i]);
    return sum / (double)sample->n;
}

static double w(const struct sample *sample, double x)
{
    double sum = 0;
    for (size_t i = 0; i < sample->n; i++)
        sum += 1 / (1 + x * sample->z[i]);
    return sum / (double)sample->n * (1 + mean_log(sample, x)) - 1;
}

static void consider(const struct sample *sample, double gamma, double sigma,
                     struct candidate *best)
{
    const double x = gamma / sigma;
    if (!(gamma > SHAPE_LIMIT && sigma > 0 && isfinite(gamma) && isfinite(sigma) &&
          1 + x * sample->largest > 0))
        return;
    const double likelihood = fabs(gamma) < SHAPE_ZERO
                                  ? -log(sigma) - 1 / sigma
                                  : -log(sigma) - (1 + 1 / gamma) * mean_log(sample, x);
    if (likelihood > best->likelihood)
        *best = (struct candidate){{gamma, sigma}, likelihood};
}

/* Bisects w between a and b, where its signs differ, and considers the root. */
static void consider_root(const struct sample *sample, double a, double b, double w_a,
                          struct candidate *best)
{
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = a + (b - a) / 2;
        const double w_middle = w(sample, middle);
        if ((w_middle < 0) == (w_a < 0))
            a = middle;
        else
            b = middle;
    }
    const double x = a + (b - a) / 2;
    const double gamma = mean_log(sample, x);
    consider(sample, gamma, gamma / x, best);
}

/* x > 0: no root lies above 2 (mean - min) / min^2 (Grimshaw). */
static void consider_heavy_tails(const struct sample *sample, struct candidate *best)
{
    const double min = fmax(sample->smallest, 1e-6);
    const double end = fmin(2 * (1 - min) / (min * min), LARGEST_X);
    const double factor = pow(10, 1.0 / GRID_PER_DECADE);
    double x = SMALLEST_X, w_x = w(sample, x);
    while (x < end) {
        const double next = fmin(x * factor, end), w_next = w(sample, next);
        if ((w_x < 0) != (w_next < 0))
            consider_root(sample, x, next, w_x, best);
        x = next;
        w_x = w_next;
    }
}

/* -1/max < x < 0. In s = -log(1 + x max) a geometric grid is fine near 0, where s ~ -x max, and
 * fine near the end point as well, where s grows without bound. */
static void consider_light_tails(const struct sample *sample, struct candidate *best)
{
    if (SMALLEST_X * sample->largest >= 1)
        return;
    const double factor = pow(10, 1.0 / GRID_PER_DECADE), last = log(1e8);
    double s = -log1p(-SMALLEST_X * sample->largest);
    double x = -SMALLEST_X, w_x = w(sample, x);
    while (s < last) {
        s *= factor;
        const double next = expm1(-s) / sample->largest, w_next = w(sample, next);
        if ((w_x < 0) != (w_next < 0))
            consider_root(sample, x, next, w_x, best);
        x = next;
        w_x = w_next;
    }
}

/* Mean sigma / (1 - gamma) = 1 and variance sigma^2 / ((1 - gamma)^2 (1 - 2 gamma)) = V. */
static void consider_moments(const struct sample *sample, struct candidate *best)
{
    double sum = 0;
    for (size_t i = 0; i < sample->n; i++)
        sum += (sample->z[i] - 1) * (sample->z[i] - 1);
    const double inverse = (double)sample->n / sum;
    consider(sample, (1 - inverse) / 2, (1 + inverse) / 2, best);
}

struct donut_pareto donut_pareto_fit(double *excess, size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += excess[i] / (double)n;
    struct sample sample = {.z = excess, .n = n, .smallest = INFINITY};
    for (size_t i = 0; i < n; i++) {
        excess[i] /= mean;
        sample.smallest = fmin(sample.smallest, excess[i]);
        sample.largest = fmax(sample.largest, excess[i]);
    }
    struct candidate best = {{0, 1}, -1};
    if (n >= ENOUGH_FOR_SHAPE) {
        consider_light_tails(&sample, &best);
        consider_heavy_tails(&sample, &best);
        consider_moments(&sample, &best);
    }
    best.pareto.sigma *= mean;
    return best.pareto;
}

/* d log L / d sigma = 0 where (1 + gamma) mean( y / (sigma + gamma y) ) = 1. The left side falls
 * from above 1 at sigma = 0+ (to (1 + gamma) / gamma) towards 0, and is below 1 at sigma =
 * (1 + gamma) max y. */
double donut_pareto_fit_scale(const double *excess, size_t n, double gamma)
{
    double low = 0, high = 0;
    for (size_t i = 0; i < n; i++)
        high = fmax(high, (1 + gamma) * excess[i]);
    for (int step = 0; step < 2 * BISECTIONS; step++) {
        const double sigma = low + (high - low) / 2;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += excess[i] / (sigma + gamma * excess[i]);
        if ((1 + gamma) * sum / (double)n > 1)
            low = sigma;
        else
            high = sigma;
    }
    return low + (high - low) / 2;
}

double donut_pareto_quantile(struct donut_pareto pareto, double p)
{
    if (fabs(pareto.gamma) < SHAPE_ZERO)
        return -pareto.sigma * log(p);
    return pareto.sigma * expm1(-pareto.gamma * log(p)) / pareto.gamma;
}

double donut_pareto_log_survival(struct donut_pareto pareto, double y)
{
    if (fabs(pareto.gamma) < SHAPE_ZERO)
        return -y / pareto.sigma;
    return -log1p(fmax(pareto.gamma * (y / pareto.sigma), -1)) / pareto.gamma;
}
