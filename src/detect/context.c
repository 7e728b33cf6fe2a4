#include "detect/context.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Grid points from the last training point to the first point of the series, rounded; <= 0 when
 * the series begins inside or before the training range. */
static int64_t points_after_training(const struct donut_model *model,
                                     const struct donut_series *series)
{
    const int64_t ms = series->start_ms - model->info.train_end_ms;
    const int64_t interval = series->interval_ms;
    const int64_t half = ms < 0 ? -(interval / 2) : interval / 2;
    return (ms + half) / interval;
}

/* The value at `before` points before the start of the series (>= 1), from the training points
 * kept in the model. *unknown: it lies before all data. */
static double value_before(const struct donut_model *model, int64_t gap, size_t before,
                           bool *unknown)
{
    const int64_t back = (int64_t)before - gap; /* points before the last training point */
    *unknown = gap > (int64_t)model->n_history || back >= (int64_t)model->n_history;
    if (*unknown || back < 0)
        return NAN;
    return model->history[model->n_history - 1 - (size_t)back];
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

/* Fills value (context->n) and what follows from it. */
static void fill(const struct donut_model *model, const struct donut_series *series, size_t from,
                 double *value, struct donut_context *context)
{
    const size_t window = model->vae.shape.window, reach = window - 1;
    const int64_t gap = points_after_training(model, series);
    const struct donut_scale scale = donut_model_scale(model);
    size_t n_unknown = 0; /* the first so many points lie before all data */
    for (size_t i = 0; i < context->n; i++) {
        bool unknown = false;
        value[i] = i + from >= reach ? series->value[i + from - reach]
                                     : value_before(model, gap, reach - i - from, &unknown);
        if (isnan(value[i]))
            context->missing[i] = 1;
        if (unknown)
            n_unknown = i + 1;
    }
    donut_standardise(&scale, value, context->n, context->x);
    donut_mark_sparse(context->missing, context->n, window, context->warmup);
    if (n_unknown > 0)
        memset(context->warmup + reach, 1,
               n_unknown < context->n - reach ? n_unknown : context->n - reach);
}

enum donut_status donut_context_new(const struct donut_model *model,
                                    const struct donut_series *series, size_t from, size_t to,
                                    struct donut_context *context, struct donut_error *err)
{
    *context = (struct donut_context){.n = model->vae.shape.window - 1 + (to - from)};
    double *value = donut_calloc(context->n, sizeof *value);
    context->x = donut_calloc(context->n + DONUT_PANEL, sizeof *context->x);
    context->missing = donut_calloc(context->n, 1);
    context->warmup = donut_calloc(context->n, 1);
    if (!value || !context->x || !context->missing || !context->warmup) {
        free(value);
        donut_context_free(context);
        return donut_fail_memory(err);
    }
    fill(model, series, from, value, context);
    free(value);
    return DONUT_OK;
}

void donut_context_free(struct donut_context *context)
{
    free(context->x);
    free(context->missing);
    free(context->warmup);
    *context = (struct donut_context){0};
}
