/* KPI units <-> the network's units: zero mean and unit variance over the normal training points
 * (paper 3.2, "Data Preparation"). */
#ifndef DONUT_DATA_STANDARDISE_H
#define DONUT_DATA_STANDARDISE_H

#include "base/real.h"
#include "donut.h"

struct donut_scale {
    double mean, std; /* KPI units; std > 0 */
    double fill;      /* stands for a missing point, standardised */
    double limit;     /* |x| beyond it is held there, standardised */
};

/* From value (n; NaN = missing), leaving out points with label 1 (label may be NULL). With
 * DONUT_FILL_ZERO the fill is the KPI's own 0, but at most 5 standard deviations from the mean, so
 * that a KPI far from 0 is not thrown off. The limit is twice the largest deviation of the usable
 * points, at least 10: a labelled or later value beyond anything normal, a counter's overflow say,
 * stays as strange as can be without blinding the encoder to the rest of its window.
 * DONUT_EINPUT: nothing to learn from, constant, or too large to square. */
enum donut_status donut_scale_fit(const double *value, const unsigned char *label, size_t n,
                                  enum donut_missing_fill fill, struct donut_scale *scale,
                                  struct donut_error *err);

/* value (n) -> x (n), the fill where missing, held within the limit. */
void donut_standardise(const struct donut_scale *scale, const double *value, size_t n,
                       donut_real *x);

/* The same for what does not go through the network: held within DONUT_WIDEST_LIMIT, which is above
 * every other limit. */
#define DONUT_WIDEST_LIMIT 1e9
void donut_standardise_wide(const struct donut_scale *scale, const double *value, size_t n,
                            donut_real *x);

#endif
