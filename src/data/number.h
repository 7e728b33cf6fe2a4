/* Decimal numbers as text, the same under every locale. */
#ifndef DONUT_DATA_NUMBER_H
#define DONUT_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum donut_number {
    DONUT_NUMBER_OK,
    DONUT_NUMBER_INFINITE, /* "inf", or a decimal beyond the largest double */
    DONUT_NUMBER_INVALID
};

/* Parses all of `text`: [sign] digits [. digits] [e [sign] digits], with at least one digit before
 * or after the point; correctly rounded. Anything else (hex, spaces, separators) is invalid.
 * *out is set only when the result is DONUT_NUMBER_OK. */
enum donut_number donut_number_parse(const char *text, size_t size, double *out);

/* Equal but for the case of ASCII letters, in any locale; `word` ends in 0. */
bool donut_text_equal(const char *a, size_t a_size, const char *b, size_t b_size);
bool donut_text_is(const char *text, size_t size, const char *word);

/* Writes x with the fewest digits (of 15 to 17; 6 to 9 for a float) that read back as the same
 * number, always with a decimal point and never a comma; nan, inf, -inf. Returns the length. */
#define DONUT_NUMBER_SIZE 32
size_t donut_format_double(double x, char out[DONUT_NUMBER_SIZE]);
size_t donut_format_float(float x, char out[DONUT_NUMBER_SIZE]);

#endif
