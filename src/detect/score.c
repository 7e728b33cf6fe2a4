#include "detect/score.h"
#include "base/random.h"
#include "base/status.h"
#include "detect/mixture.h"
#include "detect/sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_PER_CALL 16  /* for each thread */
#define UNIT_SAMPLES 32768 /* of z in a unit of work, unless a window has more */

static void cut_target(struct donut_target *target)
{
    target->last_w = donut_arena_reals(&target->arena, target->model->vae.x.mu.in, 2);
    target->last_b = donut_arena_reals(&target->arena, 1, 2);
}

enum donut_status donut_target_new(const struct donut_model *model, struct donut_target *target,
                                   struct donut_error *err)
{
    const struct donut_vae *vae = &model->vae;
    const size_t window = vae->shape.window;
    *target = (struct donut_target){.model = model};
    cut_target(target);
    if (!donut_arena_allocate(&target->arena))
        return donut_fail_memory(err);
    cut_target(target);
    for (size_t h = 0; h < vae->x.mu.in; h++) {
        target->last_w[2 * h] = vae->x.mu.w[h * window + window - 1];
        target->last_w[2 * h + 1] = vae->x.sd.w[h * window + window - 1];
    }
    target->last_b[0] = vae->x.mu.b[window - 1];
    target->last_b[1] = vae->x.sd.b[window - 1];
    return DONUT_OK;
}

void donut_target_free(struct donut_target *target)
{
    donut_arena_free(&target->arena);
    free(target->prior.heads);
    target->prior.heads = NULL;
}

static void cut(struct donut_detector *detector, size_t threads)
{
    const struct donut_vae_shape *shape = &detector->shape;
    const size_t iterations = detector->draws.iterations;
    struct donut_arena *arena = &detector->arena;
    detector->noise_z = donut_arena_reals(arena, shape->latent, detector->ld);
    detector->impute_z = donut_arena_reals(arena, iterations, shape->latent);
    detector->impute_x = donut_arena_reals(arena, iterations, shape->window);
    for (size_t t = 0; t < threads; t++) {
        struct donut_scratch *scratch = &detector->scratch[t];
        scratch->mu_z = donut_arena_reals(arena, 1, shape->latent);
        scratch->sd_z = donut_arena_reals(arena, 1, shape->latent);
        scratch->z = donut_arena_reals(arena, shape->latent, DONUT_CHUNK);
        for (size_t i = 0; i < shape->depth; i++)
            scratch->hidden[i] =
                donut_arena_reals(arena, shape->hidden[shape->depth - 1 - i], DONUT_CHUNK);
        scratch->head = donut_arena_reals(arena, 2, DONUT_CHUNK);
        scratch->sd = donut_arena_reals(arena, 1, DONUT_CHUNK);
        scratch->log_density = donut_arena_reals(arena, 1, DONUT_CHUNK);
    }
}

static enum donut_status fill_tables(struct donut_detector *detector, struct donut_error *err)
{
    const struct donut_draws *draws = &detector->draws;
    const size_t window = detector->shape.window, latent = detector->shape.latent;
    const double nu = detector->shape.student_df;
    donut_latent_draws(nu, (struct donut_stream){draws->seed, DONUT_DRAW_IMPUTE_Z, 0}, 0,
                       draws->iterations * latent, detector->impute_z);
    donut_random_normals((struct donut_stream){draws->seed, DONUT_DRAW_IMPUTE_X, 0}, 0,
                         draws->iterations * window, detector->impute_x);
    detector->imputation = (struct donut_imputation){.iterations = draws->iterations,
                                                     .noise_z = detector->impute_z,
                                                     .noise_x = detector->impute_x};
    const enum donut_status status =
        donut_sampler_draw(draws->sampler, nu, draws->seed, draws->samples, latent,
                           detector->noise_z, detector->ld, err);
    detector->law = donut_law(detector->shape.student_df);
    if (status == DONUT_OK && draws->score_by == DONUT_SCORE_ELBO)
        detector->noise_log_density = donut_mixture_noise_log_density(
            &detector->law, draws->samples, latent, detector->noise_z, detector->ld);
    return status;
}

