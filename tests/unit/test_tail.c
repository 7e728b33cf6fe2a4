/* The score threshold: check values of the formula, known distributions, the fitted likelihood
 * against a grid search that knows nothing of Grimshaw, units, and degenerate scores. */
#include "check.h"

#include "base/random.h"
#include "detect/pareto.h"
#include "detect/tail.h"

#include <stdlib.h>

enum { MOST = 200000 };

static double uniform(uint32_t part, size_t i)
{
    const struct donut_stream stream = {11, DONUT_DRAW_TEST, part};
    return donut_random_uniform(stream, i);
}

/* Inverse of the generalised Pareto survival function, written with pow(). */
static double pareto_draw(double gamma, double p)
{
    return gamma == 0 ? -log(p) : (pow(p, -gamma) - 1) / gamma;
}

static void test_formula(void)
{
    struct donut_tail tail = {.n = 1000, .peaks = 20, .t = 10, .gamma = 0, .sigma = 1};
    double threshold = 0;
    CHECK(donut_tail_threshold(&tail, 1e-3, &threshold, NULL) == DONUT_OK);
    CHECK_NEAR(threshold, 10 + log(20), 1e-12); /* 12.995732 */
    tail.gamma = 0.5;
    CHECK(donut_tail_threshold(&tail, 1e-3, &threshold, NULL) == DONUT_OK);
    CHECK_NEAR(threshold, 10 + 2 * (sqrt(20) - 1), 1e-12); /* 16.944272 */
    tail.gamma = -0.25;                                    /* the tail ends at 10 + 1 / 0.25 = 14 */
    CHECK(donut_tail_threshold(&tail, 1e-3, &threshold, NULL) == DONUT_OK);
    CHECK_NEAR(threshold, 10 + 4 * (1 - pow(0.05, 0.25)), 1e-12);
    CHECK(donut_tail_threshold(&tail, 1e-12, &threshold, NULL) == DONUT_OK);
    CHECK(threshold > 13.98 && threshold <= 14);
    /* Across the switch to the exponential formula nothing jumps. */
    double below = 0, above = 0;
    tail.gamma = 0.999e-6;
    donut_tail_threshold(&tail, 1e-3, &below, NULL);
    tail.gamma = 1.001e-6;
    donut_tail_threshold(&tail, 1e-3, &above, NULL);
    CHECK_NEAR(above - below, 0, 1e-5);
}

/* P(score > s) = peaks / n * (1 + gamma (s - t) / sigma)^(-1 / gamma), peaks / n = 1 / 50 here. */
static void test_surprise(void)
{
    struct donut_tail tail = {.n = 1000, .peaks = 20, .t = 10, .gamma = 0, .sigma = 2};
    const double of_t = log10(50); /* 1.69897 */
    CHECK(isnan(donut_tail_surprise(&tail, 10)) && isnan(donut_tail_surprise(&tail, -1e300)));
    CHECK(isnan(donut_tail_surprise(&tail, NAN)));
    CHECK_NEAR(donut_tail_surprise(&tail, nextafter(10, 11)), of_t, 1e-12);
    CHECK_NEAR(donut_tail_surprise(&tail, 10 + 6 * log(10)), of_t + 3, 1e-12); /* e^-y/2 = 10^-3 */
    tail.gamma = 0.5; /* (1 + y / 4)^-2 = 10^-4 at y = 396 */
    CHECK_NEAR(donut_tail_surprise(&tail, 406), of_t + 4, 1e-12);
    CHECK_NEAR(donut_tail_surprise(&tail, 1e100), of_t + 2 * (100 - log10(4)), 1e-9);
    CHECK(donut_tail_surprise(&tail, 1e300) == DONUT_MOST_SURPRISE);
    tail.sigma = 1e-300;
    CHECK(donut_tail_surprise(&tail, 1e300) == DONUT_MOST_SURPRISE);
    tail.sigma = 2;
    tail.gamma = -0.25; /* (1 - y / 8)^4 = 10^-4 at y = 7.2, and nothing is beyond 18 */
    CHECK_NEAR(donut_tail_surprise(&tail, 17.2), of_t + 4, 1e-9);
    CHECK(donut_tail_surprise(&tail, 18) == DONUT_MOST_SURPRISE);
    CHECK(donut_tail_surprise(&tail, 1e300) == DONUT_MOST_SURPRISE);
    tail.peaks = 0;
    CHECK(isnan(donut_tail_surprise(&tail, 11)));
}

