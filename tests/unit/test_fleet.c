/* A file with several KPIs against files with one each. */
#include "check.h"
#include "draw.h"

#include "donut.h"

#include <stdlib.h>

enum { KPIS = 9, POINTS = 60, ROOM = 200000 };

struct text {
    char at[ROOM];
    size_t size, lines;
};

static void put_line(struct text *text, const char *line)
{
    const int n = snprintf(text->at + text->size, ROOM - text->size, "%s\n", line);
    text->size += (size_t)n;
    text->lines += strchr(line, '\n') ? 2 : 1;
}

/* As cells and as they are meant. */
static const char *const cell[KPIS] = {"web",
                                       "\"web,1\"",
                                       "web 1",
                                       "\"a \"\"quoted\"\" one\"",
                                       "\"two\nlines\"",
                                       "\xc3",
                                       "\"only in quotes\"",
                                       "x",
                                       "WEB"};
static const char *const key[KPIS] = {"web",        "web,1", "web 1",          "a \"quoted\" one",
                                      "two\nlines", "\xc3",  "only in quotes", "x",
                                      "WEB"};

/* Row `i` of KPI `k`: 1-min and 5-min ones, times off the grid, repeated and missing ones, with
 * and without an offset, labels and empty values. `form` 1: ISO 8601. */
static void write_row(char *out, size_t room, struct draw *draw, size_t k, size_t i, int form)
{
    const size_t step = k % 2 ? 300 : 60, jitter = draw_below(draw, 9) == 0;
    const size_t time = step * (i + draw_below(draw, 12) / 11 + (i > POINTS / 2 ? 5 : 0)) + jitter;
    char value[32] = "", written[64];
    if (draw_below(draw, 10) > 0)
        snprintf(value, sizeof value, "%.3f", draw_between(draw, -100, 100));
    snprintf(written, sizeof written, "%zu", time);
    if (form == 1)
        snprintf(written, sizeof written, "1970-01-%02zuT%02zu:%02zu:%02zu%s", 1 + time / 86400,
                 time / 3600 % 24, time / 60 % 60, time % 60,
                 k > 3   ? ""
                 : i % 2 ? "Z"
                         : "+02:00");
    snprintf(out, room, "%s,%s,%d", written, value, draw_below(draw, 5) == 0);
}

static bool same_offsets(const struct donut_series *a, const struct donut_series *alone)
{
    bool same = a->offset_minutes || !alone->offset_minutes;
    for (size_t i = 0; same && a->offset_minutes && i < a->n; i++)
        same = a->offset_minutes[i] == (alone->offset_minutes ? alone->offset_minutes[i] : 0);
    return same;
}

static bool same_series(const struct donut_series *a, const struct donut_series *alone)
{
    const struct donut_repairs *r = &a->repairs, *s = &alone->repairs;
    bool same = a->n == alone->n && a->start_ms == alone->start_ms &&
                a->interval_ms == alone->interval_ms && !a->label == !alone->label &&
                r->rows == s->rows && r->unsorted == s->unsorted && r->duplicate == s->duplicate &&
                r->snapped == s->snapped && r->absent == s->absent && r->empty == s->empty;
    for (size_t i = 0; same && i < a->n; i++)
        same =
            (isnan(a->value[i]) ? isnan(alone->value[i]) != 0 : a->value[i] == alone->value[i]) &&
            (!a->label || a->label[i] == alone->label[i]);
    return same && same_offsets(a, alone);
}

struct files {
    struct text all, alone[KPIS];
    size_t rows[KPIS], line[KPIS], order[KPIS], n;
};

