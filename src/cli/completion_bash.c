#include "cli/commands.h"
#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

static const char helpers[] =
    "# Completion of donut for bash, by 'donut completion bash'.\n"
    "\n"
    "_donut_take() {\n"
    "    local line\n"
    "    while IFS= read -r line; do\n"
    "        [[ -z $line ]] || COMPREPLY+=(\"$before$line\")\n"
    "    done <<<\"$1\"\n"
    "}\n"
    "\n"
    "_donut_words() {\n"
    "    _donut_take \"$(compgen -W \"$1\" -- \"$word\")\"\n"
    "}\n"
    "\n"
    "# Files with these endings, if there are any, else all; and folders.\n"
    "_donut_files() {\n"
    "    local ending found='' name=${word#[\\\"\\']}\n"
    "    name=${name//\\\\/}\n"
    "    for ending; do\n"
    "        found+=$(compgen -f -X \"!*$ending\" -- \"$name\")$'\\n'\n"
    "    done\n"
    "    if [[ -n ${found//$'\\n'/} ]]; then\n"
    "        found+=$(compgen -d -- \"$name\")\n"
    "    else\n"
    "        found=$(compgen -f -- \"$name\")\n"
    "    fi\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    _donut_take \"$found\"\n"
    "}\n"
    "\n";

/* bash takes "--format=csv" apart at the '=', unless COMP_WORDBREAKS was told otherwise: both ways
 * are understood. */
static const char beginning[] = "_donut() {\n"
                                "    local word=${COMP_WORDS[COMP_CWORD]} option='' before='' i\n"
                                "    COMPREPLY=()\n"
                                "    if ((COMP_CWORD == 1)); then\n"
                                "        _donut_words \"$_donut_commands --help --version\"\n"
                                "        return\n"
                                "    fi\n"
                                "    option=${COMP_WORDS[COMP_CWORD - 1]}\n"
                                "    if [[ $word == '=' ]]; then\n"
                                "        word=''\n"
                                "    elif [[ $option == '=' ]]; then\n"
                                "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
                                "    elif [[ $word == --*=* ]]; then\n"
                                "        option=${word%%=*}\n"
                                "        before=$option=\n"
                                "        word=${word#*=}\n"
                                "    fi\n"
                                "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
                                "        [[ ${COMP_WORDS[i]} != -- ]] || option=--\n"
                                "    done\n"
                                "    case ${COMP_WORDS[1]} in\n";

static void begin(void)
{
    fputs(helpers, stdout);
    printf("_donut_commands='");
    for (size_t i = 0; donut_subcommands[i].name; i++)
        printf("%s%s", i ? " " : "", donut_subcommands[i].name);
    printf("'\n\n%s", beginning);
}

static void put_completes(const char *argument, size_t length)
{
    const struct donut_completes completes = donut_completes(argument, length);
    if (completes.words) {
        printf("_donut_words '");
        donut_completes_print(argument, length);
        printf("'");
    } else if (completes.command) {
        printf("_donut_words \"$_donut_commands\"");
    } else if (completes.model || completes.csv || completes.file) {
        printf("_donut_files%s%s", completes.model ? " .donut" : "", completes.csv ? " .csv" : "");
    } else {
        printf(":");
    }
}

static void put_option(const struct donut_option *option)
{
    if (!option->argument)
        return;
    printf("        --%s", option->name);
    if (option->letter)
        printf(" | -%c", option->letter);
    printf(") ");
    put_completes(option->argument, strlen(option->argument));
    printf(" ;;\n");
}

/* In -qo FILE the option with the value is the last letter: those before it, which take none, come
 * off. */
static void command(const struct donut_command *command)
{
    size_t length;
    const char *operand = donut_completes_operand(command, &length);
    printf("    %s)\n        while [[ $option == -[", command->name);
    for (size_t i = 0; i < command->n_options; i++)
        if (command->options[i].letter && !command->options[i].argument)
            putchar(command->options[i].letter);
    printf("]?* ]]; do\n            option=-${option:2}\n        done\n        case $option in\n");
    for (size_t i = 0; i < command->n_options; i++)
        put_option(&command->options[i]);
    printf("        *)\n"
           "            if [[ $word == -* && $option != -- ]]; then\n"
           "                _donut_words '");
    for (size_t i = 0; i < command->n_options; i++) {
        printf("%s--%s", i ? " " : "", command->options[i].name);
        if (command->options[i].letter)
            printf(" -%c", command->options[i].letter);
    }
    printf("'\n            else\n                ");
    put_completes(operand, length);
    printf("\n            fi\n            ;;\n        esac\n        ;;\n");
}

static void end(void)
{
    fputs("    esac\n}\n\ncomplete -F _donut donut\n", stdout);
}

const struct donut_shell donut_shell_bash = {"bash", begin, command, end};
