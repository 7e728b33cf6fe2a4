/* A 1-dimensional convolution (kernel 3, stride 1, no padding) with ReLU and max pooling of 2
 * (stride 2). The features of a sequence are the rows of a matrix (kernel/kernel.h), position by
 * position: channel c of position t is row t C + c. So 3 neighbouring positions are a matrix of
 * 3 C rows, and what the convolution makes of them is a dense layer. */
#ifndef DONUT_NN_CONV_H
#define DONUT_NN_CONV_H

#include "nn/dense.h"

#define DONUT_CONV_WIDTH 3 /* of the kernel, in positions */

/* Views of a layer's parameters, or of their gradients; owns nothing. */
struct donut_conv {
    size_t pairs;              /* positions of the output, 2 `pairs` of the convolution: one more,
                                  that no other is pooled with, is never computed */
    size_t length, channels;   /* positions of the input, C of each */
    struct donut_dense filter; /* w (3 C, out), b (out) */
};

/* Without parameters, for length >= 4. */
struct donut_conv donut_conv_plan(size_t length, size_t channels, size_t out);

/* Rows of the convolution and of the pooled output. */
size_t donut_conv_rows(const struct donut_conv *conv);
size_t donut_conv_pooled_rows(const struct donut_conv *conv);

/* x (length C, lanes; ldx) -> y (rows, lanes) after the ReLU -> pooled (pooled rows, lanes) */
void donut_conv_forward(const struct donut_kernel *kernel, const struct donut_conv *conv,
                        size_t lanes, const donut_real *x, size_t ldx, donut_real *y,
                        donut_real *pooled);

/* dpooled (pooled rows, lanes); in place: y becomes dy, the gradient before the ReLU. Of two equal
 * rows the first is the one that was pooled. */
void donut_conv_backward_pool(const struct donut_kernel *kernel, const struct donut_conv *conv,
                              size_t lanes, const donut_real *dpooled, donut_real *y);

/* dy (rows, lanes) -> dx (length C, lanes) */
void donut_conv_backward_input(const struct donut_kernel *kernel, const struct donut_conv *conv,
                               size_t lanes, const donut_real *dy, donut_real *dx);

/* x (panels: length C, lanes), dy (panels: rows, lanes) -> rows [first, first + rows) of
 * grad->filter.w */
void donut_conv_backward_weight(const struct donut_kernel *kernel, const struct donut_conv *grad,
                                size_t first, size_t rows, const struct donut_panels *panels,
                                const donut_real *x, const donut_real *dy);

/* dy (panels: rows, lanes) -> grad->filter.b */
void donut_conv_backward_bias(const struct donut_kernel *kernel, const struct donut_conv *grad,
                              const struct donut_panels *panels, const donut_real *dy);

#endif
