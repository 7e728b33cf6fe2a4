/* libFuzzer target: any bytes as a stream and as a file of several KPIs.
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 -Iinclude -Isrc \
 *       tests/fuzz/fuzz_stream.c src/base/[a-z]*.c src/data/[a-z]*.c -lm
 * The first byte chooses the options, the second the pieces, the rest is the input. */
#include "donut.h"
#include "data/reader.h"
#include "data/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool good)
{
    if (!good)
        abort();
}

struct input {
    const char *bytes;
    size_t size, piece; /* fed in pieces of piece + 0, 1, 2, .. % 7 bytes */
    const struct donut_csv_options *opt;
};

/* A reader and how far it is fed. */
struct feeding {
    struct donut_reader *reader;
    size_t at, pieces;
};

struct event {
    enum donut_reading reading;
    struct donut_row row;
    struct donut_error err;
};

static void next(const struct input *input, struct feeding *feeding, size_t piece,
                 struct event *event)
{
    memset(event, 0, sizeof *event);
    for (;;) {
        event->reading = donut_reader_next(feeding->reader, &event->row, &event->err);
        if (event->reading != DONUT_READING_MORE || feeding->at == input->size)
            return;
        const size_t left = input->size - feeding->at, wanted = piece + feeding->pieces++ % 7;
        const size_t n = wanted < left ? wanted : left;
        require(donut_reader_feed(feeding->reader, input->bytes + feeding->at, n, NULL) ==
                DONUT_OK);
        feeding->at += n;
        if (feeding->at == input->size)
            donut_reader_end(feeding->reader);
    }
}

static bool same_rows(const struct donut_row *a, const struct donut_row *b)
{
    return a->time_ms == b->time_ms && a->line == b->line && a->label == b->label &&
           a->offset_minutes == b->offset_minutes && a->key == b->key && !isinf(a->value) &&
           (isnan(a->value) ? isnan(b->value) != 0 : a->value == b->value);
}

static bool same_events(const struct event *a, const struct event *b)
{
    if (a->reading != b->reading)
        return false;
    if (a->reading == DONUT_READING_ROW)
        return same_rows(&a->row, &b->row);
    return a->reading == DONUT_READING_MORE ||
           (a->err.status == b->err.status && a->err.line == b->err.line &&
            a->err.column == b->err.column && strcmp(a->err.text, b->err.text) == 0);
}

/* In whatever pieces, the same comes out, and up to the first error what the whole file has. */
static void try_pieces(const struct input *input)
{
    struct feeding whole = {.at = 0}, pieces = {.at = 0};
    struct donut_rows rows = {0};
    struct donut_error err;
    struct event a, b;
    size_t n = 0;
    bool good = true;
    require(donut_reader_new(input->opt, &whole.reader, NULL) == DONUT_OK);
    require(donut_reader_new(input->opt, &pieces.reader, NULL) == DONUT_OK);
    const bool read =
        donut_rows_read_csv(input->bytes, input->size, input->opt, &rows, &err) == DONUT_OK;
    /* a NUL byte far behind is no trouble of the records before it */
    const bool text = input->size == 0 || !memchr(input->bytes, '\0', input->size);
    do {
        next(input, &whole, input->size, &a);
        next(input, &pieces, input->piece, &b);
        require(same_events(&a, &b));
        good = good && a.reading == DONUT_READING_ROW;
        if (good && text)
            require(n < rows.n && same_rows(&a.row, &rows.row[n]));
        n += good;
    } while (a.reading == DONUT_READING_ROW || a.reading == DONUT_READING_BAD);
    require(!read || n == rows.n);
    donut_rows_free(&rows);
    donut_reader_free(whole.reader);
    donut_reader_free(pieces.reader);
}

static void try_fleet(const struct input *input)
{
    struct donut_fleet *fleet;
    struct donut_error err;
    const enum donut_status status =
        donut_fleet_read_csv(input->bytes, input->size, input->opt, &fleet, &err);
    require((status == DONUT_OK) == (fleet != NULL));
    size_t line = 0;
    for (size_t i = 0; fleet && i < donut_fleet_count(fleet); i++) {
        struct donut_series *series;
        size_t size;
        const char *key = donut_fleet_key(fleet, i, &size);
        require(size > 0 && strlen(key) == size && donut_fleet_line(fleet, i) > line);
        line = donut_fleet_line(fleet, i);
        if (donut_fleet_series(fleet, i, 0, 0, &series, &err) == DONUT_OK)
            require(series->repairs.rows == donut_fleet_rows(fleet, i));
        donut_series_free(series);
    }
    donut_fleet_free(fleet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct donut_csv_options options[] = {
        {.key_column = "3"},
        {.key_column = "1", .ignore_labels = true},
        {.key_column = "k"},
        {.key_column = NULL},
    };
    if (size < 2)
        return 0;
    const struct input input = {.bytes = (const char *)data + 2,
                                .size = size - 2,
                                .piece = (size_t)data[1] % 16 + 1,
                                .opt = &options[data[0] % 4]};
    try_pieces(&input);
    try_fleet(&input);
    return 0;
}
