/* Places in a series as text. */
#include "check.h"

#include "donut.h"

/* 1,000 points, one a minute, from 2016-10-14T16:00:00Z. */
static struct donut_series *make_series(void)
{
    static const int64_t time_ms[] = {1476460800000, 1476460800000 + 999 * INT64_C(60000)};
    static const double value[] = {1, 2};
    struct donut_series *s = NULL;
    CHECK(donut_series_from_rows(time_ms, value, NULL, 2, 60000, &s, NULL) == DONUT_OK);
    return s;
}

static void test_places(const struct donut_series *s)
{
    static const struct {
        const char *text;
        size_t index;
    } good[] = {
        {"0%", 0},
        {"70%", 700},
        {"100%", 1000},
        {"12.55%", 125},
        {"0.3%", 3}, /* in binary 0.3 is a little less */
        {"0.29%", 2},
        {"1.1%", 11},
        {"99.999%", 999},
        {"0", 0},
        {"1", 1},
        {"1000", 1000},
        {"1e2", 100},
        {"100000000", 0}, /* an epoch: 1973, before the start */
        {"1476460800", 0},
        {"1476460800.001", 1},
        {"1476460801", 1},
        {"1476460860", 1},
        {"1476460860000", 1},
        {"1476460860001", 2},
        {"1476520740", 999}, /* the last point */
        {"1476520741", 1000},
        {"99999999999", 1000},
        {"99999999999999", 1000},
        {"2016-10-14", 0},
        {"2016-10-14T16:00:00Z", 0},
        {"2016-10-14T16:01", 1},
        {"2016-10-14 18:01:00+02:00", 1},
        {"2016-10-15", 480},
        {"2017-01-01", 1000},
        {"0001-01-01", 0},
        {"9999-12-31", 1000},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t index = 12345;
        struct donut_error err = {0};
        CHECK_THAT(donut_series_position(s, good[i].text, &index, &err) == DONUT_OK, "%s: %s",
                   good[i].text, err.text);
        CHECK_THAT(index == good[i].index, "%s is %zu, expected %zu", good[i].text, index,
                   good[i].index);
    }
}

static void test_refused(const struct donut_series *s)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"", "position '' is neither"},
        {"soon", "position 'soon' is neither a percentage such as 70%"},
        {"%", "no percentage"},
        {"x%", "no percentage"},
        {"-1%", "no percentage from 0% to 100%"},
        {"100.1%", "no percentage"},
        {"nan%", "no percentage"},
        {"70 %", "no percentage"},
        {"1001", "position '1001' is beyond the end; the series has 1000 points"},
        {"99999999", "beyond the end"},
        {"-1", "no whole number of points"},
        {"2.5", "no whole number"},
        {"nan", "neither"},
        {"inf", "neither"},
        {"100000000000000", "nanoseconds"},
        {"2016-02-30", "position '2016-02-30' is no day of the calendar"},
        {"2016-10-14T25:00", "time of the day"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t index;
        struct donut_error err = {0};
        CHECK_THAT(donut_series_position(s, bad[i].text, &index, &err) == DONUT_EARGUMENT,
                   "'%s' is taken", bad[i].text);
        CHECK_THAT(strstr(err.text, bad[i].why), "'%s': %s, expected %s", bad[i].text, err.text,
                   bad[i].why);
        CHECK(donut_series_position(s, bad[i].text, &index, NULL) == DONUT_EARGUMENT);
    }
}

/* A percentage that names a whole number of points is that number, for every length. */
static void test_percentages(void)
{
    size_t wrong = 0;
    for (int64_t n = 2; n <= 3000; n += 7) {
        const int64_t time_ms[] = {0, (n - 1) * 60000};
        const double value[] = {1, 2};
        struct donut_series *s;
        CHECK(donut_series_from_rows(time_ms, value, NULL, 2, 60000, &s, NULL) == DONUT_OK);
        for (int64_t k = 1; s && k < 1000; k += 13) {
            char text[32];
            size_t index = 0;
            snprintf(text, sizeof text, "%d.%d%%", (int)(k / 10), (int)(k % 10));
            wrong += donut_series_position(s, text, &index, NULL) != DONUT_OK;
            wrong += index != (size_t)(n * k / 1000);
        }
        donut_series_free(s);
    }
    CHECK_INT(wrong, 0);
}

TEST(position)
{
    struct donut_series *s = make_series();
    if (s) {
        CHECK_INT(s->n, 1000);
        test_places(s);
        test_refused(s);
    }
    donut_series_free(s);
    test_percentages();
    return check_report("position");
}
