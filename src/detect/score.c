#include "detect/score.h"
#include "base/random.h"
#include "base/status.h"
#include "detect/impute.h"

#include <math.h>
#include <string.h>

#define CHUNK 128 /* samples of z decoded at a time: their activations stay in cache */

static void cut(struct donut_detector *detector, const struct donut_vae_shape *shape)
{
    struct donut_arena *arena = &detector->arena;
    const size_t last = shape->hidden[0];
    detector->noise_z = donut_arena_reals(arena, detector->samples, shape->latent);
    detector->impute_z = donut_arena_reals(arena, detector->iterations, shape->latent);
    detector->impute_x = donut_arena_reals(arena, detector->iterations, shape->window);
    detector->window = donut_arena_reals(arena, DONUT_DETECTOR_BATCH, shape->window);
    detector->imputed = donut_arena_reals(arena, DONUT_DETECTOR_BATCH, shape->window);
    detector->mask = (unsigned char *)donut_arena_reals(arena, DONUT_DETECTOR_BATCH, shape->window);
    detector->last_mu = donut_arena_reals(arena, 1, last);
    detector->last_sd = donut_arena_reals(arena, 1, last);
    detector->z = donut_arena_reals(arena, CHUNK, shape->latent);
    for (size_t i = 0; i < shape->depth; i++)
        detector->hidden[i] = donut_arena_reals(arena, CHUNK, shape->hidden[shape->depth - 1 - i]);
    detector->mu = donut_arena_reals(arena, 1, CHUNK);
    detector->logit = donut_arena_reals(arena, 1, CHUNK);
    detector->sd = donut_arena_reals(arena, 1, CHUNK);
    detector->one = donut_arena_reals(arena, 1, 1);
    detector->log_density =
        (double *)(void *)donut_arena_reals(arena, CHUNK, sizeof(double) / sizeof(donut_real));
}

static void fill_tables(struct donut_detector *detector)
{
    const struct donut_vae *vae = &detector->model->vae;
    const uint64_t seed = detector->model->info.options.seed;
    const size_t window = vae->shape.window, latent = vae->shape.latent;
    donut_random_normals((struct donut_stream){seed, DONUT_DRAW_SCORE_Z, 0}, 0,
                         detector->samples * latent, detector->noise_z);
    donut_random_normals((struct donut_stream){seed, DONUT_DRAW_IMPUTE_Z, 0}, 0,
                         detector->iterations * latent, detector->impute_z);
    donut_random_normals((struct donut_stream){seed, DONUT_DRAW_IMPUTE_X, 0}, 0,
                         detector->iterations * window, detector->impute_x);
    for (size_t h = 0; h < vae->x.mu.in; h++) {
        detector->last_mu[h] = vae->x.mu.w[h * window + window - 1];
        detector->last_sd[h] = vae->x.sd.w[h * window + window - 1];
    }
    detector->one[0] = 1;
}

enum donut_status donut_detector_new(const struct donut_model *model, size_t samples,
                                     size_t iterations, struct donut_detector *detector,
                                     struct donut_error *err)
{
    *detector = (struct donut_detector){.model = model,
                                        .kernel = donut_kernel_choose(),
                                        .samples = samples,
                                        .iterations = iterations};
    cut(detector, &model->vae.shape);
    if (!donut_arena_allocate(&detector->arena) ||
        !donut_vae_work_new(&model->vae.shape, DONUT_DETECTOR_BATCH, false, &detector->work)) {
        donut_detector_free(detector);
        return donut_fail_memory(err);
    }
    cut(detector, &model->vae.shape);
    fill_tables(detector);
    return DONUT_OK;
}

void donut_detector_free(struct donut_detector *detector)
{
    donut_arena_free(&detector->arena);
    donut_vae_work_free(&detector->work);
}

/* p(x_t|z) for n <= CHUNK samples of z: detector->z -> detector->mu, sd. Only the last of the W
 * outputs is evaluated. */
static void decode_last(struct donut_detector *detector, size_t n)
{
    const struct donut_kernel *kernel = detector->kernel;
    const struct donut_vae *vae = &detector->model->vae;
    const size_t depth = vae->shape.depth, t = vae->shape.window - 1;
    const donut_real *x = detector->z;
    for (size_t i = 0; i < depth; i++) {
        donut_dense_forward(kernel, &vae->decoder[i], n, x, vae->decoder[i].in, true,
                            detector->hidden[i]);
        x = detector->hidden[i];
    }
    const size_t h = vae->x.mu.in;
    kernel->dense_forward(n, h, 1, x, h, detector->last_mu, vae->x.mu.b + t, false, detector->mu);
    kernel->dense_forward(n, h, 1, x, h, detector->last_sd, vae->x.sd.b + t, false,
                          detector->logit);
    kernel->softplus_forward(n, vae->shape.epsilon, detector->logit, detector->sd);
}

