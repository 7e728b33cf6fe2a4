#include "detect/judge.h"
#include "base/status.h"
#include "detect/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stretch in the works. */
struct job {
    struct donut_scorer *scorer;
    struct donut_detector *detector;
    const struct donut_stretch *stretch;
    struct donut_recent *recent;
    size_t reach;           /* W - 1 */
    unsigned char *wild;    /* (reach + n) */
    donut_real *x;          /* (reach + n + DONUT_PANEL) with wild points taken for missing ... */
    unsigned char *missing; /* (reach + n) ... as here */
};

static double surprise_of_deviation(const struct donut_normal *normal,
                                    const struct donut_verdict *verdict, double x)
{
    const struct donut_outlook outlook = {
        .mean = verdict->mean, .sd = fmax(verdict->sd, DONUT_SMALLEST_SD), .relief = 1};
    return donut_calibration_surprise(&normal->deviation, donut_outlook_deviation(&outlook, x));
}

static enum donut_status judge_all(const struct job *job, struct donut_error *err)
{
    const struct donut_stretch *stretch = job->stretch;
    for (size_t i = 0; i < stretch->n; i++)
        job->scorer->end[i] = job->reach + i;
    return donut_detector_judge(job->detector, stretch->x, stretch->missing, job->scorer->end,
                                stretch->n, job->scorer->verdict, err);
}

static void find_wild(const struct job *job)
{
    const struct donut_stretch *stretch = job->stretch;
    const struct donut_normal *normal = &stretch->model->info.normal;
    memcpy(job->wild, job->recent->wild, job->reach);
    if (job->scorer->opt.keep_anomalies)
        return;
    for (size_t i = job->reach; i < job->reach + stretch->n; i++)
        job->wild[i] = !stretch->missing[i] && !stretch->warmup[i] &&
                       surprise_of_deviation(normal, &job->scorer->verdict[i - job->reach],
                                             (double)stretch->x[i]) > DONUT_WILD_SURPRISE;
}

static void hide_wild(const struct job *job)
{
    const struct donut_stretch *stretch = job->stretch;
    const size_t count = job->reach + stretch->n;
    memcpy(job->x, stretch->x, count * sizeof *job->x);
    memcpy(job->missing, stretch->missing, count);
    for (size_t i = 0; i < count; i++)
        if (job->wild[i]) {
            job->x[i] = (donut_real)stretch->model->info.fill;
            job->missing[i] = 1;
        }
}

/* Judges again the n windows that end at scorer->end. Where the last point of one is wild, it is
 * the only one, and that point is shown. */
static enum donut_status judge_again(const struct job *job, size_t n, struct donut_error *err)
{
    const struct donut_stretch *stretch = job->stretch;
    struct donut_verdict *verdict = job->scorer->again;
    const size_t last = job->scorer->end[n - 1];
    const bool shown = job->wild[last] != 0;
    if (shown) {
        job->x[last] = stretch->x[last];
        job->missing[last] = 0;
    }
    const enum donut_status status = donut_detector_judge(job->detector, job->x, job->missing,
                                                          job->scorer->end, n, verdict, err);
    if (shown) {
        job->x[last] = (donut_real)stretch->model->info.fill;
        job->missing[last] = 1;
    }
    for (size_t i = 0; i < n && status == DONUT_OK; i++)
        job->scorer->verdict[job->scorer->end[i] - job->reach] = verdict[i];
    return status;
}

/* Whether so many hidden and observed points of the W - 1 before a point call for another look. */
static bool is_worth_another_look(size_t hidden, size_t observed, size_t window)
{
    return hidden > 0 && 2 * hidden <= window && 4 * (observed - hidden) >= window;
}

