/* The writers of all formats, which are no part of the library, and a record to begin with. */
#ifndef DONUT_TESTS_WRITERS_H
#define DONUT_TESTS_WRITERS_H

#include "cli/format.h"

#include "check.h"

/* 2016-07-24 18:40 UTC: 812 where 640 is expected, at score 9.5 over a threshold of 4.5. */
static inline struct donut_record plain_record(void)
{
    return (struct donut_record){
        .key = "web",
        .key_size = 3,
        .time = "1469385600",
        .time_size = 10,
        .time_ms = INT64_C(1469385600000),
        .value = 812,
        .row = {.score = 9.5,
                .expected = 640.12344,
                .lower = 595.1,
                .upper = 685.14688,
                .surprise = 6.0206,
                .anomaly = true,
                .cause = DONUT_CAUSE_SHAPE},
        .threshold = 4.5,
        .surprise_threshold = NAN,
        .places = 3,
        .label = 1,
    };
}

/* The same without a value, a minute later. */
static inline struct donut_record missing_record(void)
{
    struct donut_record record = plain_record();
    record.time = "1469385660";
    record.time_ms += 60000;
    record.value = record.row.score = record.row.surprise = NAN;
    record.row.anomaly = false;
    record.row.cause = DONUT_CAUSE_NONE;
    record.row.status = DONUT_ROW_MISSING;
    record.label = 0;
    return record;
}

/* All that a writer writes of n records, ended by a 0; the caller frees it. */
static inline struct donut_text write_records(const struct donut_format *format,
                                              const struct donut_record *record, size_t n,
                                              size_t *left_out)
{
    struct donut_text text = {0};
    struct donut_writer writer = {.format = format, .text = &text};
    donut_writer_begin(&writer);
    for (size_t i = 0; i < n; i++)
        donut_writer_record(&writer, &record[i]);
    donut_writer_end(&writer);
    donut_text_put(&text, "", 1);
    CHECK(!text.failed);
    *left_out = writer.left_out;
    donut_writer_free(&writer);
    return text;
}

static inline void check_records(const struct donut_format *format,
                                 const struct donut_record *record, size_t n, const char *want,
                                 size_t want_left_out)
{
    size_t left_out;
    struct donut_text text = write_records(format, record, n, &left_out);
    CHECK_TEXT(text.bytes, want);
    CHECK_INT(left_out, want_left_out);
    donut_text_free(&text);
}

#endif
