#include "cli/words.h"

#include "data/grid.h"
#include "data/number.h"

#include <string.h>

/* Reads digits up to the first other character; false: none, or more than 64 bits. */
static bool read_digits(const char **at, uint64_t *out)
{
    const char *p = *at;
    uint64_t value = 0;
    if (*p < '0' || *p > '9')
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        const unsigned digit = (unsigned)(*p - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *at = p;
    *out = value;
    return true;
}

bool donut_word_unsigned(const char *word, uint64_t *out)
{
    return read_digits(&word, out) && *word == '\0';
}

bool donut_word_number(const char *word, double *out)
{
    return donut_number_parse(word, strlen(word), out) == DONUT_NUMBER_OK;
}

bool donut_word_interval(const char *word, int64_t *milliseconds)
{
    static const struct {
        const char *unit;
        uint64_t milliseconds;
    } units[] = {{"", 1000},     {"ms", 1},      {"s", 1000},    {"m", 60000},
                 {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
    uint64_t count;
    if (!read_digits(&word, &count) || count == 0)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(word, units[i].unit) != 0)
            continue;
        if (count > (uint64_t)DONUT_MAX_INTERVAL_MS / units[i].milliseconds)
            return false;
        *milliseconds = (int64_t)(count * units[i].milliseconds);
        return true;
    }
    return false;
}

/* 1 to `most` whole numbers from `lowest` to `highest` between commas; 0 = they are not. */
static size_t read_list(const char *word, size_t most, uint64_t lowest, uint64_t highest,
                        size_t *out)
{
    size_t n = 0;
    for (;; word++) {
        uint64_t number;
        if (n == most || !read_digits(&word, &number) || number < lowest || number > highest)
            return 0;
        out[n++] = (size_t)number;
        if (*word != ',')
            break;
    }
    return *word == '\0' ? n : 0;
}

bool donut_word_widths(const char *word, size_t *depth, size_t widths[DONUT_MAX_DEPTH])
{
    *depth = read_list(word, DONUT_MAX_DEPTH, 1, DONUT_MAX_WIDTH, widths);
    return *depth > 0;
}

bool donut_word_channels(const char *word, size_t channels[DONUT_CONVOLUTIONS])
{
    return read_list(word, DONUT_CONVOLUTIONS, 1, DONUT_MAX_CHANNELS, channels) ==
           DONUT_CONVOLUTIONS;
}

size_t donut_word_steps(const char *word, size_t most, size_t *steps)
{
    const size_t n = read_list(word, most, 0, SIZE_MAX, steps);
    for (size_t i = 1; i < n; i++)
        if (steps[i] <= steps[i - 1])
            return 0;
    return n;
}

int donut_word_choice(const char *word, const char *choices)
{
    const size_t length = strlen(word);
    for (int i = 0;; i++) {
        const size_t size = strcspn(choices, "|");
        if (size == length && memcmp(word, choices, size) == 0)
            return i;
        if (choices[size] == '\0')
            return -1;
        choices += size + 1;
    }
}
