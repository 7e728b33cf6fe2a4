/* `donut train --snapshots`: models of the parameters in the middle of training, each in a file of
 * its own beside the model's. */
#ifndef DONUT_CLI_SNAPSHOTS_H
#define DONUT_CLI_SNAPSHOTS_H

#include "cli/train_options.h"

/* Where those of one run go to. */
struct donut_snapshot_files {
    const struct donut_train_arguments *arguments;
    size_t written, step[DONUT_MAX_STEPS]; /* how many there are, and of which steps, in order */
    char *failed;                          /* the file that could not be written; NULL = none */
};

/* Whether the snapshots' files can be written and are none that is read. Returns DONUT_GO_ON, or
 * the exit status when it has been said what is wrong. */
int donut_snapshots_check(const char *input, const struct donut_train_arguments *arguments);

/* Has training with these options write them; `files` and `arguments` outlive it. */
void donut_snapshots_begin(const struct donut_train_arguments *arguments,
                           struct donut_train_options *opt, struct donut_snapshot_files *files);
void donut_snapshots_free(struct donut_snapshot_files *files);

/* Says which of them there are not, and why: training ended after so many steps, or went through a
 * state without finite scores. */
void donut_snapshots_conclude(const struct donut_snapshot_files *files, size_t steps);

#endif
