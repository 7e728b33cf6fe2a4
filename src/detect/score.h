/* The detector: reconstruction probability of the last point of a window (paper 3.3), with MCMC
 * imputation of its missing points first.
 *
 * All windows share the same draws of z and the same imputation noise. So a score is a function of
 * the window alone, not of where it stands or what it is scored together with, and two windows'
 * scores differ by their content only. */
#ifndef DONUT_DETECT_SCORE_H
#define DONUT_DETECT_SCORE_H

#include "model/model.h"

struct donut_detector {
    const struct donut_model *model;
    const struct donut_kernel *kernel;
    size_t samples, iterations;      /* L, M */
    struct donut_vae_work work;      /* encoder and whole decoder, for up to a batch of windows */
    donut_real *noise_z;             /* (L, K) */
    donut_real *impute_z, *impute_x; /* (M, K), (M, W) */
    donut_real *window;              /* (batch, W) */
    donut_real *imputed;             /* (batch, W) the windows with missing points, side by side */
    unsigned char *mask;             /* (batch, W) their missing points */
    /* The decoder's last point only, for a chunk of samples at a time. */
    donut_real *last_mu, *last_sd;       /* (h) its column of the two heads */
    donut_real *z;                       /* (chunk, K) */
    donut_real *hidden[DONUT_MAX_DEPTH]; /* (chunk, h) */
    donut_real *mu, *logit, *sd;         /* (chunk) */
    donut_real *one;                     /* (1) */
    double *log_density;                 /* (chunk) */
    struct donut_arena arena;
};

#define DONUT_DETECTOR_BATCH 64

/* DONUT_ENOMEM. The model is borrowed until donut_detector_free(). */
enum donut_status donut_detector_new(const struct donut_model *model, size_t samples,
                                     size_t iterations, struct donut_detector *detector,
                                     struct donut_error *err);
void donut_detector_free(struct donut_detector *detector);

/* What is known of the last point of a window, in standardised units. */
struct donut_verdict {
    double score;    /* -(1/L) sum_l log p(x_t|z_l); NaN when x_t is missing */
    double mean, sd; /* of the mixture (1/L) sum_l p(x_t|z_l): sd^2 = E[sd_x^2] + Var[mu_x] */
};

/* Judges the windows that end at x[end[0]], x[end[1]], ... (n <= DONUT_DETECTOR_BATCH); each has
 * W points x[end - W + 1 .. end], standardised; missing ones are filled and have missing[] = 1.
 * DONUT_EMODEL: the model gives a score that is not finite. */
enum donut_status donut_detector_judge(struct donut_detector *detector, const donut_real *x,
                                       const unsigned char *missing, const size_t *end, size_t n,
                                       struct donut_verdict *verdict, struct donut_error *err);

#endif
