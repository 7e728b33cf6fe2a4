#include "eval/scored_rows.h"

#include "base/status.h"
#include "data/columns.h"
#include "data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE, LABEL, SURPRISE, TIMESTAMP, STATUS, VERDICT, KEY, COLUMNS };

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

/* An infinite surprise is as high as the highest one that there is. */
static enum donut_status parse_surprise(const struct donut_cell *cell, double *out,
                                        struct donut_error *err)
{
    const bool negative = cell->size > 0 && cell->text[0] == '-';
    if (donut_number_parse(cell->text, cell->size, out) == DONUT_NUMBER_INFINITE && !negative) {
        *out = DONUT_MOST_SURPRISE;
        return DONUT_OK;
    }
    const enum donut_status status = donut_cell_number(cell, "surprise", out, err);
    if (*out > DONUT_MOST_SURPRISE)
        *out = DONUT_MOST_SURPRISE;
    return status;
}

static enum donut_status parse_key(const struct donut_cell *cell, struct donut_keys *keys,
                                   uint32_t *key, struct donut_error *err)
{
    if (cell->size == 0)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "the key is empty; every row must say which KPI's it is");
    if (cell->quoted) {
        char *copy = malloc(cell->size);
        *key = copy ? donut_keys_add(keys, copy, donut_cell_unquote(cell, copy)) : DONUT_NO_KEY;
        free(copy);
    } else {
        *key = donut_keys_add(keys, cell->text, cell->size);
    }
    return *key == DONUT_NO_KEY ? donut_fail_memory(err) : DONUT_OK;
}

static enum donut_status parse_row(const struct donut_cell cells[COLUMNS],
                                   const size_t wanted[COLUMNS], struct donut_scored_rows *rows,
                                   struct donut_error *err)
{
    struct donut_scored_row *row = &rows->row[rows->n];
    *row = (struct donut_scored_row){
        .time = cells[TIMESTAMP], .score = NAN, .surprise = NAN, .status = DONUT_ROW_OK};
    enum donut_status status = DONUT_OK;
    if (wanted[SCORE] != DONUT_NO_COLUMN)
        status = donut_cell_number(&cells[SCORE], "score", &row->score, err);
    if (status == DONUT_OK && wanted[SURPRISE] != DONUT_NO_COLUMN)
        status = parse_surprise(&cells[SURPRISE], &row->surprise, err);
    if (status == DONUT_OK)
        status = donut_cell_flag(&cells[LABEL], "label", &row->label, err);
    if (status == DONUT_OK && rows->judged)
        status = donut_cell_flag(&cells[VERDICT], "verdict", &row->verdict, err);
    if (status == DONUT_OK && wanted[STATUS] != DONUT_NO_COLUMN)
        status = parse_status(&cells[STATUS], &row->status, err);
    if (!rows->timed)
        row->time.line = cells[LABEL].line;
    if (status == DONUT_OK && rows->timed) {
        struct donut_time time;
        status = donut_cell_time(&cells[TIMESTAMP], rows->n == 0, &rows->format, &time, err);
        if (status == DONUT_OK)
            row->time_ms = time.ms;
    }
    if (status == DONUT_OK && wanted[KEY] != DONUT_NO_COLUMN)
        status = parse_key(&cells[KEY], &rows->keys, &row->key, err);
    const double known = wanted[SCORE] != DONUT_NO_COLUMN ? row->score : row->surprise;
    if (row->status == DONUT_ROW_OK && isnan(known))
        row->status = DONUT_ROW_MISSING;
    return status;
}

static enum donut_status read_rows(struct donut_csv *csv, const size_t wanted[COLUMNS],
                                   struct donut_scored_rows *rows, struct donut_error *err)
{
    while (donut_csv_more(csv)) {
        struct donut_scored_row *grown =
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

/* Decides what the points are ranked by. */
static enum donut_status choose_rank(const struct donut_scored_options *opt, bool has_surprise,
                                     struct donut_scored_rows *rows, struct donut_error *err)
{
    const struct donut_scored_row *without = NULL;
    for (size_t i = 0; i < rows->n && !without; i++)
        if (rows->row[i].status == DONUT_ROW_OK && isnan(rows->row[i].surprise))
            without = &rows->row[i];
    rows->by = opt->by;
    if (opt->by == DONUT_RANK_DEFAULT)
        rows->by =
            has_surprise && !without && !opt->score_column ? DONUT_RANK_SURPRISE : DONUT_RANK_SCORE;
    if (rows->by == DONUT_RANK_SURPRISE && without)
        return donut_fail_at(err, DONUT_EINPUT, without->time.line, 0,
                             "this row has a score but no surprise, as with a model that cannot "
                             "tell it of every score; use --by score");
    return DONUT_OK;
}

enum donut_status donut_scored_rows_read_csv(const char *bytes, size_t size,
                                             const struct donut_scored_options *opt,
                                             struct donut_scored_rows *rows,
                                             struct donut_error *err)
{
    struct donut_column columns[COLUMNS] = {
        [SCORE] = {.role = "score",
                   .names = "score|anomaly_score",
                   .given = opt->score_column,
                   .option = "--score-column",
                   .required = opt->by != DONUT_RANK_SURPRISE},
        [LABEL] = {.role = "label",
                   .names = "label|is_anomaly",
                   .given = opt->label_column,
                   .option = "--label-column",
                   .required = true},
        [SURPRISE] = {.role = "surprise",
                      .names = "surprise",
                      .required = opt->by == DONUT_RANK_SURPRISE},
        [TIMESTAMP] = {.role = "timestamp", .names = "timestamp|time|ts|date"},
        [STATUS] = {.role = "status", .names = "status"},
        [VERDICT] = {.role = "verdict", .names = "anomaly"},
        [KEY] = {.role = "key",
                 .names = "",
                 .given = opt->key_column,
                 .option = "--key",
                 .unread = true},
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
    status = read_rows(&csv, wanted, rows, err);
    if (status == DONUT_OK)
        status = choose_rank(opt, wanted[SURPRISE] != DONUT_NO_COLUMN, rows, err);
    return status;
}

void donut_scored_rows_free(struct donut_scored_rows *rows)
{
    donut_keys_free(&rows->keys);
    free(rows->row);
    *rows = (struct donut_scored_rows){0};
}
