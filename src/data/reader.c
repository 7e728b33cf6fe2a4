#include "data/reader.h"
#include "base/arena.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

/* The next of some byte: found, or not before `at`. */
struct search {
    size_t at;
    bool found;
};

struct donut_reader {
    struct donut_csv_options opt; /* with its own texts */
    char *opt_text;
    char *bytes; /* those from `at` to `end` are to be read; owned */
    size_t at, end, capacity;
    struct search newline, nul;
    struct donut_scan scan; /* of the record at `at` */
    struct donut_csv csv;   /* the line of `at`; where it reads is set for each record */
    struct donut_records records;
    char *header; /* (header_size) the first record, without its end; NULL = it was a row */
    size_t header_size;
    enum { NEW, BEGUN, KNOWN, FAILED } state; /* KNOWN: the columns are */
    bool ended;
    bool skipping;            /* the rest of a record, what was scanned of it being gone */
    bool after_cr;            /* an LF at `at` belongs to what ended before it */
    struct donut_error error; /* the latest */
};

/* ---- making one */

/* Options whose texts are in *block. */
static bool copy_options(struct donut_csv_options *opt, char **block)
{
    const char **text[] = {&opt->timestamp_column, &opt->value_column, &opt->label_column,
                           &opt->key_column};
    enum { TEXTS = sizeof text / sizeof text[0] };
    size_t size = 1;
    for (size_t i = 0; i < TEXTS; i++)
        size += *text[i] ? strlen(*text[i]) + 1 : 0;
    char *copy = *block = malloc(size);
    if (!copy)
        return false;
    for (size_t i = 0; i < TEXTS; i++) {
        if (!*text[i])
            continue;
        const size_t length = strlen(*text[i]) + 1;
        *text[i] = memcpy(copy, *text[i], length);
        copy += length;
    }
    return true;
}

enum donut_status donut_reader_new(const struct donut_csv_options *opt, struct donut_reader **out,
                                   struct donut_error *err)
{
    *out = NULL;
    struct donut_reader *reader = donut_calloc(1, sizeof *reader);
    if (!reader)
        return donut_fail_memory(err);
    if (opt)
        reader->opt = *opt;
    if (!copy_options(&reader->opt, &reader->opt_text)) {
        free(reader);
        return donut_fail_memory(err);
    }
    *out = reader;
    return DONUT_OK;
}

void donut_reader_free(struct donut_reader *reader)
{
    if (!reader)
        return;
    donut_records_free(&reader->records);
    free(reader->opt_text);
    free(reader->header);
    free(reader->bytes);
    free(reader);
}

const struct donut_records *donut_reader_records(const struct donut_reader *reader)
{
    return reader->state == KNOWN ? &reader->records : NULL;
}

/* ---- bytes */

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static void shift(struct search *search, size_t n)
{
    search->found = search->found && search->at >= n;
    search->at = search->at > n ? search->at - n : 0;
}

/* Makes room for `size` bytes at the end. What is moved is never more than what was read since it
 * was moved before, or than what comes. */
static bool make_room(struct donut_reader *reader, size_t size)
{
    const size_t held = reader->end - reader->at;
    if (size <= reader->capacity - reader->end)
        return true;
    if (size > SIZE_MAX / 2 - held)
        return false;
    char *to = reader->bytes;
    if (held + size > reader->capacity || held > reader->at) {
        to = malloc(2 * (held + size));
        if (!to)
            return false;
        reader->capacity = 2 * (held + size);
    }
    if (held > 0)
        memmove(to, reader->bytes + reader->at, held);
    if (to != reader->bytes)
        free(reader->bytes);
    reader->bytes = to;
    shift(&reader->newline, reader->at);
    shift(&reader->nul, reader->at);
    reader->at = 0;
    reader->end = held;
    return true;
}

enum donut_status donut_reader_feed(struct donut_reader *reader, const char *bytes, size_t size,
                                    struct donut_error *err)
{
    if (!make_room(reader, size))
        return donut_fail_memory(err);
    if (size > 0)
        memcpy(reader->bytes + reader->end, bytes, size);
    reader->end += size;
    return DONUT_OK;
}

void donut_reader_end(struct donut_reader *reader)
{
    reader->ended = true;
}

/* Whether there is a byte `c` at or behind `at`; every byte is looked at once. */
static bool find(const struct donut_reader *reader, struct search *search, char c)
{
    if (search->at < reader->at)
        *search = (struct search){.at = reader->at};
    if (!search->found && search->at < reader->end) {
        const char *from = reader->bytes + search->at;
        const char *found = memchr(from, c, reader->end - search->at);
        search->found = found != NULL;
        search->at = found ? (size_t)(found - reader->bytes) : reader->end;
    }
    return search->found;
}

