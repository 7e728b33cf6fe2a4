/* What it takes to encode and impute windows of one model, without judging them. */
#ifndef DONUT_DETECT_RIG_H
#define DONUT_DETECT_RIG_H

#include "detect/score.h"

struct donut_latent_rig {
    struct donut_engine engine;
    struct donut_detector detector; /* for its imputation; without a target */
    struct donut_vae_panel panel;
};

/* One thread, M iterations and the noise that a score with this seed has. DONUT_EARGUMENT: no such
 * kernel; DONUT_ENOMEM. */
enum donut_status donut_latent_rig_start(const struct donut_model *model, const char *kernel,
                                         size_t iterations, uint64_t seed,
                                         struct donut_latent_rig *rig, struct donut_error *err);
void donut_latent_rig_stop(struct donut_latent_rig *rig);

/* M as it will be used; DONUT_EARGUMENT. */
enum donut_status donut_latent_iterations(const struct donut_model *model, size_t given,
                                          size_t *iterations, struct donut_error *err);

/* The number of grid point `i`, which may be below 0, counted from 1970: what is drawn for it is
 * the same in every series that it is in. */
uint64_t donut_grid_number(const struct donut_series *series, int64_t i);

/* DONUT_EMODEL unless all n are finite. */
enum donut_status donut_latent_check(const double *x, size_t n, struct donut_error *err);

#endif
