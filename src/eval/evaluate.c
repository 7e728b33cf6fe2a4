#include "donut.h"

#include "base/arena.h"
#include "base/random.h"
#include "base/status.h"
#include "eval/curve.h"
#include "eval/operating_point.h"

#include <math.h>
#include <stdlib.h>

enum { ADJUSTED, DELAYED, RAW, PROTOCOLS };

/* What all the judgements of one evaluation share. */
struct judge {
    const struct donut_scored *scored;
    struct donut_segments segments;
    struct donut_protocol protocol[PROTOCOLS];
    unsigned char *alarm; /* (n) of the latest threshold */
};

struct donut_evaluate_options donut_evaluate_defaults(void)
{
    return (struct donut_evaluate_options){.delay = 7, .threshold = NAN, .floor_runs = 20};
}

static enum donut_status check_options(const struct donut_evaluate_options *opt,
                                       struct donut_error *err)
{
    if (isinf(opt->threshold))
        return donut_fail(err, DONUT_EARGUMENT, "the threshold to judge must be a finite score");
    if (opt->floor_runs > UINT32_MAX)
        return donut_fail(err, DONUT_EARGUMENT,
                          "%zu runs for the random floor are too many: give at most %lu",
                          opt->floor_runs, (unsigned long)UINT32_MAX);
    return DONUT_OK;
}

static enum donut_status check_points(const struct donut_scored *scored, struct donut_error *err)
{
    if (scored->n == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "there is no scored point to evaluate: every row lacks a score, or is "
                          "missing or warm-up");
    for (size_t i = 0; i < scored->n; i++) {
        if (!isfinite(scored->score[i]))
            return donut_fail(err, DONUT_EINPUT,
                              "the score of point %zu is not finite: leave such points out", i);
        if (i > 0 && scored->position[i] <= scored->position[i - 1])
            return donut_fail(err, DONUT_EINPUT,
                              "point %zu does not come after the point before it: sort the points "
                              "by time and leave out duplicates",
                              i);
    }
    return DONUT_OK;
}

static void raise_alarms(struct judge *judge, double threshold)
{
    for (size_t i = 0; i < judge->scored->n; i++)
        judge->alarm[i] = judge->scored->score[i] > threshold;
}

static void judge_alarms(const struct judge *judge, const unsigned char *alarm, double threshold,
                         struct donut_operating_point point[PROTOCOLS])
{
    for (int p = 0; p < PROTOCOLS; p++) {
        point[p] =
            donut_operating_point(judge->scored, &judge->segments, judge->protocol[p], alarm);
        point[p].threshold = threshold;
    }
}

static bool fill_curve(struct judge *judge, int p, struct donut_curve *curve)
{
    struct donut_sweep sweep;
    if (!donut_sweep(judge->scored, &judge->segments, judge->protocol[p], &sweep))
        return false;
    raise_alarms(judge, sweep.threshold);
    curve->best =
        donut_operating_point(judge->scored, &judge->segments, judge->protocol[p], judge->alarm);
    curve->best.threshold = sweep.threshold;
    curve->auc = sweep.auc;
    return true;
}

/* Mean adjusted best F of scores that know nothing: what any detector gets for free here. */
static bool random_floor(const struct judge *judge, const struct donut_evaluate_options *opt,
                         double *mean)
{
    *mean = NAN;
    if (judge->segments.n == 0 || opt->floor_runs == 0)
        return true;
    struct donut_scored noise = *judge->scored;
    noise.score = donut_calloc(noise.n, sizeof *noise.score);
    if (!noise.score)
        return false;
    double sum = 0;
    bool enough = true;
    for (size_t run = 0; run < opt->floor_runs && enough; run++) {
        const struct donut_stream stream = {opt->seed, DONUT_DRAW_FLOOR, (uint32_t)run};
        struct donut_sweep sweep;
        for (size_t i = 0; i < noise.n; i++)
            noise.score[i] = donut_random_uniform(stream, i);
        enough = donut_sweep(&noise, &judge->segments, judge->protocol[ADJUSTED], &sweep);
        sum += enough ? sweep.best_f : 0;
    }
    free(noise.score);
    *mean = sum / (double)opt->floor_runs;
    return enough;
}

static bool evaluate(struct judge *judge, const struct donut_evaluate_options *opt,
                     struct donut_evaluation *out)
{
    const struct donut_scored *scored = judge->scored;
    if (!random_floor(judge, opt, &out->random_floor) || !fill_curve(judge, RAW, &out->raw) ||
        !fill_curve(judge, DELAYED, &out->delayed) || !fill_curve(judge, ADJUSTED, &out->adjusted))
        return false;
    /* The segments are marked at the last of: adjusted best F, verdict, threshold. */
    const unsigned char *shown = judge->alarm;
    out->has_verdict = scored->verdict != NULL;
    if (out->has_verdict) {
        judge_alarms(judge, scored->verdict, NAN, out->verdict);
        shown = scored->verdict;
    }
    out->has_threshold = !isnan(opt->threshold);
    if (out->has_threshold) {
        raise_alarms(judge, opt->threshold);
        judge_alarms(judge, judge->alarm, opt->threshold, out->at_threshold);
        shown = judge->alarm;
    }
    donut_segments_detect(scored, &judge->segments, shown);
    out->points = scored->n;
    out->anomalous_points = judge->segments.points;
    out->segments = judge->segments.n;
    out->delay = opt->delay;
    out->join_gaps = opt->join_gaps;
    return true;
}

enum donut_status donut_evaluate(const struct donut_scored *scored,
                                 const struct donut_evaluate_options *opt,
                                 struct donut_evaluation *out, struct donut_error *err)
{
    const struct donut_evaluate_options defaults = donut_evaluate_defaults();
    *out = (struct donut_evaluation){0};
    if (!opt)
        opt = &defaults;
    enum donut_status status = check_options(opt, err);
    if (status == DONUT_OK)
        status = check_points(scored, err);
    if (status != DONUT_OK)
        return status;
    struct judge judge = {
        .scored = scored,
        .protocol = {[ADJUSTED] = {.whole = true, .delay = DONUT_ANY_DELAY},
                     [DELAYED] = {.whole = true, .delay = opt->delay},
                     [RAW] = {.whole = false, .delay = DONUT_ANY_DELAY}},
        .alarm = donut_calloc(scored->n, 1),
    };
    if (judge.alarm && donut_segments_find(scored, opt->join_gaps, &judge.segments) &&
        evaluate(&judge, opt, out)) {
        out->segment = judge.segments.at;
    } else {
        free(judge.segments.at);
        *out = (struct donut_evaluation){0};
        status = donut_fail_memory(err);
    }
    free(judge.alarm);
    return status;
}

void donut_evaluation_free(struct donut_evaluation *evaluation)
{
    if (!evaluation)
        return;
    free(evaluation->segment);
    evaluation->segment = NULL;
}
