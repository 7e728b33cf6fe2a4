#include "nn/dense.h"

void donut_dense_forward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                         size_t n, const donut_real *x, size_t ldx, bool relu, donut_real *y)
{
    kernel->dense_forward(n, layer->in, layer->out, x, ldx, layer->w, layer->b, relu, y);
}

void donut_dense_backward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                          struct donut_dense *grad, size_t n, const donut_real *x, size_t ldx,
                          bool relu, const donut_real *y, donut_real *dy, donut_real *dx)
{
    if (relu)
        kernel->relu_backward(n * layer->out, y, dy);
    kernel->dense_backward_weight(n, layer->in, layer->out, x, ldx, dy, grad->w, grad->b);
    if (dx)
        kernel->dense_backward_input(n, layer->in, layer->out, dy, layer->w, dx);
}
