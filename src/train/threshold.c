#include "train/threshold.h"
#include "base/status.h"
#include "detect/context.h"
#include "detect/score.h"
#include "detect/tail.h"
#include "train/normal.h"

#include <math.h>
#include <stdlib.h>

#define HURRIED_POINTS 1024
#define HURRIED_RUN 16

/* The points to score, their scores, and the prepared range that their windows are cut from. */
struct plan {
    size_t n;
    size_t *end;                   /* (n) */
    double *score;                 /* (n) the verdicts' */
    struct donut_verdict *verdict; /* (n) */
    donut_real *x;                 /* (range->n + DONUT_PANEL) */
    unsigned char *missing;        /* (range->n) */
    unsigned char *unfit; /* (range->n) 1 = the window that ends here says nothing of normal
                             points: it is sparse, or holds a labelled point */
};

static void plan_free(struct plan *plan)
{
    free(plan->end);
    free(plan->score);
    free(plan->verdict);
    free(plan->x);
    free(plan->missing);
    free(plan->unfit);
}

static void mark_labelled(const struct donut_range *range, size_t window, unsigned char *unfit)
{
    size_t since = window; /* points since the last labelled one */
    for (size_t i = 0; range->label && i < range->n; i++) {
        since = range->label[i] ? 0 : since + 1;
        if (since < window)
            unfit[i] = 1;
    }
}

/* Normal validation points, without those of unfit windows unless `all`. */
static void choose_points(const struct donut_range *range, bool all, struct plan *plan)
{
    plan->n = 0;
    for (size_t i = range->n_train; i < range->n; i++)
        if (donut_range_normal(range, i) && (all || !plan->unfit[i]))
            plan->end[plan->n++] = i;
}

/* Leaves one of so many runs of those chosen, which is not one of so many places: gaps may have a
 * period, too. Runs, because a verdict takes something from the points before. */
static void thin_points(struct plan *plan)
{
    const size_t stride = plan->n / HURRIED_POINTS + 1, chosen = plan->n;
    plan->n = 0;
    for (size_t i = 0; i < chosen; i++)
        if (i / HURRIED_RUN % stride == 0)
            plan->end[plan->n++] = plan->end[i];
}

static bool plan_new(const struct donut_range *range, const struct donut_model *model,
                     struct plan *plan)
{
    const size_t n_valid = range->n - range->n_train, window = model->vae.shape.window;
    *plan = (struct plan){.end = donut_calloc(n_valid, sizeof *plan->end),
                          .score = donut_calloc(n_valid, sizeof *plan->score),
                          .verdict = donut_calloc(n_valid, sizeof *plan->verdict),
                          .x = donut_calloc(range->n + DONUT_PANEL, sizeof *plan->x),
                          .missing = donut_calloc(range->n, 1),
                          .unfit = donut_calloc(range->n, 1)};
    if (!plan->end || !plan->score || !plan->verdict || !plan->x || !plan->missing || !plan->unfit)
        return false;
    const struct donut_scale scale = donut_model_scale(model);
    donut_standardise(&scale, range->value, range->n, plan->x);
    for (size_t i = 0; i < range->n; i++)
        if (isnan(range->value[i]))
            plan->missing[i] = 1;
    donut_mark_sparse(plan->missing, range->n, window, plan->unfit);
    mark_labelled(range, window, plan->unfit);
    return true;
}

/* All that are fit, or all normal points where those would be less than half. */
static void plan_points(const struct donut_range *range, bool hurry, struct plan *plan)
{
    choose_points(range, true, plan);
    const size_t all = plan->n;
    choose_points(range, false, plan);
    if (2 * plan->n < all)
        choose_points(range, true, plan);
    if (hurry)
        thin_points(plan);
}

/* Whether the callback asks to stop, having not asked when it was called before. */
static bool asks_anew(const struct donut_train_options *opt, bool *asking, size_t done,
                      size_t total)
{
    const struct donut_progress progress = {.phase = DONUT_PHASE_THRESHOLD,
                                            .done = done,
                                            .total = total,
                                            .loss = NAN,
                                            .validation_loss = NAN,
                                            .best_loss = NAN};
    const bool asked = *asking;
    *asking = opt->progress && opt->progress(opt->progress_context, &progress);
    return *asking && !asked;
}

