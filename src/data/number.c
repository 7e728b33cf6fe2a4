#include "data/number.h"
#include "data/power.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The midpoint of two neighbouring doubles has at most 767 significant digits, so that digits
 * beyond those matter only by being zero or not. */
#define MAX_DIGITS 768
#define EXPONENT_LIMIT INT64_C(100000000000000000)

/* What 64 bits always hold. */
#define LEADING_DIGITS 19

/* A decimal taken apart: its digits, read as an integer, times 10^exponent. */
struct decimal {
    bool negative;
    const char *first, *end; /* the digits, with at most one point among them */
    uint64_t leading;        /* the integer that they make, up to the 19th from the first not 0 */
    int64_t more;            /* digits after that one */
    int64_t exponent;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of n digits that are too many: leaves out the zeros in front, then what the leading ones cannot
 * take up. */
static void cut(struct decimal *d, int64_t n)
{
    for (; d->first < d->end && (*d->first == '0' || *d->first == '.'); d->first++)
        n -= *d->first == '0';
    if (n <= LEADING_DIGITS)
        return;
    d->more = n - LEADING_DIGITS;
    d->leading = 0;
    const char *at = d->first;
    for (int kept = 0; kept < LEADING_DIGITS; at++) {
        if (*at == '.')
            continue;
        d->leading = d->leading * 10 + (uint64_t)(*at - '0');
        kept++;
    }
}

/* "e-12" behind the digits; returns where it ends, or `at` if there is no whole one. */
static const char *take_exponent(const char *at, const char *end, int64_t *exponent)
{
    const char *digit = at + 1;
    const bool negative = digit < end && *digit == '-';
    if (digit < end && (*digit == '-' || *digit == '+'))
        digit++;
    if (digit == end || !is_digit(*digit))
        return at;
    int64_t e = 0;
    for (; digit < end && is_digit(*digit); digit++)
        if (e < EXPONENT_LIMIT)
            e = e * 10 + (*digit - '0');
    *exponent += negative ? -e : e;
    return digit;
}

/* Returns where the number ends, or NULL if there is none. */
static const char *scan(const char *at, const char *end, struct decimal *d)
{
    *d = (struct decimal){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    d->first = at;
    at = donut_take_digits(at, end, &d->leading);
    int64_t n = at - d->first;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = donut_take_digits(fraction, end, &d->leading);
        d->exponent = fraction - at;
        n += at - fraction;
    }
    if (n == 0)
        return NULL;
    d->end = at;
    if (n > LEADING_DIGITS)
        cut(d, n);
    if (at < end && (*at == 'e' || *at == 'E'))
        at = take_exponent(at, end, &d->exponent);
    return at;
}

/* 10^n is a double exactly up to n = 22, and so is any integer up to 2^53: one rounded operation on
 * two exact numbers is correctly rounded (W. D. Clinger, "How to read floating point numbers
 * accurately", 1990). */
static bool convert_exactly(uint64_t x, int64_t e, double *out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (FLT_EVAL_METHOD != 0 || x > UINT64_C(1) << 53 || e < -22 || e > 22)
        return false;
    *out = e < 0 ? (double)(int64_t)x / power[-e] : (double)(int64_t)x * power[e];
    return true;
}

/* x / 10^-e where that has no remainder by 5^-e, so that it may be a double, or halfway between
 * two, exactly. 5^27 is the largest power below 2^64. */
static bool convert_quotient(uint64_t x, int e, double *out)
{
    uint64_t power = 1;
    if (e >= 0 || e < -27)
        return false;
    for (int i = e; i < 0; i++)
        power *= 5;
    if (x % power != 0)
        return false;
    *out = ldexp((double)(x / power), e);
    return true;
}

/* x * 10^e from the upper bits of the product of x and 128 bits of 10^e (D. Lemire, "Number parsing
 * at a gigabyte per second", 2021). The error of the power, less than one unit of its lowest bit,
 * makes the product less than x units too small. False: those could carry into the upper 64 bits,
 * or the result is no normal number. x > 0. */
static bool convert_by_power(uint64_t x, int64_t exponent, double *out)
{
    if (exponent < DONUT_POWER_MIN || exponent > DONUT_POWER_MAX)
        return false;
    const int e = (int)exponent, zeros = donut_leading_zeros(x);
    const uint64_t normal = x << zeros;
    const struct donut_wide power = donut_power(e), upper = donut_multiply(normal, power.high),
                            lower = donut_multiply(normal, power.low);
    const uint64_t middle = upper.low + lower.high, high = upper.high + (middle < lower.high);
    const bool exact = e >= 0 && e <= DONUT_POWER_EXACT;
    if (!exact && middle == UINT64_MAX && lower.low + normal < normal)
        return convert_quotient(x, e, out);
    /* 53 bits, one that rounds, and below it whether anything is left. */
    const int top = (int)(high >> 63), shift = 9 + top;
    const bool rest = !exact || middle || lower.low || high << (64 - shift);
    const uint64_t half = high >> shift & 1, mantissa = high >> (shift + 1);
    const uint64_t up = half && (rest || (mantissa & 1));
    const int biased = donut_power_exponent(e) - zeros + top + 1086;
    if (biased < 1 || biased > 2046)
        return false;
    const uint64_t bits = ((uint64_t)biased << 52) + (mantissa - (UINT64_C(1) << 52)) + up;
    memcpy(out, &bits, sizeof *out);
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

static double convert(const struct decimal *d)
{
    double x = 0.0, next;
    const int64_t exponent = d->exponent + d->more;
    if (d->leading == 0 || (d->more == 0 && convert_exactly(d->leading, exponent, &x)))
        return x;
    /* What follows the leading digits lies between nothing and one more. */
    if (convert_by_power(d->leading, exponent, &x) &&
        (d->more == 0 || (convert_by_power(d->leading + 1, exponent, &next) && next == x)))
        return x;
    return convert_by_strtod(d);
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
    const char *end = size > 0 ? text + size : text;
    if (size == 0 || scan(text, end, &d) != end)
        return is_infinity(text, size) ? DONUT_NUMBER_INFINITE : DONUT_NUMBER_INVALID;
    const double x = convert(&d);
    if (!isfinite(x))
        return DONUT_NUMBER_INFINITE;
    *out = d.negative ? -x : x;
    return DONUT_NUMBER_OK;
}

const char *donut_number_scan(const char *at, const char *end, double *out)
{
    struct decimal d;
    const char *behind = scan(at, end, &d);
    const double x = behind ? convert(&d) : INFINITY;
    if (!isfinite(x))
        return NULL;
    *out = d.negative ? -x : x;
    return behind;
}
