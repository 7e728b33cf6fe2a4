#include "train/trainer.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t training_windows(const struct donut_trainer *trainer)
{
    return trainer->n_train - trainer->opt->window + 1;
}

static size_t validation_windows(const struct donut_trainer *trainer)
{
    return trainer->n - trainer->n_train - trainer->opt->window + 1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_windows(const struct donut_trainer *trainer)
{
    const size_t training = trainer->report.windows;
    const size_t validation = trainer->report.validation_windows;
    return training > validation ? training : validation;
}

static void cut(struct donut_trainer *trainer)
{
    struct donut_arena *arena = &trainer->arena;
    const size_t size = trainer->vae->size, batch = trainer->batch;
    donut_real *gradients = donut_arena_reals(arena, 1, size);
    if (gradients)
        donut_vae_bind(&trainer->grad, gradients);
    trainer->m = donut_arena_reals(arena, 1, size);
    trainer->v = donut_arena_reals(arena, 1, size);
    trainer->best = donut_arena_reals(arena, 1, size);
    trainer->x = donut_arena_reals(arena, 1, trainer->n);
    trainer->alpha = donut_arena_reals(arena, 1, trainer->n);
    trainer->batch_x = donut_arena_reals(arena, batch, trainer->opt->window);
    trainer->batch_alpha = donut_arena_reals(arena, batch, trainer->opt->window);
    trainer->noise = donut_arena_reals(arena, batch, trainer->opt->latent);
}

enum donut_status donut_trainer_new(const struct donut_train_options *opt, struct donut_vae *vae,
                                    size_t n, size_t n_train, donut_real fill,
                                    struct donut_trainer *trainer, struct donut_error *err)
{
    *trainer = (struct donut_trainer){.kernel = donut_kernel_choose(),
                                      .opt = opt,
                                      .vae = vae,
                                      .grad = *vae,
                                      .n = n,
                                      .n_train = n_train,
                                      .fill = fill,
                                      .validation_loss = NAN};
    trainer->report = (struct donut_train_report){.loss = NAN, .best_loss = NAN};
    trainer->report.windows = training_windows(trainer);
    trainer->report.validation_windows = validation_windows(trainer);
    trainer->batch = least(opt->batch_size, most_windows(trainer));
    cut(trainer);
    trainer->order = donut_calloc(trainer->report.windows, sizeof *trainer->order);
    if (!trainer->order || !donut_arena_allocate(&trainer->arena) ||
        !donut_vae_work_new(&vae->shape, trainer->batch, true, &trainer->work) ||
        !donut_injection_new(n_train, &trainer->injection)) {
        donut_trainer_free(trainer);
        return donut_fail_memory(err);
    }
    cut(trainer);
    return DONUT_OK;
}

void donut_trainer_free(struct donut_trainer *trainer)
{
    donut_arena_free(&trainer->arena);
    donut_vae_work_free(&trainer->work);
    donut_injection_free(&trainer->injection);
    free(trainer->order);
}

/* Fisher-Yates from the natural order, so that an epoch's order depends on its number alone. */
static void shuffle(struct donut_trainer *trainer, size_t epoch)
{
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_SHUFFLE, (uint32_t)epoch};
    const size_t windows = trainer->report.windows;
    for (size_t i = 0; i < windows; i++)
        trainer->order[i] = (uint32_t)i;
    for (size_t i = windows - 1; i > 0; i--) {
        const size_t j = (size_t)donut_random_below(stream, i, i + 1);
        const uint32_t swap = trainer->order[i];
        trainer->order[i] = trainer->order[j];
        trainer->order[j] = swap;
    }
}

/* Whether the window that begins at point `first` has no missing or labelled point. */
static bool is_whole(const struct donut_trainer *trainer, size_t first)
{
    for (size_t w = 0; w < trainer->opt->window; w++)
        if (!(trainer->alpha[first + w] > 0))
            return false;
    return true;
}

/* The validation windows are the rows of a matrix with row stride 1. */
double donut_trainer_validate(struct donut_trainer *trainer)
{
    const size_t latent = trainer->opt->latent, windows = trainer->report.validation_windows;
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_VALIDATE_Z, 0};
    double total = 0, whole_total = 0;
    size_t whole = 0;
    for (size_t first = 0; first < windows; first += trainer->batch) {
        const size_t n = least(trainer->batch, windows - first);
        donut_random_normals(stream, (uint64_t)first * latent, n * latent, trainer->noise);
        const struct donut_vae_batch batch = {.n = n,
                                              .ld = 1,
                                              .x = trainer->x + trainer->n_train + first,
                                              .alpha = trainer->alpha + trainer->n_train + first,
                                              .noise = trainer->noise};
        total += donut_vae_loss(trainer->kernel, trainer->vae, &trainer->work, &batch);
        for (size_t i = 0; i < n; i++)
            if (is_whole(trainer, trainer->n_train + first + i)) {
                whole_total += trainer->work.loss[i];
                whole++;
            }
    }
    const double all = (double)windows;
    trainer->criterion = 10 * whole >= windows ? whole_total / (double)whole : total / all;
    return total / all;
}

