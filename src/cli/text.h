/* Text that grows in memory, and numbers and times in words. */
#ifndef DONUT_CLI_TEXT_H
#define DONUT_CLI_TEXT_H

#include "base/status.h"

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
/* The shortest decimal that reads back as x, as a double or as a float; nothing for what is not
 * finite. */
void donut_text_double(struct donut_text *text, double x);
void donut_text_float(struct donut_text *text, double x);

/* x rounded to so many places after the point; negative: before it. */
void donut_text_rounded(struct donut_text *text, double x, int places);

void donut_text_free(struct donut_text *text);

#define DONUT_WORDS_SIZE 48

/* An interval > 0 in its largest whole unit: "10 min", "1 h". Returns out. */
const char *donut_interval_words(char out[DONUT_WORDS_SIZE], int64_t milliseconds);

/* A duration in round words: "69 days", "2.5 hours". Returns out. */
const char *donut_duration_words(char out[DONUT_WORDS_SIZE], double seconds);

#endif
