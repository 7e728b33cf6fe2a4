/* Decimals out and in, against printf() and strtod() of many digits: random bits, powers of two,
 * subnormals, what lies next to a border of rounding. */
#include "check.h"
#include "draw.h"

#include "data/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const struct donut_stream draws = {.seed = 23, .purpose = DONUT_DRAW_TEST};

static uint64_t draw64(uint64_t i)
{
    return (uint64_t)draw_bits(draws, 2 * i) << 32 | draw_bits(draws, 2 * i + 1);
}

static double random_double(uint64_t i)
{
    const uint64_t bits = draw64(i);
    double x;
    memcpy(&x, &bits, sizeof x);
    return isfinite(x) && x != 0 ? x : 0.5;
}

/* The significant digits of a number's text, without zeros at the end. */
static void take_digits(const char *text, char out[32])
{
    size_t n = 0, kept = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= (n ? '0' : '1') && *text <= '9') {
            out[n++] = *text;
            kept = *text == '0' ? kept : n;
        }
    out[kept] = '\0';
}

/* The fewest digits that printf() needs for a number that reads back. Next to a power of two there
 * may be a shorter decimal that is not the nearest of its length. */
static void print_shortest(double x, bool is_float, char out[64])
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, 64, "%.*e", digits - 1, x);
        if (is_float ? (double)strtof(out, NULL) == x : strtod(out, NULL) == x)
            return;
    }
}

static bool reads_back(const char *text, double x, bool is_float)
{
    return is_float ? (double)strtof(text, NULL) == x : strtod(text, NULL) == x;
}

/* Reads back, no other decimal of the length is nearer, none is shorter. */
static bool is_shortest(const char *text, double x, bool is_float)
{
    char got[32], want[32], printed[64];
    int exponent;
    print_shortest(x, is_float, printed);
    take_digits(text, got);
    take_digits(printed, want);
    const bool power_of_two = fabs(frexp(x, &exponent)) == 0.5;
    return reads_back(text, x, is_float) &&
           (strcmp(got, want) == 0 || (power_of_two && strlen(got) < strlen(want)));
}

static bool is_good(double x)
{
    char text[DONUT_NUMBER_SIZE];
    const size_t n = donut_format_double(x, text);
    return n == strlen(text) && is_shortest(text, x, false);
}

static bool is_good_float(float x)
{
    char text[DONUT_NUMBER_SIZE];
    const size_t n = donut_format_float(x, text);
    return n == strlen(text) && is_shortest(text, (double)x, true);
}

/* Every power of two with its neighbours, negative ones, and the least subnormals. */
static void test_borders(void)
{
    int wrong = 0;
    for (int e = -1074; e < 1024; e++) {
        const double x = ldexp(1, e);
        wrong += !is_good(x) + !is_good(-nextafter(x, 0.75 * x)) + !is_good(nextafter(x, 2 * x));
        const float y = (float)x;
        if (isfinite(y) && y != 0)
            wrong += !is_good_float(y) + !is_good_float(nextafterf(y, FLT_MAX));
    }
    for (int i = 1; i < 2000; i++)
        wrong += !is_good(i * 0x1p-1074) + !is_good_float((float)(i * 0x1p-149));
    wrong += !is_good(DBL_MAX) + !is_good_float(FLT_MAX) + !is_good_float(-FLT_MIN);
    CHECK_INT(wrong, 0);
    char text[DONUT_NUMBER_SIZE];
    donut_format_double(0x1p-1074, text);
    CHECK_TEXT(text, "5e-324");
    donut_format_double(0x1p-44, text); /* 5.684341886080801487e-14 */
    CHECK_TEXT(text, "5.684341886080802e-14");
    donut_format_float(0x1p-149f, text);
    CHECK_TEXT(text, "1e-45");
}

/* As printf() writes the first of 15, 16 and 17 digits that reads back: the same text, but for
 * powers of two and subnormals. */
static void test_notation(void)
{
    size_t wrong = 0;
    for (uint64_t i = 0; i < 50000; i++) {
        char text[DONUT_NUMBER_SIZE], want[64];
        const double bits = random_double(i);
        const double x = i % 2 ? bits : fmod(bits, 1e18) * (i % 4 ? 1 : 1e-9);
        if (fabs(x) < DBL_MIN)
            continue;
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(want, sizeof want, "%.*g", digits, x);
            if (strtod(want, NULL) == x)
                break;
        }
        donut_format_double(x, text);
        wrong += strcmp(text, want) != 0;
        const float y = (float)fmod(x, 1e20);
        for (int digits = 6; digits <= 9; digits++) {
            snprintf(want, sizeof want, "%.*g", digits, (double)y);
            if (strtof(want, NULL) == y)
                break;
        }
        donut_format_float(y, text);
        wrong += strcmp(text, want) != 0 && fabsf(y) >= FLT_MIN;
    }
    CHECK_INT(wrong, 0);
}

