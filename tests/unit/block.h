/* Buffers between forbidden pages, and error bounds, for checking kernels against plain sums in
 * double. Include it first: it asks for mmap().
 *
 * A buffer lies at the very end or the very beginning of readable memory, or at each of the 16
 * addresses modulo 64 in turn. What is left of its pages, and the gaps between strided rows, hold
 * NaN: reading it makes results NaN, writing it is seen; going beyond is the end of the test.
 *
 * Error bound of a sum. With u = eps / 2, each of k products is rounded once and then takes part in
 * at most k additions to a start value, in whatever order and with or without fused multiply-add,
 * so the error is below ((1 + u)^(k + 1) - 1) S <= (k + 2) u S, where S is the sum of the absolute
 * values of all terms, start value included. Two such sums are within (k + 2) eps S of each
 * other. */
#ifndef DONUT_TESTS_BLOCK_H
#define DONUT_TESTS_BLOCK_H

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "kernel/kernel.h"
#include "check.h"
#include "draw.h"

#include <float.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define EPS ((double)FLT_EPSILON)

/* Where the next blocks go. */
static struct {
    bool begin;           /* at the beginning of readable memory, not at the end */
    bool shifted;         /* off it, every block by another number of elements from `shift` on */
    size_t shift, blocks; /* blocks made since the place was set */
} place;

/* Number `round` of all places. */
static inline void place_set(size_t round)
{
    place.begin = round % 4 == 1 || round % 4 == 3;
    place.shifted = round % 4 >= 2;
    place.shift = round / 4;
    place.blocks = 0;
}

struct block {
    donut_real *at;
    size_t count;
    unsigned char *pages; /* between the forbidden ones */
    size_t size, page;
};

/* count zeroed elements; a test without memory ends. */
static inline void *allocate(size_t count, size_t size)
{
    void *block = count < 1u << 24 ? calloc(count ? count : 1, size) : NULL;
    if (!block) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return block;
}

static inline unsigned char *map_pages(size_t size, size_t page)
{
    unsigned char *map = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + page, size, PROT_READ | PROT_WRITE) != 0) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return map + page;
}

/* A NaN that no arithmetic makes. */
static inline bool is_poison(donut_real x)
{
    static const uint32_t poison = 0x7fdead01;
    return memcmp(&x, &poison, sizeof poison) == 0;
}

static inline void poison(donut_real *at, size_t count)
{
    static const uint32_t bits = 0x7fdead01;
    for (size_t i = 0; i < count; i++)
        memcpy(&at[i], &bits, sizeof bits);
}

/* Holds poison. */
static inline struct block block_new(size_t count)
{
    struct block b = {.count = count, .page = (size_t)sysconf(_SC_PAGESIZE)};
    const size_t lead = place.shifted ? (place.shift + 5 * place.blocks++) % 16 : 0;
    const size_t room = (count + lead) * sizeof *b.at;
    b.size = (room / b.page + 1) * b.page;
    b.pages = map_pages(b.size, b.page);
    b.at = (donut_real *)(void *)b.pages;
    poison(b.at, b.size / sizeof *b.at);
    b.at += place.begin ? lead : b.size / sizeof *b.at - count - lead;
    return b;
}

static inline void block_free(const struct block *b)
{
    munmap(b->pages - b->page, b->size + 2 * b->page);
}

static inline void blocks_free(const struct block *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        block_free(&b[i]);
}

static inline struct block block_random(struct draw *draw, size_t count)
{
    struct block b = block_new(count);
    draw_normals(draw, count, 1, b.at);
    return b;
}

/* n rows of `width` values, `ld` apart, which may be less than `width`. */
static inline struct block block_rows(struct draw *draw, size_t n, size_t width, size_t ld)
{
    struct block b = block_new(n ? (n - 1) * ld + width : 0);
    for (size_t i = 0; i < n; i++)
        draw_normals(draw, width, 1, b.at + i * ld);
    return b;
}

