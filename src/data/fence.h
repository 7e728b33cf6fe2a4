/* How far the values of a KPI can be from its middle before they are too wild to belong to it. */
#ifndef DONUT_DATA_FENCE_H
#define DONUT_DATA_FENCE_H

#include <stdbool.h>
#include <stddef.h>

struct donut_fence {
    double low, high; /* a value beyond them is wild; -INFINITY, INFINITY = none is */
};

/* The fence of DONUT_SCALE_ROBUST around value (n; NaN = missing), but for points with label 1
 * (label may be NULL). It follows ranks alone, which one value more or less hardly moves. What
 * happens every day, for a quarter of an hour at least, is more than 1 % and within it however high
 * it goes. False: no memory. */
bool donut_fence_find(const double *value, const unsigned char *label, size_t n,
                      struct donut_fence *fence);

#endif