struct sums {
    double log_density, mu, mu_squared,
        sd_squared; /* of mu: shifted by `shift`, against rounding */
    double shift;
};

static void add_chunk(struct donut_detector *detector, const donut_real *x_t, size_t n,
                      struct sums *sums)
{
    /* Row stride 0: every sample sees the same x_t. */
    detector->kernel->gauss_forward(n, 1, x_t, detector->one, 0, detector->mu, detector->sd,
                                    detector->log_density);
    for (size_t l = 0; l < n; l++) {
        const double mu = (double)detector->mu[l] - sums->shift, sd = (double)detector->sd[l];
        sums->log_density += detector->log_density[l];
        sums->mu += mu;
        sums->mu_squared += mu * mu;
        sums->sd_squared += sd * sd;
    }
}

/* One window whose q(z|x) = N(mu_z, sd_z^2) is known. */
static struct donut_verdict judge(struct donut_detector *detector, const donut_real *mu_z,
                                  const donut_real *sd_z, const donut_real *x_t, bool missing)
{
    const size_t latent = detector->model->vae.shape.latent;
    struct sums sums = {0};
    for (size_t first = 0; first < detector->samples; first += CHUNK) {
        const size_t left = detector->samples - first, n = left < CHUNK ? left : CHUNK;
        for (size_t l = 0; l < n; l++)
            donut_gauss_sample(latent, mu_z, sd_z, detector->noise_z + (first + l) * latent,
                               detector->z + l * latent);
        decode_last(detector, n);
        if (first == 0)
            sums.shift = (double)detector->mu[0];
        add_chunk(detector, x_t, n, &sums);
    }
    const double count = (double)detector->samples, shifted = sums.mu / count;
    const double variance =
        sums.sd_squared / count + fmax(0, sums.mu_squared / count - shifted * shifted);
    return (struct donut_verdict){.score = missing ? NAN : -sums.log_density / count,
                                  .mean = sums.shift + shifted,
                                  .sd = sqrt(variance)};
}

/* Copies the windows that have missing points side by side, imputes them together, and copies them
 * back. */
static void impute_batch(struct donut_detector *detector, const unsigned char *missing,
                         const size_t *end, size_t n)
{
    const size_t window = detector->model->vae.shape.window;
    const struct donut_imputation imputation = {detector->iterations, detector->impute_z,
                                                detector->impute_x};
    size_t which[DONUT_DETECTOR_BATCH], count = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *mask = missing + end[i] + 1 - window;
        if (!memchr(mask, 1, window))
            continue;
        memcpy(detector->mask + count * window, mask, window);
        memcpy(detector->imputed + count * window, detector->window + i * window,
               window * sizeof(donut_real));
        which[count++] = i;
    }
    donut_impute(detector->kernel, &detector->model->vae, &detector->work, &imputation, count,
                 detector->imputed, detector->mask);
    for (size_t i = 0; i < count; i++)
        memcpy(detector->window + which[i] * window, detector->imputed + i * window,
               window * sizeof(donut_real));
}

enum donut_status donut_detector_judge(struct donut_detector *detector, const donut_real *x,
                                       const unsigned char *missing, const size_t *end, size_t n,
                                       struct donut_verdict *verdict, struct donut_error *err)
{
    const struct donut_vae *vae = &detector->model->vae;
    const size_t window = vae->shape.window, latent = vae->shape.latent;
    struct donut_vae_work *work = &detector->work;
    for (size_t i = 0; i < n; i++)
        memcpy(detector->window + i * window, x + end[i] + 1 - window, window * sizeof *x);
    impute_batch(detector, missing, end, n);
    donut_vae_encode(detector->kernel, vae, work, n, detector->window, window);
    for (size_t i = 0; i < n; i++) {
        verdict[i] = judge(detector, work->mu_z + i * latent, work->sd_z + i * latent, &x[end[i]],
                           missing[end[i]]);
        const bool scored = missing[end[i]] || isfinite(verdict[i].score);
        if (!scored || !isfinite(verdict[i].mean) || !isfinite(verdict[i].sd))
            return donut_fail(err, DONUT_EMODEL,
                              "the model gives no finite score: its parameters are unusable, train "
                              "again");
    }
    return DONUT_OK;
}
