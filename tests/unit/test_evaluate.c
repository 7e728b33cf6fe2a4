/* The evaluation of hand-worked examples. */
#include "scored_file.h"

static void test_defaults(void)
{
    const struct donut_evaluate_options opt = donut_evaluate_defaults();
    CHECK(opt.delay == 7 && !opt.join_gaps && isnan(opt.threshold) && opt.floor_runs == 20 &&
          opt.seed == 0);
}

/* The paper's Fig. 6. There a score of 0.5 is an alarm at the threshold 0.5; here an alarm is a
 * score above the threshold, so that 0.45 raises the figure's alarms: precision 3/5, recall 3/6,
 * and the first segment found one point late. */
static void test_paper_example(void)
{
    const double score[] = {.6, .4, .3, .7, .6, .5, .2, .3, .4, .3};
    struct file file;
    fill(&file, 10, "0011100111", score);
    struct donut_evaluation e = evaluate(&file, 7, 0.45);
    CHECK_INT(e.points, 10);
    CHECK_INT(e.anomalous_points, 6);
    CHECK_INT(e.segments, 2);
    CHECK_INT(e.delay, 7);
    CHECK(e.has_threshold && !e.has_verdict && !e.join_gaps);

    const struct donut_operating_point *at = &e.at_threshold[ADJUSTED];
    CHECK_NEAR(at->precision, 0.6, 1e-15);
    CHECK_NEAR(at->recall, 0.5, 1e-15);
    CHECK_NEAR(at->f, 6.0 / 11, 1e-15);
    CHECK(at->alert_delay_points == 1 && at->alert_delay_seconds == 60);
    CHECK(at->detected_segments == 1 && at->false_alarms == 2 && at->threshold == 0.45);
    at = &e.at_threshold[RAW];
    CHECK_NEAR(at->precision, 0.5, 1e-15);
    CHECK_NEAR(at->recall, 2.0 / 6, 1e-15);

    CHECK(e.segment[0].first == 2 && e.segment[0].length == 3 && e.segment[0].peak == .7);
    CHECK(e.segment[0].detected && e.segment[0].delay_points == 1);
    CHECK(e.segment[1].first == 7 && e.segment[1].length == 3 && e.segment[1].peak == .4);
    CHECK(!e.segment[1].detected && isnan(e.segment[1].delay_points));

    /* The curve: down to .7 three points are found without a false alarm; down to .4 all six with
     * three, at .6, .5 and .4. The segments are found one point late each. */
    CHECK_NEAR(e.adjusted.best.f, 0.8, 1e-15);
    CHECK_NEAR(e.adjusted.best.precision, 6.0 / 9, 1e-15);
    CHECK_NEAR(e.adjusted.best.recall, 1, 1e-15);
    CHECK_NEAR(e.adjusted.best.threshold, 0.35, 1e-15);
    CHECK_NEAR(e.adjusted.best.alert_delay_points, 1, 1e-15);
    CHECK_NEAR(e.adjusted.auc, 0.5 * 1 + 0.5 * 6 / 9, 1e-15);
    /* Point by point, found of alarms: 1 of 1 down to .7, 2 of 3 to .6, 3 of 6 to .4, 6 of 9 to .3.
     */
    CHECK_NEAR(e.raw.auc, (1 + 2.0 / 3 + 3.0 / 6 + 3 * 6.0 / 9) / 6, 1e-15);
    CHECK_NEAR(e.raw.best.f, 0.8, 1e-15);
    CHECK_NEAR(e.raw.best.threshold, 0.25, 1e-15);
    donut_evaluation_free(&e);
    CHECK(e.segment == NULL);

    e = evaluate(&file, 7, 0.5); /* the score 0.5 is then no alarm */
    CHECK_INT(e.at_threshold[ADJUSTED].false_alarms, 1);
    CHECK_NEAR(e.at_threshold[ADJUSTED].precision, 0.75, 1e-15);
    donut_evaluation_free(&e);
}

/* Alarms as a string of 0 and 1 on a segment 3..9 of 12 points, delay at most 1. */
static struct donut_operating_point judge(const char *alarms, int protocol)
{
    const double score[MOST] = {0};
    struct file file;
    fill(&file, 12, "000111111100", score);
    for (size_t i = 0; i < 12; i++)
        file.verdict[i] = alarms[i] == '1';
    file.scored.verdict = file.verdict;
    struct donut_evaluation e = evaluate(&file, 1, NAN);
    CHECK(e.has_verdict && !e.has_threshold);
    const struct donut_operating_point point = e.verdict[protocol];
    CHECK(isnan(point.threshold));
    donut_evaluation_free(&e);
    return point;
}

