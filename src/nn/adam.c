#include "nn/adam.h"

#include <math.h>

struct donut_adam_options donut_adam_defaults(void)
{
    return (struct donut_adam_options){
        .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .clip_norm = INFINITY};
}

/* m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t), w -= rate m^ / (sqrt(v^) + epsilon); with
 * c = sqrt(1 - beta2^t) that is w -= (rate c / (1 - beta1^t)) m / (sqrt(v) + epsilon c). */
struct donut_adam_step donut_adam_step(const struct donut_adam_options *opt, size_t step,
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

static donut_real clip_scale(const struct donut_adam_options *opt, double squared_norm)
{
    const double norm = sqrt(squared_norm);
    return norm > opt->clip_norm ? (donut_real)(opt->clip_norm / norm) : 1;
}

bool donut_adam_clip(const struct donut_adam_options *opt, size_t n, const double *squared_norm,
                     donut_real *scale)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += squared_norm[i];
    for (size_t i = 0; i < n; i++)
        scale[i] = clip_scale(opt, opt->clip_global ? total : squared_norm[i]);
    return isfinite(total);
}
