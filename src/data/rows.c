#include "data/rows.h"
#include "base/status.h"
#include "data/columns.h"
#include "data/number.h"

#include <math.h>
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

/* The columns by role, and the roles that are read in the order of their columns. */
struct layout {
    size_t wanted[COLUMNS];
    int role[COLUMNS]; /* (n) */
    size_t n;
};

static struct layout lay_out(const struct donut_column columns[COLUMNS], bool labelled)
{
    struct layout layout = {.n = 0};
    for (int i = 0; i < COLUMNS; i++) {
        layout.wanted[i] = columns[i].index;
        if (columns[i].index == DONUT_NO_COLUMN || (i == LABEL && !labelled))
            continue;
        size_t at = layout.n++;
        for (; at > 0 && layout.wanted[layout.role[at - 1]] > columns[i].index; at--)
            layout.role[at] = layout.role[at - 1];
        layout.role[at] = i;
    }
    return layout;
}

static bool ends_cell(const char *at, const char *end)
{
    return at == end || *at == ',' || *at == '\n' || *at == '\r' || *at == '"';
}

/* Takes the plain text of a cell at `at`, without quotes, and returns where it ends. NULL: there is
 * something else. */
static const char *take_plain(int role, const char *at, const char *end, struct donut_rows *rows,
                              struct donut_row *row)
{
    struct donut_time time;
    switch (role) {
    case TIMESTAMP:
        at = donut_time_scan(at, end, &time);
        if (!at || !donut_time_format_merge(&rows->format, &time.format))
            return NULL;
        row->time_ms = time.ms;
        row->offset_minutes = time.offset_minutes;
        return at;
    case VALUE:
        return ends_cell(at, end) ? at : donut_number_scan(at, end, &row->value);
    default:
        if (ends_cell(at, end))
            return at;
        row->label = *at == '1';
        return *at == '0' || *at == '1' ? at + 1 : NULL;
    }
}

/* Reads a record as most files have it: numbers and times without blanks, as bare as can be or in
 * quotes. False, and `csv` stays where it is: it takes all of CSV to read it or to say what is
 * wrong. */
static bool read_plain(struct donut_csv *csv, const struct layout *layout, struct donut_rows *rows,
                       struct donut_row *row)
{
    const char *at = csv->at, *end = csv->end;
    size_t column = 0;
    *row = (struct donut_row){.value = NAN, .line = csv->next_line};
    for (size_t i = 0; i < layout->n; i++) {
        const int role = layout->role[i];
        at = donut_csv_skip_bare(at, end, layout->wanted[role] - column);
        if (!at)
            return false;
        const bool quoted = at < end && *at == '"';
        at = take_plain(role, at + quoted, end, rows, row);
        if (!at || (quoted && (at == end || *at++ != '"')))
            return false;
        column = layout->wanted[role] + 1;
        if (column < csv->width && (at == end || *at++ != ','))
            return false;
    }
    return donut_csv_end_bare(csv, at, csv->width - column);
}

static enum donut_status read_any(struct donut_csv *csv, const struct layout *layout,
                                  struct donut_rows *rows, struct donut_row *row,
                                  struct donut_error *err)
{
    struct donut_cell cells[COLUMNS] = {{0}};
    const enum donut_status status = donut_csv_record(csv, layout->wanted, COLUMNS, cells, err);
    return status == DONUT_OK ? parse_row(cells, rows, row, err) : status;
}

static enum donut_status read_rows(struct donut_csv *csv, const struct layout *layout,
                                   struct donut_rows *rows, struct donut_error *err)
{
    for (;; rows->n++) {
        struct donut_row *grown =
            donut_csv_grow(rows->row, rows->n, &rows->capacity, sizeof *rows->row);
        if (!grown)
            return donut_fail_memory(err);
        rows->row = grown;
        if (rows->n > 0 && read_plain(csv, layout, rows, &grown[rows->n]))
            continue;
        if (!donut_csv_more(csv))
            break;
        const enum donut_status status = read_any(csv, layout, rows, &grown[rows->n], err);
        if (status != DONUT_OK)
            return status;
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
    rows->labelled = columns[LABEL].index != DONUT_NO_COLUMN && !opt->ignore_labels;
    const struct layout layout = lay_out(columns, rows->labelled);
    return read_rows(&csv, &layout, rows, err);
}

void donut_rows_free(struct donut_rows *rows)
{
    free(rows->row);
    *rows = (struct donut_rows){0};
}
