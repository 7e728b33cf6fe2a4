/* The trained model: what donut_train() makes, donut_score() reads and the model file holds. */
#ifndef DONUT_MODEL_MODEL_H
#define DONUT_MODEL_MODEL_H

#include "data/standardise.h"
#include "model/vae.h"

struct donut_model {
    struct donut_model_info info;
    struct donut_vae vae;
    struct donut_arena arena; /* holds the parameters */
    double *history;          /* (n_history) the last training points, NaN = missing */
    size_t n_history;         /* W - 1 */
};

#define DONUT_USUAL_CHANNELS 16

/* NULL or a sentence about the first hyper-parameter that is out of its range. */
const char *donut_options_complaint(const struct donut_train_options *opt);

struct donut_vae_shape donut_options_shape(const struct donut_train_options *opt);

/* L where only the sampler is given: Sobol points enough to be three times as close to the
 * expectation as the paper's 1024 independent draws (make bench-sampler). */
size_t donut_usual_samples(enum donut_sampler sampler, size_t latent);

/* A model of that shape: parameters and history zero, info.options (with sampler and samples as
 * they will be used) and info.parameters set. `opt` has been checked. NULL: out of memory. */
struct donut_model *donut_model_new(const struct donut_train_options *opt);

/* Whether these bytes are how a model file begins. */
bool donut_model_is(const char *bytes, size_t size);

struct donut_scale donut_model_scale(const struct donut_model *model);

#endif
