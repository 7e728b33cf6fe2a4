/* Scores, expected values, bands and imputed windows against PyTorch, with the same noise, every
 * kernel and several numbers of threads. */
#include "detect/score.h"
#include "reference_net.h"
#include "variants.h"

/* As for the loss: float through shallow networks. */
#define TOLERANCE 4e-6

#define WINDOWS 3
#define MOST_POINTS 256

struct fixture {
    struct tensors file;
    struct donut_engine engine;
    struct donut_model *model;
    struct donut_target target;
    struct donut_detector detector;
    size_t window, latent;
};

/* The reference's noise instead of the model's own. */
static void put_noise(struct fixture *f)
{
    struct donut_detector *d = &f->detector;
    const size_t samples = d->draws.samples, iterations = d->imputation.iterations;
    const struct tensor *noise = tensors_find(&f->file, "score/", "noise", samples * f->latent);
    for (size_t i = 0; i < noise->count; i++)
        d->noise_z[i % f->latent * d->ld + i / f->latent] = (donut_real)noise->data[i];
    tensor_copy(tensors_find(&f->file, "impute/", "noise_z", iterations * f->latent), d->impute_z);
    tensor_copy(tensors_find(&f->file, "impute/", "noise_x", iterations * f->window), d->impute_x);
}

static bool load(const char *path, const char *kernel, size_t threads, struct fixture *f)
{
    struct donut_vae_shape shape;
    *f = (struct fixture){.engine = variant_engine(kernel, threads)};
    if (!tensors_read(path, &f->file) || !reference_shape(&f->file, &shape))
        return false;
    struct donut_train_options opt = {
        .window = shape.window, .latent = shape.latent, .depth = shape.depth, .std_epsilon = 1e-4};
    memcpy(opt.hidden, shape.hidden, sizeof opt.hidden);
    opt.encoder = shape.encoder;
    memcpy(opt.channels, shape.channels, sizeof opt.channels);
    f->window = shape.window;
    f->latent = shape.latent;
    f->model = donut_model_new(&opt);
    if (!CHECK(f->model != NULL) || !reference_parameters(&f->file, &f->model->vae))
        return false;
    const size_t samples = reference_any(&f->file, "score/noise")->dims[0];
    const size_t iterations = reference_any(&f->file, "impute/noise_z")->dims[0];
    if (!CHECK(samples > 0 && iterations > 0) ||
        !CHECK(donut_target_new(f->model, &f->target, NULL) == DONUT_OK))
        return false;
    const struct donut_draws draws = {DONUT_SAMPLER_MC, samples, iterations, opt.seed,
                                      DONUT_SCORE_RECONSTRUCTION};
    if (!CHECK(donut_detector_new(&f->engine, &f->model->vae.shape, &draws, &f->detector, NULL) ==
               DONUT_OK))
        return false;
    if (!CHECK(donut_detector_aim(&f->detector, &f->target, NULL) == DONUT_OK))
        return false;
    put_noise(f);
    return f->file.good;
}

static void unload(struct fixture *f)
{
    if (f->detector.target)
        donut_detector_free(&f->detector);
    donut_target_free(&f->target);
    donut_engine_stop(&f->engine);
    donut_model_free(f->model);
    tensors_free(&f->file);
}

/* Judges the saved windows, laid one after the other; `missing` may be NULL. */
static bool judge(struct fixture *f, const struct tensor *windows, const struct tensor *missing,
                  struct donut_verdict verdict[WINDOWS])
{
    donut_real x[MOST_POINTS + DONUT_PANEL] = {0};
    unsigned char mask[MOST_POINTS] = {0};
    size_t end[WINDOWS];
    if (!CHECK(windows->count == WINDOWS * f->window && windows->count <= MOST_POINTS))
        return false;
    tensor_copy(windows, x);
    for (size_t i = 0; missing && i < missing->count; i++)
        mask[i] = missing->data[i] == 1;
    for (size_t i = 0; i < WINDOWS; i++)
        end[i] = (i + 1) * f->window - 1;
    return CHECK(donut_detector_judge(&f->detector, x, mask, end, WINDOWS, verdict, NULL) ==
                 DONUT_OK);
}

