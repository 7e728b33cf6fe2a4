#include "train/schedule.h"

#include <math.h>

#define WARM_UP 20 /* the first of so many equal parts of the steps */

static const double least = 0.01; /* that the cosine goes down to */

/* Of w steps of warm-up, number i = 0 .. w - 1 has the factor (i + 1) / (w + 1): the first one is
 * not wasted, and the factor 1 comes but once, at the top of the cosine. */
static double cosine(size_t done, size_t steps)
{
    const double pi = 3.14159265358979323846;
    const size_t warm = steps / WARM_UP;
    if (done < warm)
        return (double)(done + 1) / (double)(warm + 1);
    const double t = (double)(done - warm) / (double)(steps - warm);
    return least + (1 - least) * (1 + cos(pi * t)) / 2;
}

double donut_schedule_rate(const struct donut_train_options *opt, size_t epoch, size_t done,
                           size_t steps)
{
    if (opt->schedule == DONUT_SCHEDULE_COSINE)
        return opt->learning_rate * cosine(done, steps);
    return opt->learning_rate * pow(opt->decay, (double)((epoch - 1) / opt->decay_epochs));
}
