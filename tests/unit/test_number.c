/* Decimal numbers against the compiler's own conversion, strtod() and hand-worked texts. */
#include "check.h"
#include "draw.h"

#include "base/random.h"
#include "data/number.h"

#include <float.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

static const struct donut_stream draws = {.seed = 7, .purpose = DONUT_DRAW_TEST};

static double parse(const char *text)
{
    double x = NAN;
    const enum donut_number result = donut_number_parse(text, strlen(text), &x);
    CHECK_THAT(result == DONUT_NUMBER_OK, "\"%.60s\" is refused", text);
    return x;
}

static void test_decimals(void)
{
#define LITERAL(x)                                                                                 \
    {                                                                                              \
#x, x                                                                                      \
    }
    static const struct {
        const char *text;
        double value;
    } good[] = {
        LITERAL(0.0),
        LITERAL(1.0),
        LITERAL(12.5),
        LITERAL(-3.25),
        LITERAL(+8.0),
        LITERAL(.5),
        LITERAL(5.),
        LITERAL(1e3),
        LITERAL(1E+3),
        LITERAL(25e-1),
        LITERAL(0.8473002740000001),
        LITERAL(0.017785768231900003),
        LITERAL(123456789012345678901234567890.0),
        LITERAL(9007199254740993.0),
        LITERAL(1e22),
        LITERAL(1e23),
        LITERAL(8.5e22),
        LITERAL(123456789e-30),
        LITERAL(2.2250738585072014e-308),
        LITERAL(2.2250738585072011e-308),
        LITERAL(4.9e-324),
        LITERAL(1.7976931348623157e308),
        LITERAL(6929495644600919.5),
        LITERAL(3.7455744005952583e15),
        {"007", 7.0},
        {"1e-400", 0.0},
        {"0e999999999999999999999", 0.0},
        {"1e-99999999999999999999", 0.0},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_THAT(parse(good[i].text) == good[i].value, "%s gives %.17g", good[i].text,
                   parse(good[i].text));
    CHECK(signbit(parse("-0")) != 0);
}

static void test_refused(void)
{
    static const char *const invalid[] = {
        "",      " ",    "+",     ".",   "-.",   "e5",  "1e", "1e+",  "1 ",    " 1",       "1,5",
        "1.2.3", "0x10", "1_000", "--1", "1e5.", "nan", "1f", "infx", "1e5e5", "\xd9\xa3", "1.5 %"};
    static const char *const infinite[] = {
        "inf", "-INF", "+Infinity", "infinity", "1e309", "-1e999", "1e99999999999999999999"};
    double x = 42;
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
        CHECK_THAT(donut_number_parse(invalid[i], strlen(invalid[i]), &x) == DONUT_NUMBER_INVALID,
                   "\"%s\" is not invalid", invalid[i]);
    for (size_t i = 0; i < sizeof infinite / sizeof infinite[0]; i++)
        CHECK_THAT(donut_number_parse(infinite[i], strlen(infinite[i]), &x) ==
                       DONUT_NUMBER_INFINITE,
                   "\"%s\" is not infinite", infinite[i]);
    CHECK(x == 42);
    CHECK(donut_number_parse("12345", 3, &x) == DONUT_NUMBER_OK && x == 123);
}

/* Midpoints of two doubles that only a far digit decides, and exponents that only the length of the
 * number makes up for. */
static void test_long_numbers(void)
{
    char text[4000];
    strcpy(text, "9007199254740993.");
    size_t n = strlen(text);
    memset(text + n, '0', 2000);
    text[n + 2000] = '\0';
    CHECK(parse(text) == 9007199254740992.0); /* a tie goes to the even one */
    strcpy(text + n + 2000, "1");
    CHECK(parse(text) == 9007199254740994.0);

    strcpy(text, "0.");
    memset(text + 2, '0', 1999);
    strcpy(text + 2001, "1e2000");
    CHECK(parse(text) == 1.0);
    text[0] = '1';
    memset(text + 1, '0', 2000);
    strcpy(text + 2001, "e-2000");
    CHECK(parse(text) == 1.0);
    memset(text, '9', 2000);
    strcpy(text + 2000, "e-2000");
    CHECK(parse(text) == 1.0);
}

static double random_double(uint64_t i)
{
    const uint64_t bits = (uint64_t)draw_bits(draws, 2 * i) << 32 | draw_bits(draws, 2 * i + 1);
    double x;
    memcpy(&x, &bits, sizeof x);
    return isfinite(x) ? x : 0.5;
}

/* Every double reads back from its text; decimals of all lengths agree with strtod(). */
static void test_against_strtod(void)
{
    size_t wrong = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        char text[64], shortest[DONUT_NUMBER_SIZE];
        const double x = random_double(i);
        const int digits = 1 + (int)(draw_bits(draws, 100000 + i) % 20);
        snprintf(text, sizeof text, i % 2 ? "%.*e" : "%.*g", digits, x);
        wrong += parse(text) != strtod(text, NULL);
        snprintf(text, sizeof text, "%.*f", digits % 10, fmod(x, 1e6));
        wrong += parse(text) != strtod(text, NULL);
        const size_t length = donut_format_double(x, shortest);
        wrong += length != strlen(shortest) || parse(shortest) != x;
        const float y = (float)(i % 2 ? fmod(x, 1e6) : x);
        donut_format_float(y, shortest);
        wrong += isfinite(y) && strtof(shortest, NULL) != y;
    }
    CHECK_INT(wrong, 0);
}

static const char *format_double(double x)
{
    static char text[DONUT_NUMBER_SIZE];
    donut_format_double(x, text);
    return text;
}

static const char *format_float(float x)
{
    static char text[DONUT_NUMBER_SIZE];
    donut_format_float(x, text);
    return text;
}

static void test_format(void)
{
    CHECK_TEXT(format_double(0.1), "0.1");
    CHECK_TEXT(format_double(-12), "-12");
    CHECK_TEXT(format_double(1.0 / 3), "0.3333333333333333");
    CHECK_TEXT(format_double(0.1 + 0.2), "0.30000000000000004");
    CHECK_TEXT(format_double(1e100), "1e+100");
    CHECK_TEXT(format_double(-DBL_MAX), "-1.7976931348623157e+308");
    CHECK_TEXT(format_double(NAN), "nan");
    CHECK_TEXT(format_double(-INFINITY), "-inf");
    CHECK_TEXT(format_float(0.1f), "0.1");
    CHECK_TEXT(format_float(16777216.0f), "16777216");
    CHECK_TEXT(format_float(1.0f / 3), "0.33333334");
    CHECK_TEXT(format_float(INFINITY), "inf");
}

/* Where a locale with a decimal comma is installed, nothing changes under it. */
static void test_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "nl_NL.UTF-8",
                                        "ps_AF"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!setlocale(LC_ALL, names[i]))
            continue;
        double x;
        CHECK(parse("12.5") == 12.5);
        CHECK(parse("0.017785768231900003") == 0.017785768231900003);
        CHECK(donut_number_parse("12,5", 4, &x) == DONUT_NUMBER_INVALID);
        CHECK_TEXT(format_double(-12.5), "-12.5");
        CHECK_TEXT(format_double(1.5e-7), "1.5e-07");
        CHECK_TEXT(format_float(0.1f), "0.1");
    }
    setlocale(LC_ALL, "C");
}

TEST(number)
{
    test_decimals();
    test_refused();
    test_long_numbers();
    test_against_strtod();
    test_format();
    test_locale();
    return check_report("number");
}