static inline struct block block_copy(const struct block *from)
{
    struct block b = block_new(from->count);
    for (size_t i = 0; i < from->count; i++)
        b.at[i] = from->at[i];
    return b;
}

/* Now and then a NaN among the values of one of n blocks. */
static inline void sprinkle(struct draw *draw, const struct block *b, size_t n)
{
    if (draw_below(draw, 5) > 0)
        return;
    const struct block *one = &b[draw_below(draw, n)];
    const size_t i = draw_below(draw, one->count + 1);
    if (i < one->count)
        one->at[i] = (donut_real)NAN;
}

/* Lanes [first, first + lanes) of a matrix (rows, whole; ld) as a matrix of their own. */
static inline struct block block_lanes(const struct block *from, size_t rows, size_t ld,
                                       size_t first, size_t lanes)
{
    struct block b = block_new(rows * lanes);
    for (size_t i = 0; i < rows * lanes; i++)
        b.at[i] = from->at[i / lanes * ld + first + i % lanes];
    return b;
}

static inline bool same_bits(donut_real a, donut_real b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* `part` is exactly those lanes of the matrix `whole`. */
static inline void check_lanes(const char *what, const struct block *whole, size_t rows, size_t ld,
                               size_t first, const struct block *part, size_t lanes)
{
    size_t different = 0;
    for (size_t i = 0; i < rows * lanes; i++)
        different += !same_bits(part->at[i], whole->at[i / lanes * ld + first + i % lanes]);
    CHECK_THAT(different == 0, "%s: %zu of %zu depend on other lanes", what, different,
               rows * lanes);
}

static inline void check_margins(const char *what, const struct block *b)
{
    const donut_real *from = (const donut_real *)(const void *)b->pages;
    const size_t n = b->size / sizeof *from, lead = (size_t)(b->at - from);
    bool good = true;
    for (size_t i = 0; i < n; i++)
        good = good && ((i >= lead && i < lead + b->count) || is_poison(from[i]));
    CHECK_THAT(good, "%s: written outside of the buffer", what);
}

/* What is wanted of one output element, and how far off it may be. */
struct want {
    double value, size; /* the sum, and the sum of absolute values */
    double slack;       /* an absolute error allowed beside that of rounding */
};

static inline void want_add(struct want *want, double term)
{
    want->value += term;
    want->size += fabs(term);
}

static inline struct want *want_new(size_t count)
{
    return allocate(count, sizeof(struct want));
}

static inline struct want *want_start(const struct block *start)
{
    struct want *want = want_new(start->count);
    for (size_t i = 0; i < start->count; i++)
        want_add(&want[i], (double)start->at[i]);
    return want;
}

/* |got - value| <= (terms + 2) eps size + slack, or the rounding of a denormal number; NaN where
 * that is wanted and nowhere else */
static inline bool is_wanted(double got, double value, const struct want *want, size_t terms)
{
    if (isnan(value) || isnan(got))
        return isnan(value) && isnan(got);
    return fabs(got - value) <=
           (double)(terms + 2) * EPS * want->size + want->slack + 2 * (double)FLT_TRUE_MIN;
}

/* Every element, against the truth and against what the plain variant makes of the same. */
static inline void check_block(const char *what, const struct block *got, const struct block *plain,
                               const struct want *want, size_t terms)
{
    size_t first = 0, wrong = 0;
    for (size_t i = 0; i < got->count; i++) {
        const double here = (double)got->at[i];
        if (!is_wanted(here, want[i].value, &want[i], terms) ||
            !is_wanted(here, (double)plain->at[i], &want[i], terms))
            first = wrong++ ? first : i;
    }
    CHECK_THAT(wrong == 0, "%s: %zu of %zu wrong, first [%zu] = %.9g, want %.9g, plain %.9g", what,
               wrong, got->count, first, wrong ? (double)got->at[first] : 0,
               wrong ? want[first].value : 0, wrong ? (double)plain->at[first] : 0);
    check_margins(what, got);
}

#endif
