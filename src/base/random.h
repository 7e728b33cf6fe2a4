/* Counter-based random numbers: every draw is a pure function of (seed, purpose, index), never of
 * the order of calls. Generator: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). */
#ifndef DONUT_BASE_RANDOM_H
#define DONUT_BASE_RANDOM_H

#include "base/real.h"

#include <stddef.h>
#include <stdint.h>

/* What a stream of draws is for: streams of different purposes are independent. The numbers are
 * part of what "same seed, same bytes" means: append, never renumber. */
enum donut_purpose {
    DONUT_DRAW_INITIALISE = 1, /* weights */
    DONUT_DRAW_SHUFFLE = 2,    /* order of windows, by epoch */
    DONUT_DRAW_INJECT = 3,     /* points hidden, by epoch */
    DONUT_DRAW_TRAIN_Z = 4,    /* noise of z, by step */
    DONUT_DRAW_VALIDATE_Z = 5, /* noise of z, the same in every validation */
    DONUT_DRAW_SCORE_Z = 6,    /* the L draws of z */
    DONUT_DRAW_IMPUTE_Z = 7,   /* z in MCMC imputation */
    DONUT_DRAW_IMPUTE_X = 8,   /* x in MCMC imputation */
    DONUT_DRAW_FLOOR = 9,      /* random scores of the evaluation's floor */
    DONUT_DRAW_SOBOL = 10,     /* the scrambles of quasi-random normals */
    DONUT_DRAW_LABELS = 11,    /* which anomalies lose their label */
    DONUT_DRAW_ENCODE_Z = 12,  /* z of encoded windows, by draw */
    DONUT_DRAW_HIDE = 13,      /* points hidden from an imputation that is watched */
    DONUT_DRAW_TEST = 1000     /* from here on: tests and tools */
};

struct donut_stream {
    uint64_t seed;
    uint32_t purpose; /* enum donut_purpose */
    uint32_t part;    /* epoch, step or run; 0 where there is none */
};

/* The 4 words of block `counter`: philox4x32-10 with key = seed and
 * counter words (counter low, counter high, part, purpose). */
void donut_random_block(struct donut_stream stream, uint64_t counter, uint32_t out[4]);

/* Draw `index`, uniform in the open interval (0, 1), 52 bits. */
double donut_random_uniform(struct donut_stream stream, uint64_t index);

/* Draws first .. first + n - 1, the same numbers in one go. */
void donut_random_uniforms(struct donut_stream stream, uint64_t first, size_t n, double *out);

/* Draw `index`, an integer in [0, bound), 1 <= bound <= 2^40; no two of them differ in
 * probability by more than a factor of 1 + 2^-12. */
uint64_t donut_random_below(struct donut_stream stream, uint64_t index, uint64_t bound);

/* Draws first .. first + n - 1 of a standard normal (Box-Muller; even and odd draws are the two
 * halves of a pair). */
void donut_random_normals(struct donut_stream stream, uint64_t first, size_t n, donut_real *out);

#endif
