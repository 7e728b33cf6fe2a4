#include "data/record.h"
#include "base/status.h"
#include "data/columns.h"
#include "data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- any record */

static enum donut_status parse_label(const struct donut_cell *cell, unsigned char *label,
                                     struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    if (donut_cell_flag(cell, "label", label, NULL) == DONUT_OK)
        return DONUT_OK;
    return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                         "label '%s' is neither 0 (normal) nor 1 (anomaly); --ignore-labels does "
                         "without labels",
                         donut_quote(quoted, cell->text, cell->size));
}

/* The content of a cell as a text of its own, or NULL. */
static char *copy_cell(const struct donut_cell *cell, size_t *size)
{
    char *copy = malloc(cell->size + 1);
    if (copy) {
        *size = donut_cell_unquote(cell, copy);
        copy[*size] = '\0';
    }
    return copy;
}

static enum donut_status parse_key(const struct donut_cell *cell, struct donut_keys *keys,
                                   uint32_t *key, struct donut_error *err)
{
    if (cell->size == 0)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "the key is empty; every row must say which KPI's it is");
    if (!cell->quoted) {
        *key = donut_keys_add(keys, cell->text, cell->size);
    } else {
        size_t size = 0;
        char *copy = copy_cell(cell, &size);
        *key = copy ? donut_keys_add(keys, copy, size) : DONUT_NO_KEY;
        free(copy);
    }
    return *key == DONUT_NO_KEY ? donut_fail_memory(err) : DONUT_OK;
}

static enum donut_status parse_row(const struct donut_cell cells[DONUT_ROLES],
                                   struct donut_records *records, struct donut_row *row,
                                   struct donut_error *err)
{
    struct donut_time time;
    struct donut_time_format format = records->format;
    *row = (struct donut_row){.line = cells[DONUT_TIMESTAMP].line};
    enum donut_status status =
        donut_cell_time(&cells[DONUT_TIMESTAMP], !records->begun, &format, &time, err);
    if (status == DONUT_OK)
        status = donut_cell_number(&cells[DONUT_VALUE], "value", &row->value, err);
    if (status == DONUT_OK && records->labelled)
        status = parse_label(&cells[DONUT_LABEL], &row->label, err);
    if (status == DONUT_OK && records->column[DONUT_KEY] != DONUT_NO_COLUMN)
        status = parse_key(&cells[DONUT_KEY], &records->keys, &row->key, err);
    if (status != DONUT_OK)
        return status;
    row->time_ms = time.ms;
    row->offset_minutes = time.offset_minutes;
    records->format = format;
    records->begun = true;
    return DONUT_OK;
}

enum donut_status donut_records_read(struct donut_records *records, struct donut_csv *csv,
                                     struct donut_row *row, struct donut_error *err)
{
    struct donut_cell cells[DONUT_ROLES] = {{0}};
    const enum donut_status status =
        donut_csv_record(csv, records->column, DONUT_ROLES, cells, err);
    return status == DONUT_OK ? parse_row(cells, records, row, err) : status;
}

/* ---- plain records */

/* What is kept of a record until it is known to be plain to its end. */
struct plain {
    struct donut_time time;
    const char *key;
    size_t key_size; /* 0 = there is no key column */
};

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool ends_cell(const char *at, const char *end)
{
    return at == end || *at == ',' || ends_line(*at) || *at == '"';
}

/* A key that stands there as it is. */
static const char *take_key(const char *at, const char *end, bool quoted, struct plain *plain)
{
    const char *start = at;
    if (quoted)
        while (at < end && *at != '"' && !ends_line(*at))
            at++;
    else
        while (at < end && *at != ',' && !ends_line(*at))
            at++;
    if (at == start || (!quoted && (is_blank(*start) || is_blank(at[-1]))))
        return NULL;
    plain->key = start;
    plain->key_size = (size_t)(at - start);
    return at;
}

/* Takes the plain text of a cell at `at`, without quotes, and returns where it ends. NULL: there is
 * something else. */
static const char *take_plain(int role, const char *at, const char *end, bool quoted,
                              struct plain *plain, struct donut_row *row)
{
    switch (role) {
    case DONUT_TIMESTAMP:
        return donut_time_scan(at, end, &plain->time);
    case DONUT_VALUE:
        return ends_cell(at, end) ? at : donut_number_scan(at, end, &row->value);
    case DONUT_LABEL:
        if (ends_cell(at, end))
            return at;
        row->label = *at == '1';
        return *at == '0' || *at == '1' ? at + 1 : NULL;
    default:
        return take_key(at, end, quoted, plain);
    }
}

