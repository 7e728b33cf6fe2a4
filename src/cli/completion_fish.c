#include "cli/commands.h"
#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

static void put_quoted(const char *text, size_t length)
{
    putchar('\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'' || text[i] == '\\')
            putchar('\\');
        putchar(text[i]);
    }
    putchar('\'');
}

/* The arguments of `complete` for what completes an argument. -x takes its own words alone, -k
 * keeps their order: fish puts all files behind those with the one ending that it is told. */
static void put_argument(const char *argument, size_t length)
{
    const struct donut_completes completes = donut_completes(argument, length);
    if (completes.words) {
        printf(" -x -a '");
        donut_completes_print(argument, length);
        printf("'");
    } else if (completes.command) {
        printf(" -x -a \"$__donut_commands\"");
    } else if (completes.model || completes.csv) {
        printf(" -k -x -a '(__fish_complete_suffix %s)'", completes.model ? ".donut" : ".csv");
    } else {
        printf(completes.file ? " -r -F" : " -x");
    }
}

static void put_command(const struct donut_command *command)
{
    printf("complete -c donut -n '__donut_is %s'", command->name);
}

static void put_option(const struct donut_command *command, const struct donut_option *option)
{
    char text[400];
    put_command(command);
    printf(" -l %s", option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    if (option->argument)
        put_argument(option->argument, strlen(option->argument));
    const bool named = option->argument && option->kind != DONUT_OPTION_CHOICE;
    snprintf(text, sizeof text, "%.*s%s%s%s", (int)donut_option_sentence(option), option->help,
             named ? " (" : "", named ? option->argument : "", named ? ")" : "");
    printf(" -d ");
    put_quoted(text, strlen(text));
    putchar('\n');
}

static void begin(void)
{
    fputs("# Completion of donut for fish, by 'donut completion fish'.\n"
          "\n"
          "function __donut_is\n"
          "    set -l words (commandline -opc)\n"
          "    set -q words[2]; and test $words[2] = $argv[1]\n"
          "end\n"
          "\n"
          "function __donut_first\n"
          "    set -l words (commandline -opc)\n"
          "    not set -q words[2]\n"
          "end\n"
          "\n"
          "complete -c donut -f\n"
          "complete -c donut -n __donut_first -s h -l help -d 'show what there is'\n"
          "complete -c donut -n __donut_first -l version -d 'show the version'\n",
          stdout);
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++) {
        printf("complete -c donut -n __donut_first -a %s -d ", at->name);
        put_quoted(at->brief, strlen(at->brief));
        putchar('\n');
    }
    printf("set -g __donut_commands");
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++)
        printf(" %s", at->name);
    putchar('\n');
}

static void command(const struct donut_command *command)
{
    size_t length;
    const char *operand = donut_completes_operand(command, &length);
    putchar('\n');
    for (size_t i = 0; i < command->n_options; i++)
        put_option(command, &command->options[i]);
    put_command(command);
    put_argument(operand, length);
    putchar('\n');
}

/* Every part is complete in itself. */
static void end(void)
{
}

const struct donut_shell donut_shell_fish = {"fish", begin, command, end};
