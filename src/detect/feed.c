/* Points that arrive one by one, and the windows that end with them. */
#include "base/arena.h"
#include "base/status.h"
#include "data/grid.h"
#include "data/timestamp.h"
#include "detect/context.h"
#include "detect/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FARTHEST 100000 /* points that one arrival may leave out */
#define SETTLING 3      /* arrivals that may yet show that the grid is the model's */
#define FEW 3           /* points behind a leap that may be as wrong as it */
#define AGREED 3        /* arrivals that agree on another time */

/* What there is besides the value. */
struct detail {
    int16_t offset_minutes;
    unsigned char label;
};

struct donut_feed {
    struct donut_target target;
    struct donut_recent recent;
    struct donut_grid grid; /* interval_ms 0: nothing has arrived yet */
    size_t room;
    size_t n, scored;      /* points held; those of them that are scored or only a past, >= W - 1 */
    double *value;         /* (W - 1 + room) NaN = missing */
    struct detail *detail; /* likewise */
    int64_t last;          /* grid index of the newest point taken */
    struct detail newest;  /* its */
    size_t unknown;        /* points still to be scored whose window reaches back before all data */
    size_t gap;            /* missing points that come behind those held, and then `waiting` */
    struct donut_feed_point waiting;
    bool is_waiting;
    unsigned settling; /* arrivals left, see SETTLING */
    unsigned agreed;   /* arrivals in a row that are far ahead of `last`, or lie in the leap, and
                          are near and in order among themselves */
    int64_t agreed_ms; /* the latest of them */
    int64_t leapt; /* grid index of the point before the last one that left out a window or more,
                      which may have been wrong */
    unsigned since_leap; /* points taken since then, that one included; counts up to FEW + 1 */
    size_t since_back;   /* points taken since it last went back; counts up to W - 1 */
};

static size_t reach_of(const struct donut_feed *feed)
{
    return feed->target.model->vae.shape.window - 1;
}

enum donut_status donut_feed_new(const struct donut_model *model, size_t room,
                                 struct donut_feed **out, struct donut_error *err)
{
    const size_t reach = model->vae.shape.window - 1;
    struct donut_feed *feed = donut_calloc(1, sizeof *feed);
    *out = NULL;
    if (!feed)
        return donut_fail_memory(err);
    feed->room = room < 1 ? 1 : room;
    feed->n = feed->scored = feed->since_back = reach;
    feed->since_leap = FEW + 1;
    feed->value = donut_calloc(reach + feed->room, sizeof *feed->value);
    feed->detail = donut_calloc(reach + feed->room, sizeof *feed->detail);
    if (!feed->value || !feed->detail || !donut_recent_new(reach + 1, &feed->recent) ||
        donut_target_new(model, &feed->target, NULL) != DONUT_OK) {
        donut_feed_free(feed);
        return donut_fail_memory(err);
    }
    donut_recent_begin(&feed->recent, &model->info.normal);
    *out = feed;
    return DONUT_OK;
}

void donut_feed_free(struct donut_feed *feed)
{
    if (!feed)
        return;
    donut_target_free(&feed->target);
    donut_recent_free(&feed->recent);
    free(feed->value);
    free(feed->detail);
    free(feed);
}

/* Copies the past of `old` behind that which the new model knows. */
static void inherit(const struct donut_feed *old, struct donut_feed *feed)
{
    const size_t reach = reach_of(feed), known = reach_of(old) - old->unknown;
    const size_t kept = known < reach ? known : reach;
    feed->grid = old->grid;
    feed->last = old->last;
    const int64_t next_ms = donut_grid_time(&feed->grid, feed->last + 1);
    feed->unknown = donut_context_before(feed->target.model, next_ms, feed->value);
    if (feed->unknown > reach - kept)
        feed->unknown = reach - kept;
    memcpy(feed->value + reach - kept, old->value + old->n - kept, kept * sizeof *feed->value);
    feed->newest = old->newest;
    feed->settling = old->settling;
    feed->agreed = old->agreed;
    feed->agreed_ms = old->agreed_ms;
    feed->leapt = old->leapt;
    feed->since_leap = old->since_leap;
    feed->since_back =
        old->since_back < reach_of(old) && old->since_back < reach ? old->since_back : reach;
}

