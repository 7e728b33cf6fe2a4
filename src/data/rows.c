#include "data/rows.h"
#include "base/status.h"
#include "data/columns.h"

#include <stdlib.h>

enum { TIMESTAMP, VALUE, LABEL, COLUMNS };

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

static enum donut_status parse_row(const struct donut_cell cells[COLUMNS], struct donut_rows *rows,
                                   struct donut_row *row, struct donut_error *err)
{
    struct donut_time time;
    enum donut_status status =
        donut_cell_time(&cells[TIMESTAMP], rows->n == 0, &rows->format, &time, err);
    if (status == DONUT_OK)
        status = donut_cell_number(&cells[VALUE], "value", &row->value, err);
    row->label = 0;
    if (status == DONUT_OK && rows->labelled)
        status = parse_label(&cells[LABEL], &row->label, err);
    if (status != DONUT_OK)
        return status;
    row->time_ms = time.ms;
    row->offset_minutes = time.offset_minutes;
    row->line = cells[TIMESTAMP].line;
    return DONUT_OK;
}

static enum donut_status read_rows(struct donut_csv *csv, const size_t wanted[COLUMNS],
                                   struct donut_rows *rows, struct donut_error *err)
{
    while (donut_csv_more(csv)) {
        struct donut_row *grown =
            donut_csv_grow(rows->row, rows->n, &rows->capacity, sizeof *rows->row);
        if (!grown)
            return donut_fail_memory(err);
        rows->row = grown;
        struct donut_cell cells[COLUMNS] = {{0}};
        enum donut_status status = donut_csv_record(csv, wanted, COLUMNS, cells, err);
        if (status == DONUT_OK)
            status = parse_row(cells, rows, &rows->row[rows->n], err);
        if (status != DONUT_OK)
            return status;
        rows->n++;
    }
    if (rows->n == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "there is no row after the header; expected rows with timestamp and "
                          "value");
    return DONUT_OK;
}

enum donut_status donut_rows_read_csv(const char *bytes, size_t size,
                                      const struct donut_csv_options *opt, struct donut_rows *rows,
                                      struct donut_error *err)
{
    struct donut_column columns[COLUMNS] = {
        [TIMESTAMP] = {.role = "timestamp",
                       .names = "timestamp|time|ts|date",
                       .given = opt->timestamp_column,
                       .option = "--timestamp-column",
                       .required = true,
                       .place = 1},
        [VALUE] = {.role = "value",
                   .names = "value",
                   .given = opt->value_column,
                   .option = "--value-column",
                   .required = true,
                   .or_only_other = true,
                   .place = 2},
        [LABEL] = {.role = "label",
                   .names = "label|anomaly|is_anomaly",
                   .given = opt->label_column,
                   .option = "--label-column",
                   .unread = opt->ignore_labels,
                   .place = 3},
    };
    struct donut_csv csv;
    enum donut_status status = donut_csv_open(&csv, bytes, size, err);
    if (status == DONUT_OK)
        status = donut_columns_find(&csv, columns, COLUMNS, false, err);
    if (status != DONUT_OK)
        return status;
    size_t wanted[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        wanted[i] = columns[i].index;
    rows->labelled = wanted[LABEL] != DONUT_NO_COLUMN && !opt->ignore_labels;
    return read_rows(&csv, wanted, rows, err);
}

void donut_rows_free(struct donut_rows *rows)
{
    free(rows->row);
    *rows = (struct donut_rows){0};
}
