/* Comparing rows of scores to the last bit. */
#ifndef DONUT_TESTS_ROWS_H
#define DONUT_TESTS_ROWS_H

#include "donut.h"

#include <math.h>

static inline bool rows_same(const struct donut_score_row *a, const struct donut_score_row *b)
{
    return (a->score == b->score || (isnan(a->score) && isnan(b->score))) &&
           a->expected == b->expected && a->lower == b->lower && a->upper == b->upper &&
           a->anomaly == b->anomaly && a->status == b->status;
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