static void test_delay_limit(void)
{
    struct donut_operating_point p = judge("000010000000", DELAYED);
    CHECK(p.recall == 1 && p.precision == 1 && p.f == 1);
    CHECK(p.detected_segments == 1 && p.alert_delay_points == 1);
    p = judge("000001111100", DELAYED); /* too late: all missed, and no false alarms either */
    CHECK(p.recall == 0 && p.precision == 0 && p.f == 0);
    CHECK(p.detected_segments == 0 && p.false_alarms == 0 && isnan(p.alert_delay_points));
    p = judge("000001111110", DELAYED);
    CHECK(p.false_alarms == 1 && p.f == 0);
    p = judge("100001000000", ADJUSTED);
    CHECK(p.recall == 1 && p.false_alarms == 1 && p.alert_delay_points == 2);
    CHECK_NEAR(p.precision, 7.0 / 8, 1e-15);
    p = judge("100001000001", RAW);
    CHECK_NEAR(p.recall, 1.0 / 7, 1e-15);
    CHECK_NEAR(p.precision, 1.0 / 3, 1e-15);
    CHECK_NEAR(p.f, 0.2, 1e-15);
    p = judge("000000000000", ADJUSTED);
    CHECK(p.recall == 0 && p.precision == 0 && p.f == 0 && isnan(p.alert_delay_seconds));
}

/* A file with a gap inside an anomaly: positions 0 1 2, 12 13, labels 0 1 1, 1 0. */
static void fill_gap(struct file *file)
{
    const double score[] = {0, 1, 2, 9, 0};
    fill(file, 5, "01110", score);
    file->position[3] = 12;
    file->position[4] = 13;
}

/* The gap ends the segment: the alarm behind it finds one point of three, without a delay. */
static void test_gap(void)
{
    struct file file;
    fill_gap(&file);
    struct donut_evaluation e = evaluate(&file, 0, 5);
    CHECK_INT(e.segments, 2);
    CHECK(e.segment[0].first == 1 && e.segment[0].length == 2 && !e.segment[0].detected);
    CHECK(e.segment[1].first == 3 && e.segment[1].length == 1 && e.segment[1].detected);
    for (int p = ADJUSTED; p <= RAW; p++) {
        CHECK_NEAR(e.at_threshold[p].recall, 1.0 / 3, 1e-15);
        CHECK(e.at_threshold[p].precision == 1 && e.at_threshold[p].detected_segments == 1);
        CHECK(e.at_threshold[p].alert_delay_points == 0);
    }
    CHECK(e.adjusted.best.threshold == 1.5 && e.adjusted.best.alert_delay_points == 0.5);
    CHECK(e.delayed.best.threshold == 0.5 && e.raw.best.threshold == 0.5);
    donut_evaluation_free(&e);
}

static struct donut_evaluation evaluate_joined(const struct file *file, size_t delay)
{
    struct donut_evaluate_options opt = donut_evaluate_defaults();
    struct donut_evaluation e;
    opt.delay = delay;
    opt.threshold = 5;
    opt.join_gaps = true;
    CHECK(donut_evaluate(&file->scored, &opt, &e, NULL) == DONUT_OK && e.join_gaps);
    return e;
}

/* With gaps joined it is one segment, but time passes in the gap. */
static void test_joined_gap(void)
{
    struct file file;
    fill_gap(&file);
    struct donut_evaluation e = evaluate_joined(&file, 10);
    CHECK_INT(e.segments, 1);
    CHECK(e.at_threshold[ADJUSTED].alert_delay_points == 11);
    CHECK(e.at_threshold[ADJUSTED].alert_delay_seconds == 660);
    CHECK(e.at_threshold[DELAYED].f == 0);
    CHECK(e.delayed.best.threshold == 1.5 && e.delayed.best.alert_delay_points == 1);
    donut_evaluation_free(&e);
    e = evaluate_joined(&file, 11);
    CHECK(e.at_threshold[DELAYED].f == 1 && e.delayed.best.threshold == 6);
    donut_evaluation_free(&e);
    /* The widest distance there is, and a delay that allows it. */
    for (int i = 0; i < 5; i++)
        file.position[i] = i < 2 ? INT64_MIN + i : INT64_MAX - 4 + i;
    file.scored.interval_seconds = NAN;
    e = evaluate_joined(&file, SIZE_MAX);
    CHECK_NEAR(e.at_threshold[DELAYED].alert_delay_points, 0x1p64, 0x1p12);
    CHECK(isnan(e.at_threshold[DELAYED].alert_delay_seconds));
    donut_evaluation_free(&e);
}

/* The table of segments follows the threshold, else the verdicts, else the best F. */
static void test_segment_table(void)
{
    const double score[] = {5, 0, 3, 0, 1, 0};
    struct file file;
    fill(&file, 6, "101010", score);
    struct donut_evaluation e = evaluate(&file, 7, NAN);
    CHECK(e.segment[0].detected && e.segment[1].detected && e.segment[2].detected);
    donut_evaluation_free(&e);
    file.verdict[2] = 1;
    file.scored.verdict = file.verdict;
    e = evaluate(&file, 7, NAN);
    CHECK(!e.segment[0].detected && e.segment[1].detected && !e.segment[2].detected);
    donut_evaluation_free(&e);
    e = evaluate(&file, 7, 4);
    CHECK(e.segment[0].detected && !e.segment[1].detected && !e.segment[2].detected);
    CHECK_NEAR(e.verdict[RAW].recall, 1.0 / 3, 1e-15);
    donut_evaluation_free(&e);
}