static void test_complete_windows(struct fixture *f)
{
    struct donut_verdict verdict[WINDOWS];
    double score[WINDOWS], mean[WINDOWS], variance[WINDOWS];
    if (!judge(f, tensors_find(&f->file, "score/", "x", WINDOWS * f->window), NULL, verdict))
        return;
    for (size_t i = 0; i < WINDOWS; i++) {
        score[i] = verdict[i].score;
        mean[i] = verdict[i].mean;
        variance[i] = verdict[i].sd * verdict[i].sd;
    }
    tensors_near(&f->file, "score", "", score,
                 tensors_find(&f->file, "score/", "score", WINDOWS)->data, WINDOWS, TOLERANCE);
    tensors_near(&f->file, "mean", "", mean,
                 tensors_find(&f->file, "score/", "mean", WINDOWS)->data, WINDOWS, TOLERANCE);
    tensors_near(&f->file, "variance", "", variance,
                 tensors_find(&f->file, "score/", "variance", WINDOWS)->data, WINDOWS, TOLERANCE);
}

static void test_imputed_windows(struct fixture *f)
{
    const size_t count = WINDOWS * f->window;
    struct donut_verdict verdict[WINDOWS];
    double score[WINDOWS];
    const struct tensor *x = tensors_find(&f->file, "impute/", "x", count);
    const struct tensor *missing = tensors_find(&f->file, "impute/", "missing", count);
    if (!judge(f, x, missing, verdict))
        return;
    for (size_t i = 0; i < WINDOWS; i++)
        score[i] = verdict[i].score;
    tensors_near(&f->file, "score of imputed windows", "", score,
                 tensors_find(&f->file, "impute/", "score", WINDOWS)->data, WINDOWS,
                 10 * TOLERANCE);
}

/* The windows themselves, as lanes of a panel of either width. */
static void test_imputation(struct fixture *f, size_t lanes)
{
    const size_t count = WINDOWS * f->window;
    const struct tensor *missing = tensors_find(&f->file, "impute/", "missing", count);
    const struct tensor *want = tensors_find(&f->file, "impute/", "result", count);
    donut_real x[MOST_POINTS];
    unsigned char mask[MOST_POINTS];
    double result[MOST_POINTS];
    size_t first[WINDOWS];
    if (!CHECK(want->count == count && missing->count == count && count <= MOST_POINTS))
        return;
    tensor_copy(tensors_find(&f->file, "impute/", "x", count), x);
    for (size_t i = 0; i < count; i++)
        mask[i] = missing->data[i] == 1;
    for (size_t i = 0; i < WINDOWS; i++)
        first[i] = i * f->window;
    struct donut_vae_panel panel = donut_vae_panel(&f->detector.work, 0);
    panel.lanes = lanes;
    f->engine.kernel->gather(f->window, lanes, x, first, WINDOWS, panel.x);
    donut_impute(f->engine.kernel, &f->model->vae, &panel, &f->detector.imputation, mask, first,
                 WINDOWS);
    for (size_t i = 0; i < count; i++)
        result[i] = (double)panel.x[i % f->window * lanes + i / f->window];
    tensors_near(&f->file, "imputed", "", result, want->data, count, 10 * TOLERANCE);
}

static void test_variant(const char *kernel, size_t threads)
{
    for (size_t i = 0; i < REFERENCE_FILES; i++) {
        struct fixture f;
        if (load(reference_files[i], kernel, threads, &f)) {
            test_complete_windows(&f);
            test_imputed_windows(&f);
            test_imputation(&f, DONUT_LANES);
            test_imputation(&f, DONUT_PANEL);
        }
        unload(&f);
    }
}

TEST(score_reference)
{
    const char *kernel;
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++)
        for (size_t threads = 1; threads <= 3; threads++)
            test_variant(kernel, threads);
    return check_report("score_reference");
}
