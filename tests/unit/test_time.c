/* Timestamps: known instants, refusals, the calendar day by day, and writing back. */
#include "check.h"

#include "data/timestamp.h"

static struct donut_time parse(const char *text)
{
    struct donut_time time = {0};
    const char *wrong = donut_time_parse(text, strlen(text), &time);
    CHECK_THAT(!wrong, "%s %s", text, wrong ? wrong : "");
    return time;
}

static void check_written(const char *text, const char *want)
{
    char buf[DONUT_TIME_SIZE];
    const struct donut_time time = parse(text);
    const size_t n = donut_time_write(&time.format, time.ms, time.offset_minutes, buf);
    CHECK_TEXT(buf, want);
    CHECK_INT(n, strlen(buf));
}

/* The instants are from `date -u -d TEXT +%s`. */
static void test_instants(void)
{
    static const struct {
        const char *text;
        long long ms;
        const char *written; /* NULL = as it was */
    } known[] = {
        {"0", 0, NULL},
        {"1476460800", 1476460800000, NULL},
        {"-86400", -86400000, NULL},
        {"1476460800.0", 1476460800000, NULL},
        {"1476460800.25", 1476460800250, NULL},
        {"-0.5", -500, NULL},
        {"1476460800.123456", 1476460800123, "1476460800.123"},
        {"1476460800.1239", 1476460800124, "1476460800.124"},
        {"1.4764608e9", 1476460800000, "1476460800"},
        {"1.4764608005e9", 1476460800500, "1476460800.5"},
        {"99999999999", 99999999999000, NULL},
        {"100000000000", 100000000000, NULL},
        {"1476460800123", 1476460800123, NULL},
        {"1476460800123.0", 1476460800123, "1476460800123"},
        {"-1476460800123", -1476460800123, NULL},
        {"99999999999999", 99999999999999, NULL},
        {"1970-01-01", 0, NULL},
        {"2016-10-14T16:00:00Z", 1476460800000, NULL},
        {"2016-10-14 16:00:00", 1476460800000, NULL},
        {"2016-10-14 16:00", 1476460800000, NULL},
        {"2016-10-14T16:00Z", 1476460800000, NULL},
        {"2016-10-15T00:00:00+08:00", 1476460800000, NULL},
        {"2016-10-14T11:30:00-0430", 1476460800000, NULL},
        {"2016-10-14 18:00:00+02", 1476460800000, "2016-10-14 18:00:00+02:00"},
        {"2016-10-14T16:00:00.5Z", 1476460800500, NULL},
        {"2016-10-14T16:00:00.050+00:00", 1476460800050, NULL},
        {"2016-10-14T15:59:59.9996Z", 1476460800000, "2016-10-14T16:00:00.000Z"},
        {"2016-10-14T16:00:00.123456789Z", 1476460800123, "2016-10-14T16:00:00.123Z"},
        {"2016-10-14T16:00:00.0005Z", 1476460800001, "2016-10-14T16:00:00.001Z"},
        {"2016-10-14T16:00:00.00049Z", 1476460800000, "2016-10-14T16:00:00.000Z"},
        {"2000-02-29", 951782400000, NULL},
        {"0001-01-01", -62135596800000, NULL},
        {"9999-12-31T23:59:59.999Z", 253402300799999, NULL},
        {"1969-12-31T23:59:59.999Z", -1, NULL},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK_INT(parse(known[i].text).ms, known[i].ms);
        check_written(known[i].text, known[i].written ? known[i].written : known[i].text);
    }
    CHECK_INT(parse("2016-10-14T11:30:00-0430").offset_minutes, -270);
    CHECK_INT(parse("2016-10-15T00:00:00+08:00").offset_minutes, 480);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *why;
        bool resembles; /* what a time was meant to be, and no name of a column */
    } bad[] = {
        {"", "neither", false},
        {"timestamp", "neither", false},
        {"nan", "neither", false},
        {"14.10.2016", "neither", false},
        {"10/14/2016 16:00", "neither", false},
        {"20161014T160000", "neither", false},
        {"100000000000000", "nanoseconds", true},
        {"-1e15", "nanoseconds", true},
        {"1476460800123.5", "fraction of a millisecond", true},
        {"2016-10-14X16:00", "neither", true},
        {"2016-10-14T", "neither", true},
        {"2016-10-14T16", "neither", true},
        {"2016-10-14T16:0", "neither", true},
        {"2016-10-14T16:00:", "neither", true},
        {"2016-10-14T16:00:00.", "neither", true},
        {"2016-10-14T16:00:00z", "neither", true},
        {"2016-10-14T16:00:00ZZ", "neither", true},
        {"2016-10-14T16:00:00+8", "neither", true},
        {"2016-10-14T16:00:00+08:", "neither", true},
        {"2016-10-14T16:00:00+08:0", "neither", true},
        {"2016-10-14T16:00:00+08000", "neither", true},
        {"2016-10-14Z", "neither", true},
        {"2016-10-14T16:00:00+24:00", "offset", true},
        {"2016-10-14T16:00:00+24:00x", "offset", true},
        {"2016-10-14T16:00:00+24x", "neither", true},
        {"2016-10-14T16:00:00+24", "offset", true},
        {"1476460800x", "neither", false},
        {"1e15x", "neither", false},
        {"2016-10-14T16:00:00+08:60", "offset", true},
        {"2016-10-14T16:00:60Z", "leap second", true},
        {"2016-10-14T16:00:61Z", "time of the day", true},
        {"2016-10-14T24:00:00Z", "time of the day", true},
        {"2016-10-14T16:60:00Z", "time of the day", true},
        {"2016-02-30", "calendar", true},
        {"2015-02-29", "calendar", true},
        {"1900-02-29", "calendar", true},
        {"2016-13-01", "calendar", true},
        {"2016-00-01", "calendar", true},
        {"2016-01-00", "calendar", true},
        {"2016-04-31", "calendar", true},
        {"0000-01-01", "calendar", true},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct donut_time time;
        const char *wrong = donut_time_parse(bad[i].text, strlen(bad[i].text), &time);
        CHECK_THAT(wrong && strstr(wrong, bad[i].why), "'%s' %s, expected: %s", bad[i].text,
                   wrong ? wrong : "is taken", bad[i].why);
        CHECK_THAT(donut_time_resembles(bad[i].text, strlen(bad[i].text)) == bad[i].resembles,
                   "'%s' resembles a time: %d", bad[i].text, !bad[i].resembles);
    }
    CHECK(donut_time_resembles("2016-10-14", 10));
    CHECK(donut_time_resembles("1476460800", 10));
}

