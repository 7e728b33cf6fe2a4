/* Alarms and episodes, against their definition over whole sequences: an alarm is on at a point if
 * --for qualifying points in a row ended at or before it, and no --recover normal ones since, nor
 * --silence ones without a verdict. */
#include "check.h"
#include "draw.h"

#include "donut.h"

#include <stdlib.h>

#define LENGTH 60
#define NONE SIZE_MAX

struct sequence {
    struct donut_alert_point point[LENGTH];
    struct donut_score_row row[LENGTH];
    /* What is not silent, in order: places in the sequence, and whether they qualify. */
    size_t place[LENGTH], n;
    bool qualifies[LENGTH];
};

static void check_same_point(const struct donut_alert_point *got,
                             const struct donut_alert_point *want)
{
    CHECK_INT(got->time_ms, want->time_ms);
    CHECK_INT(got->offset_minutes, want->offset_minutes);
    CHECK(got->value == want->value);
}

/* Steps of a quarter, so that differences are exact and often just at --min-delta. */
static void draw_sequence(struct draw *draw, struct sequence *sequence)
{
    for (size_t i = 0; i < LENGTH; i++) {
        const bool missing = draw_below(draw, 6) == 0;
        const double expected = (double)draw_below(draw, 5) - 2;
        const double value = expected + ((double)draw_below(draw, 17) - 8) / 4;
        const double score = (double)draw_below(draw, 7);
        sequence->point[i] = (struct donut_alert_point){
            .time_ms = (int64_t)(1000 * i) - 9,
            .offset_minutes = (int16_t)(60 * (i % 3)),
            .value = missing ? NAN : value,
        };
        sequence->row[i] = (struct donut_score_row){
            .score = missing ? NAN : score,
            .expected = expected,
            .lower = expected - 1,
            .upper = expected + 1,
            .anomaly = !missing && score > 2,
            .status = missing             ? DONUT_ROW_MISSING
                      : score * value > 3 ? DONUT_ROW_WARMUP
                                          : DONUT_ROW_OK,
        };
    }
}

static bool is_silent(const struct donut_alert_options *opt, const struct donut_score_row *row)
{
    return opt->warmup_alarms ? row->status == DONUT_ROW_MISSING : row->status != DONUT_ROW_OK;
}

static void judge(const struct donut_alert_options *opt, struct sequence *sequence)
{
    sequence->n = 0;
    for (size_t i = 0; i < LENGTH; i++) {
        const struct donut_score_row *row = &sequence->row[i];
        const double above = sequence->point[i].value - row->expected;
        if (is_silent(opt, row))
            continue;
        const bool up = above > 0 && above >= opt->min_delta;
        const bool down = above < 0 && -above >= opt->min_delta;
        const bool level = above == 0 && opt->min_delta <= 0;
        sequence->place[sequence->n] = i;
        sequence->qualifies[sequence->n++] =
            row->score > 2 && ((up && opt->direction != DONUT_ALERT_DOWN) ||
                               (down && opt->direction != DONUT_ALERT_UP) ||
                               (level && opt->direction == DONUT_ALERT_BOTH));
    }
}

/* Whether the `wanted` points that end with point j of those judged, none of them before `begin`,
 * are all of one kind. */
static bool all_alike(const struct sequence *sequence, size_t begin, size_t j, size_t wanted,
                      bool kind)
{
    if (j + 1 < begin + wanted)
        return false;
    for (size_t k = 0; k < wanted; k++)
        if (sequence->qualifies[j - k] != kind)
            return false;
    return true;
}

static bool is_on(const struct donut_alert_options *opt, const struct sequence *sequence,
                  size_t begin, size_t j)
{
    for (size_t raised = j + 1; raised-- > begin;) {
        if (all_alike(sequence, begin, raised, opt->for_points, true))
            return true;
        if (all_alike(sequence, begin, raised, opt->recover_points, false))
            return false;
    }
    return false;
}

