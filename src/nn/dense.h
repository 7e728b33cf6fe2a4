/* A dense layer y = f(x W + b), f the identity or ReLU. */
#ifndef DONUT_NN_DENSE_H
#define DONUT_NN_DENSE_H

#include "kernel/kernel.h"

/* Views of a layer's parameters, or of their gradients; owns nothing. */
struct donut_dense {
    size_t in, out;
    donut_real *w; /* (in, out) */
    donut_real *b; /* (out) */
};

/* x (n, in; ldx) -> y (n, out) */
void donut_dense_forward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                         size_t n, const donut_real *x, size_t ldx, bool relu, donut_real *y);

/* Adds to grad (dW, db) and, unless NULL, to dx (n, in). With relu, y (n, out) is the layer's own
 * output and dy (n, out) is masked in place first. */
void donut_dense_backward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                          struct donut_dense *grad, size_t n, const donut_real *x, size_t ldx,
                          bool relu, const donut_real *y, donut_real *dy, donut_real *dx);

#endif
