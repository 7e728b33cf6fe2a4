/* Where the records of a CSV end, found byte by byte as they come. */
#ifndef DONUT_DATA_SCAN_H
#define DONUT_DATA_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define DONUT_SCAN_LINES 64

enum donut_scanned {
    DONUT_SCANNED_PART,   /* of a record; it takes more bytes */
    DONUT_SCANNED_BLANK,  /* a line of nothing but blanks, with the LF or CR that ends it */
    DONUT_SCANNED_RECORD, /* likewise a record; a single quote in it may have gone wrong */
    DONUT_SCANNED_LOST    /* a quoted cell that began in an earlier line has text behind it, or more
                             than DONUT_SCAN_LINES ends of lines in it */
};

struct donut_scan {
    enum {
        DONUT_AT_CELL,
        DONUT_IN_BARE,
        DONUT_IN_QUOTES,
        DONUT_AT_QUOTE,
        DONUT_BEHIND,
        DONUT_LOST
    } place;
    bool text;     /* there is more than blanks */
    bool after_cr; /* the last byte was a CR in quotes */
    size_t size;   /* of the record so far */
    size_t lines;  /* ended in the last quoted cell so far */
    size_t resume; /* size up to the first of them, with its end; 0 = there is none */
};

/* Takes the next `n` bytes up to the record's end; scan->size grows by what was taken. A zeroed
 * scan is at a record's beginning. After DONUT_SCANNED_LOST it goes on to the end of the line. */
enum donut_scanned donut_scan(struct donut_scan *scan, const char *bytes, size_t n);

/* What it is if nothing more comes. */
enum donut_scanned donut_scan_end(const struct donut_scan *scan);

#endif
