#include "detect/judge.h"
#include "base/status.h"
#include "detect/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A passage in the works. */
struct job {
    struct donut_scorer *scorer;
    struct donut_detector *detector;
    const struct donut_passage *passage;
    struct donut_recent *recent;
    size_t reach;           /* W - 1 */
    unsigned char *mark;    /* (reach + n) enum donut_mark */
    donut_real *x;          /* (reach + n + DONUT_PANEL) with hidden points taken for missing ... */
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
    const struct donut_passage *passage = job->passage;
    for (size_t i = 0; i < passage->n; i++)
        job->scorer->end[i] = job->reach + i;
    return donut_detector_judge(job->detector, passage->x, passage->missing, job->scorer->end,
                                passage->n, job->scorer->verdict, err);
}

static void find_suspects(const struct job *job)
{
    const struct donut_passage *passage = job->passage;
    const struct donut_normal *normal = &passage->model->info.normal;
    memcpy(job->mark, job->recent->mark, job->reach);
    memset(job->mark + job->reach, DONUT_MARK_NONE, passage->n);
    if (job->scorer->opt.keep_anomalies)
        return;
    for (size_t i = job->reach; i < job->reach + passage->n; i++)
        if (!passage->missing[i] && !passage->warmup[i] &&
            surprise_of_deviation(normal, &job->scorer->verdict[i - job->reach],
                                  (double)passage->wide[i]) > DONUT_WILD_SURPRISE)
            job->mark[i] = DONUT_MARK_WILD;
}

/* Hides what has that mark at least. */
static void hide(const struct job *job, unsigned char mark)
{
    const struct donut_passage *passage = job->passage;
    const size_t count = job->reach + passage->n;
    memcpy(job->x, passage->x, count * sizeof *job->x);
    memcpy(job->missing, passage->missing, count);
    for (size_t i = 0; i < count; i++)
        if (job->mark[i] >= mark) {
            job->x[i] = (donut_real)passage->model->info.fill;
            job->missing[i] = 1;
        }
}

/* Judges the n windows that end at scorer->end. Where the last point of one is hidden, it is the
 * only one, and that point is shown. */
static enum donut_status judge_hidden(const struct job *job, size_t n,
                                      struct donut_verdict *verdict, struct donut_error *err)
{
    const struct donut_passage *passage = job->passage;
    const size_t last = job->scorer->end[n - 1];
    const bool shown = job->missing[last] && !passage->missing[last];
    if (shown) {
        job->x[last] = passage->x[last];
        job->missing[last] = 0;
    }
    const enum donut_status status = donut_detector_judge(job->detector, job->x, job->missing,
                                                          job->scorer->end, n, verdict, err);
    if (shown) {
        job->x[last] = (donut_real)passage->model->info.fill;
        job->missing[last] = 1;
    }
    return status;
}

static enum donut_status judge_again(const struct job *job, size_t n, struct donut_error *err)
{
    struct donut_verdict *verdict = job->scorer->again;
    const enum donut_status status = judge_hidden(job, n, verdict, err);
    for (size_t i = 0; i < n && status == DONUT_OK; i++)
        job->scorer->verdict[job->scorer->end[i] - job->reach] = verdict[i];
    return status;
}

/* Of the W - 1 points before one. */
struct before {
    size_t hidden, observed;
};

static void count(const struct job *job, unsigned char mark, size_t i, struct before *before)
{
    before->hidden += job->mark[i] >= mark;
    before->observed += !job->passage->missing[i];
}

/* From the points before i to those before i + 1. */
static void go_on(const struct job *job, unsigned char mark, size_t i, struct before *before)
{
    count(job, mark, i, before);
    before->hidden -= job->mark[i - job->reach] >= mark;
    before->observed -= !job->passage->missing[i - job->reach];
}

/* Suspects that are as expected once the others are hidden are echoes of those, seen in the same
 * window. */
static enum donut_status clear_echoes(const struct job *job, struct donut_error *err)
{
    const struct donut_passage *passage = job->passage;
    const struct donut_normal *normal = &passage->model->info.normal;
    struct before before = {0, 0};
    enum donut_status status = DONUT_OK;
    for (size_t i = 0; i < job->reach; i++)
        count(job, DONUT_MARK_ECHO, i, &before);
    for (size_t i = job->reach; i < job->reach + passage->n && status == DONUT_OK; i++) {
        struct donut_verdict verdict = {0};
        if (job->mark[i] == DONUT_MARK_WILD && before.hidden > 0 &&
            4 * (before.observed - before.hidden) >= job->reach + 1) {
            job->scorer->end[0] = i;
            status = judge_hidden(job, 1, &verdict, err);
            if (status == DONUT_OK &&
                surprise_of_deviation(normal, &verdict, (double)passage->wide[i]) <=
                    DONUT_WILD_SURPRISE)
                job->mark[i] = DONUT_MARK_ECHO;
        }
        go_on(job, DONUT_MARK_ECHO, i, &before);
    }
    return status;
}

