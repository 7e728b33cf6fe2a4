/* MCMC imputation draws nearer to the true values on planted gaps, touches nothing else, is what
 * the formulas say, and knows nothing of the windows beside a window. */
#include "check.h"
#include "detect/impute.h"
#include "double_net.h"
#include "small.h"

#define WINDOWS 40
#define LATENT 3
#define MOST_ITERATIONS 10

static struct small_series small;
static struct donut_model *model;
static donut_real truth[WINDOWS * SMALL_SEASON], filled[WINDOWS * SMALL_SEASON];
static donut_real noise_z[MOST_ITERATIONS * LATENT], noise_x[MOST_ITERATIONS * SMALL_SEASON];
static unsigned char missing[WINDOWS * SMALL_SEASON];

/* 15 % of the points of each window hidden, as in the paper's Fig. 13. */
static void make_windows(void)
{
    const struct donut_stream stream = {3, DONUT_DRAW_TEST, 1};
    for (size_t i = 0; i < WINDOWS; i++)
        for (size_t w = 0; w < SMALL_SEASON; w++) {
            const size_t at = i * SMALL_SEASON + w;
            truth[at] =
                (donut_real)((small.value[900 + 5 * i + w] - model->info.mean) / model->info.std);
            missing[at] = donut_random_uniform(stream, at) < 0.15;
            filled[at] = missing[at] ? (donut_real)model->info.fill : truth[at];
        }
    donut_random_normals((struct donut_stream){3, DONUT_DRAW_TEST, 2}, 0, MOST_ITERATIONS * LATENT,
                         noise_z);
    donut_random_normals((struct donut_stream){3, DONUT_DRAW_TEST, 3}, 0,
                         MOST_ITERATIONS * SMALL_SEASON, noise_x);
}

/* Imputes windows from .. to - 1 as the first lanes of one panel -> x, laid out as `truth`. */
static void impute(const struct donut_kernel *kernel, struct donut_vae_work *work, size_t from,
                   size_t to, size_t iterations, donut_real *x)
{
    const struct donut_imputation imputation = {iterations, noise_z, noise_x};
    const struct donut_vae_panel panel = donut_vae_panel(work, 0);
    size_t first[DONUT_PANEL];
    for (size_t i = from; i < to; i++)
        first[i - from] = i * SMALL_SEASON;
    kernel->gather(SMALL_SEASON, panel.lanes, filled, first, to - from, panel.x);
    donut_impute(kernel, &model->vae, &panel, &imputation, missing, first, to - from);
    for (size_t i = from; i < to; i++)
        for (size_t w = 0; w < SMALL_SEASON; w++)
            x[i * SMALL_SEASON + w] = panel.x[w * panel.lanes + (i - from)];
}

static void impute_all(const struct donut_kernel *kernel, struct donut_vae_work *work,
                       size_t iterations, donut_real *x)
{
    const size_t lanes = work->panels.lanes;
    for (size_t from = 0; from < WINDOWS; from += lanes)
        impute(kernel, work, from, WINDOWS - from < lanes ? WINDOWS : from + lanes, iterations, x);
}

/* Root mean square error at the hidden points after M iterations. */
static double error_after(const struct donut_kernel *kernel, struct donut_vae_work *work,
                          size_t iterations)
{
    static donut_real x[WINDOWS * SMALL_SEASON];
    double sum = 0;
    size_t hidden = 0, touched = 0;
    impute_all(kernel, work, iterations, x);
    for (size_t at = 0; at < WINDOWS * SMALL_SEASON; at++) {
        const double off = (double)x[at] - (double)truth[at];
        sum += missing[at] ? off * off : 0;
        hidden += missing[at];
        touched += !missing[at] && x[at] != truth[at];
    }
    CHECK_INT(touched, 0);
    CHECK(hidden > WINDOWS);
    return sqrt(sum / (double)hidden);
}

/* The series' own noise is 1/14 of its spread, and the drawn x carries as much again: a perfect
 * imputation is off by sqrt(2)/14 = 0.1. */
static void test_error(const struct donut_kernel *kernel, struct donut_vae_work *work)
{
    const double none = error_after(kernel, work, 0), one = error_after(kernel, work, 1);
    const double ten = error_after(kernel, work, MOST_ITERATIONS);
    CHECK_THAT(one < none / 3 && ten < one / 2 && ten < 0.2, "%s: errors %g, %g, %g", kernel->name,
               none, one, ten);
}

/* Ten steps of rounding: a hundred times 6e-8 at most (measured: 5e-7). */
static void test_formula(const struct donut_kernel *kernel, struct donut_vae_work *work)
{
    static donut_real x[WINDOWS * SMALL_SEASON];
    double largest = 0;
    impute_all(kernel, work, MOST_ITERATIONS, x);
    for (size_t i = 0; i < WINDOWS; i++) {
        const size_t at = i * SMALL_SEASON;
        double want[SMALL_SEASON];
        for (size_t w = 0; w < SMALL_SEASON; w++)
            want[w] = (double)filled[at + w];
        double_impute(&model->vae, MOST_ITERATIONS, noise_z, noise_x, missing + at, want);
        for (size_t w = 0; w < SMALL_SEASON; w++)
            largest = fmax(largest, fabs((double)x[at + w] - want[w]));
    }
    CHECK_THAT(largest < 1e-5, "%s: imputed values are off by up to %g", kernel->name, largest);
}

/* One by one, and in panels of either width: the same bytes. */
static void test_alone(const struct donut_kernel *kernel, struct donut_vae_work *narrow,
                       struct donut_vae_work *wide)
{
    static donut_real x[3][WINDOWS * SMALL_SEASON];
    impute_all(kernel, narrow, MOST_ITERATIONS, x[0]);
    impute_all(kernel, wide, MOST_ITERATIONS, x[1]);
    for (size_t i = 0; i < WINDOWS; i++)
        impute(kernel, narrow, i, i + 1, MOST_ITERATIONS, x[2]);
    CHECK_INT(memcmp(x[0], x[1], sizeof x[0]), 0);
    CHECK_INT(memcmp(x[0], x[2], sizeof x[0]), 0);
}

TEST(impute)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 150;
    opt.learning_rate = 5e-3;
    opt.decay = 1;
    struct donut_error err = {0};
    small_make(&small);
    if (donut_train(&small.series, 0, 900, &opt, &model, NULL, &err) != DONUT_OK) {
        CHECK_THAT(false, "%s", err.text);
        return check_report("impute");
    }
    struct donut_vae_work narrow, wide;
    CHECK(donut_vae_work_new(&model->vae.shape, 1, false, &narrow));
    CHECK(donut_vae_work_new(&model->vae.shape, WINDOWS, false, &wide));
    CHECK(narrow.panels.lanes == DONUT_LANES && wide.panels.lanes == DONUT_PANEL);
    make_windows();
    const struct donut_kernel *kernel;
    for (size_t i = 0; (kernel = donut_kernel_available(i)) != NULL; i++) {
        test_error(kernel, &narrow);
        test_formula(kernel, &wide);
        test_alone(kernel, &narrow, &wide);
    }
    donut_vae_work_free(&narrow);
    donut_vae_work_free(&wide);
    donut_model_free(model);
    return check_report("impute");
}
