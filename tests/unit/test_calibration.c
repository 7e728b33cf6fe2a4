/* Surprise and its inverse by hand on few values, and what holds of any: ranks, ties, the tail, the
 * scale. */
#include "detect/calibration.h"
#include "check.h"
#include "draw.h"

#include <stdlib.h>

#define LAST 1.30102999566398119521 /* -log10 .05, where the body ends */

static const struct donut_calibration_rule plain_rule = {.shape = 1.25, .least = 0.5};

static struct donut_calibration fit(const double *value, size_t n,
                                    const struct donut_calibration_rule *rule)
{
    struct donut_calibration out;
    CHECK_INT(donut_calibration_fit(value, n, rule, &out, NULL), DONUT_OK);
    CHECK_INT(out.n, n);
    return out;
}

static void check_surprise(const struct donut_calibration *c, double value, double want)
{
    CHECK_NEAR(donut_calibration_surprise(c, value), want, 1e-12);
}

/* 0 to 10: half of them are at least 5, and the .95 quantile is 9.5. Few values have the prior
 * shape beyond it. */
static void test_ranks(void)
{
    const double value[] = {7, 0, 10, 3, 9, 1, 5, 4, 8, 2, 6};
    const struct donut_calibration c = fit(value, 11, &plain_rule);
    check_surprise(&c, 0, 0);
    check_surprise(&c, 5, log10(2));
    check_surprise(&c, 9, 1);
    check_surprise(&c, 9.5, LAST);
    check_surprise(&c, 9.25, (1 + LAST) / 2);
    check_surprise(&c, 9.5 * pow(2, 1.25), 2 * LAST);
    check_surprise(&c, 19, LAST * pow(2, 0.8));
    CHECK(c.shape == 1.25);
    CHECK_NEAR(donut_calibration_value(&c, 1), 9, 1e-12);
    CHECK_NEAR(donut_calibration_value(&c, 10), 9.5 * pow(10 / LAST, 1.25), 1e-9);
    check_surprise(&c, 1e300, DONUT_MOST_SURPRISE);
    check_surprise(&c, INFINITY, DONUT_MOST_SURPRISE);
}

/* Of equal values the surprise is that of the lowest rank: as many are at least as strange. */
static void test_ties(void)
{
    const double value[] = {1, 1, 1, 0, 1, 1, 2, 1, 1, 1, 1};
    const struct donut_calibration c = fit(value, 11, &plain_rule);
    check_surprise(&c, 0, 0);
    check_surprise(&c, 1, -log10(0.9));
    check_surprise(&c, 1.5, LAST);
    check_surprise(&c, 1.25, (1 + LAST) / 2);
    CHECK_NEAR(donut_calibration_value(&c, 0.5), 1, 1e-12);
}

/* One value has no surprise however often it comes; above it the tail begins at once. */
static void test_flat(void)
{
    const double zero = 0;
    double value[300];
    for (size_t i = 0; i < 300; i++)
        value[i] = 3;
    for (size_t n = 1; n <= 300; n += 299) {
        const struct donut_calibration c = fit(value, n, &plain_rule);
        check_surprise(&c, 2.5, 0);
        check_surprise(&c, 3, 0);
        CHECK(donut_calibration_surprise(&c, 3.001) > LAST);
        CHECK_NEAR(donut_calibration_value(&c, LAST), 3, 1e-12);
    }
    const struct donut_calibration c = fit(&zero, 1, &plain_rule);
    check_surprise(&c, 0, 0);
    check_surprise(&c, 0.25, (1 + LAST) / 2);
    check_surprise(&c, 0.5, LAST);
    CHECK_NEAR(donut_calibration_value(&c, LAST), 0.5, 1e-12);
}

/* The .95 quantile is taken for no less than `least`, other values as they are. */
static void test_least(void)
{
    const double value[] = {.07, 0, .1, .03, .09, .01, .05, .04, .08, .02, .06};
    const struct donut_calibration c = fit(value, 11, &plain_rule);
    check_surprise(&c, 0.05, log10(2));
    check_surprise(&c, 0.09, 1);
    check_surprise(&c, 0.5, LAST);
    check_surprise(&c, 0.5 * pow(2, 1.25), 2 * LAST);
}

