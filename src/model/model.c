#include "model/model.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

static const char *shape_complaint(const struct donut_train_options *opt)
{
    if (opt->window > DONUT_MAX_WIDTH)
        return "the window must be 1 to 16384 points, or 0 to be chosen";
    if (opt->latent < 1 || opt->latent > DONUT_MAX_WIDTH)
        return "the latent size must be 1 to 16384";
    if (opt->depth < 1 || opt->depth > DONUT_MAX_DEPTH)
        return "there must be 1 to 8 hidden layers";
    for (size_t i = 0; i < opt->depth; i++)
        if (opt->hidden[i] < 1 || opt->hidden[i] > DONUT_MAX_WIDTH)
            return "the width of a hidden layer must be 1 to 16384";
    if (!(opt->std_epsilon > 0 && opt->std_epsilon <= 1))
        return "the std epsilon must be above 0 and at most 1";
    return NULL;
}

static bool is_weight(double weight)
{
    return (weight >= 0 && weight <= 1000) || weight == DONUT_WEIGHT_BETA;
}

/* 0 is the normal distribution. */
static bool is_df(double df)
{
    return df == 0 || (df >= 1 && df <= 1e6);
}

static const char *latent_complaint(const struct donut_train_options *opt)
{
    if (opt->encoder != DONUT_ENCODER_DENSE && opt->encoder != DONUT_ENCODER_CNN)
        return "the encoder is dense or cnn";
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        if (opt->channels[i] < 1 || opt->channels[i] > DONUT_MAX_CHANNELS)
            return "the channels of a convolution must be 1 to 1024";
    if (opt->encoder == DONUT_ENCODER_CNN && opt->window > 0 && opt->window < DONUT_CNN_MIN_WINDOW)
        return "the cnn encoder needs a window of at least 10 points";
    if (!is_df(opt->student_df) || !is_df(opt->likelihood_df))
        return "the degrees of freedom of Student's t must be 1 to 1000000";
    return NULL;
}

static const char *objective_complaint(const struct donut_train_options *opt)
{
    if (opt->elbo != DONUT_ELBO_MODIFIED && opt->elbo != DONUT_ELBO_PLAIN)
        return "the objective is the modified or the plain ELBO";
    if (!(opt->reconstruction_weight >= 0 && opt->reconstruction_weight <= 1000))
        return "the weight of the reconstruction must be 0 to 1000";
    if (!is_weight(opt->prior_weight))
        return "the weight of the prior must be 0 to 1000, or beta";
    if (!is_weight(opt->entropy_weight))
        return "the weight of the entropy must be 0 to 1000, or beta";
    if (opt->windows != DONUT_WINDOWS_ALL && opt->windows != DONUT_WINDOWS_NORMAL)
        return "all windows are learnt from, or the normal ones";
    if (!(opt->keep_labels >= 0 && opt->keep_labels <= 1))
        return "the share of labels to keep must be 0 to 1";
    return NULL;
}

static const char *snapshot_complaint(const struct donut_train_options *opt)
{
    if (opt->n_snapshots > 0 && (!opt->snapshot || !opt->snapshot_step))
        return "snapshots need their steps and a function to call with them";
    for (size_t i = 1; i < opt->n_snapshots; i++)
        if (opt->snapshot_step[i] <= opt->snapshot_step[i - 1])
            return "the steps of snapshots must rise";
    return NULL;
}

static const char *optimiser_complaint(const struct donut_train_options *opt)
{
    if (opt->epochs > 1000000)
        return "epochs must be 1 to 1000000";
    if (opt->batch_size < 1 || opt->batch_size > 65536)
        return "the batch size must be 1 to 65536";
    if (!(opt->learning_rate > 0 && opt->learning_rate <= 1))
        return "the learning rate must be above 0 and at most 1";
    if (!(opt->decay > 0 && opt->decay <= 1))
        return "the decay of the learning rate must be above 0 and at most 1";
    if (opt->schedule != DONUT_SCHEDULE_STEP && opt->schedule != DONUT_SCHEDULE_COSINE)
        return "the schedule of the learning rate is step or cosine";
    if (opt->decay_epochs < 1 || opt->decay_epochs > 1000000)
        return "the decay epochs must be 1 to 1000000";
    if (!(opt->l2 >= 0 && opt->l2 <= 1000))
        return "the L2 coefficient must be 0 to 1000";
    if (!(opt->clip_norm > 0 && isfinite(opt->clip_norm)))
        return "the clip norm must be above 0";
    if (opt->clip_by != DONUT_CLIP_TENSOR && opt->clip_by != DONUT_CLIP_GLOBAL)
        return "gradients are clipped by tensor or globally";
    return NULL;
}

static const char *data_complaint(const struct donut_train_options *opt)
{
    if (!(opt->injection >= 0 && opt->injection < 1))
        return "the injection rate must be at least 0 and below 1";
    if (opt->missing_fill != DONUT_FILL_ZERO && opt->missing_fill != DONUT_FILL_MEAN)
        return "missing points are filled with zero or the mean";
    if (opt->scale_by != DONUT_SCALE_MOMENTS && opt->scale_by != DONUT_SCALE_ROBUST)
        return "the scale is by moments or robust";
    if (!(opt->validation > 0 && opt->validation < 1))
        return "the validation share must be between 0 and 1";
    if (opt->validate_every < 1 || opt->validate_every > 1000000000)
        return "the steps between validations must be 1 to 1000000000";
    if (opt->validation_windows > 1000000000)
        return "the windows looked at in validation must be 0 to 1000000000";
    if (!(opt->validation_trim >= 0 && opt->validation_trim < 0.5))
        return "the share of windows left out in validation must be at least 0 and below 0.5";
    return NULL;
}

