/* Rows -> even grid: interval, phase, repairs, timestamps out, against hand-worked examples and a
 * brute-force gridding. */
#include "check.h"

#include "base/random.h"
#include "data/series.h"

#include <stdint.h>
#include <stdlib.h>

static struct donut_stream draws = {.seed = 11, .purpose = DONUT_DRAW_TEST};

static struct donut_series *from_rows(const int64_t *time_ms, const double *value, size_t n,
                                      int64_t interval_ms)
{
    struct donut_error err = {0};
    struct donut_series *s;
    CHECK_THAT(donut_series_from_rows(time_ms, value, NULL, n, interval_ms, &s, &err) == DONUT_OK,
               "%s", err.text);
    return s;
}

static struct donut_series *read_csv(const char *text, const struct donut_csv_options *opt)
{
    struct donut_error err = {0};
    struct donut_series *s;
    CHECK_THAT(donut_series_read_csv(text, strlen(text), opt, &s, &err) == DONUT_OK, "%s",
               err.text);
    return s;
}

static bool repairs_are(const struct donut_series *s, size_t rows, size_t unsorted,
                        size_t duplicate, size_t snapped, size_t absent, size_t empty)
{
    const struct donut_repairs *r = &s->repairs;
    return CHECK_THAT(r->rows == rows && r->unsorted == unsorted && r->duplicate == duplicate &&
                          r->snapped == snapped && r->absent == absent && r->empty == empty,
                      "rows %zu unsorted %zu duplicate %zu snapped %zu absent %zu empty %zu",
                      r->rows, r->unsorted, r->duplicate, r->snapped, r->absent, r->empty);
}

/* One of each repair, worked by hand. On the grid 0, 60, ... 360:
 *   0: one row            60: moved 61, then 59 (later in the file, wins among moved)
 * 120: 120 beats 118      180: twice, the later wins, which is empty
 * 240: absent             300: the moved 290          360: one row */
static void test_repairs(void)
{
    struct donut_series *s = read_csv("time,value,label\n"
                                      "0,10,1\n61,11,1\n59,12,0\n120,13,1\n118,14,0\n"
                                      "180,15,0\n180,,1\n360,17,1\n290,16,0\n",
                                      &(struct donut_csv_options){.interval_ms = 60000});
    if (!s)
        return;
    const double value[] = {10, 12, 13, NAN, NAN, 16, 17};
    const unsigned char label[] = {1, 0, 1, 1, 0, 0, 1};
    CHECK_INT(s->n, 7);
    CHECK_INT(s->start_ms, 0);
    CHECK_INT(s->interval_ms, 60000);
    for (size_t i = 0; i < 7; i++) {
        CHECK(isnan(value[i]) ? isnan(s->value[i]) : s->value[i] == value[i]);
        CHECK_INT(s->label[i], label[i]);
    }
    CHECK(s->offset_minutes == NULL);
    repairs_are(s, 9, 3, 3, 2, 1, 1);
    donut_series_free(s);
}

static void check_grid(const char *name, const int64_t *time_ms, size_t n, int64_t start_ms,
                       int64_t interval_ms, size_t points)
{
    double *value = calloc(n, sizeof *value);
    struct donut_series *s = value ? from_rows(time_ms, value, n, 0) : NULL;
    if (s) {
        CHECK_THAT(s->interval_ms == interval_ms && s->start_ms == start_ms && s->n == points,
                   "%s: start %lld, interval %lld, n %zu", name, (long long)s->start_ms,
                   (long long)s->interval_ms, s->n);
        CHECK(s->n == s->repairs.rows - s->repairs.duplicate + s->repairs.absent);
    }
    donut_series_free(s);
    free(value);
}

static uint32_t draw(uint64_t i, uint32_t bound)
{
    return (uint32_t)donut_random_below(draws, i, bound);
}

