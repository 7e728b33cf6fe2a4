/* Plain records, which are read without cells, against the same written so that they are not: with
 * a blank in front of each line. */
#include "check.h"
#include "draw.h"

#include "data/csv.h"
#include "data/rows.h"

#include <stdlib.h>

static const struct donut_csv_options no_options = {0};

/* With the options; the rows are empty after a failure. */
static struct donut_rows read_rows(const char *text, const struct donut_csv_options *opt,
                                   struct donut_error *err)
{
    struct donut_rows rows = {0};
    /* As large as the text, for the sanitizers to see what is read behind it. */
    const size_t size = strlen(text);
    char *bytes = malloc(size + !size);
    *err = (struct donut_error){0};
    if (!CHECK(bytes != NULL))
        return rows;
    memcpy(bytes, text, size);
    if (donut_rows_read_csv(bytes, size, opt, &rows, err) != DONUT_OK)
        donut_rows_free(&rows);
    free(bytes);
    return rows;
}

static void put_blanks(const char *text, char *out)
{
    for (char last = '\n'; *text; last = *text++) {
        if (last == '\n' || (last == '\r' && *text != '\n'))
            *out++ = '\t';
        *out++ = *text;
    }
    *out = '\0';
}

static bool same_keys(const struct donut_keys *a, const struct donut_keys *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = strcmp(a->key[i].text, b->key[i].text) == 0;
    return same;
}

static bool same_rows(const struct donut_rows *a, const struct donut_rows *b)
{
    bool same = a->n == b->n && same_keys(&a->keys, &b->keys) && a->labelled == b->labelled &&
                a->format.kind == b->format.kind && a->format.decimals == b->format.decimals &&
                a->format.zone == b->format.zone && a->format.separator == b->format.separator &&
                a->format.seconds == b->format.seconds;
    for (size_t i = 0; same && i < a->n; i++) {
        const struct donut_row *x = &a->row[i], *y = &b->row[i];
        same = x->time_ms == y->time_ms && x->offset_minutes == y->offset_minutes &&
               x->label == y->label && x->line == y->line && x->key == y->key &&
               (x->value == y->value || (isnan(x->value) && isnan(y->value)));
    }
    return same;
}

static void compare(const char *text, const struct donut_csv_options *opt)
{
    char blank[2000];
    struct donut_error plain_err, blank_err;
    put_blanks(text, blank);
    struct donut_rows plain = read_rows(text, opt, &plain_err);
    struct donut_rows other = read_rows(blank, opt, &blank_err);
    CHECK_THAT(same_rows(&plain, &other), "\"%s\": %zu and %zu rows", text, plain.n, other.n);
    CHECK_THAT(plain_err.line == blank_err.line && plain_err.column == blank_err.column &&
                   strcmp(plain_err.text, blank_err.text) == 0,
               "\"%s\": \"%s\" and \"%s\"", text, plain_err.text, blank_err.text);
    donut_rows_free(&plain);
    donut_rows_free(&other);
}

/* What a plain record is nearly. */
static void test_records(void)
{
    static const char *const records[] = {
        "60,1,0",
        "60,,",
        "60,1.5e3,1",
        "60,-0.0,",
        "60,12345678901234567890123,0",
        "\"60\",\"1\",\"1\"",
        "\"60\",\"\",\"\"",
        "60,nan,0",
        "60,null,false",
        "60,1,1.0",
        "60,1,2",
        "60,1,01",
        "60,1,0,",
        "60,1",
        "60",
        "60,1e999,0",
        "60,1x,0",
        "60,\"1,0",
        "60,\"1x,0",
        "60,1,\"0",
        "60 ,1 ,0 ",
        "60, 1, 0",
        "60,\"1\"2,0",
        "60,\"1\"\"2\",0",
        "60,1\",0",
        "\t60,1,0",
        "60.5,1,0",
        "6e1,1,0",
        "x,1,0",
        ",1,0",
        "1970-01-01T00:01,1,0",
        "1476460800000,1,0",
        "60,1,0\r",
        "\n60,1,0",
        "60,1,0\n\n\n\r\n120,2,1",
    };
    static const char *const ends[] = {"", "\n", "\r\n", "\r", "\n180,3,1", "\n180,3,1\n"};
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        for (size_t j = 0; j < sizeof ends / sizeof ends[0]; j++) {
            char text[300];
            snprintf(text, sizeof text, "time,value,label\n0,7,1\n%s%s", records[i], ends[j]);
            compare(text, &no_options);
        }
    }
}

