/* CSV text -> cells, in place: comma, double quotes, LF, CRLF or CR, UTF-8 with or without BOM.
 * Nothing is copied; the cells point into the bytes. */
#ifndef DONUT_DATA_CSV_H
#define DONUT_DATA_CSV_H

#include "data/cell.h"

/* A place in the text. A copy of the struct is a bookmark to read on from. */
struct donut_csv {
    const char *at, *end;
    size_t line;      /* 1-based first line of the record being read */
    size_t column;    /* cells of it read so far */
    size_t next_line; /* line that `at` is in */
    size_t width;     /* cells that donut_csv_record() demands */
};

/* Starts at the first byte and refuses what is no text: gzip, UTF-16, NUL bytes. */
enum donut_status donut_csv_open(struct donut_csv *csv, const char *bytes, size_t size,
                                 struct donut_error *err);

/* Skips blank lines. True: a record begins here. False: the end. */
bool donut_csv_more(struct donut_csv *csv);

/* Reads the next cell of the record; *last = it was the record's last. */
enum donut_status donut_csv_cell(struct donut_csv *csv, struct donut_cell *cell, bool *last,
                                 struct donut_error *err);

/* Reads a whole record, which must have `width` cells, and keeps those of the 0-based columns
 * wanted[0..n) in cells[0..n); a column that no record has leaves its cell as it is. */
enum donut_status donut_csv_record(struct donut_csv *csv, const size_t *wanted, size_t n,
                                   struct donut_cell *cells, struct donut_error *err);

/* For who reads plain records from csv->at on without cells. The first skips n cells, each with its
 * comma, and returns where the next one begins. The second skips the n that are left of the record
 * and ends it. NULL, or false, where a cell is quoted or begins with a blank, or where the record
 * has another number of them; `csv` has not moved then. */
const char *donut_csv_skip_bare(const char *at, const char *end, size_t n);
bool donut_csv_end_bare(struct donut_csv *csv, const char *at, size_t n);

/* Makes room for one more item in an array of `n`: returns the array, moved if need be, or NULL
 * when there is no memory, and then `array` is still there. */
void *donut_csv_grow(void *array, size_t n, size_t *capacity, size_t item_size);

#endif
