/* MCMC imputation of missing points (paper 3.3, Fig. 5; Rezende et al. 2014). */
#ifndef DONUT_DETECT_IMPUTE_H
#define DONUT_DETECT_IMPUTE_H

#include "model/vae.h"

struct donut_imputation {
    size_t iterations;         /* M */
    const donut_real *noise_z; /* (M, K) */
    const donut_real *noise_x; /* (M, W), for all windows alike */
};

/* Replaces the missing points of x (n, W) in place; missing (n, W) nonzero = missing. Observed
 * points stay as they are. work has room for n windows. */
void donut_impute(const struct donut_kernel *kernel, const struct donut_vae *vae,
                  struct donut_vae_work *work, const struct donut_imputation *imputation, size_t n,
                  donut_real *x, const unsigned char *missing);

#endif
