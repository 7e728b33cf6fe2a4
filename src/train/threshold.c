#include "train/threshold.h"
#include "base/status.h"
#include "detect/score.h"
#include "detect/tail.h"

#include <math.h>
#include <stdlib.h>

#define HURRIED_POINTS 4096

/* The points to score, their scores, and the prepared range that their windows are cut from. */
struct plan {
    size_t n;
    size_t *end;            /* (n) */
    double *score;          /* (n) */
    donut_real *x;          /* (range->n) */
    unsigned char *missing; /* (range->n) */
};

static void plan_free(struct plan *plan)
{
    free(plan->end);
    free(plan->score);
    free(plan->x);
    free(plan->missing);
}

static bool plan_new(const struct donut_range *range, const struct donut_model *model, bool hurry,
                     struct plan *plan)
{
    const size_t n_valid = range->n - range->n_train;
    const size_t stride = hurry ? n_valid / HURRIED_POINTS + 1 : 1;
    *plan = (struct plan){.end = donut_calloc(n_valid, sizeof *plan->end),
                          .score = donut_calloc(n_valid, sizeof *plan->score),
                          .x = donut_calloc(range->n, sizeof *plan->x),
                          .missing = donut_calloc(range->n, 1)};
    if (!plan->end || !plan->score || !plan->x || !plan->missing)
        return false;
    const struct donut_scale scale = donut_model_scale(model);
    donut_standardise(&scale, range->value, range->n, plan->x);
    for (size_t i = 0; i < range->n; i++)
        if (isnan(range->value[i]))
            plan->missing[i] = 1;
    for (size_t i = range->n_train; i < range->n; i++)
        if (donut_range_normal(range, i) && (i - range->n_train) % stride == 0)
            plan->end[plan->n++] = i;
    return true;
}

static bool cancelled(const struct donut_train_options *opt, size_t done, size_t total)
{
    const struct donut_progress progress = {.phase = DONUT_PHASE_THRESHOLD,
                                            .done = done,
                                            .total = total,
                                            .loss = NAN,
                                            .validation_loss = NAN,
                                            .best_loss = NAN};
    return opt->progress && opt->progress(opt->progress_context, &progress);
}

static enum donut_status score_plan(const struct donut_train_options *opt,
                                    struct donut_detector *detector, struct plan *plan,
                                    struct donut_error *err)
{
    struct donut_verdict verdict[DONUT_DETECTOR_BATCH];
    for (size_t first = 0; first < plan->n; first += DONUT_DETECTOR_BATCH) {
        const size_t left = plan->n - first;
        const size_t n = left < DONUT_DETECTOR_BATCH ? left : DONUT_DETECTOR_BATCH;
        const enum donut_status status = donut_detector_judge(detector, plan->x, plan->missing,
                                                              plan->end + first, n, verdict, err);
        if (status != DONUT_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            plan->score[first + i] = verdict[i].score;
        if (cancelled(opt, first + n, plan->n))
            return donut_fail(err, DONUT_ECANCELLED, "stopped while fitting the threshold");
    }
    return DONUT_OK;
}

static enum donut_status fit_tail(const struct plan *plan, double risk,
                                  struct donut_model_info *info, struct donut_error *err)
{
    const enum donut_status status = donut_tail_fit(plan->score, plan->n, &info->tail, err);
    if (status != DONUT_OK)
        return status;
    /* Fewer peaks than the risk wants, because many scores are equal: t itself alarms less often
     * than asked for. */
    if (donut_tail_threshold(&info->tail, risk, &info->threshold, NULL) != DONUT_OK)
        info->threshold = info->tail.t;
    return DONUT_OK;
}

enum donut_status donut_threshold_fit(const struct donut_range *range,
                                      const struct donut_train_options *opt, bool hurry,
                                      struct donut_model *model, struct donut_error *err)
{
    struct plan plan;
    struct donut_detector detector = {0};
    if (!plan_new(range, model, hurry, &plan)) {
        plan_free(&plan);
        return donut_fail_memory(err);
    }
    enum donut_status status =
        donut_detector_new(model, opt->samples, opt->mcmc_iterations, &detector, err);
    if (status == DONUT_OK)
        status = score_plan(opt, &detector, &plan, err);
    if (status == DONUT_OK)
        status = fit_tail(&plan, opt->risk, &model->info, err);
    donut_detector_free(&detector);
    plan_free(&plan);
    return status;
}
