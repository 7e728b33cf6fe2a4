/* Timestamps: text <-> milliseconds since 1970-01-01 UTC, proleptic Gregorian calendar. */
#ifndef DONUT_DATA_TIMESTAMP_H
#define DONUT_DATA_TIMESTAMP_H

#include "donut.h"

/* Every time that is taken in lies strictly between -limit and limit, so that sums and differences
 * of a few of them cannot overflow. Year 9999 ends at 2.5e14. */
#define DONUT_TIME_LIMIT_MS INT64_C(1000000000000000)

struct donut_time {
    int64_t ms;
    struct donut_time_format format; /* as this one was written */
    int16_t offset_minutes;          /* of the written local time from UTC; 0 without one */
};

/* Parses all of `text`. Epoch seconds (|x| < 1e11; digits beyond milliseconds are rounded), epoch
 * milliseconds (|x| < 1e14), or YYYY-MM-DD[(T| )HH:MM[:SS[.f...]][Z|+HH[[:]MM]]], years 1..9999.
 * NULL, or what is wrong, to be read after the text: "... is no day of the calendar". */
const char *donut_time_parse(const char *text, size_t size, struct donut_time *out);

/* Parses the longest time that begins at `at` and returns where it ends; NULL if it is wrong. */
const char *donut_time_scan(const char *at, const char *end, struct donut_time *out);

/* Whether the text is a day of 1900 to 2199 as YYYYMMDD, which as epoch seconds would be 1970. */
bool donut_time_is_compact_date(const char *text, size_t size);

/* Whether `text` is a number or begins with a date, right or wrong: no name of a column. */
bool donut_time_resembles(const char *text, size_t size);

/* Makes `all` able to write everything that `one` can: most decimals, seconds if any has them, an
 * offset rather than Z rather than nothing. False: the two are of different kinds. */
bool donut_time_format_merge(struct donut_time_format *all, const struct donut_time_format *one);

/* Makes `format` precise enough to write a time (or an interval) of `ms` exactly. */
void donut_time_format_widen(struct donut_time_format *format, int64_t ms);

/* Whether the format writes an offset, so that offset_minutes matters. */
bool donut_time_format_has_offset(const struct donut_time_format *format);

/* Writes `ms`, |ms| < 5e18, cut down to what the format holds. Returns the length. */
size_t donut_time_write(const struct donut_time_format *format, int64_t ms, int offset_minutes,
                        char buf[DONUT_TIME_SIZE]);

#endif
