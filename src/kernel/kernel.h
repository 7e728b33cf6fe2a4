/* The vector code of donut behind one table of function pointers, so that a variant for another
 * instruction set replaces all of it at once and no caller changes. Everything else in src/ is
 * bookkeeping. The plain C variant is the truth that others are held against.
 *
 * Matrices are row-major and dense unless a row stride is given (ldx: elements from one row to the
 * next; stride 1 makes the overlapping windows of a series a matrix). `n` counts rows of a batch.
 * No output overlaps an input. Each output element is a sum in the order of its index, so results
 * do not depend on how rows are split into calls. */
#ifndef DONUT_KERNEL_KERNEL_H
#define DONUT_KERNEL_KERNEL_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>

struct donut_adam_step {
    donut_real rate;         /* learning rate with both bias corrections folded in, see adam() */
    donut_real beta1, beta2; /* decay of the first and second moment */
    donut_real rest1, rest2; /* 1 - beta1, 1 - beta2, rounded once */
    donut_real epsilon;      /* likewise scaled */
    donut_real grad_scale;   /* the gradient is multiplied by this first: clipping */
};

struct donut_kernel {
    const char *name;

    /* Y = X W + b, then max(0, .) if relu.
     * x (n, in; ldx), w (in, out), b (out) -> y (n, out) */
    void (*dense_forward)(size_t n, size_t in, size_t out, const donut_real *x, size_t ldx,
                          const donut_real *w, const donut_real *b, bool relu, donut_real *y);

    /* dX += dY W^T.   dy (n, out), w (in, out) -> dx (n, in) */
    void (*dense_backward_input)(size_t n, size_t in, size_t out, const donut_real *dy,
                                 const donut_real *w, donut_real *dx);

    /* dW += X^T dY, db += sum over rows of dY.
     * x (n, in; ldx), dy (n, out) -> dw (in, out), db (out) */
    void (*dense_backward_weight)(size_t n, size_t in, size_t out, const donut_real *x, size_t ldx,
                                  const donut_real *dy, donut_real *dw, donut_real *db);

    /* dy = 0 where the ReLU's output y is not positive.   (count) */
    void (*relu_backward)(size_t count, const donut_real *y, donut_real *dy);

    /* y = log(1 + exp(a)) + epsilon.   (count) */
    void (*softplus_forward)(size_t count, donut_real epsilon, const donut_real *a, donut_real *y);

    /* da = dy / (1 + exp(-a)), in place on dy.   (count) */
    void (*softplus_backward)(size_t count, const donut_real *a, donut_real *dy);

    /* sum[i] = sum_j alpha_ij log N(x_ij; mu_ij, sd_ij).
     * x, alpha (n, width; ldx), mu, sd (n, width) -> sum (n) */
    void (*gauss_forward)(size_t n, size_t width, const donut_real *x, const donut_real *alpha,
                          size_t ldx, const donut_real *mu, const donut_real *sd, double *sum);

    /* dmu += scale d sum / d mu, dsd += scale d sum / d sd, shapes as above. */
    void (*gauss_backward)(size_t n, size_t width, const donut_real *x, const donut_real *alpha,
                           size_t ldx, const donut_real *mu, const donut_real *sd, donut_real scale,
                           donut_real *dmu, donut_real *dsd);

    /* Sum of squares, in double.   g (count) */
    double (*sum_squares)(size_t count, const donut_real *g);

    /* g = grad_scale g;  m = beta1 m + rest1 g;  v = beta2 v + rest2 g^2;
     * w -= rate m / (sqrt(v) + epsilon).   (count) */
    void (*adam)(size_t count, const struct donut_adam_step *step, const donut_real *g,
                 donut_real *m, donut_real *v, donut_real *w);
};

/* The variant to use on this machine. */
const struct donut_kernel *donut_kernel_choose(void);

/* The variant of that name, or NULL when this machine cannot run it or there is none. */
const struct donut_kernel *donut_kernel_named(const char *name);

extern const struct donut_kernel donut_kernel_plain;

#endif