static void test_decimals_and_integers(void)
{
    size_t wrong = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        char text[DONUT_NUMBER_SIZE], want[64];
        const int64_t x = (int64_t)(draw64(i) >> i % 64) * (i % 3 ? 1 : -1);
        size_t n = donut_format_integer(x, text);
        snprintf(want, sizeof want, "%lld", (long long)x);
        wrong += strcmp(text, want) != 0 || n != strlen(text);
        const int64_t units = x % INT64_C(1000000000000000);
        const int places = (int)(draw64(i + 50000) % 45) - 22;
        snprintf(want, sizeof want, "%llde%d", (long long)units, -places);
        donut_format_double(strtod(want, NULL), want);
        n = donut_format_decimal(units, places, text);
        wrong += strcmp(text, want) != 0 || n != strlen(text);
    }
    CHECK_INT(wrong, 0);
    char text[DONUT_NUMBER_SIZE];
    CHECK_INT(donut_format_integer(INT64_MIN, text), 20);
    CHECK_TEXT(text, "-9223372036854775808");
    CHECK_INT(donut_format_integer(0, text), 1);
    CHECK_TEXT(text, "0");
    CHECK_INT(donut_format_decimal(-125, 2, text), 5);
    CHECK_TEXT(text, "-1.25");
}

static bool agrees(const char *text)
{
    double x = NAN;
    const double want = strtod(text, NULL);
    const enum donut_number result = donut_number_parse(text, strlen(text), &x);
    return isinf(want) ? result == DONUT_NUMBER_INFINITE
                       : result == DONUT_NUMBER_OK && memcmp(&x, &want, sizeof x) == 0;
}

/* Texts of any length of random doubles, and of the exact midpoints between two of them: where a
 * border of rounding is nearest. */
static void test_parse(void)
{
    size_t wrong = 0;
    char text[1200];
    for (uint64_t i = 0; i < 30000; i++) {
        const double x = random_double(i);
        const uint64_t bits = draw64(i + 100000);
        snprintf(text, sizeof text, "%.*e", (int)(bits % 24), x);
        wrong += !agrees(text);
        snprintf(text, sizeof text, "%.*f", (int)(bits % 22), fmod(x, 1e10));
        wrong += !agrees(text);
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)bits,
                 (int)(bits >> 32) % 700 - 370);
        wrong += !agrees(text);
        /* m 2^-k with 54 bits is halfway; so is its decimal, all of which is 5^k m 10^-k. */
        const uint64_t odd = (bits >> 10) | 1 | UINT64_C(1) << 53;
        const int k = (int)(i % 12);
        snprintf(text, sizeof text, "%llu.%0*.0f", (unsigned long long)(odd >> k), k,
                 (double)(odd & ((UINT64_C(1) << k) - 1)) * pow(5, k));
        wrong += !agrees(text);
        strcat(text, i % 2 ? "0000000000000000" : "0000000000000000000000000001");
        wrong += !agrees(text);
    }
    CHECK_INT(wrong, 0);
}

/* Numbers that end where others begin to be. */
static void test_scan(void)
{
    static const struct {
        const char *text;
        size_t used;
        double value;
    } cases[] = {{"12.5,", 4, 12.5},
                 {"12.5e", 4, 12.5},
                 {"1e+,", 1, 1},
                 {"1e-2e", 4, 0.01},
                 {"1.2.3", 3, 1.2},
                 {"-.5\"", 3, -0.5},
                 {"7.", 2, 7},
                 {"0x10", 1, 0},
                 {"3 ", 1, 3},
                 {"1e400,", 0, 0},
                 {",", 0, 0},
                 {"", 0, 0},
                 {"-", 0, 0},
                 {".e1", 0, 0},
                 {"nan", 0, 0},
                 {"+4\n", 2, 4},
                 {"12345678", 8, 12345678}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double x = 0;
        const char *text = cases[i].text, *end = donut_number_scan(text, text + strlen(text), &x);
        CHECK_THAT(end == (cases[i].used ? text + cases[i].used : NULL), "\"%s\" ends wrongly",
                   text);
        CHECK_THAT(x == cases[i].value, "\"%s\" is %g", text, x);
    }
}

TEST(shortest)
{
    test_borders();
    test_notation();
    test_decimals_and_integers();
    test_parse();
    test_scan();
    return check_report("shortest");
}
