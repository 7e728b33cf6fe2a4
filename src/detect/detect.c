#include "base/status.h"
#include "detect/context.h"
#include "detect/scorer.h"
#include "detect/tail.h"

#include <math.h>

enum donut_status donut_model_threshold(const struct donut_model *model, double risk,
                                        double *threshold, struct donut_error *err)
{
    return donut_tail_threshold(&model->info.tail, risk, threshold, err);
}

/* What is scored, and where to. */
struct job {
    const struct donut_model *model;
    const struct donut_context *context;
    struct donut_rule rule;
    struct donut_score_row *rows;
};

static enum donut_status score_batches(struct donut_scorer *scorer, struct donut_detector *detector,
                                       const struct job *job, struct donut_error *err)
{
    const struct donut_context *context = job->context;
    const struct donut_score_options *opt = &scorer->opt;
    const size_t reach = job->model->vae.shape.window - 1, total = context->n - reach;
    const size_t batch = donut_detector_batch(detector);
    for (size_t first = 0; first < total; first += batch) {
        const size_t n = total - first < batch ? total - first : batch;
        for (size_t i = 0; i < n; i++)
            scorer->end[i] = reach + first + i;
        const enum donut_status status = donut_detector_judge(
            detector, context->x, context->missing, scorer->end, n, scorer->verdict, err);
        if (status != DONUT_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            job->rows[first + i] = donut_scorer_row(scorer, job->model, &scorer->verdict[i],
                                                    &job->rule, context->missing[reach + first + i],
                                                    context->warmup[reach + first + i]);
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

enum donut_status donut_scorer_score(struct donut_scorer *scorer, const struct donut_model *model,
                                     const struct donut_series *series, size_t from, size_t to,
                                     struct donut_score_row *rows, struct donut_error *err)
{
    struct donut_context context;
    struct donut_target target;
    struct donut_detector *detector;
    struct job job = {.model = model, .context = &context, .rows = rows};
    enum donut_status status = donut_context_check(model, series, from, to, err);
    if (status == DONUT_OK)
        status = donut_scorer_rule(scorer, model, &job.rule, err);
    if (status != DONUT_OK || from == to)
        return status;
    status = donut_context_new(model, series, from, to, &context, err);
    if (status != DONUT_OK)
        return status;
    status = donut_target_new(model, &target, err);
    if (status == DONUT_OK)
        status = donut_scorer_aim(scorer, &target, &detector, err);
    if (status == DONUT_OK)
        status = score_batches(scorer, detector, &job, err);
    donut_target_free(&target);
    donut_context_free(&context);
    return status;
}

enum donut_status donut_score(const struct donut_model *model, const struct donut_series *series,
                              size_t from, size_t to, const struct donut_score_options *opt,
                              struct donut_score_row *rows, struct donut_error *err)
{
    struct donut_scorer scorer;
    enum donut_status status = donut_scorer_start(opt, &scorer, err);
    if (status != DONUT_OK)
        return status;
    status = donut_scorer_score(&scorer, model, series, from, to, rows, err);
    donut_scorer_stop(&scorer);
    return status;
}
