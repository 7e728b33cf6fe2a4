/* Score files -> struct donut_scored: the rows that have a score, in time order. */
#include "base/arena.h"
#include "base/status.h"
#include "data/columns.h"
#include "data/grid.h"
#include "data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE, LABEL, TIMESTAMP, STATUS, VERDICT, COLUMNS };

struct scored_row {
    struct donut_cell time; /* as written; its line orders the rows of a file without times */
    int64_t time_ms;        /* 0 in a file without times */
    int64_t position;       /* on the grid */
    double score;
    unsigned char label, verdict;
    enum donut_row_status status;
};

struct scored_rows {
    struct scored_row *row; /* (n) */
    size_t n, capacity;
    bool timed, judged; /* there are timestamps, verdicts */
    struct donut_time_format format;
};

/* ---- reading */

/* A row without a status has one by whether it has a score. */
static enum donut_status parse_status(const struct donut_cell *cell, enum donut_row_status *out,
                                      struct donut_error *err)
{
    static const char *const name[] = {
        [DONUT_ROW_OK] = "ok", [DONUT_ROW_MISSING] = "missing", [DONUT_ROW_WARMUP] = "warmup"};
    char quoted[DONUT_QUOTE_SIZE];
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        if (donut_text_is(cell->text, cell->size, name[i])) {
            *out = (enum donut_row_status)i;
            return DONUT_OK;
        }
    }
    return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                         "status '%s' is none of ok, missing and warmup",
                         donut_quote(quoted, cell->text, cell->size));
}

static enum donut_status parse_row(const struct donut_cell cells[COLUMNS],
                                   const size_t wanted[COLUMNS], struct scored_rows *rows,
                                   struct donut_error *err)
{
    struct scored_row *row = &rows->row[rows->n];
    *row = (struct scored_row){.time = cells[TIMESTAMP], .status = DONUT_ROW_OK};
    enum donut_status status = donut_cell_number(&cells[SCORE], "score", &row->score, err);
    if (status == DONUT_OK)
        status = donut_cell_flag(&cells[LABEL], "label", &row->label, err);
    if (status == DONUT_OK && rows->judged)
        status = donut_cell_flag(&cells[VERDICT], "verdict", &row->verdict, err);
    if (status == DONUT_OK && wanted[STATUS] != DONUT_NO_COLUMN)
        status = parse_status(&cells[STATUS], &row->status, err);
    if (status == DONUT_OK && rows->timed) {
        struct donut_time time;
        status = donut_cell_time(&cells[TIMESTAMP], rows->n == 0, &rows->format, &time, err);
        if (status == DONUT_OK)
            row->time_ms = time.ms;
    }
    if (row->status == DONUT_ROW_OK && isnan(row->score))
        row->status = DONUT_ROW_MISSING;
    return status;
}

static enum donut_status read_rows(struct donut_csv *csv, const size_t wanted[COLUMNS],
                                   struct scored_rows *rows, struct donut_error *err)
{
    while (donut_csv_more(csv)) {
        struct scored_row *grown =
            donut_csv_grow(rows->row, rows->n, &rows->capacity, sizeof *rows->row);
        if (!grown)
            return donut_fail_memory(err);
        rows->row = grown;
        struct donut_cell cells[COLUMNS] = {{0}};
        enum donut_status status = donut_csv_record(csv, wanted, COLUMNS, cells, err);
        if (status == DONUT_OK)
            status = parse_row(cells, wanted, rows, err);
        if (status != DONUT_OK)
            return status;
        rows->n++;
    }
    if (rows->n == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "there is no row after the header; expected rows with score and label");
    return DONUT_OK;
}

static enum donut_status read_csv(const char *bytes, size_t size, const char *label_column,
                                  struct scored_rows *rows, struct donut_error *err)
{
    struct donut_column columns[COLUMNS] = {
        [SCORE] = {.role = "score", .names = "score", .required = true},
        [LABEL] = {.role = "label",
                   .names = "label|is_anomaly",
                   .given = label_column,
                   .option = "--label-column",
                   .required = true},
        [TIMESTAMP] = {.role = "timestamp", .names = "timestamp|time|ts|date"},
        [STATUS] = {.role = "status", .names = "status"},
        [VERDICT] = {.role = "verdict", .names = "anomaly"},
    };
    struct donut_csv csv;
    enum donut_status status = donut_csv_open(&csv, bytes, size, err);
    if (status == DONUT_OK)
        status = donut_columns_find(&csv, columns, COLUMNS, true, err);
    if (status != DONUT_OK)
        return status;
    size_t wanted[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        wanted[i] = columns[i].index;
    rows->timed = wanted[TIMESTAMP] != DONUT_NO_COLUMN;
    rows->judged = wanted[VERDICT] != DONUT_NO_COLUMN;
    return read_rows(&csv, wanted, rows, err);
}

/* ---- time order and grid positions */

static int compare_rows(const void *a, const void *b)
{
    const struct scored_row *x = a, *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->time.line > y->time.line) - (x->time.line < y->time.line);
}

static void sort_rows(struct scored_rows *rows)
{
    for (size_t i = 1; i < rows->n; i++) {
        if (rows->row[i - 1].time_ms > rows->row[i].time_ms) {
            qsort(rows->row, rows->n, sizeof *rows->row, compare_rows);
            return;
        }
    }
}