/* Leaves the next n bytes behind. */
static void drop(struct donut_reader *reader, size_t n)
{
    const char *at = reader->bytes + reader->at;
    for (const char *end = at + n; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        reader->csv.next_line++;
    reader->at += n;
}

/* Likewise n >= 1 bytes that end a line, if it is not the last one; a record begins then. */
static void drop_line(struct donut_reader *reader, size_t n)
{
    drop(reader, n);
    if (reader->bytes[reader->at - 1] == '\r') {
        reader->csv.next_line++;
        reader->after_cr = true;
    }
    reader->scan = (struct donut_scan){.size = 0};
}

/* The LF of a CR that ended a line may be yet to come. */
static void drop_second_half(struct donut_reader *reader)
{
    if (!reader->after_cr || reader->at == reader->end)
        return;
    reader->at += reader->bytes[reader->at] == '\n';
    reader->after_cr = false;
}

/* ---- records */

/* What reader->error comes to. Only a record that is not the first can be done without. */
static enum donut_reading report(struct donut_reader *reader, struct donut_error *err)
{
    if (reader->state != KNOWN || reader->error.status == DONUT_ENOMEM)
        reader->state = FAILED;
    if (err)
        *err = reader->error;
    return reader->state == FAILED ? DONUT_READING_FAILED : DONUT_READING_BAD;
}

/* Lets reader->csv read n bytes from `at` on. */
static void look_at(struct donut_reader *reader, size_t n)
{
    reader->csv.at = reader->bytes + reader->at;
    reader->csv.end = reader->csv.at + n;
}

/* Finds out whether the input is text at all. The beginnings by which other kinds are known have
 * eight bytes at most and no end of a line. False: that takes more bytes, or there is an error. */
static bool begin(struct donut_reader *reader)
{
    size_t n = 0;
    bool line = false;
    for (; n < reader->end && n < 8 && !line; n++)
        line = ends_line(reader->bytes[n]);
    if (n == 0 || (n < 8 && !line && !reader->ended))
        return false;
    if (donut_csv_open(&reader->csv, reader->bytes, n, &reader->error) != DONUT_OK)
        return false;
    reader->at = (size_t)(reader->csv.at - reader->bytes);
    reader->state = BEGUN;
    return true;
}

/* A row that is as plain as most are, straight from its line. */
static bool read_plain(struct donut_reader *reader, struct donut_row *row)
{
    if (reader->scan.size > 0 || !find(reader, &reader->newline, '\n'))
        return false;
    const size_t size = reader->newline.at - reader->at;
    if (size > DONUT_READER_SIZE ||
        (find(reader, &reader->nul, '\0') && reader->nul.at < reader->newline.at))
        return false;
    look_at(reader, size + 1);
    if (!donut_records_read_plain(&reader->records, &reader->csv, row))
        return false;
    reader->at = (size_t)(reader->csv.at - reader->bytes);
    return true;
}

/* Scans on to the end of the record, and returns DONUT_SCANNED_PART if it is not there, or beyond
 * its limit. */
static enum donut_scanned scan_on(struct donut_reader *reader)
{
    struct donut_scan *scan = &reader->scan;
    const size_t held = reader->end - reader->at;
    const size_t limit = held < DONUT_READER_SIZE + 1 ? held : DONUT_READER_SIZE + 1;
    const enum donut_scanned scanned =
        donut_scan(scan, reader->bytes + reader->at + scan->size, limit - scan->size);
    if (scanned == DONUT_SCANNED_PART && reader->ended && scan->size == held && held > 0 &&
        held <= DONUT_READER_SIZE)
        return donut_scan_end(scan);
    return scanned;
}

/* Goes on in a record that is too long. False: its end has not come. */
static bool skip(struct donut_reader *reader)
{
    while (reader->at < reader->end) {
        struct donut_scan *scan = &reader->scan;
        const size_t before = scan->size;
        const enum donut_scanned scanned =
            donut_scan(scan, reader->bytes + reader->at, reader->end - reader->at);
        const size_t n = scan->size - before;
        if (scanned == DONUT_SCANNED_PART ||
            (scanned == DONUT_SCANNED_LOST && scan->lines <= DONUT_SCAN_LINES)) {
            drop(reader, n);
            continue;
        }
        drop_line(reader, n);
        reader->skipping = false;
        return true;
    }
    return false;
}

/* Bytes of the record of n bytes at `at`, without the end of its line. */
static size_t size_of_text(const struct donut_reader *reader, size_t n)
{
    while (n > 0 && ends_line(reader->bytes[reader->at + n - 1]))
        n--;
    return n;
}

static enum donut_status keep_header(struct donut_reader *reader, size_t n)
{
    reader->header_size = size_of_text(reader, n);
    reader->header = malloc(reader->header_size + 1);
    if (!reader->header)
        return donut_fail_memory(&reader->error);
    memcpy(reader->header, reader->bytes + reader->at, reader->header_size);
    return DONUT_OK;
}

static bool repeats_header(const struct donut_reader *reader, size_t n)
{
    return reader->header && size_of_text(reader, n) == reader->header_size &&
           memcmp(reader->header, reader->bytes + reader->at, reader->header_size) == 0;
}

/* The record is scan.size bytes long. */
static enum donut_reading read_record(struct donut_reader *reader, struct donut_row *row,
                                      struct donut_error *err)
{
    struct donut_csv *csv = &reader->csv;
    const size_t n = reader->scan.size, line = csv->next_line;
    const bool first = reader->state != KNOWN;
    enum donut_status status;
    if (!first && repeats_header(reader, n)) {
        drop_line(reader, n);
        return DONUT_READING_MORE;
    }
    look_at(reader, n);
    donut_csv_more(csv);
    if (find(reader, &reader->nul, '\0') && reader->nul.at < reader->at + n)
        status = donut_fail_at(&reader->error, DONUT_EINPUT, line, 0,
                               "there is a NUL byte in the record, so it is no CSV text");
    else if (first)
        status = donut_records_open(&reader->records, csv, &reader->opt, &reader->error);
    else
        status = donut_records_read(&reader->records, csv, row, &reader->error);
    const bool is_row = first && status == DONUT_OK && csv->at == reader->bytes + reader->at;
    csv->next_line = line;
    if (first && status == DONUT_OK && !is_row)
        status = keep_header(reader, n);
    if (is_row)
        reader->scan = (struct donut_scan){.size = 0};
    else
        drop_line(reader, n);
    if (status != DONUT_OK)
        return report(reader, err);
    reader->state = KNOWN;
    return first ? DONUT_READING_MORE : DONUT_READING_ROW;
}

/* A quote went wrong in the last cell that was scanned. */
static enum donut_reading give_up_line(struct donut_reader *reader, struct donut_error *err)
{
    const struct donut_scan scan = reader->scan;
    struct donut_csv csv;
    struct donut_cell cell;
    look_at(reader, scan.size);
    csv = reader->csv;
    donut_csv_more(&csv);
    for (bool last = false; !last;)
        if (donut_csv_cell(&csv, &cell, &last, &reader->error) != DONUT_OK)
            break;
    if (scan.lines > DONUT_SCAN_LINES)
        donut_fail_at(&reader->error, DONUT_EINPUT, reader->error.line, reader->error.column,
                      "a quote (\") opens here and does not close within %d lines",
                      DONUT_SCAN_LINES);
    drop_line(reader, scan.resume > 0 ? scan.resume : scan.size);
    return report(reader, err);
}

static enum donut_reading give_up_long(struct donut_reader *reader, struct donut_error *err)
{
    donut_fail_at(&reader->error, DONUT_EINPUT, reader->csv.next_line, 0,
                  "the record is longer than %zu bytes", DONUT_READER_SIZE);
    drop(reader, reader->scan.size);
    reader->skipping = true;
    return report(reader, err);
}

enum donut_reading donut_reader_next(struct donut_reader *reader, struct donut_row *row,
                                     struct donut_error *err)
{
    enum donut_reading reading = DONUT_READING_MORE;
    if (reader->state == FAILED)
        return report(reader, err);
    if (reader->state == NEW && !begin(reader))
        return reader->error.status ? report(reader, err) : DONUT_READING_MORE;
    while (reading == DONUT_READING_MORE) {
        drop_second_half(reader);
        if (reader->skipping) {
            if (!skip(reader))
                return DONUT_READING_MORE;
            continue;
        }
        if (reader->state == KNOWN && read_plain(reader, row))
            return DONUT_READING_ROW;
        switch (scan_on(reader)) {
        case DONUT_SCANNED_PART:
            if (reader->scan.size <= DONUT_READER_SIZE)
                return DONUT_READING_MORE;
            return give_up_long(reader, err);
        case DONUT_SCANNED_BLANK:
            drop_line(reader, reader->scan.size);
            break;
        case DONUT_SCANNED_RECORD:
            reading = read_record(reader, row, err);
            break;
        case DONUT_SCANNED_LOST:
            return give_up_line(reader, err);
        }
    }
    return reading;
}
