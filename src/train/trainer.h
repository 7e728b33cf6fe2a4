/* One training run in progress: the epochs of paper 3.2 and 4.3 over a prepared stretch of points,
 * with the parameters of the lowest validation loss kept aside. */
#ifndef DONUT_TRAIN_TRAINER_H
#define DONUT_TRAIN_TRAINER_H

#include "model/engine.h"
#include "model/model.h"
#include "train/inject.h"
#include "train/share.h"
#include "train/snapshot.h"
#include "train/windows.h"

/* Sums over the windows of one panel. */
struct donut_trainer_panel {
    double loss, whole_loss; /* over all; over those without a missing or labelled point ... */
    size_t whole;            /* ... and how many these are */
};

struct donut_trainer {
    const struct donut_kernel *kernel;
    const struct donut_train_options *opt;
    struct donut_pool *pool;
    struct donut_vae *vae; /* the model's: being trained */
    struct donut_shares shares;
    donut_real *best;      /* (vae->size) the best parameters so far */
    size_t n, n_train;     /* points; those before the validation part */
    size_t batch;          /* opt->batch_size, or all training windows where they are fewer */
    donut_real *x, *alpha; /* (n + DONUT_PANEL) standardised points; their weights in the
                              objective: 1 = normal, 0 = missing or labelled, or 1 for all in the
                              plain ELBO; 0 beyond the end */
    donut_real fill;
    struct donut_window_set windows;
    uint32_t *order; /* (windows) first points of the training windows, shuffled */
    struct donut_snapshots *snapshots; /* NULL = none */
    struct donut_error failure; /* why a snapshot ended training; status DONUT_OK = none did */
    struct donut_vae_work batch_work;      /* the panels of a batch */
    struct donut_vae_work validation_work; /* a panel for each thread */
    struct donut_trainer_panel *panel;     /* what is known of each panel of a batch or of the
                                              validation windows that are looked at */
    size_t looked_at;                      /* panels of these */
    double *window_loss;                   /* (looked_at, DONUT_PANEL) room for the losses of their
                                              windows; NULL unless some of them are trimmed */
    struct donut_injection injection;
    struct donut_arena arena;
    struct donut_train_report report;
    double validation_loss; /* latest; NaN = none yet */
    size_t validated_step;  /* where it was taken; 0 = none yet */
};

/* `vae` is initialised; the caller fills trainer->x, and sets trainer->snapshots, afterwards. Each
 * part of the range holds at least one window of those learnt from. DONUT_ENOMEM. */
enum donut_status donut_trainer_new(const struct donut_engine *engine,
                                    const struct donut_train_options *opt, struct donut_vae *vae,
                                    const struct donut_range *range, donut_real fill,
                                    struct donut_trainer *trainer, struct donut_error *err);
void donut_trainer_free(struct donut_trainer *trainer);

/* Runs all epochs, or until the callback cancels or a number stops being finite, and leaves the
 * best parameters in `vae`; trainer->report says how it went. DONUT_ECANCELLED or DONUT_EDIVERGED
 * when there are no parameters worth keeping; what a snapshot failed with. */
enum donut_status donut_trainer_run(struct donut_trainer *trainer, struct donut_error *err);

/* The loss that parameters are chosen by: the mean over the whole windows of the validation part
 * that are looked at, those without a missing or labelled point, but for the share of the highest
 * losses that is trimmed, with the same noise every time. Over all of the windows looked at where
 * less than a tenth are whole and not whole windows alone are learnt from. The few windows that
 * hold an anomaly or a gap can outweigh all others, though when scoring a gap is imputed first. Not
 * finite where the loss of any window learnt from is not. */
double donut_trainer_validate(struct donut_trainer *trainer);

#endif