/* The episode whose alarm is on at j, the last point judged of the stretch where it is on. */
static void check_episode(const struct donut_alert_options *opt, const struct sequence *sequence,
                          size_t begin, size_t j, const struct donut_episode *got)
{
    size_t raised = j, points = 0, first = NONE, last = NONE, peak = NONE;
    while (raised > begin && is_on(opt, sequence, begin, raised - 1))
        raised--;
    for (size_t k = raised + 1 - opt->for_points; k <= j; k++) {
        if (!sequence->qualifies[k])
            continue;
        last = sequence->place[k];
        first = first == NONE ? last : first;
        if (peak == NONE || sequence->row[last].score > sequence->row[peak].score)
            peak = last;
        points++;
    }
    CHECK_INT(got->points, points);
    check_same_point(&got->first, &sequence->point[first]);
    check_same_point(&got->last, &sequence->point[last]);
    check_same_point(&got->peak, &sequence->point[peak]);
    CHECK(got->peak_row.score == sequence->row[peak].score);
    CHECK(got->peak_row.expected == sequence->row[peak].expected);
    CHECK(got->peak_row.lower == sequence->row[peak].lower);
    CHECK(got->peak_row.upper == sequence->row[peak].upper);
    CHECK(got->up == (sequence->point[peak].value >= sequence->row[peak].expected));
}

/* Returns how many episodes ended. */
static size_t check_sequence(const struct donut_alert_options *opt, struct sequence *sequence)
{
    struct donut_alert alert = {0};
    size_t seen = 0, begin = 0; /* points judged so far, and before all was forgotten */
    size_t silent = 0, ended = 0;
    judge(opt, sequence);
    for (size_t i = 0; i < LENGTH; i++) {
        const bool verdict = donut_alert_step(opt, &alert, &sequence->point[i], &sequence->row[i]);
        const bool before = seen > begin && is_on(opt, sequence, begin, seen - 1);
        const bool quiet = is_silent(opt, &sequence->row[i]);
        silent = quiet ? silent + 1 : 0;
        const bool too_long = opt->silence_points > 0 && silent >= opt->silence_points;
        const bool now = quiet ? before && !too_long : is_on(opt, sequence, begin, seen++);
        CHECK_INT(verdict, now);
        CHECK_INT(alert.on, now);
        CHECK_INT(alert.ended, before && !now);
        if (alert.ended)
            check_episode(opt, sequence, begin, seen - (quiet ? 1 : 2), &alert.episode);
        ended += alert.ended;
        if (now)
            check_episode(opt, sequence, begin, seen - 1, &alert.episode);
        begin = too_long ? seen : begin;
    }
    return ended;
}

static void test_definition(void)
{
    static const enum donut_alert_direction directions[] = {DONUT_ALERT_BOTH, DONUT_ALERT_UP,
                                                            DONUT_ALERT_DOWN};
    static const double deltas[] = {0, 0.25, 1, 1.1};
    struct draw draw = draw_new("alert", 41);
    struct sequence sequence;
    size_t ended = 0;
    for (size_t turn = 0; turn < 3 * 4 * 4 * 4 * 10; turn++) {
        const struct donut_alert_options opt = {
            .direction = directions[turn % 3],
            .min_delta = deltas[turn / 3 % 4],
            .for_points = 1 + turn / 12 % 4,
            .recover_points = 1 + turn / 48 % 4,
            .silence_points = turn % 5,
            .warmup_alarms = turn % 7 < 3,
        };
        draw_sequence(&draw, &sequence);
        ended += check_sequence(&opt, &sequence);
    }
    CHECK_THAT(ended > 2000, "only %zu episodes ended", ended);
}

static void test_defaults(void)
{
    const struct donut_alert_options opt = donut_alert_defaults();
    struct draw draw = draw_new("alert defaults", 42);
    struct sequence sequence;
    for (int turn = 0; turn < 50; turn++) {
        struct donut_alert alert = {0};
        bool want = false;
        draw_sequence(&draw, &sequence);
        for (size_t i = 0; i < LENGTH; i++) {
            if (sequence.row[i].status == DONUT_ROW_OK)
                want = sequence.row[i].anomaly;
            CHECK_INT(donut_alert_step(&opt, &alert, &sequence.point[i], &sequence.row[i]), want);
        }
    }
}

/* By hand, --direction up --min-delta 2 --for 2 --recover 2 around an expected 10: 'H' qualifies,
 * 'h' is too near, 'L' is below, '.' normal, '?' missing. */
