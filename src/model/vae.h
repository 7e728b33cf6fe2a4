/* The variational auto-encoder of Donut (paper 3.1, Fig. 4) and its training objective, the
 * modified ELBO (eqn 3), forward and backward.
 *
 *   x (W) -> ReLU layers -> mu_z, sd_z (K) -> z = mu_z + sd_z noise
 *   z (K) -> ReLU layers -> mu_x, sd_x (W)
 *
 * Notation: n windows in a batch, W their length, K latent size, h width of a hidden layer. */
#ifndef DONUT_MODEL_VAE_H
#define DONUT_MODEL_VAE_H

#include "base/arena.h"
#include "donut.h"
#include "nn/adam.h"
#include "nn/gauss.h"

#include <stdint.h>

struct donut_vae_shape {
    size_t window, latent, depth;   /* W, K, hidden layers on each side */
    size_t hidden[DONUT_MAX_DEPTH]; /* from x to z; the decoder mirrors them */
    donut_real epsilon;             /* of the standard deviations */
};

#define DONUT_VAE_MAX_TENSORS (4 * DONUT_MAX_DEPTH + 8)

/* The network as views into one block, for parameters and equally for their gradients. */
struct donut_vae {
    struct donut_vae_shape shape;
    size_t size;       /* elements of the block, padding between tensors (kept 0) included */
    size_t parameters; /* without padding */
    struct donut_tensor tensor[DONUT_VAE_MAX_TENSORS]; /* w, b of each layer in the order below */
    size_t tensors;
    donut_real *block; /* (size) */
    struct donut_dense encoder[DONUT_MAX_DEPTH];
    struct donut_gauss z;
    struct donut_dense decoder[DONUT_MAX_DEPTH];
    struct donut_gauss x;
};

/* Computes sizes and offsets; no memory yet (views are NULL). False when they overflow. */
bool donut_vae_plan(const struct donut_vae_shape *shape, struct donut_vae *vae);

/* Points the views into `block`: vae->size zeroed elements that the caller owns. */
void donut_vae_bind(struct donut_vae *vae, donut_real *block);

/* Glorot-uniform weights, U(-a, a) with a = sqrt(6 / (in + out)), and zero biases. */
void donut_vae_initialise(struct donut_vae *vae, uint64_t seed);

/* Activations of up to `capacity` windows and the gradients flowing back through them. */
struct donut_vae_work {
    size_t capacity;
    donut_real *encoder[DONUT_MAX_DEPTH], *decoder[DONUT_MAX_DEPTH]; /* (n, h), after ReLU */
    donut_real *mu_z, *a_z, *sd_z, *z;                               /* (n, K) */
    donut_real *mu_x, *a_x, *sd_x;                                   /* (n, W) */
    double *loss;                   /* (n) minus the M-ELBO of each window */
    double *log_x, *log_z;          /* (n) sum alpha log p(x|z); log p(z) */
    donut_real *d_a, *d_b;          /* (n, widest hidden) gradients of activations */
    donut_real *dmu_z, *dsd_z, *dz; /* (n, K) */
    donut_real *dmu_x, *dsd_x;      /* (n, W) */
    donut_real *zero, *one;         /* (K) standard normal prior's parameters, alpha of z */
    struct donut_arena arena;
};

/* `backward` false leaves out the gradients' memory. */
bool donut_vae_work_new(const struct donut_vae_shape *shape, size_t capacity, bool backward,
                        struct donut_vae_work *work);
void donut_vae_work_free(struct donut_vae_work *work);

/* q(z|x): x (n, W; ldx) -> work->mu_z, sd_z */
void donut_vae_encode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, size_t n, const donut_real *x, size_t ldx);

/* p(x|z): z (n, K) -> work->mu_x, sd_x */
void donut_vae_decode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, size_t n, const donut_real *z);

/* A batch of windows: x and alpha (n, W; ld), alpha 1 for normal points and 0 for missing or
 * labelled ones; noise (n, K) standard normal. */
struct donut_vae_batch {
    size_t n, ld;
    const donut_real *x, *alpha, *noise;
};

/* The loss: sum over the batch of minus the M-ELBO with one sample of z,
 *   sum_w alpha_w log p(x_w|z) + beta log p(z) - log q(z|x),   beta = mean of alpha. */
double donut_vae_loss(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, const struct donut_vae_batch *batch);

/* After donut_vae_loss() on the same batch: adds scale * d loss / d parameters to grad. */
void donut_vae_backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                        struct donut_vae *grad, struct donut_vae_work *work,
                        const struct donut_vae_batch *batch, donut_real scale);

#endif