/* The interval that all rows are spaced by; 0 if there is none that fits. */
static enum donut_status infer_interval(const struct scored_rows *rows, int64_t *interval_ms,
                                        struct donut_error *err)
{
    int64_t *time_ms = donut_calloc(rows->n, sizeof *time_ms);
    if (!time_ms)
        return donut_fail_memory(err);
    for (size_t i = 0; i < rows->n; i++)
        time_ms[i] = rows->row[i].time_ms;
    const enum donut_status status = donut_grid_infer_interval(time_ms, rows->n, interval_ms, NULL);
    free(time_ms);
    if (status == DONUT_ENOMEM)
        return donut_fail_memory(err);
    if (status != DONUT_OK)
        *interval_ms = 0;
    return DONUT_OK;
}

/* Positions in whole intervals from the first row; false when two rows would share one. */
static bool place_on_grid(struct scored_rows *rows, int64_t interval_ms)
{
    for (size_t i = 0; i < rows->n; i++) {
        struct scored_row *row = &rows->row[i];
        const int64_t since_first = row->time_ms - rows->row[0].time_ms;
        row->position = (since_first + interval_ms / 2) / interval_ms;
        if (i > 0 && row->position == row[-1].position)
            return false;
    }
    return true;
}

/* Positions of the rows, in time order. Without an interval that fits them all, their order is all
 * that is known. */
static enum donut_status locate(struct scored_rows *rows, double *interval_seconds,
                                struct donut_error *err)
{
    int64_t interval_ms = 0;
    if (rows->timed) {
        sort_rows(rows);
        const enum donut_status status = infer_interval(rows, &interval_ms, err);
        if (status != DONUT_OK)
            return status;
    }
    for (size_t i = 1; rows->timed && i < rows->n; i++) {
        const struct scored_row *row = &rows->row[i];
        if (row->time_ms == row[-1].time_ms)
            return donut_fail_at(err, DONUT_EINPUT, row->time.line, row->time.column,
                                 "this row and line %zu are the same point in time; a score file "
                                 "has one row per point",
                                 row[-1].time.line);
    }
    if (interval_ms > 0 && !place_on_grid(rows, interval_ms))
        interval_ms = 0;
    for (size_t i = 0; interval_ms == 0 && i < rows->n; i++)
        rows->row[i].position = (int64_t)i;
    *interval_seconds = interval_ms > 0 ? (double)interval_ms / 1000 : NAN;
    return DONUT_OK;
}

/* ---- the rows that have a score */

static bool is_kept(const struct scored_row *row)
{
    return row->status == DONUT_ROW_OK;
}

/* The timestamps of the kept rows: n pointers and the text that they point to, in one block. */
static char **copy_times(const struct scored_rows *rows, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (is_kept(&rows->row[i]))
            bytes += rows->row[i].time.size + 1;
    if (bytes > SIZE_MAX - n * sizeof(char *))
        return NULL;
    char **time = donut_calloc(1, n * sizeof *time + bytes);
    if (!time)
        return NULL;
    char *text = (char *)(time + n);
    for (size_t i = 0, k = 0; i < rows->n; i++) {
        const struct donut_cell *cell = &rows->row[i].time;
        if (!is_kept(&rows->row[i]))
            continue;
        time[k++] = memcpy(text, cell->text, cell->size);
        text += cell->size + 1;
    }
    return time;
}

static bool allocate(struct donut_scored *s, const struct scored_rows *rows)
{
    s->score = donut_calloc(s->n, sizeof *s->score);
    s->label = donut_calloc(s->n, sizeof *s->label);
    s->position = donut_calloc(s->n, sizeof *s->position);
    s->verdict = rows->judged ? donut_calloc(s->n, sizeof *s->verdict) : NULL;
    s->time = rows->timed ? copy_times(rows, s->n) : NULL;
    return s->score && s->label && s->position && (s->verdict || !rows->judged) &&
           (s->time || !rows->timed);
}

static enum donut_status keep_scored(const struct scored_rows *rows, struct donut_scored **out,
                                     struct donut_error *err)
{
    struct donut_scored *s = donut_calloc(1, sizeof *s);
    if (!s)
        return donut_fail_memory(err);
    for (size_t i = 0; i < rows->n; i++) {
        s->n += is_kept(&rows->row[i]);
        s->missing += rows->row[i].status == DONUT_ROW_MISSING;
        s->warmup += rows->row[i].status == DONUT_ROW_WARMUP;
    }
    if (!allocate(s, rows)) {
        donut_scored_free(s);
        return donut_fail_memory(err);
    }
    for (size_t i = 0, k = 0; i < rows->n; i++) {
        const struct scored_row *row = &rows->row[i];
        if (!is_kept(row))
            continue;
        s->score[k] = row->score;
        s->label[k] = row->label;
        s->position[k] = row->position;
        if (s->verdict)
            s->verdict[k] = row->verdict;
        k++;
    }
    *out = s;
    return DONUT_OK;
}

enum donut_status donut_scored_read_csv(const char *bytes, size_t size, const char *label_column,
                                        struct donut_scored **out, struct donut_error *err)
{
    struct scored_rows rows = {0};
    double interval_seconds = NAN;
    *out = NULL;
    enum donut_status status = read_csv(bytes, size, label_column, &rows, err);
    if (status == DONUT_OK)
        status = locate(&rows, &interval_seconds, err);
    if (status == DONUT_OK)
        status = keep_scored(&rows, out, err);
    if (status == DONUT_OK)
        (*out)->interval_seconds = interval_seconds;
    free(rows.row);
    return status;
}

void donut_scored_free(struct donut_scored *scored)
{
    if (!scored)
        return;
    free(scored->score);
    free(scored->label);
    free(scored->verdict);
    free(scored->position);
    free(scored->time);
    free(scored);
}
