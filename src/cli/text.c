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

void donut_text_print_list(struct donut_text *text, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    if (size < 0)
        text->failed = true;
    else if (reserve(text, (size_t)size))
        text->size += (size_t)vsnprintf(text->bytes + text->size, (size_t)size + 1, format, again);
    va_end(again);
}

void donut_text_print(struct donut_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    donut_text_print_list(text, format, args);
    va_end(args);
}

/* In pieces that donut_quote(), which keeps the length, does not cut, and between characters. */
void donut_text_tame(struct donut_text *text, size_t begin)
{
    char quoted[DONUT_QUOTE_SIZE];
    while (begin < text->size) {
        char *piece = text->bytes + begin;
        const size_t left = text->size - begin;
        size_t size = left < sizeof quoted ? left : sizeof quoted - 1;
        while (size < left && size > 1 && ((unsigned char)piece[size] & 0xc0) == 0x80)
            size--;
        memcpy(piece, donut_quote(quoted, piece, size), size);
        begin += size;
    }
}

void donut_text_double(struct donut_text *text, double x)
{
    if (isfinite(x) && reserve(text, DONUT_NUMBER_SIZE))
        text->size += donut_format_double(x, text->bytes + text->size);
}

void donut_text_float(struct donut_text *text, double x)
{
    if (fabs(x) > FLT_MAX)
        donut_text_double(text, x);
    else if (!isnan(x) && reserve(text, DONUT_NUMBER_SIZE))
        text->size += donut_format_float((float)x, text->bytes + text->size);
}

/* The rounded decimal is an integer over a power of ten. Up to 2^53 and 10^22 both are exact as
 * doubles and their quotient or product is the double nearest to it; with at most 15 digits it is
 * also the shortest one that reads back as that. */
void donut_text_rounded(struct donut_text *text, double x, int places)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const double power = abs(places) <= 22 ? exact[abs(places)] : NAN;
    const double units = round(places >= 0 ? x * power : x / power);
    if (!(fabs(units) < 0x1p53))
        donut_text_double(text, x);
    else if (fabs(units) >= 1e15)
        donut_text_double(text, places >= 0 ? units / power : units * power);
    else if (reserve(text, DONUT_NUMBER_SIZE))
        text->size += donut_format_decimal((int64_t)units, places, text->bytes + text->size);
}

void donut_text_integer(struct donut_text *text, int64_t x)
{
    if (reserve(text, DONUT_NUMBER_SIZE))
        text->size += donut_format_integer(x, text->bytes + text->size);
}

void donut_text_free(struct donut_text *text)
{
    free(text->bytes);
    *text = (struct donut_text){0};
}

const char *donut_plural(size_t n)
{
    return n == 1 ? "" : "s";
}
