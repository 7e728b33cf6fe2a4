#include "nn/dense.h"

void donut_dense_forward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                         size_t lanes, const donut_real *x, size_t ldx, bool relu, donut_real *y)
{
    kernel->dense_forward(layer->in, layer->out, lanes, layer->w, layer->b, x, ldx, relu, y);
}

void donut_dense_backward_input(const struct donut_kernel *kernel, const struct donut_dense *layer,
                                size_t lanes, const donut_real *dy, bool add, const donut_real *x,
                                donut_real *dx)
{
    kernel->dense_backward_input(layer->in, layer->out, lanes, layer->w, dy, add, x, dx);
}

void donut_dense_backward_weight(const struct donut_kernel *kernel, const struct donut_dense *grad,
                                 size_t first, size_t rows, const struct donut_panels *panels,
                                 const donut_real *x, const donut_real *dy, bool add)
{
    kernel->dense_backward_weight(rows, grad->out, panels, x + first * panels->lanes, dy, add,
                                  grad->w + first * grad->out);
}

void donut_dense_backward_bias(const struct donut_kernel *kernel, const struct donut_dense *grad,
                               const struct donut_panels *panels, const donut_real *dy, bool add)
{
    kernel->dense_backward_bias(grad->out, panels, dy, add, grad->b);
}
