/* A small seasonal series and small training options, for tests of training and detection. */
#ifndef DONUT_TESTS_SMALL_H
#define DONUT_TESTS_SMALL_H

#include "base/random.h"
#include "donut.h"
#include "variants.h"

#include <math.h>

#define SMALL_POINTS 1200
#define SMALL_SEASON 24

/* value = 100 + 20 sin(2 pi t / 24) + noise of standard deviation 1, one point a minute. */
struct small_series {
    double value[SMALL_POINTS];
    unsigned char label[SMALL_POINTS];
    struct donut_series series;
};

static inline double small_truth(size_t t)
{
    return 100 + 20 * sin(2 * 3.14159265358979323846 * (double)t / SMALL_SEASON);
}

static inline void small_make(struct small_series *small)
{
    static const int64_t start_ms = 1700000040000;
    donut_real noise[SMALL_POINTS];
    donut_random_normals((struct donut_stream){5, DONUT_DRAW_TEST, 0}, 0, SMALL_POINTS, noise);
    for (size_t t = 0; t < SMALL_POINTS; t++) {
        small->value[t] = small_truth(t) + (double)noise[t];
        small->label[t] = 0;
    }
    small->series = (struct donut_series){.n = SMALL_POINTS,
                                          .start_ms = start_ms,
                                          .interval_ms = 60000,
                                          .value = small->value,
                                          .label = small->label};
}

/* A stretch of it as a series of its own. */
static inline struct donut_series small_part(const struct small_series *small, size_t from,
                                             size_t to)
{
    struct donut_series part = small->series;
    part.n = to - from;
    part.start_ms += (int64_t)from * part.interval_ms;
    part.value = small->value + from;
    part.label = small->label + from;
    return part;
}

static inline struct donut_train_options small_options(void)
{
    struct donut_train_options opt = variant_train_paper();
    opt.window = SMALL_SEASON;
    opt.latent = 3;
    opt.depth = 2;
    opt.hidden[0] = 20;
    opt.hidden[1] = 16;
    opt.epochs = 30;
    opt.batch_size = 32;
    opt.validate_every = 10;
    opt.samples = 32;
    opt.seed = 7;
    return opt;
}

#endif
