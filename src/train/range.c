#include "train/range.h"
#include "base/arena.h"
#include "base/status.h"
#include "model/model.h"
#include "train/automatic.h"
#include "train/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A share like 0.9 is not exact in binary: 0.9 of 240 points are 216, not 215.999... */
static const double rounding = 1e-9;

bool donut_range_normal(const struct donut_range *range, size_t i)
{
    return !isnan(range->value[i]) && !(range->label && range->label[i]);
}

static size_t count_normal(const struct donut_range *range, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t i = first; i < end; i++)
        count += donut_range_normal(range, i);
    return count;
}

static enum donut_status check_part(const struct donut_range *range, size_t first, size_t end,
                                    size_t window, const char *name, struct donut_error *err)
{
    const size_t count = count_normal(range, first, end);
    if (count >= window)
        return DONUT_OK;
    return donut_fail(err, DONUT_EINPUT,
                      "the %s part of the range has %zu normal points among %zu, but at least one "
                      "window of %zu is needed: the others are missing or labelled",
                      name, count, end - first, window);
}

/* Whether there is a window to learn from where those without abnormal points alone count. */
static enum donut_status check_windows(const struct donut_range *range, size_t first, size_t end,
                                       size_t window, const char *name, struct donut_error *err)
{
    size_t run = 0;
    for (size_t i = first; i < end && run < window; i++)
        run = donut_range_normal(range, i) ? run + 1 : 0;
    if (run >= window)
        return DONUT_OK;
    return donut_fail(err, DONUT_EINPUT,
                      "the %s part of the range has no window of %zu points without a missing or "
                      "labelled one: give more data, a smaller --window, or --windows all",
                      name, window);
}

static enum donut_status check_parts(const struct donut_range *range,
                                     const struct donut_train_options *opt, struct donut_error *err)
{
    const struct {
        const char *name;
        size_t first, end;
    } parts[] = {{"learning", 0, range->n_train}, {"validation", range->n_train, range->n}};
    const size_t window = range->window;
    enum donut_status status = DONUT_OK;
    for (size_t i = 0; i < 2 && status == DONUT_OK; i++) {
        status = check_part(range, parts[i].first, parts[i].end, window, parts[i].name, err);
        if (status == DONUT_OK && opt->windows == DONUT_WINDOWS_NORMAL)
            status = check_windows(range, parts[i].first, parts[i].end, window, parts[i].name, err);
    }
    return status;
}

/* False: no memory. */
static bool keep_labels(struct donut_range *range, const struct donut_train_options *opt)
{
    for (size_t i = 0; range->label && i < range->n; i++)
        range->labelled += range->label[i] != 0;
    range->labels_kept = range->labelled;
    if (opt->keep_labels >= 1 || range->labelled == 0)
        return true;
    range->own = donut_calloc(range->n, 1);
    if (!range->own || !donut_labels_keep(range->label, range->n, opt->keep_labels, opt->seed,
                                          range->own, &range->labels_kept))
        return false;
    range->label = range->own;
    return true;
}

static bool is_wild(const struct donut_range *range, size_t i)
{
    return donut_range_normal(range, i) &&
           (range->value[i] < range->fence.low || range->value[i] > range->fence.high);
}

/* Labels the points beyond the fence. False: no memory. */
static bool label_wild(struct donut_range *range, const struct donut_train_options *opt)
{
    if (opt->scale_by != DONUT_SCALE_ROBUST)
        return true;
    if (!donut_fence_find(range->value, range->label, range->n, &range->fence))
        return false;
    for (size_t i = 0; i < range->n; i++)
        range->wild += is_wild(range, i);
    if (range->wild == 0)
        return true;
    if (!range->own) {
        range->own = donut_calloc(range->n, 1);
        if (!range->own)
            return false;
        if (range->label)
            memcpy(range->own, range->label, range->n);
    }
    for (size_t i = 0; i < range->n; i++)
        if (is_wild(range, i))
            range->own[i] = 1;
    range->label = range->own;
    return true;
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static enum donut_status choose_window(const struct donut_series *series, size_t from, size_t to,
                                       const struct donut_train_options *opt,
                                       struct donut_range *range, struct donut_error *err)
{
    const size_t n = range->n, n_train = range->n_train;
    range->window = opt->window > 0 || !opt->init ? opt->window : opt->init->info.options.window;
    if (range->window > 0)
        return DONUT_OK;
    const enum donut_status status =
        donut_window_suggest(series, from, to, &range->usual_window, err);
    if (status == DONUT_OK)
        range->window = donut_window_shortened(
            range->usual_window, lesser(n_train, n - n_train),
            lesser(count_normal(range, 0, n_train), count_normal(range, n_train, n)));
    return status;
}

static enum donut_status check_length(const struct donut_range *range, double validation,
                                      struct donut_error *err)
{
    if (lesser(range->n_train, range->n - range->n_train) >= range->window)
        return DONUT_OK;
    return donut_fail(err, DONUT_EINPUT,
                      "the training range has %zu points, but a window of %zu and a validation "
                      "share of %g need at least %.0f: give more data or a smaller --window",
                      range->n, range->window, validation,
                      donut_range_fewest(range->window, validation));
}

void donut_range_free(struct donut_range *range)
{
    free(range->own);
    *range = (struct donut_range){0};
}

size_t donut_range_validation(size_t n, double share)
{
    return (size_t)((double)n * share + rounding);
}

/* The least n with floor(n v) >= W for validation and n - floor(n v) >= W to learn from,
 * the latter being n > (W - 1) / (1 - v). */
double donut_range_fewest(size_t window, double share)
{
    const double w = (double)window;
    return fmax(ceil(w / share - rounding), floor((w - 1) / (1 - share) + rounding) + 1);
}

enum donut_status donut_range_choose(const struct donut_series *series, size_t from, size_t to,
                                     const struct donut_train_options *opt,
                                     struct donut_range *range, struct donut_error *err)
{
    const char *complaint = donut_options_complaint(opt);
    *range = (struct donut_range){0};
    if (complaint)
        return donut_fail(err, DONUT_EARGUMENT, "%s", complaint);
    if (from >= to || to > series->n)
        return donut_fail(err, DONUT_EARGUMENT,
                          "the training range, points %zu to %zu of %zu, is empty", from, to,
                          series->n);
    const size_t n = to - from, n_valid = donut_range_validation(n, opt->validation);
    *range = (struct donut_range){.value = series->value + from,
                                  .n = n,
                                  .n_train = n - n_valid,
                                  .fence = {-INFINITY, INFINITY}};
    if (series->label && !opt->ignore_labels)
        range->label = series->label + from;
    if ((uint64_t)n > UINT32_MAX)
        return donut_fail(err, DONUT_EINPUT, "the training range has %zu points; 2^32 is the limit",
                          n);
    enum donut_status status =
        keep_labels(range, opt) && label_wild(range, opt) ? DONUT_OK : donut_fail_memory(err);
    if (status == DONUT_OK)
        status = choose_window(series, from, to, opt, range, err);
    if (status == DONUT_OK)
        status = check_length(range, opt->validation, err);
    if (status == DONUT_OK)
        status = check_parts(range, opt, err);
    if (status != DONUT_OK) {
        const struct donut_range windows = {.window = range->window,
                                            .usual_window = range->usual_window};
        donut_range_free(range);
        *range = windows;
    }
    return status;
}
