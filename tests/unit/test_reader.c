/* The reader of streams: in whatever pieces a text comes, the same comes out, at once, and what is
 * broken costs no more than it must. */
#include "stream.h"

struct events {
    char text[4000];
    size_t size;
    struct donut_error err; /* the last */
};

/* Rows as "time:value", missing values as "-", with "*" if labelled and the key's number if there
 * is one; "!line.column" for a record that is skipped, "X" for the end of all. */
static enum donut_reading take_one(struct donut_reader *reader, struct events *events)
{
    struct donut_row row = {0};
    char *at = events->text + events->size;
    const size_t room = sizeof events->text - events->size;
    int n = 0;
    const enum donut_reading reading = donut_reader_next(reader, &row, &events->err);
    if (reading == DONUT_READING_ROW && isnan(row.value))
        n = snprintf(at, room, "%g:-", (double)row.time_ms / 1000);
    else if (reading == DONUT_READING_ROW)
        n = snprintf(at, room, "%g:%g", (double)row.time_ms / 1000, row.value);
    if (reading == DONUT_READING_ROW && donut_reader_records(reader)->keys.n > 0)
        n += snprintf(at + n, room - (size_t)n, "#%u", (unsigned)row.key);
    if (reading == DONUT_READING_ROW)
        n += snprintf(at + n, room - (size_t)n, "%s@%zu ", row.label ? "*" : "", row.line);
    if (reading == DONUT_READING_BAD)
        n = snprintf(at, room, "!%zu.%zu ", events->err.line, events->err.column);
    if (reading == DONUT_READING_FAILED)
        n = snprintf(at, room, "X%zu.%zu ", events->err.line, events->err.column);
    events->size += (size_t)n < room ? (size_t)n : 0;
    return reading;
}

static bool take_all(struct donut_reader *reader, struct events *events)
{
    enum donut_reading reading;
    do
        reading = take_one(reader, events);
    while (reading == DONUT_READING_ROW || reading == DONUT_READING_BAD);
    return reading == DONUT_READING_MORE;
}

/* Fed in pieces of `piece` bytes, the first of `first`. */
static struct events read_pieces(const char *text, size_t size, size_t first, size_t piece,
                                 const struct donut_csv_options *opt)
{
    struct events events = {.size = 0};
    struct donut_reader *reader = new_reader(opt);
    bool good = reader != NULL;
    for (size_t at = 0, n = first; good && at < size; at += n, n = piece) {
        n = n < size - at ? n : size - at;
        feed(reader, text + at, n);
        good = take_all(reader, &events);
    }
    if (good) {
        donut_reader_end(reader);
        take_all(reader, &events);
        CHECK(donut_reader_next(reader, &(struct donut_row){0}, NULL) != DONUT_READING_ROW);
    }
    donut_reader_free(reader);
    return events;
}

static void check_events(const char *text, const struct donut_csv_options *opt, const char *want,
                         const char *why)
{
    const size_t size = strlen(text);
    for (size_t i = 0; i < 2 * size + 9; i++) {
        const size_t first = i <= size ? i : 1 + i % 7, piece = i <= size ? size : 1 + i % 5;
        const struct events got = read_pieces(text, size, first, piece, opt);
        if (!CHECK_THAT(strcmp(got.text, want) == 0 && strstr(got.err.text, why),
                        "\"%s\" in pieces of %zu, %zu:\n  %s(%s), want\n  %s(%s)", text, first,
                        piece, got.text, got.err.text, want, why))
            return;
    }
}

