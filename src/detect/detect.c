#include "base/arena.h"
#include "base/status.h"
#include "data/grid.h"
#include "detect/context.h"
#include "detect/score.h"
#include "detect/tail.h"

#include <math.h>
#include <stdlib.h>

struct donut_score_options donut_score_defaults(void)
{
    return (struct donut_score_options){.mcmc_iterations = SIZE_MAX, .threshold = NAN};
}

enum donut_status donut_model_threshold(const struct donut_model *model, double risk,
                                        double *threshold, struct donut_error *err)
{
    return donut_tail_threshold(&model->info.tail, risk, threshold, err);
}

static enum donut_status choose_threshold(const struct donut_model *model,
                                          const struct donut_score_options *opt, double *threshold,
                                          struct donut_error *err)
{
    *threshold = model->info.threshold;
    if (!isnan(opt->threshold))
        *threshold = opt->threshold;
    else if (opt->risk != 0)
        return donut_model_threshold(model, opt->risk, threshold, err);
    return DONUT_OK;
}

static enum donut_status check(const struct donut_model *model, const struct donut_series *series,
                               size_t from, size_t to, const struct donut_score_options *opt,
                               struct donut_error *err)
{
    const int64_t interval = model->info.interval_ms;
    char found[DONUT_INTERVAL_SIZE], expected[DONUT_INTERVAL_SIZE];
    if (series->interval_ms != interval)
        return donut_fail(
            err, DONUT_EINPUT,
            "the points are %s apart but the model was trained at %s: score the KPI at "
            "the model's interval or train another model",
            donut_interval_describe(series->interval_ms, found),
            donut_interval_describe(interval, expected));
    if (from > to || to > series->n)
        return donut_fail(err, DONUT_EARGUMENT, "points %zu to %zu are not in a series of %zu",
                          from, to, series->n);
    if (opt->samples > 1048576)
        return donut_fail(err, DONUT_EARGUMENT, "the number of samples must be 1 to 1048576");
    if (opt->sampler != DONUT_SAMPLER_DEFAULT && opt->sampler != DONUT_SAMPLER_SOBOL &&
        opt->sampler != DONUT_SAMPLER_MC)
        return donut_fail(err, DONUT_EARGUMENT, "the sampler is sobol or mc");
    if (opt->mcmc_iterations != SIZE_MAX && opt->mcmc_iterations > 10000)
        return donut_fail(err, DONUT_EARGUMENT, "the number of MCMC iterations must be 0 to 10000");
    return DONUT_OK;
}

/* Verdicts in standardised units -> rows in the KPI's own. `first`: of the verdicts, in rows. */
static void fill_rows(const struct donut_model *model, const struct donut_context *context,
                      double threshold, size_t first, size_t n, const struct donut_verdict *verdict,
                      struct donut_score_row *rows)
{
    const double mean = model->info.mean, std = model->info.std;
    const size_t reach = model->vae.shape.window - 1;
    for (size_t i = first; i < first + n; i++) {
        const struct donut_verdict *v = &verdict[i - first];
        const bool missing = context->missing[reach + i];
        rows[i] = (struct donut_score_row){
            .score = v->score,
            .expected = mean + std * v->mean,
            .lower = mean + std * (v->mean - 3 * v->sd),
            .upper = mean + std * (v->mean + 3 * v->sd),
            .anomaly = !missing && v->score > threshold,
            .status = missing                      ? DONUT_ROW_MISSING
                      : context->warmup[reach + i] ? DONUT_ROW_WARMUP
                                                   : DONUT_ROW_OK,
        };
    }
}

/* The windows to judge in one call, and what comes of them. */
struct batch {
    size_t size;
    size_t *end;                   /* (size) */
    struct donut_verdict *verdict; /* (size) */
};

static enum donut_status score_batches(struct donut_detector *detector,
                                       const struct donut_context *context, double threshold,
                                       const struct donut_score_options *opt,
                                       const struct batch *batch, struct donut_score_row *rows,
                                       struct donut_error *err)
{
    const size_t reach = detector->model->vae.shape.window - 1, total = context->n - reach;
    for (size_t first = 0; first < total; first += batch->size) {
        const size_t n = total - first < batch->size ? total - first : batch->size;
        for (size_t i = 0; i < n; i++)
            batch->end[i] = reach + first + i;
        const enum donut_status status = donut_detector_judge(
            detector, context->x, context->missing, batch->end, n, batch->verdict, err);
        if (status != DONUT_OK)
            return status;
        fill_rows(detector->model, context, threshold, first, n, batch->verdict, rows);
        const struct donut_progress progress = {.phase = DONUT_PHASE_SCORE,
                                                .done = first + n,
                                                .total = total,
                                                .loss = NAN,
                                                .validation_loss = NAN,
                                                .best_loss = NAN};
        if (opt->progress && opt->progress(opt->progress_context, &progress))
            return donut_fail(err, DONUT_ECANCELLED, "stopped while scoring");
    }
    return DONUT_OK;
}

static enum donut_status score_all(struct donut_detector *detector,
                                   const struct donut_context *context, double threshold,
                                   const struct donut_score_options *opt,
                                   struct donut_score_row *rows, struct donut_error *err)
{
    const size_t size = donut_detector_batch(detector);
    const struct batch batch = {.size = size,
                                .end = donut_calloc(size, sizeof *batch.end),
                                .verdict = donut_calloc(size, sizeof *batch.verdict)};
    const enum donut_status status =
        batch.end && batch.verdict
            ? score_batches(detector, context, threshold, opt, &batch, rows, err)
            : donut_fail_memory(err);
    free(batch.end);
    free(batch.verdict);
    return status;
}

static enum donut_status start_detector(const struct donut_engine *engine,
                                        const struct donut_model *model,
                                        const struct donut_score_options *opt,
                                        struct donut_detector *detector, struct donut_error *err)
{
    const struct donut_train_options *trained = &model->info.options;
    const enum donut_sampler sampler =
        opt->sampler == DONUT_SAMPLER_DEFAULT ? trained->sampler : opt->sampler;
    const size_t samples = opt->samples ? opt->samples
                           : sampler == trained->sampler
                               ? trained->samples
                               : donut_usual_samples(sampler, trained->latent);
    const size_t iterations =
        opt->mcmc_iterations == SIZE_MAX ? trained->mcmc_iterations : opt->mcmc_iterations;
    return donut_detector_new(engine, model, sampler, samples, iterations, detector, err);
}

enum donut_status donut_score(const struct donut_model *model, const struct donut_series *series,
                              size_t from, size_t to, const struct donut_score_options *opt,
                              struct donut_score_row *rows, struct donut_error *err)
{
    const struct donut_score_options defaults = donut_score_defaults();
    if (!opt)
        opt = &defaults;
    double threshold;
    enum donut_status status = check(model, series, from, to, opt, err);
    if (status == DONUT_OK)
        status = choose_threshold(model, opt, &threshold, err);
    if (status != DONUT_OK)
        return status;

    struct donut_context context;
    struct donut_engine engine;
    struct donut_detector detector = {0};
    status = donut_engine_start(opt->kernel, opt->threads, &engine, err);
    if (status != DONUT_OK)
        return status;
    if (from < to)
        status = donut_context_new(model, series, from, to, &context, err);
    if (status == DONUT_OK && from < to) {
        status = start_detector(&engine, model, opt, &detector, err);
        if (status == DONUT_OK)
            status = score_all(&detector, &context, threshold, opt, rows, err);
        donut_detector_free(&detector);
        donut_context_free(&context);
    }
    donut_engine_stop(&engine);
    return status;
}
