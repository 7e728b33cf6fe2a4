#include "data/series.h"
#include "base/arena.h"
#include "base/status.h"
#include "data/grid.h"
#include "data/timestamp.h"

#include <math.h>
#include <stdlib.h>

#define LATEST_MS INT64_C(4000000000000000000)

static int compare_rows(const void *a, const void *b)
{
    const struct donut_row *x = a, *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Sorts by time, then line. Returns how many rows were older than one before them. */
static size_t sort_rows(struct donut_rows *rows)
{
    size_t unsorted = 0;
    int64_t latest = rows->row[0].time_ms;
    for (size_t i = 1; i < rows->n; i++) {
        unsorted += rows->row[i].time_ms < latest;
        if (rows->row[i].time_ms > latest)
            latest = rows->row[i].time_ms;
    }
    if (unsorted > 0)
        qsort(rows->row, rows->n, sizeof *rows->row, compare_rows);
    return unsorted;
}

static enum donut_status choose_interval(const int64_t *time_ms, size_t n, int64_t given_ms,
                                         int64_t expected_ms, int64_t *interval_ms,
                                         struct donut_error *err)
{
    char given[DONUT_INTERVAL_SIZE], expected[DONUT_INTERVAL_SIZE];
    *interval_ms = given_ms ? given_ms : expected_ms;
    if (*interval_ms == 0)
        return donut_grid_infer_interval(time_ms, n, interval_ms, err);
    if (*interval_ms < 1 || *interval_ms > DONUT_MAX_INTERVAL_MS)
        return donut_fail(err, DONUT_EARGUMENT,
                          "an interval of %s is out of range; expected 1 ms to 400 days",
                          donut_interval_describe(*interval_ms, given));
    if (expected_ms && *interval_ms != expected_ms)
        return donut_fail(err, DONUT_EARGUMENT,
                          "an interval of %s was asked for but the model was trained at %s",
                          donut_interval_describe(given_ms, given),
                          donut_interval_describe(expected_ms, expected));
    return given_ms ? DONUT_OK : donut_grid_expect_interval(time_ms, n, expected_ms, err);
}

static enum donut_status fit_grid(const struct donut_rows *rows, int64_t given_ms,
                                  int64_t expected_ms, struct donut_grid *grid,
                                  struct donut_error *err)
{
    int64_t *time_ms = donut_calloc(rows->n, sizeof *time_ms);
    if (!time_ms)
        return donut_fail_memory(err);
    for (size_t i = 0; i < rows->n; i++)
        time_ms[i] = rows->row[i].time_ms;
    int64_t interval_ms;
    enum donut_status status =
        choose_interval(time_ms, rows->n, given_ms, expected_ms, &interval_ms, err);
    if (status == DONUT_OK)
        status = donut_grid_fit(time_ms, rows->n, interval_ms, grid, err);
    free(time_ms);
    return status;
}

/* One wrong timestamp could ask for a grid of any size: most of it must not be absent. */
static enum donut_status check_size(const struct donut_rows *rows, const struct donut_grid *grid,
                                    size_t *n, struct donut_error *err)
{
    const struct donut_row *first = &rows->row[0], *last = &rows->row[rows->n - 1];
    const int64_t points =
        donut_grid_index(grid, last->time_ms) - donut_grid_index(grid, first->time_ms) + 1;
    if ((uint64_t)points > 16 * (uint64_t)rows->n + 1000000) {
        char from[DONUT_TIME_SIZE], to[DONUT_TIME_SIZE], interval[DONUT_INTERVAL_SIZE];
        donut_time_write(&rows->format, first->time_ms, first->offset_minutes, from);
        donut_time_write(&rows->format, last->time_ms, last->offset_minutes, to);
        return donut_fail(err, DONUT_EINPUT,
                          "%zu rows from %s (line %zu) to %s (line %zu) at an interval of %s would "
                          "be %lld points, nearly all of them missing; look for a wrong timestamp",
                          rows->n, from, first->line, to, last->line,
                          donut_interval_describe(grid->interval_ms, interval), (long long)points);
    }
    *n = (size_t)points;
    return DONUT_OK;
}

/* A series and the arrays it owns, as what they can be written through. */
struct building {
    struct donut_series *series;
    double *value;
    unsigned char *label;    /* or NULL */
    int16_t *offset_minutes; /* or NULL */
    size_t crowded;          /* rows that share a grid point with one of another time */
};

/* One block: the struct, then its arrays by falling alignment. */
static bool allocate(struct building *b, size_t n, bool labelled, bool with_offset)
{
    const size_t point = sizeof *b->value + sizeof *b->offset_minutes + sizeof *b->label;
    if (n > (SIZE_MAX - sizeof *b->series) / point)
        return false;
    b->series = malloc(sizeof *b->series + n * point);
    if (!b->series)
        return false;
    b->value = (double *)(void *)(b->series + 1);
    b->offset_minutes = with_offset ? (int16_t *)(void *)(b->value + n) : NULL;
    b->label = labelled ? (unsigned char *)(b->value + n) + n * sizeof *b->offset_minutes : NULL;
    b->crowded = 0;
    *b->series = (struct donut_series){
        .n = n, .value = b->value, .label = b->label, .offset_minutes = b->offset_minutes};
    return true;
}

/* A grid point. */
struct place {
    int64_t index, time_ms;
};

/* The grid point nearest to a time; it is mostly the one behind the last. */
static struct place locate(const struct donut_grid *grid, struct place last, int64_t time_ms)
{
    if (time_ms - last.time_ms == grid->interval_ms)
        return (struct place){last.index + 1, time_ms};
    const int64_t index = donut_grid_index(grid, time_ms);
    return (struct place){index, donut_grid_time(grid, index)};
}

/* Of two rows on one grid point. */
static bool beats(const struct place *place, const struct donut_row *a, const struct donut_row *b)
{
    const bool a_on = a->time_ms == place->time_ms, b_on = b->time_ms == place->time_ms;
    return a_on != b_on ? a_on : a->line > b->line;
}

static void put(struct building *b, size_t i, double value, unsigned char label, int16_t offset)
{
    b->value[i] = value;
    if (b->label)
        b->label[i] = label;
    if (b->offset_minutes)
        b->offset_minutes[i] = offset;
}

/* Puts every row on its grid point. */
static void fill(struct building *b, const struct donut_rows *rows, const struct donut_grid *grid)
{
    struct donut_repairs *repairs = &b->series->repairs;
    const struct donut_row *row = rows->row, *end = rows->row + rows->n;
    struct place next = {donut_grid_index(grid, row->time_ms), b->series->start_ms};
    const int64_t origin = next.index;
    int16_t offset = row->offset_minutes;
    size_t filled = 0;
    while (row < end) {
        const struct place place = next;
        const struct donut_row *winner = row++;
        for (; row < end; row++) {
            next = locate(grid, place, row->time_ms);
            if (next.index != place.index)
                break;
            repairs->duplicate++;
            b->crowded += row->time_ms != winner->time_ms;
            if (beats(&place, row, winner))
                winner = row;
        }
        for (; filled < (size_t)(place.index - origin); filled++) {
            put(b, filled, NAN, 0, offset);
            repairs->absent++;
        }
        offset = winner->offset_minutes;
        put(b, filled++, winner->value, winner->label, offset);
        repairs->snapped += winner->time_ms != place.time_ms;
        repairs->empty += isnan(winner->value) != 0;
    }
}

enum donut_status donut_series_build(struct donut_rows *rows, int64_t given_ms, int64_t expected_ms,
                                     struct donut_series **out, struct donut_error *err)
{
    struct donut_grid grid;
    struct building b;
    size_t n = 0;
    const size_t unsorted = sort_rows(rows);
    enum donut_status status = fit_grid(rows, given_ms, expected_ms, &grid, err);
    if (status == DONUT_OK)
        status = check_size(rows, &grid, &n, err);
    if (status != DONUT_OK)
        return status;
    if (!allocate(&b, n, rows->labelled, donut_time_format_has_offset(&rows->format)))
        return donut_fail_memory(err);
    struct donut_series *s = b.series;
    s->start_ms = donut_grid_time(&grid, donut_grid_index(&grid, rows->row[0].time_ms));
    s->interval_ms = grid.interval_ms;
    s->time_format = rows->format;
    donut_time_format_widen(&s->time_format, s->start_ms);
    donut_time_format_widen(&s->time_format, s->interval_ms);
    s->repairs.rows = rows->n;
    s->repairs.unsorted = unsorted;
    fill(&b, rows, &grid);
    if (!given_ms && !expected_ms && b.crowded > rows->n / 10) {
        char interval[DONUT_INTERVAL_SIZE];
        donut_series_free(s);
        return donut_fail(err, DONUT_EINPUT,
                          "the interval cannot be inferred: on the likeliest grid, one point every "
                          "%s, %zu of %zu rows would fall on another's point; give it with "
                          "--interval",
                          donut_interval_describe(grid.interval_ms, interval), b.crowded, rows->n);
    }
    *out = s;
    return DONUT_OK;
}

enum donut_status donut_series_read_csv(const char *bytes, size_t size,
                                        const struct donut_csv_options *opt,
                                        struct donut_series **out, struct donut_error *err)
{
    const struct donut_csv_options defaults = {0};
    struct donut_rows rows = {0};
    *out = NULL;
    if (!opt)
        opt = &defaults;
    if (opt->key_column)
        return donut_fail(err, DONUT_EARGUMENT,
                          "a file with a key column (--key) is several series; "
                          "donut_fleet_read_csv() reads them");
    enum donut_status status = donut_rows_read_csv(bytes, size, opt, &rows, err);
    if (status == DONUT_OK)
        status = donut_series_build(&rows, opt->interval_ms, opt->expected_interval_ms, out, err);
    donut_rows_free(&rows);
    return status;
}

static enum donut_status check_row(size_t i, int64_t time_ms, double value, unsigned label,
                                   struct donut_error *err)
{
    if (time_ms <= -DONUT_TIME_LIMIT_MS || time_ms >= DONUT_TIME_LIMIT_MS)
        return donut_fail(
            err, DONUT_EINPUT,
            "timestamp [%zu], %lld, is out of range; expected milliseconds since 1970", i,
            (long long)time_ms);
    if (isinf(value))
        return donut_fail(err, DONUT_EINPUT,
                          "value [%zu] is infinite; expected a finite number, or NaN for a missing "
                          "one",
                          i);
    if (label > 1)
        return donut_fail(err, DONUT_EINPUT,
                          "label [%zu], %u, is neither 0 (normal) nor 1 (anomaly)", i, label);
    return DONUT_OK;
}

enum donut_status donut_series_from_rows(const int64_t *timestamp_ms, const double *value,
                                         const unsigned char *label, size_t n, int64_t interval_ms,
                                         struct donut_series **out, struct donut_error *err)
{
    struct donut_rows rows = {.n = n, .labelled = label != NULL};
    *out = NULL;
    if (n == 0)
        return donut_fail(err, DONUT_EINPUT, "there are no rows; expected at least one");
    rows.row = donut_calloc(n, sizeof *rows.row);
    if (!rows.row)
        return donut_fail_memory(err);
    enum donut_status status = DONUT_OK;
    for (size_t i = 0; i < n && status == DONUT_OK; i++) {
        rows.row[i] = (struct donut_row){.time_ms = timestamp_ms[i],
                                         .value = value[i],
                                         .line = i + 1,
                                         .label = label ? label[i] : 0};
        status = check_row(i, timestamp_ms[i], value[i], rows.row[i].label, err);
    }
    if (status == DONUT_OK)
        status = donut_series_build(&rows, interval_ms, 0, out, err);
    donut_rows_free(&rows);
    return status;
}

void donut_series_free(struct donut_series *series)
{
    free(series);
}

int64_t donut_series_time_ms(const struct donut_series *series, size_t i)
{
    if (i >= series->n && i > (uint64_t)((LATEST_MS - series->start_ms) / series->interval_ms))
        return LATEST_MS;
    return series->start_ms + (int64_t)i * series->interval_ms;
}

size_t donut_series_format_time(const struct donut_series *series, size_t i,
                                char buf[DONUT_TIME_SIZE])
{
    const size_t last = i < series->n ? i : series->n - 1;
    const int offset = series->offset_minutes ? series->offset_minutes[last] : 0;
    return donut_time_write(&series->time_format, donut_series_time_ms(series, i), offset, buf);
}