/* Each text in all pairs of pieces, and in small ones. */
static void test_events(void)
{
    static const struct donut_csv_options keyed = {.key_column = "k"}, third = {.key_column = "3"};
    static const struct {
        const char *text;
        const struct donut_csv_options *opt;
        const char *events, *why;
    } cases[] = {
        {"", NULL, "", ""},
        {"\n \n\r\n", NULL, "", ""},
        {"time,value\n", NULL, "", ""},
        {"time,value\n0,1\n60,2\n", NULL, "0:1@2 60:2@3 ", ""},
        {"0,1\n60,2", NULL, "0:1@1 60:2@2 ", ""},
        {"0,1\r\n60,2\r\n\r\n120,\r\n", NULL, "0:1@1 60:2@2 120:-@4 ", ""},
        {"0,1\r60,2\r\r120,3\r", NULL, "0:1@1 60:2@2 120:3@4 ", ""},
        {"0,1\r\r\n\n\r60,2\n\r\n", NULL, "0:1@1 60:2@5 ", ""},
        {"\xef\xbb\xbf"
         "0,1\n60,2\n",
         NULL, "0:1@1 60:2@2 ", ""},
        {"\n\ntime,value,label\n0,1,1\n\n60,2,\n", NULL, "0:1*@4 60:2@6 ", ""},
        {"time,value,k\n0,1,\"a\nb\"\n60,2,\"a\r\nb\"\n120,3,\"a\nb\"\n", &keyed,
         "0:1#0@2 60:2#1@4 120:3#0@6 ", ""},
        {"\"time\",\"val\nue\",k\n0,1,\"\"\"\"\n60,2,\"\"\"\"\n120,3,\"\"\"\"\"\"", &keyed,
         "0:1#0@3 60:2#0@4 120:3#1@5 ", ""},
        /* records that are wrong */
        {"0,1\n60,x\n120,3\n", NULL, "0:1@1 !2.2 120:3@3 ", "value 'x'"},
        {"0,1\n60\n120,3,4\n180,4\n", NULL, "0:1@1 !2.0 !3.0 180:4@4 ", "expected 2 fields"},
        {"0,1\n2016-10-14,2\n120,3\n", NULL, "0:1@1 !2.1 120:3@3 ", "is an ISO 8601 time, but"},
        {"0,1\n1476460800000,2\n60,3", NULL, "0:1@1 !2.1 60:3@3 ", "epoch milliseconds"},
        {"time,value\nx,1\n2016-10-14,2\n0,3\n", NULL, "!2.1 1.4764e+09:2@3 !4.1 ", "epoch"},
        {"0,1,a\n60,2,\n120,3,b\n180,4,a", &third, "0:1#0@1 !2.3 120:3#1@3 180:4#0@4 ", "empty"},
        {"0,1,a\n60,x,b\n120,3,c\n", &third, "0:1#0@1 !2.2 120:3#1@3 ", "value"},
        /* quotes that go wrong */
        {"0,1\n60,\"2\"2\n120,3\n", NULL, "0:1@1 !2.2 120:3@3 ", "behind the closing quote"},
        {"0,1\n60,\"2\"2,\"\r\n120,3\n", NULL, "0:1@1 !2.2 120:3@3 ", "behind the closing quote"},
        {"0,1\n60,\"2\n120,3\n180,4\n", NULL, "0:1@1 !2.2 120:3@3 180:4@4 ", "never closes"},
        {"0,1\r60,\"2\r\r120,3\r", NULL, "0:1@1 !2.2 120:3@4 ", "never closes"},
        {"0,1\r\n60,\"2\r\n120,3\r\n180,4", NULL, "0:1@1 !2.2 120:3@3 180:4@4 ", "never closes"},
        {"0,1\n60,\"2", NULL, "0:1@1 !2.2 ", "never closes"},
        {"0,1,a\n60,2,\"web60,2,b\n120,3,b\n120,4,\"web,1\"\n180,5,\"web,1\"\n", &third,
         "0:1#0@1 !2.3 120:3#1@3 120:4#2@4 180:5#2@5 ", "behind the closing quote"},
        {"0,1,a,b\n60,2,\"x\n1,1,y\",\"z60,2,a,b\n120,3,a,b\n180,4,\"c\",d\n", &third,
         "0:1#0@1 !2.4 120:3#0@4 180:4#1@5 ", "behind the closing quote"},
        {"0,1,a\n60,2,\"b\n60,9,a\n\",x\n120,3,a\n", &third, "0:1#0@1 !2.0 120:3#0@5 ",
         "expected 3 fields"},
        /* the end of all */
        {"time,val\"ue\n0,1\n", NULL, "0:1@2 ", ""},
        {"time,\"value\n0,1\n60,2\n", NULL, "X1.2 ", "never closes"},
        {"time,\"value\"x\n0,1\n", NULL, "X1.2 ", "behind the closing quote"},
        {"a,b\n0,1\n", NULL, "X1.0 ", "no timestamp column"},
        {"time\n0\n", NULL, "X1.0 ", "only one column"},
        {"0,1,a\n", &keyed, "X1.0 ", "no column is named 'k' (--key)"},
        {"\x1f\x8b\x08", NULL, "X0.0 ", "zcat"},
        {"\xff\xfe"
         "0",
         NULL, "X0.0 ", "UTF-16"},
        {"donutVAE\x01\n", NULL, "X0.0 ", "is a donut model"},
        {"donut,time,v\n1,60,2\n", NULL, "X1.0 ", "no value column"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_events(cases[i].text, cases[i].opt, cases[i].events, cases[i].why);
}

/* A row is there with the byte that ends its line, and not before. */
static void test_at_once(void)
{
    static const char text[] = "time,value\n0,1\n60,\"2\"\r\n\n120,\"\n\"\n180,4\r240,5\n";
    static const char *const until[] = {"0,1\n", "2\"\r", "4\r", "5\n"};
    struct donut_reader *reader = new_reader(NULL);
    size_t rows = 0;
    for (size_t i = 0; reader && text[i]; i++) {
        struct events events = {.size = 0};
        feed(reader, &text[i], 1);
        CHECK(take_all(reader, &events));
        const size_t n = rows < 4 ? strlen(until[rows]) : 0;
        const bool due = n > 0 && i + 1 >= n && memcmp(&text[i + 1 - n], until[rows], n) == 0;
        CHECK_THAT((events.size > 0 && events.text[0] != '!') == due, "byte %zu: \"%s\"", i,
                   events.text);
        rows += due;
    }
    CHECK_INT(rows, 4);
    donut_reader_free(reader);
}

static void test_nul(void)
{
    static const char later[] = "0,1\n60,\0002\n120,3\n180,\"\0\n\"\n\0\0\0240,5\n300,6",
                      first[] = "time,val\0ue\n0,1\n", begin[] = "0,\0001\n0,1\n";
    for (size_t piece = 1; piece <= sizeof later; piece++) {
        struct events got = read_pieces(later, sizeof later - 1, piece, piece, NULL);
        CHECK_TEXT(got.text, "0:1@1 !2.0 120:3@3 !4.0 !6.0 300:6@7 ");
        got = read_pieces(first, sizeof first - 1, piece, piece, NULL);
        CHECK_TEXT(got.text, "X1.0 ");
        got = read_pieces(begin, sizeof begin - 1, piece, piece, NULL);
        CHECK_TEXT(got.text, "X1.0 ");
        CHECK(strstr(got.err.text, "NUL") != NULL);
    }
}

/* "0,1,x", a record whose third cell is what `make` makes it, and two rows behind it. */
struct long_text {
    char *at;
    size_t size;
};

static struct long_text make_long(const char *open, const char *repeated, size_t n,
                                  const char *close)
{
    const size_t unit = strlen(repeated);
    struct long_text text = {.at = malloc(200 + unit * n)};
    if (!CHECK(text.at != NULL))
        return text;
    text.size = (size_t)sprintf(text.at, "0,1,x\n60,2,%s", open);
    for (size_t i = 0; i < n; i++, text.size += unit)
        memcpy(text.at + text.size, repeated, unit);
    text.size += (size_t)sprintf(text.at + text.size, "%s\n120,3,x\n180,4,x\n", close);
    return text;
}

static void check_long(const char *open, const char *repeated, size_t n, const char *close,
                       const char *want, const char *why)
{
    static const size_t pieces[] = {1 << 30, 65536, 4099, 1 << 20};
    static const struct donut_csv_options opt = {.ignore_labels = true};
    struct long_text text = make_long(open, repeated, n, close);
    for (size_t i = 0; text.at && i < 4; i++) {
        const struct events got = read_pieces(text.at, text.size, pieces[i], pieces[i], &opt);
        CHECK_THAT(strcmp(got.text, want) == 0 && strstr(got.err.text, why),
                   "%s%s..%s, %zu in pieces of %zu: %s(%s)", open, repeated, close, n, pieces[i],
                   got.text, got.err.text);
    }
    free(text.at);
}

static void test_limits(void)
{
    const size_t limit = DONUT_READER_SIZE;
    check_long("", "a", limit - 5, "", "0:1@1 60:2@2 120:3@3 180:4@4 ", "");
    check_long("", "a", limit - 4, "", "0:1@1 !2.0 120:3@3 180:4@4 ", "longer than 1048576 bytes");
    check_long("", "a", limit - 5, "\r", "0:1@1 60:2@2 120:3@3 180:4@4 ", "");
    check_long("\"", "a", limit - 7, "\"\r", "0:1@1 60:2@2 120:3@3 180:4@4 ", "");
    check_long("\"", "a", limit - 6, "\"", "0:1@1 !2.0 120:3@3 180:4@4 ", "longer");
    check_long("", ",", 5 * limit, "", "0:1@1 !2.0 120:3@3 180:4@4 ", "longer");
    /* a long cell is no row, whatever its lines look like */
    check_long("\"", "aaaaaaaaaaaaaaa", limit / 8, "\n240,5,x\r\n\"", "0:1@1 !2.0 120:3@5 180:4@6 ",
               "longer");
    check_long("\"", "aaaaaaaaaaaaaaa", limit / 8, "\n240,5,x\n\"b\n300,6,x",
               "0:1@1 !2.0 300:6@5 120:3@6 180:4@7 ", "longer");
}

/* An open quote is noticed after so many lines, and costs one. */
static void test_many_lines(void)
{
    check_long("\"", "\n", 64, "\"", "0:1@1 60:2@2 120:3@67 180:4@68 ", "");
    check_long("\"", "\r\n", 64, "\"", "0:1@1 60:2@2 120:3@67 180:4@68 ", "");
    check_long("\"", "\n", 65, "", "0:1@1 !2.3 120:3@68 180:4@69 ",
               "does not close within 64 lines");
    check_long("\"", "\r\n", 65, "", "0:1@1 !2.3 120:3@68 180:4@69 ", "within 64");
    check_long("\"\n", "9,9,x\n", 3, "", "0:1@1 !2.3 9:9@3 9:9@4 9:9@5 120:3@7 180:4@8 ",
               "never closes");
    struct donut_reader *reader = new_reader(&(struct donut_csv_options){.ignore_labels = true});
    struct events events = {.size = 0};
    feed(reader, "0,1,x\n60,2,\"x\n", 15);
    size_t line = 3;
    for (; line < 100 && take_all(reader, &events) && events.size < 8; line++)
        feed(reader, "90,3,x\n", 7);
    CHECK_INT(line, 2 + 65);
    donut_reader_free(reader);
}

static void test_ownership(void)
{
    char name[] = "KPI";
    struct events events = {.size = 0};
    struct donut_reader *reader = new_reader(&(struct donut_csv_options){.key_column = name});
    memset(name, 'x', 3);
    CHECK(reader && donut_reader_records(reader) == NULL);
    feed(reader, "time,label,value,kpi\n", 21);
    CHECK(take_all(reader, &events) && donut_reader_records(reader) != NULL);
    const struct donut_records *records = donut_reader_records(reader);
    CHECK_TEXT(records->key_name, "kpi");
    CHECK(records->labelled && !records->begun);
    feed(reader, "2016-10-14,0,1,a\n2016-10-14T00:01+02:00,,x,b\n2016-10-14T00:02,,3,b\n", 67);
    CHECK(take_all(reader, &events));
    CHECK(records->begun && records->format.separator == 'T' && records->format.zone == 0);
    CHECK(records->keys.n == 2 && strcmp(records->keys.key[1].text, "b") == 0);
    donut_reader_free(reader);
    donut_reader_free(NULL);
}

TEST(reader)
{
    test_events();
    test_at_once();
    test_nul();
    test_limits();
    test_many_lines();
    test_ownership();
    return check_report("reader");
}
