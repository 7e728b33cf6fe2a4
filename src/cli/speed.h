/* The options --threads and --kernel. */
#ifndef DONUT_CLI_SPEED_H
#define DONUT_CLI_SPEED_H

#include "cli/options.h"

#include <stdbool.h>

/* In a table: `type` has a donut_train_options or donut_score_options called `field`. */
#define DONUT_SPEED_OPTIONS(type, field)                                                           \
    {.group = "Speed",                                                                             \
     .name = "threads",                                                                            \
     .kind = DONUT_OPTION_COUNT,                                                                   \
     .no_default = true,                                                                           \
     .argument = "N",                                                                              \
     .low = 1,                                                                                     \
     .high = DONUT_MAX_THREADS,                                                                    \
     .help = "threads; they change no result [all it may use]",                                    \
     .details = "By default as many as there are processors that the process may use, by its "     \
                "affinity and by the CPU quota of its control group.",                             \
     .offset = offsetof(type, field.threads)},                                                     \
    {                                                                                              \
        .name = "kernel", .kind = DONUT_OPTION_TEXT, .no_default = true, .argument = "NAME",       \
        .help = "instruction set, see donut --version [the fastest]",                              \
        .offset = offsetof(type, field.kernel)                                                     \
    }

/* Checks the kernel's name and settles the number of threads. Returns DONUT_GO_ON, or the exit
 * status when it has been said what is wrong. */
int donut_speed_settle(const struct donut_command *command, const char *kernel, size_t *threads);

/* "avx512 (used), avx2, plain": the instruction sets of this machine, fastest first. */
void donut_speed_list(char *text, size_t size);

#endif
