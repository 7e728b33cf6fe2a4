/* A CSV that comes in pieces, as from a pipe: each row is there as soon as its line has ended.
 *
 * The rows are those that donut_rows_read_csv() would read of the whole text, and line numbers and
 * sentences are the same, but a record that cannot be read is skipped instead of being the end of
 * it all, and one that repeats the header to the byte, as where a new file goes on behind an old
 * one, is left out. Two limits keep a broken stream from being swallowed in silence: a record has
 * at most DONUT_READER_SIZE bytes, and a quoted cell at most DONUT_SCAN_LINES ends of lines.
 *
 * A quote that goes wrong - with text behind where it closes, with more lines than that, or open
 * at the end - is most likely one whose writer was killed within the cell. It spoils only the line
 * that it opens in: the lines behind that are read anew, as records of their own. A cell that is
 * quoted as it should be and within the limits is never taken apart, whatever its lines look
 * like. */
#ifndef DONUT_DATA_READER_H
#define DONUT_DATA_READER_H

#include "data/record.h"
#include "data/scan.h"

#define DONUT_READER_SIZE ((size_t)1 << 20)

struct donut_reader;

/* Options as for donut_series_read_csv(), without intervals; a key column is fine. NULL = all
 * defaults. Errors: DONUT_ENOMEM. */
enum donut_status donut_reader_new(const struct donut_csv_options *opt, struct donut_reader **out,
                                   struct donut_error *err);
void donut_reader_free(struct donut_reader *reader);

/* Takes the next `size` bytes and keeps a copy until they are read; any pieces give the same rows.
 * Who reads on until DONUT_READING_MORE before feeding again needs no more memory than for a
 * piece, a record and the keys. Not after donut_reader_end(). Errors: DONUT_ENOMEM, and then
 * nothing was taken. */
enum donut_status donut_reader_feed(struct donut_reader *reader, const char *bytes, size_t size,
                                    struct donut_error *err);

/* There are no more bytes: a last line without its end is complete, too. */
void donut_reader_end(struct donut_reader *reader);

enum donut_reading {
    DONUT_READING_ROW,
    DONUT_READING_MORE,  /* it takes more bytes; after donut_reader_end(): that was all */
    DONUT_READING_BAD,   /* a record was skipped; err says why, with line and column */
    DONUT_READING_FAILED /* the input is no CSV or its first line unusable, or there is no memory;
                            and so it stays */
};

/* Fills in `row`, or `err` (may be NULL). A stream that ends without any record, or behind its
 * header, is no error here: see donut_reader_records() and its `begun`. */
enum donut_reading donut_reader_next(struct donut_reader *reader, struct donut_row *row,
                                     struct donut_error *err);

/* What is known of the columns, the keys and the time format, which are those of the rows handed
 * out so far; NULL until the first record was seen. */
const struct donut_records *donut_reader_records(const struct donut_reader *reader);

#endif
