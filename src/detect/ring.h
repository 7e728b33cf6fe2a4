/* The latest values of a statistic, and whether they have become unusual for good. */
#ifndef DONUT_DETECT_RING_H
#define DONUT_DETECT_RING_H

#include "base/arena.h"

#include <stddef.h>

struct donut_ring {
    size_t capacity, at;
    size_t known, above; /* values that are not NaN; those of them above `high` */
    donut_real high;
    donut_real *value; /* (capacity) NaN = unknown */
    donut_real *room;  /* (capacity) */
};

/* Empties it: all unknown. value and room are the caller's. */
void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high, donut_real *value,
                      donut_real *room);

/* The oldest makes room for this one. */
void donut_ring_push(struct donut_ring *ring, donut_real value);

/* 1; but where more than half of the values are above `high`, and half of the ring is known, what
 * brings their median back to `usual`: usual / median. */
double donut_ring_relief(const struct donut_ring *ring, double usual);

#endif
