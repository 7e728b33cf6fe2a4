/* The evaluation against a plain O(n^2) one, which knows nothing of segments or sorting, on many
 * small random cases with ties and gaps; and the floor of random scores against its closed form. */
#include "scored_file.h"

#include "base/random.h"

#include <stdlib.h>

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_alarm(const struct file *file, size_t i, double lowest)
{
    return file->score[i] >= lowest;
}

struct how {
    int protocol;
    int64_t delay;
    bool join; /* gaps do not end an anomaly */
};

/* Whether the anomaly that point i is in goes on at the next point. Gaps are joined or not. */
static bool goes_on(const struct file *file, size_t i, bool join)
{
    return i + 1 < file->scored.n && file->label[i + 1] &&
           (join || file->position[i + 1] == file->position[i] + 1);
}

/* First point of the anomaly around the anomalous point i. */
static size_t start_of(const struct file *file, size_t i, bool join)
{
    while (i > 0 && file->label[i - 1] && goes_on(file, i - 1, join))
        i--;
    return i;
}

/* First alarm of the anomaly that starts at `start` and counts under the protocol, or n. */
static size_t first_alarm(const struct file *file, size_t start, double lowest, struct how how)
{
    for (size_t i = start;; i++) {
        if (is_alarm(file, i, lowest) &&
            (how.protocol != DELAYED || file->position[i] <= file->position[start] + how.delay))
            return i;
        if (!goes_on(file, i, how.join))
            return file->scored.n;
    }
}

static struct donut_operating_point brute_point(const struct file *file, double lowest,
                                                struct how how)
{
    struct donut_operating_point p = {.alert_delay_points = 0};
    double found = 0, anomalous = 0;
    for (size_t i = 0; i < file->scored.n; i++) {
        if (!file->label[i]) {
            p.false_alarms += is_alarm(file, i, lowest);
            continue;
        }
        const size_t start = start_of(file, i, how.join);
        const size_t alarm = first_alarm(file, start, lowest, how);
        const bool hit = alarm < file->scored.n;
        anomalous++;
        found += how.protocol == RAW ? is_alarm(file, i, lowest) : hit;
        if (hit && i == start) {
            p.detected_segments++;
            p.alert_delay_points += (double)(file->position[alarm] - file->position[start]);
        }
    }
    const double alarms = found + (double)p.false_alarms;
    p.recall = found / anomalous;
    p.precision = alarms > 0 ? found / alarms : 0;
    p.f = found > 0 ? 2 * p.precision * p.recall / (p.precision + p.recall) : 0;
    p.alert_delay_points /= (double)p.detected_segments;
    return p;
}

static void compare_points(const struct donut_operating_point *got,
                           const struct donut_operating_point *want)
{
    CHECK_NEAR(got->f, want->f, 1e-14);
    CHECK(same(got->precision, want->precision) && same(got->recall, want->recall));
    CHECK_INT(got->detected_segments, want->detected_segments);
    CHECK_INT(got->false_alarms, want->false_alarms);
    CHECK(same(got->alert_delay_points, want->alert_delay_points));
    CHECK(same(got->alert_delay_seconds, 60 * want->alert_delay_points));
}

static double next_lower(const struct file *file, double score)
{
    double lower = -INFINITY;
    for (size_t i = 0; i < file->scored.n; i++)
        if (file->score[i] < score && file->score[i] > lower)
            lower = file->score[i];
    return lower;
}

static void compare_curve(const struct file *file, const struct donut_curve *curve, struct how how)
{
    struct donut_operating_point best = {.f = -1};
    double auc = 0, recall = 0, best_lowest = 0;
    for (double lowest = next_lower(file, INFINITY); lowest > -INFINITY;
         lowest = next_lower(file, lowest)) {
        const struct donut_operating_point p = brute_point(file, lowest, how);
        auc += (p.recall - recall) * p.precision;
        recall = p.recall;
        if (p.f > best.f + 1e-12) {
            best = p;
            best_lowest = lowest;
        }
    }
    CHECK_NEAR(curve->auc, auc, 1e-13);
    compare_points(&curve->best, &best);
    for (size_t i = 0; i < file->scored.n; i++)
        CHECK((file->score[i] > curve->best.threshold) == is_alarm(file, i, best_lowest));
}

static uint64_t below(uint32_t part, uint64_t *index, uint64_t bound)
{
    const struct donut_stream stream = {5, DONUT_DRAW_TEST, part};
    return donut_random_below(stream, (*index)++, bound);
}

