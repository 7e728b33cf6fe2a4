/* Kolmogorov and Smirnov's test of draws against a distribution function. */
#ifndef DONUT_TESTS_KOLMOGOROV_H
#define DONUT_TESTS_KOLMOGOROV_H

#include <math.h>
#include <stdlib.h>

/* What sqrt(n) D, of n draws of the distribution, exceeds once in a thousand. */
#define KOLMOGOROV_LIMIT 1.95

static inline int kolmogorov_ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* sqrt(n) D, with D the largest distance of the draws (n) to P(t <= x) = f(of, x), looked at in
 * every so many of them. Sorts them. */
static inline double kolmogorov(double *draws, size_t n, size_t every, double f(double, double),
                                double of)
{
    double distance = 0;
    qsort(draws, n, sizeof *draws, kolmogorov_ascending);
    for (size_t i = 0; i < n; i += every) {
        const double p = f(of, draws[i]), count = (double)n;
        distance = fmax(distance, fmax(p - (double)i / count, (double)(i + 1) / count - p));
    }
    return distance * sqrt((double)n);
}

#endif