static void test_example(void)
{
    static const char points[] = "H.HhHH.?H?..HH?L?L.H";
    static const char want[] = "00000111111001111000";
    const struct donut_alert_options opt = {
        .direction = DONUT_ALERT_UP, .min_delta = 2, .for_points = 2, .recover_points = 2};
    struct donut_alert alert = {0};
    size_t ends = 0;
    for (size_t i = 0; points[i]; i++) {
        const char c = points[i];
        const double value = c == 'H' ? 12 : c == 'h' ? 11.5 : c == 'L' ? 5 : c == '?' ? NAN : 10;
        const struct donut_alert_point point = {.time_ms = (int64_t)i, .value = value};
        const struct donut_score_row row = {
            .score = c == '?' ? NAN : (double)i,
            .expected = 10,
            .anomaly = c != '.' && c != '?',
            .status = c == '?' ? DONUT_ROW_MISSING : DONUT_ROW_OK,
        };
        CHECK_THAT(donut_alert_step(&opt, &alert, &point, &row) == (want[i] == '1'), "point %zu",
                   i);
        if (!alert.ended)
            continue;
        CHECK_INT(i, ends == 0 ? 11 : 17);
        CHECK_INT(alert.episode.first.time_ms, ends == 0 ? 4 : 12);
        CHECK_INT(alert.episode.last.time_ms, ends == 0 ? 8 : 13);
        CHECK_INT(alert.episode.points, ends == 0 ? 3 : 2);
        CHECK_INT(alert.episode.peak.time_ms, ends == 0 ? 8 : 13);
        CHECK(alert.episode.up);
        ends++;
    }
    CHECK_INT(ends, 2);
    CHECK(!alert.on);
}

/* The peak is where the surprise is highest, with the higher score where it is the same or unknown;
 * the cause is that of all points together, and begins anew with the next episode. */
static void test_peak_and_cause(void)
{
    static const struct {
        double score, surprise;
        enum donut_cause cause;
    } rows[] = {{9, 4.5, DONUT_CAUSE_SHAPE}, {1, 6, DONUT_CAUSE_STEP},
                {2, 6, DONUT_CAUSE_STEP},    {7, 5, DONUT_CAUSE_SHAPE},
                {3, NAN, DONUT_CAUSE_NONE},  {5, NAN, DONUT_CAUSE_SHAPE}};
    const struct donut_alert_options opt = donut_alert_defaults();
    struct donut_alert alert = {0};
    for (int64_t i = 0; i < 6; i++) {
        const struct donut_alert_point point = {.time_ms = i, .value = 1};
        const struct donut_score_row row = {.score = rows[i].score,
                                            .surprise = rows[i].surprise,
                                            .anomaly = i != 4,
                                            .cause = rows[i].cause};
        donut_alert_step(&opt, &alert, &point, &row);
        if (i == 0)
            CHECK(alert.episode.cause == DONUT_CAUSE_SHAPE);
        if (i == 3)
            CHECK(alert.episode.peak.time_ms == 2 && alert.episode.cause == DONUT_CAUSE_BOTH);
    }
    CHECK(alert.episode.peak.time_ms == 5 && alert.episode.cause == DONUT_CAUSE_SHAPE);
}

/* 'H' is anomalous, '.' normal, '?' missing, 'W' and 'w' warm-up, of which 'W' is anomalous. */
static void check_silence(struct donut_alert_options opt, const char *points, const char *want)
{
    struct donut_alert alert = {0};
    for (size_t i = 0; points[i]; i++) {
        const char c = points[i];
        const bool missing = c == '?', warmup = c == 'W' || c == 'w';
        const struct donut_alert_point point = {.time_ms = (int64_t)i, .value = missing ? NAN : 3};
        const struct donut_score_row row = {
            .score = missing ? NAN : 1,
            .anomaly = c == 'H' || c == 'W',
            .status = missing  ? DONUT_ROW_MISSING
                      : warmup ? DONUT_ROW_WARMUP
                               : DONUT_ROW_OK,
        };
        CHECK_THAT(donut_alert_step(&opt, &alert, &point, &row) == (want[i] == '1'),
                   "point %zu of %s", i, points);
    }
}

/* By hand. */
static void test_silence(void)
{
    struct donut_alert_options opt = donut_alert_defaults();
    check_silence(opt, "H??.H????????", "1110111111111");
    check_silence(opt, "WWw.H?WwW.WW?", "0000111110000");
    opt.warmup_alarms = true;
    check_silence(opt, "WWw.H?WwW.WW?", "1100111010111");
    opt = donut_alert_defaults();
    opt.silence_points = 3;
    check_silence(opt, "H??.H???H.H?Ww?.", "1110111010111000");
    check_silence(opt, "H??H???.?H??", "111111000111");
    opt.for_points = 2;
    check_silence(opt, "H??H.H???HH", "00010000001");
    opt.silence_points = 1;
    check_silence(opt, "HH?H.HHH?", "010000110");
}

TEST(alert)
{
    test_silence();
    test_example();
    test_defaults();
    test_definition();
    test_peak_and_cause();
    return check_report("alert");
}
