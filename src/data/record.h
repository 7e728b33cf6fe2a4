/* The records of a CSV as rows, one at a time. */
#ifndef DONUT_DATA_RECORD_H
#define DONUT_DATA_RECORD_H

#include "data/csv.h"
#include "data/keys.h"

struct donut_row {
    int64_t time_ms;        /* within DONUT_TIME_LIMIT_MS */
    double value;           /* finite, or NaN = missing */
    size_t line;            /* of the input; later rows have larger ones */
    int16_t offset_minutes; /* of the written local time */
    unsigned char label;    /* 0 or 1 */
    uint32_t key;           /* whose it is; 0 without a key column */
};

/* What a column is for. */
enum { DONUT_TIMESTAMP, DONUT_VALUE, DONUT_LABEL, DONUT_KEY, DONUT_ROLES };

/* What the records of one CSV have in common. Zeroed, it is to be freed also after a failure. */
struct donut_records {
    size_t column[DONUT_ROLES]; /* by role: 0-based, or DONUT_NO_COLUMN */
    int role[DONUT_ROLES];      /* (read) those that are read, in the order of their columns */
    size_t read;
    bool labelled;                   /* there is a label column, and it is read */
    bool begun;                      /* there was a row */
    struct donut_time_format format; /* able to write the time of every row so far */
    struct donut_keys keys;          /* of the rows so far */
    char *key_name; /* header name of the key column; NULL = without a header or a key column */
};

/* Reads the first record, finds the columns and leaves `csv` before the first row of data. */
enum donut_status donut_records_open(struct donut_records *records, struct donut_csv *csv,
                                     const struct donut_csv_options *opt, struct donut_error *err);

void donut_records_free(struct donut_records *records);

/* Reads a record as most files have it: numbers and times without blanks, as bare as can be or in
 * quotes. False, and nothing has changed: it takes all of CSV to read it or to say what is wrong,
 * or it is a blank line or the end. */
bool donut_records_read_plain(struct donut_records *records, struct donut_csv *csv,
                              struct donut_row *row);

/* Reads the record that begins here, see donut_csv_more(). After a failure `csv` is somewhere in
 * it, and nothing else has changed. */
enum donut_status donut_records_read(struct donut_records *records, struct donut_csv *csv,
                                     struct donut_row *row, struct donut_error *err);

#endif
