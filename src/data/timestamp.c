#include "data/timestamp.h"
#include "data/number.h"
#include "data/word.h"

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
    out->format.separator = *s->at++;
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

/* Z, an offset or nothing. */
static const char *take_zone(struct scanner *s, struct donut_time *out)
{
    int hours, minutes = 0;
    if (take(s, 'Z')) {
        out->format.zone = 'Z';
        return NULL;
    }
    const bool negative = take(s, '-');
    if (!negative && !take(s, '+'))
        return NULL;
    if (!take_digits(s, 2, &hours))
        return not_a_time;
    const bool colon = take(s, ':'), more = s->at < s->end && *s->at >= '0' && *s->at <= '9';
    out->format.zone = more && !colon ? '0' : '+';
    if ((colon || more) && !take_digits(s, 2, &minutes))
        return not_a_time;
    if (hours > 23 && !colon && !more && s->at < s->end)
        return not_a_time; /* of two faults the worse one */
    if (hours > 23 || minutes > 59)
        return "has an offset of a day or more";
    const int offset = hours * 60 + minutes;
    out->offset_minutes = (int16_t)(negative ? -offset : offset);
    out->ms -= out->offset_minutes * minute_ms;
    return NULL;
}

static const char *take_iso(struct scanner *s, struct donut_time *out)
{
    int year, month, day;
    if (!take_date(s, &year, &month, &day))
        return not_a_time;
    if (!is_day(year, month, day))
        return "is no day of the calendar";
    *out = (struct donut_time){.ms = days_from_civil(year, month, day) * day_ms,
                               .format = {.kind = DONUT_TIME_ISO}};
    if (s->at == s->end || (*s->at != 'T' && *s->at != ' '))
        return NULL;
    const char *wrong = take_clock(s, out);
    return wrong ? wrong : take_zone(s, out);
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

static const char *take_number(struct scanner *s, struct donut_time *out)
{
    double x;
    const char *text = s->at, *behind = donut_number_scan(s->at, s->end, &x);
    if (!behind)
        return not_a_time;
    s->at = behind;
    if (fabs(x) >= 1e14)
        return "is too large for epoch milliseconds; convert micro- or nanoseconds to those";
    if (fabs(x) < 1e11) {
        out->ms = (int64_t)llround(x * 1000);
        out->format.decimals = count_decimals(text, (size_t)(behind - text), out->ms);
        return NULL;
    }
    if (x != floor(x))
        return "has a fraction of a millisecond";
    out->ms = (int64_t)x;
    out->format.kind = DONUT_TIME_MILLISECONDS;
    return NULL;
}

static const char *take_epoch(struct scanner *s, struct donut_time *out)
{
    uint64_t x = 0;
    const char *behind = donut_take_digits(s->at, s->end, &x);
    const int64_t n = behind - s->at;
    *out = (struct donut_time){.format = {.kind = DONUT_TIME_SECONDS}};
    if (n == 0 || n > 14 ||
        (behind < s->end && (*behind == '.' || *behind == 'e' || *behind == 'E')))
        return take_number(s, out);
    s->at = behind;
    if (x >= UINT64_C(100000000000))
        out->format.kind = DONUT_TIME_MILLISECONDS;
    out->ms = (int64_t)x * (out->format.kind == DONUT_TIME_SECONDS ? 1000 : 1);
    return NULL;
}

static bool begins_with_date(const char *text, const char *end)
{
    int year, month, day;
    return end - text >= 10 && text[4] == '-' &&
           take_date(&(struct scanner){text, end}, &year, &month, &day);
}

const char *donut_time_parse(const char *text, size_t size, struct donut_time *out)
{
    struct scanner s = {text, text + size};
    const bool iso = begins_with_date(text, s.end);
    const char *wrong = iso ? take_iso(&s, out) : take_epoch(&s, out);
    return s.at != s.end && !(iso && wrong) ? not_a_time : wrong;
}

const char *donut_time_scan(const char *at, const char *end, struct donut_time *out)
{
    struct scanner s = {at, end};
    return (begins_with_date(at, end) ? take_iso(&s, out) : take_epoch(&s, out)) ? NULL : s.at;
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
    return begins_with_date(text, text + size) ||
           donut_number_parse(text, size, &x) == DONUT_NUMBER_OK;
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

/* What follows writes at `at` and returns the place behind. */

static char *put_digits(char *at, int x, int digits)
{
    for (int i = digits - 1; i >= 0; i--, x /= 10)
        at[i] = (char)('0' + x % 10);
    return at + digits;
}

static char *put_pair(char *at, char before, int x)
{
    at[0] = before;
    return put_digits(at + 1, x, 2);
}

static char *put_fraction(char *at, const struct donut_time_format *format, int ms)
{
    if (format->decimals == 0)
        return at;
    *at = '.';
    return put_digits(at + 1, ms / fraction_unit(format->decimals), format->decimals);
}

static char *put_year(char *at, int64_t year)
{
    if (year < 0 || year > 9999)
        return at + snprintf(at, 12, "%04lld", (long long)year);
    return put_digits(put_digits(at, (int)year / 100, 2), (int)year % 100, 2);
}

static char *put_zone(char *at, char zone, int offset_minutes)
{
    const int distance = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    if (zone == 'Z')
        *at++ = 'Z';
    if (zone_rank(zone) < 2)
        return at;
    at = put_pair(at, offset_minutes < 0 ? '-' : '+', distance / 60);
    return zone == '+' ? put_pair(at, ':', distance % 60) : put_digits(at, distance % 60, 2);
}

static char *put_iso(char *at, const struct donut_time_format *format, int64_t ms,
                     int offset_minutes)
{
    const int64_t local = ms + offset_minutes * minute_ms;
    const int64_t days = floor_divide(local, day_ms);
    const int clock_ms = (int)(local - days * day_ms), seconds = clock_ms / 1000;
    int64_t year;
    int month, day;
    civil_from_days(days, &year, &month, &day);
    at = put_pair(put_pair(put_year(at, year), '-', month), '-', day);
    if (!format->separator)
        return at;
    at = put_pair(put_pair(at, format->separator, seconds / 3600), ':', seconds / 60 % 60);
    if (format->seconds)
        at = put_fraction(put_pair(at, ':', seconds % 60), format, clock_ms % 1000);
    return put_zone(at, format->zone, offset_minutes);
}

/* The longest text, with a year of 9 digits and an offset, has 36 characters. */
size_t donut_time_write(const struct donut_time_format *format, int64_t ms, int offset_minutes,
                        char buf[DONUT_TIME_SIZE])
{
    char *at = buf;
    const int64_t distance = ms < 0 ? -ms : ms;
    if (format->kind == DONUT_TIME_ISO) {
        at = put_iso(at, format, ms, donut_time_format_has_offset(format) ? offset_minutes : 0);
    } else if (format->kind == DONUT_TIME_MILLISECONDS) {
        at += donut_format_integer(ms, at);
    } else {
        if (ms < 0)
            *at++ = '-';
        at += donut_format_integer(distance / 1000, at);
        at = put_fraction(at, format, (int)(distance % 1000));
    }
    *at = '\0';
    return (size_t)(at - buf);
}
