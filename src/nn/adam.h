/* Adam (Kingma and Ba, 2015) with gradient clipping. The parameters are one block, a list of
 * tensors; L2 regularisation and the update themselves are the kernel's. */
#ifndef DONUT_NN_ADAM_H
#define DONUT_NN_ADAM_H

#include "kernel/kernel.h"

struct donut_tensor {
    size_t offset, count; /* within the block, in elements */
    bool regularised;     /* L2 applies: the kernels of hidden layers */
};

struct donut_adam_options {
    double beta1, beta2, epsilon; /* .9, .999, 1e-8 */
    double l2;                    /* loss += l2 * sum w^2 over the regularised tensors */
    double clip_norm;             /* limit of the gradient's Euclidean norm */
    bool clip_global;             /* one norm over all tensors instead of one each */
};

/* beta1 .9, beta2 .999, epsilon 1e-8; no L2, no clipping. */
struct donut_adam_options donut_adam_defaults(void);

/* The kernel's arguments for update number `step` (from 1) with learning rate `rate`. */
struct donut_adam_step donut_adam_step(const struct donut_adam_options *opt, size_t step,
                                       double rate);

/* What the gradients of the tensors are multiplied by: squared_norm, scale (n). False when a norm
 * is not finite. */
bool donut_adam_clip(const struct donut_adam_options *opt, size_t n, const double *squared_norm,
                     donut_real *scale);

#endif
