#include "cli/info_diagnosis.h"

#include "cli/times.h"
#include "data/grid.h"
#include "data/record.h"
#include "data/standardise.h"
#include "model/model.h"
#include "train/automatic.h"
#include "train/range.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A span that is no whole number of minutes, hours or days is told about. */
const char *donut_span_words(const struct donut_series *series, size_t points,
                             char out[DONUT_SPAN_SIZE])
{
    char span[DONUT_DURATION_SIZE];
    const double ms = (double)points * (double)series->interval_ms;
    if (ms <= (double)DONUT_MAX_INTERVAL_MS)
        donut_interval_describe((int64_t)ms, span);
    if (ms > (double)DONUT_MAX_INTERVAL_MS || strcspn(span, " ") > 3)
        donut_duration_words(ms / 1000, span);
    snprintf(out, DONUT_SPAN_SIZE, "%zu point%s = %s", points, donut_plural(points), span);
    return out;
}

/* What is needed at most: by reading, for the file, its rows and the series, or by donut_train(),
 * as include/donut.h has it, and the series. */
static double estimate_memory(const struct donut_train_options *opt,
                              const struct donut_diagnosis *d)
{
    const double program = 2e6, n = (double)d->survey.n, series = 11 * (double)d->series->n;
    const struct donut_vae_shape shape = donut_options_shape(opt);
    struct donut_vae vae;
    if (!donut_vae_plan(&shape, &vae))
        return NAN;
    size_t width = opt->window + opt->latent;
    for (size_t i = 0; i < opt->depth; i++)
        width += opt->hidden[i];
    const double windows = (double)opt->batch_size + 32;
    const double reading =
        (double)d->bytes + (double)sizeof(struct donut_row) * (double)d->series->repairs.rows;
    const double training = 22 * n + 20 * (double)vae.parameters + 60 * (double)width * windows;
    return program + series + fmax(reading, training);
}

/* As long as the shorter part of n points. */
static size_t largest_window(const struct donut_train_options *opt, size_t n)
{
    const size_t valid = donut_range_validation(n, opt->validation);
    return valid < n - valid ? valid : n - valid;
}

/* Settles the window. */
static enum donut_lack try_range(struct donut_diagnosis *d, struct donut_train_options *opt,
                                 struct donut_error *err)
{
    struct donut_range range;
    struct donut_scale scale;
    enum donut_lack lack = DONUT_LACK_NONE;
    const enum donut_status status =
        donut_range_choose(d->series, d->range.from, d->range.to, opt, &range, err);
    opt->window = d->plan.window = range.window > 0 ? range.window : DONUT_USUAL_WINDOW;
    d->plan.usual_window = range.usual_window;
    d->plan.wild = range.wild;
    d->plan.low = range.fence.low;
    d->plan.high = range.fence.high;
    if (status != DONUT_OK)
        return largest_window(opt, d->survey.n) < opt->window ? DONUT_LACK_POINTS
                                                              : DONUT_LACK_VALUES;
    if (donut_scale_fit(range.value, range.label, range.n, opt->missing_fill, &scale, err) !=
        DONUT_OK)
        lack = DONUT_LACK_CHANGE;
    donut_range_free(&range);
    return lack;
}

static void make_plan(struct donut_diagnosis *d)
{
    struct donut_train_options opt = donut_train_defaults();
    struct donut_plan *plan = &d->plan;
    struct donut_error err = {0};
    *plan = (struct donut_plan){.largest = largest_window(&opt, d->survey.n)};
    plan->lack = try_range(d, &opt, &err);
    plan->least = (size_t)donut_range_fewest(opt.window, opt.validation);
    plan->plenty = (size_t)donut_range_fewest(2 * plan->usual_window, opt.validation);
    plan->validation = donut_range_validation(d->survey.n, opt.validation);
    plan->learning = d->survey.n - plan->validation;
    plan->memory = estimate_memory(&opt, d);
    if (plan->lack != DONUT_LACK_NONE)
        snprintf(plan->reason, sizeof plan->reason, "%s", err.text);
    if (plan->lack == DONUT_LACK_POINTS)
        return;
    plan->learning_windows = plan->learning - opt.window + 1;
    plan->validation_windows = plan->validation - opt.window + 1;
}

enum donut_status donut_diagnose(const struct donut_series *series, struct donut_kpi_range range,
                                 struct donut_diagnosis *d, struct donut_error *err)
{
    d->series = series;
    d->range = range;
    d->warnings = 0;
    enum donut_status status = donut_survey(series, range.from, range.to, &d->survey, err);
    if (status == DONUT_OK)
        status = donut_season_find(series, range.from, range.to, d->survey.median, d->survey.spread,
                                   &d->season, err);
    if (status != DONUT_OK)
        return status;
    d->seasons = d->season.period ? (double)d->survey.n / (double)d->season.period : 0;
    make_plan(d);
    donut_find_warnings(d);
    return DONUT_OK;
}