/* At the threshold of a risk the surprise is -log10(risk), and it only rises. */
static void test_surprise_of_threshold(void)
{
    static const double gammas[] = {-0.4, -0.1, -1.001e-6, -0.999e-6, 0, 1e-7, 1.001e-6, 0.2, 0.5};
    for (size_t i = 0; i < sizeof gammas / sizeof *gammas; i++) {
        const struct donut_tail tail = {
            .n = 3000, .peaks = 90, .t = -2.5, .gamma = gammas[i], .sigma = 0.7};
        double before = 0;
        for (double s = -2.49; s < 200; s = s < 5 ? s + 0.01 : 1.1 * s) {
            const double surprise = donut_tail_surprise(&tail, s);
            CHECK_THAT(surprise >= before, "gamma %g at %g", gammas[i], s);
            before = surprise;
        }
        for (double x = 2; x < 8; x += 0.5) {
            double threshold = 0;
            CHECK(donut_tail_threshold(&tail, pow(10, -x), &threshold, NULL) == DONUT_OK);
            CHECK_NEAR(donut_tail_surprise(&tail, threshold), x, 1e-5);
        }
    }
}

static void test_risk_limits(void)
{
    const struct donut_tail tail = {.n = 1000, .peaks = 20, .t = 10, .gamma = 0.5, .sigma = 1};
    const double bad[] = {0, -1e-4, 0.02, 0.5, 1, INFINITY, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct donut_error err = {0};
        double threshold = -1;
        CHECK(donut_tail_threshold(&tail, bad[i], &threshold, &err) == DONUT_EARGUMENT);
        CHECK(threshold == -1 && err.status == DONUT_EARGUMENT);
        CHECK_THAT(strstr(err.text, "0.02") != NULL, "no largest risk in: %s", err.text);
    }
    double threshold = 0;
    CHECK(donut_tail_threshold(&tail, 0.0199999, &threshold, NULL) == DONUT_OK);
    CHECK(threshold > 10 && threshold < 10.0001);
    /* Rarer and rarer means higher and higher, until the numbers end. */
    double last = 10;
    for (double risk = 0.01; risk > 1e-12; risk /= 3) {
        CHECK(donut_tail_threshold(&tail, risk, &threshold, NULL) == DONUT_OK);
        CHECK_THAT(threshold > last, "risk %g gives %g, not above %g", risk, threshold, last);
        last = threshold;
    }
    struct donut_tail heavy = tail;
    heavy.gamma = 3;
    CHECK(donut_tail_threshold(&heavy, 1e-200, &threshold, NULL) == DONUT_EARGUMENT);
}

/* Draws of GPD(gamma, 1): the fit finds the shape, whatever the unit. */
static void test_shape(double gamma, double tolerance, uint32_t part)
{
    enum { N = 2000 };
    const double unit[] = {1, 1e-6, 1e6, 0x1p-30};
    static double excess[N];
    struct donut_pareto first = {0, 0};
    for (size_t u = 0; u < sizeof unit / sizeof *unit; u++) {
        for (size_t i = 0; i < N; i++)
            excess[i] = unit[u] * pareto_draw(gamma, uniform(part, i));
        const struct donut_pareto fit = donut_pareto_fit(excess, N);
        CHECK_NEAR(fit.gamma, gamma, tolerance);
        CHECK_NEAR(fit.sigma / unit[u], 1, 0.12);
        if (u == 0)
            first = fit;
        CHECK_NEAR(fit.gamma, first.gamma, 1e-9);
        CHECK_NEAR(fit.sigma / unit[u], first.sigma, 1e-9);
    }
}

static double log_likelihood(const double *y, size_t n, double gamma, double sigma)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double q = 1 + gamma * y[i] / sigma;
        if (q <= 0)
            return -INFINITY;
        sum += fabs(gamma) < 1e-9 ? y[i] / sigma : (1 + 1 / gamma) * log(q);
    }
    return -(double)n * log(sigma) - sum;
}

