/* What can be said of a series before anything is learnt from it. */
#ifndef DONUT_DATA_SURVEY_H
#define DONUT_DATA_SURVEY_H

#include "donut.h"

#define DONUT_LONG_RUN 10        /* equal values in a row that are worth counting */
#define DONUT_EXTREME_SPREADS 20 /* from the median on, a value is called extreme */

/* Points one after the other; `first` counts from the start of the series, length 0 = none. */
struct donut_stretch {
    size_t first, length;
};

/* Values are NaN where there is none: without a value, and roughness without three in a row or for
 * a constant. */
struct donut_survey {
    size_t n, missing;
    size_t gaps; /* stretches of missing points */
    struct donut_stretch longest_gap;
    struct donut_stretch longest_run; /* of equal values, the first of several; a missing point ends
                                         a run */
    size_t in_long_runs;              /* points in runs of DONUT_LONG_RUN or more */
    size_t zeros, negative;
    double min, max, mean, std, median;
    double spread; /* 1.4826 times the median distance from the median, which is the standard
                      deviation of normal noise; if that is 0, sqrt(pi / 2) times the mean */
    /* Of the points that are not labelled: */
    size_t extremes; /* values more than DONUT_EXTREME_SPREADS spreads from the median */
    size_t furthest; /* the point whose value is furthest from it; SIZE_MAX = there is none */

    size_t labelled, segments; /* labelled points; runs of those with a value: as in an evaluation
                                  a missing point ends a segment */
    double roughness;          /* mean squared second difference of the values over their variance:
                                  near 0 for a smooth curve, 6 for white noise */
};

/* Points [from, to) of the series, at least one. DONUT_ENOMEM. */
enum donut_status donut_survey(const struct donut_series *series, size_t from, size_t to,
                               struct donut_survey *survey, struct donut_error *err);

/* How regular the rows of a file are, as they stand in it. `distances` are those between different
 * times one after the other, `at_interval` those of them that are the series' interval. */
struct donut_row_survey {
    size_t distances, at_interval;
    size_t unsorted_line; /* of the first row that is older than one before it; 0 = none */
    int64_t furthest_ms;  /* the longest way from a row to its grid point */
    size_t furthest_line; /* of that row; 0 = all rows are on the grid */
};
struct donut_rows;
enum donut_status donut_survey_rows(const struct donut_rows *rows,
                                    const struct donut_series *series,
                                    struct donut_row_survey *survey, struct donut_error *err);

#endif