enum donut_status donut_feed_renew(struct donut_feed *feed, const struct donut_model *model,
                                   struct donut_error *err)
{
    char before[DONUT_INTERVAL_SIZE], now[DONUT_INTERVAL_SIZE];
    const int64_t interval = feed->target.model->info.interval_ms;
    struct donut_feed *renewed;
    if (model->info.interval_ms != interval)
        return donut_fail(err, DONUT_EARGUMENT,
                          "the new model has points %s apart, the one in use %s",
                          donut_interval_describe(model->info.interval_ms, now),
                          donut_interval_describe(interval, before));
    const enum donut_status status = donut_feed_new(model, feed->room, &renewed, err);
    if (status != DONUT_OK)
        return status;
    if (feed->grid.interval_ms > 0)
        inherit(feed, renewed);
    const struct donut_feed old = *feed;
    *feed = *renewed;
    *renewed = old;
    donut_feed_free(renewed);
    return DONUT_OK;
}

static int64_t reduce(int64_t ms, int64_t interval_ms)
{
    const int64_t rest = ms % interval_ms;
    return rest < 0 ? rest + interval_ms : rest;
}

/* The grid of the training range; *near: the time lies within a tenth of an interval of it. */
static struct donut_grid trained_grid(const struct donut_feed *feed, int64_t time_ms, bool *near)
{
    const struct donut_model_info *info = &feed->target.model->info;
    const struct donut_grid grid = {reduce(info->train_start_ms, info->interval_ms),
                                    info->interval_ms};
    const int64_t nearest = donut_grid_time(&grid, donut_grid_index(&grid, time_ms));
    const int64_t off = nearest < time_ms ? time_ms - nearest : nearest - time_ms;
    *near = off <= info->interval_ms / 10;
    return grid;
}

/* Where the grid lies, by the first point. */
static void begin(struct donut_feed *feed, int64_t time_ms)
{
    bool near;
    feed->grid = trained_grid(feed, time_ms, &near);
    feed->settling = near ? 0 : SETTLING + 1; /* this one's own counts, too */
    if (!near)
        feed->grid.origin_ms = reduce(time_ms, feed->grid.interval_ms);
    feed->last = donut_grid_index(&feed->grid, time_ms) - 1;
    feed->n = feed->scored = reach_of(feed);
    donut_recent_begin(&feed->recent, &feed->target.model->info.normal);
    feed->unknown = donut_context_before(feed->target.model,
                                         donut_grid_time(&feed->grid, feed->last + 1), feed->value);
}

/* Whether this arrival shows that the first one was only late, or early, for the training range's
 * grid, and those to come lie on that. */
static bool is_settled_by(const struct donut_feed *feed, int64_t time_ms)
{
    bool near;
    trained_grid(feed, time_ms, &near);
    return feed->settling > 0 && near;
}

/* Goes on on the training range's grid, behind the newest point. */
static void settle(struct donut_feed *feed, int64_t time_ms)
{
    bool near;
    const int64_t last_ms = donut_grid_time(&feed->grid, feed->last);
    feed->grid = trained_grid(feed, time_ms, &near);
    feed->last = donut_grid_index(&feed->grid, last_ms);
    feed->last -= donut_grid_time(&feed->grid, feed->last) > last_ms;
    feed->settling = 0;
}

/* Counts an arrival at a time that does not fit in. True: so many agree that it is those before
 * that were wrong, or long ago. */
static bool agrees(struct donut_feed *feed, int64_t time_ms, size_t wanted)
{
    const int64_t most = FARTHEST * feed->grid.interval_ms;
    const bool agreed =
        feed->agreed > 0 && time_ms > feed->agreed_ms && time_ms - feed->agreed_ms <= most;
    feed->agreed = agreed ? feed->agreed + 1 : 1;
    feed->agreed_ms = time_ms;
    return feed->agreed >= wanted;
}