/* All windows that hold a wild point before their last one. */
static enum donut_status look_again(const struct job *job, struct donut_error *err)
{
    const struct donut_stretch *stretch = job->stretch;
    size_t hidden = 0, observed = 0, n = 0;
    for (size_t i = 0; i < job->reach; i++) {
        hidden += job->wild[i];
        observed += !stretch->missing[i];
    }
    enum donut_status status = DONUT_OK;
    for (size_t i = job->reach; i < job->reach + stretch->n && status == DONUT_OK; i++) {
        if (is_worth_another_look(hidden, observed, job->reach + 1)) {
            if (job->wild[i] && n > 0) {
                status = judge_again(job, n, err);
                n = 0;
            }
            job->scorer->end[n++] = i;
            if (job->wild[i] && status == DONUT_OK) {
                status = judge_again(job, n, err);
                n = 0;
            }
        }
        hidden += job->wild[i];
        observed += !stretch->missing[i];
        if (job->reach > 0) {
            hidden -= job->wild[i - job->reach];
            observed -= !stretch->missing[i - job->reach];
        }
    }
    return status == DONUT_OK && n > 0 ? judge_again(job, n, err) : status;
}

static void fill_row(const struct job *job, const struct donut_rule *rule, size_t i,
                     struct donut_score_row *row)
{
    const struct donut_stretch *stretch = job->stretch;
    const struct donut_model_info *info = &stretch->model->info;
    const double x = (double)stretch->x[i];
    const bool missing = stretch->missing[i], warmup = stretch->warmup[i];
    const struct donut_verdict *verdict = &job->scorer->verdict[i - job->reach];
    const struct donut_outlook outlook =
        donut_recent_outlook(job->recent, &info->normal, verdict, stretch->x, job->missing, i);
    struct donut_verdict shifted = *verdict;
    shifted.mean = outlook.mean;
    *row = donut_scorer_row(job->scorer, stretch->model, &shifted, rule, missing, warmup);
    if (!isnan(rule->surprise)) {
        struct donut_judgement judgement = {NAN, DONUT_CAUSE_NONE};
        if (!missing)
            judgement = donut_channels_judge(&info->normal, rule->by, rule->surprise, &outlook, x);
        donut_channels_band(&info->normal, rule->by, rule->surprise, &outlook, &row->lower,
                            &row->upper);
        donut_scorer_conclude(job->scorer, stretch->model, &judgement, row);
    }
    donut_recent_push(job->recent, &outlook, x, !missing && !warmup, job->wild[i]);
}

/* Room for the stretch. */
static enum donut_status begin(struct job *job, struct donut_error *err)
{
    const size_t count = job->reach + job->stretch->n;
    struct donut_scorer *scorer = job->scorer;
    if (count > scorer->hidden_room) {
        free(scorer->wild);
        free(scorer->hidden);
        free(scorer->hidden_missing);
        scorer->wild = donut_calloc(count, 1);
        scorer->hidden_missing = donut_calloc(count, 1);
        scorer->hidden = donut_calloc(count + DONUT_PANEL, sizeof *scorer->hidden);
        const bool there = scorer->wild && scorer->hidden && scorer->hidden_missing;
        scorer->hidden_room = there ? count : 0;
        if (!there)
            return donut_fail_memory(err);
    }
    job->wild = scorer->wild;
    job->x = scorer->hidden;
    job->missing = scorer->hidden_missing;
    return DONUT_OK;
}

enum donut_status donut_judge(struct donut_scorer *scorer, struct donut_detector *detector,
                              const struct donut_rule *rule, const struct donut_stretch *stretch,
                              struct donut_recent *recent, struct donut_score_row *rows,
                              struct donut_error *err)
{
    struct job job = {.scorer = scorer,
                      .detector = detector,
                      .stretch = stretch,
                      .recent = recent,
                      .reach = stretch->model->vae.shape.window - 1};
    enum donut_status status = judge_all(&job, err);
    if (status != DONUT_OK)
        return status;
    if (isnan(rule->surprise)) {
        for (size_t i = 0; i < stretch->n; i++)
            rows[i] =
                donut_scorer_row(scorer, stretch->model, &scorer->verdict[i], rule,
                                 stretch->missing[job.reach + i], stretch->warmup[job.reach + i]);
        return DONUT_OK;
    }
    status = begin(&job, err);
    if (status != DONUT_OK)
        return status;
    find_wild(&job);
    hide_wild(&job);
    status = look_again(&job, err);
    for (size_t i = 0; i < stretch->n && status == DONUT_OK; i++)
        fill_row(&job, rule, job.reach + i, &rows[i]);
    return status;
}
