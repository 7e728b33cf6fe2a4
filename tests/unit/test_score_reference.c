/* Scores, expected values, bands and imputed windows against PyTorch, with the same noise. */
#include "detect/score.h"
#include "detect/impute.h"
#include "reference_net.h"

/* As for the loss: float through shallow networks. */
#define TOLERANCE 4e-6

#define WINDOWS 3

struct fixture {
    struct tensors file;
    struct donut_model *model;
    struct donut_detector detector;
    size_t window, latent;
};

static bool load(const char *path, struct fixture *f)
{
    struct donut_vae_shape shape;
    *f = (struct fixture){0};
    if (!tensors_read(path, &f->file) || !reference_shape(&f->file, &shape))
        return false;
    struct donut_train_options opt = {
        .window = shape.window, .latent = shape.latent, .depth = shape.depth, .std_epsilon = 1e-4};
    memcpy(opt.hidden, shape.hidden, sizeof opt.hidden);
    f->window = shape.window;
    f->latent = shape.latent;
    f->model = donut_model_new(&opt);
    if (!CHECK(f->model != NULL) || !reference_parameters(&f->file, &f->model->vae))
        return false;
    const size_t samples = reference_any(&f->file, "score/noise")->dims[0];
    const size_t iterations = reference_any(&f->file, "impute/noise_z")->dims[0];
    if (!CHECK(samples > 0 && iterations > 0) ||
        !CHECK(donut_detector_new(f->model, samples, iterations, &f->detector, NULL) == DONUT_OK))
        return false;
    /* The reference's noise instead of the model's own. */
    struct donut_detector *d = &f->detector;
    tensor_copy(tensors_find(&f->file, "score/", "noise", samples * f->latent), d->noise_z);
    tensor_copy(tensors_find(&f->file, "impute/", "noise_z", iterations * f->latent), d->impute_z);
    tensor_copy(tensors_find(&f->file, "impute/", "noise_x", iterations * f->window), d->impute_x);
    return f->file.good;
}

static void unload(struct fixture *f)
{
    if (f->detector.model)
        donut_detector_free(&f->detector);
    donut_model_free(f->model);
    tensors_free(&f->file);
}

/* Judges the saved windows, laid one after the other; `missing` may be NULL. */
static bool judge(struct fixture *f, const struct tensor *windows, const struct tensor *missing,
                  struct donut_verdict verdict[WINDOWS])
{
    donut_real x[256];
    unsigned char mask[256] = {0};
    size_t end[WINDOWS];
    if (!CHECK(windows->count == WINDOWS * f->window && windows->count <= 256))
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

    donut_real window[256];
    unsigned char mask[256];
    double result[256];
    tensor_copy(x, window);
    for (size_t i = 0; i < count; i++)
        mask[i] = missing->data[i] == 1;
    const struct donut_detector *d = &f->detector;
    donut_impute(d->kernel, &f->model->vae, &f->detector.work,
                 &(struct donut_imputation){d->iterations, d->impute_z, d->impute_x}, WINDOWS,
                 window, mask);
    for (size_t i = 0; i < count; i++)
        result[i] = (double)window[i];
    tensors_near(&f->file, "imputed", "", result,
                 tensors_find(&f->file, "impute/", "result", count)->data, count, 10 * TOLERANCE);
}

int main(void)
{
    for (size_t i = 0; i < REFERENCE_FILES; i++) {
        struct fixture f;
        if (load(reference_files[i], &f)) {
            test_complete_windows(&f);
            test_imputed_windows(&f);
        }
        unload(&f);
    }
    return check_report("score_reference");
}
