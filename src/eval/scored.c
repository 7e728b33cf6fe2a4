/* Score files -> struct donut_scored: the rows that have a score, in time order. */
#include "base/arena.h"
#include "base/status.h"
#include "data/grid.h"
#include "eval/scored_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- time order and grid positions */

static int compare_rows(const void *a, const void *b)
{
    const struct donut_scored_row *x = a, *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->time.line > y->time.line) - (x->time.line < y->time.line);
}

static void sort_rows(struct donut_scored_rows *rows)
{
    for (size_t i = 1; i < rows->n; i++) {
        if (rows->row[i - 1].time_ms > rows->row[i].time_ms) {
            qsort(rows->row, rows->n, sizeof *rows->row, compare_rows);
            return;
        }
    }
}

/* The interval that all rows are spaced by; 0 if there is none that fits. */
static enum donut_status infer_interval(const struct donut_scored_rows *rows, int64_t *interval_ms,
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
static bool place_on_grid(struct donut_scored_rows *rows, int64_t interval_ms)
{
    for (size_t i = 0; i < rows->n; i++) {
        struct donut_scored_row *row = &rows->row[i];
        const int64_t since_first = row->time_ms - rows->row[0].time_ms;
        row->position = (since_first + interval_ms / 2) / interval_ms;
        if (i > 0 && row->position == row[-1].position)
            return false;
    }
    return true;
}

/* Positions of the rows, in time order. Without an interval that fits them all, their order is all
 * that is known. */
static enum donut_status locate(struct donut_scored_rows *rows, double *interval_seconds,
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
        const struct donut_scored_row *row = &rows->row[i];
        if (row->time_ms == row[-1].time_ms)
            return donut_fail_at(
                err, DONUT_EINPUT, row->time.line, row->time.column,
                "this row and line %zu are the same point in time%s", row[-1].time.line,
                rows->keys.n > 0 ? " of one KPI; a score file has one row per point"
                                 : "; a score file has one row per point: if it is a fleet's, "
                                   "name the column of the keys with --key");
    }
    if (interval_ms > 0 && !place_on_grid(rows, interval_ms))
        interval_ms = 0;
    for (size_t i = 0; interval_ms == 0 && i < rows->n; i++)
        rows->row[i].position = (int64_t)i;
    *interval_seconds = interval_ms > 0 ? (double)interval_ms / 1000 : NAN;
    return DONUT_OK;
}

/* ---- the rows that have a score */

static bool is_kept(const struct donut_scored_row *row)
{
    return row->status == DONUT_ROW_OK;
}

/* The timestamps of the kept rows: n pointers and the text that they point to, in one block. */
static char **copy_times(const struct donut_scored_rows *rows, size_t n)
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

static bool allocate(struct donut_scored *s, const struct donut_scored_rows *rows)
{
    s->score = donut_calloc(s->n, sizeof *s->score);
    s->label = donut_calloc(s->n, sizeof *s->label);
    s->position = donut_calloc(s->n, sizeof *s->position);
    s->verdict = rows->judged ? donut_calloc(s->n, sizeof *s->verdict) : NULL;
    s->time = rows->timed ? copy_times(rows, s->n) : NULL;
    return s->score && s->label && s->position && (s->verdict || !rows->judged) &&
           (s->time || !rows->timed);
}

static enum donut_status keep_scored(const struct donut_scored_rows *rows,
                                     struct donut_scored **out, struct donut_error *err)
{
    struct donut_scored *s = donut_calloc(1, sizeof *s);
    if (!s)
        return donut_fail_memory(err);
    for (size_t i = 0; i < rows->n; i++) {
        s->n += is_kept(&rows->row[i]);
        s->missing += rows->row[i].status == DONUT_ROW_MISSING;
        s->warmup += rows->row[i].status == DONUT_ROW_WARMUP;
        s->warmup_anomalous += rows->row[i].status == DONUT_ROW_WARMUP && rows->row[i].label;
    }
    s->by = rows->by;
    if (!allocate(s, rows)) {
        donut_scored_free(s);
        return donut_fail_memory(err);
    }
    for (size_t i = 0, k = 0; i < rows->n; i++) {
        const struct donut_scored_row *row = &rows->row[i];
        if (!is_kept(row))
            continue;
        s->score[k] = rows->by == DONUT_RANK_SURPRISE ? row->surprise : row->score;
        s->label[k] = row->label;
        s->position[k] = row->position;
        if (s->verdict)
            s->verdict[k] = row->verdict;
        k++;
    }
    *out = s;
    return DONUT_OK;
}

