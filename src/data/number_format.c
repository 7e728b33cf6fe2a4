/* Numbers -> text. The shortest decimal is found as R. Giulietti does in "The Schubfach way to
 * render doubles" (2020): of the decimals n 10^k, with k such that an interval of doubles holds at
 * least one of them and at most one multiple of ten, only four can be the one. */
#include "data/number.h"
#include "data/power.h"

#include <math.h>
#include <string.h>

#define SHORTEST_DOUBLE 15 /* digits that any double keeps: no exponent below 10^15 */
#define SHORTEST_FLOAT 6

struct decimal {
    uint64_t digits; /* > 0; times 10^exponent */
    int exponent;
};

/* m * power * 2^-128, cut down to an integer that is odd if anything was left, so that it compares
 * with even numbers as the exact value does. The power is at most one unit of its lowest bit too
 * large, the product thus m such units. What is left of the products that occur here is 0 or at
 * least 2^-66 (by the continued fractions of all 2^q 10^-k), more than m < 2^60 units of 2^-128. */
static uint64_t round_to_odd(uint64_t m, struct donut_wide power)
{
    const struct donut_wide upper = donut_multiply(m, power.high),
                            lower = donut_multiply(m, power.low);
    const uint64_t rest = upper.low + lower.high;
    return (upper.high + (rest < lower.high)) | (rest != 0 || lower.low > m);
}

/* The shortest decimal that rounds to m 2^q, 0 < m <= 2^53, of those the nearest. `narrow`: m is a
 * power of two, whose lower neighbour is only half as far as the upper one. All is in quarters of
 * m's lowest bit: m itself is 4 m, and the borders of what rounds to it lie 2 away, or 1. They
 * belong to it if m is even. */
static struct decimal shorten(uint64_t m, int q, bool narrow)
{
    /* floor(log10(2^q)), or of 3/4 of it. */
    const int k = donut_floor_shift(q * 1262611 - (narrow ? 524031 : 0), 22);
    struct donut_wide power = donut_power(-k);
    power.low++; /* never all ones */
    const int shift = q + donut_power_exponent(-k) + 1;
    const uint64_t odd = m & 1, middle = round_to_odd(4 * m << shift, power),
                   low = round_to_odd((4 * m - (narrow ? 1 : 2)) << shift, power) + odd,
                   high = round_to_odd((4 * m + 2) << shift, power) - odd;
    const uint64_t below = middle / 4, tens = below / 10 * 10;
    const bool tens_in = low <= 4 * tens, next_tens_in = 4 * (tens + 10) <= high;
    if (tens_in != next_tens_in)
        return (struct decimal){tens_in ? tens : tens + 10, k};
    const bool below_in = low <= 4 * below, above_in = 4 * (below + 1) <= high;
    if (below_in != above_in)
        return (struct decimal){below_in ? below : below + 1, k};
    const uint64_t half = 4 * below + 2;
    return (struct decimal){below + (middle > half || (middle == half && below % 2 == 1)), k};
}

static void copy(char *to, const char *from, int n)
{
    for (int i = 0; i < n; i += 8)
        memcpy(to + i, from + i, 8);
}

/* The digits of an integer at the end of 24 places, then eight bytes that copy() may read. */
struct digits {
    char text[32];
    int first, n; /* of the digits from the first that is not 0 to the last */
};

/* x > 0 */
static void take_apart(uint64_t x, struct digits *digits)
{
    const uint64_t eight = 100000000;
    uint64_t word[3];
    int first = 2, last = 2;
    for (;; first--, x /= eight) {
        word[first] = donut_digits_of((uint32_t)(x % eight));
        donut_store8(digits->text + 8 * first, word[first] + DONUT_ZEROS);
        if (x < eight)
            break;
    }
    while (word[last] == 0)
        last--;
    donut_store8(digits->text + 24, DONUT_ZEROS);
    digits->first = 8 * first + donut_trailing_zeros(word[first]) / 8;
    digits->n = 8 * (last + 1) - donut_leading_zeros(word[last]) / 8 - digits->first;
}

/* "e-07" */
static char *put_exponent(char *at, int e)
{
    *at++ = 'e';
    *at++ = e < 0 ? '-' : '+';
    e = e < 0 ? -e : e;
    if (e >= 100)
        *at++ = (char)('0' + e / 100);
    *at++ = (char)('0' + e / 10 % 10);
    *at++ = (char)('0' + e % 10);
    return at;
}

