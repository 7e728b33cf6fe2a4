#include "detect/context.h"
#include "base/status.h"
#include "data/grid.h"

#include <math.h>
#include <stdlib.h>

enum donut_status donut_context_check(const struct donut_model *model,
                                      const struct donut_series *series, size_t from, size_t to,
                                      struct donut_error *err)
{
    const int64_t interval = model->info.interval_ms;
    char found[DONUT_INTERVAL_SIZE], expected[DONUT_INTERVAL_SIZE];
    if (series->interval_ms != interval)
        return donut_fail(
            err, DONUT_EINPUT,
            "the points are %s apart but the model was trained at %s: give the KPI at "
            "the model's interval or train another model",
            donut_interval_describe(series->interval_ms, found),
            donut_interval_describe(interval, expected));
    if (from > to || to > series->n)
        return donut_fail(err, DONUT_EARGUMENT, "points %zu to %zu are not in a series of %zu",
                          from, to, series->n);
    return DONUT_OK;
}

/* Grid points from the last training point to the time, rounded; <= 0 when that lies inside or
 * before the training range. */
static int64_t points_after_training(const struct donut_model *model, int64_t ms)
{
    const int64_t after = ms - model->info.train_end_ms, interval = model->info.interval_ms;
    const int64_t half = after < 0 ? -(interval / 2) : interval / 2;
    return (after + half) / interval;
}

size_t donut_context_before(const struct donut_model *model, int64_t start_ms, double *value)
{
    const size_t reach = model->vae.shape.window - 1, n_history = model->n_history;
    const int64_t gap = points_after_training(model, start_ms);
    size_t unknown = 0;
    for (size_t i = 0; i < reach; i++) {
        const int64_t back = (int64_t)(reach - i) - gap; /* points before the last training point */
        const bool before_all = gap > (int64_t)n_history || back >= (int64_t)n_history;
        value[i] = before_all || back < 0 ? NAN : model->history[n_history - 1 - (size_t)back];
        if (before_all)
            unknown = i + 1;
    }
    return unknown;
}

void donut_mark_sparse(const unsigned char *missing, size_t n, size_t window, unsigned char *sparse)
{
    size_t observed = 0;
    for (size_t i = 0; i < n; i++) {
        observed += !missing[i];
        if (i >= window)
            observed -= !missing[i - window];
        if (i + 1 >= window && 4 * observed < window)
            sparse[i] = 1;
    }
}

/* Fills value (context->n) and what follows from it. before (W - 1) are the points before the
 * series, the first n_unknown of which lie before all data. */
static void fill(const struct donut_model *model, const struct donut_series *series, size_t from,
                 const double *before, size_t n_unknown, double *value,
                 struct donut_context *context)
{
    const size_t window = model->vae.shape.window, reach = window - 1;
    const struct donut_scale scale = donut_model_scale(model);
    for (size_t i = 0; i < context->n; i++) {
        value[i] = i + from >= reach ? series->value[i + from - reach] : before[i + from];
        if (isnan(value[i]))
            context->missing[i] = 1;
    }
    donut_standardise(&scale, value, context->n, context->x);
    donut_standardise_wide(&scale, value, context->n, context->wide);
    donut_mark_sparse(context->missing, context->n, window, context->warmup);
    for (size_t i = from; i < n_unknown && i - from < context->n - reach; i++)
        context->warmup[reach + i - from] = 1;
}

enum donut_status donut_context_new(const struct donut_model *model,
                                    const struct donut_series *series, size_t from, size_t to,
                                    struct donut_context *context, struct donut_error *err)
{
    *context = (struct donut_context){.n = model->vae.shape.window - 1 + (to - from)};
    double *value = donut_calloc(context->n, sizeof *value);
    double *before = donut_calloc(model->vae.shape.window, sizeof *before);
    context->x = donut_calloc(context->n + DONUT_PANEL, sizeof *context->x);
    context->wide = donut_calloc(context->n, sizeof *context->wide);
    context->missing = donut_calloc(context->n, 1);
    context->warmup = donut_calloc(context->n, 1);
    if (!value || !before || !context->x || !context->wide || !context->missing ||
        !context->warmup) {
        free(value);
        free(before);
        donut_context_free(context);
        return donut_fail_memory(err);
    }
    const size_t n_unknown = donut_context_before(model, series->start_ms, before);
    fill(model, series, from, before, n_unknown, value, context);
    free(value);
    free(before);
    return DONUT_OK;
}

void donut_context_free(struct donut_context *context)
{
    free(context->x);
    free(context->wide);
    free(context->missing);
    free(context->warmup);
    *context = (struct donut_context){0};
}
