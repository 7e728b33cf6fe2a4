#include "base/status.h"
#include "detect/context.h"
#include "detect/judge.h"
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
    struct donut_recent recent;
    size_t before; /* points of the context that are judged for the sake of later ones only */
    struct donut_score_row *rows; /* (points - before) */
};

static enum donut_status report(const struct donut_scorer *scorer, size_t done, size_t total,
                                struct donut_error *err)
{
    const struct donut_score_options *opt = &scorer->opt;
    const struct donut_progress progress = {.phase = DONUT_PHASE_SCORE,
                                            .done = done,
                                            .total = total,
                                            .loss = NAN,
                                            .validation_loss = NAN,
                                            .best_loss = NAN};
    if (opt->progress && opt->progress(opt->progress_context, &progress))
        return donut_fail(err, DONUT_ECANCELLED, "stopped while scoring");
    return DONUT_OK;
}

static enum donut_status score_batches(struct donut_scorer *scorer, struct donut_detector *detector,
                                       struct job *job, struct donut_error *err)
{
    const struct donut_context *context = job->context;
    const size_t total = context->n - (job->model->vae.shape.window - 1);
    const size_t batch = donut_detector_batch(detector), before = job->before;
    enum donut_status status = DONUT_OK;
    for (size_t first = 0, n; first < total && status == DONUT_OK; first += n) {
        const size_t left = (first < before ? before : total) - first;
        n = left < batch ? left : batch;
        const struct donut_passage passage = {.model = job->model,
                                              .x = context->x + first,
                                              .wide = context->wide + first,
                                              .missing = context->missing + first,
                                              .warmup = context->warmup + first,
                                              .n = n};
        status = donut_judge(scorer, detector, &job->rule, &passage, &job->recent,
                             first < before ? scorer->rows : job->rows + (first - before), err);
        if (status == DONUT_OK && first >= before)
            status = report(scorer, first + n - before, total - before, err);
    }
    return status;
}

/* The points before `from` that its verdict takes something from. */
static size_t choose_before(const struct donut_rule *rule, size_t window, size_t from)
{
    const size_t reach = donut_recent_reach(window);
    if (isnan(rule->surprise))
        return 0;
    return from < reach ? from : reach;
}

static enum donut_status run(struct donut_scorer *scorer, struct donut_detector *detector,
                             struct job *job, struct donut_error *err)
{
    enum donut_status status = DONUT_OK;
    if (donut_recent_new(job->model->vae.shape.window, &job->recent)) {
        donut_recent_begin(&job->recent, &job->model->info.normal);
        status = score_batches(scorer, detector, job, err);
    } else {
        status = donut_fail_memory(err);
    }
    donut_recent_free(&job->recent);
    return status;
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
    job.before = choose_before(&job.rule, model->vae.shape.window, from);
    status = donut_context_new(model, series, from - job.before, to, &context, err);
    if (status != DONUT_OK)
        return status;
    status = donut_target_new(model, &target, err);
    if (status == DONUT_OK)
        status = donut_scorer_aim(scorer, &target, &detector, err);
    if (status == DONUT_OK)
        status = run(scorer, detector, &job, err);
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