static char *put_scientific(char *at, const char *text, int n, int e)
{
    *at++ = *text;
    if (n > 1) {
        *at++ = '.';
        copy(at, text + 1, n - 1);
        at += n - 1;
    }
    return put_exponent(at, e);
}

/* -4 <= e <= 17 */
static char *put_fixed(char *at, const char *text, int n, int e)
{
    if (e < 0) {
        memcpy(at, "0.000000", 8);
        copy(at + 1 - e, text, n);
        return at + 1 - e + n;
    }
    if (e + 1 >= n) {
        copy(at, text, n);
        memset(at + n, '0', (size_t)(e + 1 - n));
        return at + e + 1;
    }
    copy(at, text, e + 1);
    at[e + 1] = '.';
    copy(at + e + 2, text + e + 1, n - e - 1);
    return at + n + 1;
}

/* Writes the n digits whose first one counts 10^e; up to 7 bytes more than the text, which has at
 * most 24. */
static size_t put_decimal(bool negative, struct decimal d, int precision,
                          char out[DONUT_NUMBER_SIZE])
{
    struct digits digits;
    take_apart(d.digits, &digits);
    const int n = digits.n, e = d.exponent + 23 - digits.first;
    const char *text = digits.text + digits.first;
    const bool scientific = e < -4 || e >= (n > precision ? n : precision);
    char *at = out;
    if (negative)
        *at++ = '-';
    at = scientific ? put_scientific(at, text, n, e) : put_fixed(at, text, n, e);
    *at = '\0';
    return (size_t)(at - out);
}

static size_t format_special(double x, char *out)
{
    const char *word = isnan(x) ? "nan" : x == 0 ? "-0" : x > 0 ? "inf" : "-inf";
    word += x == 0 && !signbit(x);
    const size_t n = strlen(word);
    memcpy(out, word, n + 1);
    return n;
}

size_t donut_format_double(double x, char out[DONUT_NUMBER_SIZE])
{
    const double magnitude = fabs(x);
    uint64_t bits;
    if (x == 0 || !isfinite(x))
        return format_special(x, out);
    /* An integer is its own shortest decimal up to 2^53: its neighbours round to others. */
    if (magnitude < 0x1p53 && (double)(int64_t)magnitude == magnitude)
        return put_decimal(x < 0, (struct decimal){(uint64_t)(int64_t)magnitude, 0},
                           SHORTEST_DOUBLE, out);
    memcpy(&bits, &magnitude, sizeof bits);
    const int biased = (int)(bits >> 52);
    const uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    const struct decimal d =
        biased == 0 ? shorten(fraction, -1074, false)
                    : shorten(fraction | UINT64_C(1) << 52, biased - 1075, !fraction && biased > 1);
    return put_decimal(x < 0, d, SHORTEST_DOUBLE, out);
}

size_t donut_format_float(float x, char out[DONUT_NUMBER_SIZE])
{
    const float magnitude = fabsf(x);
    uint32_t bits;
    if (x == 0 || !isfinite(x))
        return format_special((double)x, out);
    if (magnitude < 0x1p24f && (float)(int32_t)magnitude == magnitude)
        return put_decimal(x < 0, (struct decimal){(uint64_t)(int32_t)magnitude, 0}, SHORTEST_FLOAT,
                           out);
    memcpy(&bits, &magnitude, sizeof bits);
    const int biased = (int)(bits >> 23);
    const uint64_t fraction = bits & ((UINT32_C(1) << 23) - 1);
    const struct decimal d =
        biased == 0 ? shorten(fraction, -149, false)
                    : shorten(fraction | UINT64_C(1) << 23, biased - 150, !fraction && biased > 1);
    return put_decimal(x < 0, d, SHORTEST_FLOAT, out);
}

size_t donut_format_decimal(int64_t x, int places, char out[DONUT_NUMBER_SIZE])
{
    if (x == 0)
        return format_special(0, out);
    const struct decimal d = {(uint64_t)(x < 0 ? -x : x), -places};
    return put_decimal(x < 0, d, SHORTEST_DOUBLE, out);
}

size_t donut_format_integer(int64_t x, char out[DONUT_NUMBER_SIZE])
{
    struct digits digits;
    const uint64_t magnitude = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    if (x == 0)
        return format_special(0, out);
    take_apart(magnitude, &digits);
    out[0] = '-';
    const int n = 24 - digits.first, sign = x < 0;
    copy(out + sign, digits.text + digits.first, n);
    out[sign + n] = '\0';
    return (size_t)(sign + n);
}