const char *donut_options_complaint(const struct donut_train_options *opt)
{
    const char *complaint = shape_complaint(opt);
    if (!complaint)
        complaint = latent_complaint(opt);
    if (!complaint)
        complaint = objective_complaint(opt);
    if (!complaint)
        complaint = optimiser_complaint(opt);
    if (!complaint)
        complaint = snapshot_complaint(opt);
    if (!complaint)
        complaint = data_complaint(opt);
    if (complaint)
        return complaint;
    if (!(opt->risk >= 1e-12 && opt->risk <= 0.01))
        return "the risk must be 1e-12 to 0.01";
    if (opt->samples > 1048576)
        return "the number of samples must be 1 to 1048576";
    if (opt->sampler != DONUT_SAMPLER_DEFAULT && opt->sampler != DONUT_SAMPLER_SOBOL &&
        opt->sampler != DONUT_SAMPLER_MC)
        return "the sampler is sobol or mc";
    if (opt->score_by < DONUT_SCORE_DEFAULT || opt->score_by > DONUT_SCORE_PRIOR)
        return "scores are by reconstruction, likelihood, elbo or prior";
    if (opt->verdict_by < DONUT_VERDICT_DEFAULT || opt->verdict_by > DONUT_VERDICT_SCORE)
        return "verdicts are by both, shape, step or score";
    if (opt->threads > DONUT_MAX_THREADS)
        return "the number of threads must be 1 to 1024";
    if (opt->mcmc_iterations > 10000)
        return "the number of MCMC iterations must be 0 to 10000";
    return NULL;
}

/* Convolutions see every point. */
static bool can_hide(const struct donut_train_options *opt)
{
    return opt->encoder == DONUT_ENCODER_DENSE && opt->window > 1;
}

struct donut_vae_shape donut_options_shape(const struct donut_train_options *opt)
{
    struct donut_vae_shape shape = {.window = opt->window,
                                    .latent = opt->latent,
                                    .depth = opt->depth,
                                    .epsilon = (donut_real)opt->std_epsilon,
                                    .encoder = opt->encoder,
                                    .student_df = opt->student_df,
                                    .hide_last = can_hide(opt) && opt->hide_last};
    for (size_t i = 0; i < opt->depth; i++)
        shape.hidden[i] = opt->hidden[i];
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        shape.channels[i] = opt->encoder == DONUT_ENCODER_CNN ? opt->channels[i] : 0;
    return shape;
}

size_t donut_usual_samples(enum donut_sampler sampler, size_t latent)
{
    if (sampler == DONUT_SAMPLER_MC)
        return 1024;
    /* Sobol points need 16 a dimension to be sheared (detect/sampler.h). */
    size_t samples = 128;
    while (samples < 1024 && samples / 16 < latent)
        samples *= 2;
    return samples;
}

/* The options as they will be remembered: nothing that is of this run only, no defaults. */
static struct donut_train_options settled(const struct donut_train_options *opt)
{
    struct donut_train_options its = *opt;
    if (its.sampler == DONUT_SAMPLER_DEFAULT)
        its.sampler = DONUT_SAMPLER_SOBOL;
    if (its.samples == 0)
        its.samples = donut_usual_samples(its.sampler, its.latent);
    if (its.score_by == DONUT_SCORE_DEFAULT)
        its.score_by = DONUT_SCORE_RECONSTRUCTION;
    if (its.verdict_by == DONUT_VERDICT_DEFAULT)
        its.verdict_by =
            its.score_by == DONUT_SCORE_RECONSTRUCTION ? DONUT_VERDICT_BOTH : DONUT_VERDICT_SCORE;
    its.hide_last = can_hide(opt) && opt->hide_last;
    its.threads = 0;
    its.kernel = NULL;
    its.init = NULL;
    its.progress = NULL;
    its.progress_context = NULL;
    its.snapshot_step = NULL;
    its.n_snapshots = 0;
    its.snapshot = NULL;
    its.snapshot_context = NULL;
    return its;
}

struct donut_model *donut_model_new(const struct donut_train_options *opt)
{
    const struct donut_vae_shape shape = donut_options_shape(opt);
    struct donut_model *model = calloc(1, sizeof *model);
    if (!model)
        return NULL;
    model->n_history = shape.window - 1;
    model->history = donut_calloc(model->n_history, sizeof *model->history);
    if (!model->history || !donut_vae_plan(&shape, &model->vae))
        goto fail;
    (void)donut_arena_reals(&model->arena, 1, model->vae.size);
    if (!donut_arena_allocate(&model->arena))
        goto fail;
    donut_vae_bind(&model->vae, donut_arena_reals(&model->arena, 1, model->vae.size));
    model->info.options = settled(opt);
    model->info.parameters = model->vae.parameters;
    model->info.train_loss = NAN;
    return model;
fail:
    donut_model_free(model);
    return NULL;
}

void donut_model_free(struct donut_model *model)
{
    if (!model)
        return;
    donut_arena_free(&model->arena);
    free(model->history);
    free(model);
}

void donut_model_get_info(const struct donut_model *model, struct donut_model_info *info)
{
    *info = model->info;
}

struct donut_scale donut_model_scale(const struct donut_model *model)
{
    return (struct donut_scale){.mean = model->info.mean,
                                .std = model->info.std,
                                .fill = model->info.fill,
                                .limit = model->info.limit};
}