/* Drops points that no window needs any more. */
static void compact(struct donut_feed *feed)
{
    const size_t reach = reach_of(feed), drop = feed->scored - reach, kept = feed->n - drop;
    memmove(feed->value, feed->value + drop, kept * sizeof *feed->value);
    memmove(feed->detail, feed->detail + drop, kept * sizeof *feed->detail);
    feed->n = kept;
    feed->scored = reach;
}

static bool is_full(struct donut_feed *feed)
{
    const size_t capacity = reach_of(feed) + feed->room;
    if (feed->n == capacity)
        compact(feed);
    return feed->n == capacity;
}

static void append(struct donut_feed *feed, double value, struct detail detail)
{
    feed->value[feed->n] = value;
    feed->detail[feed->n++] = detail;
}

/* Moves what waits to where it can be scored, as far as there is room. */
static void admit(struct donut_feed *feed)
{
    const struct detail absent = {.offset_minutes = feed->newest.offset_minutes};
    for (; feed->gap > 0 && !is_full(feed); feed->gap--)
        append(feed, NAN, absent);
    if (!feed->is_waiting || feed->gap > 0 || is_full(feed))
        return;
    feed->newest = (struct detail){feed->waiting.offset_minutes, feed->waiting.label};
    append(feed, feed->waiting.value, feed->newest);
    feed->is_waiting = false;
}

static bool has_waiting(const struct donut_feed *feed)
{
    return feed->is_waiting || feed->n > feed->scored;
}

/* Whether an arrival, which is older than the newest point, lies in what was leapt over by a few
 * that may be wrong. */
static bool is_in_leap(const struct donut_feed *feed, int64_t index)
{
    return feed->since_leap <= FEW && index > feed->leapt && index < feed->last;
}

/* Takes the point, the grid point of which is ahead of all others. */
static void take(struct donut_feed *feed, const struct donut_feed_point *point, int64_t index,
                 bool first)
{
    const size_t reach = reach_of(feed);
    feed->gap = (size_t)(index - feed->last - 1);
    if (first || feed->gap > reach) {
        feed->leapt = first ? INT64_MIN : feed->last;
        feed->since_leap = 0;
    }
    feed->since_leap += feed->since_leap <= FEW;
    feed->since_back += feed->since_back < reach;
    feed->agreed = 0;
    feed->settling -= feed->settling > 0;
    feed->waiting = *point;
    feed->is_waiting = true;
    feed->last = index;
    admit(feed);
}

/* An arrival that does not fit in: far ahead, or in a leap. After going back it takes more to do so
 * again: not to and fro, where someone fills a gap while others go on. */
static enum donut_arrival reconsider(struct donut_feed *feed, const struct donut_feed_point *point,
                                     bool is_far)
{
    const size_t reach = reach_of(feed);
    const size_t wanted = is_far || feed->since_back == reach ? AGREED : AGREED + reach;
    if (has_waiting(feed))
        return DONUT_ARRIVAL_FULL;
    if (!agrees(feed, point->time_ms, wanted))
        return is_far ? DONUT_ARRIVAL_FAR : DONUT_ARRIVAL_LATE;
    if (!is_far)
        feed->since_back = 0;
    begin(feed, point->time_ms);
    take(feed, point, feed->last + 1, is_far);
    return DONUT_ARRIVAL_TAKEN;
}

enum donut_arrival donut_feed_push(struct donut_feed *feed, const struct donut_feed_point *point)
{
    const bool first = feed->grid.interval_ms == 0;
    if (point->time_ms <= -DONUT_TIME_LIMIT_MS || point->time_ms >= DONUT_TIME_LIMIT_MS)
        return DONUT_ARRIVAL_FAR;
    if (feed->is_waiting || (!first && is_full(feed)))
        return DONUT_ARRIVAL_FULL;
    if (first) {
        begin(feed, point->time_ms);
        feed->newest.offset_minutes = point->offset_minutes;
    } else if (is_settled_by(feed, point->time_ms)) {
        if (has_waiting(feed))
            return DONUT_ARRIVAL_FULL;
        settle(feed, point->time_ms);
    }
    const int64_t index = donut_grid_index(&feed->grid, point->time_ms);
    const bool is_far = index - feed->last - 1 > FARTHEST;
    if (is_far || is_in_leap(feed, index))
        return reconsider(feed, point, is_far);
    if (index <= feed->last) {
        feed->agreed = 0;
        return index == feed->last ? DONUT_ARRIVAL_REPEATED : DONUT_ARRIVAL_LATE;
    }
    take(feed, point, index, first);
    return DONUT_ARRIVAL_TAKEN;
}

