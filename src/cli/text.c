#include "cli/text.h"

#include "data/number.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `size` more bytes and a terminating 0. */
static bool reserve(struct donut_text *text, size_t size)
{
    if (text->failed || size >= SIZE_MAX / 4 - text->size) {
        text->failed = true;
        return false;
    }
    if (text->capacity > text->size + size)
        return true;
    const size_t capacity = 2 * (text->size + size) + 4096;
    char *bytes = realloc(text->bytes, capacity);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void donut_text_put(struct donut_text *text, const char *bytes, size_t size)
{
    if (!reserve(text, size))
        return;
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

void donut_text_print(struct donut_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    if (size < 0)
        text->failed = true;
    else if (reserve(text, (size_t)size))
        text->size += (size_t)vsnprintf(text->bytes + text->size, (size_t)size + 1, format, again);
    va_end(again);
    va_end(args);
}

void donut_text_double(struct donut_text *text, double x)
{
    char number[DONUT_NUMBER_SIZE];
    if (isfinite(x))
        donut_text_put(text, number, donut_format_double(x, number));
}

void donut_text_float(struct donut_text *text, double x)
{
    char number[DONUT_NUMBER_SIZE];
    if (fabs(x) <= FLT_MAX)
        donut_text_put(text, number, donut_format_float((float)x, number));
    else
        donut_text_double(text, x);
}

void donut_text_rounded(struct donut_text *text, double x, int places)
{
    double power = 1;
    for (int i = abs(places); i > 0; i--)
        power *= 10;
    const double units = places >= 0 ? x * power : x / power;
    /* Exact up to there, so that the quotient is the double nearest to the rounded decimal; + 0
     * makes -0 a 0. */
    if (fabs(units) < 0x1p53 && power <= 1e22)
        x = (places >= 0 ? round(units) / power : round(units) * power) + 0;
    donut_text_double(text, x);
}

void donut_text_free(struct donut_text *text)
{
    free(text->bytes);
    *text = (struct donut_text){0};
}

const char *donut_interval_words(char out[DONUT_WORDS_SIZE], int64_t milliseconds)
{
    static const struct {
        int64_t milliseconds;
        const char *unit;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}, {1, "ms"}};
    size_t i = 0;
    while (milliseconds % units[i].milliseconds != 0)
        i++;
    snprintf(out, DONUT_WORDS_SIZE, "%lld %s", (long long)(milliseconds / units[i].milliseconds),
             units[i].unit);
    return out;
}

const char *donut_duration_words(char out[DONUT_WORDS_SIZE], double seconds)
{
    static const struct {
        double seconds;
        const char *unit;
    } units[] = {{365.25 * 86400, "years"}, {86400, "days"}, {3600, "hours"}, {60, "minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const double count = seconds / units[i].seconds;
        if (count < 1.95)
            continue;
        snprintf(out, DONUT_WORDS_SIZE, "%.*f %s", count < 9.5 && count != (int)count, count,
                 units[i].unit);
        return out;
    }
    snprintf(out, DONUT_WORDS_SIZE, "%.3g seconds", seconds);
    return out;
}
