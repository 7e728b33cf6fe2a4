/* Errors: a status and one sentence, filled once by whoever finds the trouble. */
#ifndef DONUT_BASE_STATUS_H
#define DONUT_BASE_STATUS_H

#include "donut.h"

#if defined(__GNUC__)
#define DONUT_PRINTF(sentence, first) __attribute__((__format__(__printf__, sentence, first)))
#else
#define DONUT_PRINTF(sentence, first)
#endif

/* Fills `err` (may be NULL) with the status, no position and the formatted sentence; returns
 * `status`, so that a caller can `return donut_fail(...)`. Too long a sentence is cut. */
enum donut_status donut_fail(struct donut_error *err, enum donut_status status, const char *format,
                             ...) DONUT_PRINTF(3, 4);

/* The same with a position in the input (1-based; 0 = none). */
enum donut_status donut_fail_at(struct donut_error *err, enum donut_status status, size_t line,
                                size_t column, const char *format, ...) DONUT_PRINTF(5, 6);

/* DONUT_ENOMEM with its sentence. */
enum donut_status donut_fail_memory(struct donut_error *err);

/* Makes a quotable copy of `size` bytes from outside: control characters and what is not
 * UTF-8 become '?', and what does not fit ends in "...". Always terminated. */
#define DONUT_QUOTE_SIZE 48
const char *donut_quote(char out[DONUT_QUOTE_SIZE], const char *bytes, size_t size);

#endif
