/* MCMC imputation of missing points (paper 3.3, Fig. 5; Rezende et al. 2014). */
#ifndef DONUT_DETECT_IMPUTE_H
#define DONUT_DETECT_IMPUTE_H

#include "model/vae.h"

struct donut_imputation {
    size_t iterations;         /* M */
    const donut_real *noise_z; /* (M, K) */
    const donut_real *noise_x; /* (M, W), for all windows alike */
};

/* Replaces the missing points of the first n lanes of panel->x (W, lanes) in place: those where
 * missing[first[l] + w] is not 0. Observed points stay as they are. */
void donut_impute(const struct donut_kernel *kernel, const struct donut_vae *vae,
                  const struct donut_vae_panel *panel, const struct donut_imputation *imputation,
                  const unsigned char *missing, const size_t *first, size_t n);

#endif
