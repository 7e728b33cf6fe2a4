#include "cli/options.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

/* " from 1 to 16384", " above 0 and below 1"; empty when any number will do. */
static void range_words(const struct donut_option *option, char *out, size_t size)
{
    const char *low = option->low_open ? "above" : "of at least";
    if (option->low == -DBL_MAX)
        out[0] = '\0';
    else if (option->high == 0)
        snprintf(out, size, " %s %.10g", low, option->low);
    else if (!option->low_open && !option->high_open)
        snprintf(out, size, " from %.10g to %.10g", option->low, option->high);
    else
        snprintf(out, size, " %s %.10g and %s %.10g", low, option->low,
                 option->high_open ? "below" : "at most", option->high);
}

void donut_option_wanted(const struct donut_option *option, char out[DONUT_WANTED_SIZE])
{
    char range[80];
    range_words(option, range, sizeof range);
    out[0] = '\0';
    switch (option->kind) {
    case DONUT_OPTION_COUNT:
        snprintf(out, DONUT_WANTED_SIZE, "a whole number%s", range);
        return;
    case DONUT_OPTION_NUMBER:
        snprintf(out, DONUT_WANTED_SIZE, "a number%s", range);
        return;
    case DONUT_OPTION_OR_ZERO:
        snprintf(out, DONUT_WANTED_SIZE, "0 or a number%s", range);
        return;
    case DONUT_OPTION_WEIGHT:
        snprintf(out, DONUT_WANTED_SIZE, "a number%s, or beta", range);
        return;
    case DONUT_OPTION_SEED:
        snprintf(out, DONUT_WANTED_SIZE, "a whole number from 0 to %llu",
                 (unsigned long long)UINT64_MAX);
        return;
    case DONUT_OPTION_CHOICE:
        snprintf(out, DONUT_WANTED_SIZE, "one of %s", option->argument);
        return;
    case DONUT_OPTION_WIDTHS:
        snprintf(out, DONUT_WANTED_SIZE, "1 to %d whole numbers from 1 to %d, like 100,100",
                 DONUT_MAX_DEPTH, DONUT_MAX_WIDTH);
        return;
    case DONUT_OPTION_CHANNELS:
        snprintf(out, DONUT_WANTED_SIZE, "%d whole numbers from 1 to %d, like 16,16",
                 DONUT_CONVOLUTIONS, DONUT_MAX_CHANNELS);
        return;
    case DONUT_OPTION_STEPS:
        snprintf(out, DONUT_WANTED_SIZE, "1 to %d rising whole numbers, like 0,100,200",
                 DONUT_MAX_STEPS);
        return;
    case DONUT_OPTION_INTERVAL:
        snprintf(out, DONUT_WANTED_SIZE, "a time from 1ms to 400d, like 60s, 5m or 1h");
        return;
    case DONUT_OPTION_LIST:
    case DONUT_OPTION_TEXT:
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        return;
    }
}

size_t donut_option_sentence(const struct donut_option *option)
{
    const size_t length = strlen(option->help);
    const char *bracket = strrchr(option->help, '[');
    if (!bracket || option->help[length - 1] != ']' || bracket == option->help)
        return length;
    return (size_t)(bracket - option->help) - 1;
}

/* "100,100" */
static void list_words(const size_t *numbers, size_t n, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%zu", i ? "," : "", numbers[i]);
}

static void widths_words(const struct donut_train_options *train, char *out, size_t size)
{
    list_words(train->hidden, train->depth, out, size);
}

static void weight_words(double weight, char out[DONUT_DEFAULT_SIZE])
{
    if (weight == DONUT_WEIGHT_BETA)
        snprintf(out, DONUT_DEFAULT_SIZE, "beta");
    else
        snprintf(out, DONUT_DEFAULT_SIZE, "%g", weight);
}

static void choice_words(const char *choices, int index, char *out, size_t size)
{
    while (index-- > 0)
        choices += strcspn(choices, "|") + 1;
    snprintf(out, size, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void bracket_words(const struct donut_option *option, char *out, size_t size)
{
    const size_t length = strlen(option->help), sentence = donut_option_sentence(option);
    if (sentence < length)
        snprintf(out, size, "%.*s", (int)(length - sentence - 3), option->help + sentence + 2);
}

void donut_option_default(const struct donut_option *option, const void *defaults,
                          char out[DONUT_DEFAULT_SIZE])
{
    out[0] = '\0';
    bracket_words(option, out, DONUT_DEFAULT_SIZE);
    if (option->no_default || !option->argument || out[0] != '\0')
        return;
    const void *value = (const char *)defaults + option->offset;
    switch (option->kind) {
    case DONUT_OPTION_COUNT:
        snprintf(out, DONUT_DEFAULT_SIZE, "%zu", *(const size_t *)value);
        return;
    case DONUT_OPTION_NUMBER:
    case DONUT_OPTION_OR_ZERO:
    case DONUT_OPTION_WEIGHT:
        weight_words(*(const double *)value, out);
        return;
    case DONUT_OPTION_SEED:
        snprintf(out, DONUT_DEFAULT_SIZE, "%llu", (unsigned long long)*(const uint64_t *)value);
        return;
    case DONUT_OPTION_CHOICE:
        choice_words(option->argument, *(const int *)value, out, DONUT_DEFAULT_SIZE);
        return;
    case DONUT_OPTION_WIDTHS:
        widths_words(value, out, DONUT_DEFAULT_SIZE);
        return;
    case DONUT_OPTION_CHANNELS:
        list_words(value, DONUT_CONVOLUTIONS, out, DONUT_DEFAULT_SIZE);
        return;
    case DONUT_OPTION_TEXT:
    case DONUT_OPTION_LIST:
    case DONUT_OPTION_STEPS:
    case DONUT_OPTION_INTERVAL:
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        return;
    }
}
