#include "cli/options.h"

#include "cli/io.h"
#include "cli/words.h"

#include <float.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What the parser is at: `seen` has a bit for every option of the table. */
struct parser {
    const struct donut_command *command;
    int argc, next;
    char **argv;
    const void *defaults;
    void *arguments;
    const char **operand;
    uint64_t seen;
    bool operands_only;
    int exit_status; /* once a step has returned false */
};

static void say_misuse(const struct donut_command *command, const char *format, va_list args)
{
    struct donut_text text = {0};
    donut_text_print(&text, "donut: ");
    donut_text_print_list(&text, format, args);
    donut_say_text(&text);
    donut_say("Try 'donut %s --help'.", command->name);
}

int donut_misuse(const struct donut_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_misuse(command, format, args);
    va_end(args);
    return DONUT_EXIT_MISUSE;
}

static bool DONUT_PRINTF(2, 3) refuse(struct parser *parser, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_misuse(parser->command, format, args);
    va_end(args);
    parser->exit_status = DONUT_EXIT_MISUSE;
    return false;
}

static bool inside(const struct donut_option *option, double x)
{
    const bool above = option->low_open ? x > option->low : x >= option->low;
    const bool below = option->high_open ? x < option->high : x <= option->high;
    return above && (below || option->high == 0);
}

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

static bool store_count(const struct donut_option *option, const char *word, size_t *out)
{
    uint64_t value;
    if (!donut_word_unsigned(word, &value) || value > SIZE_MAX || !inside(option, (double)value))
        return false;
    *out = (size_t)value;
    return true;
}

static bool store_number(const struct donut_option *option, const char *word, double *out)
{
    double value;
    if (!donut_word_number(word, &value) || !inside(option, value))
        return false;
    *out = value;
    return true;
}

static bool store_choice(const struct donut_option *option, const char *word, int *out)
{
    const int index = donut_word_choice(word, option->argument);
    if (index >= 0)
        *out = index;
    return index >= 0;
}

static bool store_widths(const char *word, struct donut_train_options *out)
{
    return donut_word_widths(word, &out->depth, out->hidden);
}

static bool store_text(const char *word, const char **out)
{
    *out = word;
    return *word != '\0';
}

static bool store(const struct donut_option *option, const char *word, void *arguments)
{
    void *target = (char *)arguments + option->offset;
    switch (option->kind) {
    case DONUT_OPTION_TEXT:
        return store_text(word, target);
    case DONUT_OPTION_COUNT:
        return store_count(option, word, target);
    case DONUT_OPTION_NUMBER:
        return store_number(option, word, target);
    case DONUT_OPTION_SEED:
        return donut_word_unsigned(word, target);
    case DONUT_OPTION_CHOICE:
        return store_choice(option, word, target);
    case DONUT_OPTION_WIDTHS:
        return store_widths(word, target);
    case DONUT_OPTION_INTERVAL:
        return donut_word_interval(word, target);
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        break;
    }
    return false;
}

/* What store() wants to see, for the sentence about what it refused. */
static void wanted(const struct donut_option *option, char *out, size_t size)
{
    char range[80];
    range_words(option, range, sizeof range);
    switch (option->kind) {
    case DONUT_OPTION_COUNT:
        snprintf(out, size, "a whole number%s", range);
        return;
    case DONUT_OPTION_NUMBER:
        snprintf(out, size, "a number%s", range);
        return;
    case DONUT_OPTION_SEED:
        snprintf(out, size, "a whole number from 0 to %llu", (unsigned long long)UINT64_MAX);
        return;
    case DONUT_OPTION_CHOICE:
        snprintf(out, size, "one of %s", option->argument);
        return;
    case DONUT_OPTION_WIDTHS:
        snprintf(out, size, "1 to %d whole numbers from 1 to %d, like 100,100", DONUT_MAX_DEPTH,
                 DONUT_MAX_WIDTH);
        return;
    case DONUT_OPTION_INTERVAL:
        snprintf(out, size, "a time from 1ms to 400d, like 60s, 5m or 1h");
        return;
    case DONUT_OPTION_TEXT:
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        snprintf(out, size, "a name");
    }
}

