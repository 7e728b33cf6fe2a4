#include "check.h"
#include "data/rows.h"
#include "data/survey.h"
#include "draw.h"

#include <stdlib.h>

static const double pi = 3.14159265358979323846;

static struct donut_survey survey_of(const double *value, const unsigned char *label, size_t n)
{
    const struct donut_series series = {
        .n = n, .interval_ms = 60000, .value = value, .label = label};
    struct donut_survey survey;
    CHECK_INT(donut_survey(&series, 0, n, &survey, NULL), DONUT_OK);
    return survey;
}

/* Sorted: -2 0 1 1 1 5 7. Distances from their median 1, sorted: 0 0 0 1 3 4 6. */
static void test_by_hand(void)
{
    const double value[] = {1, 1, 1, NAN, NAN, 5, 0, -2, NAN, 7};
    const unsigned char label[] = {0, 0, 1, 0, 0,
                                   1, 0, 0, 1, 1}; /* one where the value is missing */
    const struct donut_survey s = survey_of(value, label, 10);
    CHECK_INT(s.n, 10);
    CHECK_INT(s.missing, 3);
    CHECK_INT(s.gaps, 2);
    CHECK_INT(s.longest_gap.first, 3);
    CHECK_INT(s.longest_gap.length, 2);
    CHECK_INT(s.longest_run.first, 0);
    CHECK_INT(s.longest_run.length, 3);
    CHECK_INT(s.in_long_runs, 0);
    CHECK_INT(s.zeros, 1);
    CHECK_INT(s.negative, 1);
    CHECK_NEAR(s.min, -2, 0);
    CHECK_NEAR(s.max, 7, 0);
    CHECK_NEAR(s.mean, 13.0 / 7, 1e-12);
    CHECK_NEAR(s.std, sqrt(81.0 / 7 - 169.0 / 49), 1e-12);
    CHECK_NEAR(s.median, 1, 0);
    CHECK_NEAR(s.spread, 1.4826, 1e-4);
    CHECK_INT(s.extremes, 0);
    CHECK_INT(s.furthest, 7);
    CHECK_INT(s.labelled, 4);
    CHECK_INT(s.segments, 3);
    /* Three in a row: 1 1 1 and 5 0 -2, which bend by 0 and 3. */
    CHECK_NEAR(s.roughness, 4.5 / (s.std * s.std), 1e-12);
}

/* Runs of 9, 10 and 12, and one of 10 that a missing point cuts in two. */
static void test_runs(void)
{
    double value[60];
    for (size_t i = 0; i < 60; i++)
        value[i] = (double)i;
    for (size_t i = 0; i < 9; i++)
        value[i] = -1;
    for (size_t i = 10; i < 20; i++)
        value[i] = -2;
    for (size_t i = 20; i < 31; i++)
        value[i] = -3;
    value[25] = NAN;
    for (size_t i = 48; i < 60; i++)
        value[i] = -4;
    const struct donut_survey s = survey_of(value, NULL, 60);
    CHECK_INT(s.in_long_runs, 22);
    CHECK_INT(s.longest_run.first, 48);
    CHECK_INT(s.longest_run.length, 12);
}

/* More than half are 0: the mean distance counts, (4 + 6 + 10) / 10. 20 times sqrt(pi / 2) of that
 * is 50.1. */
static void test_half_equal(void)
{
    double value[] = {0, 4, 0, 0, -6, 0, 0, 10, 0, 0};
    struct donut_survey s = survey_of(value, NULL, 10);
    CHECK_NEAR(s.median, 0, 0);
    CHECK_NEAR(s.spread, sqrt(pi / 2) * 2, 1e-12);
    CHECK_INT(s.extremes, 0);
    double many[1000] = {[400] = -4000};
    s = survey_of(many, NULL, 1000);
    CHECK_INT(s.extremes, 1);
    CHECK_INT(s.furthest, 400);
}

