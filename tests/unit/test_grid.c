/* Intervals and phases of random times against counting by brute force. */
#include "check.h"
#include "draw.h"

#include "data/grid.h"

#include <stdlib.h>

enum { MOST = 400 };

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most common value, the smallest of several. */
static int64_t find_mode(const int64_t *x, size_t n, size_t *count)
{
    int64_t mode = 0;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++)
            same += x[j] == x[i];
        if (same > *count || (same == *count && x[i] < mode)) {
            *count = same;
            mode = x[i];
        }
    }
    return mode;
}

/* Steps between the times of which half are the mode: it is the interval, whatever the others are.
 * They reach from 1 ms to 2^39, so that sorting them takes every digit. */
static void test_common_step(struct draw *draw)
{
    int64_t time[MOST], step[MOST];
    for (int round = 0; round < 200; round++) {
        const size_t n = 3 + draw_below(draw, MOST - 3);
        const int64_t common = 1 + (int64_t)draw_below(draw, 400 * 86400000ULL);
        time[0] = -(int64_t)draw_below(draw, 1000000000000);
        for (size_t i = 1; i < n; i++) {
            const size_t bits = draw_below(draw, 39);
            step[i] = draw_below(draw, 100) < 55
                          ? common
                          : 1 + (int64_t)draw_below(draw, (size_t)1 << (bits + 1));
            time[i] = time[i - 1] + step[i];
        }
        size_t count;
        const int64_t mode = find_mode(step + 1, n - 1, &count);
        if (2 * count < n - 1)
            continue;
        int64_t interval = 0;
        CHECK(donut_grid_infer_interval(time, n, &interval, NULL) == DONUT_OK);
        CHECK_INT(interval, mode);
    }
}

/* No step is common: the median of the steps, which is near a usual interval, decides. */
static void test_median_step(struct draw *draw)
{
    int64_t time[MOST], step[MOST];
    for (int round = 0; round < 100; round++) {
        time[0] = 0;
        for (size_t i = 1; i < MOST; i++) {
            step[i - 1] = 270000 + (int64_t)draw_below(draw, 60000);
            time[i] = time[i - 1] + step[i - 1];
        }
        qsort(step, MOST - 1, sizeof *step, by_value);
        const int64_t median = step[(MOST - 1) / 2];
        int64_t interval = 0;
        const enum donut_status status = donut_grid_infer_interval(time, MOST, &interval, NULL);
        if (llabs(median - 300000) <= 15000)
            CHECK(status == DONUT_OK && interval == 300000);
        else
            CHECK(status == DONUT_EINPUT);
    }
}

/* The phase that at least 3 of 10 times have is the grid's, the smallest of several. */
static void test_common_phase(struct draw *draw)
{
    int64_t time[MOST], residue[MOST];
    for (int round = 0; round < 200; round++) {
        const size_t n = 1 + draw_below(draw, MOST);
        const int64_t interval = 1 + (int64_t)draw_below(draw, (size_t)1 << (1 + round % 34));
        const int64_t phases[2] = {(int64_t)draw_below(draw, (size_t)interval),
                                   (int64_t)draw_below(draw, (size_t)interval)};
        for (size_t i = 0; i < n; i++) {
            const size_t which = draw_below(draw, 10);
            residue[i] =
                which < 8 ? phases[which / 4] : (int64_t)draw_below(draw, (size_t)interval);
            time[i] = ((int64_t)i - 100) * interval + residue[i];
        }
        size_t count;
        const int64_t mode = find_mode(residue, n, &count);
        struct donut_grid grid = {0};
        CHECK(donut_grid_fit(time, n, interval, &grid, NULL) == DONUT_OK);
        if (10 * count >= 3 * n)
            CHECK_INT(grid.origin_ms, mode);
        CHECK(grid.interval_ms == interval && grid.origin_ms >= 0 && grid.origin_ms < interval);
    }
}

/* The nearest grid point, the earlier of two, before and after the origin. */
static void test_index(void)
{
    const struct donut_grid grid = {3, 10};
    for (int64_t time = -1000; time <= 1000; time++) {
        int64_t best = -200;
        for (int64_t i = -200; i <= 200; i++)
            if (llabs(3 + 10 * i - time) < llabs(3 + 10 * best - time))
                best = i;
        CHECK_INT(donut_grid_index(&grid, time), best);
        CHECK_INT(donut_grid_time(&grid, best), 3 + 10 * best);
    }
}

TEST(grid)
{
    struct draw draw = draw_new("grid", 41);
    test_common_step(&draw);
    test_median_step(&draw);
    test_common_phase(&draw);
    test_index();
    return check_report("grid");
}
