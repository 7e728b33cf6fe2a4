/* The noise of z that training and validation give a window, in double. */
#ifndef DONUT_TESTS_PANEL_NOISE_H
#define DONUT_TESTS_PANEL_NOISE_H

#include "base/random.h"

#include <math.h>

/* Normal (k, lane) of panel number `panel`, from the words that kernel/kernel.h and nn/gauss.c say
 * it is made of: 16 blocks for two of the `latent` rows, one pair of words for two lanes. */
static inline double panel_noise(struct donut_stream stream, size_t latent, size_t panel, size_t k,
                                 size_t lane)
{
    const uint64_t group = panel * ((latent + 1) / 2) + k / 2;
    uint32_t words[4];
    donut_random_block(stream, group * 16 + lane % 16, words);
    const uint32_t *pair = &words[k % 2 * 2];
    const double r = sqrt(-2 * log(((double)(pair[0] >> 1) + 0.5) * 0x1p-31));
    const double t = 3.14159265358979323846 * (double)(int32_t)pair[1] * 0x1p-31;
    return lane < 16 ? r * cos(t) : r * sin(t);
}

/* Likewise of Student's t, as nn/latent.c says: 16 blocks for a row, one pair of words for each
 * lane. With a uniform u and angle, t = cos(angle) sqrt(nu (u^(-2 / nu) - 1)) (Bailey 1994). */
static inline double panel_student(struct donut_stream stream, double nu, size_t latent,
                                   size_t panel, size_t k, size_t lane)
{
    uint32_t words[4];
    donut_random_block(stream, (panel * latent + k) * 16 + lane % 16, words);
    const uint32_t *pair = &words[lane / 16 * 2];
    const double u = ((double)(pair[0] >> 1) + 0.5) * 0x1p-31;
    const double angle = 3.14159265358979323846 * (double)(int32_t)pair[1] * 0x1p-31;
    const double t = cos(angle) * sqrt(nu * (pow(u, -2 / nu) - 1));
    return fmax(-1e6, fmin(t, 1e6));
}

#endif