/* Takes one option with its value: what follows '=' or the letter, else the next word. */
static bool take(struct parser *parser, const struct donut_option *option, const char *value)
{
    const uint64_t bit = (uint64_t)1 << (option - parser->command->options);
    if (option->kind == DONUT_OPTION_HELP) {
        parser->exit_status = donut_options_help(parser->command, parser->defaults);
        return false;
    }
    if (parser->seen & bit)
        return refuse(parser, "--%s is given twice", option->name);
    parser->seen |= bit;
    if (option->kind == DONUT_OPTION_FLAG) {
        *(bool *)(void *)((char *)parser->arguments + option->offset) = true;
        return true;
    }
    if (!value) {
        if (parser->next == parser->argc)
            return refuse(parser, "--%s needs a value: %s", option->name, option->argument);
        value = parser->argv[parser->next++];
    }
    if (store(option, value, parser->arguments))
        return true;
    char what[128], quoted[DONUT_QUOTE_SIZE];
    wanted(option, what, sizeof what);
    return refuse(parser, "--%s must be %s, not '%s'", option->name, what,
                  donut_quote(quoted, value, strlen(value)));
}

static bool take_long(struct parser *parser, const char *word)
{
    char quoted[DONUT_QUOTE_SIZE];
    const size_t length = strcspn(word, "=");
    for (size_t i = 0; i < parser->command->n_options; i++) {
        const struct donut_option *option = &parser->command->options[i];
        if (strlen(option->name) != length || memcmp(option->name, word, length) != 0)
            continue;
        if (word[length] == '=' && !option->argument)
            return refuse(parser, "--%s takes no value", option->name);
        return take(parser, option, word[length] == '=' ? word + length + 1 : NULL);
    }
    return refuse(parser, "unknown option '--%s'", donut_quote(quoted, word, length));
}

/* A word of letters, -q or -qo FILE or -oFILE. */
static bool take_letters(struct parser *parser, const char *word)
{
    while (*word) {
        const struct donut_option *option = NULL;
        for (size_t i = 0; i < parser->command->n_options && !option; i++)
            if (parser->command->options[i].letter == *word)
                option = &parser->command->options[i];
        char quoted[DONUT_QUOTE_SIZE];
        if (!option)
            return refuse(parser, "unknown option '-%s'", donut_quote(quoted, word, 1));
        word++;
        if (option->argument)
            return take(parser, option, *word ? word : NULL);
        if (!take(parser, option, NULL))
            return false;
    }
    return true;
}

static bool take_operand(struct parser *parser, const char *word)
{
    char quoted[DONUT_QUOTE_SIZE];
    if (*word == '\0')
        return refuse(parser, "a file name is empty");
    if (*parser->operand)
        return refuse(parser, "one file at a time: unexpected '%s'",
                      donut_quote(quoted, word, strlen(word)));
    *parser->operand = word;
    return true;
}

static bool take_word(struct parser *parser, const char *word)
{
    if (parser->operands_only || word[0] != '-' || word[1] == '\0')
        return take_operand(parser, word);
    if (word[1] != '-')
        return take_letters(parser, word + 1);
    if (word[2] != '\0')
        return take_long(parser, word + 2);
    parser->operands_only = true;
    return true;
}

int donut_options_parse(const struct donut_command *command, int argc, char **argv,
                        const void *defaults, void *arguments, const char **operand)
{
    struct parser parser = {.command = command,
                            .argc = argc,
                            .next = 1,
                            .argv = argv,
                            .defaults = defaults,
                            .arguments = arguments,
                            .operand = operand};
    *operand = NULL;
    while (parser.next < argc)
        if (!take_word(&parser, argv[parser.next++]))
            return parser.exit_status;
    return DONUT_GO_ON;
}
