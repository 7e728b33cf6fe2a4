/* Quasi-random normals: scrambled Sobol points. The average of a smooth function over n of them is
 * as unbiased as over n independent draws, and much closer to the mean. Direction numbers: S. Joe
 * and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J.
 * Sci. Comput. 30, 2635-2654 (2008). Scrambling: A. B. Owen, "Randomly permuted (t,m,s)-nets and
 * (t,s)-sequences", in Monte Carlo and Quasi-Monte Carlo Methods in Scientific Computing, Springer
 * (1995), 299-317. */
#ifndef DONUT_BASE_SOBOL_H
#define DONUT_BASE_SOBOL_H

#include "base/random.h"

#include <stddef.h>
#include <stdint.h>

#define DONUT_SOBOL_DIMENSIONS 256

/* The first n points of the scrambled sequence, through the inverse normal distribution function:
 * out[k * ld + i], ld >= n, is coordinate k of point i. A power of two is the best n; fewer points
 * are the beginning of more, and they repeat after 2^32. Coordinates from DONUT_SOBOL_DIMENSIONS on
 * are independent draws. All of it depends on the stream alone, and other streams are other
 * scrambles. */
void donut_sobol_normals(struct donut_stream stream, size_t n, size_t dimensions, donut_real *out,
                         size_t ld);

/* Points first .. first + n - 1, unscrambled, in units of 2^-32; dimension counts from 0. Point i
 * is the exclusive or of the direction numbers at the set bits of the Gray code of i. */
void donut_sobol_points(size_t dimension, uint64_t first, size_t n, uint32_t *out);

/* The seed of one dimension's scramble. */
uint64_t donut_sobol_seed(struct donut_stream stream, size_t dimension);

/* A random permutation of [0, 2^32) that maps any two numbers with just their first d bits in
 * common to two such numbers. Each of the first 21 bits is flipped by a fair coin for that very
 * sequence of bits before it, so that the scramble of up to 2^21 points is Owen's; below them the
 * numbers that agree in 21 bits share their flips. */
uint32_t donut_sobol_scramble(uint64_t seed, uint32_t point);

#endif