/* False when the loss is not finite. */
static bool validate_and_keep(struct donut_trainer *trainer)
{
    struct donut_train_report *report = &trainer->report;
    trainer->validation_loss = donut_trainer_validate(trainer);
    trainer->validated_step = report->steps;
    if (!isfinite(trainer->validation_loss))
        return false;
    if (isnan(report->best_loss) || trainer->criterion < trainer->best_criterion) {
        trainer->best_criterion = trainer->criterion;
        report->best_loss = trainer->validation_loss;
        report->best_epoch = report->epochs;
        report->best_step = report->steps;
        memcpy(trainer->best, trainer->vae->block, trainer->vae->size * sizeof(donut_real));
    }
    return true;
}

static struct donut_vae_batch gather(struct donut_trainer *trainer, size_t first, size_t n)
{
    const size_t window = trainer->opt->window, latent = trainer->opt->latent;
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_TRAIN_Z,
                                        (uint32_t)trainer->report.steps};
    for (size_t i = 0; i < n; i++) {
        const size_t at = trainer->order[first + i];
        memcpy(trainer->batch_x + i * window, trainer->x + at, window * sizeof(donut_real));
        memcpy(trainer->batch_alpha + i * window, trainer->alpha + at, window * sizeof(donut_real));
    }
    donut_random_normals(stream, 0, n * latent, trainer->noise);
    return (struct donut_vae_batch){.n = n,
                                    .ld = window,
                                    .x = trainer->batch_x,
                                    .alpha = trainer->batch_alpha,
                                    .noise = trainer->noise};
}

/* One mini-batch; *loss is the sum of its windows' losses, without L2. False when loss or gradient
 * is not finite; the parameters then are as before. */
static bool step(struct donut_trainer *trainer, size_t first, size_t n, double rate, double *loss)
{
    const struct donut_train_options *opt = trainer->opt;
    struct donut_vae *vae = trainer->vae;
    struct donut_adam_options adam = donut_adam_defaults();
    adam.l2 = opt->l2;
    adam.clip_norm = opt->clip_norm;
    adam.clip_global = opt->clip_by == DONUT_CLIP_GLOBAL;
    const struct donut_vae_batch batch = gather(trainer, first, n);
    *loss = donut_vae_loss(trainer->kernel, vae, &trainer->work, &batch);
    if (!isfinite(*loss))
        return false;
    memset(trainer->grad.block, 0, vae->size * sizeof(donut_real));
    donut_vae_backward(trainer->kernel, vae, &trainer->grad, &trainer->work, &batch,
                       (donut_real)(1.0 / (double)n));
    return donut_adam_update(trainer->kernel, &adam, vae->tensor, vae->tensors,
                             trainer->report.steps + 1, rate, trainer->grad.block, trainer->m,
                             trainer->v, vae->block);
}

/* The windows that an epoch visits. A last, incomplete batch would be a noisier step: it is left
 * out, unless it is the only one. */
static size_t windows_visited(const struct donut_trainer *trainer)
{
    const size_t windows = trainer->report.windows;
    return windows < trainer->batch ? windows : windows / trainer->batch * trainer->batch;
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

static enum donut_stop run_epoch(struct donut_trainer *trainer, double rate)
{
    struct donut_train_report *report = &trainer->report;
    const size_t total = windows_visited(trainer);
    double sum = 0, loss;
    for (size_t done = 0; done < total;) {
        const size_t n = least(trainer->batch, total - done);
        if (!step(trainer, done, n, rate, &loss))
            return DONUT_STOP_DIVERGED;
        report->steps++;
        sum += loss;
        done += n;
        report->loss = sum / (double)done;
        if (report->steps % trainer->opt->validate_every == 0 && !validate_and_keep(trainer))
            return DONUT_STOP_DIVERGED;
        if (cancelled(trainer, done))
            return DONUT_STOP_CANCELLED;
    }
    return DONUT_STOP_DONE;
}

static enum donut_stop run_epochs(struct donut_trainer *trainer)
{
    const struct donut_train_options *opt = trainer->opt;
    enum donut_stop stop = DONUT_STOP_DONE;
    for (size_t epoch = 1; epoch <= opt->epochs && stop == DONUT_STOP_DONE; epoch++) {
        const struct donut_stream stream = {opt->seed, DONUT_DRAW_INJECT, (uint32_t)epoch};
        const double rate =
            opt->learning_rate * pow(opt->decay, (double)((epoch - 1) / opt->decay_epochs));
        trainer->report.epochs = epoch;
        shuffle(trainer, epoch);
        donut_inject(&trainer->injection, stream, opt->injection, trainer->fill, trainer->n_train,
                     trainer->x, trainer->alpha);
        stop = run_epoch(trainer, rate);
        donut_inject_undo(&trainer->injection, trainer->x, trainer->alpha);
    }
    return stop;
}

enum donut_status donut_trainer_run(struct donut_trainer *trainer, struct donut_error *err)
{
    struct donut_train_report *report = &trainer->report;
    report->stop = run_epochs(trainer);
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
