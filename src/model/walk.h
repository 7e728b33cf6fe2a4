/* One walk over the fields of a file serves counting, writing and reading them: a field is written
 * from or read into its variable, so that the directions cannot disagree. Little-endian. */
#ifndef DONUT_MODEL_WALK_H
#define DONUT_MODEL_WALK_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DONUT_ENDIAN_MARK 0x01020304u /* bytes 04 03 02 01 */

struct donut_walk {
    enum { DONUT_WALK_COUNT, DONUT_WALK_WRITE, DONUT_WALK_READ } mode;
    uint32_t version;     /* of the file's format, for whoever walks */
    unsigned char *bytes; /* (size), NULL when counting; not written to when reading */
    size_t size, at;
    bool bad; /* it ran past the end, or a number does not fit its variable */
};

/* A walk that reads `size` bytes. */
struct donut_walk donut_walk_reading(const void *bytes, size_t size);

/* The lowest `width` <= 8 bytes of *bits. */
void donut_walk_bytes(struct donut_walk *walk, uint64_t *bits, size_t width);

void donut_walk_u32(struct donut_walk *walk, uint32_t *value);
void donut_walk_u64(struct donut_walk *walk, uint64_t *value);
void donut_walk_size(struct donut_walk *walk, size_t *value); /* as u64 */
void donut_walk_i64(struct donut_walk *walk, int64_t *value);
void donut_walk_f64(struct donut_walk *walk, double *value); /* every NaN as one */

/* n values as float; what is not finite is bad. */
void donut_walk_reals(struct donut_walk *walk, donut_real *values, size_t n);

/* The next `size` bytes as they are: the place of theirs in walk->bytes; NULL when counting or
 * when they are not all there. */
unsigned char *donut_walk_text(struct donut_walk *walk, size_t size);

/* Whether what is left of the walk has room for `size` bytes. */
bool donut_walk_has(const struct donut_walk *walk, size_t size);

#endif