/* No point of a grid over shape and scale is likelier than the fit. */
static void test_likelihood(double gamma, size_t n, uint32_t part)
{
    static double y[500], z[500];
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += y[i] = z[i] = pareto_draw(gamma, uniform(part, i));
    mean /= (double)n;
    const struct donut_pareto fit = donut_pareto_fit(z, n);
    double best = -INFINITY;
    for (int g = -49; g <= 150; g++)
        for (int s = 0; s < 120; s++)
            best = fmax(best, log_likelihood(y, n, g / 100.0, mean * pow(10, (s - 90) / 60.0)));
    const double got = log_likelihood(y, n, fit.gamma, fit.sigma);
    CHECK_THAT(got >= best - 1e-4, "gamma %g, n %zu: log L %.6f at (%g, %g), grid %.6f", gamma, n,
               got, fit.gamma, fit.sigma, best);
    for (int step = 0; step < 4 && fabs(fit.gamma) > 0.1; step++) { /* a stationary point */
        const double g = fit.gamma + (step % 2 ? 1e-5 : -1e-5);
        const double s = fit.sigma * (1 + (step / 2 ? 1e-5 : -1e-5));
        CHECK(log_likelihood(y, n, g, s) <= got + 1e-7);
    }
}

/* Short tails: the likelihood has its maximum beyond the shapes allowed, so the moments step in
 * where they can. */
static void test_short_tails(double gamma, uint32_t first_part)
{
    enum { N = 100 };
    double y[N], z[N];
    int by_moments = 0;
    for (uint32_t part = first_part; part < first_part + 30; part++) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < N; i++)
            mean += (y[i] = z[i] = pareto_draw(gamma, uniform(part, i))) / N;
        for (size_t i = 0; i < N; i++)
            variance += (y[i] - mean) * (y[i] - mean) / N;
        const double ratio = mean * mean / variance;
        const double g = (1 - ratio) / 2, s = mean * (1 + ratio) / 2;
        const struct donut_pareto fit = donut_pareto_fit(z, N);
        const double got = log_likelihood(y, N, fit.gamma, fit.sigma);
        CHECK_THAT(fit.gamma > -0.5 && isfinite(got), "gamma %g", fit.gamma);
        CHECK(g <= -0.5 || got >= log_likelihood(y, N, g, s) - 1e-9);
        by_moments += fabs(fit.gamma - g) < 1e-9;
    }
    CHECK_THAT(by_moments > 0 || gamma < -0.9, "the moments were never needed for %g", gamma);
}

static double normal_draw(uint32_t part, size_t i)
{
    return sqrt(-2 * log(uniform(part, 2 * i))) * cos(2 * acos(-1.0) * uniform(part, 2 * i + 1));
}

/* Fits n scores and returns the threshold for risk 1e-4. */
static double threshold_of(const double *scores, size_t n, struct donut_tail *tail)
{
    double threshold = NAN;
    CHECK(donut_tail_fit(scores, n, tail, NULL) == DONUT_OK);
    CHECK(donut_tail_threshold(tail, 1e-4, &threshold, NULL) == DONUT_OK);
    CHECK(tail->n == n && tail->gamma > -0.5 && tail->sigma > 0);
    return threshold;
}

/* The 1 - 1e-4 quantile of known distributions, from their far tails. */
static void test_known_quantiles(void)
{
    double *scores = malloc(MOST * sizeof *scores);
    struct donut_tail tail;
    if (!CHECK(scores != NULL))
        return;
    for (uint32_t i = 0; i < MOST; i++)
        scores[i] = -log(uniform(20, i));
    CHECK_NEAR(threshold_of(scores, MOST, &tail), log(1e4), 0.35); /* 9.21 */
    CHECK_INT(tail.peaks, MOST / 50 - 1);
    CHECK_NEAR(threshold_of(scores, 20000, &tail), log(1e4), 1.2);
    CHECK_INT(tail.peaks, 399);
    for (uint32_t i = 0; i < MOST; i++)
        scores[i] = pow(uniform(21, i), -1.0 / 3);
    CHECK_NEAR(threshold_of(scores, MOST, &tail), pow(1e4, 1.0 / 3), 1.5); /* 21.5 */
    CHECK_NEAR(tail.gamma, 1.0 / 3, 0.06);
    for (uint32_t i = 0; i < MOST; i++)
        scores[i] = normal_draw(22, i);
    CHECK_NEAR(threshold_of(scores, MOST, &tail), 3.719, 0.12);
    CHECK_NEAR(threshold_of(scores, 20000, &tail), 3.719, 0.35);
    free(scores);
}

