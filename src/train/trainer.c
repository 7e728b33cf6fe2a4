#include "train/trainer.h"
#include "base/status.h"
#include "train/schedule.h"
#include "train/validate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_panels(const struct donut_trainer *trainer)
{
    const size_t batch = trainer->batch_work.panels.count;
    return batch > trainer->looked_at ? batch : trainer->looked_at;
}

static void cut(struct donut_trainer *trainer)
{
    struct donut_arena *arena = &trainer->arena;
    trainer->best = donut_arena_reals(arena, 1, trainer->vae->size);
    trainer->x = donut_arena_reals(arena, 1, trainer->n + DONUT_PANEL);
    trainer->alpha = donut_arena_reals(arena, 1, trainer->n + DONUT_PANEL);
}

static void weigh(struct donut_trainer *trainer)
{
    const bool plain = trainer->opt->elbo == DONUT_ELBO_PLAIN;
    for (size_t i = 0; i < trainer->n; i++)
        trainer->alpha[i] = plain || trainer->windows.normal[i] ? 1 : 0;
}

static void count_windows(struct donut_trainer *trainer)
{
    const struct donut_window_set *windows = &trainer->windows;
    struct donut_train_report *report = &trainer->report;
    report->windows = donut_windows_learnt(windows, 0, trainer->n_train);
    trainer->batch = least(trainer->opt->batch_size, report->windows);
}

static bool allocate(struct donut_trainer *trainer)
{
    const struct donut_train_options *opt = trainer->opt;
    const struct donut_vae_shape *shape = &trainer->vae->shape;
    const size_t threads = donut_pool_threads(trainer->pool);
    struct donut_adam_options adam = donut_adam_defaults();
    adam.l2 = opt->l2;
    adam.clip_norm = opt->clip_norm;
    adam.clip_global = opt->clip_by == DONUT_CLIP_GLOBAL;
    count_windows(trainer);
    donut_validation_plan(trainer);
    cut(trainer);
    if (!donut_arena_allocate(&trainer->arena))
        return false;
    cut(trainer);
    weigh(trainer);
    trainer->order = donut_calloc(trainer->report.windows, sizeof *trainer->order);
    if (!trainer->order || !donut_injection_new(trainer->n_train, &trainer->injection) ||
        !donut_vae_work_new(shape, trainer->batch, true, &trainer->batch_work) ||
        !donut_shares_new(trainer->kernel, &adam, trainer->vae, threads, &trainer->shares) ||
        !donut_vae_work_new(shape, threads * DONUT_PANEL, false, &trainer->validation_work))
        return false;
    trainer->panel = donut_calloc(most_panels(trainer), sizeof *trainer->panel);
    if (opt->validation_trim > 0)
        trainer->window_loss =
            donut_calloc(trainer->looked_at, DONUT_PANEL * sizeof *trainer->window_loss);
    return trainer->panel && (trainer->window_loss || opt->validation_trim == 0);
}

enum donut_status donut_trainer_new(const struct donut_engine *engine,
                                    const struct donut_train_options *opt, struct donut_vae *vae,
                                    const struct donut_range *range, donut_real fill,
                                    struct donut_trainer *trainer, struct donut_error *err)
{
    *trainer = (struct donut_trainer){.kernel = engine->kernel,
                                      .opt = opt,
                                      .pool = engine->pool,
                                      .vae = vae,
                                      .n = range->n,
                                      .n_train = range->n_train,
                                      .fill = fill,
                                      .validation_loss = NAN};
    vae->objective = (struct donut_objective){.reconstruction = opt->reconstruction_weight,
                                              .prior = opt->prior_weight,
                                              .entropy = opt->entropy_weight};
    vae->likelihood = donut_law(opt->likelihood_df);
    trainer->report = (struct donut_train_report){.loss = NAN, .best_loss = NAN};
    if (donut_windows_new(range, opt, &trainer->windows) && allocate(trainer))
        return DONUT_OK;
    donut_trainer_free(trainer);
    return donut_fail_memory(err);
}

void donut_trainer_free(struct donut_trainer *trainer)
{
    donut_arena_free(&trainer->arena);
    donut_shares_free(&trainer->shares);
    donut_vae_work_free(&trainer->batch_work);
    donut_vae_work_free(&trainer->validation_work);
    donut_injection_free(&trainer->injection);
    donut_windows_free(&trainer->windows);
    free(trainer->order);
    free(trainer->panel);
    free(trainer->window_loss);
}

