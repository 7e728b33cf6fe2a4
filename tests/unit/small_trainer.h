/* A trainer over 900 points of the caller's, 630 of them for training, for tests of its parts. */
#ifndef DONUT_TESTS_SMALL_TRAINER_H
#define DONUT_TESTS_SMALL_TRAINER_H

#include "small.h"
#include "train/trainer.h"

#define TRAINER_POINTS 900
#define TRAINER_FIRST_VALID 630

struct small_trainer {
    struct donut_engine engine;
    struct donut_trainer trainer;
    struct donut_vae vae;
    donut_real *block; /* the parameters */
};

/* label (TRAINER_POINTS) as a KPI has it; trainer.x is the caller's to change. */
static inline void small_trainer_start_labelled(const struct donut_train_options *opt,
                                                const unsigned char *label,
                                                struct small_trainer *small)
{
    static const double value[TRAINER_POINTS];
    const struct donut_range range = {
        .value = value, .label = label, .n = TRAINER_POINTS, .n_train = TRAINER_FIRST_VALID};
    const struct donut_vae_shape shape = donut_options_shape(opt);
    struct donut_error err = {0};
    CHECK(donut_vae_plan(&shape, &small->vae));
    small->block = calloc(small->vae.size, sizeof *small->block);
    donut_vae_bind(&small->vae, small->block);
    donut_vae_initialise(&small->vae, 1);
    small->engine = variant_engine(opt->kernel, opt->threads);
    CHECK_THAT(donut_trainer_new(&small->engine, opt, &small->vae, &range, -2, &small->trainer,
                                 &err) == DONUT_OK,
               "%s", err.text);
    for (size_t t = 0; t < TRAINER_POINTS; t++)
        small->trainer.x[t] = (donut_real)((small_truth(t) - 100) / 14);
}

/* The same without a labelled point. */
static inline void small_trainer_start(const struct donut_train_options *opt,
                                       struct small_trainer *small)
{
    small_trainer_start_labelled(opt, NULL, small);
}

static inline void small_trainer_free(struct small_trainer *small)
{
    donut_trainer_free(&small->trainer);
    donut_engine_stop(&small->engine);
    free(small->block);
}

#endif
