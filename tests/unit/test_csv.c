/* CSV text: cells, headers, column options, and every refusal with its place. */
#include "check.h"
#include "draw.h"

#include "base/random.h"
#include "data/csv.h"

#define TS "timestamp,value,label\n"

/* Cells as "[a][b]|[c]|", records in order. */
static const char *dump(const char *text, size_t size)
{
    static char out[400];
    struct donut_csv csv;
    size_t used = 0;
    out[0] = '\0';
    if (donut_csv_open(&csv, text, size, NULL) != DONUT_OK)
        return "refused";
    while (donut_csv_more(&csv)) {
        for (bool last = false; !last;) {
            struct donut_cell cell;
            if (donut_csv_cell(&csv, &cell, &last, NULL) != DONUT_OK)
                return "refused";
            used += (size_t)snprintf(out + used, sizeof out - used, "[%.*s]", (int)cell.size,
                                     cell.text);
        }
        used += (size_t)snprintf(out + used, sizeof out - used, "@%zu ", csv.line);
    }
    return out;
}

static void test_cells(void)
{
    static const struct {
        const char *text, *cells;
    } good[] = {
        {"", ""},
        {"a", "[a]@1 "},
        {"a,b\nc,d", "[a][b]@1 [c][d]@2 "},
        {"a,b\r\nc,d\r\n", "[a][b]@1 [c][d]@2 "},
        {"a,b\rc,d\r", "[a][b]@1 [c][d]@2 "},
        {"\xef\xbb\xbf"
         "a,b\n",
         "[a][b]@1 "},
        {"\n\r\n \t\n  a , b\tc\t,\n\n", "[a][b\tc][]@4 "},
        {",\n,,", "[][]@1 [][][]@2 "},
        {"\"a\",\"b\"\n", "[a][b]@1 "},
        {" \"a\" ,\t\" b \"\t\r\nc", "[a][ b ]@1 [c]@2 "},
        {"\"a,b\",\"c\"\"d\"\n", "[a,b][c\"\"d]@1 "},
        {"\"\",\"\"\"\"", "[][\"\"]@1 "},
        {"\"a\nb\r\nc\",d\ne", "[a\nb\r\nc][d]@1 [e]@4 "},
        {"a\"b,c\"\n", "[a\"b][c\"]@1 "},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_TEXT(dump(good[i].text, strlen(good[i].text)), good[i].cells);
    CHECK_TEXT(dump(NULL, 0), "");
    CHECK_TEXT(dump("a,b\nc,d\n", 5), "[a][b]@1 [c]@2 ");
    CHECK_TEXT(dump("\"a", 2), "refused");
    CHECK_TEXT(dump("\"a\"b", 4), "refused");
    CHECK_TEXT(dump("\"a\" \"", 5), "refused");
    CHECK_TEXT(dump("a\0b", 3), "refused");
}

static struct donut_series *read_with(const char *text, const struct donut_csv_options *opt)
{
    struct donut_error err = {0};
    struct donut_series *series;
    const enum donut_status status = donut_series_read_csv(text, strlen(text), opt, &series, &err);
    CHECK_THAT(status == DONUT_OK, "\"%.40s\": line %zu, column %zu: %s", text, err.line,
               err.column, err.text);
    return series;
}

/* Two rows, 0 and 60 s, with these values, and labels 0 and 1 or none. */
static void check_two(const char *text, const struct donut_csv_options *opt, double first,
                      double second, bool labelled)
{
    struct donut_series *s = read_with(text, opt);
    if (!s)
        return;
    CHECK_THAT(s->n == 2 && s->start_ms == 0 && s->interval_ms == 60000,
               "\"%s\": n %zu, start %lld, interval %lld", text, s->n, (long long)s->start_ms,
               (long long)s->interval_ms);
    CHECK_THAT(s->value[0] == first && s->value[1] == second, "\"%s\": values %g %g", text,
               s->value[0], s->value[1]);
    CHECK_THAT((s->label != NULL) == labelled, "\"%s\": labels %d", text, !labelled);
    if (s->label)
        CHECK(s->label[0] == 0 && s->label[1] == 1);
    donut_series_free(s);
}

static void test_headers(void)
{
    check_two(TS "0,1,0\n60,2,1\n", NULL, 1, 2, true);
    check_two("TimeStamp,VALUE,Is_Anomaly\n0,1,0\n60,2,1\n", NULL, 1, 2, true);
    check_two("label,value,TIME\n0,1,0\n1,2,60", NULL, 1, 2, true);
    check_two("x,ts,value,y\n9,0,1,9\n9,60,2,9\n", NULL, 1, 2, false);
    check_two("\"date\",\"value\",\"anomaly\"\n\"0\",\"1\",\"0\"\n\"60\",\"2\",\"1\"", NULL, 1, 2,
              true);
    check_two("time,cpu\n0,1\n60,2\n", NULL, 1, 2, false);
    check_two("cpu,label,time\n1,0,0\n2,1,60\n", NULL, 1, 2, true);
    check_two("time,cpu,\n0,1,\n60,2,\n", NULL, 1, 2, false);
    check_two("0,1\n60,2\n", NULL, 1, 2, false);
    check_two("0,1,0\n60,2,1\n", NULL, 1, 2, true);
    check_two("\n\n0,1,0,x\n60,2,1,y", NULL, 1, 2, true);
    check_two("1970-01-01,1,0\n1970-01-01T00:01Z,2,1\n", NULL, 1, 2, true);
    check_two("\xef\xbb\xbf"
              "0,1\r\n60,2\r\n",
              NULL, 1, 2, false);
    check_two("\xef\xbb\xbf\"timestamp\",value\r\n0,1\r\n60,2\r\n", NULL, 1, 2, false);
}

static void test_column_options(void)
{
    const struct donut_csv_options by_name = {.timestamp_column = "When", .value_column = "b"};
    check_two("a,b,WHEN\n5,1,0\n6,2,60\n", &by_name, 1, 2, false);
    const struct donut_csv_options by_number = {.timestamp_column = "3", .value_column = "2"};
    check_two("a,b,when\n5,1,0\n6,2,60\n", &by_number, 1, 2, false);
    check_two("5,1,0\n6,2,60\n", &by_number, 1, 2, false);
    const struct donut_csv_options time_second = {.timestamp_column = "2"};
    check_two("1,0,0\n2,60,1\n", &time_second, 1, 2, true);
    check_two("value,when\n1,0\n2,60\n", &time_second, 1, 2, false);
    const struct donut_csv_options value_first = {.value_column = "1"};
    check_two("1,0\n2,60\n", &value_first, 1, 2, false);
    const struct donut_csv_options value_third = {.value_column = "3"};
    check_two("0,9,1\n60,9,2\n", &value_third, 1, 2, false);
    const struct donut_csv_options truth = {.label_column = "truth"};
    check_two("time,value,label,truth\n0,1,x,0\n60,2,y,1\n", &truth, 1, 2, true);
    check_two("time,cpu,truth\n0,1,0\n60,2,1\n", &truth, 1, 2, true);
    check_two("time,cpu,label,truth\n0,1,x,0\n60,2,y,1\n", &truth, 1, 2, true);
    const struct donut_csv_options label_value = {.value_column = "label"};
    check_two("time,label\n0,1\n60,2\n", &label_value, 1, 2, false);
    const struct donut_csv_options blind = {.ignore_labels = true};
    check_two("time,cpu,label\n0,1,x\n60,2,y\n", &blind, 1, 2, false);
    check_two("time,cpu,label,anomaly\n0,1,x,x\n60,2,y,y\n", &blind, 1, 2, false);
    check_two("0,1,x\n60,2,y\n", &blind, 1, 2, false);
    const struct donut_csv_options zero = {.value_column = "0"}; /* as pandas names a column */
    check_two("time,a,0\n0,5,1\n60,6,2\n", &zero, 1, 2, false);
    const struct donut_csv_options two = {.value_column = "2"}; /* a name before a number */
    check_two("time,a,2\n0,5,1\n60,6,2\n", &two, 1, 2, false);
    check_two("time,1,3\n0,1,5\n60,2,6\n", &two, 1, 2, false);
}

static void test_cells_of_rows(void)
{
    struct donut_series *s = read_with("time,value,label\n0,,True\n60,NULL,FALSE\n120,NaN,1.0\n"
                                       "180,-nan,\n240,+Nan,false\n300, 1e3 ,0\n360,-.5,true\n",
                                       NULL);
    if (!s)
        return;
    const unsigned char label[] = {1, 0, 1, 0, 0, 0, 1};
    CHECK_INT(s->n, 7);
    for (size_t i = 0; i < 7; i++) {
        CHECK_INT(s->label[i], label[i]);
        CHECK((isnan(s->value[i]) != 0) == (i < 5));
    }
    CHECK(s->value[5] == 1000 && s->value[6] == -0.5);
    CHECK_INT(s->repairs.empty, 5);
    donut_series_free(s);
}

struct refusal {
    const char *text;
    size_t line, column;
    const char *why;
};

static void check_refused(const struct refusal *r, const struct donut_csv_options *opt)
{
    struct donut_error err = {0};
    struct donut_series *series = (struct donut_series *)&err;
    const enum donut_status status =
        donut_series_read_csv(r->text, strlen(r->text), opt, &series, &err);
    CHECK_THAT(status == DONUT_EINPUT && err.status == DONUT_EINPUT, "\"%s\": status %d", r->text,
               (int)status);
    CHECK(series == NULL);
    CHECK_THAT(strstr(err.text, r->why), "\"%s\": says \"%s\", expected \"%s\"", r->text, err.text,
               r->why);
    CHECK_THAT(err.line == r->line && err.column == r->column,
               "\"%s\": at %zu:%zu, expected %zu:%zu", r->text, err.line, err.column, r->line,
               r->column);
    CHECK(donut_series_read_csv(r->text, strlen(r->text), opt, &series, NULL) == DONUT_EINPUT);
}

static void test_refused(void)
{
    static const struct refusal refused[] = {
        {"", 0, 0, "the input is empty; expected rows with timestamp and value"},
        {" \n\r\n", 0, 0, "empty"},
        {"\xef\xbb\xbf", 0, 0, "empty"},
        {TS, 0, 0, "no row after the header"},
        {"0,1\n", 0, 0, "only one row; give it with --interval"},
        {"0,1\n0,2\n", 0, 0, "only one time"},
        {"\x1f\x8b\x08"
         "abc",
         0, 0, "with zcat"},
        {"\xff\xfe"
         "a",
         0, 0, "UTF-16"},
        {"donutVAE\x01", 0, 0, "is a donut model"},
        {"donutSET\x01", 0, 0, "is a bundle of donut models"},
        {"20250131,1\n20250201,2\n", 1, 1, "'20250131' is a date without dashes"},
        {"date,value\n20250131,1\n", 2, 1, "write it as 2025-01-31"},
        {"5\n6\n", 1, 0, "only one column, '5'; every row needs a timestamp and a value"},
        {"value\n6\n", 1, 0, "only one column, 'value'"},
        {"timestamp;value\n0;1\n", 1, 0, "separated by commas"},
        {"0\t1\n60\t2\n", 1, 0, "separated by commas"},
        {"a,b\n0,1\n", 1, 0,
         "no timestamp column: none of 'a,b' is named timestamp|time|ts|date; name it with "
         "--timestamp-column"},
        {"01/02/2020,1\n02/02/2020,1\n", 1, 0, "ISO 8601"},
        {"time,a,b\n0,1,2\n", 1, 0,
         "no value column: none of 'time,a,b' is named value; name it with --value-column"},
        {"time,label\n0,1\n", 1, 0, "no value column"},
        {"time,value,Value\n0,1,2\n", 1, 3,
         "columns 2 and 3 could both be the value; choose one by its number with --value-column"},
        {"time,date,value\n0,1,2\n", 1, 2, "--timestamp-column"},
        {"time,value,label,anomaly\n0,1,0,0\n", 1, 4, "--label-column"},
        {TS "0,1,0\n60,2\n", 3, 0, "expected 3 fields as in the first line, found 2"},
        {TS "0,1,0\n\n60,2,0,\n", 4, 0, "expected 3 fields as in the first line, found 4"},
        {TS "0,1,0\n60,\"2,0\n120,3,0\n", 3, 2, "never closes"},
        {TS "0,1,0\n60,\"2\"3,0\n", 3, 2, "behind the closing quote"},
        {TS "0,1,0\nx,2,0\n", 3, 1, "timestamp 'x' is neither"},
        {TS "0,1,0\n,2,0\n", 3, 1, "timestamp '' is neither"},
        {"2016-02-30,1\n2016-03-01,1\n", 1, 1, "timestamp '2016-02-30' is no day of the calendar"},
        {TS "0,1,0\n1476460800000,2,0\n", 3, 1,
         "is epoch milliseconds, but those before it are epoch seconds"},
        {TS "2016-10-14,1,0\n1476460800,2,0\n", 3, 1,
         "'1476460800' is epoch seconds, but those before it are an ISO 8601 time"},
        {TS "0,12 V,0\n", 2, 2, "value '12 V' is not a decimal number"},
        {TS "0,\"1,000\",0\n", 2, 2, "value '1,000' is not"},
        {TS "0,0x10,0\n", 2, 2, "value '0x10' is not"},
        {TS "0,-inf,0\n", 2, 2, "value '-inf' is infinite"},
        {TS "0,1e999,0\n", 2, 2, "value '1e999' is infinite"},
        {TS "0,1,2\n", 2, 3, "label '2' is neither 0 (normal) nor 1 (anomaly)"},
        {TS "0,1,yes\n", 2, 3, "label 'yes'"},
        {TS "0,1,nan\n", 2, 3, "label 'nan'"},
        {TS "0,\"a\x01"
            "b\",0\n",
         2, 2, "'a?b'"},
        {TS "\"0\n\",1,0\n60,x,0\n", 2, 1, "timestamp '0?'"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        check_refused(&refused[i], NULL);
}

static void test_nul_byte(void)
{
    struct donut_error err;
    struct donut_series *series;
    CHECK(donut_series_read_csv("a,b\nc\0d", 7, NULL, &series, &err) == DONUT_EINPUT);
    CHECK(err.line == 2 && strstr(err.text, "NUL"));
}

static void test_refused_options(void)
{
    static const struct {
        struct donut_csv_options opt;
        struct refusal refusal;
    } refused[] = {
        {{.value_column = "cpu"},
         {"time,mem\n0,1\n", 1, 0,
          "no column is named 'cpu' "
          "(--value-column); the header is "
          "'time,mem'"}},
        {{.value_column = "cpu"}, {"0,1\n", 1, 0, "no column is named 'cpu'"}},
        {{.label_column = "3"},
         {"0,1\n", 1, 0,
          "no column 3 (--label-column); the first line "
          "has 2"}},
        {{.timestamp_column = "99999999999999999999999"}, {"0,1\n", 1, 0, "--timestamp-column"}},
        {{.value_column = "2"}, {"time,2,2\n0,1,2\n", 1, 3, "columns 2 and 3"}},
        {{.value_column = "b"}, {"time,b,B\n0,1,2\n", 1, 3, "columns 2 and 3"}},
        {{.timestamp_column = "1", .value_column = "1"},
         {"0,1\n60,2\n", 1, 1, "column 1 cannot also be the value (--value-column)"}},
        {{.timestamp_column = "t", .label_column = "t"},
         {"t,value\n0,1\n", 1, 1, "column 1 cannot also be the label (--label-column)"}},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        check_refused(&refused[i].refusal, &refused[i].opt);
}

/* A sentence about a header of any size fits and ends. */
static void test_long_header(void)
{
    char text[4000] = "";
    struct donut_error err;
    struct donut_series *series;
    for (int i = 0; i < 200; i++)
        strcat(text, i % 2 ? "a_long_column_name," : "b,");
    CHECK(donut_series_read_csv(text, strlen(text), NULL, &series, &err) == DONUT_EINPUT);
    CHECK(strlen(err.text) < sizeof err.text - 1 && strstr(err.text, ",...'"));
    CHECK(strstr(err.text, "ISO 8601 time)"));
}

/* ---- one table, written in many ways, is one series */

enum { ROWS = 40 };

struct style {
    bool bom, header, quoted, shuffled, blank_lines, final_newline;
    const char *newline;
};

static struct style draw_style(struct donut_stream draws)
{
    static const char *const newline[] = {"\n", "\r\n", "\r"};
    const uint32_t bits = draw_bits(draws, 0);
    return (struct style){bits & 1,
                          bits & 2,
                          bits & 4,
                          bits & 8,
                          bits & 16,
                          bits & 32,
                          newline[donut_random_below(draws, 1, 3)]};
}

/* Fisher-Yates. */
static void shuffle(size_t order[ROWS], struct donut_stream draws)
{
    for (size_t i = ROWS - 1; i > 0; i--) {
        const size_t j = (size_t)donut_random_below(draws, 10 + i, i + 1), held = order[i];
        order[i] = order[j];
        order[j] = held;
    }
}

static void write_table(const struct style *style, struct donut_stream draws, char *out)
{
    size_t order[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        order[i] = i;
    if (style->shuffled)
        shuffle(order, draws);
    const char *quote = style->quoted ? "\"" : "";
    out += sprintf(out, "%s", style->bom ? "\xef\xbb\xbf" : "");
    if (style->header)
        out += sprintf(out, "%sTime%s, value,label%s", quote, quote, style->newline);
    for (size_t k = 0; k < ROWS; k++) {
        const size_t i = order[k];
        char value[32] = "";
        if (i % 7 != 3) /* empty values, and between 20 and 30 no rows */
            snprintf(value, sizeof value, "%zu.25", i * i);
        out += sprintf(out, "%s%zu%s ,%s%s%s,%d", quote, 60 * (i < 20 ? i : i + 10), quote, quote,
                       value, quote, i % 5 == 0);
        out += sprintf(out, "%s", k + 1 < ROWS || style->final_newline ? style->newline : "");
        out += sprintf(out, "%s", style->blank_lines && k % 3 == 0 ? style->newline : "");
    }
}

static bool is_same(const struct donut_series *a, const struct donut_series *b)
{
    bool same = a->n == b->n && a->start_ms == b->start_ms && a->interval_ms == b->interval_ms &&
                a->repairs.absent == b->repairs.absent && a->repairs.empty == b->repairs.empty &&
                memcmp(a->label, b->label, a->n) == 0;
    for (size_t i = 0; i < a->n && same; i++)
        same = isnan(a->value[i]) ? isnan(b->value[i]) : a->value[i] == b->value[i];
    return same;
}

static void test_styles(void)
{
    struct donut_stream draws = {.seed = 3, .purpose = DONUT_DRAW_TEST};
    struct style plain = {.header = true, .newline = "\n"};
    char text[8000];
    write_table(&plain, draws, text);
    struct donut_series *first = read_with(text, NULL);
    CHECK(first && first->n == ROWS + 10 && first->repairs.empty == 6 &&
          first->repairs.absent == 10 && first->value[49] == 39 * 39 + 0.25);
    for (draws.part = 1; first && draws.part <= 200; draws.part++) {
        const struct style style = draw_style(draws);
        write_table(&style, draws, text);
        struct donut_series *s = read_with(text, NULL);
        CHECK_THAT(s && is_same(s, first), "style %u differs", (unsigned)draws.part);
        CHECK(s && (s->repairs.unsorted > 0) == style.shuffled);
        donut_series_free(s);
    }
    donut_series_free(first);
}

TEST(csv)
{
    test_cells();
    test_headers();
    test_column_options();
    test_cells_of_rows();
    test_refused();
    test_nul_byte();
    test_refused_options();
    test_long_header();
    test_styles();
    return check_report("csv");
}
