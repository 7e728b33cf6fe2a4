/* An encoder that does not see the last point of a window. */
#include "check.h"
#include "small_trainer.h"

#include <stdlib.h>

static struct small_series small;

static struct donut_train_options options(size_t window)
{
    struct donut_train_options opt = small_options();
    opt.window = window;
    opt.epochs = 2;
    opt.l2 = 0.1;
    opt.hide_last = true;
    return opt;
}

static struct donut_model *train(const struct donut_train_options *opt)
{
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    CHECK_THAT(donut_train(&small.series, 0, 900, opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    return model;
}

/* How many weights of a point of the window are not 0. */
static size_t weights_from(const struct donut_vae *vae, size_t point)
{
    const struct donut_dense *first = &vae->encoder[0];
    size_t count = 0;
    for (size_t i = 0; i < first->out; i++)
        count += first->w[point * first->out + i] != 0;
    return count;
}

/* Windows with the last point in a piece of the weights of its own, with others, and in the first
 * one; thread by thread the same model. */
static void test_stays_hidden(const char *kernel)
{
    static const size_t windows[] = {2, 16, 17, 24, 33};
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        struct donut_train_options opt = options(windows[i]);
        opt.kernel = kernel;
        opt.threads = 1;
        opt.clip_by = i % 2 ? DONUT_CLIP_GLOBAL : DONUT_CLIP_TENSOR;
        struct donut_model *one = train(&opt);
        opt.threads = 5;
        struct donut_model *five = train(&opt);
        if (one && five) {
            CHECK_INT(weights_from(&one->vae, windows[i] - 1), 0);
            CHECK_INT(weights_from(&one->vae, windows[i] - 2), 20);
            CHECK(one->info.options.hide_last);
            CHECK(memcmp(one->vae.block, five->vae.block, one->vae.size * sizeof *one->vae.block) ==
                  0);
        }
        donut_model_free(one);
        donut_model_free(five);
    }
}

/* q(z|x) is the same whatever the last point is. */
static void test_does_not_see(void)
{
    const struct donut_train_options opt = options(24);
    struct donut_model *model = train(&opt);
    struct donut_vae_work work;
    if (!model)
        return;
    CHECK(donut_vae_work_new(&model->vae.shape, 16, false, &work));
    const struct donut_vae_panel panel = donut_vae_panel(&work, 0);
    for (size_t w = 0; w < 24; w++)
        for (size_t l = 0; l < 16; l++)
            panel.x[w * 16 + l] = (donut_real)(w < 23 ? sin((double)w) : (double)l - 7);
    donut_vae_encode(&donut_kernel_plain, &model->vae, &panel, panel.x, 16);
    for (size_t k = 0; k < 3; k++)
        for (size_t l = 1; l < 16; l++)
            CHECK(panel.mu_z[k * 16 + l] == panel.mu_z[k * 16] &&
                  panel.a_z[k * 16 + l] == panel.a_z[k * 16]);
    donut_vae_work_free(&work);
    donut_model_free(model);
}

/* But for those of the last point it begins with the parameters that it would have otherwise. */
static void test_begins(void)
{
    struct donut_vae_shape shape = {.window = 5, .latent = 2, .depth = 1, .hidden = {3}};
    struct donut_vae seen, hidden;
    CHECK(donut_vae_plan(&shape, &seen));
    shape.hide_last = true;
    CHECK(donut_vae_plan(&shape, &hidden));
    CHECK_INT(seen.size, hidden.size);
    donut_real *block = calloc(2 * seen.size, sizeof *block);
    donut_vae_bind(&seen, block);
    donut_vae_bind(&hidden, block + seen.size);
    donut_vae_initialise(&seen, 9);
    donut_vae_initialise(&hidden, 9);
    donut_vae_hide(&seen);
    CHECK_INT(weights_from(&seen, 4), 3);
    donut_vae_hide(&hidden);
    CHECK_INT(weights_from(&hidden, 4), 0);
    for (size_t i = 0; i < seen.size; i++)
        if (i < 12 || i >= 15)
            CHECK(block[i] == block[seen.size + i]);
    free(block);
}

/* Begun with a model that saw it, its weights are 0; begun with one that did not, they begin at 0
 * and learn. Of a learning rate of 1e-300 a float's steps are 0. */
static void test_init(void)
{
    struct donut_train_options opt = options(24);
    opt.hide_last = false;
    struct donut_model *seen = train(&opt);
    opt.hide_last = true;
    opt.init = seen;
    opt.learning_rate = 1e-300;
    struct donut_model *hidden = train(&opt);
    opt.hide_last = false;
    opt.init = hidden;
    struct donut_model *same = train(&opt);
    opt.learning_rate = 1e-3;
    struct donut_model *learns = train(&opt);
    if (seen && hidden && same && learns) {
        CHECK_INT(weights_from(&seen->vae, 23), 20);
        CHECK_INT(weights_from(&hidden->vae, 23), 0);
        for (size_t i = 0; i < seen->vae.size; i++)
            if (i < 23 * 20 || i >= 24 * 20)
                CHECK(seen->vae.block[i] == hidden->vae.block[i]);
        CHECK(memcmp(same->vae.block, hidden->vae.block,
                     same->vae.size * sizeof *same->vae.block) == 0);
        CHECK(weights_from(&learns->vae, 23) > 0);
    }
    donut_model_free(seen);
    donut_model_free(hidden);
    donut_model_free(same);
    donut_model_free(learns);
}

TEST(hide)
{
    const char *kernel;
    small_make(&small);
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++)
        test_stays_hidden(kernel);
    test_does_not_see();
    test_begins();
    test_init();
    return check_report("hide");
}
