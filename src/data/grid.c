#include "data/grid.h"
#include "base/arena.h"
#include "base/status.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double two_pi = 6.283185307179586476925286766559;

/* Sorts n values by the bits, of all that they differ in, [shift, shift + DIGIT_BITS): stably,
 * from x to y. */
#define DIGIT_BITS 11
static void sort_by_digit(const int64_t *x, size_t n, uint64_t least, int shift, int64_t *y)
{
    enum { DIGITS = 1 << DIGIT_BITS };
    size_t place[DIGITS + 1] = {0};
    for (size_t i = 0; i < n; i++)
        place[1 + (((uint64_t)x[i] - least) >> shift) % DIGITS]++;
    for (size_t i = 0; i < DIGITS; i++)
        place[i + 1] += place[i];
    for (size_t i = 0; i < n; i++)
        y[place[(((uint64_t)x[i] - least) >> shift) % DIGITS]++] = x[i];
}

/* Sorts x, with room for n more values behind it; returns where they are then. Times are mostly
 * sorted, and differ in few bits: radix sort takes a pass or two. */
static int64_t *sort(int64_t *x, size_t n)
{
    bool sorted = true;
    int64_t least = x[0], most = x[0];
    for (size_t i = 1; i < n; i++) {
        sorted = sorted && x[i - 1] <= x[i];
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    const uint64_t range = sorted ? 0 : (uint64_t)most - (uint64_t)least;
    int64_t *y = x + n;
    for (int shift = 0; shift < 64 && range >> shift; shift += DIGIT_BITS) {
        sort_by_digit(x, n, (uint64_t)least, shift, y);
        int64_t *sorted_so_far = y;
        y = x;
        x = sorted_so_far;
    }
    return x;
}

/* The most common of n >= 1 ascending values, the smallest of several. */
static int64_t find_mode(const int64_t *sorted, size_t n, size_t *count)
{
    int64_t mode = sorted[0];
    *count = 0;
    for (size_t i = 0, run = 0; i < n; i++) {
        run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
        if (run > *count) {
            *count = run;
            mode = sorted[i];
        }
    }
    return mode;
}

const char *donut_interval_describe(int64_t interval_ms, char buf[DONUT_INTERVAL_SIZE])
{
    static const struct {
        int64_t ms;
        const char *name;
    } unit[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}, {1, "ms"}};
    size_t i = 0;
    while (interval_ms % unit[i].ms != 0)
        i++;
    snprintf(buf, DONUT_INTERVAL_SIZE, "%lld %s", (long long)(interval_ms / unit[i].ms),
             unit[i].name);
    return buf;
}

/* The differences of neighbouring distinct times. */
struct spacing {
    size_t n;
    int64_t mode, median;
    size_t mode_count; /* differences equal to the mode */
    size_t multiples;  /* differences that are whole multiples of it */
};

/* How many of n ascending values are whole multiples of x. */
static size_t count_multiples(const int64_t *sorted, size_t n, int64_t x)
{
    size_t count = 0;
    bool is_multiple = false;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            is_multiple = sorted[i] % x == 0;
        count += is_multiple;
    }
    return count;
}

static enum donut_status measure(const int64_t *time_ms, size_t n, struct spacing *spacing,
                                 struct donut_error *err)
{
    *spacing = (struct spacing){0};
    int64_t *steps = donut_calloc(n, 2 * sizeof *steps);
    if (!steps)
        return donut_fail_memory(err);
    size_t m = 0;
    for (size_t i = 1; i < n; i++)
        if (time_ms[i] > time_ms[i - 1])
            steps[m++] = time_ms[i] - time_ms[i - 1];
    if (m > 0) {
        const int64_t *step = sort(steps, m);
        spacing->n = m;
        spacing->median = step[m / 2];
        spacing->mode = find_mode(step, m, &spacing->mode_count);
        spacing->multiples = count_multiples(step, m, spacing->mode);
    }
    free(steps);
    return DONUT_OK;
}

static bool is_near(int64_t x, int64_t target)
{
    return llabs(x - target) <= target / 20;
}

/* The mode if it is clear: half of the differences have it, or, where rows are missing all over,
 * nearly all are multiples of it. Jittered stamps have no clear mode: then the median says which
 * of the intervals in use (or the one expected, 0 = none) is meant. 0 = cannot be told. */
static int64_t choose_interval(const struct spacing *s, int64_t expected_ms)
{
    static const int usual_s[] = {1,    2,    5,     10,    15,    20,    30,    60,
                                  120,  180,  300,   600,   720,   900,   1200,  1800,
                                  3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400};
    if (2 * s->mode_count >= s->n)
        return s->mode;
    if (10 * s->mode_count >= s->n && 10 * s->multiples >= 9 * s->n)
        return s->mode;
    if (is_near(s->median, expected_ms))
        return expected_ms;
    int64_t best = 0;
    for (size_t i = 0; i < sizeof usual_s / sizeof usual_s[0]; i++) {
        const int64_t usual = usual_s[i] * INT64_C(1000);
        if (llabs(s->median - usual) < llabs(s->median - best))
            best = usual;
    }
    return is_near(s->median, best) ? best : 0;
}