/* Whether the hidden ones among them call for another look. */
static bool is_worth_another_look(const struct before *before, size_t window)
{
    return before->hidden > 0 && 2 * before->hidden <= window &&
           4 * (before->observed - before->hidden) >= window;
}

/* All windows that hold a wild point before their last one. */
static enum donut_status look_again(const struct job *job, struct donut_error *err)
{
    const struct donut_passage *passage = job->passage;
    struct before before = {0, 0};
    size_t n = 0;
    enum donut_status status = DONUT_OK;
    for (size_t i = 0; i < job->reach; i++)
        count(job, DONUT_MARK_WILD, i, &before);
    for (size_t i = job->reach; i < job->reach + passage->n && status == DONUT_OK; i++) {
        const bool wild = job->mark[i] == DONUT_MARK_WILD;
        if (is_worth_another_look(&before, job->reach + 1)) {
            if (wild && n > 0) {
                status = judge_again(job, n, err);
                n = 0;
            }
            job->scorer->end[n++] = i;
            if (wild && status == DONUT_OK) {
                status = judge_again(job, n, err);
                n = 0;
            }
        }
        go_on(job, DONUT_MARK_WILD, i, &before);
    }
    return status == DONUT_OK && n > 0 ? judge_again(job, n, err) : status;
}

static void fill_row(const struct job *job, const struct donut_rule *rule, size_t i,
                     struct donut_score_row *row)
{
    const struct donut_passage *passage = job->passage;
    const struct donut_model_info *info = &passage->model->info;
    const double x = (double)passage->wide[i];
    const bool missing = passage->missing[i], warmup = passage->warmup[i];
    const struct donut_verdict *verdict = &job->scorer->verdict[i - job->reach];
    const struct donut_outlook outlook =
        donut_recent_outlook(job->recent, &info->normal, verdict, passage->wide, job->missing, i);
    struct donut_verdict shifted = *verdict;
    shifted.mean = outlook.mean;
    *row = donut_scorer_row(job->scorer, passage->model, &shifted, rule, missing, warmup);
    if (!isnan(rule->surprise)) {
        struct donut_judgement judgement = {NAN, DONUT_CAUSE_NONE};
        if (!missing)
            judgement = donut_channels_judge(&info->normal, rule->by, rule->surprise, &outlook, x);
        donut_channels_band(&info->normal, rule->by, rule->surprise, &outlook, &row->lower,
                            &row->upper);
        donut_scorer_conclude(job->scorer, passage->model, &judgement, row);
        row->lasting = rule->by == DONUT_VERDICT_STEP
                           ? outlook.step_relief < 1
                           : outlook.mean != outlook.model_mean || outlook.relief < 1;
    }
    donut_recent_push(job->recent, &outlook, x, !missing && !warmup, job->mark[i]);
}

/* Room for the passage. */
static enum donut_status begin(struct job *job, struct donut_error *err)
{
    const size_t count = job->reach + job->passage->n;
    struct donut_scorer *scorer = job->scorer;
    if (count > scorer->hidden_room) {
        free(scorer->mark);
        free(scorer->hidden);
        free(scorer->hidden_missing);
        scorer->mark = donut_calloc(count, 1);
        scorer->hidden_missing = donut_calloc(count, 1);
        scorer->hidden = donut_calloc(count + DONUT_PANEL, sizeof *scorer->hidden);
        const bool there = scorer->mark && scorer->hidden && scorer->hidden_missing;
        scorer->hidden_room = there ? count : 0;
        if (!there)
            return donut_fail_memory(err);
    }
    job->mark = scorer->mark;
    job->x = scorer->hidden;
    job->missing = scorer->hidden_missing;
    return DONUT_OK;
}

enum donut_status donut_judge(struct donut_scorer *scorer, struct donut_detector *detector,
                              const struct donut_rule *rule, const struct donut_passage *passage,
                              struct donut_recent *recent, struct donut_score_row *rows,
                              struct donut_error *err)
{
    struct job job = {.scorer = scorer,
                      .detector = detector,
                      .passage = passage,
                      .recent = recent,
                      .reach = passage->model->vae.shape.window - 1};
    enum donut_status status = judge_all(&job, err);
    if (status != DONUT_OK)
        return status;
    if (isnan(rule->surprise)) {
        for (size_t i = 0; i < passage->n; i++)
            rows[i] =
                donut_scorer_row(scorer, passage->model, &scorer->verdict[i], rule,
                                 passage->missing[job.reach + i], passage->warmup[job.reach + i]);
        return DONUT_OK;
    }
    status = begin(&job, err);
    if (status != DONUT_OK)
        return status;
    find_suspects(&job);
    hide(&job, DONUT_MARK_ECHO);
    status = clear_echoes(&job, err);
    hide(&job, DONUT_MARK_WILD);
    if (status == DONUT_OK)
        status = look_again(&job, err);
    for (size_t i = 0; i < passage->n && status == DONUT_OK; i++)
        fill_row(&job, rule, job.reach + i, &rows[i]);
    return status;
}
