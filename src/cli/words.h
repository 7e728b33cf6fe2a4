/* Strict parsing of what stands on the command line: the whole word or nothing. */
#ifndef DONUT_CLI_WORDS_H
#define DONUT_CLI_WORDS_H

#include "donut.h"

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits only: no sign, no space, no overflow. */
bool donut_word_unsigned(const char *word, uint64_t *out);

/* A finite decimal number, as the KPI files have them. */
bool donut_word_number(const char *word, double *out);

/* Above 0, at most 400 days: "60" (seconds), "500ms", "60s", "5m" or "5min", "1h", "1d". */
bool donut_word_interval(const char *word, int64_t *milliseconds);

/* "100,100": 1 to DONUT_MAX_DEPTH whole numbers from 1 to DONUT_MAX_WIDTH. */
bool donut_word_widths(const char *word, size_t *depth, size_t widths[DONUT_MAX_DEPTH]);

/* "0,100": up to `most` whole numbers, each more than the one before. Returns how many; 0 = they
 * are not. */
size_t donut_word_steps(const char *word, size_t most, size_t *steps);

/* "16,16": as many, each from 1 to DONUT_MAX_CHANNELS. */
bool donut_word_channels(const char *word, size_t channels[DONUT_CONVOLUTIONS]);

/* The index of `word` in "zero|mean", or -1. */
int donut_word_choice(const char *word, const char *choices);

#endif