/* What is labelled may be as far out as it likes. */
static void test_labelled_extremes(void)
{
    double value[100];
    unsigned char label[100] = {0};
    for (size_t i = 0; i < 100; i++)
        value[i] = (double)(i % 5);
    value[10] = 1e9;
    value[20] = -1e6;
    label[10] = 1;
    struct donut_survey s = survey_of(value, label, 100);
    CHECK_INT(s.extremes, 1);
    CHECK_INT(s.furthest, 20);
    s = survey_of(value, NULL, 100);
    CHECK_INT(s.extremes, 2);
    CHECK_INT(s.furthest, 10);
    memset(label, 1, sizeof label);
    s = survey_of(value, label, 100);
    CHECK_INT(s.extremes, 0);
    CHECK(s.furthest == SIZE_MAX);
}

/* The middle one of n by counting: as many below as above. */
static double brute_median(const double *x, size_t n)
{
    double low = NAN, high = NAN;
    for (size_t i = 0; i < n; i++) {
        size_t below = 0, equal = 0;
        for (size_t j = 0; j < n; j++) {
            below += x[j] < x[i];
            equal += x[j] == x[i];
        }
        if (below <= (n - 1) / 2 && (n - 1) / 2 < below + equal)
            low = x[i];
        if (below <= n / 2 && n / 2 < below + equal)
            high = x[i];
    }
    return (low + high) / 2;
}

static void check_brute(const double *value, size_t n)
{
    double x[400], distance[400], mean = 0, variance = 0, bends = 0;
    size_t m = 0, triples = 0, extremes = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            x[m++] = value[i];
    const double median = brute_median(x, m);
    for (size_t i = 0; i < m; i++) {
        distance[i] = fabs(x[i] - median);
        mean += x[i];
    }
    mean /= (double)m;
    for (size_t i = 0; i < m; i++)
        variance += (x[i] - mean) * (x[i] - mean) / (double)m;
    const double spread = 1.482602218505602 * brute_median(distance, m);
    for (size_t i = 0; i < m; i++)
        extremes += distance[i] > 20 * spread;
    for (size_t i = 1; i + 1 < n; i++) {
        const double bend =
            ((value[i + 1] - mean) - 2 * (value[i] - mean) + (value[i - 1] - mean)) /
            sqrt(variance);
        if (isnan(bend))
            continue;
        bends += bend * bend;
        triples++;
    }
    const struct donut_survey s = survey_of(value, NULL, n);
    CHECK_INT(s.missing, n - m);
    CHECK_NEAR(s.median, median, 1e-12);
    CHECK_NEAR(s.spread, spread, 1e-9);
    CHECK_NEAR(s.mean, mean, 1e-9);
    CHECK_NEAR(s.std, sqrt(variance), 1e-9 * sqrt(variance));
    CHECK_INT(s.extremes, extremes);
    CHECK_NEAR(s.roughness, bends / (double)triples, 1e-9);
}

static void test_brute(void)
{
    struct draw draw = draw_new("survey", 20);
    double value[400];
    for (int round = 0; round < 30; round++) {
        const size_t n = 50 + draw_below(&draw, 350);
        for (size_t i = 0; i < n; i++) {
            const double kind = draw_between(&draw, 0, 1);
            value[i] = kind < 0.1    ? NAN
                       : kind < 0.15 ? draw_between(&draw, -100, 100)
                                     : draw_between(&draw, 3, 5);
        }
        check_brute(value, n);
    }
}

/* A sine's second difference is -(2 - 2 cos w) times the sine. */
static void test_roughness(void)
{
    enum { N = 5000 };
    static double value[N];
    const double w = 2 * pi / 50;
    for (size_t i = 0; i < N; i++)
        value[i] = 100 + 7 * sin(w * (double)i);
    struct donut_survey s = survey_of(value, NULL, N);
    CHECK_NEAR(s.roughness, pow(2 - 2 * cos(w), 2), 1e-6);
    struct draw draw = draw_new("roughness", 21);
    for (size_t i = 0; i < N; i++)
        value[i] = draw_between(&draw, 0, 1);
    s = survey_of(value, NULL, N);
    CHECK_NEAR(s.roughness, 6, 0.3);
}

