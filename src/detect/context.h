/* The points that windows are cut from: a stretch of a series with the W - 1 points before it,
 * taken from the series, from the training points kept in the model, or imputed. */
#ifndef DONUT_DETECT_CONTEXT_H
#define DONUT_DETECT_CONTEXT_H

#include "model/model.h"

struct donut_context {
    size_t n;               /* W - 1 + points */
    donut_real *x;          /* (n + DONUT_PANEL) standardised, filled where missing */
    donut_real *wide;       /* (n) likewise, for verdicts: beyond the limit, too */
    unsigned char *missing; /* (n) 0 or 1 */
    unsigned char *warmup; /* (n) 1 = the window that ends here is a warm-up: it reaches back before
                              all data, or is sparse */
};

/* Whether [from, to) are points of the series and it has the model's interval; DONUT_EARGUMENT and
 * DONUT_EINPUT if not. */
enum donut_status donut_context_check(const struct donut_model *model,
                                      const struct donut_series *series, size_t from, size_t to,
                                      struct donut_error *err);

/* sparse[i] = 1 where fewer than a quarter of the points of the window that ends at i, i >= W - 1,
 * are observed: what is imputed from so little is a guess.   missing, sparse (n) */
void donut_mark_sparse(const unsigned char *missing, size_t n, size_t window,
                       unsigned char *sparse);

/* The W - 1 points before the time of a grid point, from the last training points where those are
 * in reach, else NaN. Returns how many of them, the first ones, lie before all data: windows that
 * hold one of those are a warm-up.   value (W - 1) */
size_t donut_context_before(const struct donut_model *model, int64_t start_ms, double *value);

/* For the grid points [from, to) of the series: point `from` is x[W - 1]. DONUT_ENOMEM. */
enum donut_status donut_context_new(const struct donut_model *model,
                                    const struct donut_series *series, size_t from, size_t to,
                                    struct donut_context *context, struct donut_error *err);
void donut_context_free(struct donut_context *context);

#endif
