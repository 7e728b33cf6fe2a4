#include "base/status.h"
#include "model/engine.h"
#include "train/automatic.h"
#include "train/begin.h"
#include "train/range.h"
#include "train/threshold.h"
#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct donut_train_options donut_train_paper(void)
{
    return (struct donut_train_options){
        .window = 120,
        .latent = 8,
        .depth = 2,
        .hidden = {100, 100},
        .std_epsilon = 1e-4,
        .channels = {DONUT_USUAL_CHANNELS, DONUT_USUAL_CHANNELS},
        .reconstruction_weight = 1,
        .prior_weight = DONUT_WEIGHT_BETA,
        .entropy_weight = 1,
        .epochs = 250,
        .batch_size = 256,
        .learning_rate = 1e-3,
        .decay = 0.75,
        .decay_epochs = 10,
        .l2 = 1e-3,
        .clip_norm = 10,
        .clip_by = DONUT_CLIP_TENSOR,
        .injection = 0.01,
        .missing_fill = DONUT_FILL_ZERO,
        .validation = 0.3,
        .validate_every = 100,
        .risk = 1e-4,
        .sampler = DONUT_SAMPLER_SOBOL,
        .mcmc_iterations = 10,
        .score_by = DONUT_SCORE_RECONSTRUCTION,
        .verdict_by = DONUT_VERDICT_SCORE,
        .keep_labels = 1,
    };
}

struct donut_train_options donut_train_defaults(void)
{
    struct donut_train_options opt = donut_train_paper();
    opt.window = 0;
    opt.hide_last = true;
    opt.likelihood_df = 5;
    opt.scale_by = DONUT_SCALE_ROBUST;
    opt.epochs = 0;
    opt.learning_rate = 2e-3;
    opt.schedule = DONUT_SCHEDULE_COSINE;
    opt.validation_windows = 2048;
    opt.validation_trim = 0.05;
    opt.verdict_by = DONUT_VERDICT_DEFAULT;
    return opt;
}

static enum donut_status fit_scale(const struct donut_range *range, enum donut_missing_fill fill,
                                   struct donut_model_info *info, struct donut_error *err)
{
    struct donut_scale scale;
    const enum donut_status status =
        donut_scale_fit(range->value, range->label, range->n, fill, &scale, err);
    if (status != DONUT_OK)
        return status;
    info->mean = scale.mean;
    info->std = scale.std;
    info->fill = scale.fill;
    info->limit = scale.limit;
    info->wild = range->wild;
    return DONUT_OK;
}

static void describe_range(const struct donut_series *series, size_t from, size_t to,
                           struct donut_model *model)
{
    struct donut_model_info *info = &model->info;
    info->interval_ms = series->interval_ms;
    info->train_start_ms = series->start_ms + (int64_t)from * series->interval_ms;
    info->train_end_ms = series->start_ms + (int64_t)(to - 1) * series->interval_ms;
    info->train_points = to - from;
    if (model->n_history > 0)
        memcpy(model->history, series->value + to - model->n_history,
               model->n_history * sizeof *model->history);
}

static enum donut_status train_network(const struct donut_engine *engine,
                                       const struct donut_range *range,
                                       const struct donut_train_options *opt,
                                       struct donut_model *model, struct donut_train_report *report,
                                       struct donut_error *err)
{
    struct donut_snapshots snapshots = {
        .engine = engine, .range = range, .opt = opt, .model = model};
    struct donut_trainer trainer;
    const struct donut_scale scale = donut_model_scale(model);
    donut_begin(opt, &model->vae);
    enum donut_status status =
        donut_trainer_new(engine, opt, &model->vae, range, (donut_real)scale.fill, &trainer, err);
    if (status != DONUT_OK)
        return status;
    donut_standardise(&scale, range->value, range->n, trainer.x);
    trainer.snapshots = &snapshots;
    status = donut_trainer_run(&trainer, err);
    model->info.best_loss = trainer.report.best_loss;
    *report = trainer.report;
    report->window = range->window;
    report->usual_window = range->usual_window;
    report->labelled = range->labelled;
    report->labels_kept = range->labels_kept;
    report->wild = range->wild;
    report->fence_low = range->fence.low;
    report->fence_high = range->fence.high;
    donut_trainer_free(&trainer);
    return status;
}

static void describe_run(const struct donut_train_report *report, struct donut_model_info *info)
{
    info->train_loss = report->loss;
    info->epochs = report->epochs;
    info->steps = report->steps;
    info->best_epoch = report->best_epoch;
    info->best_step = report->best_step;
    info->stop = report->stop;
}

static enum donut_status
fill_model(const struct donut_engine *engine, const struct donut_series *series, size_t from,
           size_t to, const struct donut_range *range, const struct donut_train_options *opt,
           struct donut_model *model, struct donut_train_report *report, struct donut_error *err)
{
    enum donut_status status = fit_scale(range, opt->missing_fill, &model->info, err);
    if (status != DONUT_OK)
        return status;
    describe_range(series, from, to, model);
    status = train_network(engine, range, opt, model, report, err);
    if (status != DONUT_OK)
        return status;
    status = donut_threshold_fit(engine, range, opt, &report->stop, model, err);
    describe_run(report, &model->info);
    return status;
}

static enum donut_status train_range(const struct donut_series *series, size_t from, size_t to,
                                     const struct donut_range *range,
                                     const struct donut_train_options *opt,
                                     struct donut_model **out, struct donut_train_report *report,
                                     struct donut_error *err)
{
    struct donut_engine engine;
    enum donut_status status = donut_engine_start(opt->kernel, opt->threads, &engine, err);
    if (status != DONUT_OK)
        return status;
    struct donut_model *model = donut_model_new(opt);
    status = model ? fill_model(&engine, series, from, to, range, opt, model, report, err)
                   : donut_fail_memory(err);
    donut_engine_stop(&engine);
    if (status == DONUT_OK)
        *out = model;
    else
        donut_model_free(model);
    return status;
}

enum donut_status donut_train(const struct donut_series *series, size_t from, size_t to,
                              const struct donut_train_options *opt, struct donut_model **out,
                              struct donut_train_report *report, struct donut_error *err)
{
    struct donut_train_options settled = opt ? *opt : donut_train_defaults();
    struct donut_train_report unwanted;
    struct donut_range range;
    *out = NULL;
    if (!report)
        report = &unwanted;
    *report = (struct donut_train_report){
        .loss = NAN, .best_loss = NAN, .fence_low = -INFINITY, .fence_high = INFINITY};
    enum donut_status status = donut_range_choose(series, from, to, &settled, &range, err);
    if (status != DONUT_OK)
        return status;
    settled.window = range.window;
    if (settled.epochs == 0)
        settled.epochs = donut_epochs_usual(range.n_train - range.window + 1, settled.batch_size);
    status = donut_begin_check(&settled, series->interval_ms, err);
    if (status == DONUT_OK)
        status = train_range(series, from, to, &range, &settled, out, report, err);
    donut_range_free(&range);
    return status;
}