/* Columns in any order, more of them, and those that nobody reads. */
static void test_columns(void)
{
    static const char *const texts[] = {
        "label,value,time\n1,2,0\n0,3,60\n,,120\n",
        "a,time,b,value,c,d\nx,0,y,1,z,w\n,60,,2,,\n\"q\",120,y,3,z,w\nx,180,y,4,\"z\",w\n",
        "value,time\n1,0\n,60\n\n3,120\n",
        "time,value,label\n0,1,x\n60,2,y\n",
        "time,value,label\n0,1,1\n60,2,1\n",
        "time,value,a,b\n0,1,2,3\n60,1,\"x,y\"\n",
        "time,value,a,b\n0,1,2,3\n60,1, \"x,y\"\n",
        "time,value,a,b\n0,1,2,3\n60,1,\"x,y\",z\n120,2,x,\"y\n\"\n180,3,,\n",
        "a,time,value\n1,0,2\n\"x,y\",60,3\n",
        "2016-10-14,1\n2016-10-15T00:00+02:00,2\n2016-10-16 12:30:15.250Z,3\n",
    };
    const struct donut_csv_options ignore = {.ignore_labels = true},
                                   given = {.label_column = "3", .ignore_labels = true};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        compare(texts[i], &no_options);
        compare(texts[i], &ignore);
        compare(texts[i], &given);
    }
}

/* Keys that are nearly plain, where the key is first, in the middle and last. */
static void test_keys(void)
{
    static const char *const keys[] = {
        "a",     "web 1", "\xc3\xa9", "\"a\"",    "\"a,b\"", "\"a\"\"b\"", "\"a\"b", "a\"b",
        "a\"\"", "\"\"",  "",         "a ",       "\"a \"",  "\"a",        "a,b",    "\"\"\"\"",
        "0",     "60",    "\"60\"",   "x\"y\"z,", "-",       "\"b\",",     "1 \t",
    };
    static const char *const formats[] = {"%s,120,3\n", "120,%s,3\n", "120,3,%s\n", "120,3,%s",
                                          "120,3,%s\r\n180,4,a\n"};
    static const char *const first[] = {"key,time,value\na,0,1\nb,60,2\n",
                                        "time,key,value\n0,a,1\n60,b,2\n",
                                        "time,value,key\n0,1,a\n60,2,b\n"};
    const struct donut_csv_options opt = {.key_column = "Key"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        for (size_t j = 0; j < sizeof formats / sizeof formats[0]; j++) {
            char text[200];
            const int n = snprintf(text, sizeof text, "%s", first[j < 2 ? j : 2]);
            snprintf(text + n, sizeof text - (size_t)n, formats[j], keys[i]);
            compare(text, &opt);
        }
    }
}

static bool is_key(const struct donut_rows *rows, size_t i, const char *key)
{
    const struct donut_key *k = &rows->keys.key[rows->row[i].key];
    return k->size == strlen(key) && strcmp(k->text, key) == 0;
}

static void test_key_contents(void)
{
    struct donut_error err;
    const struct donut_csv_options opt = {.key_column = "kpi \"id\""};
    struct donut_rows rows = read_rows("\"KPI \"\"ID\"\"\",time,value\n"
                                       "a,0,1\n"
                                       "\"a\",60,2\n"
                                       " a\t,120,3\n"
                                       "\" a\",180,4\n"
                                       "\"a,\"\"b\"\"\nc\",240,5\n"
                                       "x\"\"y,300,6\n"
                                       "A,360,7\n"
                                       " a,420,8\n",
                                       &opt, &err);
    static const char *const want[] = {"a", "a", "a", " a", "a,\"b\"\nc", "x\"\"y", "A", "a"};
    if (!CHECK_INT(rows.n, 8))
        return;
    for (size_t i = 0; i < 8; i++)
        CHECK_THAT(is_key(&rows, i, want[i]) && rows.row[i].value == (double)(i + 1), "row %zu", i);
    CHECK_INT(rows.keys.n, 5);
    CHECK_INT(rows.row[5].line, 8);
    CHECK_TEXT(rows.key_name, "KPI \"ID\"");
    donut_rows_free(&rows);
}

/* Which column is what beside a key. */
static void test_key_columns(void)
{
    static const struct {
        const char *text;
        struct donut_csv_options opt;
        bool header, labelled;
    } good[] = {
        {"k,0,1\nl,60,2\n", {.key_column = "1"}, false, false},
        {"0,k,1\n60,l,2\n", {.key_column = "2"}, false, false},
        {"0,1,k\n60,2,l\n", {.key_column = "3"}, false, false},
        {"0,1,x,k\n60,2,y,l\n", {.key_column = "4", .ignore_labels = true}, false, false},
        {"0,1,0,k\n60,2,1,l\n", {.key_column = "4"}, false, true},
        {"0,1,k,0\n60,2,l,1\n", {.key_column = "3", .label_column = "4"}, false, true},
        {"timestamp,value,label,KPI ID\n0,1,0,k\n60,2,1,l\n", {.key_column = "kpi id"}, true, true},
        {"timestamp,value,label,KPI ID\n0,1,x,k\n60,2,y,l\n",
         {.key_column = "kpi id", .ignore_labels = true},
         true,
         false},
        {"label,ts,cpu\nk,0,1\nl,60,2\n", {.key_column = "label"}, true, false},
        {"ts,cpu,host\n0,1,k\n60,2,l\n", {.key_column = "3"}, true, false},
        {"value,ts,cpu\nk,0,1\nl,60,2\n", {.key_column = "value"}, true, false},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct donut_error err;
        struct donut_rows rows = read_rows(good[i].text, &good[i].opt, &err);
        if (!CHECK_THAT(rows.n == 2, "\"%s\": %s", good[i].text, err.text))
            continue;
        CHECK_THAT(is_key(&rows, 0, "k") && is_key(&rows, 1, "l") && rows.row[0].time_ms == 0 &&
                       rows.row[1].time_ms == 60000 && rows.row[0].value == 1 &&
                       rows.row[1].value == 2 && rows.labelled == good[i].labelled &&
                       rows.row[1].label == good[i].labelled,
                   "\"%s\"", good[i].text);
        CHECK_THAT((rows.key_name != NULL) == good[i].header, "\"%s\": header", good[i].text);
        donut_rows_free(&rows);
    }
}