static bool take_cells(const struct donut_records *records, struct donut_csv *csv,
                       struct plain *plain, struct donut_row *row)
{
    const char *at = csv->at, *end = csv->end;
    size_t column = 0;
    for (size_t i = 0; i < records->read; i++) {
        const int role = records->role[i];
        at = donut_csv_skip_bare(at, end, records->column[role] - column);
        if (!at)
            return false;
        const bool quoted = at < end && *at == '"';
        at = take_plain(role, at + quoted, end, quoted, plain, row);
        if (!at || (quoted && (at == end || *at++ != '"')))
            return false;
        column = records->column[role] + 1;
        if (column < csv->width && (at == end || *at++ != ','))
            return false;
    }
    return plain->time.format.kind == records->format.kind &&
           donut_csv_end_bare(csv, at, csv->width - column);
}

bool donut_records_read_plain(struct donut_records *records, struct donut_csv *csv,
                              struct donut_row *row)
{
    const char *start = csv->at;
    struct plain plain;
    plain.key_size = 0;
    *row = (struct donut_row){.value = NAN, .line = csv->next_line};
    if (!records->begun || !take_cells(records, csv, &plain, row))
        return false;
    if (plain.key_size > 0) {
        row->key = donut_keys_add(&records->keys, plain.key, plain.key_size);
        if (row->key == DONUT_NO_KEY) {
            csv->at = start;
            csv->next_line = row->line;
            return false;
        }
    }
    donut_time_format_merge(&records->format, &plain.time.format);
    row->time_ms = plain.time.ms;
    row->offset_minutes = plain.time.offset_minutes;
    return true;
}

/* ---- columns */

/* Sets what is read, by the columns found. */
static enum donut_status lay_out(const struct donut_column columns[DONUT_ROLES], bool ignore_labels,
                                 struct donut_records *records, struct donut_error *err)
{
    size_t size;
    records->labelled = columns[DONUT_LABEL].index != DONUT_NO_COLUMN && !ignore_labels;
    records->read = 0;
    for (int i = 0; i < DONUT_ROLES; i++) {
        records->column[i] = columns[i].index;
        if (columns[i].index == DONUT_NO_COLUMN || (i == DONUT_LABEL && !records->labelled))
            continue;
        size_t at = records->read++;
        for (; at > 0 && records->column[records->role[at - 1]] > columns[i].index; at--)
            records->role[at] = records->role[at - 1];
        records->role[at] = i;
    }
    if (columns[DONUT_KEY].name.text) {
        records->key_name = copy_cell(&columns[DONUT_KEY].name, &size);
        if (!records->key_name)
            return donut_fail_memory(err);
    }
    return DONUT_OK;
}

enum donut_status donut_records_open(struct donut_records *records, struct donut_csv *csv,
                                     const struct donut_csv_options *opt, struct donut_error *err)
{
    struct donut_column columns[DONUT_ROLES] = {
        [DONUT_TIMESTAMP] = {.role = "timestamp",
                             .names = "timestamp|time|ts|date",
                             .given = opt->timestamp_column,
                             .option = "--timestamp-column",
                             .required = true,
                             .place = 1},
        [DONUT_VALUE] = {.role = "value",
                         .names = "value",
                         .given = opt->value_column,
                         .option = "--value-column",
                         .required = true,
                         .or_only_other = true,
                         .place = 2},
        [DONUT_LABEL] = {.role = "label",
                         .names = "label|anomaly|is_anomaly",
                         .result = "anomaly",
                         .beside = "lower",
                         .given = opt->label_column,
                         .option = "--label-column",
                         .unread = opt->ignore_labels,
                         .place = 3},
        [DONUT_KEY] = {.role = "key",
                       .names = "",
                       .given = opt->key_column,
                       .option = "--key",
                       .unread = true},
    };
    const enum donut_status status = donut_columns_find(csv, columns, DONUT_ROLES, false, err);
    return status == DONUT_OK ? lay_out(columns, opt->ignore_labels, records, err) : status;
}

void donut_records_free(struct donut_records *records)
{
    donut_keys_free(&records->keys);
    free(records->key_name);
    *records = (struct donut_records){0};
}
