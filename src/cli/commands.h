/* The subcommands: each parses its own arguments (argv[0] is its name) and returns the exit
 * status. */
#ifndef DONUT_CLI_COMMANDS_H
#define DONUT_CLI_COMMANDS_H

int donut_command_train(int argc, char **argv);
int donut_command_score(int argc, char **argv);
int donut_command_evaluate(int argc, char **argv);

#endif
