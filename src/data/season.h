/* The season of a series: the distance in time at which it resembles itself. */
#ifndef DONUT_DATA_SEASON_H
#define DONUT_DATA_SEASON_H

#include "donut.h"

struct donut_season {
    size_t period;   /* points; 0 = none was found */
    double strength; /* autocorrelation at that distance, (0, 1]; 0 without a period */
};

/* Finds the shortest period that accounts for most of what repeats in points [from, to), of which
 * at least two must fit into them. Missing points take no part. Values count in units of `spread`
 * from `centre`, both robust, and are held at a few of them, lest one burst decide everything.
 * Slow changes are taken out first: the strength is that of the series less its running mean over
 * one period. What is no more alike than noise of that length can be is no season.
 * DONUT_ENOMEM. Time O(n log n), some 40 bytes a point. */
enum donut_status donut_season_find(const struct donut_series *series, size_t from, size_t to,
                                    double centre, double spread, struct donut_season *season,
                                    struct donut_error *err);

#endif