static void test_inferred_grids(void)
{
    enum { N = 500 };
    int64_t t[N];
    check_grid("two rows", (int64_t[]){0, 300000}, 2, 0, 300000, 2);
    check_grid("of two distances the smaller", (int64_t[]){0, 60000, 180000}, 3, 0, 60000, 4);
    check_grid("before 1970", (int64_t[]){-90000, -30000, 30000}, 3, -90000, 60000, 3);
    check_grid("milliseconds", (int64_t[]){5, 255, 505, 1005}, 4, 5, 250, 5);
    check_grid("400 days", (int64_t[]){0, 34560000000}, 2, 0, 34560000000, 2);

    for (size_t i = 0; i < N; i++) /* off the full minute: the phase is what most rows have */
        t[i] = (int64_t)i * 60000 + 7000 + (i % 3 == 1 ? 2000 : 0);
    check_grid("late rows", t, N, 7000, 60000, N);

    int64_t point = 0;
    for (size_t i = 0; i < N; i++, point += 1 + draw(i, 7))
        t[i] = point * 60000;
    check_grid("six of seven rows absent", t, N, 0, 60000, (size_t)(t[N - 1] / 60000) + 1);

    for (size_t i = 0; i < N; i++)
        t[i] = (int64_t)(i + 100) * 300000 + draw(i, 40001) - 20000;
    check_grid("jittered stamps", t, N, 30000000, 300000, N);
    for (size_t i = 0; i < N; i++)
        t[i] -= t[i] < 30000000 ? 0 : 20000;
    check_grid("jitter, a little early", t, N, 30000000, 300000, N);

    for (size_t i = 0; i < N; i++) /* 58 s apart, near enough to the minute: 500 rows, 483 points */
        t[i] = (int64_t)i * 58000 + (int64_t)(i * i % 7) * 10;
    check_grid("a slow clock", t, N, 0, 60000, 483);

    for (size_t i = 0; i < N; i++) /* symmetric about the half hour, whose mean is exact */
        t[i] = (int64_t)i * 3600000 + 1800000 + ((i & 1) ? 1 : -1) * (int64_t)(1 + i / 2) * 1000;
    check_grid("jitter about the half hour", t, N, 1800000, 3600000, N);
}

/* Ticks 37 to 57 s apart: no interval in use is within 5 % of the median. */
static void test_no_interval(void)
{
    int64_t t[100];
    double value[100] = {0};
    struct donut_error err;
    struct donut_series *s;
    t[0] = 0;
    for (size_t i = 1; i < 100; i++)
        t[i] = t[i - 1] + 37000 + draw(i, 20000);
    CHECK(donut_series_from_rows(t, value, NULL, 100, 0, &s, &err) == DONUT_EINPUT && !s);
    CHECK(strstr(err.text, "the interval cannot be inferred") && strstr(err.text, "--interval"));
    s = from_rows(t, value, 100, 60000);
    CHECK(s && s->interval_ms == 60000 && s->start_ms % 60000 == 0);
    donut_series_free(s);

    /* Times all over the place: on any grid many would fall on one point. */
    for (size_t i = 0; i < 100; i++)
        t[i] = draw(i, 100) * INT64_C(86400) + draw(i + 100, 86400000);
    CHECK(donut_series_from_rows(t, value, NULL, 100, 0, &s, &err) == DONUT_EINPUT && !s);
    CHECK(strstr(err.text, "the interval cannot be inferred") && strstr(err.text, "--interval"));

    CHECK(donut_series_from_rows((int64_t[]){0, 34560000001}, value, NULL, 2, 0, &s, &err) ==
          DONUT_EINPUT);
    CHECK(strstr(err.text, "400"));
}

static enum donut_status read_expecting(const int64_t *time_s, size_t n, int64_t expected_s,
                                        struct donut_error *err)
{
    char text[4000] = "";
    size_t used = 0;
    struct donut_series *s;
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%lld,1\n", (long long)time_s[i]);
    const struct donut_csv_options opt = {.expected_interval_ms = expected_s * 1000};
    const enum donut_status status = donut_series_read_csv(text, used, &opt, &s, err);
    if (status == DONUT_OK)
        CHECK_INT(s->interval_ms, expected_s * 1000);
    donut_series_free(s);
    return status;
}

static void test_expected_interval(void)
{
    struct donut_error err;
    int64_t t[40];
    CHECK(read_expecting((int64_t[]){7}, 1, 60, &err) == DONUT_OK);
    CHECK(read_expecting((int64_t[]){0, 60}, 2, 60, &err) == DONUT_OK);
    CHECK(read_expecting((int64_t[]){0, 300}, 2, 60, &err) == DONUT_OK);
    CHECK(read_expecting((int64_t[]){0, 301}, 2, 60, &err) == DONUT_OK);
    CHECK(read_expecting((int64_t[]){0, 60}, 2, 300, &err) == DONUT_EINPUT);
    CHECK(read_expecting((int64_t[]){0, 90}, 2, 60, &err) == DONUT_EINPUT);
    for (int i = 0; i < 40; i++)
        t[i] = i * 120;
    CHECK(read_expecting(t, 16, 60, &err) == DONUT_OK); /* 15 distances */
    CHECK(read_expecting(t, 17, 60, &err) == DONUT_EINPUT);
    CHECK(strstr(err.text, "rows are 2 min apart but the model was trained at 1 min"));
    CHECK(read_expecting(t, 40, 120, &err) == DONUT_OK);
    for (int i = 0; i < 40; i++)
        t[i] = i * 7000 + (int)draw((uint64_t)i, 200); /* no interval in use, but the model's */
    CHECK(read_expecting(t, 40, 7000, &err) == DONUT_OK);
    CHECK(read_expecting(t, 40, 3600, &err) == DONUT_EINPUT);

    struct donut_series *s;
    struct donut_csv_options opt = {.interval_ms = 60000, .expected_interval_ms = 300000};
    CHECK(donut_series_read_csv("0,1\n", 4, &opt, &s, &err) == DONUT_EARGUMENT);
    opt = (struct donut_csv_options){.interval_ms = -1};
    CHECK(donut_series_read_csv("0,1\n", 4, &opt, &s, &err) == DONUT_EARGUMENT);
    opt = (struct donut_csv_options){.interval_ms = INT64_MAX};
    CHECK(donut_series_read_csv("0,1\n", 4, &opt, &s, &err) == DONUT_EARGUMENT);
    opt = (struct donut_csv_options){.interval_ms = 60000};
    CHECK(donut_series_read_csv("0,1\n", 4, &opt, &s, &err) == DONUT_OK && s->n == 1);
    donut_series_free(s);
}

