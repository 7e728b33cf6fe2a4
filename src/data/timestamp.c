#include "data/timestamp.h"
#include "data/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const int64_t minute_ms = 60000, day_ms = 86400000;

static const char not_a_time[] = "is neither an epoch in seconds or milliseconds nor an ISO 8601 "
                                 "time such as 2024-05-31T23:59:00Z";

/* ---- calendar: days since 1970-01-01 <-> (year, month, day) (H. Hinnant, "chrono-compatible
 * low-level date algorithms"). Years are taken to begin in March, so that the leap day is the last
 * of a year; 400 years have 146,097 days. */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = floor_divide(year, 400);
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    const int64_t era = floor_divide(days, 146097);
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year =
        (int)(day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
    const int month_from_march = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march + (month_from_march < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static bool is_day(int year, int month, int day)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= length[month - 1] + (month == 2 && leap);
}

/* ---- parsing */

struct scanner {
    const char *at, *end;
};

static bool take(struct scanner *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool take_digits(struct scanner *s, int count, int *out)
{
    int x = 0;
    if (s->end - s->at < count)
        return false;
    for (int i = 0; i < count; i++, s->at++) {
        if (*s->at < '0' || *s->at > '9')
            return false;
        x = x * 10 + (*s->at - '0');
    }
    *out = x;
    return true;
}

static bool take_date(struct scanner *s, int *year, int *month, int *day)
{
    return take_digits(s, 4, year) && take(s, '-') && take_digits(s, 2, month) && take(s, '-') &&
           take_digits(s, 2, day);
}

/* The digits after "SS.": milliseconds, rounded by the fourth digit. */
static bool take_fraction(struct scanner *s, int *decimals, int *ms)
{
    int digit, n = 0;
    *ms = 0;
    for (; take_digits(s, 1, &digit); n += n < 4) {
        if (n < 3)
            *ms = *ms * 10 + digit;
        else if (n == 3)
            *ms += digit >= 5;
    }
    for (int i = n; i < 3; i++)
        *ms *= 10;
    *decimals = n < 3 ? n : 3;
    return n > 0;
}

static const char *take_clock(struct scanner *s, struct donut_time *out)
{
    int hour, minute, second = 0, ms = 0;
    out->format.separator = *s->at;
    if (!take(s, 'T') && !take(s, ' '))
        return not_a_time;
    if (!take_digits(s, 2, &hour) || !take(s, ':') || !take_digits(s, 2, &minute))
        return not_a_time;
    if (take(s, ':')) {
        out->format.seconds = true;
        if (!take_digits(s, 2, &second))
            return not_a_time;
        if (take(s, '.') && !take_fraction(s, &out->format.decimals, &ms))
            return not_a_time;
    }
    if (second == 60)
        return "has a leap second, which epoch time does not know; write :59 instead";
    if (hour > 23 || minute > 59 || second > 59)
        return "is no time of the day";
    out->ms += ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + ms;
    return NULL;
}

static const char *take_zone(struct scanner *s, struct donut_time *out)
{
    if (s->at == s->end)
        return NULL;
    const char sign = *s->at++;
    out->format.zone = sign == 'Z' ? 'Z' : '+';
    if (sign == 'Z')
        return NULL;
    int hours, minutes = 0;
    if ((sign != '+' && sign != '-') || !take_digits(s, 2, &hours))
        return not_a_time;
    if (s->at < s->end) {
        if (!take(s, ':'))
            out->format.zone = '0';
        if (!take_digits(s, 2, &minutes))
            return not_a_time;
    }
    if (hours > 23 || minutes > 59)
        return "has an offset of a day or more";
    const int offset = hours * 60 + minutes;
    out->offset_minutes = (int16_t)(sign == '-' ? -offset : offset);
    out->ms -= out->offset_minutes * minute_ms;
    return NULL;
}

static const char *parse_iso(const char *text, size_t size, struct donut_time *out)
{
    struct scanner s = {text, text + size};
    int year, month, day;
    if (!take_date(&s, &year, &month, &day))
        return not_a_time;
    if (!is_day(year, month, day))
        return "is no day of the calendar";
    *out = (struct donut_time){.ms = days_from_civil(year, month, day) * day_ms,
                               .format = {.kind = DONUT_TIME_ISO}};
    if (s.at == s.end)
        return NULL;
    const char *wrong = take_clock(&s, out);
    if (!wrong)
        wrong = take_zone(&s, out);
    return wrong ? wrong : s.at == s.end ? NULL : not_a_time;
}

/* Digits after the point, at most 3; of a number with an exponent, those that its value has. */
static int count_decimals(const char *text, size_t size, int64_t ms)
{
    const char *point = memchr(text, '.', size);
    struct donut_time_format format = {.kind = DONUT_TIME_SECONDS};
    if (memchr(text, 'e', size) || memchr(text, 'E', size))
        donut_time_format_widen(&format, ms);
    else if (point)
        format.decimals = (int)(text + size - point - 1 < 3 ? text + size - point - 1 : 3);
    return format.decimals;
}

static const char *parse_epoch(const char *text, size_t size, struct donut_time *out)
{
    double x;
    if (donut_number_parse(text, size, &x) != DONUT_NUMBER_OK)
        return not_a_time;
    *out = (struct donut_time){.format = {.kind = DONUT_TIME_SECONDS}};
    if (fabs(x) >= 1e14)
        return "is too large for epoch milliseconds; convert micro- or nanoseconds to those";
    if (fabs(x) < 1e11) {
        out->ms = (int64_t)llround(x * 1000);
        out->format.decimals = count_decimals(text, size, out->ms);
        return NULL;
    }
    if (x != floor(x))
        return "has a fraction of a millisecond";
    out->ms = (int64_t)x;
    out->format.kind = DONUT_TIME_MILLISECONDS;
    return NULL;
}

static bool begins_with_date(const char *text, size_t size)
{
    int year, month, day;
    return take_date(&(struct scanner){text, text + size}, &year, &month, &day);
}

const char *donut_time_parse(const char *text, size_t size, struct donut_time *out)
{
    return begins_with_date(text, size) ? parse_iso(text, size, out) : parse_epoch(text, size, out);
}

bool donut_time_is_compact_date(const char *text, size_t size)
{
    struct scanner s = {text, text + size};
    int year, month, day;
    return size == 8 && take_digits(&s, 4, &year) && take_digits(&s, 2, &month) &&
           take_digits(&s, 2, &day) && year >= 1900 && year < 2200 && is_day(year, month, day);
}

bool donut_time_resembles(const char *text, size_t size)
{
    double x;
    return begins_with_date(text, size) || donut_number_parse(text, size, &x) == DONUT_NUMBER_OK;
}

/* ---- formats and writing */

static int zone_rank(char zone)
{
    return zone == 0 ? 0 : zone == 'Z' ? 1 : 2;
}

bool donut_time_format_merge(struct donut_time_format *all, const struct donut_time_format *one)
{
    if (all->kind != one->kind)
        return false;
    if (one->decimals > all->decimals)
        all->decimals = one->decimals;
    all->seconds |= one->seconds;
    if (!all->separator)
        all->separator = one->separator;
    if (zone_rank(one->zone) > zone_rank(all->zone))
        all->zone = one->zone;
    return true;
}

static int fraction_unit(int decimals)
{
    static const int unit[] = {1000, 100, 10, 1};
    return unit[decimals];
}

void donut_time_format_widen(struct donut_time_format *format, int64_t ms)
{
    if (format->kind == DONUT_TIME_MILLISECONDS)
        return;
    while (ms % fraction_unit(format->decimals) != 0)
        format->decimals++;
    if (format->kind == DONUT_TIME_SECONDS)
        return;
    if (ms % day_ms != 0 && !format->separator)
        format->separator = 'T';
    format->seconds |= ms % minute_ms != 0;
}

bool donut_time_format_has_offset(const struct donut_time_format *format)
{
    return format->kind == DONUT_TIME_ISO && zone_rank(format->zone) == 2;
}

/* Appends to buf, of which `used` bytes are taken. The longest text, with a year of 9 digits and
 * an offset, has 36. */
#define APPEND(...) (used += (size_t)snprintf(buf + used, DONUT_TIME_SIZE - used, __VA_ARGS__))

static size_t write_fraction(const struct donut_time_format *format, int ms,
                             char buf[DONUT_TIME_SIZE], size_t used)
{
    if (format->decimals > 0)
        APPEND(".%0*d", format->decimals, ms / fraction_unit(format->decimals));
    return used;
}

static size_t write_iso(const struct donut_time_format *format, int64_t ms, int offset_minutes,
                        char buf[DONUT_TIME_SIZE])
{
    const int64_t local = ms + offset_minutes * minute_ms;
    const int64_t days = floor_divide(local, day_ms);
    const int clock_ms = (int)(local - days * day_ms), minutes = clock_ms / 60000;
    const int distance = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    int64_t year;
    int month, day;
    size_t used = 0;
    civil_from_days(days, &year, &month, &day);
    APPEND("%04lld-%02d-%02d", (long long)year, month, day);
    if (!format->separator)
        return used;
    APPEND("%c%02d:%02d", format->separator, minutes / 60, minutes % 60);
    if (format->seconds) {
        APPEND(":%02d", clock_ms / 1000 % 60);
        used = write_fraction(format, clock_ms % 1000, buf, used);
    }
    if (format->zone == 'Z')
        APPEND("Z");
    else if (format->zone)
        APPEND("%c%02d%s%02d", offset_minutes < 0 ? '-' : '+', distance / 60,
               format->zone == '+' ? ":" : "", distance % 60);
    return used;
}

size_t donut_time_write(const struct donut_time_format *format, int64_t ms, int offset_minutes,
                        char buf[DONUT_TIME_SIZE])
{
    if (format->kind == DONUT_TIME_ISO)
        return write_iso(format, ms, donut_time_format_has_offset(format) ? offset_minutes : 0,
                         buf);
    size_t used = 0;
    if (format->kind == DONUT_TIME_MILLISECONDS)
        return APPEND("%lld", (long long)ms);
    const int64_t distance = ms < 0 ? -ms : ms;
    APPEND("%s%lld", ms < 0 ? "-" : "", (long long)(distance / 1000));
    return write_fraction(format, (int)(distance % 1000), buf, used);
}