enum donut_status donut_grid_infer_interval(const int64_t *time_ms, size_t n, int64_t *interval_ms,
                                            struct donut_error *err)
{
    struct spacing spacing;
    char buf[DONUT_INTERVAL_SIZE];
    const enum donut_status status = measure(time_ms, n, &spacing, err);
    if (status != DONUT_OK)
        return status;
    if (spacing.n == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "the interval cannot be inferred: it takes rows at two different times, "
                          "and there %s; give it with --interval",
                          n == 1 ? "is only one row" : "is only one time");
    *interval_ms = choose_interval(&spacing, 0);
    if (*interval_ms == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "the interval cannot be inferred: no distance of rows is common, half "
                          "are below %s; give it with --interval",
                          donut_interval_describe(spacing.median, buf));
    if (*interval_ms > DONUT_MAX_INTERVAL_MS)
        return donut_fail(err, DONUT_EINPUT,
                          "the rows are %lld days apart, which is more than 400; look for a wrong "
                          "timestamp",
                          (long long)(*interval_ms / 86400000));
    return DONUT_OK;
}

enum donut_status donut_grid_expect_interval(const int64_t *time_ms, size_t n, int64_t expected_ms,
                                             struct donut_error *err)
{
    enum { ENOUGH = 16 }; /* differences, for the absence of rows not to explain another interval */
    struct spacing s;
    char found[DONUT_INTERVAL_SIZE], expected[DONUT_INTERVAL_SIZE];
    const enum donut_status status = measure(time_ms, n, &s, err);
    if (status != DONUT_OK || s.n == 0)
        return status;
    int64_t interval = choose_interval(&s, expected_ms);
    bool good = interval == expected_ms;
    if (interval == 0)
        interval = s.median;
    if (!good && s.n < ENOUGH) {
        const int64_t intervals = (s.mode + expected_ms / 2) / expected_ms;
        interval = s.mode;
        good = intervals > 0 && llabs(s.mode - intervals * expected_ms) <= expected_ms / 20;
    }
    if (!good)
        return donut_fail(err, DONUT_EINPUT,
                          "rows are %s apart but the model was trained at %s; train a model at "
                          "this interval or resample the input",
                          donut_interval_describe(interval, found),
                          donut_interval_describe(expected_ms, expected));
    return DONUT_OK;
}

static int64_t residue(int64_t time_ms, int64_t interval_ms)
{
    const int64_t r = time_ms % interval_ms;
    return r < 0 ? r + interval_ms : r;
}

/* Residues lie on a circle; their mean is the direction of the sum of their unit vectors. Where
 * they lie all around, the sum is short and points anywhere: 0 then. */
static int64_t mean_residue(const int64_t *sorted, size_t n, int64_t interval_ms)
{
    double x = 0, y = 0, cosine = 0, sine = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            const double angle = two_pi * (double)sorted[i] / (double)interval_ms;
            cosine = cos(angle);
            sine = sin(angle);
        }
        x += cosine;
        y += sine;
    }
    if (hypot(x, y) < 0.2 * (double)n)
        return 0;
    return residue(llround(atan2(y, x) / two_pi * (double)interval_ms), interval_ms);
}

/* residues: (2 n), of which the first n are sorted. */
static int64_t choose_origin(int64_t *residues, size_t n, int64_t interval_ms)
{
    size_t count;
    const int64_t *sorted = sort(residues, n);
    const int64_t mode = find_mode(sorted, n, &count);
    if (10 * count >= 3 * n)
        return mode;
    const int64_t mean = mean_residue(sorted, n, interval_ms);
    const int64_t distance = mean < interval_ms - mean ? mean : interval_ms - mean;
    return distance <= interval_ms / 4 ? 0 : mean;
}

enum donut_status donut_grid_fit(const int64_t *time_ms, size_t n, int64_t interval_ms,
                                 struct donut_grid *grid, struct donut_error *err)
{
    int64_t *residues = donut_calloc(n, 2 * sizeof *residues);
    if (!residues)
        return donut_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        residues[i] = i > 0 && time_ms[i] - time_ms[i - 1] == interval_ms
                          ? residues[i - 1]
                          : residue(time_ms[i], interval_ms);
    *grid = (struct donut_grid){choose_origin(residues, n, interval_ms), interval_ms};
    free(residues);
    return DONUT_OK;
}

int64_t donut_grid_index(const struct donut_grid *grid, int64_t time_ms)
{
    const int64_t since = time_ms - grid->origin_ms, whole = since / grid->interval_ms;
    const int64_t index = whole - (since < whole * grid->interval_ms);
    const int64_t after = since - index * grid->interval_ms;
    return index + (after > grid->interval_ms - after);
}

int64_t donut_grid_time(const struct donut_grid *grid, int64_t index)
{
    return grid->origin_ms + index * grid->interval_ms;
}
