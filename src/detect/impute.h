/* MCMC imputation of missing points (paper 3.3, Fig. 5; Rezende et al. 2014). */
#ifndef DONUT_DETECT_IMPUTE_H
#define DONUT_DETECT_IMPUTE_H

#include "model/vae.h"

struct donut_imputation {
    size_t iterations;         /* M */
    const donut_real *noise_z; /* (M, K) */
    const donut_real *noise_x; /* (M, W), for all windows alike */
};

/* Iteration number m < M: replaces the missing points of the first n lanes of panel->x (W, lanes)
 * in place, those where missing[first[l] + w] is not 0. Observed points stay as they are.
 * panel->mu_z and sd_z are then q(z|x) of the window as it was before, and panel->z what was drawn
 * of it. */
void donut_impute_once(const struct donut_kernel *kernel, const struct donut_vae *vae,
                       const struct donut_vae_panel *panel,
                       const struct donut_imputation *imputation, size_t m,
                       const unsigned char *missing, const size_t *first, size_t n);

/* All M of them. */
void donut_impute(const struct donut_kernel *kernel, const struct donut_vae *vae,
                  const struct donut_vae_panel *panel, const struct donut_imputation *imputation,
                  const unsigned char *missing, const size_t *first, size_t n);

/* Windows that are encoded together. */
struct donut_window_group {
    const donut_real *x;          /* a window is W points of it; readable as donut_detector_judge()
                                     has it */
    const unsigned char *missing; /* likewise */
    const size_t *first;          /* (n) where they begin, rising */
    size_t n;                     /* 1..panel->lanes */
    bool holed;                   /* all have missing points; else none has */
};

/* q(z|x) of windows, imputed first if need be -> panel->mu_z, sd_z. Windows at consecutive points
 * are read where they are. */
void donut_encode_group(const struct donut_kernel *kernel, const struct donut_vae *vae,
                        const struct donut_vae_panel *panel,
                        const struct donut_imputation *imputation,
                        const struct donut_window_group *group);

#endif