static void test_key_errors(void)
{
    static const struct {
        const char *text;
        struct donut_csv_options opt;
        size_t line, column;
        const char *why;
    } bad[] = {
        {"t,value,k\n0,1,a\n", {.key_column = "kpi"}, 1, 0, "no column is named 'kpi' (--key)"},
        {"0,1,a\n", {.key_column = "4"}, 1, 0, "no column 4 (--key)"},
        {"time,value,k\n0,1,a\n60,2,\n", {.key_column = "k"}, 3, 3, "the key is empty"},
        {"time,k,value\n0,,1\n", {.key_column = "k"}, 2, 2, "the key is empty"},
        {"time,k,value\n0,\"\",1\n", {.key_column = "k"}, 2, 2, "the key is empty"},
        {"time,value,k,l\n0,1,a,b\n", {.key_column = "value"}, 1, 2, "already the key (--key)"},
        {"time,value\n0,1\n", {.key_column = "time"}, 1, 1, "already the key (--key)"},
        {"time,value,k\n0,1,a\n",
         {.key_column = "k", .value_column = "k"},
         1,
         3,
         "column 3 cannot also be the key (--key)"},
        {"0,a\n60,b\n", {.key_column = "2"}, 1, 0, "no value column: all 2 columns"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct donut_error err;
        struct donut_rows rows = read_rows(bad[i].text, &bad[i].opt, &err);
        CHECK_THAT(rows.n == 0 && err.line == bad[i].line && err.column == bad[i].column &&
                       strstr(err.text, bad[i].why),
                   "\"%s\": at %zu:%zu \"%s\"", bad[i].text, err.line, err.column, err.text);
        donut_rows_free(&rows);
    }
}

/* Any characters of CSV where a record should be. */
static void test_random_records(void)
{
    static const char letters[] = "0123456789.,,,,\"\n\r-:TZ+ e";
    const struct donut_csv_options keyed = {.key_column = "3"};
    struct draw draw = draw_new("rows", 29);
    for (int round = 0; round < 20000; round++) {
        char text[100] = "0,1,1\n";
        size_t n = strlen(text);
        n += (size_t)snprintf(text + n, 40, "%s", round % 3 ? "60,2.5,0\n120," : "");
        for (size_t left = 1 + draw_below(&draw, 12); left > 0; left--)
            text[n++] = letters[draw_below(&draw, sizeof letters - 1)];
        text[n] = '\0';
        if (!strchr(text, '"') || !strpbrk(strchr(text, '"'), "\r\n")) /* in quotes it is text */
            compare(text, round % 2 ? &no_options : &keyed);
    }
}

static void test_values(void)
{
    struct donut_error err;
    struct donut_rows rows = read_rows("time,value,label\n0,1,0\n60,2.5,1\n\"120\",\"-3e2\",\"\"\n"
                                       "180,,1\r\n240,4,\n",
                                       &no_options, &err);
    static const struct donut_row want[] = {{0, 1, 2, 0, 0, 0},
                                            {60000, 2.5, 3, 0, 1, 0},
                                            {120000, -300, 4, 0, 0, 0},
                                            {180000, 0, 5, 0, 1, 0},
                                            {240000, 4, 6, 0, 0, 0}};
    if (!CHECK_INT(rows.n, 5))
        return;
    for (size_t i = 0; i < 5; i++) {
        const struct donut_row *row = &rows.row[i];
        CHECK(row->time_ms == want[i].time_ms && row->line == want[i].line &&
              row->label == want[i].label);
        CHECK(i == 3 ? isnan(row->value) != 0 : row->value == want[i].value);
    }
    donut_rows_free(&rows);
}

TEST(rows)
{
    test_records();
    test_columns();
    test_keys();
    test_key_contents();
    test_key_columns();
    test_key_errors();
    test_random_records();
    test_values();
    return check_report("rows");
}