/* 2 rows allow 1,000,032 points. */
static void test_grid_size(void)
{
    const struct donut_csv_options opt = {.interval_ms = 1000};
    struct donut_error err;
    struct donut_series *s = read_csv("0,1\n1000031,1\n", &opt);
    CHECK(s && s->n == 1000032 && s->repairs.absent == 1000030);
    donut_series_free(s);
    const char *wrong = "2016-10-14T16:00Z,1\n2106-10-14T16:00Z,1\n";
    CHECK(donut_series_read_csv("0,1\n1000032,1\n", 14, &opt, &s, &err) == DONUT_EINPUT);
    CHECK(donut_series_read_csv(wrong, strlen(wrong), &opt, &s, &err) == DONUT_EINPUT);
    CHECK(strstr(err.text, "2016-10-14T16:00Z") && strstr(err.text, "2106-10-14T16:00Z") &&
          strstr(err.text, "interval of 1 s") && strstr(err.text, "wrong timestamp"));
}

/* Every timestamp comes out as it went in. "=..." is a grid point without a row. */
static void check_times(const char *const *time, size_t n, int64_t interval_ms)
{
    char text[1000] = "", buf[DONUT_TIME_SIZE];
    for (size_t i = 0; i < n; i++)
        if (time[i][0] != '=')
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s,%zu\n", time[i], i);
    struct donut_series *s =
        read_csv(text, &(struct donut_csv_options){.interval_ms = interval_ms});
    for (size_t i = 0; s && i < n; i++) {
        const size_t length = donut_series_format_time(s, i, buf);
        CHECK_TEXT(buf, time[i] + (time[i][0] == '='));
        CHECK_INT(length, strlen(buf));
        CHECK(i >= s->n || s->value[i] == (double)i || time[i][0] == '=');
    }
    donut_series_free(s);
}

static void test_times_out(void)
{
    check_times((const char *[]){"0", "60", "=120", "180", "=240", "=300"}, 6, 0);
    check_times((const char *[]){"1476460800123", "1476460860123", "=1476460920123"}, 3, 0);
    check_times((const char *[]){"0.00", "0.25", "0.50", "=0.75"}, 4, 0);
    check_times((const char *[]){"-1.5", "-1.0", "-0.5", "0.0", "=0.5"}, 5, 0);
    check_times((const char *[]){"0.0", "=0.5", "1.0"}, 3, 500);
    check_times((const char *[]){"2016-02-28", "=2016-02-29", "2016-03-01"}, 3, 86400000);
    check_times((const char *[]){"2016-10-14 16:00", "2016-10-14 17:00", "=2016-10-14 18:00"}, 3,
                0);
    check_times((const char *[]){"2016-10-14T16:00:00.5Z", "2016-10-14T16:00:01.0Z"}, 2, 0);
    /* The clocks go back an hour at 01:00 UTC; absent points keep the offset before them. */
    check_times((const char *[]){"2016-10-30T01:00:00+02:00", "2016-10-30T02:00:00+02:00",
                                 "=2016-10-30T03:00:00+02:00", "2016-10-30T03:00:00+01:00",
                                 "=2016-10-30T04:00:00+01:00"},
                5, 0);
    check_times((const char *[]){"2016-10-14T16:00-0930", "2016-10-14T17:00-0930"}, 2, 0);

    char buf[DONUT_TIME_SIZE];
    /* No second is on the grid of 30.5 s past the minute, the mean of these. */
    struct donut_series *off =
        read_csv("29,1\n90,1\n151,1\n212,1\n", &(struct donut_csv_options){.interval_ms = 60000});
    CHECK(off && donut_series_format_time(off, 0, buf) == 4);
    CHECK_TEXT(buf, "30.5");
    donut_series_free(off);

    struct donut_series *s = read_csv("2016-02-28,1\n2016-02-29,1\n",
                                      &(struct donut_csv_options){.interval_ms = 1800000});
    if (s) {
        CHECK_INT(s->n, 49);
        donut_series_format_time(s, 1, buf);
        CHECK_TEXT(buf, "2016-02-28T00:30");
        CHECK_INT(donut_series_time_ms(s, 1), s->start_ms + 1800000);
        CHECK_INT(donut_series_time_ms(s, SIZE_MAX), INT64_C(4000000000000000000));
        CHECK(donut_series_format_time(s, SIZE_MAX, buf) < DONUT_TIME_SIZE);
    }
    donut_series_free(s);
}

