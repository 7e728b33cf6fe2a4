#include "data/rows.h"
#include "base/status.h"

#include <stdlib.h>

static enum donut_status read_rows(struct donut_csv *csv, struct donut_records *records,
                                   struct donut_rows *rows, struct donut_error *err)
{
    for (;; rows->n++) {
        struct donut_row *grown =
            donut_csv_grow(rows->row, rows->n, &rows->capacity, sizeof *rows->row);
        if (!grown)
            return donut_fail_memory(err);
        rows->row = grown;
        if (donut_records_read_plain(records, csv, &grown[rows->n]))
            continue;
        if (!donut_csv_more(csv))
            break;
        const enum donut_status status = donut_records_read(records, csv, &grown[rows->n], err);
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
    struct donut_csv csv;
    struct donut_records records = {.read = 0};
    enum donut_status status = donut_csv_open(&csv, bytes, size, err);
    if (status == DONUT_OK)
        status = donut_records_open(&records, &csv, opt, err);
    if (status == DONUT_OK)
        status = read_rows(&csv, &records, rows, err);
    rows->labelled = records.labelled;
    rows->format = records.format;
    rows->keys = records.keys;
    rows->key_name = records.key_name;
    return status;
}

void donut_rows_free(struct donut_rows *rows)
{
    donut_keys_free(&rows->keys);
    free(rows->key_name);
    free(rows->row);
    *rows = (struct donut_rows){0};
}