/* Counts the days of 1600..2400, which have every kind of year, by a table of month lengths. */
static void test_calendar(void)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const struct donut_time_format format = {.kind = DONUT_TIME_ISO};
    long long day_number = -135140; /* 1600-01-01: 370 years before 1970, 90 of them leap */
    size_t wrong = 0;
    for (int year = 1600; year <= 2400; year++) {
        const bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        for (int month = 1; month <= 12; month++) {
            const int days = length[month - 1] + (month == 2 && leap);
            for (int day = 1; day <= days; day++, day_number++) {
                char text[DONUT_TIME_SIZE], written[DONUT_TIME_SIZE];
                struct donut_time time;
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                wrong += donut_time_parse(text, 10, &time) != NULL;
                wrong += time.ms != day_number * 86400000;
                donut_time_write(&format, day_number * 86400000 + 86399999, 0, written);
                wrong += strcmp(text, written) != 0;
            }
        }
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(day_number, 157420); /* 2401-01-01: 431 years after 1970, 105 of them leap */
}

static bool merge(struct donut_time_format *all, const char *text)
{
    const struct donut_time time = parse(text);
    return donut_time_format_merge(all, &time.format);
}

static void test_merge_and_widen(void)
{
    struct donut_time_format all = parse("2016-10-14").format;
    CHECK(!merge(&all, "1476460800"));
    CHECK(merge(&all, "2016-10-14 16:00"));
    CHECK(all.separator == ' ' && !all.seconds && all.zone == 0);
    CHECK(merge(&all, "2016-10-14T16:00:00.25Z"));
    CHECK(all.separator == ' ' && all.seconds && all.decimals == 2 && all.zone == 'Z');
    CHECK(merge(&all, "2016-10-14T16:00-0100"));
    CHECK(all.zone == '0' && donut_time_format_has_offset(&all));
    CHECK(merge(&all, "2016-10-14T16:00+01:00"));
    CHECK(all.zone == '0' && all.decimals == 2);

    struct donut_time_format seconds = parse("1476460800").format;
    CHECK(!merge(&seconds, "1476460800000"));
    CHECK(merge(&seconds, "1476460800.5"));
    CHECK_INT(seconds.decimals, 1);
    donut_time_format_widen(&seconds, 1250);
    CHECK_INT(seconds.decimals, 2);

    struct donut_time_format date = parse("2016-10-14").format;
    donut_time_format_widen(&date, 86400000);
    CHECK(date.separator == 0);
    donut_time_format_widen(&date, 3600000);
    CHECK(date.separator == 'T' && !date.seconds);
    donut_time_format_widen(&date, -1000);
    CHECK(date.seconds && date.decimals == 0);
    donut_time_format_widen(&date, 1);
    CHECK_INT(date.decimals, 3);
}

