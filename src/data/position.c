/* A place in a series, as text: "70%", a count of points, an epoch, or an ISO 8601 time. */
#include "base/status.h"
#include "data/number.h"
#include "data/timestamp.h"

#include <math.h>
#include <string.h>

static const double first_epoch = 1e8;

/* Grid points before the time. */
static size_t points_before(const struct donut_series *series, int64_t ms)
{
    if (ms <= series->start_ms)
        return 0;
    const uint64_t points =
        ((uint64_t)ms - (uint64_t)series->start_ms - 1) / (uint64_t)series->interval_ms + 1;
    return points < series->n ? (size_t)points : series->n;
}

static enum donut_status fail_position(const char *text, const char *wrong, struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    return donut_fail(err, DONUT_EARGUMENT, "position '%s' %s",
                      donut_quote(quoted, text, strlen(text)), wrong);
}

static enum donut_status from_percentage(const struct donut_series *series, const char *text,
                                         size_t size, size_t *index, struct donut_error *err)
{
    double percent;
    if (donut_number_parse(text, size, &percent) != DONUT_NUMBER_OK || percent < 0 || percent > 100)
        return fail_position(text, "is no percentage from 0% to 100%", err);
    /* 0.29 % of 10,000 is 28.999999999999996 in binary. */
    const double points = floor((double)series->n * percent / 100 + 1e-6);
    *index = points < (double)series->n ? (size_t)points : series->n;
    return DONUT_OK;
}

static enum donut_status from_count(const struct donut_series *series, const char *text,
                                    double count, size_t *index, struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    if (count < 0 || count != floor(count))
        return fail_position(text, "is no whole number of points", err);
    if (count > (double)series->n)
        return donut_fail(err, DONUT_EARGUMENT,
                          "position '%s' is beyond the end; the series has %zu points",
                          donut_quote(quoted, text, strlen(text)), series->n);
    *index = (size_t)count;
    return DONUT_OK;
}

enum donut_status donut_series_position(const struct donut_series *series, const char *text,
                                        size_t *index, struct donut_error *err)
{
    const size_t size = strlen(text);
    struct donut_time time;
    double number;
    if (size > 0 && text[size - 1] == '%')
        return from_percentage(series, text, size - 1, index, err);
    if (donut_number_parse(text, size, &number) == DONUT_NUMBER_OK && number < first_epoch)
        return from_count(series, text, number, index, err);
    const char *wrong = donut_time_parse(text, size, &time);
    if (wrong)
        return fail_position(text,
                             donut_time_resembles(text, size)
                                 ? wrong
                                 : "is neither a percentage such as 70%, a number of points, an "
                                   "epoch nor an ISO 8601 time",
                             err);
    *index = points_before(series, time.ms);
    return DONUT_OK;
}
