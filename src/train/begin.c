#include "train/begin.h"

#include "base/status.h"
#include "data/grid.h"
#include "data/number.h"

#include <stdio.h>
#include <string.h>

/* Room for the widths of all hidden layers. */
#define WIDTHS_SIZE (6 * DONUT_MAX_DEPTH)

static const char *widths(const struct donut_train_options *opt, char out[WIDTHS_SIZE])
{
    int length = 0;
    for (size_t i = 0; i < opt->depth; i++)
        length += snprintf(out + length, WIDTHS_SIZE - (size_t)length, "%s%zu", i ? "," : "",
                           opt->hidden[i]);
    return out;
}

static bool same_widths(const struct donut_train_options *a, const struct donut_train_options *b)
{
    return a->depth == b->depth &&
           memcmp(a->hidden, b->hidden, a->depth * sizeof a->hidden[0]) == 0;
}

static bool same_encoder(const struct donut_train_options *a, const struct donut_train_options *b)
{
    return a->encoder == b->encoder && (a->encoder == DONUT_ENCODER_DENSE ||
                                        memcmp(a->channels, b->channels, sizeof a->channels) == 0);
}

static enum donut_status check_latent(const struct donut_train_options *opt,
                                      const struct donut_train_options *its,
                                      struct donut_error *err)
{
    if (!same_encoder(its, opt))
        return donut_fail(err, DONUT_EARGUMENT, "the model to begin with has another encoder: %s",
                          its->encoder == DONUT_ENCODER_DENSE ? "a dense one"
                          : opt->encoder == DONUT_ENCODER_CNN ? "other channels"
                                                              : "a cnn");
    if (its->student_df != opt->student_df)
        return donut_fail(err, DONUT_EARGUMENT,
                          "the model to begin with has another distribution of z: degrees of "
                          "freedom %g, not %g (0 is the normal one)",
                          its->student_df, opt->student_df);
    return DONUT_OK;
}

static enum donut_status check_shape(const struct donut_train_options *opt,
                                     const struct donut_train_options *its, struct donut_error *err)
{
    char its_widths[WIDTHS_SIZE], our_widths[WIDTHS_SIZE];
    if (opt->window > 0 && its->window != opt->window)
        return donut_fail(err, DONUT_EARGUMENT,
                          "the model to begin with has a window of %zu points, not of %zu",
                          its->window, opt->window);
    if (its->latent != opt->latent)
        return donut_fail(err, DONUT_EARGUMENT,
                          "the model to begin with has a latent size of %zu, not of %zu",
                          its->latent, opt->latent);
    if (!same_widths(its, opt))
        return donut_fail(err, DONUT_EARGUMENT,
                          "the model to begin with has hidden layers of %s, not of %s",
                          widths(its, its_widths), widths(opt, our_widths));
    const enum donut_status status = check_latent(opt, its, err);
    if (status != DONUT_OK || its->std_epsilon == opt->std_epsilon)
        return status;
    char its_epsilon[DONUT_NUMBER_SIZE + 1] = "", our_epsilon[DONUT_NUMBER_SIZE + 1] = "";
    (void)donut_format_double(its->std_epsilon, its_epsilon);
    (void)donut_format_double(opt->std_epsilon, our_epsilon);
    return donut_fail(err, DONUT_EARGUMENT,
                      "the model to begin with has a std epsilon of %s, not of %s", its_epsilon,
                      our_epsilon);
}

enum donut_status donut_begin_check(const struct donut_train_options *opt, int64_t interval_ms,
                                    struct donut_error *err)
{
    char its_interval[DONUT_INTERVAL_SIZE], our_interval[DONUT_INTERVAL_SIZE];
    if (!opt->init)
        return DONUT_OK;
    const struct donut_model_info *info = &opt->init->info;
    const enum donut_status status = check_shape(opt, &info->options, err);
    if (status != DONUT_OK || info->interval_ms == interval_ms)
        return status;
    return donut_fail(
        err, DONUT_EINPUT,
        "the KPI has a point every %s, but the model to begin with was trained on one "
        "with a point every %s",
        donut_interval_describe(interval_ms, our_interval),
        donut_interval_describe(info->interval_ms, its_interval));
}

void donut_begin(const struct donut_train_options *opt, struct donut_vae *vae)
{
    if (opt->init)
        memcpy(vae->block, opt->init->vae.block, vae->size * sizeof *vae->block);
    else
        donut_vae_initialise(vae, opt->seed);
    donut_vae_hide(vae);
}