static void test_arrays_refused(void)
{
    static const struct {
        int64_t time_ms;
        double value;
        unsigned char label;
        const char *why;
    } bad[] = {
        {INT64_MIN, 0, 0, "timestamp [1]"}, {INT64_MAX, 0, 0, "timestamp [1]"},
        {1000000000000000, 0, 0, "out of"}, {0, INFINITY, 0, "value [1] is infinite"},
        {0, -INFINITY, 0, "value [1]"},     {0, 0, 2, "label [1], 2, is neither 0"},
    };
    struct donut_series *s;
    struct donut_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const int64_t time_ms[] = {60000, bad[i].time_ms};
        const double value[] = {1, bad[i].value};
        const unsigned char label[] = {1, bad[i].label};
        CHECK(donut_series_from_rows(time_ms, value, label, 2, 0, &s, &err) == DONUT_EINPUT && !s);
        CHECK_THAT(strstr(err.text, bad[i].why), "%s, expected %s", err.text, bad[i].why);
    }
    CHECK(donut_series_from_rows(NULL, NULL, NULL, 0, 0, &s, &err) == DONUT_EINPUT && !s);
    donut_series_free(NULL);
}

/* The row of grid point t by definition, scanning all rows; n = none. */
static size_t find_winner(const int64_t *time_ms, size_t n, int64_t t, int64_t interval_ms)
{
    size_t winner = n;
    for (size_t i = 0; i < n; i++) {
        const int64_t after = 2 * (time_ms[i] - t);
        if (after <= -interval_ms || after > interval_ms)
            continue;
        if (winner == n || time_ms[i] == t || time_ms[winner] != t)
            winner = i;
    }
    return winner;
}

static void check_against_brute_force(const int64_t *time_ms, const double *value, size_t n,
                                      int64_t interval_ms)
{
    struct donut_series *s = from_rows(time_ms, value, n, interval_ms);
    size_t snapped = 0, absent = 0, empty = 0, unsorted = 0, wrong = 0;
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++) {
        const int64_t t = s->start_ms + (int64_t)i * interval_ms;
        const size_t winner = find_winner(time_ms, n, t, interval_ms);
        const double want = winner < n ? value[winner] : NAN;
        const bool same = isnan(want) ? isnan(s->value[i]) : s->value[i] == want;
        wrong += !same;
        absent += winner == n;
        empty += winner < n && isnan(value[winner]);
        snapped += winner < n && time_ms[winner] != t;
    }
    for (size_t i = 0; i < n; i++) {
        bool older = false;
        for (size_t j = 0; j < i; j++)
            older |= time_ms[j] > time_ms[i];
        unsorted += older;
    }
    CHECK_INT(wrong, 0);
    CHECK(find_winner(time_ms, n, s->start_ms, interval_ms) < n);
    CHECK(find_winner(time_ms, n, s->start_ms + (int64_t)(s->n - 1) * interval_ms, interval_ms) <
          n);
    repairs_are(s, n, unsorted, n + absent - s->n, snapped, absent, empty);
    donut_series_free(s);
}

static void test_brute_force(void)
{
    for (uint32_t trial = 0; trial < 200; trial++) {
        int64_t time_ms[60];
        double value[60];
        draws.part = trial;
        const size_t n = 2 + draw(0, 58);
        const uint32_t interval = 1 + draw(1, 9), share = draw(2, 4);
        for (size_t i = 0; i < n; i++) {
            const uint64_t k = 10 + 4 * i;
            time_ms[i] = (int64_t)draw(k, 50) * interval - 100;
            if (draw(k + 1, 4) < share)
                time_ms[i] += (int64_t)draw(k + 2, interval + 1) - interval / 2;
            value[i] = draw(k + 3, 5) == 0 ? NAN : (double)i;
        }
        check_against_brute_force(time_ms, value, n, interval);
    }
    draws.part = 0;
}

TEST(series)
{
    test_repairs();
    test_inferred_grids();
    test_no_interval();
    test_expected_interval();
    test_grid_size();
    test_times_out();
    test_arrays_refused();
    test_brute_force();
    return check_report("series");
}
