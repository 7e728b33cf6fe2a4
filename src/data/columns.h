/* Which column of a CSV is what: by header name, by the name or number given, or by place. */
#ifndef DONUT_DATA_COLUMNS_H
#define DONUT_DATA_COLUMNS_H

#include "data/csv.h"

#define DONUT_NO_COLUMN SIZE_MAX

struct donut_column {
    const char *role;   /* in sentences: "timestamp" */
    const char *names;  /* header names it goes by, any case: "timestamp|time|ts|date" */
    const char *result; /* that of them which is a detector's result ... */
    const char *beside; /* ... in a header that has this name, too; NULL = none is */
    const char *given;  /* header name or, if none is it, 1-based number; NULL = by names */
    const char *option; /* that gives it: "--timestamp-column"; NULL = there is none */
    bool required;
    bool or_only_other; /* a header's only column that has no other role's name will do */
    bool unread;        /* its names are no other role's, but unless given it is not looked for */
    size_t place;       /* 1-based column without a header; 0 = none */
    size_t index;       /* out: 0-based column, or DONUT_NO_COLUMN */
    struct donut_cell name; /* out: its cell of the header; text NULL = there is none */
};

/* Reads the first record, finds every column and leaves `csv` before the first row of data with
 * its width set. The first record is a header if `header_only` or if a column is given by name;
 * else it is one unless the cell that would be columns[0], the timestamp, resembles a time. */
enum donut_status donut_columns_find(struct donut_csv *csv, struct donut_column *columns, size_t n,
                                     bool header_only, struct donut_error *err);

#endif
