/* A feed gives the rows that donut_score() gives for the same points as a series, however they
 * come; what does not fit in is refused; another model takes over without a break. */
#include "check.h"
#include "draw.h"
#include "rows.h"
#include "small.h"
#include "detect/recent.h"
#include "model/model.h"

static struct small_series small;
static struct donut_model *model, *other; /* other: with a window of 31 */
static struct donut_scorer *scorer;

/* Feeds points [from, to) of a series, absent ones by not pushing anything, scoring at random
 * moments and in pieces of random size. Returns how many rows came out, rows (to - from). */
static size_t run(struct donut_feed *feed, const struct donut_series *series, size_t from,
                  size_t to, uint64_t seed, struct donut_feed_point *rows)
{
    struct draw draw = {.seed = seed};
    size_t count = 0, n = 0;
    for (size_t i = from; i <= to;) {
        const bool drain = i == to || draw_below(&draw, 4) == 0;
        const size_t room = to - from - count, most = 1 + draw_below(&draw, 40);
        if (drain) {
            CHECK_INT(
                donut_feed_score(scorer, feed, rows + count, most < room ? most : room, &n, NULL),
                DONUT_OK);
            count += n;
        }
        if (i == to && n == 0)
            break;
        if (i < to && isnan(series->value[i]) && i + 1 < to) {
            i++;
            continue;
        }
        const struct donut_feed_point point = {.time_ms = series->start_ms +
                                                          (int64_t)i * series->interval_ms,
                                               .value = i < to ? series->value[i] : 0,
                                               .label = i < to ? series->label[i] : 0,
                                               .offset_minutes = (int16_t)(i % 7)};
        if (i < to && donut_feed_push(feed, &point) == DONUT_ARRIVAL_TAKEN)
            i++;
    }
    return count;
}

/* Rows [from, to) of the feed against those of the series. */
static void compare(const struct donut_series *series, size_t from, size_t to,
                    const struct donut_feed_point *got, const struct donut_score_row *want)
{
    size_t wrong = 0;
    for (size_t i = from; i < to; i++) {
        const struct donut_feed_point *point = &got[i - from];
        const bool missing = isnan(series->value[i]);
        wrong += !rows_same(&point->row, &want[i]) ||
                 point->time_ms != series->start_ms + (int64_t)i * series->interval_ms ||
                 (missing ? !isnan(point->value)
                          : point->value != series->value[i] || point->label != series->label[i]);
    }
    CHECK_INT(wrong, 0);
}

static void equals_batch(const struct donut_model *one, const struct donut_series *series,
                         size_t room, uint64_t seed)
{
    static struct donut_score_row want[SMALL_POINTS];
    static struct donut_feed_point got[SMALL_POINTS];
    struct donut_feed *feed = NULL;
    CHECK_INT(donut_scorer_score(scorer, one, series, 0, series->n, want, NULL), DONUT_OK);
    if (!CHECK(donut_feed_new(one, room, &feed, NULL) == DONUT_OK))
        return;
    CHECK_INT(run(feed, series, 0, series->n, seed, got), series->n);
    compare(series, 0, series->n, got, want);
    donut_feed_free(feed);
}

/* Whole series and parts that begin before, in, right after and long after the training range; with
 * holes of all sizes, also at the room's. */
static void test_equals_batch(void)
{
    static const size_t rooms[] = {1, 2, 7, 32, 1024};
    struct small_series holed = small;
    struct draw draw = {.seed = 3};
    holed.series.value = holed.value;
    holed.series.label = holed.label;
    for (size_t t = 1; t + 1 < SMALL_POINTS; t++) {
        holed.label[t] = draw_below(&draw, 9) == 0;
        if (draw_below(&draw, 12) == 0)
            holed.value[t] = NAN;
        if (draw_below(&draw, 40) == 0) /* incidents, which later windows are not to see */
            holed.value[t] += draw_between(&draw, -200, 200);
    }
    for (size_t t = 400; t < 470; t++)
        holed.value[t] = NAN;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        equals_batch(model, &small.series, rooms[i], i);
        equals_batch(other, &holed.series, rooms[i], 10 + i);
        struct donut_series part = small_part(&holed, 890, SMALL_POINTS);
        for (size_t t = 890; isnan(holed.value[t]); t++)
            part = small_part(&holed, t + 1, SMALL_POINTS);
        equals_batch(model, &part, rooms[i], 20 + i);
        part.start_ms += 86400000;
        equals_batch(model, &part, rooms[i], 30 + i);
        part.start_ms -= 10 * 86400000;
        equals_batch(model, &part, rooms[i], 40 + i);
    }
}

