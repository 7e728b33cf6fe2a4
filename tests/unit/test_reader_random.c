/* The reader of streams, fed with random texts in random pieces, against the whole text at once. */
#include "draw.h"
#include "stream.h"

#include "data/rows.h"

static const char *draw_of(struct draw *draw, const char *const *texts, size_t n)
{
    return texts[draw_below(draw, n)];
}

struct made {
    char text[3000];
    size_t size;
};

static void put(struct made *made, const char *text)
{
    made->size +=
        (size_t)snprintf(made->text + made->size, sizeof made->text - made->size, "%s", text);
}

/* A CSV that is right, in one of all the ways that there are. */
static void make_valid(struct made *made, struct draw *draw)
{
    static const char *const ends[] = {"\n", "\r\n", "\r", "\n\n", "\n \t\r\n", "\r\r"};
    static const char *const keys[] = {"a",        "b c",      "\"a\"",       "\"a,b\"", "\"\"\"\"",
                                       "\"a\nb\"", "\"\r\n\"", "\"\"\"\n,\"", " a\t",    "\xff"};
    static const char *const values[] = {"1",     "-2.5e3",  "",     "nan",
                                         "\"7\"", " \"8\" ", "\t9 ", "null"};
    static const char *const labels[] = {"0", "1", "", "true", "\"1\"", "0.0"};
    const bool iso = draw_below(draw, 3) == 0, one_end = draw_below(draw, 2) == 0;
    const char *end = draw_of(draw, ends, 3);
    memset(made, 0, sizeof *made);
    put(made, draw_below(draw, 3) == 0 ? "\xef\xbb\xbf" : "");
    for (size_t n = draw_below(draw, 3); n > 0; n--)
        put(made, draw_of(draw, ends, 6));
    put(made, "TIME,\"KPI\",value, label ");
    for (size_t i = 0, n = 1 + draw_below(draw, 12); i < n; i++) {
        char time[40];
        snprintf(time, sizeof time, iso ? "2016-10-14 00:%02zu%s" : "%zu%s", i,
                 i % 3 > 1 ? ""
                 : iso     ? "+01:00"
                           : ".25");
        put(made, one_end ? end : draw_of(draw, ends, 6));
        put(made, time);
        put(made, ",");
        put(made, draw_of(draw, keys, 10));
        put(made, ",");
        put(made, draw_of(draw, values, 8));
        put(made, ",");
        put(made, draw_of(draw, labels, 6));
    }
    put(made, draw_below(draw, 2) == 0 ? "" : draw_of(draw, ends, 6));
}

/* Any characters of CSV, often behind a good beginning. */
static void make_any(struct made *made, struct draw *draw)
{
    static const char letters[] = "0123456789.,,,,,,\"\"\n\n\n\r\r-:aT ";
    memset(made, 0, sizeof *made);
    put(made, draw_below(draw, 4) == 0 ? "" : "0,1,a,0\n");
    put(made, draw_below(draw, 3) == 0 ? "time,kpi,value\n60,a,1\r" : "");
    for (size_t n = draw_below(draw, 40); n > 0; n--)
        made->text[made->size++] = letters[draw_below(draw, sizeof letters - 1)];
}

static bool same_row(const struct donut_row *a, const struct donut_row *b)
{
    return a->time_ms == b->time_ms && a->line == b->line && a->label == b->label &&
           a->offset_minutes == b->offset_minutes && a->key == b->key &&
           (isnan(a->value) ? isnan(b->value) != 0 : a->value == b->value);
}

static bool same_format(const struct donut_time_format *a, const struct donut_time_format *b)
{
    return a->kind == b->kind && a->decimals == b->decimals && a->separator == b->separator &&
           a->seconds == b->seconds && a->zone == b->zone;
}

static bool same_keys(const struct donut_keys *a, const struct donut_keys *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = a->key[i].size == b->key[i].size &&
               memcmp(a->key[i].text, b->key[i].text, a->key[i].size) == 0;
    return same;
}

/* The next reading, fed with pieces of at most `most` bytes until there is one. */
static enum donut_reading read_next(struct donut_reader *reader, const struct made *made,
                                    size_t *at, size_t most, struct draw *draw,
                                    struct donut_row *row, struct donut_error *err)
{
    enum donut_reading reading = donut_reader_next(reader, row, err);
    while (reading == DONUT_READING_MORE && *at < made->size) {
        size_t n = draw_below(draw, most + 1);
        n = n < made->size - *at ? n : made->size - *at;
        feed(reader, made->text + *at, n);
        *at += n;
        if (*at == made->size)
            donut_reader_end(reader);
        reading = donut_reader_next(reader, row, err);
    }
    return reading;
}

/* Up to the first error, which is the same. Returns how many rows that were. */
static size_t compare(const struct made *made, const struct donut_csv_options *opt,
                      struct draw *draw)
{
    struct donut_error err = {0}, got = {0};
    struct donut_rows rows = {0};
    struct donut_row row;
    struct donut_reader *reader = new_reader(opt);
    size_t at = 0, n = 0, different = 0;
    const size_t most = 1 + draw_below(draw, 1 + made->size);
    enum donut_status status = donut_rows_read_csv(made->text, made->size, opt, &rows, &err);
    enum donut_reading reading;
    while ((reading = read_next(reader, made, &at, most, draw, &row, &got)) == DONUT_READING_ROW)
        different += n >= rows.n || !same_row(&row, &rows.row[n]), n++;
    CHECK_THAT(n == rows.n && different == 0, "\"%s\": %zu and %zu rows, %zu differ", made->text, n,
               rows.n, different);
    if (status != DONUT_OK && rows.n == 0 && err.line == 0)
        CHECK(reading == DONUT_READING_MORE); /* no record, or a header alone */
    else if (status != DONUT_OK)
        CHECK_THAT(
            reading == (donut_reader_records(reader) ? DONUT_READING_BAD : DONUT_READING_FAILED) &&
                got.line == err.line && got.column == err.column && strcmp(got.text, err.text) == 0,
            "\"%s\": %zu.%zu %s, whole %zu.%zu %s", made->text, got.line, got.column, got.text,
            err.line, err.column, err.text);
    else
        CHECK(reading == DONUT_READING_MORE);
    const struct donut_records *records = donut_reader_records(reader);
    if (records && rows.n > 0)
        CHECK(same_keys(&records->keys, &rows.keys) && records->labelled == rows.labelled &&
              same_format(&records->format, &rows.format));
    donut_rows_free(&rows);
    donut_reader_free(reader);
    return n;
}

static void test_random(void)
{
    static const struct donut_csv_options none = {0}, keyed = {.key_column = "kpi"},
                                          second = {.key_column = "2"},
                                          third = {.key_column = "3", .ignore_labels = true};
    struct made made;
    struct draw draw = draw_new("reader_random", 47);
    size_t rows = 0;
    for (int round = 0; round < 3000; round++) {
        make_valid(&made, &draw);
        rows += compare(&made, round % 2 ? &keyed : &second, &draw);
    }
    CHECK_THAT(rows > 15000, "%zu rows", rows);
    for (int round = 0; round < 20000; round++) {
        make_any(&made, &draw);
        compare(&made, round % 3 == 0 ? &none : round % 3 == 1 ? &second : &third, &draw);
    }
}

TEST(reader_random)
{
    test_random();
    return check_report("reader_random");
}
