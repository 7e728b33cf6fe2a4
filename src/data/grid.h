/* Sorted times -> an even grid: its interval and where it lies. */
#ifndef DONUT_DATA_GRID_H
#define DONUT_DATA_GRID_H

#include "donut.h"

#define DONUT_MAX_INTERVAL_MS (INT64_C(400) * 86400000)

/* Grid times are origin_ms + index * interval_ms for any integer index. */
struct donut_grid {
    int64_t origin_ms;   /* in [0, interval_ms) */
    int64_t interval_ms; /* 1..DONUT_MAX_INTERVAL_MS */
};

/* The interval that times (n, ascending, n >= 1) are most likely spaced by. */
enum donut_status donut_grid_infer_interval(const int64_t *time_ms, size_t n, int64_t *interval_ms,
                                            struct donut_error *err);

/* Refuses times that are clearly spaced otherwise than by `expected_ms`, a model's interval. */
enum donut_status donut_grid_expect_interval(const int64_t *time_ms, size_t n, int64_t expected_ms,
                                             struct donut_error *err);

/* The grid of that interval on or near which most of the times lie. */
enum donut_status donut_grid_fit(const int64_t *time_ms, size_t n, int64_t interval_ms,
                                 struct donut_grid *grid, struct donut_error *err);

/* The nearest grid point; of two equally near the earlier. */
int64_t donut_grid_index(const struct donut_grid *grid, int64_t time_ms);

int64_t donut_grid_time(const struct donut_grid *grid, int64_t index);

/* An interval in words, in the largest unit that it is a whole number of: "5 min", "1500 ms". */
#define DONUT_INTERVAL_SIZE 32
const char *donut_interval_describe(int64_t interval_ms, char buf[DONUT_INTERVAL_SIZE]);

#endif