/* The longest texts fit. */
static void test_extremes(void)
{
    char buf[DONUT_TIME_SIZE];
    const struct donut_time_format iso = {DONUT_TIME_ISO, 3, 'T', true, '+'};
    donut_time_write(&iso, INT64_C(4999999999999999999), -1439, buf);
    CHECK_TEXT(buf, "158445662-07-13T08:54:19.999-23:59");
    donut_time_write(&iso, INT64_C(-4999999999999999999), 1439, buf);
    CHECK_TEXT(buf, "-158441723-06-20T15:05:40.001+23:59");
    const struct donut_time_format seconds = {.kind = DONUT_TIME_SECONDS, .decimals = 3};
    donut_time_write(&seconds, INT64_C(-4999999999999999999), 0, buf);
    CHECK_TEXT(buf, "-4999999999999999.999");
    donut_time_write(&seconds, -1, 0, buf);
    CHECK_TEXT(buf, "-0.001");
    const struct donut_time_format days = {.kind = DONUT_TIME_ISO},
                                   ms = {.kind = DONUT_TIME_MILLISECONDS};
    donut_time_write(&days, INT64_C(-62167219200001), 0, buf); /* the day before 0000-01-01 */
    CHECK_TEXT(buf, "-001-12-31");
    donut_time_write(&days, INT64_C(253402300800000), 0, buf);
    CHECK_TEXT(buf, "10000-01-01");
    donut_time_write(&ms, INT64_C(-4999999999999999999), 0, buf);
    CHECK_TEXT(buf, "-4999999999999999999");
}

/* Where a time ends in the middle of a text, and what is none. */
static void test_scan(void)
{
    static const struct {
        const char *text;
        int used; /* 0 = refused */
    } cases[] = {
        {"1476460800,", 10},
        {"1476460800.25\"", 13},
        {"-1.5e3 ", 6},
        {"14764608001230x", 14},
        {"147646080012300", 0},
        {"1476460800123.5,", 0},
        {"2016-10-14,", 10},
        {"2016-10-14,7", 10},
        {"2016-10-14X", 10},
        {"2016-10-14 ,", 0},
        {"2016-10-14 16:00 ,", 16},
        {"2016-10-14T16:00:00Z\n", 20},
        {"2016-10-14T16:00:00.5Z5", 22},
        {"2016-10-14T16:00+08,", 19},
        {"2016-10-14T16:00-0830,", 21},
        {"2016-10-14T16:00-08:30:", 22},
        {"2016-10-14T16:00-08:3,", 0},
        {"2016-10-14T16:00-,", 0},
        {"2016-10-32,", 0},
        {"2016-10-", 4},
        {"timestamp", 0},
        {",", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = cases[i].text;
        struct donut_time time, whole;
        const char *end = donut_time_scan(text, text + strlen(text), &time);
        CHECK_THAT(end == (cases[i].used ? text + cases[i].used : NULL), "\"%s\" ends wrongly",
                   text);
        if (!end)
            continue;
        CHECK(!donut_time_parse(text, (size_t)cases[i].used, &whole));
        CHECK(time.ms == whole.ms && time.offset_minutes == whole.offset_minutes &&
              time.format.zone == whole.format.zone && time.format.kind == whole.format.kind);
    }
}

TEST(time)
{
    test_scan();
    test_instants();
    test_refused();
    test_calendar();
    test_merge_and_widen();
    test_extremes();
    return check_report("time");
}
