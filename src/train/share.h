/* How the parameters are divided among the threads of a training step. Each thread sums the
 * gradients of its own share over the whole batch and later updates that share, so that little but
 * activations crosses from one processor to another. Nothing depends on how many shares there are:
 * a gradient is summed in one thread in the order of the panels, and a norm over pieces of fixed
 * size in the order of the pieces. */
#ifndef DONUT_TRAIN_SHARE_H
#define DONUT_TRAIN_SHARE_H

#include "model/vae.h"

/* Some rows of a weight matrix, or a bias vector. */
struct donut_piece {
    size_t tensor, first, rows;
    size_t offset, count; /* of its elements in the block, padding included */
    size_t work;          /* count, as often as a window uses each element */
};

struct donut_shares {
    const struct donut_kernel *kernel;
    struct donut_adam_options adam;
    struct donut_vae *vae, grad; /* the parameters; their gradients */
    donut_real *m, *v;           /* (vae->size) Adam's moments */
    size_t pieces, shares;
    struct donut_piece *piece; /* (pieces) in the order of the block */
    double *squares;           /* (pieces) squared norms of the gradient */
    size_t *first;             /* (shares + 1) share s is pieces first[s] .. first[s + 1] - 1 */
    donut_real grad_scale[DONUT_VAE_MAX_TENSORS]; /* of each tensor, from clipping */
    struct donut_adam_step step;
    struct donut_arena arena;
};

/* False: no memory. vae is borrowed. */
bool donut_shares_new(const struct donut_kernel *kernel, const struct donut_adam_options *adam,
                      struct donut_vae *vae, size_t shares, struct donut_shares *out);
void donut_shares_free(struct donut_shares *shares);

/* A step, each part by all threads before the next part begins. */

/* The gradients of one share from all panels of `work`, with that of L2. */
void donut_shares_gradient(struct donut_shares *shares, size_t share,
                           const struct donut_vae_work *work);

/* In one thread: clips, and prepares update number `step` (from 1). False when the gradient is not
 * finite. */
bool donut_shares_clip(struct donut_shares *shares, size_t step, double rate);

/* Moves the parameters of one share. */
void donut_shares_update(const struct donut_shares *shares, size_t share);

#endif
