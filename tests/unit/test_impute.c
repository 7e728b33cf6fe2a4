/* MCMC imputation draws nearer to the true values on planted gaps, and touches nothing else. */
#include "check.h"
#include "detect/impute.h"
#include "model/model.h"
#include "small.h"

#define WINDOWS 40
#define MOST_ITERATIONS 10

static struct small_series small;
static struct donut_model *model;
static donut_real truth[WINDOWS * SMALL_SEASON], noise_z[MOST_ITERATIONS * 3],
    noise_x[MOST_ITERATIONS * SMALL_SEASON];
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
        }
    donut_random_normals((struct donut_stream){3, DONUT_DRAW_TEST, 2}, 0, MOST_ITERATIONS * 3,
                         noise_z);
    donut_random_normals((struct donut_stream){3, DONUT_DRAW_TEST, 3}, 0,
                         MOST_ITERATIONS * SMALL_SEASON, noise_x);
}

/* Root mean square error at the hidden points after M iterations. */
static double error_after(struct donut_vae_work *work, size_t iterations)
{
    static donut_real x[WINDOWS * SMALL_SEASON];
    const struct donut_imputation imputation = {iterations, noise_z, noise_x};
    double sum = 0;
    size_t hidden = 0, touched = 0;
    for (size_t at = 0; at < WINDOWS * SMALL_SEASON; at++)
        x[at] = missing[at] ? (donut_real)model->info.fill : truth[at];
    donut_impute(donut_kernel_choose(), &model->vae, work, &imputation, WINDOWS, x, missing);
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

int main(void)
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
    struct donut_vae_work work;
    CHECK(donut_vae_work_new(&model->vae.shape, WINDOWS, false, &work));
    make_windows();
    const double none = error_after(&work, 0), one = error_after(&work, 1);
    const double ten = error_after(&work, MOST_ITERATIONS);
    /* The series' own noise is 1/14 of its spread, and the drawn x carries as much again: a perfect
     * imputation is off by sqrt(2)/14 = 0.1. */
    CHECK_THAT(one < none / 3 && ten < one / 2 && ten < 0.2, "errors %g, %g, %g", none, one, ten);
    donut_vae_work_free(&work);
    donut_model_free(model);
    return check_report("impute");
}