/* Windows judged by a thread in one go: a panel, or fewer where each has very many samples, so that
 * the caller's progress does not stall. */
static size_t unit_size(size_t samples)
{
    const size_t windows = UNIT_SAMPLES / samples;
    return windows < 1 ? 1 : windows > DONUT_PANEL ? DONUT_PANEL : windows;
}

enum donut_status donut_detector_new(const struct donut_engine *engine,
                                     const struct donut_vae_shape *shape,
                                     const struct donut_draws *draws,
                                     struct donut_detector *detector, struct donut_error *err)
{
    const size_t threads = donut_pool_threads(engine->pool);
    *detector = (struct donut_detector){
        .shape = *shape,
        .draws = *draws,
        .kernel = engine->kernel,
        .pool = engine->pool,
        .unit = unit_size(draws->samples),
        .ld = (draws->samples + DONUT_LANES - 1) / DONUT_LANES * DONUT_LANES,
        .scratch = donut_calloc(threads, sizeof *detector->scratch),
    };
    if (detector->scratch)
        cut(detector, threads);
    if (!detector->scratch || !donut_arena_allocate(&detector->arena) ||
        !donut_vae_work_new(shape, threads * DONUT_PANEL, false, &detector->work)) {
        donut_detector_free(detector);
        return donut_fail_memory(err);
    }
    cut(detector, threads);
    for (size_t t = 0; t < threads; t++)
        detector->scratch[t].panel = donut_vae_panel(&detector->work, t);
    const enum donut_status status = fill_tables(detector, err);
    if (status != DONUT_OK)
        donut_detector_free(detector);
    return status;
}

void donut_detector_free(struct donut_detector *detector)
{
    donut_arena_free(&detector->arena);
    donut_vae_work_free(&detector->work);
    free(detector->scratch);
    detector->scratch = NULL;
}

static bool same_draws(const struct donut_draws *a, const struct donut_draws *b)
{
    return a->sampler == b->sampler && a->samples == b->samples && a->iterations == b->iterations &&
           a->seed == b->seed && a->score_by == b->score_by;
}

bool donut_detector_fits(const struct donut_detector *detector, const struct donut_vae_shape *shape,
                         const struct donut_draws *draws)
{
    const struct donut_vae_shape *own = &detector->shape;
    bool same = own->window == shape->window && own->latent == shape->latent &&
                own->depth == shape->depth && own->epsilon == shape->epsilon &&
                own->encoder == shape->encoder && own->student_df == shape->student_df;
    for (size_t i = 0; i < shape->depth && same; i++)
        same = own->hidden[i] == shape->hidden[i];
    for (size_t i = 0; i < DONUT_CONVOLUTIONS && same; i++)
        same = own->channels[i] == shape->channels[i];
    return same && same_draws(&detector->draws, draws);
}

enum donut_status donut_detector_aim(struct donut_detector *detector, struct donut_target *target,
                                     struct donut_error *err)
{
    struct donut_prior *prior = &target->prior;
    detector->target = target;
    if (detector->draws.score_by != DONUT_SCORE_PRIOR ||
        (prior->heads && prior->kernel == detector->kernel &&
         same_draws(&prior->draws, &detector->draws)))
        return DONUT_OK;
    free(prior->heads);
    *prior = (struct donut_prior){.heads = donut_calloc(2 * detector->ld, sizeof *prior->heads),
                                  .draws = detector->draws,
                                  .kernel = detector->kernel};
    if (!prior->heads)
        return donut_fail_memory(err);
    donut_mixture_decode_prior(detector, &detector->scratch[0], prior->heads);
    return DONUT_OK;
}