/* False when the loss is not finite. */
static bool validate_and_keep(struct donut_trainer *trainer)
{
    struct donut_train_report *report = &trainer->report;
    trainer->validation_loss = donut_trainer_validate(trainer);
    trainer->validated_step = report->steps;
    if (!isfinite(trainer->validation_loss))
        return false;
    if (isnan(report->best_loss) || trainer->validation_loss < report->best_loss) {
        report->best_loss = trainer->validation_loss;
        report->best_epoch = report->epochs;
        report->best_step = report->steps;
        memcpy(trainer->best, trainer->vae->block, trainer->vae->size * sizeof(donut_real));
    }
    return true;
}

/* One mini-batch: training windows order[first] .. order[first + n - 1]. */
struct step {
    struct donut_trainer *trainer;
    size_t first, n;
};

static void step_panel(const struct step *step, size_t number)
{
    struct donut_trainer *trainer = step->trainer;
    const struct donut_kernel *kernel = trainer->kernel;
    const struct donut_train_options *opt = trainer->opt;
    const struct donut_stream stream = {opt->seed, DONUT_DRAW_TRAIN_Z,
                                        (uint32_t)trainer->report.steps};
    const struct donut_vae_panel panel = donut_vae_panel(&trainer->batch_work, number);
    const size_t from = number * panel.lanes, n = least(panel.lanes, step->n - from);
    size_t at[DONUT_PANEL];
    double loss[DONUT_PANEL], sum = 0;
    for (size_t l = 0; l < n; l++)
        at[l] = trainer->order[step->first + from + l];
    kernel->gather(opt->window, panel.lanes, trainer->x, at, n, panel.x);
    kernel->gather(opt->window, panel.lanes, trainer->alpha, at, n, panel.alpha);
    donut_latent_noise(kernel, opt->student_df, stream, number, opt->latent, panel.lanes,
                       panel.noise);
    donut_vae_loss_backward(kernel, trainer->vae, &panel, n, (donut_real)(1.0 / (double)step->n),
                            loss);
    for (size_t l = 0; l < n; l++)
        sum += loss[l];
    trainer->panel[number].loss = sum;
}

/* Neighbouring panels to the same thread in every step: they stay in its cache. */
static void panels_task(void *context, size_t worker, size_t workers)
{
    const struct step *step = context;
    const size_t panels = step->trainer->batch_work.panels.count;
    for (size_t i = panels * worker / workers; i < panels * (worker + 1) / workers; i++)
        step_panel(step, i);
}

static void gradient_task(void *context, size_t worker, size_t workers)
{
    const struct step *step = context;
    (void)workers;
    donut_shares_gradient(&step->trainer->shares, worker, &step->trainer->batch_work);
}

static void update_task(void *context, size_t worker, size_t workers)
{
    const struct step *step = context;
    (void)workers;
    donut_shares_update(&step->trainer->shares, worker);
}

/* *loss is the sum of the windows' losses, without L2. False when loss or gradient is not finite;
 * the parameters then are as before. */
static bool take_step(struct donut_trainer *trainer, size_t first, double *loss)
{
    struct step step = {trainer, first, trainer->batch};
    const size_t done = trainer->report.steps;
    const size_t steps = trainer->report.windows / trainer->batch * trainer->opt->epochs;
    const double rate = donut_schedule_rate(trainer->opt, trainer->report.epochs, done, steps);
    *loss = 0;
    donut_pool_run(trainer->pool, panels_task, &step);
    for (size_t i = 0; i < trainer->batch_work.panels.count; i++)
        *loss += trainer->panel[i].loss;
    if (!isfinite(*loss))
        return false;
    donut_pool_run(trainer->pool, gradient_task, &step);
    if (!donut_shares_clip(&trainer->shares, done + 1, rate))
        return false;
    donut_pool_run(trainer->pool, update_task, &step);
    return true;
}

/* The windows that an epoch visits. A last, incomplete batch would be a noisier step: it is left
 * out. */
static size_t windows_visited(const struct donut_trainer *trainer)
{
    return trainer->report.windows / trainer->batch * trainer->batch;
}

