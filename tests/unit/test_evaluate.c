/* The evaluation of hand-worked examples. */
#include "scored_file.h"

static void test_defaults(void)
{
    const struct donut_evaluate_options opt = donut_evaluate_defaults();
    CHECK(opt.delay == 7 && isnan(opt.threshold) && opt.floor_runs == 20 && opt.seed == 0);
}

/* The situation of the paper's Fig. 6: at 0.5 the first of two segments is found one point late,
 * the second is not, and two normal points are alarms. */
static void test_paper_example(void)
{
    const double score[] = {.6, .4, .7, .6, .3, .7, .2, .3, .1, .4};
    struct file file;
    fill(&file, 10, "0111001110", score);
    struct donut_evaluation e = evaluate(&file, 7, 0.5);
    CHECK_INT(e.points, 10);
    CHECK_INT(e.anomalous_points, 6);
    CHECK_INT(e.segments, 2);
    CHECK_INT(e.delay, 7);
    CHECK(e.has_threshold && !e.has_verdict);

    const struct donut_operating_point *at = &e.at_threshold[ADJUSTED];
    CHECK_NEAR(at->precision, 0.6, 1e-15);
    CHECK_NEAR(at->recall, 0.5, 1e-15);
    CHECK_NEAR(at->f, 6.0 / 11, 1e-15);
    CHECK(at->alert_delay_points == 1 && at->alert_delay_seconds == 60);
    CHECK(at->detected_segments == 1 && at->false_alarms == 2 && at->threshold == 0.5);
    at = &e.at_threshold[RAW];
    CHECK_NEAR(at->precision, 0.5, 1e-15);
    CHECK_NEAR(at->recall, 2.0 / 6, 1e-15);

    CHECK(e.segment[0].first == 1 && e.segment[0].length == 3 && e.segment[0].peak == .7);
    CHECK(e.segment[0].detected && e.segment[0].delay_points == 1);
    CHECK(e.segment[1].first == 6 && e.segment[1].length == 3 && e.segment[1].peak == .3);
    CHECK(!e.segment[1].detected && isnan(e.segment[1].delay_points));

    /* The curve: down to 0.7 three points found, one false alarm; down to 0.3 six and four. */
    CHECK_NEAR(e.adjusted.best.f, 0.75, 1e-15);
    CHECK_NEAR(e.adjusted.best.precision, 0.6, 1e-15);
    CHECK_NEAR(e.adjusted.best.recall, 1, 1e-15);
    CHECK_NEAR(e.adjusted.best.threshold, 0.25, 1e-15);
    CHECK_NEAR(e.adjusted.best.alert_delay_points, 0.5, 1e-15);
    CHECK_NEAR(e.adjusted.auc, 0.5 * 0.75 + 0.5 * 0.6, 1e-15);
    /* Point by point, found / alarms: 1/2 at .7, 2/4 at .6, 3/6 at .4, 4/8 at .3, 5/9, 6/10. */
    CHECK_NEAR(e.raw.auc, (4 * 0.5 + 5.0 / 9 + 0.6) / 6, 1e-15);
    CHECK_NEAR(e.raw.best.f, 0.75, 1e-15);
    CHECK(e.raw.best.threshold == 0);
    donut_evaluation_free(&e);
    CHECK(e.segment == NULL);
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

/* Rows left out inside an anomaly do not split it, but time passes there. */
static void test_gap(void)
{
    const double score[] = {0, 1, 2, 9, 0};
    struct file file;
    fill(&file, 5, "01110", score);
    file.position[3] = 12; /* ten points after the second of the segment */
    file.position[4] = 13;
    struct donut_evaluation e = evaluate(&file, 10, 5);
    CHECK_INT(e.segments, 1);
    CHECK(e.at_threshold[ADJUSTED].alert_delay_points == 11);
    CHECK(e.at_threshold[ADJUSTED].alert_delay_seconds == 660);
    CHECK(e.at_threshold[DELAYED].f == 0);
    CHECK(e.delayed.best.threshold == 1.5 && e.delayed.best.alert_delay_points == 1);
    donut_evaluation_free(&e);
    e = evaluate(&file, 11, 5);
    CHECK(e.at_threshold[DELAYED].f == 1 && e.delayed.best.threshold == 6);
    donut_evaluation_free(&e);
    /* The widest distance there is, and a delay that allows it. */
    for (int i = 0; i < 5; i++)
        file.position[i] = i < 2 ? INT64_MIN + i : INT64_MAX - 4 + i;
    file.scored.interval_seconds = NAN;
    e = evaluate(&file, SIZE_MAX, 5);
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
    test_segment_table();
    test_thresholds();
    test_without_anomalies();
    test_bad_input();
    return check_report("evaluate");
}
