/* The rows of a CSV, as they stand in the file. */
#ifndef DONUT_DATA_ROWS_H
#define DONUT_DATA_ROWS_H

#include "data/record.h"

struct donut_rows {
    struct donut_row *row; /* (n), owned */
    size_t n, capacity;
    bool labelled;                   /* there is a label column */
    struct donut_time_format format; /* able to write the time of every row */
    struct donut_keys keys;          /* that donut_row.key counts; empty without a key column */
    char *key_name; /* header name of the key column; NULL = without a header or a key column */
};

/* `rows` must be zeroed; free it also after a failure. */
enum donut_status donut_rows_read_csv(const char *bytes, size_t size,
                                      const struct donut_csv_options *opt, struct donut_rows *rows,
                                      struct donut_error *err);

void donut_rows_free(struct donut_rows *rows);

#endif
