/* Comparing rows of scores to the last bit. */
#ifndef DONUT_TESTS_ROWS_H
#define DONUT_TESTS_ROWS_H

#include "donut.h"

#include <math.h>

static inline bool number_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static inline bool rows_same(const struct donut_score_row *a, const struct donut_score_row *b)
{
    return number_same(a->score, b->score) && number_same(a->surprise, b->surprise) &&
           a->expected == b->expected && number_same(a->lower, b->lower) &&
           number_same(a->upper, b->upper) && a->anomaly == b->anomaly && a->cause == b->cause &&
           a->status == b->status;
}

static inline size_t rows_differing(const struct donut_score_row *a,
                                    const struct donut_score_row *b, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !rows_same(&a[i], &b[i]);
    return count;
}

#endif
