#include "cli/commands.h"
#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

/* Text inside single quotes, with a backslash before each of `escaped`. */
static void put(const char *text, size_t length, const char *escaped)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr(escaped, text[i]))
            putchar('\\');
        if (text[i] == '\'')
            printf("'\\''");
        else
            putchar(text[i]);
    }
}

/* ":message:action" of an argument; a blank action completes nothing but shows the message. */
static void put_argument(const char *argument, size_t length, const char *hint)
{
    const struct donut_completes completes = donut_completes(argument, length);
    putchar(':');
    put(argument, length, ":\\");
    if (*hint) {
        printf(", ");
        put(hint, strlen(hint), ":\\");
    }
    if (completes.words) {
        printf(":(");
        donut_completes_print(argument, length);
        printf(")");
    } else if (completes.command) {
        printf(":_donut_commands");
    } else if (completes.model && completes.csv) {
        printf(":_files -g \"*.(donut|csv)\"");
    } else if (completes.model || completes.csv) {
        printf(":_files -g \"*.%s\"", completes.model ? "donut" : "csv");
    } else {
        printf(completes.file ? ":_files" : ": ");
    }
}

/* '(-o --output)'{-o+,--output=}'[explanation]:message:action': "+" and "=" let the value follow
 * the option at once or as the next word. */
static void put_option(const struct donut_option *option)
{
    char wanted[DONUT_WANTED_SIZE];
    const char *sign = option->argument ? "=" : "", *plus = option->argument ? "+" : "";
    const bool again = option->kind == DONUT_OPTION_LIST;
    printf("        ");
    if (option->kind == DONUT_OPTION_HELP)
        printf("'(- *)'");
    else if (option->letter && !again)
        printf("'(-%c --%s)'", option->letter, option->name);
    if (option->letter)
        printf("%s{-%c%s,--%s%s}'", again ? "'*'" : "", option->letter, plus, option->name, sign);
    else
        printf("'%s--%s%s", again ? "*" : "", option->name, sign);
    putchar('[');
    put(option->help, donut_option_sentence(option), "[]\\");
    putchar(']');
    donut_option_wanted(option, wanted);
    if (option->argument)
        put_argument(option->argument, strlen(option->argument),
                     option->kind == DONUT_OPTION_CHOICE ? "" : wanted);
    printf("' \\\n");
}

static void begin(void)
{
    fputs("#compdef donut\n"
          "# Completion of donut for zsh, by 'donut completion zsh'.\n"
          "\n"
          "_donut_commands() {\n"
          "    local -a commands=(\n",
          stdout);
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++) {
        printf("        '%s:", at->name);
        put(at->brief, strlen(at->brief), ":\\");
        printf("'\n");
    }
    fputs("    )\n    _describe -t commands 'donut command' commands\n}\n\n", stdout);
}

static void command(const struct donut_command *command)
{
    size_t length;
    const char *operand = donut_completes_operand(command, &length);
    printf("_donut_%s() {\n    _arguments -s -S \\\n", command->name);
    for (size_t i = 0; i < command->n_options; i++)
        put_option(&command->options[i]);
    printf("        '");
    put_argument(operand, length, "");
    printf("'\n}\n\n");
}

static void end(void)
{
    fputs("_donut() {\n"
          "    local curcontext=$curcontext context state state_descr line ret=1\n"
          "    typeset -A opt_args\n"
          "    _arguments -C \\\n"
          "        '(- *)'{-h,--help}'[show what there is]' \\\n"
          "        '(- *)--version[show the version]' \\\n"
          "        '1:command:_donut_commands' \\\n"
          "        '*::argument:->arguments' && ret=0\n"
          "    if [[ $state = arguments ]] && (($+functions[_donut_$words[1]])); then\n"
          "        curcontext=${curcontext%:*:*}:donut-$words[1]:\n"
          "        _donut_$words[1] && ret=0\n"
          "    fi\n"
          "    return ret\n"
          "}\n"
          "\n"
          "if [[ $funcstack[1] = _donut ]]; then\n"
          "    _donut \"$@\"\n"
          "else\n"
          "    compdef _donut donut\n"
          "fi\n",
          stdout);
}

const struct donut_shell donut_shell_zsh = {"zsh", begin, command, end};
