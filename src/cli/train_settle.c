#define _XOPEN_SOURCE 700

#include "cli/io.h"
#include "cli/snapshots.h"
#include "cli/speed.h"
#include "cli/train_options.h"

#include <unistd.h>

struct donut_train_arguments donut_train_argument_defaults(bool paper)
{
    const struct donut_train_options train = paper ? donut_train_paper() : donut_train_defaults();
    return (struct donut_train_arguments){
        .train = train,
        .missing_fill = (int)train.missing_fill,
        .clip_by = (int)train.clip_by,
        .sampler = train.sampler == DONUT_SAMPLER_MC,
        .encoder = (int)train.encoder,
        .elbo = (int)train.elbo,
        .windows = (int)train.windows,
        .score_by = (int)train.score_by - (int)DONUT_SCORE_RECONSTRUCTION,
        .schedule = (int)train.schedule,
        .scale_by = (int)train.scale_by,
        .verdict_by = (int)train.verdict_by - (int)DONUT_VERDICT_BOTH};
}

/* The flags say otherwise than the default, or what it says anyway. */
static int settle_hiding(struct donut_train_arguments *arguments)
{
    struct donut_train_options *train = &arguments->train;
    if (arguments->hide_last && arguments->no_hide_last)
        return donut_misuse(&donut_train_command,
                            "--hide-last and --no-hide-last contradict each other");
    if (arguments->hide_last && train->encoder != DONUT_ENCODER_DENSE)
        return donut_misuse(&donut_train_command,
                            "--hide-last needs --encoder dense: convolutions see every point");
    if (arguments->hide_last && train->window == 1)
        return donut_misuse(&donut_train_command, "--hide-last needs a --window of 2 at least");
    if (arguments->no_hide_last || train->encoder != DONUT_ENCODER_DENSE || train->window == 1)
        train->hide_last = false;
    if (arguments->hide_last)
        train->hide_last = true;
    return DONUT_GO_ON;
}

int donut_train_settle(struct donut_train_arguments *arguments)
{
    struct donut_train_options *train = &arguments->train;
    train->missing_fill = (enum donut_missing_fill)arguments->missing_fill;
    train->clip_by = (enum donut_clip_by)arguments->clip_by;
    train->sampler = arguments->sampler ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    train->encoder = (enum donut_encoder)arguments->encoder;
    train->elbo = (enum donut_elbo)arguments->elbo;
    train->windows = (enum donut_windows)arguments->windows;
    train->score_by = (enum donut_score_kind)(DONUT_SCORE_RECONSTRUCTION + arguments->score_by);
    train->schedule = (enum donut_schedule)arguments->schedule;
    train->scale_by = (enum donut_scale_by)arguments->scale_by;
    train->verdict_by = (enum donut_verdict_by)(DONUT_VERDICT_BOTH + arguments->verdict_by);
    arguments->csv.ignore_labels = train->ignore_labels;
    const int exit_status = settle_hiding(arguments);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    return donut_speed_settle(&donut_train_command, train->kernel, &train->threads);
}

int donut_train_check(const char *input, const struct donut_train_arguments *arguments)
{
    struct donut_error err = {0};
    const char *output = arguments->output;
    if (donut_is_dash(output) && isatty(STDOUT_FILENO))
        return donut_misuse(&donut_train_command,
                            "a model is not for the terminal; redirect standard output");
    if (donut_same_file(input, output))
        return donut_misuse(&donut_train_command,
                            "the model %s would overwrite the KPI it is trained on",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return donut_snapshots_check(input, arguments);
}
