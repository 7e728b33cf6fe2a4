/* Reproducible random inputs for tests: one generator per test program, its seed printed. */
#ifndef DONUT_TESTS_DRAW_H
#define DONUT_TESTS_DRAW_H

#include "base/random.h"

#include <stdio.h>

struct draw {
    uint64_t seed, next;
};

static inline struct draw draw_new(const char *name, uint64_t seed)
{
    printf("%s: seed %llu\n", name, (unsigned long long)seed);
    return (struct draw){.seed = seed};
}

/* Draw `index` of a stream: 32 random bits. */
static inline uint32_t draw_bits(struct donut_stream stream, uint64_t index)
{
    uint32_t words[4];
    donut_random_block(stream, index / 4, words);
    return words[index % 4];
}

static inline double draw_between(struct draw *draw, double low, double high)
{
    const struct donut_stream stream = {draw->seed, DONUT_DRAW_TEST, 0};
    return low + (high - low) * donut_random_uniform(stream, draw->next++);
}

static inline size_t draw_below(struct draw *draw, size_t bound)
{
    const struct donut_stream stream = {draw->seed, DONUT_DRAW_TEST, 1};
    return (size_t)donut_random_below(stream, draw->next++, bound);
}

/* count normal values with standard deviation `scale` */
static inline void draw_normals(struct draw *draw, size_t count, double scale, donut_real *out)
{
    const struct donut_stream stream = {draw->seed, DONUT_DRAW_TEST, 2};
    donut_random_normals(stream, draw->next, count, out);
    draw->next += count;
    for (size_t i = 0; i < count; i++)
        out[i] = (donut_real)(scale * (double)out[i]);
}

/* count values that are 0 with probability `missing` and else 1 */
static inline void draw_alpha(struct draw *draw, size_t count, double missing, donut_real *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = draw_between(draw, 0, 1) < missing ? 0 : 1;
}

#endif
