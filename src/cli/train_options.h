/* The command line of `donut train`. */
#ifndef DONUT_CLI_TRAIN_OPTIONS_H
#define DONUT_CLI_TRAIN_OPTIONS_H

#include "cli/options.h"
#include "cli/progress.h"

struct donut_train_arguments {
    struct donut_train_options train;
    struct donut_csv_options csv;
    struct donut_talk talk;
    const char *output, *from, *to, *init;
    bool paper, hide_last, no_hide_last; /* flags given */
    /* As the choices of the table stand. */
    int missing_fill, clip_by, sampler, encoder, elbo, windows, score_by, schedule, scale_by;
    int verdict_by; /* likewise; -1: not given */
    struct donut_option_steps snapshots;
};

extern const struct donut_command donut_train_command;

/* What holds where the command line does not say, or what held in the paper. */
struct donut_train_arguments donut_train_argument_defaults(bool paper);

/* The options that do not stand where they are used: choices, threads, the kernel's name. Returns
 * DONUT_GO_ON, or the exit status when it has been said what is wrong. */
int donut_train_settle(struct donut_train_arguments *arguments);

/* Whether the command line makes sense, before anything is read; likewise. */
int donut_train_check(const char *input, const struct donut_train_arguments *arguments);

#endif
