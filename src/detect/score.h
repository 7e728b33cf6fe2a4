/* The detector: reconstruction probability of the last point of a window (paper 3.3), or another
 * kind of score, with MCMC imputation of the window's missing points first.
 *
 * All windows share the same draws of z and the same imputation noise. So a score is a function of
 * the window alone, not of where it stands or what it is scored together with, and two windows'
 * scores differ by their content only. */
#ifndef DONUT_DETECT_SCORE_H
#define DONUT_DETECT_SCORE_H

#include "detect/impute.h"
#include "model/engine.h"
#include "model/model.h"
#include "nn/latent.h"

/* How z and missing points are drawn, and what is made of it. */
struct donut_draws {
    enum donut_sampler sampler;
    size_t samples, iterations; /* L, M */
    uint64_t seed;
    enum donut_score_kind score_by; /* not the default one */
};

/* What the decoder makes of z drawn from the prior, the same for every window. */
struct donut_prior {
    donut_real *heads;                 /* (2 ld) see detect/mixture.h; NULL = not decoded yet */
    struct donut_draws draws;          /* what it was drawn ... */
    const struct donut_kernel *kernel; /* ... and decoded with */
};

/* What a detector needs of a model besides the model itself. */
struct donut_target {
    const struct donut_model *model;
    donut_real *last_w,
        *last_b; /* (h, 2), (2): the mean and std heads' columns of the last point */
    struct donut_arena arena;
    struct donut_prior prior; /* for scores by the prior */
};

/* Borrows the model until donut_target_free(). DONUT_ENOMEM. */
enum donut_status donut_target_new(const struct donut_model *model, struct donut_target *target,
                                   struct donut_error *err);
void donut_target_free(struct donut_target *target);

struct donut_detector {
    const struct donut_target *target; /* whose windows are judged */
    struct donut_vae_shape shape;
    struct donut_draws draws;
    const struct donut_kernel *kernel;
    struct donut_pool *pool;
    size_t ld;           /* L rounded up to DONUT_LANES */
    size_t unit;         /* windows that a thread judges in one go */
    donut_real *noise_z; /* (K, L; ld) */
    struct donut_law law;
    double noise_log_density; /* (1/L) sum_l log f(noise_l), f the law of z; for scores by the ELBO
                               */
    struct donut_imputation imputation;
    donut_real *impute_z, *impute_x; /* (M, K), (M, W) */
    struct donut_vae_work work;      /* a panel for each thread */
    struct donut_scratch *scratch;   /* (threads) */
    struct donut_arena arena;
};

/* A detector for models of this shape, without a target yet. DONUT_ENOMEM. The engine is borrowed
 * until donut_detector_free(). */
enum donut_status donut_detector_new(const struct donut_engine *engine,
                                     const struct donut_vae_shape *shape,
                                     const struct donut_draws *draws,
                                     struct donut_detector *detector, struct donut_error *err);
void donut_detector_free(struct donut_detector *detector);

/* Lets it judge the target's windows, the shape of whose model it is made for. The target is
 * borrowed until the next call, and remembers what does not depend on the window. DONUT_ENOMEM. */
enum donut_status donut_detector_aim(struct donut_detector *detector, struct donut_target *target,
                                     struct donut_error *err);

/* What is known of the last point of a window, in standardised units. */
struct donut_verdict {
    double score;    /* as enum donut_score_kind says; NaN when x_t is missing */
    double mean, sd; /* of the mixture (1/L) sum_l p(x_t|z_l): sd^2 = E[sd_x^2] + Var[mu_x] */
};

/* Whether it would judge such a model as one made for it does. */
bool donut_detector_fits(const struct donut_detector *detector, const struct donut_vae_shape *shape,
                         const struct donut_draws *draws);

/* Judges the target's windows that end at x[end[0]], x[end[1]], ..., each end greater than the one
 * before; each has W points x[end - W + 1 .. end], standardised; missing ones are filled and have
 * missing[] = 1. DONUT_PANEL more elements of x must be readable after the last end. DONUT_EMODEL:
 * the model gives a score that is not finite. */
enum donut_status donut_detector_judge(struct donut_detector *detector, const donut_real *x,
                                       const unsigned char *missing, const size_t *end, size_t n,
                                       struct donut_verdict *verdict, struct donut_error *err);

/* How many windows to judge in a call, so that all threads are busy and the caller is back in a
 * moment. */
size_t donut_detector_batch(const struct donut_detector *detector);

#endif