static void test_edges(void)
{
    double value[] = {NAN, NAN, 3, 3, 3, 3, NAN};
    struct donut_survey s = survey_of(value, NULL, 2);
    CHECK_INT(s.missing, 2);
    CHECK_INT(s.longest_gap.length, 2);
    CHECK_INT(s.longest_run.length, 0);
    CHECK(s.furthest == SIZE_MAX);
    CHECK(isnan(s.mean) && isnan(s.median) && isnan(s.roughness) && isnan(s.min));
    s = survey_of(value, NULL, 7);
    CHECK_NEAR(s.std, 0, 0);
    CHECK_NEAR(s.spread, 0, 0);
    CHECK(isnan(s.roughness));
    CHECK_INT(s.extremes, 0);
    CHECK_INT(s.gaps, 2);
    s = survey_of(value + 2, NULL, 1);
    CHECK_NEAR(s.median, 3, 0);
    CHECK_INT(s.longest_run.length, 1);
}

/* Positions count from the start of the series, and what lies outside the range does not count. */
static void test_range(void)
{
    const double value[] = {NAN, NAN, NAN, 1, 2, 2, NAN, 50, 50, 50};
    const struct donut_series series = {.n = 10, .interval_ms = 60000, .value = value};
    struct donut_survey s;
    CHECK_INT(donut_survey(&series, 3, 8, &s, NULL), DONUT_OK);
    CHECK_INT(s.n, 5);
    CHECK_INT(s.missing, 1);
    CHECK_INT(s.longest_gap.first, 6);
    CHECK_INT(s.longest_run.first, 4);
    CHECK_INT(s.longest_run.length, 2);
    CHECK_INT(s.furthest, 7);
    CHECK_NEAR(s.median, 2, 0);
}

/* Seconds 0 60 120 121 121 60 300 in lines 2 to 8: sorted 0 60 60 120 121 121 300, of which the
 * different ones are 60 60 1 179 apart. Line 7 is the first that is too late. Against a grid of 60
 * from 0, 121 is 1 off. */
static void test_rows(void)
{
    static const int64_t seconds[] = {0, 60, 120, 121, 121, 60, 300};
    struct donut_row row[7];
    for (size_t i = 0; i < 7; i++)
        row[i] = (struct donut_row){.time_ms = 1000 * seconds[i], .line = i + 2};
    const struct donut_rows rows = {.row = row, .n = 7};
    const struct donut_series series = {.n = 6, .start_ms = 0, .interval_ms = 60000};
    struct donut_row_survey s;
    CHECK_INT(donut_survey_rows(&rows, &series, &s, NULL), DONUT_OK);
    CHECK_INT(s.distances, 4);
    CHECK_INT(s.at_interval, 2);
    CHECK_INT(s.unsorted_line, 7);
    CHECK_INT(s.furthest_ms, 1000);
    CHECK_INT(s.furthest_line, 5);
    CHECK_INT(row[5].time_ms, 60000);
}

/* On the grid of the series, wherever that lies. */
static void test_rows_on_grid(void)
{
    struct donut_row row[] = {{.time_ms = 7000, .line = 1}, {.time_ms = 17000, .line = 2}};
    const struct donut_rows rows = {.row = row, .n = 2};
    const struct donut_series series = {.n = 2, .start_ms = 7000, .interval_ms = 10000};
    struct donut_row_survey s;
    CHECK_INT(donut_survey_rows(&rows, &series, &s, NULL), DONUT_OK);
    CHECK_INT(s.at_interval, 1);
    CHECK_INT(s.unsorted_line, 0);
    CHECK_INT(s.furthest_line, 0);
}

TEST(survey)
{
    test_by_hand();
    test_runs();
    test_half_equal();
    test_labelled_extremes();
    test_brute();
    test_roughness();
    test_edges();
    test_range();
    test_rows();
    test_rows_on_grid();
    return check_report("survey");
}
