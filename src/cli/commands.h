/* The subcommands: each parses its own arguments (argv[0] is its name) and returns the exit
 * status. */
#ifndef DONUT_CLI_COMMANDS_H
#define DONUT_CLI_COMMANDS_H

#include <stdio.h>

#include <stdio.h>

int donut_command_train(int argc, char **argv);
int donut_command_score(int argc, char **argv);
int donut_command_info(int argc, char **argv);
int donut_command_encode(int argc, char **argv);
int donut_command_decode(int argc, char **argv);
int donut_command_impute(int argc, char **argv);
int donut_command_evaluate(int argc, char **argv);
int donut_command_completion(int argc, char **argv);
int donut_command_help(int argc, char **argv);

struct donut_subcommand {
    const char *name, *usage, *brief;
    int (*run)(int argc, char **argv);
};

/* All of them; the last one has no name. */
extern const struct donut_subcommand donut_subcommands[];

/* NULL: there is none of that name, which has been said. */
const struct donut_subcommand *donut_subcommand_find(const char *name);

/* What `donut` says without a command, and what `donut --help` shows; returns the exit status. */
void donut_usage(FILE *stream);
int donut_help(void);

#endif
