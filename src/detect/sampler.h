/* The L values of the noise that z = mu + sd noise is made of, the same for every window. */
#ifndef DONUT_DETECT_SAMPLER_H
#define DONUT_DETECT_SAMPLER_H

#include "base/real.h"
#include "donut.h"

#include <stddef.h>
#include <stdint.h>

/* noise (K, L; ld): column l is sample l, of the law of z with that `nu` (nn/latent.h).
 * DONUT_SAMPLER_MC: independent draws, as in the paper.
 * DONUT_SAMPLER_SOBOL: L / 2 scrambled Sobol points and their mirror images; where L is at least
 * 16 K and K at most 64 they are then sheared a little so that their mean is 0 and their covariance
 * the identity, to rounding. For as long as the decoder is nearly linear within the posterior,
 * log p(x|z) is nearly quadratic in the noise, and its average then hardly depends on the points;
 * what is odd in the noise cancels altogether. With fewer points a dimension the shear pulls in the
 * tails: the mean of |x|^4 over its expectation K (K + 2) is .50 at K = 1, L = 4 and .88 at K = 8,
 * L = 32. At 16 points a dimension .98 are left at K = 8 and .81 at K = 1 (means of 200 seeds).
 * Points of Student's t are not sheared: linear maps would change its tails, and for nu <= 2 it has
 * no covariance. DONUT_ENOMEM. */
enum donut_status donut_sampler_draw(enum donut_sampler sampler, double nu, uint64_t seed,
                                     size_t samples, size_t latent, donut_real *noise, size_t ld,
                                     struct donut_error *err);

#endif