/* 0, 1, ..., n - 1 in a scrambled order: ranks can be read off t. */
static void test_level(size_t n, size_t rank)
{
    double *scores = malloc(n * sizeof *scores);
    struct donut_tail tail = {0};
    if (!CHECK(scores != NULL))
        return;
    for (size_t i = 0; i < n; i++)
        scores[i] = (double)((i * 7919 + 1) % n);
    const double first = scores[0], last = scores[n - 1];
    CHECK(donut_tail_fit(scores, n, &tail, NULL) == DONUT_OK);
    CHECK_THAT(tail.t == (double)rank && tail.peaks == n - 1 - rank,
               "n = %zu: t = %g, %llu peaks, want t = %zu", n, tail.t,
               (unsigned long long)tail.peaks, rank);
    CHECK(scores[0] == first && scores[n - 1] == last); /* the caller's scores are untouched */
    free(scores);
}

static void test_levels(void)
{
    test_level(10000, 9800);
    test_level(2600, 2548); /* 98 %: 51 above it */
    test_level(2550, 2499); /* 98 %: 50 above it */
    test_level(2500, 2449); /* 98 % would leave 49: lowered to leave 50 */
    test_level(1000, 949);  /* lowered to leave 50 */
    test_level(511, 460);   /* 50 above it, just above the 90 % quantile */
    test_level(300, 270);   /* lowered to the 90 % quantile, 29 above it */
    test_level(11, 9);
}

/* A tie across the level: peaks are strictly above it, and the tie is stepped over when it leaves
 * too few of them. */
static void test_ties(void)
{
    static double scores[1000];
    struct donut_tail tail;
    for (size_t i = 0; i < 1000; i++)
        scores[i] = i < 920 ? (double)i / 1000 : i < 990 ? 5 : 6;
    CHECK(donut_tail_fit(scores, 1000, &tail, NULL) == DONUT_OK);
    CHECK(tail.t == 0.919 && tail.peaks == 80);
    for (size_t i = 0; i < 1000; i++)
        scores[i] = i < 880 ? (double)i / 1000 : i < 990 ? 5 : 6 + (double)i / 1000;
    CHECK(donut_tail_fit(scores, 1000, &tail, NULL) == DONUT_OK);
    CHECK(tail.t == 5 && tail.peaks == 10);
}

static void test_no_peaks(void)
{
    static double scores[500];
    for (size_t n = 1; n <= 500; n += n < 10 ? 1 : 490) {
        struct donut_tail tail = {.gamma = 3};
        double threshold = 0;
        for (size_t i = 0; i < 500; i++)
            scores[i] = -7.5;
        CHECK(donut_tail_fit(scores, n, &tail, NULL) == DONUT_OK);
        CHECK(tail.n == n && tail.peaks == 0 && tail.t == -7.5);
        CHECK(tail.gamma == 0 && tail.sigma == 0);
        for (double risk = 1e-12; risk < 1; risk *= 1e3) {
            CHECK(donut_tail_threshold(&tail, risk, &threshold, NULL) == DONUT_OK);
            CHECK(threshold == nextafter(-7.5, 0));
        }
        CHECK(donut_tail_threshold(&tail, 0, &threshold, NULL) == DONUT_EARGUMENT);
        CHECK(donut_tail_threshold(&tail, NAN, &threshold, NULL) == DONUT_EARGUMENT);
    }
    struct donut_error err = {0};
    struct donut_tail tail;
    CHECK(donut_tail_fit(scores, 0, &tail, &err) == DONUT_EINPUT);
    CHECK(strlen(err.text) > 20);
}

