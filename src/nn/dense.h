/* A dense layer y = f(W^T x + b), f the identity or ReLU; layout of matrices: kernel/kernel.h. */
#ifndef DONUT_NN_DENSE_H
#define DONUT_NN_DENSE_H

#include "kernel/kernel.h"

/* Views of a layer's parameters, or of their gradients; owns nothing. */
struct donut_dense {
    size_t in, out;
    donut_real *w; /* (in, out) */
    donut_real *b; /* (out) */
};

/* x (in, lanes; ldx) -> y (out, lanes) */
void donut_dense_forward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                         size_t lanes, const donut_real *x, size_t ldx, bool relu, donut_real *y);

/* dy (out, lanes), the gradient before f, -> dx (in, lanes), added to what is there if `add`. Where
 * x (in, lanes) is the output of a ReLU, dx is taken on through it; NULL where it is not. */
void donut_dense_backward_input(const struct donut_kernel *kernel, const struct donut_dense *layer,
                                size_t lanes, const donut_real *dy, bool add, const donut_real *x,
                                donut_real *dx);

/* x (panels: in, lanes), dy (panels: out, lanes) -> rows [first, first + rows) of grad->w, added to
 * what is there if `add`. */
void donut_dense_backward_weight(const struct donut_kernel *kernel, const struct donut_dense *grad,
                                 size_t first, size_t rows, const struct donut_panels *panels,
                                 const donut_real *x, const donut_real *dy, bool add);

/* dy (panels: out, lanes) -> grad->b, likewise */
void donut_dense_backward_bias(const struct donut_kernel *kernel, const struct donut_dense *grad,
                               const struct donut_panels *panels, const donut_real *dy, bool add);

#endif