static bool cancelled(const struct donut_trainer *trainer, size_t done)
{
    const struct donut_progress progress = {.phase = DONUT_PHASE_TRAIN,
                                            .epoch = trainer->report.epochs,
                                            .epochs = trainer->opt->epochs,
                                            .done = done,
                                            .total = windows_visited(trainer),
                                            .loss = trainer->report.loss,
                                            .validation_loss = trainer->validation_loss,
                                            .best_loss = trainer->report.best_loss};
    return trainer->opt->progress &&
           trainer->opt->progress(trainer->opt->progress_context, &progress);
}

/* DONUT_STOP_CANCELLED when it failed, with trainer->failure; else DONUT_STOP_DONE. */
static enum donut_stop take_snapshot(struct donut_trainer *trainer)
{
    if (!donut_snapshot_due(trainer->snapshots, trainer->report.steps))
        return DONUT_STOP_DONE;
    const double loss = donut_trainer_validate(trainer);
    trainer->failure.status =
        donut_snapshot_take(trainer->snapshots, &trainer->report, loss, &trainer->failure);
    return trainer->failure.status == DONUT_OK ? DONUT_STOP_DONE : DONUT_STOP_CANCELLED;
}

static enum donut_stop run_epoch(struct donut_trainer *trainer)
{
    struct donut_train_report *report = &trainer->report;
    const size_t total = windows_visited(trainer);
    double sum = 0, loss;
    for (size_t done = 0; done < total;) {
        if (!take_step(trainer, done, &loss))
            return DONUT_STOP_DIVERGED;
        report->steps++;
        sum += loss;
        done += trainer->batch;
        report->loss = sum / (double)done;
        if (report->steps % trainer->opt->validate_every == 0 && !validate_and_keep(trainer))
            return DONUT_STOP_DIVERGED;
        const enum donut_stop stop = take_snapshot(trainer);
        if (stop != DONUT_STOP_DONE)
            return stop;
        if (cancelled(trainer, done))
            return DONUT_STOP_CANCELLED;
    }
    return DONUT_STOP_DONE;
}

static enum donut_stop run_epochs(struct donut_trainer *trainer)
{
    const struct donut_train_options *opt = trainer->opt;
    donut_real *alpha = opt->elbo == DONUT_ELBO_PLAIN ? NULL : trainer->alpha;
    enum donut_stop stop = take_snapshot(trainer);
    for (size_t epoch = 1; epoch <= opt->epochs && stop == DONUT_STOP_DONE; epoch++) {
        const struct donut_stream order = {opt->seed, DONUT_DRAW_SHUFFLE, (uint32_t)epoch};
        const struct donut_stream hiding = {opt->seed, DONUT_DRAW_INJECT, (uint32_t)epoch};
        trainer->report.epochs = epoch;
        donut_windows_shuffle(&trainer->windows, order, trainer->report.windows, trainer->order);
        donut_inject(&trainer->injection, hiding, opt->injection, trainer->fill, trainer->n_train,
                     trainer->windows.normal, trainer->x, alpha);
        stop = run_epoch(trainer);
        donut_inject_undo(&trainer->injection, trainer->x, alpha);
    }
    return stop;
}

enum donut_status donut_trainer_run(struct donut_trainer *trainer, struct donut_error *err)
{
    struct donut_train_report *report = &trainer->report;
    /* Going on from another model never ends worse than that. */
    if (trainer->opt->init)
        (void)validate_and_keep(trainer);
    report->stop = run_epochs(trainer);
    if (trainer->failure.status != DONUT_OK) {
        if (err)
            *err = trainer->failure;
        return trainer->failure.status;
    }
    if (report->stop != DONUT_STOP_DIVERGED && trainer->validated_step != report->steps &&
        !validate_and_keep(trainer))
        report->stop = DONUT_STOP_DIVERGED;
    if (!isnan(report->best_loss)) {
        memcpy(trainer->vae->block, trainer->best, trainer->vae->size * sizeof(donut_real));
        return DONUT_OK;
    }
    if (report->stop == DONUT_STOP_CANCELLED)
        return donut_fail(err, DONUT_ECANCELLED, "stopped before the first step of training");
    return donut_fail(err, DONUT_EDIVERGED,
                      "loss or gradient is not finite at epoch %zu, step %zu, before the first "
                      "validation: try a smaller --learning-rate or --clip-norm",
                      report->epochs, report->steps + 1);
}
