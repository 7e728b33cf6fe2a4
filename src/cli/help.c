#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 27 /* where the texts begin */
#define HELP_WIDTH 79

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
    char text[320], value[DONUT_DEFAULT_SIZE];
    if (option->group)
        printf("\n%s:\n", option->group);
    int column = option->letter ? printf("  -%c, ", option->letter) : printf("      ");
    column += printf("--%s", option->name);
    if (option->argument)
        column += printf(" %s", option->argument);
    donut_option_default(option, defaults, value);
    snprintf(text, sizeof text, "%.*s%s%s%s", (int)donut_option_sentence(option), option->help,
             *value ? " [" : "", value, *value ? "]" : "");
    print_wrapped(column + 2 > HELP_COLUMN ? HELP_COLUMN : column, text);
}

void donut_options_help(const struct donut_command *command, const void *defaults)
{
    printf("Usage: donut %s %s\n%s\n", command->name, command->usage, command->summary);
    printf("\nExamples:\n%s", command->examples);
    if (!command->options[0].group)
        putchar('\n');
    for (size_t i = 0; i < command->n_options; i++)
        print_option(&command->options[i], defaults);
    if (command->notes)
        printf("\n%s", command->notes);
}
