/* The variational auto-encoder of Donut (paper 3.1, Fig. 4) and its training objective, the
 * modified ELBO (eqn 3), forward and backward.
 *
 *   x (W) -> ReLU layers -> mu_z, sd_z (K) -> z = mu_z + sd_z noise
 *   z (K) -> ReLU layers -> mu_x, sd_x (W)
 *
 * where the encoder's layers may be convolutions (nn/conv.h).
 *
 * Notation: W length of a window, K latent size, h width of a hidden layer. */
#ifndef DONUT_MODEL_VAE_H
#define DONUT_MODEL_VAE_H

#include "base/arena.h"
#include "donut.h"
#include "nn/adam.h"
#include "nn/conv.h"
#include "nn/gauss.h"
#include "nn/latent.h"

#include <stdint.h>

struct donut_vae_shape {
    size_t window, latent, depth;   /* W, K, hidden layers on each side */
    size_t hidden[DONUT_MAX_DEPTH]; /* from x to z; the decoder mirrors them */
    donut_real epsilon;             /* of the standard deviations */
    enum donut_encoder encoder;
    size_t channels[DONUT_CONVOLUTIONS]; /* of the cnn encoder; 0 for the dense one */
    double student_df;                   /* of p(z) and q(z|x); 0 = Gaussian */
    bool hide_last; /* from the dense encoder: its weights from the last point of a window are 0 */
};

/* The weights of log p(x|z), log p(z) and -log q(z|x) in what is maximised; DONUT_WEIGHT_BETA: the
 * window's beta. */
struct donut_objective {
    double reconstruction, prior, entropy;
};

#define DONUT_VAE_MAX_TENSORS (4 * DONUT_MAX_DEPTH + 8)

/* The network as views into one block, for parameters and equally for their gradients. */
struct donut_vae {
    struct donut_vae_shape shape;
    struct donut_law law;        /* of z */
    struct donut_law likelihood; /* of (x - mu) / sd in the loss; scores take the normal one */
    struct donut_objective objective;
    size_t size;       /* elements of the block, padding between tensors (kept 0) included */
    size_t parameters; /* without padding */
    /* w and b of each layer: the encoder's, mean and std head of z, the decoder's, mean and std
     * head of x. */
    struct donut_tensor tensor[DONUT_VAE_MAX_TENSORS];
    size_t tensors;
    donut_real *block; /* (size) */
    size_t encoder_depth;
    struct donut_dense encoder[DONUT_MAX_DEPTH]; /* of the dense encoder */
    struct donut_conv conv[DONUT_CONVOLUTIONS];  /* of the cnn encoder */
    struct donut_gauss z;
    struct donut_dense decoder[DONUT_MAX_DEPTH];
    struct donut_gauss x;
};

/* Computes sizes and offsets; no memory yet (views are NULL). The objective is eqn (3), with normal
 * x. False when sizes overflow. */
bool donut_vae_plan(const struct donut_vae_shape *shape, struct donut_vae *vae);

/* The layer of a tensor; of a convolution, its filter. */
const struct donut_dense *donut_vae_layer(const struct donut_vae *vae, size_t tensor);

/* The convolution of a tensor; NULL for those of dense layers. */
const struct donut_conv *donut_vae_conv(const struct donut_vae *vae, size_t tensor);

/* Points the views into `block`: vae->size zeroed elements that the caller owns. */
void donut_vae_bind(struct donut_vae *vae, donut_real *block);

/* Glorot-uniform weights, U(-a, a) with a = sqrt(6 / (in + out)), and zero biases. A convolution's
 * in and out are 3 times its channels. */
void donut_vae_initialise(struct donut_vae *vae, uint64_t seed);

/* If the shape hides the last point of a window: makes its weights 0. */
void donut_vae_hide(struct donut_vae *vae);

/* Activations of one panel of windows and the gradients flowing back through them: matrices
 * (rows, lanes) in the layout of kernel/kernel.h. Views into the block of a donut_vae_work. */
struct donut_vae_panel {
    size_t lanes;
    donut_real *x, *alpha;                                           /* (W) room for the input */
    donut_real *noise;                                               /* (K) of the law of z */
    donut_real *encoder[DONUT_MAX_DEPTH], *decoder[DONUT_MAX_DEPTH]; /* (h), after ReLU; of the
                                                                        cnn encoder, the pooled */
    donut_real *conv[DONUT_CONVOLUTIONS]; /* after ReLU, before pooling */
    donut_real *mu_z, *a_z, *sd_z, *z;    /* (K) a: logits of sd */
    donut_real *mu_x, *a_x;               /* (W) */
    donut_real *log_x, *log_q, *log_p;    /* (1) sum alpha log p(x|z); log q(z|x); log p(z) */
    donut_real *sum_alpha;                /* (1) over the window */
    /* For training only: gradients, of layers before their ReLU. Those of mu_x and a_x replace
     * mu_x and a_x, those of convolutions replace conv. */
    donut_real *scale_x, *scale_p, *scale_q; /* (1) of -log_x, -log_p and log_q */
    donut_real *d_encoder[DONUT_MAX_DEPTH], *d_decoder[DONUT_MAX_DEPTH]; /* (h) */
    donut_real *dz, *da_z;                                               /* (K) dz becomes dmu_z */
};

struct donut_vae_work {
    struct donut_vae_shape shape;
    struct donut_panels panels;
    bool training;
    donut_real *block;
    struct donut_arena arena;
};

/* Room for `windows` windows in panels of DONUT_PANEL, or one of DONUT_LANES where that is enough.
 * `training`: with gradients. False: no memory. */
bool donut_vae_work_new(const struct donut_vae_shape *shape, size_t windows, bool training,
                        struct donut_vae_work *work);
void donut_vae_work_free(struct donut_vae_work *work);

struct donut_vae_panel donut_vae_panel(const struct donut_vae_work *work, size_t panel);

/* q(z|x): x (W, lanes; ldx) -> panel->mu_z, a_z */
void donut_vae_encode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      const struct donut_vae_panel *panel, const donut_real *x, size_t ldx);

/* p(x|z): panel->z -> panel->mu_x, a_x */
void donut_vae_decode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      const struct donut_vae_panel *panel);

/* The loss of each window, minus its M-ELBO with one sample of z,
 *   sum_w alpha_w log p(x_w|z) + beta log p(z) - log q(z|x),   beta = mean of alpha,
 * for alpha 1 at normal points and 0 at missing or labelled ones; with an objective other than
 * eqn (3)'s, its terms have those weights. x, alpha (W, lanes; ldx) and panel->noise
 * -> loss (lanes) */
void donut_vae_loss(const struct donut_kernel *kernel, const struct donut_vae *vae,
                    const struct donut_vae_panel *panel, const donut_real *x,
                    const donut_real *alpha, size_t ldx, double *loss);

/* The same for panel->x and panel->alpha, and the gradient of scale times the sum of the losses of
 * the first n lanes back to every layer; the other lanes must hold finite numbers. */
void donut_vae_loss_backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                             const struct donut_vae_panel *panel, size_t n, donut_real scale,
                             double *loss);

/* After that in every panel: rows [first, first + rows) of a weight matrix's gradient, or a bias
 * vector's, summed over the panels; by number of the tensor. The row of a hidden point is left as
 * it is. */
void donut_vae_backward_weight(const struct donut_kernel *kernel, const struct donut_vae *grad,
                               const struct donut_vae_work *work, size_t tensor, size_t first,
                               size_t rows);
void donut_vae_backward_bias(const struct donut_kernel *kernel, const struct donut_vae *grad,
                             const struct donut_vae_work *work, size_t tensor);

#endif