/* DONUT_ECANCELLED when the callback asks for it anew; no sentence. */
static enum donut_status score_points(const struct donut_train_options *opt,
                                      struct donut_detector *detector, struct plan *plan,
                                      bool *asking, struct donut_error *err)
{
    const size_t batch = donut_detector_batch(detector);
    for (size_t first = 0; first < plan->n; first += batch) {
        const size_t n = plan->n - first < batch ? plan->n - first : batch;
        const enum donut_status status = donut_detector_judge(
            detector, plan->x, plan->missing, plan->end + first, n, plan->verdict + first, err);
        if (status != DONUT_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            plan->score[first + i] = plan->verdict[first + i].score;
        if (asks_anew(opt, asking, first + n, plan->n))
            return DONUT_ECANCELLED;
    }
    return DONUT_OK;
}

/* The first wish to stop, here or while training, leads to fewer points, the second to none. */
static enum donut_status score_plan(const struct donut_range *range,
                                    const struct donut_train_options *opt,
                                    struct donut_detector *detector, struct plan *plan,
                                    enum donut_stop *stop, struct donut_error *err)
{
    bool asking = *stop == DONUT_STOP_CANCELLED, hurry = asking;
    plan_points(range, hurry, plan);
    enum donut_status status = score_points(opt, detector, plan, &asking, err);
    if (status == DONUT_ECANCELLED && !hurry) {
        *stop = DONUT_STOP_CANCELLED;
        plan_points(range, true, plan);
        status = score_points(opt, detector, plan, &asking, err);
    }
    if (status == DONUT_ECANCELLED)
        return donut_fail(err, status, "stopped while fitting the threshold");
    if (status == DONUT_EMODEL)
        return donut_fail(err, DONUT_EDIVERGED,
                          "the trained network gives scores that are not finite: try a smaller "
                          "--learning-rate or --clip-norm");
    return status;
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

static enum donut_status fit_normal(const struct plan *plan, struct donut_model *model,
                                    struct donut_error *err)
{
    const struct donut_train_options *opt = &model->info.options;
    const struct donut_validated validated = {.n = plan->n,
                                              .end = plan->end,
                                              .verdict = plan->verdict,
                                              .x = plan->x,
                                              .missing = plan->missing,
                                              .window = model->vae.shape.window};
    return donut_normal_fit(&validated, opt->verdict_by, opt->risk, &model->info.normal, err);
}

enum donut_status donut_threshold_fit(const struct donut_engine *engine,
                                      const struct donut_range *range,
                                      const struct donut_train_options *opt, enum donut_stop *stop,
                                      struct donut_model *model, struct donut_error *err)
{
    struct plan plan;
    struct donut_target target = {0};
    struct donut_detector detector = {0};
    if (!plan_new(range, model, &plan)) {
        plan_free(&plan);
        return donut_fail_memory(err);
    }
    const struct donut_train_options *settled = &model->info.options;
    const struct donut_draws draws = {settled->sampler, settled->samples, settled->mcmc_iterations,
                                      settled->seed, settled->score_by};
    enum donut_status status = donut_target_new(model, &target, err);
    if (status == DONUT_OK)
        status = donut_detector_new(engine, &model->vae.shape, &draws, &detector, err);
    if (status == DONUT_OK)
        status = donut_detector_aim(&detector, &target, err);
    if (status == DONUT_OK)
        status = score_plan(range, opt, &detector, &plan, stop, err);
    if (status == DONUT_OK)
        status = fit_tail(&plan, opt->risk, &model->info, err);
    if (status == DONUT_OK && settled->verdict_by != DONUT_VERDICT_SCORE)
        status = fit_normal(&plan, model, err);
    donut_detector_free(&detector);
    donut_target_free(&target);
    plan_free(&plan);
    return status;
}
