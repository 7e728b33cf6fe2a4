/* Completions for shells, made from the option tables. */
#ifndef DONUT_CLI_COMPLETION_H
#define DONUT_CLI_COMPLETION_H

#include "cli/options.h"

/* What may stand for an argument, by the words between the bars of its name. MODEL and BUNDLE are
 * files named *.donut, X.csv is a file named *.csv, FILE is any file, COMMAND is a subcommand, and
 * what is written in small letters stands for itself. Nothing completes another name. */
struct donut_completes {
    bool model, csv, file, command, words;
};

struct donut_completes donut_completes(const char *argument, size_t length);

/* The operand at the end of a command's usage, without brackets. */
const char *donut_completes_operand(const struct donut_command *command, size_t *length);

/* Prints the words that stand for themselves. */
void donut_completes_print(const char *argument, size_t length);

/* A shell's script is what `begin` prints, then every command's part, then what `end` prints. */
struct donut_shell {
    const char *name;
    void (*begin)(void);
    void (*command)(const struct donut_command *command);
    void (*end)(void);
};

extern const struct donut_shell donut_shell_bash, donut_shell_zsh, donut_shell_fish;

/* NULL: no such shell. */
const struct donut_shell *donut_shell_find(const char *name);

/* Prints a command's part of the script for a shell; false: no such shell. */
bool donut_options_complete(const struct donut_command *command, const char *shell);

#endif