size_t donut_detector_batch(const struct donut_detector *detector)
{
    return UNITS_PER_CALL * detector->unit * donut_pool_threads(detector->pool);
}

/* A piece of work for all threads. */
struct job {
    const struct donut_detector *detector;
    const donut_real *x;
    const unsigned char *missing;
    const size_t *end;
    size_t n;
    struct donut_verdict *verdict;
    struct donut_counter next;
};

/* Windows of a job that are encoded together: those with missing points, or those without. */
struct group {
    bool holed;
    size_t n, which[DONUT_PANEL], first[DONUT_PANEL]; /* in the job; first points in x */
};

/* By the prior, which knows nothing of the window. */
static void judge_points(const struct job *job, struct donut_scratch *scratch, size_t from,
                         size_t to)
{
    for (size_t i = from; i < to; i++) {
        const size_t t = job->end[i];
        job->verdict[i] = donut_mixture_judge(job->detector, scratch, job->x[t], job->missing[t]);
    }
}

static void judge_group(const struct job *job, struct donut_scratch *scratch,
                        const struct group *group)
{
    const size_t latent = job->detector->shape.latent;
    struct donut_vae_panel panel = scratch->panel;
    panel.lanes = group->n <= DONUT_LANES ? DONUT_LANES : DONUT_PANEL;
    if (group->n == 0)
        return;
    const struct donut_window_group windows = {.x = job->x,
                                               .missing = job->missing,
                                               .first = group->first,
                                               .n = group->n,
                                               .holed = group->holed};
    donut_encode_group(job->detector->kernel, &job->detector->target->model->vae, &panel,
                       &job->detector->imputation, &windows);
    for (size_t l = 0; l < group->n; l++) {
        const size_t i = group->which[l], t = job->end[i];
        for (size_t k = 0; k < latent; k++) {
            scratch->mu_z[k] = panel.mu_z[k * panel.lanes + l];
            scratch->sd_z[k] = panel.sd_z[k * panel.lanes + l];
        }
        job->verdict[i] = donut_mixture_judge(job->detector, scratch, job->x[t], job->missing[t]);
    }
}

static void judge_unit(const struct job *job, struct donut_scratch *scratch, size_t from)
{
    const size_t window = job->detector->shape.window, unit = job->detector->unit;
    const size_t to = job->n - from < unit ? job->n : from + unit;
    struct group group[2] = {{.holed = false}, {.holed = true}};
    if (job->detector->draws.score_by == DONUT_SCORE_PRIOR) {
        judge_points(job, scratch, from, to);
        return;
    }
    for (size_t i = from; i < to; i++) {
        const size_t first = job->end[i] + 1 - window;
        struct group *its = &group[memchr(job->missing + first, 1, window) != NULL];
        its->which[its->n] = i;
        its->first[its->n++] = first;
    }
    judge_group(job, scratch, &group[0]);
    judge_group(job, scratch, &group[1]);
}

static void judge_task(void *context, size_t worker, size_t workers)
{
    struct job *job = context;
    (void)workers;
    for (size_t i; (i = donut_counter_next(&job->next) * job->detector->unit) < job->n;)
        judge_unit(job, &job->detector->scratch[worker], i);
}

enum donut_status donut_detector_judge(struct donut_detector *detector, const donut_real *x,
                                       const unsigned char *missing, const size_t *end, size_t n,
                                       struct donut_verdict *verdict, struct donut_error *err)
{
    struct job job = {
        .detector = detector, .x = x, .missing = missing, .end = end, .n = n, .verdict = verdict};
    donut_pool_run(detector->pool, judge_task, &job);
    for (size_t i = 0; i < n; i++) {
        const bool scored = missing[end[i]] || isfinite(verdict[i].score);
        if (!scored || !isfinite(verdict[i].mean) || !isfinite(verdict[i].sd))
            return donut_fail(err, DONUT_EMODEL,
                              "the model gives no finite score: its parameters are unusable, train "
                              "again");
    }
    return DONUT_OK;
}