/* The points of one KPI, whose rows these are. */
static enum donut_status build(struct donut_scored_rows *rows, struct donut_scored **out,
                               struct donut_error *err)
{
    double interval_seconds = NAN;
    enum donut_status status = locate(rows, &interval_seconds, err);
    if (status == DONUT_OK)
        status = keep_scored(rows, out, err);
    if (status == DONUT_OK)
        (*out)->interval_seconds = interval_seconds;
    return status;
}

enum donut_status donut_scored_read_csv(const char *bytes, size_t size,
                                        const struct donut_scored_options *opt,
                                        struct donut_scored **out, struct donut_error *err)
{
    struct donut_scored_rows rows = {0};
    *out = NULL;
    struct donut_scored_options single = opt ? *opt : (struct donut_scored_options){0};
    single.key_column = NULL;
    enum donut_status status = donut_scored_rows_read_csv(bytes, size, &single, &rows, err);
    if (status == DONUT_OK)
        status = build(&rows, out, err);
    donut_scored_rows_free(&rows);
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

/* ---- many KPIs */

/* Moves every row to where its KPI's are, in the order of the file. Returns where those begin, by
 * KPI and with the end behind the last one's, to be freed by the caller; NULL without memory. */
static size_t *group_rows(struct donut_scored_rows *rows)
{
    const size_t n = rows->keys.n;
    size_t *first = donut_calloc(n + 2, sizeof *first);
    struct donut_scored_row *moved = donut_calloc(rows->n, sizeof *moved);
    if (!first || !moved) {
        free(first);
        free(moved);
        return NULL;
    }
    for (size_t i = 0; i < rows->n; i++)
        first[rows->row[i].key + 2]++;
    for (size_t k = 2; k < n + 2; k++)
        first[k] += first[k - 1];
    /* So far first[k + 1] is where KPI k begins; putting its rows there moves that to its end. */
    for (size_t i = 0; i < rows->n; i++)
        moved[first[rows->row[i].key + 1]++] = rows->row[i];
    free(rows->row);
    rows->row = moved;
    return first;
}

/* The KPIs without their points, and the text of their keys behind them, in one block. */
static bool copy_keys(const struct donut_keys *keys, struct donut_scored_fleet *fleet)
{
    size_t bytes = 0;
    for (size_t k = 0; k < keys->n; k++)
        bytes += keys->key[k].size + 1;
    if (keys->n > (SIZE_MAX - bytes) / sizeof *fleet->kpi)
        return false;
    fleet->kpi = donut_calloc(1, keys->n * sizeof *fleet->kpi + bytes);
    if (!fleet->kpi)
        return false;
    fleet->n = keys->n;
    char *text = (char *)(fleet->kpi + keys->n);
    for (size_t k = 0; k < keys->n; k++) {
        const struct donut_key *key = &keys->key[k];
        fleet->kpi[k].key = memcpy(text, key->text, key->size);
        fleet->kpi[k].key_size = key->size;
        text += key->size + 1;
    }
    return true;
}

static enum donut_status build_fleet(struct donut_scored_rows *rows,
                                     struct donut_scored_fleet **out, struct donut_error *err)
{
    struct donut_scored_fleet *fleet = donut_calloc(1, sizeof *fleet);
    size_t *first = group_rows(rows);
    enum donut_status status = DONUT_OK;
    if (!fleet || !first || !copy_keys(&rows->keys, fleet))
        status = donut_fail_memory(err);
    for (size_t k = 0; status == DONUT_OK && k < fleet->n; k++) {
        struct donut_scored_rows own = *rows;
        own.row = rows->row + first[k];
        own.n = first[k + 1] - first[k];
        status = build(&own, &fleet->kpi[k].scored, err);
    }
    free(first);
    if (status == DONUT_OK)
        *out = fleet;
    else
        donut_scored_fleet_free(fleet);
    return status;
}

enum donut_status donut_scored_fleet_read_csv(const char *bytes, size_t size,
                                              const struct donut_scored_options *opt,
                                              struct donut_scored_fleet **out,
                                              struct donut_error *err)
{
    struct donut_scored_rows rows = {0};
    *out = NULL;
    if (!opt || !opt->key_column)
        return donut_fail(err, DONUT_EARGUMENT,
                          "no key column is given (--key); without one a file is one KPI's");
    enum donut_status status = donut_scored_rows_read_csv(bytes, size, opt, &rows, err);
    if (status == DONUT_OK)
        status = build_fleet(&rows, out, err);
    donut_scored_rows_free(&rows);
    return status;
}

void donut_scored_fleet_free(struct donut_scored_fleet *fleet)
{
    if (!fleet)
        return;
    for (size_t k = 0; k < fleet->n; k++)
        donut_scored_free(fleet->kpi[k].scored);
    free(fleet->kpi);
    free(fleet);
}
