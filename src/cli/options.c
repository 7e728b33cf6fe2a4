#include "cli/options.h"

#include "cli/completion.h"
#include "cli/io.h"
#include "cli/nearest.h"
#include "cli/words.h"

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

/* The help, or another of the forms that the table has. A part of a completion script is not all
 * that is printed: whoever asked for it ends the output. */
static bool show(struct parser *parser, const char *form)
{
    const struct donut_command *command = parser->command;
    parser->exit_status = 0;
    if (form && donut_options_complete(command, form))
        return false;
    if (form && strcmp(form, "mdoc") != 0)
        return refuse(parser, "--help takes no value");
    if (form)
        donut_options_manual(command, parser->defaults);
    else
        donut_options_help(command, parser->defaults);
    parser->exit_status = donut_close_stdout();
    return false;
}

static bool inside(const struct donut_option *option, double x)
{
    const bool above = option->low_open ? x > option->low : x >= option->low;
    const bool below = option->high_open ? x < option->high : x <= option->high;
    return above && (below || option->high == 0);
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

static bool store_or_zero(const struct donut_option *option, const char *word, double *out)
{
    double value;
    if (!donut_word_number(word, &value) || value != 0)
        return store_number(option, word, out);
    *out = 0;
    return true;
}

static bool store_weight(const struct donut_option *option, const char *word, double *out)
{
    if (strcmp(word, "beta") != 0)
        return store_number(option, word, out);
    *out = DONUT_WEIGHT_BETA;
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

static bool store_steps(const char *word, struct donut_option_steps *out)
{
    out->n = donut_word_steps(word, DONUT_MAX_STEPS, out->step);
    return out->n > 0;
}

static bool store_text(const char *word, const char **out)
{
    *out = word;
    return *word != '\0';
}

static bool store_another(const char *word, struct donut_option_words *out)
{
    if (*word == '\0' || out->n == DONUT_MAX_WORDS)
        return false;
    out->word[out->n++] = word;
    return true;
}

static bool store(const struct donut_option *option, const char *word, void *arguments)
{
    void *target = (char *)arguments + option->offset;
    switch (option->kind) {
    case DONUT_OPTION_TEXT:
        return store_text(word, target);
    case DONUT_OPTION_LIST:
        return store_another(word, target);
    case DONUT_OPTION_COUNT:
        return store_count(option, word, target);
    case DONUT_OPTION_NUMBER:
        return store_number(option, word, target);
    case DONUT_OPTION_OR_ZERO:
        return store_or_zero(option, word, target);
    case DONUT_OPTION_WEIGHT:
        return store_weight(option, word, target);
    case DONUT_OPTION_SEED:
        return donut_word_unsigned(word, target);
    case DONUT_OPTION_CHOICE:
        return store_choice(option, word, target);
    case DONUT_OPTION_WIDTHS:
        return store_widths(word, target);
    case DONUT_OPTION_CHANNELS:
        return donut_word_channels(word, target);
    case DONUT_OPTION_STEPS:
        return store_steps(word, target);
    case DONUT_OPTION_INTERVAL:
        return donut_word_interval(word, target);
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        break;
    }
    return false;
}

/* Says that an option has no such value, and which of its choices it may be meant to be. */
static bool refuse_value(struct parser *parser, const struct donut_option *option,
                         const char *value)
{
    char wanted[DONUT_WANTED_SIZE], quoted[DONUT_QUOTE_SIZE], meant[DONUT_NEAREST_SIZE] = "";
    if (option->kind == DONUT_OPTION_LIST && *value != '\0')
        return refuse(parser, "--%s is given more than %d times", option->name, DONUT_MAX_WORDS);
    donut_option_wanted(option, wanted);
    if (option->kind == DONUT_OPTION_CHOICE) {
        struct donut_nearest nearest = {.word = value, .length = strlen(value)};
        for (const char *word = option->argument; *word; word += *word == '|') {
            const size_t length = strcspn(word, "|");
            donut_nearest_try(&nearest, word, length);
            word += length;
        }
        donut_nearest_words(&nearest, "", meant);
    }
    return refuse(parser, "--%s must be %s, not '%s'%s", option->name, *wanted ? wanted : "a name",
                  donut_quote(quoted, value, strlen(value)), meant);
}

static const struct donut_option *find_long(const struct donut_command *command, const char *word,
                                            size_t length)
{
    for (size_t i = 0; i < command->n_options; i++) {
        const char *name = command->options[i].name;
        if (strlen(name) == length && memcmp(name, word, length) == 0)
            return &command->options[i];
    }
    return NULL;
}

static const struct donut_option *find_letter(const struct donut_command *command, char letter)
{
    for (size_t i = 0; i < command->n_options; i++)
        if (letter != '\0' && command->options[i].letter == letter)
            return &command->options[i];
    return NULL;
}

/* Whether a word where a value should be is an option by all appearances. */
static bool is_option(const struct donut_command *command, const char *word)
{
    if (word[0] != '-' || word[1] == '\0')
        return false;
    if (word[1] == '-')
        return find_long(command, word + 2, strcspn(word + 2, "=")) != NULL;
    return word[2] == '\0' && find_letter(command, word[1]);
}

/* Finds the value of an option in the next word; NULL: refused. */
static const char *next_value(struct parser *parser, const struct donut_option *option)
{
    if (parser->next == parser->argc) {
        refuse(parser, "--%s needs a value: %s", option->name, option->argument);
        return NULL;
    }
    const char *word = parser->argv[parser->next];
    if (is_option(parser->command, word)) {
        const bool any = option->kind == DONUT_OPTION_TEXT || option->kind == DONUT_OPTION_LIST;
        refuse(parser, "--%s needs a value: %s; '%s' is an option%s", option->name,
               option->argument, word,
               any ? " (if it is meant as a value, put it behind a '=')" : "");
        return NULL;
    }
    parser->next++;
    return word;
}

/* Takes one option with its value: what follows '=' or the letter, else the next word. */
static bool take(struct parser *parser, const struct donut_option *option, const char *value)
{
    const uint64_t bit = (uint64_t)1 << (option - parser->command->options);
    if (option->kind == DONUT_OPTION_HELP)
        return show(parser, value);
    if ((parser->seen & bit) && option->kind != DONUT_OPTION_LIST)
        return refuse(parser, "--%s is given twice", option->name);
    parser->seen |= bit;
    if (option->kind == DONUT_OPTION_FLAG) {
        *(bool *)(void *)((char *)parser->arguments + option->offset) = true;
        return true;
    }
    if (!value)
        value = next_value(parser, option);
    if (!value)
        return false;
    return store(option, value, parser->arguments) || refuse_value(parser, option, value);
}

static bool refuse_name(struct parser *parser, const char *dashes, const char *word, size_t length)
{
    char quoted[DONUT_QUOTE_SIZE], meant[DONUT_NEAREST_SIZE];
    struct donut_nearest nearest = {.word = word, .length = length};
    for (size_t i = 0; i < parser->command->n_options; i++) {
        const char *name = parser->command->options[i].name;
        donut_nearest_try(&nearest, name, strlen(name));
    }
    donut_nearest_words(&nearest, "--", meant);
    return refuse(parser, "unknown option '%s%s'%s", dashes, donut_quote(quoted, word, length),
                  meant);
}

static bool take_long(struct parser *parser, const char *word)
{
    const size_t length = strcspn(word, "=");
    const struct donut_option *option = find_long(parser->command, word, length);
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (!option)
        return refuse_name(parser, "--", word, length);
    if (value && !option->argument && option->kind != DONUT_OPTION_HELP)
        return refuse(parser, "--%s takes no value", option->name);
    return take(parser, option, value);
}

/* A word of letters, -q or -qo FILE or -oFILE. */
static bool take_letters(struct parser *parser, const char *word)
{
    char quoted[DONUT_QUOTE_SIZE];
    const size_t length = strcspn(word, "=");
    /* "-follow" would be -f and -o with the file "llow". */
    if (find_long(parser->command, word, length))
        return refuse_name(parser, "-", word, length);
    while (*word) {
        const struct donut_option *option = find_letter(parser->command, *word);
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
    const bool file = strstr(parser->command->usage, ".csv") != NULL;
    if (*word == '\0')
        return refuse(parser, file ? "a file name is empty" : "an empty name");
    if (*parser->operand)
        return refuse(parser, "one %s at a time: unexpected '%s'", file ? "file" : "name",
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
