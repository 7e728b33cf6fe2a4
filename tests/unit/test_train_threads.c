/* A model is the same to the last byte whatever the number of threads that made it, with every
 * kernel, for batches that fill their panels and batches that do not. */
#include "small.h"

static struct small_series small; /* with holes and a few labelled points */

struct shape {
    size_t window, latent, depth, hidden[3], batch_size;
    size_t channels[2]; /* of a cnn encoder */
};

/* The last two have tensors of many pieces, so that many threads get a share of them. */
static const struct shape shapes[] = {
    {12, 3, 2, {20, 7}, 15, {0}},
    {12, 8, 3, {16, 33, 5}, 16, {0}},
    {7, 1, 3, {9, 6, 4}, 17, {0}},
    {24, 3, 1, {31}, 31, {0}},
    {16, 8, 2, {32, 16}, 32, {0}},
    {12, 3, 3, {17, 15, 13}, 33, {0}},
    {1, 1, 2, {6, 3}, 48, {0}},
    {12, 8, 1, {10}, 64, {0}},
    {33, 3, 2, {20, 20}, 100, {0}},
    {12, 8, 3, {24, 18, 12}, 65, {0}},
    {5, 1, 1, {1}, 5, {0}},
    {5, 1, 1, {2}, 65536, {0}},
    {13, 3, 1, {10}, 33, {3, 9}},
    {100, 8, 2, {100, 90}, 96, {0}},
    {40, 4, 3, {9, 8, 7}, 70, {20, 24}},
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static void make_series(void)
{
    small_make(&small);
    for (size_t t = 10; t < SMALL_POINTS; t += 31)
        small.value[t] = NAN;
    for (size_t t = 200; t < SMALL_POINTS; t += 170)
        small.label[t] = 1;
}

static struct donut_train_options options(size_t number)
{
    const struct shape *shape = &shapes[number];
    struct donut_train_options opt = donut_train_paper();
    opt.window = shape->window;
    opt.latent = shape->latent;
    opt.depth = shape->depth;
    memcpy(opt.hidden, shape->hidden, sizeof shape->hidden);
    opt.batch_size = shape->batch_size;
    if (shape->channels[0] > 0) {
        opt.encoder = DONUT_ENCODER_CNN;
        memcpy(opt.channels, shape->channels, sizeof shape->channels);
    }
    opt.epochs = 2;
    opt.validate_every = 4;
    opt.clip_by = number % 2 ? DONUT_CLIP_GLOBAL : DONUT_CLIP_TENSOR;
    opt.clip_norm = number % 3 ? 10 : 0.5;
    opt.sampler = number % 2 ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    opt.samples = 20 + number;
    opt.mcmc_iterations = 2;
    opt.seed = number;
    return opt;
}

struct result {
    unsigned char *bytes;
    size_t size;
    struct donut_train_report report;
};

static struct result train(const struct donut_train_options *opt)
{
    struct result result = {0};
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_THAT(donut_train(&small.series, 7, 507, opt, &model, &result.report, &err) == DONUT_OK,
               "%s", err.text);
    if (model)
        CHECK_INT(donut_model_encode(model, &result.bytes, &result.size, NULL), DONUT_OK);
    donut_model_free(model);
    return result;
}

static bool same(const struct result *a, const struct result *b)
{
    return a->bytes && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0 &&
           a->report.loss == b->report.loss && a->report.best_step == b->report.best_step;
}

static void check_shape(const char *kernel, size_t number)
{
    static const size_t threads[] = {2, 3, 7, 64, 0};
    struct donut_train_options opt = options(number);
    opt.kernel = kernel;
    opt.threads = 1;
    const struct result alone = train(&opt);
    CHECK(alone.report.steps >= 2);
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        opt.threads = threads[i];
        const struct result together = train(&opt);
        CHECK_THAT(same(&alone, &together), "%s, shape %zu: %zu threads make another model", kernel,
                   number, threads[i]);
        free(together.bytes);
    }
    free(alone.bytes);
}

TEST(train_threads)
{
    const char *kernel;
    make_series();
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++)
        for (size_t number = 0; number < SHAPES; number++)
            check_shape(kernel, number);
    return check_report("train_threads");
}
