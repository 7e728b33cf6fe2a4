#include "base/random.h"

#include <math.h>

static const double two_pi = 6.283185307179586476925286766559;

static void philox_round(uint32_t c[4], uint32_t k0, uint32_t k1)
{
    const uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
    const uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
    const uint32_t c1 = c[1], c3 = c[3];
    c[0] = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c[1] = (uint32_t)p1;
    c[2] = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c[3] = (uint32_t)p0;
}

void donut_random_block(struct donut_stream stream, uint64_t counter, uint32_t out[4])
{
    uint32_t k0 = (uint32_t)stream.seed, k1 = (uint32_t)(stream.seed >> 32);
    out[0] = (uint32_t)counter;
    out[1] = (uint32_t)(counter >> 32);
    out[2] = stream.part;
    out[3] = stream.purpose;
    for (int round = 0; round < 10; round++) {
        philox_round(out, k0, k1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* (i + 1/2) / 2^52 for the upper 52 bits i: never 0, never 1. */
static double to_uniform(uint32_t high, uint32_t low)
{
    const uint64_t i = ((uint64_t)high << 20) | (low >> 12);
    return ((double)i + 0.5) * 0x1p-52;
}

double donut_random_uniform(struct donut_stream stream, uint64_t index)
{
    uint32_t words[4];
    donut_random_block(stream, index / 2, words);
    return index % 2 ? to_uniform(words[2], words[3]) : to_uniform(words[0], words[1]);
}

void donut_random_uniforms(struct donut_stream stream, uint64_t first, size_t n, double *out)
{
    uint32_t words[4];
    for (size_t i = 0; i < n; i++) {
        const uint64_t index = first + i;
        if (i == 0 || index % 2 == 0)
            donut_random_block(stream, index / 2, words);
        out[i] = index % 2 ? to_uniform(words[2], words[3]) : to_uniform(words[0], words[1]);
    }
}

uint64_t donut_random_below(struct donut_stream stream, uint64_t index, uint64_t bound)
{
    return (uint64_t)(donut_random_uniform(stream, index) * (double)bound);
}

void donut_random_normals(struct donut_stream stream, uint64_t first, size_t n, donut_real *out)
{
    size_t i = 0;
    while (i < n) {
        const uint64_t pair = (first + i) / 2;
        uint32_t words[4];
        donut_random_block(stream, pair, words);
        const double radius = sqrt(-2.0 * log(to_uniform(words[0], words[1])));
        const double angle = two_pi * to_uniform(words[2], words[3]);
        if ((first + i) % 2 == 0) {
            out[i++] = (donut_real)(radius * cos(angle));
            if (i == n)
                break;
        }
        out[i++] = (donut_real)(radius * sin(angle));
    }
}
