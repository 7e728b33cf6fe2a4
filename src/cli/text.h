/* Text that grows in memory, and numbers and times in words. */
#ifndef DONUT_CLI_TEXT_H
#define DONUT_CLI_TEXT_H

#include "base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `failed` once memory has run out, and then it stays as it is. Starts zeroed; the bytes end
 * without a terminating 0. */
struct donut_text {
    char *bytes;
    size_t size, capacity;
    bool failed;
};

void donut_text_put(struct donut_text *text, const char *bytes, size_t size);
void donut_text_print(struct donut_text *text, const char *format, ...) DONUT_PRINTF(2, 3);
void donut_text_print_list(struct donut_text *text, const char *format, va_list args)
    DONUT_PRINTF(2, 0);

/* Makes what stands from `begin` on fit for a terminal, whatever a file is called: '?' for every
 * byte of a control character or of what is no UTF-8, as donut_quote() has it. */
void donut_text_tame(struct donut_text *text, size_t begin);

/* The shortest decimal that reads back as x, as a double or as a float; nothing for what is not
 * finite. */
void donut_text_double(struct donut_text *text, double x);
void donut_text_float(struct donut_text *text, double x);

/* x rounded to so many places after the point; negative: before it. */
void donut_text_rounded(struct donut_text *text, double x, int places);

void donut_text_integer(struct donut_text *text, int64_t x);

void donut_text_free(struct donut_text *text);

/* The plural's ending: "" or "s". */
const char *donut_plural(size_t n);

#endif