/* Of two thresholds with the same F the higher is chosen; thresholds lie between scores. */
static void test_thresholds(void)
{
    const double tie[] = {9, 8, 8, 8, 7, 0}; /* F = 2 * 1 / 3 at 9, 2 * 2 / 6 at 7 */
    struct file file;
    fill(&file, 6, "100010", tie);
    struct donut_evaluation e = evaluate(&file, 7, NAN);
    CHECK_NEAR(e.raw.best.f, 2.0 / 3, 1e-15);
    CHECK(e.raw.best.threshold == 8.5);
    donut_evaluation_free(&e);
    const double near[] = {1, 1 + 0x1p-52, 1};
    fill(&file, 3, "010", near);
    e = evaluate(&file, 7, NAN);
    CHECK(e.raw.best.threshold == 1 && e.raw.best.f == 1 && e.raw.auc == 1);
    donut_evaluation_free(&e);
    const double odd[] = {1 + 0x1p-52, 1 + 0x1p-51}; /* their mean would round up */
    fill(&file, 2, "01", odd);
    e = evaluate(&file, 7, NAN);
    CHECK(e.raw.best.threshold == 1 + 0x1p-52 && e.raw.best.f == 1);
    donut_evaluation_free(&e);
    const double huge[] = {1.5e308, 1.7e308};
    fill(&file, 2, "01", huge);
    e = evaluate(&file, 7, NAN);
    CHECK_NEAR(e.raw.best.threshold / 1e308, 1.6, 1e-12);
    donut_evaluation_free(&e);
    const double far[] = {-1.7e308, 1.7e308};
    fill(&file, 2, "01", far);
    e = evaluate(&file, 7, NAN);
    CHECK(e.raw.best.threshold == 0 && e.raw.best.f == 1);
    donut_evaluation_free(&e);
    const double equal[] = {2, 2, 2, 2};
    fill(&file, 4, "0100", equal);
    e = evaluate(&file, 7, NAN);
    CHECK(e.adjusted.best.threshold == 1.5 && e.adjusted.best.false_alarms == 3);
    CHECK_NEAR(e.adjusted.auc, 0.25, 1e-15);
    donut_evaluation_free(&e);
}

static void test_without_anomalies(void)
{
    const double score[] = {1, 2, 3};
    struct file file;
    fill(&file, 3, "000", score);
    struct donut_evaluation e = evaluate(&file, 7, 1.5);
    CHECK(e.segments == 0 && e.anomalous_points == 0);
    CHECK(isnan(e.adjusted.best.f) && isnan(e.delayed.auc) && isnan(e.raw.best.threshold));
    CHECK(isnan(e.random_floor));
    for (int p = ADJUSTED; p <= RAW; p++) {
        const struct donut_operating_point *at = &e.at_threshold[p];
        CHECK(isnan(at->f) && isnan(at->precision) && isnan(at->recall));
        CHECK(at->false_alarms == 2 && isnan(at->alert_delay_points));
    }
    donut_evaluation_free(&e);
    fill(&file, 3, "111", score); /* and with nothing else */
    e = evaluate(&file, 7, NAN);
    CHECK(e.adjusted.best.f == 1 && e.adjusted.best.threshold == 2.5 && e.random_floor == 1);
    donut_evaluation_free(&e);
}

static void refuse(const struct file *file, double threshold, enum donut_status want)
{
    struct donut_evaluate_options opt = donut_evaluate_defaults();
    struct donut_evaluation e;
    struct donut_error err = {0};
    opt.threshold = threshold;
    CHECK(donut_evaluate(&file->scored, &opt, &e, &err) == want);
    CHECK(e.segment == NULL && err.status == want && strlen(err.text) > 20);
    donut_evaluation_free(&e);
}

static void test_bad_input(void)
{
    const double score[] = {1, 2, 3};
    struct file file;
    fill(&file, 3, "010", score);
    refuse(&file, INFINITY, DONUT_EARGUMENT);
    file.scored.n = 0;
    refuse(&file, NAN, DONUT_EINPUT);
    file.scored.n = 3;
    file.score[1] = NAN;
    refuse(&file, NAN, DONUT_EINPUT);
    file.score[1] = 2;
    file.position[2] = 1;
    refuse(&file, NAN, DONUT_EINPUT);
    donut_evaluation_free(NULL);
}

TEST(evaluate)
{
    test_defaults();
    test_paper_example();
    test_delay_limit();
    test_gap();
    test_joined_gap();
    test_segment_table();
    test_thresholds();
    test_without_anomalies();
    test_bad_input();
    return check_report("evaluate");
}
