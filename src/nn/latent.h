/* The law of the latent variables: each z_k of the prior p(z), and each (z_k - mu_k) / sd_k of
 * q(z|x), is an independent draw of the standard normal distribution, or of Student's t with nu
 * degrees of freedom. Training may take such a law for (x_w - mu_w) / sd_w of p(x|z), too. Below
 * nu = 0 says normal. */
#ifndef DONUT_NN_LATENT_H
#define DONUT_NN_LATENT_H

#include "base/random.h"
#include "kernel/kernel.h"

/* What the kernel needs of it. */
struct donut_law donut_law(double nu);

/* log f(t) in double precision. */
double donut_latent_log_density(const struct donut_law *law, double t);

/* Draws first .. first + n - 1 of a stream; those of a standard normal are
 * donut_random_normals()'s, and a t takes both halves of a pair of them. */
void donut_latent_draws(double nu, struct donut_stream stream, uint64_t first, size_t n,
                        donut_real *out);

/* Draws of a stream for panel number `panel` of DONUT_PANEL windows: out (rows, lanes), lanes
 * DONUT_LANES or DONUT_PANEL; normal ones are donut_gauss_noise()'s. The draws of a panel and of a
 * lane are the same whatever else is drawn, for the same `rows`. */
void donut_latent_noise(const struct donut_kernel *kernel, double nu, struct donut_stream stream,
                        size_t panel, size_t rows, size_t lanes, donut_real *out);

#endif
