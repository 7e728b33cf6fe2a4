/* The latest values of a statistic, each in a unit of its own, and whether they have become unusual
 * for good. */
#ifndef DONUT_DETECT_RING_H
#define DONUT_DETECT_RING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct donut_ring {
    size_t capacity, at;
    size_t known, above; /* values that are not NaN; those of them beyond `high` units, of either
                            sign */
    donut_real high;
    donut_real *value, *unit; /* (capacity) NaN = unknown; > 0 */
    donut_real *room;         /* (capacity) */
};

/* Empties it: all unknown. value, unit and room are there. */
void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high);

/* The oldest makes room for this one. */
void donut_ring_push(struct donut_ring *ring, donut_real value, donut_real unit);

/* 0; but where more than 7 of 8 values are beyond `high`, and half of the ring is known, their
 * median. */
double donut_ring_shift(const struct donut_ring *ring);

/* 1; but there, what brings the median of their distances from `shift`, in units, back to `usual`:
 * usual / median, or 1 if that is more. */
double donut_ring_relief(const struct donut_ring *ring, double shift, double usual);

#endif
