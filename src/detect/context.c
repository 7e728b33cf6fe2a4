#include "detect/context.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

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

enum donut_status donut_context_new(const struct donut_model *model,
                                    const struct donut_series *series, size_t from, size_t to,
                                    struct donut_context *context, struct donut_error *err)
{
    const size_t reach = model->vae.shape.window - 1;
    const int64_t gap = points_after_training(model, series);
    *context = (struct donut_context){.n = reach + (to - from)};
    double *value = donut_calloc(context->n, sizeof *value);
    context->x = donut_calloc(context->n, sizeof *context->x);
    context->missing = donut_calloc(context->n, 1);
    if (!value || !context->x || !context->missing) {
        free(value);
        donut_context_free(context);
        return donut_fail_memory(err);
    }
    for (size_t i = 0; i < context->n; i++) {
        bool unknown = false;
        value[i] = i + from >= reach ? series->value[i + from - reach]
                                     : value_before(model, gap, reach - i - from, &unknown);
        if (isnan(value[i]))
            context->missing[i] = 1;
        if (unknown)
            context->unknown = i + 1;
    }
    const struct donut_scale scale = donut_model_scale(model);
    donut_standardise(&scale, value, context->n, context->x);
    free(value);
    return DONUT_OK;
}

void donut_context_free(struct donut_context *context)
{
    free(context->x);
    free(context->missing);
    *context = (struct donut_context){0};
}