/* Standardises the windows of the next n points into the scorer's arrays. */
static enum donut_status prepare(struct donut_scorer *scorer, const struct donut_feed *feed,
                                 size_t n, struct donut_error *err)
{
    const size_t reach = reach_of(feed), count = reach + n;
    const double *value = feed->value + feed->scored - reach;
    const struct donut_scale scale = donut_model_scale(feed->target.model);
    const enum donut_status status = donut_scorer_reserve(scorer, count, err);
    if (status != DONUT_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        scorer->missing[i] = (unsigned char)(isnan(value[i]) != 0);
        scorer->warmup[i] = 0;
    }
    donut_standardise(&scale, value, count, scorer->x);
    donut_standardise_wide(&scale, value, count, scorer->wide);
    donut_mark_sparse(scorer->missing, count, reach + 1, scorer->warmup);
    for (size_t i = 0; i < n && i < feed->unknown; i++)
        scorer->warmup[reach + i] = 1;
    return DONUT_OK;
}

/* Grid index of the point that is scored next. */
static int64_t next_index(const struct donut_feed *feed)
{
    return feed->last - (int64_t)(feed->is_waiting + feed->gap + feed->n - feed->scored) + 1;
}

static enum donut_status score_some(struct donut_scorer *scorer, struct donut_detector *detector,
                                    struct donut_feed *feed, size_t n,
                                    struct donut_feed_point *points, struct donut_error *err)
{
    const struct donut_model *model = feed->target.model;
    struct donut_rule rule;
    enum donut_status status = donut_scorer_rule(scorer, model, &rule, err);
    if (status == DONUT_OK)
        status = prepare(scorer, feed, n, err);
    if (status == DONUT_OK) {
        const struct donut_passage passage = {model,           scorer->x,      scorer->wide,
                                              scorer->missing, scorer->warmup, n};
        status = donut_judge(scorer, detector, &rule, &passage, &feed->recent, scorer->rows, err);
    }
    if (status != DONUT_OK)
        return status;
    const int64_t first = next_index(feed);
    for (size_t i = 0; i < n; i++) {
        const struct detail *detail = &feed->detail[feed->scored + i];
        points[i] =
            (struct donut_feed_point){.time_ms = donut_grid_time(&feed->grid, first + (int64_t)i),
                                      .value = feed->value[feed->scored + i],
                                      .offset_minutes = detail->offset_minutes,
                                      .label = detail->label,
                                      .row = scorer->rows[i]};
    }
    feed->scored += n;
    feed->unknown -= n < feed->unknown ? n : feed->unknown;
    return DONUT_OK;
}

enum donut_status donut_feed_score(struct donut_scorer *scorer, struct donut_feed *feed,
                                   struct donut_feed_point *points, size_t capacity, size_t *n,
                                   struct donut_error *err)
{
    struct donut_detector *detector;
    *n = 0;
    enum donut_status status = donut_scorer_aim(scorer, &feed->target, &detector, err);
    const size_t batch = status == DONUT_OK ? donut_detector_batch(detector) : 0;
    while (status == DONUT_OK && *n < capacity) {
        admit(feed);
        size_t some = feed->n - feed->scored;
        some = some < batch ? some : batch;
        some = some < capacity - *n ? some : capacity - *n;
        if (some == 0)
            break;
        status = score_some(scorer, detector, feed, some, points + *n, err);
        *n += status == DONUT_OK ? some : 0;
    }
    return status;
}
