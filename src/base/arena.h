/* One aligned block of memory, from which named pieces are cut: sizes are added up first with
 * checked arithmetic, then there is one allocation and one free. */
#ifndef DONUT_BASE_ARENA_H
#define DONUT_BASE_ARENA_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>

#define DONUT_ALIGN 64

struct donut_arena {
    unsigned char *block; /* NULL while the sizes are being added up */
    size_t size;          /* bytes asked for in total; SIZE_MAX = overflow */
    size_t used;
};

/* `rows * columns` values, zeroed, 64-byte aligned. Before donut_arena_allocate() it only counts
 * and returns NULL; after it, the same calls in the same order return the pieces. */
donut_real *donut_arena_reals(struct donut_arena *arena, size_t rows, size_t columns);

/* Allocates what has been counted. False: no memory, or the sizes overflowed. */
bool donut_arena_allocate(struct donut_arena *arena);

void donut_arena_free(struct donut_arena *arena);

/* calloc() of n * size bytes whose product is checked; n = 0 gives a valid, empty block. */
void *donut_calloc(size_t n, size_t size);

#endif