/* Rows of every KPI in turn or drawn, moved about a little. */
static void write_files(struct files *f, struct draw *draw, int form, bool grouped)
{
    size_t next[KPIS] = {0};
    memset(f, 0, sizeof *f);
    put_line(&f->all, "timestamp,value,label,KPI ID");
    for (size_t i = 0; i < KPIS * POINTS; i++) {
        const size_t k = grouped ? i / POINTS : draw_below(draw, KPIS);
        size_t point = next[k]++;
        if (draw_below(draw, 8) == 0)
            point = point > 3 ? point - 3 : 0;
        char row[100], line[200];
        write_row(row, sizeof row, draw, k, point, form);
        snprintf(line, sizeof line, "%s,%s", row, cell[k]);
        if (f->rows[k]++ == 0) {
            f->line[k] = f->all.lines + 1;
            f->order[f->n++] = k;
            put_line(&f->alone[k], "timestamp,value,label");
        }
        put_line(&f->all, line);
        put_line(&f->alone[k], row);
    }
}

/* KPI number `i` of the fleet is number `k` of the files. */
static void check_kpi(const struct donut_fleet *fleet, size_t i, const struct files *f, size_t k,
                      const struct donut_csv_options *opt)
{
    struct donut_error err = {0}, alone_err = {0};
    struct donut_series *series, *alone;
    struct donut_csv_options alone_opt = *opt;
    size_t size;
    alone_opt.key_column = NULL;
    CHECK_TEXT(donut_fleet_key(fleet, i, &size), key[k]);
    CHECK_INT(size, strlen(key[k]));
    CHECK_INT(donut_fleet_rows(fleet, i), f->rows[k]);
    CHECK_INT(donut_fleet_line(fleet, i), f->line[k]);
    const enum donut_status status =
        donut_fleet_series(fleet, i, opt->interval_ms, opt->expected_interval_ms, &series, &err);
    CHECK_INT(status, donut_series_read_csv(f->alone[k].at, f->alone[k].size, &alone_opt, &alone,
                                            &alone_err));
    if (series && alone)
        CHECK_THAT(same_series(series, alone), "KPI \"%s\" differs", key[k]);
    else
        CHECK(!series && !alone && strcmp(err.text, alone_err.text) == 0);
    donut_series_free(series);
    donut_series_free(alone);
}

static void test_against_files(void)
{
    static struct files f;
    struct draw draw = draw_new("fleet", 43);
    for (int round = 0; round < 24; round++) {
        struct donut_error err = {0};
        struct donut_fleet *fleet;
        const struct donut_csv_options opt = {.key_column = "KPI ID",
                                              .ignore_labels = round % 4 == 3,
                                              .interval_ms = round % 6 == 4 ? 60000 : 0,
                                              .expected_interval_ms = round % 6 == 5 ? 300000 : 0};
        write_files(&f, &draw, round % 2, round % 3 == 0);
        if (!CHECK_THAT(donut_fleet_read_csv(f.all.at, f.all.size, &opt, &fleet, &err) == DONUT_OK,
                        "%zu:%zu: %s", err.line, err.column, err.text))
            return;
        CHECK_TEXT(donut_fleet_key_name(fleet), "KPI ID");
        CHECK_INT(donut_fleet_labelled(fleet), !opt.ignore_labels);
        CHECK_INT(donut_fleet_count(fleet), f.n);
        for (size_t i = 0; i < f.n && i < donut_fleet_count(fleet); i++)
            check_kpi(fleet, i, &f, f.order[i], &opt);
        donut_fleet_free(fleet);
    }
}

static struct donut_fleet *read_fleet(const char *text, const char *key_column)
{
    struct donut_error err = {0};
    struct donut_fleet *fleet;
    const struct donut_csv_options opt = {.key_column = key_column};
    CHECK_THAT(donut_fleet_read_csv(text, strlen(text), &opt, &fleet, &err) == DONUT_OK,
               "\"%s\": %s", text, err.text);
    return fleet;
}