static enum donut_arrival push(struct donut_feed *feed, int64_t time_ms)
{
    const struct donut_feed_point point = {.time_ms = time_ms, .value = 100};
    return donut_feed_push(feed, &point);
}

static size_t drain(struct donut_feed *feed, struct donut_feed_point points[64])
{
    size_t n = 0;
    CHECK_INT(donut_feed_score(scorer, feed, points, 64, &n, NULL), DONUT_OK);
    return n;
}

static void test_refused(void)
{
    struct donut_feed_point points[64];
    struct donut_feed *feed = NULL;
    const int64_t start = small.series.start_ms, minute = 60000;
    CHECK_INT(donut_feed_new(model, 2, &feed, NULL), DONUT_OK);
    CHECK_INT(drain(feed, points), 0);
    CHECK_INT(push(feed, INT64_MAX), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, INT64_MIN), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start), DONUT_ARRIVAL_REPEATED);
    CHECK_INT(push(feed, start - 1), DONUT_ARRIVAL_REPEATED);
    CHECK_INT(push(feed, start - minute), DONUT_ARRIVAL_FULL);
    CHECK_INT(drain(feed, points), 1);
    CHECK_INT(push(feed, start - minute), DONUT_ARRIVAL_LATE);
    CHECK_INT(push(feed, start + minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + 2 * minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + 3 * minute), DONUT_ARRIVAL_FULL);
    CHECK_INT(drain(feed, points), 2);
    CHECK_INT(push(feed, start + 100004 * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + 100003 * minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + 100004 * minute), DONUT_ARRIVAL_FULL);
    donut_feed_free(feed);
    CHECK_INT(donut_feed_new(model, 2, &feed, NULL), DONUT_OK);
    CHECK_INT(push(feed, start), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(drain(feed, points), 2);
    /* Ten points are left out; the eleventh comes behind them, all by and by. */
    CHECK_INT(push(feed, start + 12 * minute + 29000), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + 13 * minute), DONUT_ARRIVAL_FULL);
    CHECK_INT(drain(feed, points), 11);
    for (size_t i = 0; i < 11; i++) {
        CHECK(points[i].time_ms == start + (int64_t)(2 + i) * minute);
        CHECK_INT(points[i].row.status == DONUT_ROW_MISSING, i < 10);
    }
    donut_feed_free(feed);
}

