/* A row is the same to the last bit whatever is scored together with it: in one call or in many, a
 * point at a time or from a file that begins with its window, in any number of threads, with every
 * kernel, with missing points and without. */
#include "draw.h"
#include "model/model.h"
#include "rows.h"
#include "small.h"

struct shape {
    size_t window, latent, depth, hidden[3], samples;
    enum donut_sampler sampler;
    size_t channels[2]; /* of a cnn encoder */
};

static const struct shape shapes[] = {
    {24, 3, 2, {20, 16}, 32, DONUT_SAMPLER_SOBOL, {0}},
    {24, 1, 1, {9}, 17, DONUT_SAMPLER_MC, {0}},
    {7, 8, 3, {12, 10, 5}, 65, DONUT_SAMPLER_MC, {0}},
    {33, 5, 2, {17, 33}, 130, DONUT_SAMPLER_SOBOL, {0}},
    {1, 2, 1, {4}, 1, DONUT_SAMPLER_SOBOL, {0}},
    {25, 3, 1, {12}, 20, DONUT_SAMPLER_SOBOL, {5, 17}},
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static struct draw draw;
static struct small_series whole, holed;

/* Lone holes, longer ones, one longer than any window, and some that end at a series' end. */
static void make_series(void)
{
    small_make(&whole);
    small_make(&holed);
    for (size_t t = 3; t < 700; t += 1 + draw_below(&draw, 60))
        holed.value[t] = NAN;
    for (size_t t = 701; t < 800; t += 30)
        for (size_t i = 0; i < 9; i++)
            holed.value[t + i] = NAN;
    for (size_t t = 900; t < 950; t++)
        holed.value[t] = NAN;
    holed.value[0] = holed.value[SMALL_POINTS - 1] = NAN;
}

static struct donut_model *train(const struct shape *shape)
{
    struct donut_train_options opt = small_options();
    struct donut_model *model;
    struct donut_error err = {0};
    opt.window = shape->window;
    opt.latent = shape->latent;
    opt.depth = shape->depth;
    memcpy(opt.hidden, shape->hidden, sizeof shape->hidden);
    if (shape->channels[0] > 0) {
        opt.encoder = DONUT_ENCODER_CNN;
        memcpy(opt.channels, shape->channels, sizeof shape->channels);
    }
    opt.epochs = 3;
    opt.sampler = shape->sampler;
    opt.samples = shape->samples;
    CHECK_THAT(donut_train(&whole.series, 0, 400, &opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    return model;
}

/* One model, series and kernel, and what one thread makes of it all in one call. */
struct fixture {
    const struct donut_model *model;
    const struct small_series *small;
    const char *kernel, *text;
    size_t every; /* which of the numbers of threads and sizes of calls: every so many */
    struct donut_score_row want[SMALL_POINTS];
};

static struct donut_score_options options(const struct fixture *f, size_t threads)
{
    struct donut_score_options opt = donut_score_defaults();
    opt.kernel = f->kernel;
    opt.threads = threads;
    return opt;
}

static void check_rows(const struct fixture *f, const struct donut_score_row *rows, size_t from,
                       size_t to, size_t threads, const char *how)
{
    const size_t differing = rows_differing(f->want + from, rows, to - from);
    CHECK_THAT(differing == 0, "%s, %s, window %zu, %zu threads, %s: %zu rows differ", f->kernel,
               f->text, f->model->vae.shape.window, threads, how, differing);
}

/* In calls of `size` points, or of random numbers of them up to 100 for 0. */
static void check_cuts(const struct fixture *f, size_t threads, size_t size)
{
    static struct donut_score_row rows[SMALL_POINTS];
    const struct donut_score_options opt = options(f, threads);
    for (size_t from = 0; from < SMALL_POINTS;) {
        const size_t left = SMALL_POINTS - from, wish = size ? size : 1 + draw_below(&draw, 100);
        const size_t n = wish < left ? wish : left;
        CHECK_INT(donut_score(f->model, &f->small->series, from, from + n, &opt, rows + from, NULL),
                  DONUT_OK);
        from += n;
    }
    check_rows(f, rows, 0, SMALL_POINTS, threads, size ? "in calls of one size" : "in calls");
}

/* A file that holds but the window of point t. The model's own memory, of points before 400, is out
 * of reach. */
static void check_alone(const struct fixture *f, size_t t)
{
    const size_t window = f->model->vae.shape.window;
    const struct donut_series part = small_part(f->small, t + 1 - window, t + 1);
    const struct donut_score_options opt = options(f, 1);
    struct donut_score_row row;
    CHECK_INT(donut_score(f->model, &part, window - 1, window, &opt, &row, NULL), DONUT_OK);
    check_rows(f, &row, t, t + 1, 1, "in a file of its own");
}

/* As a stream asks for them: a call for a point. */
static void check_stream(const struct fixture *f)
{
    const struct donut_score_options opt = options(f, 1);
    for (size_t t = 0; t < SMALL_POINTS; t += 1 + draw_below(&draw, 20)) {
        struct donut_score_row row;
        CHECK_INT(donut_score(f->model, &f->small->series, t, t + 1, &opt, &row, NULL), DONUT_OK);
        check_rows(f, &row, t, t + 1, 1, "alone");
    }
}

static void test_fixture(struct fixture *f)
{
    static const size_t threads[] = {1, 2, 3, 64, 0};
    static const size_t sizes[] = {15, 16, 17, 31, 32, 33, 511, 513, 0};
    const struct donut_score_options opt = options(f, 1);
    CHECK_INT(donut_score(f->model, &f->small->series, 0, SMALL_POINTS, &opt, f->want, NULL),
              DONUT_OK);
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i += f->every)
        check_cuts(f, threads[i], SMALL_POINTS);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += f->every)
        check_cuts(f, 1, sizes[i]);
    check_stream(f);
    check_cuts(f, 2, 100);
    check_cuts(f, 3, 0);
    for (size_t i = 0; i < 20; i++)
        check_alone(f, 500 + draw_below(&draw, SMALL_POINTS - 500));
}

TEST(score_threads)
{
    draw = draw_new("score_threads", 4);
    make_series();
    for (size_t number = 0; number < SHAPES; number++) {
        struct donut_model *model = train(&shapes[number]);
        static struct fixture f;
        for (size_t i = 0; model && donut_kernel_name(i); i++) {
            f = (struct fixture){.model = model, .small = &whole, .text = "whole", .every = 3};
            f.kernel = donut_kernel_name(i);
            test_fixture(&f);
            f.small = &holed;
            f.text = "holed"; /* most of its windows are whole, too */
            f.every = 1;
            test_fixture(&f);
        }
        donut_model_free(model);
    }
    return check_report("score_threads");
}
