#include "cli/info_columns.h"

#include "data/columns.h"

#include <stdlib.h>

static const char *const roles[DONUT_ROLES] = {[DONUT_TIMESTAMP] = "timestamp",
                                               [DONUT_VALUE] = "value",
                                               [DONUT_LABEL] = "label",
                                               [DONUT_KEY] = "key"};

static enum donut_status copy_name(const struct donut_cell *cell, struct donut_info_column *column,
                                   struct donut_error *err)
{
    column->name = malloc(cell->size + 1);
    if (!column->name)
        return donut_fail_memory(err);
    column->size = donut_cell_unquote(cell, column->name);
    return DONUT_OK;
}

/* The names of the columns that are read, from the header at the bookmark. */
static enum donut_status read_names(struct donut_csv header, struct donut_info_columns *columns,
                                    struct donut_error *err)
{
    for (bool last = false; !last;) {
        struct donut_cell cell;
        enum donut_status status = donut_csv_cell(&header, &cell, &last, err);
        for (int i = 0; i < DONUT_ROLES && status == DONUT_OK; i++)
            if (columns->column[i].number == cell.column)
                status = copy_name(&cell, &columns->column[i], err);
        if (status != DONUT_OK)
            return status;
    }
    return DONUT_OK;
}

enum donut_status donut_info_columns_find(const struct donut_info *info,
                                          struct donut_info_columns *columns,
                                          struct donut_error *err)
{
    struct donut_records records = {0};
    struct donut_csv csv;
    *columns = (struct donut_info_columns){0};
    enum donut_status status = donut_csv_open(&csv, info->bytes, info->size, err);
    if (status != DONUT_OK)
        return status;
    donut_csv_more(&csv);
    const struct donut_csv first = csv;
    status = donut_records_open(&records, &csv, &info->csv, err);
    for (int i = 0; i < DONUT_ROLES && status == DONUT_OK; i++)
        if (records.column[i] != DONUT_NO_COLUMN)
            columns->column[i].number = records.column[i] + 1;
    donut_records_free(&records);
    if (status != DONUT_OK)
        return status;
    columns->n = csv.width;
    columns->header = csv.at != first.at;
    return columns->header ? read_names(first, columns, err) : DONUT_OK;
}

void donut_info_columns_free(struct donut_info_columns *columns)
{
    for (int i = 0; i < DONUT_ROLES; i++)
        free(columns->column[i].name);
    *columns = (struct donut_info_columns){0};
}

void donut_info_columns_text(const struct donut_info_columns *columns, struct donut_text *text)
{
    char quoted[DONUT_QUOTE_SIZE];
    donut_info_label(text, "columns");
    donut_text_print(text, "%zu%s:", columns->n, columns->header ? "" : " without a header");
    for (int i = 0; i < DONUT_ROLES; i++) {
        const struct donut_info_column *column = &columns->column[i];
        if (column->number == 0)
            continue;
        donut_text_print(text, "%s %s", i > 0 ? "," : "", roles[i]);
        if (column->name)
            donut_text_print(text, " '%s'", donut_quote(quoted, column->name, column->size));
        donut_text_print(text, " (%zu)", column->number);
    }
    donut_text_print(text, "\n");
}

void donut_info_columns_json(const struct donut_info_columns *columns, struct donut_json *json)
{
    donut_json_open(json, "columns", '{');
    donut_json_bool(json, "header", columns->header);
    donut_json_count(json, "count", columns->n);
    for (int i = 0; i < DONUT_ROLES; i++) {
        const struct donut_info_column *column = &columns->column[i];
        if (column->number == 0) {
            donut_json_null(json, roles[i]);
            continue;
        }
        donut_json_open(json, roles[i], '{');
        donut_json_count(json, "number", column->number);
        if (column->name)
            donut_json_string(json, "name", column->name, column->size);
        else
            donut_json_null(json, "name");
        donut_json_close(json, '}');
    }
    donut_json_close(json, '}');
}
