/* The latest values of a statistic, and whether they have become unusual for good. */
#ifndef DONUT_DETECT_RING_H
#define DONUT_DETECT_RING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct donut_ring {
    size_t capacity, at;
    size_t known, above; /* values that are not NaN; those of them whose size is above `high` */
    donut_real high;
    donut_real *value; /* (capacity) NaN = unknown */
    donut_real *room;  /* (capacity) */
};

/* Empties it: all unknown. value and room are the caller's. */
void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high, donut_real *value,
                      donut_real *room);

/* The oldest makes room for this one. */
void donut_ring_push(struct donut_ring *ring, donut_real value);

/* Where the values lie now: what is normal is `centre` off, and `scale` times as wide, >= 1. That
 * is 0 and 1 unless half of the ring is known and more than half of that above `high`. Then the
 * centre is the median and the scale is the median distance from it over the usual one.
 * `spread_only`: the centre stays 0. */
struct donut_shift {
    double centre, scale;
};
struct donut_shift donut_ring_shift(const struct donut_ring *ring, double usual, bool spread_only);

#endif
