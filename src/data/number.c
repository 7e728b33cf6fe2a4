#include "data/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The midpoint of two neighbouring doubles has at most 767 significant digits, so that digits
 * beyond those matter only by being zero or not. */
#define MAX_DIGITS 768
#define EXPONENT_LIMIT INT64_C(100000000000000000)

/* A decimal taken apart: the digits from the first that is not 0 on, read as an integer, times
 * 10^exponent. */
struct decimal {
    bool negative;
    const char *first, *end; /* the significant digits, with at most one point among them */
    size_t digits;
    uint64_t leading; /* the integer that the first 19 digits make */
    int64_t exponent;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "e-12" at the end of a number; false if there is something else. */
static bool scan_exponent(const char *at, const char *end, int64_t *exponent)
{
    if (at == end)
        return true;
    if (*at != 'e' && *at != 'E')
        return false;
    at++;
    const bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int64_t e = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        if (e < EXPONENT_LIMIT)
            e = e * 10 + (*at - '0');
    }
    *exponent += negative ? -e : e;
    return true;
}

static bool scan(const char *at, const char *end, struct decimal *d)
{
    bool point = false, any = false;
    *d = (struct decimal){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*at))
            break;
        any = true;
        d->exponent -= point;
        if (d->digits == 0 && *at == '0')
            continue;
        if (d->digits++ == 0)
            d->first = at;
        if (d->digits <= 19)
            d->leading = d->leading * 10 + (uint64_t)(*at - '0');
    }
    d->end = at;
    return any && scan_exponent(at, end, &d->exponent);
}

/* 10^n is a double exactly up to n = 22, and so is any integer up to 2^53: one rounded operation on
 * two exact numbers is correctly rounded. */
static bool convert_exactly(const struct decimal *d, double *out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (FLT_EVAL_METHOD != 0 || d->digits > 19 || d->leading > UINT64_C(1) << 53 ||
        d->exponent < -22 || d->exponent > 22)
        return false;
    *out = d->exponent < 0 ? (double)d->leading / power[-d->exponent]
                           : (double)d->leading * power[d->exponent];
    return true;
}

/* Writes the number as an integer with an exponent: strtod() then meets no decimal point, which is
 * all that a locale could change. */
static double convert_by_strtod(const struct decimal *d)
{
    char text[MAX_DIGITS + 32];
    size_t n = 0, dropped = 0;
    bool dropped_any = false;
    for (const char *at = d->first; at < d->end; at++) {
        if (*at == '.')
            continue;
        if (n < MAX_DIGITS) {
            text[n++] = *at;
        } else {
            dropped++;
            dropped_any |= *at != '0';
        }
    }
    int64_t exponent = d->exponent + (int64_t)dropped;
    if (dropped_any) {
        text[n++] = '1';
        exponent--;
    }
    const int64_t limit = 100000; /* far beyond what the digits could make up for */
    exponent = exponent > limit ? limit : exponent < -limit ? -limit : exponent;
    snprintf(text + n, sizeof text - n, "e%d", (int)exponent);
    return strtod(text, NULL);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool donut_text_equal(const char *a, size_t a_size, const char *b, size_t b_size)
{
    if (a_size != b_size)
        return false;
    for (size_t i = 0; i < a_size; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool donut_text_is(const char *text, size_t size, const char *word)
{
    return donut_text_equal(text, size, word, strlen(word));
}

static bool is_infinity(const char *text, size_t size)
{
    const size_t sign = size > 0 && (*text == '-' || *text == '+');
    return donut_text_is(text + sign, size - sign, "inf") ||
           donut_text_is(text + sign, size - sign, "infinity");
}

enum donut_number donut_number_parse(const char *text, size_t size, double *out)
{
    struct decimal d;
    double x = 0.0;
    if (!scan(text, text + size, &d))
        return is_infinity(text, size) ? DONUT_NUMBER_INFINITE : DONUT_NUMBER_INVALID;
    if (d.digits > 0 && !convert_exactly(&d, &x))
        x = convert_by_strtod(&d);
    if (!isfinite(x))
        return DONUT_NUMBER_INFINITE;
    *out = d.negative ? -x : x;
    return DONUT_NUMBER_OK;
}

/* A locale's decimal point may be a comma or several bytes: whatever belongs to no number. */
static size_t repair_point(char *text)
{
    size_t n = 0;
    for (const char *at = text; *at; at++) {
        if (is_digit(*at) || *at == '-' || *at == '+' || *at == 'e')
            text[n++] = *at;
        else if (n == 0 || text[n - 1] != '.')
            text[n++] = '.';
    }
    text[n] = '\0';
    return n;
}

static size_t format_special(double x, char *out)
{
    const char *word = isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
    const size_t n = strlen(word);
    memcpy(out, word, n + 1);
    return n;
}

size_t donut_format_double(double x, char out[DONUT_NUMBER_SIZE])
{
    if (!isfinite(x))
        return format_special(x, out);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, DONUT_NUMBER_SIZE, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            break;
    }
    return repair_point(out);
}

size_t donut_format_float(float x, char out[DONUT_NUMBER_SIZE])
{
    if (!isfinite(x))
        return format_special((double)x, out);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(out, DONUT_NUMBER_SIZE, "%.*g", digits, (double)x);
        if (strtof(out, NULL) == x)
            break;
    }
    return repair_point(out);
}
