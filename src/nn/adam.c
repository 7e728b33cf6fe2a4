#include "nn/adam.h"

#include <math.h>

struct donut_adam_options donut_adam_defaults(void)
{
    return (struct donut_adam_options){
        .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .clip_norm = INFINITY};
}

/* d (l2 sum w^2) / dw = 2 l2 w; returns the squared norm of what results. */
static double regularise(const struct donut_kernel *kernel, const struct donut_tensor *tensor,
                         double l2, const donut_real *w, donut_real *g)
{
    const donut_real twice = (donut_real)(2 * l2);
    if (tensor->regularised && l2 > 0)
        for (size_t i = tensor->offset; i < tensor->offset + tensor->count; i++)
            g[i] += twice * w[i];
    return kernel->sum_squares(tensor->count, g + tensor->offset);
}

static donut_real clip_scale(const struct donut_adam_options *opt, double squared_norm)
{
    const double norm = sqrt(squared_norm);
    return norm > opt->clip_norm ? (donut_real)(opt->clip_norm / norm) : 1;
}

/* m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t), w -= rate m^ / (sqrt(v^) + epsilon); with
 * c = sqrt(1 - beta2^t) that is w -= (rate c / (1 - beta1^t)) m / (sqrt(v) + epsilon c). */
static struct donut_adam_step corrected(const struct donut_adam_options *opt, size_t step,
                                        double rate)
{
    const double t = (double)step, c = sqrt(1 - pow(opt->beta2, t));
    return (struct donut_adam_step){
        .rate = (donut_real)(rate * c / (1 - pow(opt->beta1, t))),
        .beta1 = (donut_real)opt->beta1,
        .beta2 = (donut_real)opt->beta2,
        .rest1 = (donut_real)(1 - opt->beta1),
        .rest2 = (donut_real)(1 - opt->beta2),
        .epsilon = (donut_real)(opt->epsilon * c),
    };
}

bool donut_adam_update(const struct donut_kernel *kernel, const struct donut_adam_options *opt,
                       const struct donut_tensor *tensors, size_t n_tensors, size_t step,
                       double rate, donut_real *g, donut_real *m, donut_real *v, donut_real *w)
{
    struct donut_adam_step update = corrected(opt, step, rate);
    double total = 0;
    for (size_t i = 0; i < n_tensors; i++)
        total += regularise(kernel, &tensors[i], opt->l2, w, g);
    if (!isfinite(total))
        return false;
    for (size_t i = 0; i < n_tensors; i++) {
        const size_t at = tensors[i].offset, count = tensors[i].count;
        const double norm = opt->clip_global ? total : kernel->sum_squares(count, g + at);
        update.grad_scale = clip_scale(opt, norm);
        kernel->adam(count, &update, g + at, m + at, v + at, w + at);
    }
    return true;
}
