#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t round_up(size_t bytes)
{
    if (bytes > SIZE_MAX - DONUT_ALIGN)
        return SIZE_MAX;
    return (bytes + DONUT_ALIGN - 1) / DONUT_ALIGN * DONUT_ALIGN;
}

static size_t piece_size(size_t rows, size_t columns)
{
    if (columns != 0 && rows > SIZE_MAX / sizeof(donut_real) / columns)
        return SIZE_MAX;
    return round_up(rows * columns * sizeof(donut_real));
}

donut_real *donut_arena_reals(struct donut_arena *arena, size_t rows, size_t columns)
{
    const size_t bytes = piece_size(rows, columns);
    if (!arena->block) {
        arena->size = bytes > SIZE_MAX - arena->size ? SIZE_MAX : arena->size + bytes;
        return NULL;
    }
    unsigned char *piece = arena->block + arena->used;
    arena->used += bytes;
    return (donut_real *)(void *)piece;
}

bool donut_arena_allocate(struct donut_arena *arena)
{
    if (arena->size >= SIZE_MAX - DONUT_ALIGN)
        return false;
    arena->block = aligned_alloc(DONUT_ALIGN, arena->size ? arena->size : DONUT_ALIGN);
    arena->used = 0;
    if (!arena->block)
        return false;
    memset(arena->block, 0, arena->size);
    return true;
}

void donut_arena_free(struct donut_arena *arena)
{
    free(arena->block);
    *arena = (struct donut_arena){0};
}

void *donut_calloc(size_t n, size_t size)
{
    return calloc(n ? n : 1, size ? size : 1);
}
