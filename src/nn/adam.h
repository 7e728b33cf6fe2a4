/* Adam (Kingma and Ba, 2015) with L2 regularisation and gradient clipping, over one block of
 * parameters that is a list of tensors. */
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

/* Update number `step` (from 1) with learning rate `rate`: adds the L2 gradient to g, clips, moves
 * w. All blocks (size of the parameters); m and v start as zeros. False, with nothing moved, when
 * the gradient is not finite. */
bool donut_adam_update(const struct donut_kernel *kernel, const struct donut_adam_options *opt,
                       const struct donut_tensor *tensors, size_t n_tensors, size_t step,
                       double rate, donut_real *g, donut_real *m, donut_real *v, donut_real *w);

#endif
