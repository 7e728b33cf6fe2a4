#include "nn/conv.h"

#include <string.h>

struct donut_conv donut_conv_plan(size_t length, size_t channels, size_t out)
{
    return (struct donut_conv){
        .pairs = (length - DONUT_CONV_WIDTH + 1) / 2,
        .length = length,
        .channels = channels,
        .filter = {.in = DONUT_CONV_WIDTH * channels, .out = out},
    };
}

size_t donut_conv_rows(const struct donut_conv *conv)
{
    return 2 * conv->pairs * conv->filter.out;
}

size_t donut_conv_pooled_rows(const struct donut_conv *conv)
{
    return conv->pairs * conv->filter.out;
}

void donut_conv_forward(const struct donut_kernel *kernel, const struct donut_conv *conv,
                        size_t lanes, const donut_real *x, size_t ldx, donut_real *y,
                        donut_real *pooled)
{
    for (size_t t = 0; t < 2 * conv->pairs; t++)
        donut_dense_forward(kernel, &conv->filter, lanes, x + t * conv->channels * ldx, ldx, true,
                            y + t * conv->filter.out * lanes);
    kernel->pool_forward(conv->pairs, conv->filter.out * lanes, y, pooled);
}

void donut_conv_backward_pool(const struct donut_kernel *kernel, const struct donut_conv *conv,
                              size_t lanes, const donut_real *dpooled, donut_real *y)
{
    kernel->pool_backward(conv->pairs, conv->filter.out * lanes, dpooled, y);
}

/* Position t of the convolution gives to positions t, t + 1 and t + 2 of its input. */
void donut_conv_backward_input(const struct donut_kernel *kernel, const struct donut_conv *conv,
                               size_t lanes, const donut_real *dy, donut_real *dx)
{
    memset(dx, 0, conv->length * conv->channels * lanes * sizeof *dx);
    for (size_t t = 0; t < 2 * conv->pairs; t++)
        donut_dense_backward_input(kernel, &conv->filter, lanes, dy + t * conv->filter.out * lanes,
                                   true, NULL, dx + t * conv->channels * lanes);
}

void donut_conv_backward_weight(const struct donut_kernel *kernel, const struct donut_conv *grad,
                                size_t first, size_t rows, const struct donut_panels *panels,
                                const donut_real *x, const donut_real *dy)
{
    for (size_t t = 0; t < 2 * grad->pairs; t++)
        donut_dense_backward_weight(kernel, &grad->filter, first, rows, panels,
                                    x + t * grad->channels * panels->lanes,
                                    dy + t * grad->filter.out * panels->lanes, t > 0);
}

void donut_conv_backward_bias(const struct donut_kernel *kernel, const struct donut_conv *grad,
                              const struct donut_panels *panels, const donut_real *dy)
{
    for (size_t t = 0; t < 2 * grad->pairs; t++)
        donut_dense_backward_bias(kernel, &grad->filter, panels,
                                  dy + t * grad->filter.out * panels->lanes, t > 0);
}
