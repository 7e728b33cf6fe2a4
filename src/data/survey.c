#include "data/survey.h"
#include "base/arena.h"
#include "base/sort.h"
#include "base/status.h"
#include "data/grid.h"
#include "data/rows.h"

#include <math.h>
#include <stdlib.h>

static const double normal_deviation = 1.4826022185056018;  /* over the median distance */
static const double mean_to_deviation = 1.2533141373155001; /* sqrt(pi / 2) */

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts x (n >= 1). */
static double median(double *x, size_t n)
{
    donut_sort(x, n);
    return n % 2 ? x[n / 2] : x[n / 2 - 1] / 2 + x[n / 2] / 2;
}

static void lengthen(struct donut_stretch *stretch, size_t i)
{
    if (stretch->length++ == 0)
        stretch->first = i;
}

static void keep_longer(struct donut_stretch *longest, const struct donut_stretch *stretch)
{
    if (stretch->length > longest->length)
        *longest = *stretch;
}

static void find_gaps(const double *value, size_t from, size_t to, struct donut_survey *survey)
{
    struct donut_stretch gap = {0};
    for (size_t i = from; i < to; i++) {
        if (!isnan(value[i])) {
            gap.length = 0;
            continue;
        }
        lengthen(&gap, i);
        survey->missing++;
        survey->gaps += gap.length == 1;
        keep_longer(&survey->longest_gap, &gap);
    }
}

static void find_runs(const double *value, size_t from, size_t to, struct donut_survey *survey)
{
    struct donut_stretch run = {0};
    for (size_t i = from; i < to; i++) {
        if (i > from && value[i] != value[i - 1])
            run.length = 0;
        if (isnan(value[i]))
            continue;
        lengthen(&run, i);
        survey->in_long_runs += run.length > DONUT_LONG_RUN;
        survey->in_long_runs += run.length == DONUT_LONG_RUN ? DONUT_LONG_RUN : 0;
        keep_longer(&survey->longest_run, &run);
    }
}

static void find_segments(const struct donut_series *series, size_t from, size_t to,
                          struct donut_survey *survey)
{
    bool inside = false;
    for (size_t i = from; series->label && i < to; i++) {
        const bool anomalous = series->label[i] && !isnan(series->value[i]);
        survey->labelled += series->label[i];
        survey->segments += anomalous && !inside;
        inside = anomalous;
    }
}

/* Two passes: the second one's differences from the mean keep what the squares would lose. */
static void find_moments(const double *value, size_t from, size_t to, struct donut_survey *survey)
{
    const double count = (double)(survey->n - survey->missing);
    double sum = 0, squares = 0;
    for (size_t i = from; i < to; i++) {
        survey->min = fmin(survey->min, value[i]);
        survey->max = fmax(survey->max, value[i]);
        survey->zeros += value[i] == 0;
        survey->negative += value[i] < 0;
        sum += isnan(value[i]) ? 0 : value[i] / count;
    }
    survey->mean = sum;
    for (size_t i = from; i < to; i++) {
        const double x = value[i] - survey->mean;
        squares += isnan(x) ? 0 : x * x / count;
    }
    survey->std = survey->min < survey->max ? sqrt(squares) : 0;
}

static void find_roughness(const double *value, size_t from, size_t to, struct donut_survey *survey)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = from + 2; i < to; i++) {
        const double bend = (value[i] - 2 * value[i - 1] + value[i - 2]) / survey->std;
        if (isnan(bend))
            continue;
        sum += bend * bend;
        n++;
    }
    survey->roughness = n > 0 && survey->std > 0 ? sum / (double)n : NAN;
}

/* Sets median and spread; `x` has room for all values. */
static void find_spread(const double *value, size_t from, size_t to, double *x,
                        struct donut_survey *survey)
{
    const size_t n = survey->n - survey->missing;
    double mean = 0;
    for (size_t i = from, j = 0; i < to; i++)
        if (!isnan(value[i]))
            x[j++] = value[i];
    survey->median = median(x, n);
    for (size_t i = 0; i < n; i++) {
        x[i] = fabs(x[i] - survey->median);
        mean += x[i] / (double)n;
    }
    survey->spread = normal_deviation * median(x, n);
    if (survey->spread == 0)
        survey->spread = mean_to_deviation * mean;
}

static void find_extremes(const struct donut_series *series, size_t from, size_t to,
                          struct donut_survey *survey)
{
    double furthest = -1;
    for (size_t i = from; i < to; i++) {
        const double distance = fabs(series->value[i] - survey->median);
        if (isnan(distance) || (series->label && series->label[i]))
            continue;
        survey->extremes += distance > DONUT_EXTREME_SPREADS * survey->spread;
        if (distance > furthest) {
            furthest = distance;
            survey->furthest = i;
        }
    }
}

enum donut_status donut_survey(const struct donut_series *series, size_t from, size_t to,
                               struct donut_survey *survey, struct donut_error *err)
{
    const double *value = series->value;
    *survey = (struct donut_survey){.n = to - from,
                                    .furthest = SIZE_MAX,
                                    .min = NAN,
                                    .max = NAN,
                                    .mean = NAN,
                                    .std = NAN,
                                    .median = NAN,
                                    .spread = NAN,
                                    .roughness = NAN};
    find_gaps(value, from, to, survey);
    find_segments(series, from, to, survey);
    if (survey->missing == survey->n)
        return DONUT_OK;
    double *scratch = donut_calloc(survey->n - survey->missing, sizeof *scratch);
    if (!scratch)
        return donut_fail_memory(err);
    find_runs(value, from, to, survey);
    find_moments(value, from, to, survey);
    find_roughness(value, from, to, survey);
    find_spread(value, from, to, scratch, survey);
    find_extremes(series, from, to, survey);
    free(scratch);
    return DONUT_OK;
}

static void count_distances(int64_t *time_ms, size_t n, int64_t interval_ms,
                            struct donut_row_survey *survey)
{
    if (survey->unsorted_line > 0)
        qsort(time_ms, n, sizeof *time_ms, compare_times);
    for (size_t i = 1; i < n; i++) {
        survey->distances += time_ms[i] != time_ms[i - 1];
        survey->at_interval += time_ms[i] - time_ms[i - 1] == interval_ms;
    }
}

enum donut_status donut_survey_rows(const struct donut_rows *rows,
                                    const struct donut_series *series,
                                    struct donut_row_survey *survey, struct donut_error *err)
{
    const int64_t interval = series->interval_ms;
    int64_t *time_ms = donut_calloc(rows->n, sizeof *time_ms);
    *survey = (struct donut_row_survey){0};
    if (!time_ms)
        return donut_fail_memory(err);
    int64_t latest = rows->n > 0 ? rows->row[0].time_ms : 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct donut_row *row = &rows->row[i];
        const struct donut_grid grid = {series->start_ms, interval};
        const int64_t place = donut_grid_time(&grid, donut_grid_index(&grid, row->time_ms));
        const int64_t way = llabs(row->time_ms - place);
        time_ms[i] = row->time_ms;
        if (way > survey->furthest_ms) {
            survey->furthest_ms = way;
            survey->furthest_line = row->line;
        }
        if (row->time_ms < latest && survey->unsorted_line == 0)
            survey->unsorted_line = row->line;
        latest = row->time_ms > latest ? row->time_ms : latest;
    }
    count_distances(time_ms, rows->n, interval, survey);
    free(time_ms);
    return DONUT_OK;
}
