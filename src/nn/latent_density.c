#include "nn/latent_density.h"

#include <math.h>

#define HALF_LOG_TWO_PI 0.91893853320467274178
#define LARGE 20 /* from here on the last term of the series is below 1e-14 */

/* log Gamma(a + 1/2) - log Gamma(a) - log sqrt(a): with Stirling's series, whose terms are
 * -(1 - 4^-k) B_2k / (k (2k - 1)) a^(1 - 2k) for k = 1, 2, ..., B being Bernoulli's numbers, and
 *   Gamma(a + 1/2) / Gamma(a) = a / (a + 1/2) Gamma(a + 3/2) / Gamma(a + 1)
 * until a is large enough for it. So nothing cancels, as it would between two values of lgamma(),
 * which besides is not safe to call from several threads. */
static double log_half_step(double a)
{
    double product = 1, up = a;
    for (; up < LARGE; up++)
        product *= up / (up + 0.5);
    const double r = 1 / up, r2 = r * r;
    const double series =
        r * (-1.0 / 8 + r2 * (1.0 / 192 + r2 * (-1.0 / 640 + r2 * (17.0 / 14336))));
    return log(product * sqrt(up / a)) + series;
}

/* With a = nu / 2, log sqrt(a) - log sqrt(nu pi) = -log sqrt(2 pi): what is left of the Gamma
 * functions is what a Student-t law differs by from the normal one. */
struct donut_latent_density donut_latent_density(double df)
{
    const double difference = df > 0 ? log_half_step(df / 2) : 0;
    return (struct donut_latent_density){df, difference - HALF_LOG_TWO_PI};
}

double donut_latent_log_density(const struct donut_latent_density *density, double t)
{
    if (density->df > 0)
        return density->log_scale - (density->df + 1) / 2 * log1p(t * t / density->df);
    return density->log_scale - t * t / 2;
}
