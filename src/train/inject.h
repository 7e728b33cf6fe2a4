/* Missing-data injection (paper 3.2): before an epoch a share lambda of the normal points is hidden
 * as if missing; after it they are brought back. */
#ifndef DONUT_TRAIN_INJECT_H
#define DONUT_TRAIN_INJECT_H

#include "base/random.h"

#include <stdbool.h>

struct donut_injection {
    size_t *index;     /* (capacity) hidden points */
    donut_real *value; /* (capacity) what stood there */
    size_t n;
};

/* Room for hiding any of `capacity` points; false when out of memory. */
bool donut_injection_new(size_t capacity, struct donut_injection *injection);
void donut_injection_free(struct donut_injection *injection);

/* Hides each normal point with probability `rate`: x = fill, and alpha, which was 1, = 0, or stays
 * where it is NULL.   normal, x, alpha (n) */
void donut_inject(struct donut_injection *injection, struct donut_stream stream, double rate,
                  donut_real fill, size_t n, const unsigned char *normal, donut_real *x,
                  donut_real *alpha);

/* Brings back what donut_inject() hid. */
void donut_inject_undo(struct donut_injection *injection, donut_real *x, donut_real *alpha);

#endif
