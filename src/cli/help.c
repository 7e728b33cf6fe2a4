#include "cli/io.h"
#include "cli/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 29 /* where the texts begin */
#define HELP_WIDTH 79

static void default_widths(const struct donut_train_options *train, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < train->depth && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%zu", i ? "," : " [", train->hidden[i]);
    if (used < size)
        snprintf(out + used, size - used, "]");
}

static void default_choice(const struct donut_option *option, int index, char *out, size_t size)
{
    const char *word = option->argument;
    while (index-- > 0)
        word += strcspn(word, "|") + 1;
    snprintf(out, size, " [%.*s]", (int)strcspn(word, "|"), word);
}

/* " [120]", or "" where there is no default. */
static void default_words(const struct donut_option *option, const void *defaults, char *out,
                          size_t size)
{
    const void *value = (const char *)defaults + option->offset;
    out[0] = '\0';
    if (option->no_default)
        return;
    switch (option->kind) {
    case DONUT_OPTION_COUNT:
        snprintf(out, size, " [%zu]", *(const size_t *)value);
        return;
    case DONUT_OPTION_NUMBER:
        snprintf(out, size, " [%g]", *(const double *)value);
        return;
    case DONUT_OPTION_SEED:
        snprintf(out, size, " [%llu]", (unsigned long long)*(const uint64_t *)value);
        return;
    case DONUT_OPTION_CHOICE:
        default_choice(option, *(const int *)value, out, size);
        return;
    case DONUT_OPTION_WIDTHS:
        default_widths(value, out, size);
        return;
    case DONUT_OPTION_TEXT:
    case DONUT_OPTION_INTERVAL:
    case DONUT_OPTION_FLAG:
    case DONUT_OPTION_HELP:
        return;
    }
}

/* Prints the words of `text` from `column` on, wrapped and indented to HELP_COLUMN. */
static void print_wrapped(int column, const char *text)
{
    printf("%*s", column < HELP_COLUMN ? HELP_COLUMN - column : 0, "");
    if (column >= HELP_COLUMN)
        printf("\n%*s", HELP_COLUMN, "");
    column = HELP_COLUMN;
    for (bool first = true; *text; first = false) {
        const int length = (int)strcspn(text, " ");
        if (!first && column + 1 + length > HELP_WIDTH) {
            printf("\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (!first) {
            column += printf(" ");
        }
        column += printf("%.*s", length, text);
        text += length;
        text += *text == ' ';
    }
    putchar('\n');
}

static void print_option(const struct donut_option *option, const void *defaults)
{
    char text[320], value[64];
    if (option->group)
        printf("\n%s:\n", option->group);
    int column = option->letter ? printf("  -%c, ", option->letter) : printf("      ");
    column += printf("--%s", option->name);
    if (option->argument)
        column += printf(" %s", option->argument);
    default_words(option, defaults, value, sizeof value);
    snprintf(text, sizeof text, "%s%s", option->help, value);
    print_wrapped(column + 2 > HELP_COLUMN ? HELP_COLUMN : column, text);
}

int donut_options_help(const struct donut_command *command, const void *defaults)
{
    printf("Usage: donut %s %s\n%s\n", command->name, command->usage, command->summary);
    printf("\nExamples:\n%s", command->examples);
    for (size_t i = 0; i < command->n_options; i++)
        print_option(&command->options[i], defaults);
    if (command->notes)
        printf("\n%s", command->notes);
    return donut_close_stdout();
}
