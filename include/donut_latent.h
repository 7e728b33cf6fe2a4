/* SPDX-License-Identifier: MIT
 *
 * What goes on inside a model: where its windows lie in the space of z, what it makes of a z, and
 * how it imputes a window. Included by donut.h, whose rules hold. Everything runs in the thread of
 * the caller. */
#ifndef DONUT_LATENT_H
#define DONUT_LATENT_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

struct donut_encode_options {
    size_t every;           /* so many points from one window to the next, >= 1; 1 */
    size_t draws;           /* of z in each window, 0..1e6; 1 */
    uint64_t seed;          /* of these draws, any; 0 */
    size_t mcmc_iterations; /* M for windows with missing points; SIZE_MAX = as trained; 0 = none */
    const char *kernel;     /* as for training */
};

struct donut_encode_options donut_encode_defaults(void);

/* One draw of z in one window, or a window without a draw. Lent for the call. */
struct donut_encoding {
    size_t point;          /* of the series: the last one of the window */
    size_t abnormal;       /* how many of its W points are missing, labelled or before all data */
    const double *mu, *sd; /* (K) of q(z|x) */
    size_t draw;           /* from 1; 0 = none */
    const double *z;       /* (K), or NULL without a draw */
};

/* Returns true to stop. */
typedef bool donut_encode_fn(void *context, const struct donut_encoding *encoding);

/* q(z|x) of the windows whose last points are from, from + every, ... < to, and draws of z of it,
 * in that order. Windows reach back as for donut_score(), and missing points are imputed first with
 * the noise that it has. A draw is a function of q(z|x), the seed, its number and the time of the
 * window alone: neither the range nor `every` changes it. Errors as donut_score(); DONUT_ECANCELLED
 * when the callback stops it. */
enum donut_status donut_encode(const struct donut_model *model, const struct donut_series *series,
                               size_t from, size_t to, const struct donut_encode_options *opt,
                               donut_encode_fn *encoding, void *context, struct donut_error *err);

/* p(x|z) of any z (n, K): its mean (n, W) and standard deviation (n, W) in the KPI's units.
 * `kernel` as for training. Errors: DONUT_EARGUMENT (kernel);
 * DONUT_EINPUT with err->line the 1-based row of a z that is not finite, or so large that p(x|z) is
 * not; DONUT_ENOMEM. */
enum donut_status donut_decode(const struct donut_model *model, const double *z, size_t n,
                               const char *kernel, double *mean, double *sd,
                               struct donut_error *err);

struct donut_trace_options {
    double hide;            /* share of the observed points that are hidden first, [0, 1]; 0 */
    uint64_t seed;          /* of what is hidden and, added to the model's own, of the chain; 0 =
                               the chain that donut_score() has; 0 */
    size_t mcmc_iterations; /* M; SIZE_MAX = as trained */
    const char *kernel;     /* as for training */
};

struct donut_trace_options donut_trace_defaults(void);

enum donut_point_status {
    DONUT_POINT_OBSERVED,
    DONUT_POINT_MISSING, /* it has no value, or lies before all data */
    DONUT_POINT_HIDDEN   /* its value is treated as missing */
};

struct donut_traced_point {
    int64_t time_ms;
    int16_t offset_minutes; /* of the written local time */
    double value;           /* the KPI's; NaN = missing */
    enum donut_point_status status;
};

/* A window after so many iterations of MCMC imputation. Lent for the call. */
struct donut_trace_step {
    size_t iteration;                       /* 0 = filled, not yet imputed .. M = imputed */
    const struct donut_traced_point *point; /* (W) */
    const double *filled;                   /* (W) what the window holds, KPI's units */
    const double *mu, *sd;                  /* (K) of q(z|x) of this window */
    const double *z;                        /* (K) drawn of it: what the next iteration begins with
                                               or, after the last, would */
};

/* Returns true to stop. */
typedef bool donut_trace_fn(void *context, const struct donut_trace_step *step);

/* Imputes the one window whose last point is `point` of the series: M + 1 calls. The share `hide`
 * of its observed points is rounded to a whole number of them; of the same seed, a larger share
 * hides the same points and more. Errors as donut_encode(). */
enum donut_status donut_trace_imputation(const struct donut_model *model,
                                         const struct donut_series *series, size_t point,
                                         const struct donut_trace_options *opt,
                                         donut_trace_fn *step, void *context,
                                         struct donut_error *err);

#ifdef __cplusplus
}
#endif

#endif