/* Every small number of scores gives a finite threshold above the level, for any unit. */
static void test_few_scores(void)
{
    static double scores[120];
    for (size_t n = 1; n <= 120; n++) {
        for (int unit = -150; unit <= 150; unit += 50) {
            struct donut_tail tail;
            double threshold = NAN;
            for (size_t i = 0; i < n; i++)
                scores[i] = pow(10, unit) * log(uniform((uint32_t)n, i));
            CHECK(donut_tail_fit(scores, n, &tail, NULL) == DONUT_OK);
            CHECK(donut_tail_threshold(&tail, 1e-4, &threshold, NULL) == DONUT_OK);
            CHECK(isfinite(threshold) && threshold > tail.t);
            CHECK(tail.peaks >= 10 || tail.gamma == 0);
        }
    }
    /* Fewer than 10 peaks: the exponential through their mean. */
    const double eleven[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3};
    struct donut_tail tail;
    CHECK_NEAR(threshold_of(eleven, 11, &tail), 1 + 2 * log(1 / 11.0 / 1e-4), 1e-12);
    CHECK(tail.peaks == 1 && tail.gamma == 0 && tail.sigma == 2);
}

/* 4,000 exponential scores, of which 1 % are anomalies of 50 to 1,000 that nobody labelled: the
 * shape stops at 0.5 with the likeliest scale for it. */
static void test_contaminated(void)
{
    enum { COUNT = 4000 };
    static double scores[COUNT], excess[COUNT];
    const struct donut_stream stream = {1, DONUT_DRAW_TEST, 77};
    struct donut_tail tail;
    for (size_t i = 0; i < COUNT; i++)
        scores[i] = i % 100 ? -log(donut_random_uniform(stream, i))
                            : 50 + 950 * donut_random_uniform(stream, i);
    const double threshold = threshold_of(scores, COUNT, &tail);
    CHECK_NEAR(tail.gamma, 0.5, 0);
    size_t n = 0;
    for (size_t i = 0; i < COUNT; i++)
        if (scores[i] > tail.t)
            excess[n++] = scores[i] - tail.t;
    CHECK_INT(n, tail.peaks);
    const double best = log_likelihood(excess, n, 0.5, tail.sigma);
    for (double factor = 0.5; factor < 2; factor *= 1.01)
        CHECK(log_likelihood(excess, n, 0.5, tail.sigma * factor) <= best + 1e-9);
    CHECK(threshold < 5000); /* the unlimited fit has a shape above 4 and goes beyond 1e9 */
}

/* Equal excesses have no variance, and ever so nearly equal ones almost none. */
static void test_equal_excesses(void)
{
    double excess[60];
    for (int spread = 0; spread < 2; spread++) {
        for (int i = 0; i < 60; i++)
            excess[i] = 4 + spread * 1e-15 * i;
        const struct donut_pareto fit = donut_pareto_fit(excess, 60);
        CHECK(fit.gamma == 0);
        CHECK_NEAR(fit.sigma, 4, 1e-9);
    }
    for (int i = 0; i < 60; i++) /* one giant above very small ones */
        excess[i] = i ? 1e-200 : 1e200;
    const struct donut_pareto fit = donut_pareto_fit(excess, 60);
    CHECK(isfinite(fit.gamma) && fit.gamma > -0.5 && isfinite(fit.sigma) && fit.sigma > 0);
}

TEST(tail)
{
    test_formula();
    test_surprise();
    test_surprise_of_threshold();
    test_risk_limits();
    test_shape(0.3, 0.1, 1);
    test_shape(0, 0.08, 2);
    test_shape(-0.2, 0.08, 3);
    test_shape(1, 0.15, 4);
    const double shapes[] = {-0.4, -0.2, -0.05, 0, 0.05, 0.3, 1};
    for (uint32_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        test_likelihood(shapes[i], 50, 30 + i);
        test_likelihood(shapes[i], 300, 40 + i);
    }
    test_short_tails(-0.5, 100);
    test_short_tails(-1, 200);
    test_known_quantiles();
    test_levels();
    test_ties();
    test_no_peaks();
    test_few_scores();
    test_contaminated();
    test_equal_excesses();
    return check_report("tail");
}
