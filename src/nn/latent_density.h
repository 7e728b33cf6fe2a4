/* The law of one dimension of z: p(z), and of (z - mu) / sd under q(z|x). It is the standard normal
 * distribution or, with `df` = nu > 0 degrees of freedom, the standard Student-t one. */
#ifndef DONUT_NN_LATENT_DENSITY_H
#define DONUT_NN_LATENT_DENSITY_H

struct donut_latent_density {
    double df;
    double log_scale; /* log density at 0 */
};

/* df: 0 for the normal law, else in [1, 1e6]. */
struct donut_latent_density donut_latent_density(double df);

/* Log density at t: -log sqrt(2 pi) - t^2 / 2, or
 *   log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log sqrt(nu pi) - (nu + 1) / 2 log(1 + t^2 / nu).
 */
double donut_latent_log_density(const struct donut_latent_density *density, double t);

#endif
