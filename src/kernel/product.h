/* The one matrix product that dense layers need, forward and back. */
#ifndef DONUT_KERNEL_PRODUCT_H
#define DONUT_KERNEL_PRODUCT_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>

/* C (rows, lanes; ldc) = start + A B over `depth`, where element (r, k) of A is
 * a[r * a_row + k * a_depth] and B is (depth, lanes; ldb). The start is bias[r], C itself or 0;
 * at the end C is held above 0 if relu, and is 0 where `gate` (shaped like C) is not positive. */
struct product {
    size_t depth;
    const donut_real *a;
    size_t a_row, a_depth;
    const donut_real *b;
    size_t ldb;
    const donut_real *bias; /* or NULL */
    bool add, relu;
    const donut_real *gate; /* or NULL */
    donut_real *c;
    size_t ldc;
};

/* Y = W^T X + b; arguments as those of the kernel's dense_forward(). */
static inline struct product product_forward(size_t in, size_t out, size_t lanes,
                                             const donut_real *w, const donut_real *b,
                                             const donut_real *x, size_t ldx, bool relu,
                                             donut_real *y)
{
    return (struct product){.depth = in,
                            .a = w,
                            .a_row = 1,
                            .a_depth = out,
                            .b = x,
                            .ldb = ldx,
                            .bias = b,
                            .relu = relu,
                            .c = y,
                            .ldc = lanes};
}

/* dX = W dY; arguments as those of the kernel's dense_backward_input(). */
static inline struct product product_backward(size_t out, size_t lanes, const donut_real *w,
                                              const donut_real *dy, bool add, const donut_real *x,
                                              donut_real *dx)
{
    return (struct product){.depth = out,
                            .a = w,
                            .a_row = out,
                            .a_depth = 1,
                            .b = dy,
                            .ldb = lanes,
                            .add = add,
                            .gate = x,
                            .c = dx,
                            .ldc = lanes};
}

#endif