/* Some ties, some long tails. */
static size_t draw_values(struct draw *draw, double *value, size_t most)
{
    const size_t n = 1 + draw_below(draw, most), kind = draw_below(draw, 3);
    for (size_t i = 0; i < n; i++) {
        const double u = draw_between(draw, 0, 1);
        value[i] = kind == 0 ? u : kind == 1 ? floor(8 * u) : -log(1 - u) * exp(3 * u);
    }
    return n;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_rank(const double *sorted, size_t n, double p)
{
    const double rank = p * (double)(n - 1);
    const size_t below = (size_t)(rank + 1e-9), above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (rank - (double)below) * (sorted[above] - sorted[below]);
}

/* Up to the .95 quantile each knot is the value of its rank, but for more than twice the .8
 * quantile. */
static void check_body(const struct donut_calibration *c, double *value, size_t n,
                       const struct donut_calibration_rule *rule)
{
    size_t last = 0;
    qsort(value, n, sizeof *value, by_size);
    const double upper = at_rank(value, n, 0.8);
    for (; last < c->knots && c->level[last] < LAST + 1e-9; last++) {
        double want = at_rank(value, n, 1 - pow(10, -c->level[last]));
        if (upper > 0)
            want = fmin(want, 2 * upper);
        if (fabs(c->level[last] - LAST) < 1e-9)
            want = fmax(want, rule->least);
        CHECK_NEAR(c->value[last], want, 1e-9 * (1 + want));
    }
    CHECK_NEAR(c->level[last - 1], LAST, 1e-9);
}

static void check_inverse(const struct donut_calibration *c, struct draw *draw)
{
    double before = 0;
    for (double x = 0; x < 2 * c->value[c->knots - 1]; x += c->value[c->knots - 1] / 37) {
        const double surprise = donut_calibration_surprise(c, x);
        CHECK(surprise >= before);
        before = surprise;
    }
    for (size_t i = 0; i < 20; i++) {
        const double surprise = draw_between(draw, 1e-3, 30);
        const double x = donut_calibration_value(c, surprise);
        const double back = donut_calibration_surprise(c, x);
        /* Within a tie the inverse leads to its lowest surprise. */
        CHECK_THAT(back <= surprise + 1e-9 * surprise, "%.12g comes back as %.12g", surprise, back);
        CHECK_NEAR(donut_calibration_value(c, fmax(back, 1e-12)), x, 1e-9 * (1 + x));
    }
}

static void test_random(void)
{
    static double value[9000], scaled[9000];
    static const struct donut_calibration_rule none = {.shape = 1.1, .least = 0};
    struct draw draw = draw_new("calibration", 11);
    for (size_t round = 0; round < 200; round++) {
        const size_t n = draw_values(&draw, value, round % 10 ? 600 : 9000);
        const struct donut_calibration c = fit(value, n, &plain_rule);
        const struct donut_calibration raw = fit(value, n, &none);
        CHECK(c.knots >= 2 && c.knots <= DONUT_CALIBRATION_KNOTS && c.level[0] == 0);
        for (size_t i = 1; i < c.knots; i++)
            CHECK(c.level[i] > c.level[i - 1] && c.value[i] >= c.value[i - 1]);
        check_inverse(&c, &draw);
        /* Eight times the values have eight times the knots: a power of 2, without rounding. */
        for (size_t i = 0; i < n; i++)
            scaled[i] = 8 * value[i];
        const struct donut_calibration eight = fit(scaled, n, &none);
        CHECK_INT(eight.knots, raw.knots);
        for (size_t i = 0; i < raw.knots; i++)
            CHECK_NEAR(eight.value[i], 8 * raw.value[i], 1e-9 * (1 + raw.value[i]));
        check_body(&c, value, n, &plain_rule);
    }
}

/* The .95 quantile of 0, .1, .. 2 is 1.9. */
static void test_overlap(void)
{
    double surprise[21], low[3] = {1, 0, 0.5};
    for (size_t i = 0; i < 21; i++)
        surprise[i] = 0.1 * (double)((i * 8) % 21);
    CHECK_NEAR(donut_calibration_overlap(surprise, 21), 1.9 - LAST, 1e-12);
    CHECK(donut_calibration_overlap(low, 3) == 0);
    CHECK_NEAR(donut_calibration_overlap(&(double){5}, 1), 5 - LAST, 1e-12);
}

TEST(calibration)
{
    test_ranks();
    test_ties();
    test_flat();
    test_least();
    test_random();
    test_overlap();
    return check_report("calibration");
}