/* One KPI that cannot be a series, between two that can. */
static void test_one_bad(void)
{
    struct donut_fleet *fleet = read_fleet("b,0,1\na,0,1\nc,5,1\na,60,2\nb,300,2\n", "1");
    struct donut_series *series;
    struct donut_error err;
    if (!fleet)
        return;
    CHECK(donut_fleet_key_name(fleet) == NULL && !donut_fleet_labelled(fleet));
    CHECK_INT(donut_fleet_count(fleet), 3);
    CHECK(donut_fleet_series(fleet, 0, 0, 0, &series, &err) == DONUT_OK &&
          series->interval_ms == 300000);
    donut_series_free(series);
    CHECK(donut_fleet_series(fleet, 2, 0, 0, &series, &err) == DONUT_EINPUT && !series &&
          strstr(err.text, "only one row"));
    CHECK(donut_fleet_series(fleet, 2, 60000, 0, &series, &err) == DONUT_OK && series->n == 1);
    donut_series_free(series);
    CHECK(donut_fleet_series(fleet, 1, 0, 0, &series, &err) == DONUT_OK &&
          series->interval_ms == 60000 && series->value[1] == 2);
    donut_series_free(series);
    CHECK(donut_fleet_series(fleet, 1, -5, 0, &series, &err) == DONUT_EARGUMENT && !series);
    donut_fleet_free(fleet);
    donut_fleet_free(NULL);
}

/* The time format is the file's. */
static void test_time_format(void)
{
    struct donut_fleet *fleet = read_fleet("time,k,v\n0,a,1\n60,a,2\n0.5,b,1\n60.5,b,2\n", "k");
    struct donut_series *series = NULL;
    char text[DONUT_TIME_SIZE] = "";
    if (fleet && CHECK(donut_fleet_series(fleet, 0, 0, 0, &series, NULL) == DONUT_OK))
        donut_series_format_time(series, 1, text);
    CHECK_TEXT(text, "60.0");
    donut_series_free(series);
    donut_fleet_free(fleet);
}

static void test_refused(void)
{
    static const struct {
        const char *text;
        struct donut_csv_options opt;
        enum donut_status status;
        size_t line, column;
        const char *why;
    } bad[] = {
        {"0,1,a\n60,2,a\n", {.key_column = NULL}, DONUT_EARGUMENT, 0, 0, "--key"},
        {"", {.key_column = "k"}, DONUT_EINPUT, 0, 0, "empty"},
        {"time,value,k\n", {.key_column = "k"}, DONUT_EINPUT, 0, 0, "no row after the header"},
        {"time,value,k\n0,1,a\n0,x,b\n", {.key_column = "k"}, DONUT_EINPUT, 3, 2, "value 'x'"},
        {"time,value,k\n0,1,a\n0,1,\" \"\n0,1, \n", {.key_column = "k"}, DONUT_EINPUT, 4, 3, "key"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct donut_error err = {0};
        struct donut_fleet *fleet = (struct donut_fleet *)&err;
        CHECK(donut_fleet_read_csv(bad[i].text, strlen(bad[i].text), &bad[i].opt, &fleet, &err) ==
                  bad[i].status &&
              !fleet && err.status == bad[i].status);
        CHECK_THAT(err.line == bad[i].line && err.column == bad[i].column &&
                       strstr(err.text, bad[i].why),
                   "\"%s\": at %zu:%zu: %s", bad[i].text, err.line, err.column, err.text);
    }
    struct donut_error err = {0};
    struct donut_series *series;
    CHECK(donut_series_read_csv("0,1,a\n60,2,a\n", 14,
                                &(struct donut_csv_options){.key_column = "3"}, &series,
                                &err) == DONUT_EARGUMENT &&
          !series && strstr(err.text, "--key"));
    CHECK(donut_fleet_read_csv("0,1\n", 4, NULL, &(struct donut_fleet *){NULL}, NULL) ==
          DONUT_EARGUMENT);
}

TEST(fleet)
{
    test_against_files();
    test_one_bad();
    test_time_format();
    test_refused();
    return check_report("fleet");
}
