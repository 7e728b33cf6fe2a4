/* The rows of a CSV, as they stand in the file. */
#ifndef DONUT_DATA_ROWS_H
#define DONUT_DATA_ROWS_H

#include "donut.h"

struct donut_row {
    int64_t time_ms;        /* within DONUT_TIME_LIMIT_MS */
    double value;           /* finite, or NaN = missing */
    size_t line;            /* of the input; later rows have larger ones */
    int16_t offset_minutes; /* of the written local time */
    unsigned char label;    /* 0 or 1 */
};

struct donut_rows {
    struct donut_row *row; /* (n), owned */
    size_t n, capacity;
    bool labelled;                   /* there is a label column */
    struct donut_time_format format; /* able to write the time of every row */
};

/* `rows` must be zeroed; free it also after a failure. */
enum donut_status donut_rows_read_csv(const char *bytes, size_t size,
                                      const struct donut_csv_options *opt, struct donut_rows *rows,
                                      struct donut_error *err);

void donut_rows_free(struct donut_rows *rows);

#endif