/* Few levels of score, runs of labels, gaps between positions. */
static void random_file(uint32_t part, struct file *file)
{
    uint64_t index = 0;
    const size_t n = 1 + below(part, &index, MOST);
    const uint64_t levels = 1 + below(part, &index, part % 3 ? 6 : 1000);
    const uint64_t change = 2 + below(part, &index, 6), gap = 1 + below(part, &index, 4);
    const double zeros[MOST] = {0};
    fill(file, n, "0000000000000000000000000000000000000000", zeros);
    unsigned char label = (unsigned char)below(part, &index, 2);
    int64_t position = -7;
    for (size_t i = 0; i < n; i++) {
        file->score[i] = (double)below(part, &index, levels) / 8 - 1;
        label ^= below(part, &index, change) == 0;
        file->label[i] = label;
        position += 1 + (int64_t)below(part, &index, gap);
        file->position[i] = position;
    }
    file->label[below(part, &index, n)] = 1;
}

static void test_brute_force(void)
{
    for (uint32_t part = 0; part < 6000; part++) {
        struct file file;
        struct how how = {.delay = part % 5, .join = part % 2};
        random_file(part, &file);
        const double lowest = file.score[part % file.scored.n];
        struct donut_evaluate_options opt = donut_evaluate_defaults();
        struct donut_evaluation e;
        opt.delay = (size_t)how.delay;
        opt.join_gaps = how.join;
        opt.threshold = nextafter(lowest, -INFINITY);
        opt.floor_runs = 2;
        CHECK(donut_evaluate(&file.scored, &opt, &e, NULL) == DONUT_OK);
        const struct donut_curve *curve[] = {&e.adjusted, &e.delayed, &e.raw};
        for (how.protocol = ADJUSTED; how.protocol <= RAW; how.protocol++) {
            const struct donut_operating_point want = brute_point(&file, lowest, how);
            compare_points(&e.at_threshold[how.protocol], &want);
            compare_curve(&file, curve[how.protocol], how);
        }
        donut_evaluation_free(&e);
    }
}

/* Best over theta of the expected adjusted F of uniform scores, anomalies of `length` points being
 * a share g: recall 1 - theta^length, precision g R / (g R + (1 - g) (1 - theta)). */
static double expected_floor(double g, double length)
{
    double best = 0;
    for (double theta = 0; theta < 1; theta += 1e-5) {
        const double recall = 1 - pow(theta, length);
        const double precision = g * recall / (g * recall + (1 - g) * (1 - theta));
        best = fmax(best, 2 * precision * recall / (precision + recall));
    }
    return best;
}

static double measured_floor(size_t n, size_t length, size_t every, size_t runs, uint64_t seed)
{
    struct donut_scored scored = {.n = n, .interval_seconds = NAN};
    struct donut_evaluate_options opt = donut_evaluate_defaults();
    struct donut_evaluation e = {0};
    scored.score = calloc(n, sizeof *scored.score);
    scored.label = calloc(n, 1);
    scored.position = calloc(n, sizeof *scored.position);
    if (!CHECK(scored.score && scored.label && scored.position))
        return NAN;
    for (size_t i = 0; i < n; i++) {
        scored.label[i] = i % every < length;
        scored.position[i] = (int64_t)i;
    }
    opt.floor_runs = runs;
    opt.seed = seed;
    CHECK(donut_evaluate(&scored, &opt, &e, NULL) == DONUT_OK);
    const double random_floor = e.random_floor;
    donut_evaluation_free(&e);
    free(scored.score);
    free(scored.label);
    free(scored.position);
    return random_floor;
}

static void test_random_floor(void)
{
    CHECK_NEAR(expected_floor(.02, 50), .49, .005);
    CHECK_NEAR(expected_floor(.05, 100), .77, .005);
    CHECK_NEAR(measured_floor(200000, 50, 2500, 3, 0), expected_floor(.02, 50), .04);
    CHECK_NEAR(measured_floor(200000, 20, 400, 3, 0), expected_floor(.05, 20), .02);
    CHECK_NEAR(measured_floor(100000, 1, 50, 3, 0), 2 * .02 / 1.02, .01);
    const double one = measured_floor(20000, 20, 400, 1, 3);
    CHECK(one == measured_floor(20000, 20, 400, 1, 3));
    CHECK(one != measured_floor(20000, 20, 400, 1, 4));
    CHECK(one != measured_floor(20000, 20, 400, 2, 3)); /* every run draws anew */
    CHECK(isnan(measured_floor(100, 2, 20, 0, 3)));
}

TEST(evaluate_random)
{
    test_brute_force();
    test_random_floor();
    return check_report("evaluate_random");
}
