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

static bool same_rows(const struct donut_rows *a, const struct donut_rows *b)
{
    bool same = a->n == b->n && a->labelled == b->labelled && a->format.kind == b->format.kind &&
                a->format.decimals == b->format.decimals && a->format.zone == b->format.zone &&
                a->format.separator == b->format.separator &&
                a->format.seconds == b->format.seconds;
    for (size_t i = 0; same && i < a->n; i++) {
        const struct donut_row *x = &a->row[i], *y = &b->row[i];
        same = x->time_ms == y->time_ms && x->offset_minutes == y->offset_minutes &&
               x->label == y->label && x->line == y->line &&
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

/* Any characters of CSV where a record should be. */
static void test_random_records(void)
{
    static const char letters[] = "0123456789.,,,,\"\n\r-:TZ+ e";
    struct draw draw = draw_new("rows", 29);
    for (int round = 0; round < 20000; round++) {
        char text[100] = "0,1,1\n";
        size_t n = strlen(text);
        n += (size_t)snprintf(text + n, 40, "%s", round % 3 ? "60,2.5,0\n120," : "");
        for (size_t left = 1 + draw_below(&draw, 12); left > 0; left--)
            text[n++] = letters[draw_below(&draw, sizeof letters - 1)];
        text[n] = '\0';
        if (!strchr(text, '"') || !strpbrk(strchr(text, '"'), "\r\n")) /* in quotes it is text */
            compare(text, &no_options);
    }
}

static void test_values(void)
{
    struct donut_error err;
    struct donut_rows rows = read_rows("time,value,label\n0,1,0\n60,2.5,1\n\"120\",\"-3e2\",\"\"\n"
                                       "180,,1\r\n240,4,\n",
                                       &no_options, &err);
    static const struct donut_row want[] = {{0, 1, 2, 0, 0},
                                            {60000, 2.5, 3, 0, 1},
                                            {120000, -300, 4, 0, 0},
                                            {180000, 0, 5, 0, 1},
                                            {240000, 4, 6, 0, 0}};
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

int main(void)
{
    test_records();
    test_columns();
    test_random_records();
    test_values();
    return check_report("rows");
}