/* The training grid, with points on whole minutes + 0 s, holds for what begins within 6 s of it. */
static void test_grid(void)
{
    static const struct {
        int64_t off, grid;
    } cases[] = {{0, 0}, {6000, 0}, {-6000, 0}, {6001, 6001}, {-6001, -6001}, {30000, 30000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct donut_feed_point points[64];
        struct donut_feed *feed = NULL;
        const int64_t time_ms = small.series.start_ms + 5 * 60000;
        CHECK_INT(donut_feed_new(model, 4, &feed, NULL), DONUT_OK);
        CHECK_INT(push(feed, time_ms + cases[i].off), DONUT_ARRIVAL_TAKEN);
        CHECK_INT(push(feed, time_ms + cases[i].grid + 60000 + 20000), DONUT_ARRIVAL_TAKEN);
        CHECK_INT(drain(feed, points), 2);
        CHECK(points[0].time_ms == time_ms + cases[i].grid);
        CHECK(points[1].time_ms == time_ms + cases[i].grid + 60000);
        donut_feed_free(feed);
    }
}

/* A first point that is late does not move the grid: the second to fourth bring it back, whether or
 * not the ones before were scored. Without such a one it stays where the first point is. */
static void test_settling(void)
{
    static const int64_t off[][6] = {{25000, 0, 0, 0, 0, 0},
                                     {25000, 20000, 3000, 0, 0, 0},
                                     {25000, 25000, 20000, 6000, 0, 0},
                                     {25000, 25000, 25000, 25000, 5000, 5000}};
    /* Of point i, counted from the first grid point before the first of them. */
    static const int64_t want[][6] = {{25000, 60000, 120000, 180000, 240000, 300000},
                                      {25000, 85000, 120000, 180000, 240000, 300000},
                                      {25000, 85000, 145000, 180000, 240000, 300000},
                                      {25000, 85000, 145000, 205000, 265000, 325000}};
    for (size_t i = 0; i < 4; i++) {
        for (int at_once = 0; at_once < 2; at_once++) {
            struct donut_feed_point points[64];
            struct donut_feed *feed = NULL;
            const int64_t time_ms = small.series.start_ms + 600000;
            size_t n = 0;
            CHECK_INT(donut_feed_new(model, 16, &feed, NULL), DONUT_OK);
            for (int64_t t = 0; t < 6; t++) {
                const int64_t now_ms = time_ms + 60000 * t + off[i][t];
                enum donut_arrival arrival = push(feed, now_ms);
                if (arrival == DONUT_ARRIVAL_FULL || !at_once) {
                    size_t some;
                    CHECK_INT(donut_feed_score(scorer, feed, points + n, 64 - n, &some, NULL),
                              DONUT_OK);
                    n += some;
                }
                if (arrival == DONUT_ARRIVAL_FULL)
                    arrival = push(feed, now_ms);
                CHECK_INT(arrival, DONUT_ARRIVAL_TAKEN);
            }
            n += drain(feed, points + n);
            CHECK_INT(n, 6);
            for (size_t t = 0; t < n && t < 6; t++)
                CHECK_INT(points[t].time_ms - time_ms, want[i][t]);
            donut_feed_free(feed);
        }
    }
}

/* Two arrivals far ahead may be wrong, three that agree are not: the feed begins anew. */
static void test_far(void)
{
    struct donut_feed_point points[64];
    struct donut_feed *feed = NULL;
    const int64_t start = small.series.start_ms, minute = 60000, far = 200000;
    CHECK_INT(donut_feed_new(model, 16, &feed, NULL), DONUT_OK);
    CHECK_INT(push(feed, start), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + far * minute), DONUT_ARRIVAL_FULL);
    CHECK_INT(drain(feed, points), 1);
    CHECK_INT(push(feed, start + far * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + (far + 1) * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(drain(feed, points), 1);
    CHECK_INT(push(feed, start + far * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + 9 * far * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + (9 * far - 1) * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + 9 * far * minute), DONUT_ARRIVAL_FAR);
    CHECK_INT(push(feed, start + (9 * far + 5) * minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(push(feed, start + (9 * far + 6) * minute), DONUT_ARRIVAL_TAKEN);
    CHECK_INT(drain(feed, points), 2);
    CHECK_INT(points[0].time_ms - start, (9 * far + 5) * minute);
    CHECK_INT(points[0].row.status, DONUT_ROW_WARMUP);
    CHECK_INT(push(feed, start + minute), DONUT_ARRIVAL_LATE);
    donut_feed_free(feed);
}

static void take_all(struct donut_feed *feed, int64_t from, int64_t to)
{
    struct donut_feed_point points[64];
    for (int64_t t = from; t < to; t++) {
        CHECK_INT(push(feed, small.series.start_ms + t * 60000), DONUT_ARRIVAL_TAKEN);
        while (drain(feed, points) > 0)
            ;
    }
}

/* Pushes minutes [from, to), of which only the last is to be taken. */
static void refuse_but_last(struct donut_feed *feed, int64_t from, int64_t to)
{
    for (int64_t t = from; t + 1 < to; t++)
        CHECK_INT(push(feed, small.series.start_ms + t * 60000), DONUT_ARRIVAL_LATE);
    take_all(feed, to - 1, to);
}

/* One to three points that leave out a window of 24 or more are given up when three in order lie in
 * between; so is a beginning of so many. Four are not, nor is what left out less. */
static void test_leap(void)
{
    for (int64_t wrong = 1; wrong <= 4; wrong++) {
        for (int64_t out = 23; out <= 24; out++) {
            struct donut_feed *feed = NULL;
            CHECK_INT(donut_feed_new(model, 64, &feed, NULL), DONUT_OK);
            take_all(feed, 0, 10);
            take_all(feed, 10 + out, 10 + out + wrong);
            if (wrong <= 3 && out == 24)
                refuse_but_last(feed, 10, 13);
            for (int64_t t = 10; t < 20 && (wrong == 4 || out == 23); t++)
                CHECK_INT(push(feed, small.series.start_ms + t * 60000), DONUT_ARRIVAL_LATE);
            take_all(feed, 50, 51);
            donut_feed_free(feed);
        }
    }
    for (int64_t wrong = 1; wrong <= 3; wrong++) {
        struct donut_feed *feed = NULL;
        CHECK_INT(donut_feed_new(model, 64, &feed, NULL), DONUT_OK);
        take_all(feed, 50000000, 50000000 + wrong);
        refuse_but_last(feed, 0, 3);
        take_all(feed, 3, 9);
        donut_feed_free(feed);
    }
}

/* Having gone back it takes a window more of them to do so again, or a window that has passed; and
 * another model changes nothing of that. */
static void test_to_and_fro(void)
{
    for (int renew = 0; renew < 2; renew++) {
        struct donut_feed *feed = NULL;
        CHECK_INT(donut_feed_new(model, 64, &feed, NULL), DONUT_OK);
        take_all(feed, 0, 10);
        take_all(feed, 100, 101);
        if (renew)
            CHECK_INT(donut_feed_renew(feed, model, NULL), DONUT_OK);
        refuse_but_last(feed, 10, 13);
        take_all(feed, 13, 20);
        take_all(feed, 100, 101);
        if (renew)
            CHECK_INT(donut_feed_renew(feed, model, NULL), DONUT_OK);
        refuse_but_last(feed, 20, 20 + 3 + 23);
        take_all(feed, 46, 80);
        take_all(feed, 200, 201);
        refuse_but_last(feed, 80, 83);
        donut_feed_free(feed);
    }
}

/* After 700 points the model is exchanged: the rest are the rows that the new one gives for the
 * whole series, once it has seen `needed` points. */
static void exchange(const struct donut_model *first, const struct donut_model *second,
                     size_t needed)
{
    static struct donut_score_row want[SMALL_POINTS];
    static struct donut_feed_point got[SMALL_POINTS];
    struct donut_feed *feed = NULL;
    CHECK_INT(donut_scorer_score(scorer, second, &small.series, 0, SMALL_POINTS, want, NULL),
              DONUT_OK);
    CHECK_INT(donut_feed_new(first, 16, &feed, NULL), DONUT_OK);
    CHECK_INT(run(feed, &small.series, 0, 700, 1, got), 700);
    CHECK_INT(donut_feed_renew(feed, second, NULL), DONUT_OK);
    CHECK_INT(run(feed, &small.series, 700, SMALL_POINTS, 2, got), SMALL_POINTS - 700);
    compare(&small.series, 700 + needed, SMALL_POINTS, got + needed, want);
    donut_feed_free(feed);
}

/* Verdicts by surprise take something from the verdicts before, which the new model does not know.
 * Those by the score need a window, longer by some points than the one that the feed remembers. */
static void test_exchange(void)
{
    struct donut_scorer *const usual = scorer;
    struct donut_score_options opt = variant_score_defaults();
    const struct donut_model *const models[] = {model, other};
    opt.verdict_by = DONUT_VERDICT_SCORE;
    CHECK_INT(donut_scorer_new(&opt, &scorer, NULL), DONUT_OK);
    exchange(model, model, 0);
    exchange(other, model, 0);
    exchange(model, other, 10);
    donut_scorer_free(scorer);
    scorer = usual;
    for (size_t i = 0; i < 4; i++)
        exchange(models[i % 2], models[i / 2], donut_recent_reach(models[i / 2]->vae.shape.window));
}

static void test_renew(void)
{
    struct donut_error err;
    struct donut_feed *feed = NULL;
    /* Before anything has arrived. */
    CHECK_INT(donut_feed_new(model, 1, &feed, NULL), DONUT_OK);
    CHECK_INT(donut_feed_renew(feed, other, NULL), DONUT_OK);
    model->info.interval_ms = 120000;
    CHECK_INT(donut_feed_renew(feed, model, &err), DONUT_EARGUMENT);
    CHECK(strstr(err.text, "2 min apart, the one in use 1 min") != NULL);
    model->info.interval_ms = 60000;
    donut_feed_free(feed);
}

TEST(feed)
{
    struct donut_train_options opt = small_options();
    const struct donut_score_options score = variant_score_defaults();
    struct donut_error err = {0};
    small_make(&small);
    opt.epochs = 3;
    opt.verdict_by = DONUT_VERDICT_BOTH;
    bool made = donut_train(&small.series, 0, 900, &opt, &model, NULL, &err) == DONUT_OK;
    opt.window = 31;
    opt.seed = 8;
    made = made && donut_train(&small.series, 100, 700, &opt, &other, NULL, &err) == DONUT_OK &&
           donut_scorer_new(&score, &scorer, &err) == DONUT_OK;
    if (CHECK_THAT(made, "%s", err.text)) {
        test_equals_batch();
        test_refused();
        test_grid();
        test_settling();
        test_far();
        test_leap();
        test_to_and_fro();
        test_exchange();
        test_renew();
    }
    donut_scorer_free(scorer);
    donut_model_free(model);
    donut_model_free(other);
    return check_report("feed");
}
