/* Decimal numbers as text, the same under every locale. */
#ifndef DONUT_DATA_NUMBER_H
#define DONUT_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum donut_number {
    DONUT_NUMBER_OK,
    DONUT_NUMBER_INFINITE, /* "inf", or a decimal beyond the largest double */
    DONUT_NUMBER_INVALID
};

/* Parses all of `text`: [sign] digits [. digits] [e [sign] digits], with at least one digit before
 * or after the point; correctly rounded. Anything else (hex, spaces, separators) is invalid.
 * *out is set only when the result is DONUT_NUMBER_OK. */
enum donut_number donut_number_parse(const char *text, size_t size, double *out);

/* Parses the longest such number that begins at `at` and returns where it ends; NULL if there is
 * none, or if it is infinite. */
const char *donut_number_scan(const char *at, const char *end, double *out);

/* Equal but for the case of ASCII letters, in any locale; `word` ends in 0. */
bool donut_text_equal(const char *a, size_t a_size, const char *b, size_t b_size);
bool donut_text_is(const char *text, size_t size, const char *word);

/* Writes x with the fewest digits that read back as the same number, and of those the nearest to
 * it; always with a decimal point and never a comma; nan, inf, -inf. As printf("%.*g") has it: with
 * an exponent from 10^15 on (a float from 10^6), or from where there is no room for all digits
 * before the point, and below 10^-4. Returns the length. */
#define DONUT_NUMBER_SIZE 32
size_t donut_format_double(double x, char out[DONUT_NUMBER_SIZE]);
size_t donut_format_float(float x, char out[DONUT_NUMBER_SIZE]);

/* x / 10^places, |x| < 10^15, |places| <= 22: as donut_format_double() writes the double nearest to
 * it, but faster. */
size_t donut_format_decimal(int64_t x, int places, char out[DONUT_NUMBER_SIZE]);

/* Any integer, in full. */
size_t donut_format_integer(int64_t x, char out[DONUT_NUMBER_SIZE]);

#endif
