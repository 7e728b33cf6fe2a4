/* Poisoned buffers and error bounds for checking kernels against plain sums in double.
 *
 * Buffers stand between poisoned margins at odd addresses and the gaps between strided rows hold
 * NaN: reading outside makes the results NaN, writing outside is seen in the margins.
 *
 * Error bound of a sum. With u = eps / 2, each of k products is rounded once and then takes part in
 * at most k additions to a start value, in whatever order and with or without fused multiply-add,
 * so the error is below ((1 + u)^(k + 1) - 1) S <= (k + 2) eps S, where S is the sum of the
 * absolute values of all terms, start value included. */
#ifndef DONUT_TESTS_BLOCK_H
#define DONUT_TESTS_BLOCK_H

#include "check.h"
#include "draw.h"

#include <float.h>
#include <stdlib.h>

#define MARGIN 24
#define EPS ((double)FLT_EPSILON)

struct block {
    donut_real *whole, *at;
    size_t count, lead;
};

/* count zeroed elements; a test without memory ends. */
static inline void *allocate(size_t count, size_t size)
{
    void *block = count < 1u << 24 ? calloc(count, size) : NULL;
    if (!block) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return block;
}

static inline struct block block_new(struct draw *draw, size_t count)
{
    struct block b = {.count = count, .lead = MARGIN - draw_below(draw, 8)};
    b.whole = allocate(count + 2 * MARGIN, sizeof *b.whole);
    for (size_t i = 0; i < count + 2 * MARGIN; i++)
        b.whole[i] = (donut_real)NAN;
    b.at = b.whole + b.lead;
    return b;
}

static inline struct block block_random(struct draw *draw, size_t count)
{
    struct block b = block_new(draw, count);
    draw_normals(draw, count, 1, b.at);
    return b;
}

/* n rows of `width` values, `ld` apart. */
static inline struct block block_rows(struct draw *draw, size_t n, size_t width, size_t ld)
{
    struct block b = block_new(draw, n ? (n - 1) * ld + width : 0);
    for (size_t i = 0; i < n; i++)
        draw_normals(draw, width, 1, b.at + i * ld);
    return b;
}

static inline struct block block_copy(struct draw *draw, const struct block *from)
{
    struct block b = block_new(draw, from->count);
    for (size_t i = 0; i < from->count; i++)
        b.at[i] = from->at[i];
    return b;
}

static inline void block_free(struct block *b)
{
    free(b->whole);
}

static inline void check_margins(const char *what, const struct block *b)
{
    bool good = true;
    for (size_t i = 0; i < b->count + 2 * MARGIN; i++)
        if (i < b->lead || i >= b->lead + b->count)
            good = good && isnan(b->whole[i]);
    CHECK_THAT(good, "%s: written outside of the buffer", what);
}

/* What is wanted of one output element, and how far off it may be. */
struct want {
    double value, size; /* the sum, and the sum of absolute values */
};

static inline void want_add(struct want *want, double term)
{
    want->value += term;
    want->size += fabs(term);
}

/* |got - value| <= (terms + 2) eps size + tiny, for every element */
static inline void check_block(const char *what, const struct block *got, const struct want *want,
                               size_t terms, double tiny)
{
    size_t worst = 0, wrong = 0;
    for (size_t i = 0; i < got->count; i++) {
        const double bound = (double)(terms + 2) * EPS * want[i].size + tiny;
        if (fabs((double)got->at[i] - want[i].value) <= bound)
            continue;
        worst = wrong++ ? worst : i;
    }
    CHECK_THAT(wrong == 0, "%s: %zu of %zu wrong, first [%zu] = %.9g, want %.9g", what, wrong,
               got->count, worst, wrong ? (double)got->at[worst] : 0,
               wrong ? want[worst].value : 0);
    check_margins(what, got);
}

static inline struct want *want_new(size_t count)
{
    return allocate(count + 1, sizeof(struct want));
}

static inline struct want *want_start(const struct block *start)
{
    struct want *want = want_new(start->count);
    for (size_t i = 0; i < start->count; i++)
        want_add(&want[i], (double)start->at[i]);
    return want;
}

#endif
