/* What is normal, from verdicts made by hand: the statistics by their definitions, wild points, and
 * the alarms. */
#include "train/normal.h"
#include "detect/calibration.h"
#include "detect/channels.h"
#include "detect/judge.h"
#include "check.h"
#include "draw.h"

#define N 400
#define FIRST 20 /* the first point that is judged */

struct made {
    donut_real x[FIRST + N];
    unsigned char missing[FIRST + N];
    size_t n, end[N];
    struct donut_verdict verdict[N];
};

static struct donut_normal fit(struct made *made, size_t window, enum donut_verdict_by by)
{
    const struct donut_validated validated = {.n = made->n,
                                              .end = made->end,
                                              .verdict = made->verdict,
                                              .x = made->x,
                                              .missing = made->missing,
                                              .window = window};
    struct donut_normal normal;
    CHECK_INT(donut_normal_fit(&validated, by, 1e-4, &normal, NULL), DONUT_OK);
    return normal;
}

/* Values of 0 to .9 with a mean of 0 and an sd of 1, and three runs of 500: three alarms. They are
 * wild, so that the drift of what comes after them does not hold them. */
static void test_alarms(void)
{
    static struct made made;
    const size_t strange[] = {100, 101, 102, 200, 300, 301};
    made.n = N;
    for (size_t k = 0; k < N; k++) {
        made.end[k] = FIRST + k;
        made.x[FIRST + k] = (donut_real)(k % 10) / 10;
        made.verdict[k] = (struct donut_verdict){.mean = 0, .sd = 1};
    }
    for (size_t i = 0; i < 6; i++)
        made.x[FIRST + strange[i]] = 500;
    const struct donut_normal normal = fit(&made, 2, DONUT_VERDICT_SHAPE);
    CHECK_INT(normal.judged, N);
    CHECK_INT(normal.alarms, 3);
    CHECK(normal.deviation.n == N && normal.drift.n == N);
    CHECK_INT(normal.step.n, 0); /* a window of 2 has no two steps */
    size_t wild = 0, wrong = 0;
    for (size_t t = 0; t < FIRST + N; t++) {
        wild += made.missing[t];
        wrong += made.missing[t] && made.x[t] < 500;
    }
    CHECK(wild == 6 && wrong == 0);
}

static double z_of(const struct made *made, size_t k)
{
    const struct donut_verdict *verdict = &made->verdict[k];
    const double sd = verdict->sd > DONUT_SMALLEST_SD ? verdict->sd : DONUT_SMALLEST_SD;
    return ((double)made->x[made->end[k]] - verdict->mean) / sd;
}

/* Of the points at most 4 before that are judged and not wild, and the point itself. */
static double drift_of(const struct made *made, size_t k)
{
    double sum = z_of(made, k);
    size_t n = 1;
    for (size_t j = 0; j < k; j++)
        if (made->end[k] - made->end[j] < DONUT_DRIFT_POINTS && !made->missing[made->end[j]]) {
            sum += z_of(made, j);
            n++;
        }
    return fabs(sum) / sqrt(5.0 * (double)n);
}

/* |d_t - mean d|; NaN: the point before is not there, or fewer than two steps are. */
static double step_of(const struct made *made, size_t k)
{
    const size_t t = made->end[k];
    size_t first = t - DONUT_STEP_POINTS;
    double sum = 0;
    while (made->missing[first])
        first++;
    for (size_t i = first + 1; i <= t; i++)
        sum += (double)made->x[i] - (double)made->x[i - 1];
    if (made->missing[t - 1] || first + 2 > t)
        return NAN;
    return fabs((double)made->x[t] - (double)made->x[t - 1] - sum / (double)(t - first));
}

static void check_calibration(const struct donut_calibration *got, const double *value, size_t n,
                              const struct donut_calibration_rule *rule)
{
    struct donut_calibration want;
    CHECK_INT(donut_calibration_fit(value, n, rule, &want, NULL), DONUT_OK);
    CHECK_INT(got->n, n);
    CHECK_INT(got->knots, want.knots);
    for (size_t i = 0; i < want.knots; i++)
        CHECK_NEAR(got->value[i], want.value[i], 1e-6 * (1 + want.value[i]));
    CHECK_NEAR(got->shape, want.shape, 1e-6);
}

/* Every third point is not among the judged, some are missing, some wild. */
static void test_statistics(void)
{
    static struct made made;
    static double deviation[N], drift[N], step[N];
    struct draw draw = draw_new("normal", 71);
    size_t n = 0;
    draw_normals(&draw, FIRST + N, 1, made.x);
    for (size_t t = FIRST; t < FIRST + N; t++) {
        made.missing[t] = draw_below(&draw, 8) == 0;
        made.x[t] += draw_below(&draw, 50) == 0 ? 1000 : 0;
        if (made.missing[t] || t % 3 == 0)
            continue;
        made.verdict[made.n] = (struct donut_verdict){.mean = draw_between(&draw, -1, 1),
                                                      .sd = draw_between(&draw, 0.5, 1)};
        made.end[made.n++] = t;
    }
    made.verdict[7].sd = 0.001;
    const struct donut_normal normal = fit(&made, 24, DONUT_VERDICT_BOTH);
    for (size_t k = 0; k < made.n; k++) {
        deviation[k] = fabs(z_of(&made, k));
        drift[k] = drift_of(&made, k);
        if (!isnan(step_of(&made, k)))
            step[n++] = step_of(&made, k);
        const bool wild =
            donut_calibration_surprise(&normal.deviation, deviation[k]) > DONUT_WILD_SURPRISE;
        CHECK_INT(made.missing[made.end[k]], wild);
    }
    check_calibration(&normal.deviation, deviation, made.n, &donut_deviation_rule);
    check_calibration(&normal.drift, drift, made.n, &donut_drift_rule);
    check_calibration(&normal.step, step, n, &donut_step_rule);
}

TEST(normal)
{
    test_alarms();
    test_statistics();
    return check_report("normal");
}
