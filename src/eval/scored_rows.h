/* The rows of a score file, as they stand in it. */
#ifndef DONUT_EVAL_SCORED_ROWS_H
#define DONUT_EVAL_SCORED_ROWS_H

#include "data/cell.h"
#include "data/keys.h"

struct donut_scored_row {
    struct donut_cell time; /* as written; its line orders the rows of a file without times */
    int64_t time_ms;        /* 0 in a file without times */
    int64_t position;       /* on the grid of its KPI; not yet known when it is read */
    double score, surprise; /* NaN = none */
    unsigned char label, verdict;
    enum donut_row_status status;
    uint32_t key; /* whose it is; 0 without a key column */
};

struct donut_scored_rows {
    struct donut_scored_row *row; /* (n), owned; `time` points into the bytes of the file */
    size_t n, capacity;
    bool timed, judged; /* there are timestamps, verdicts */
    enum donut_rank by; /* score or surprise, which all rows with the status ok have */
    struct donut_time_format format;
    struct donut_keys keys; /* that donut_scored_row.key counts; empty without a key column */
};

/* `rows` must be zeroed; free it also after a failure. */
enum donut_status donut_scored_rows_read_csv(const char *bytes, size_t size,
                                             const struct donut_scored_options *opt,
                                             struct donut_scored_rows *rows,
                                             struct donut_error *err);

void donut_scored_rows_free(struct donut_scored_rows *rows);

#endif
