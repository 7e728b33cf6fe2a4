#include "base/sobol.h"

#include "base/quantile.h"
#include "base/sobol_directions.h"

#define BITS 32
#define CHUNK 256 /* points at a time */

_Static_assert(sizeof donut_sobol_rows / sizeof donut_sobol_rows[0] == DONUT_SOBOL_DIMENSIONS - 1,
               "one row for every dimension but the first");

/* Philox streams of one dimension, by `part`: the trees of flips below 0, 7 and 14 bits, the flips
 * of the last bits, and the draws of a dimension beyond the table. */
enum { TREES = 3, DEPTH = 7, PART_REST = TREES, PART_NORMALS };

/* Direction numbers v_1 .. v_32 of a dimension, v_j = m_j 2^(32 - j). The first has m_j = 1; of the
 * others s are given, and with the coefficients a_1 .. a_(s-1) of the polynomial
 * v_j = a_1 v_(j-1) ^ ... ^ a_(s-1) v_(j-s+1) ^ v_(j-s) ^ (v_(j-s) >> s). */
static void directions(size_t dimension, uint32_t v[BITS])
{
    static const struct donut_sobol_row halves = {1, 0, {1}};
    const struct donut_sobol_row *row = dimension ? &donut_sobol_rows[dimension - 1] : &halves;
    const int s = dimension ? row->s : BITS;
    for (int j = 0; j < s; j++)
        v[j] = (uint32_t)(dimension ? row->m[j] : 1) << (BITS - 1 - j);
    for (int j = s; j < BITS; j++) {
        v[j] = v[j - s] ^ (v[j - s] >> s);
        for (int i = 1; i < s; i++)
            if (row->a >> (s - 1 - i) & 1)
                v[j] ^= v[j - i];
    }
}

void donut_sobol_points(size_t dimension, uint64_t first, size_t n, uint32_t *out)
{
    uint32_t v[BITS], point = 0;
    directions(dimension, v);
    const uint32_t gray = (uint32_t)first ^ (uint32_t)first >> 1;
    for (int j = 0; j < BITS; j++)
        if (gray >> j & 1)
            point ^= v[j];
    for (size_t i = 0; i < n; i++) {
        out[i] = point;
        /* The Gray codes of i and i + 1 differ where i + 1 has its lowest set bit. */
        int j = 0;
        while (j < BITS - 1 && !((first + i + 1) >> j & 1))
            j++;
        point ^= v[j];
    }
}

uint64_t donut_sobol_seed(struct donut_stream stream, size_t dimension)
{
    const struct donut_stream seeds = {stream.seed, DONUT_DRAW_SOBOL, stream.part};
    uint32_t words[4];
    donut_random_block(seeds, (uint64_t)stream.purpose << 32 | dimension, words);
    return (uint64_t)words[1] << 32 | words[0];
}

/* The flips of 7 bits: a binary tree of 127 coins, the root being bit 1 of the block's 128 and the
 * children of coin c being 2 c and 2 c + 1. A bit chooses the child for the bits after it. */
static uint32_t tree_flips(const uint32_t coins[4], uint32_t bits)
{
    const uint32_t leaf = 1u << DEPTH | bits;
    uint32_t flips = 0;
    for (int d = 0; d < DEPTH; d++) {
        const uint32_t coin = leaf >> (DEPTH - d);
        flips = flips << 1 | (coins[coin >> 5] >> (coin & 31) & 1);
    }
    return flips;
}

uint32_t donut_sobol_scramble(uint64_t seed, uint32_t point)
{
    struct donut_stream stream = {seed, DONUT_DRAW_SOBOL, 0};
    uint32_t flips = 0, words[4];
    int below = BITS; /* bits not yet flipped */
    for (; stream.part < TREES; stream.part++) {
        donut_random_block(stream, (uint64_t)point >> below, words);
        below -= DEPTH;
        flips |= tree_flips(words, point >> below & ((1u << DEPTH) - 1)) << below;
    }
    stream.part = PART_REST;
    donut_random_block(stream, point >> below, words);
    return point ^ flips ^ (words[0] >> (BITS - below));
}

static void row_of_normals(uint64_t seed, size_t dimension, size_t n, donut_real *out)
{
    uint32_t points[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t count = n - first < CHUNK ? n - first : CHUNK;
        donut_sobol_points(dimension, first, count, points);
        for (size_t i = 0; i < count; i++) {
            const double middle = donut_sobol_scramble(seed, points[i]) + 0.5;
            out[first + i] = (donut_real)donut_normal_quantile(middle * 0x1p-32);
        }
    }
}

void donut_sobol_normals(struct donut_stream stream, size_t n, size_t dimensions, donut_real *out,
                         size_t ld)
{
    for (size_t k = 0; k < dimensions; k++) {
        const uint64_t seed = donut_sobol_seed(stream, k);
        const struct donut_stream beyond = {seed, DONUT_DRAW_SOBOL, PART_NORMALS};
        if (k < DONUT_SOBOL_DIMENSIONS)
            row_of_normals(seed, k, n, out + k * ld);
        else
            donut_random_normals(beyond, 0, n, out + k * ld);
    }
}
