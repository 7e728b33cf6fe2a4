/* Encoding and decoding: q(z|x) and its draws, and p(x|z), against the formulas in double and
 * against what a score makes of them. */
#include "check.h"
#include "double_net.h"
#include "small.h"

#include <float.h>

#define LATENT 3
#define MOST 40000
#define ITERATIONS 10

static struct small_series small;
static struct donut_model *model;

/* What a callback has seen. */
struct seen {
    size_t n, limit; /* limit: it stops there; 0 = never */
    struct {
        size_t point, abnormal, draw;
        double mu[LATENT], sd[LATENT], z[LATENT];
    } at[MOST];
};

static struct seen seen, other;

static bool keep(void *context, const struct donut_encoding *encoding)
{
    struct seen *s = context;
    s->at[s->n].point = encoding->point;
    s->at[s->n].abnormal = encoding->abnormal;
    s->at[s->n].draw = encoding->draw;
    for (size_t k = 0; k < LATENT; k++) {
        s->at[s->n].mu[k] = encoding->mu[k];
        s->at[s->n].sd[k] = encoding->sd[k];
        s->at[s->n].z[k] = encoding->z ? encoding->z[k] : NAN;
    }
    return ++s->n == s->limit;
}

static struct donut_encode_options encode_options(void)
{
    struct donut_encode_options opt = donut_encode_defaults();
    opt.kernel = variant_kernel();
    return opt;
}

static void encode(const struct donut_series *series, size_t from, size_t to,
                   const struct donut_encode_options *opt, struct seen *s)
{
    struct donut_error err = {0};
    s->n = 0;
    CHECK_THAT(donut_encode(model, series, from, to, opt, keep, s, &err) == DONUT_OK, "%s",
               err.text);
}

static void standardise(const double *value, double *x)
{
    for (size_t w = 0; w < SMALL_SEASON; w++)
        x[w] = isnan(value[w]) ? model->info.fill : (value[w] - model->info.mean) / model->info.std;
}

/* Complete windows at every point: mu and sd are the formula's, whatever the kernel. */
static void test_encode_formula(const char *kernel)
{
    struct donut_encode_options opt = encode_options();
    opt.kernel = kernel;
    encode(&small.series, SMALL_SEASON - 1, 300, &opt, &seen);
    CHECK_INT(seen.n, 300 - (SMALL_SEASON - 1));
    for (size_t i = 0; i < seen.n; i++) {
        double x[SMALL_SEASON], mu[LATENT], sd[LATENT];
        standardise(small.value + i, x);
        double_encode(&model->vae, x, mu, sd);
        CHECK_INT(seen.at[i].point, i + SMALL_SEASON - 1);
        CHECK_INT(seen.at[i].draw, 1);
        CHECK_INT(seen.at[i].abnormal, 0);
        for (size_t k = 0; k < LATENT; k++) {
            CHECK_NEAR(seen.at[i].mu[k], mu[k], 1e-5 * (1 + fabs(mu[k])));
            CHECK_NEAR(seen.at[i].sd[k], sd[k], 1e-5 * sd[k]);
        }
    }
}

/* The noise (z - mu) / sd of many draws is standard normal, and independent between components,
 * draws and neighbouring windows. Of n values a mean is off by 1 / sqrt(n), and by 4.5 times that
 * once in 150,000 times. */
static void test_draws(void)
{
    struct donut_encode_options opt = encode_options();
    double mean = 0, square = 0, fourth = 0, between[4] = {0};
    opt.draws = 100;
    encode(&small.series, 200, 320, &opt, &seen);
    CHECK_INT(seen.n, 12000);
    for (size_t i = 0; i < seen.n; i++) {
        double u[LATENT], next[LATENT], later[LATENT];
        for (size_t k = 0; k < LATENT; k++) {
            const size_t n = seen.n;
            u[k] = (seen.at[i].z[k] - seen.at[i].mu[k]) / seen.at[i].sd[k];
            next[k] = (seen.at[(i + 1) % n].z[k] - seen.at[(i + 1) % n].mu[k]) /
                      seen.at[(i + 1) % n].sd[k];
            later[k] = (seen.at[(i + 100) % n].z[k] - seen.at[(i + 100) % n].mu[k]) /
                       seen.at[(i + 100) % n].sd[k];
            mean += u[k];
            square += u[k] * u[k];
            fourth += u[k] * u[k] * u[k] * u[k];
            between[1] += u[k] * next[k];
            between[2] += u[k] * later[k];
        }
        for (size_t k = 0; k < LATENT; k++)
            between[3] += u[(k + 1) % LATENT] * later[k];
        between[0] += u[0] * u[1] + u[1] * u[2] + u[2] * u[0];
        CHECK_INT(seen.at[i].draw, 1 + i % 100);
        CHECK_INT(seen.at[i].point, 200 + i / 100);
    }
    const double n = (double)(seen.n * LATENT), off = 4.5 / sqrt(n);
    CHECK_NEAR(mean / n, 0, off);
    CHECK_NEAR(square / n, 1, off * sqrt(2));
    CHECK_NEAR(fourth / n, 3, off * sqrt(96));
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(between[i] / n, 0, off);
}

/* Of a Student-t q(z|x) they are Student's t: |t| < 1 for one half of them with 1 degree of
 * freedom, and for 2/pi (a + sin(a) cos(a) (1 + 2/3 cos(a)^2)) with 5, where tan(a) = 1/sqrt(5). */
static void test_student_draws(void)
{
    struct donut_encode_options opt = encode_options();
    static const double cases[][2] = {{1, 0.5}, {5, 0.636783}};
    opt.draws = 100;
    for (size_t c = 0; c < 2; c++) {
        double near = 0, up = 0;
        model->vae.shape.student_df = cases[c][0];
        encode(&small.series, 200, 320, &opt, &seen);
        for (size_t i = 0; i < seen.n; i++)
            for (size_t k = 0; k < LATENT; k++) {
                near += fabs(seen.at[i].z[k] - seen.at[i].mu[k]) < seen.at[i].sd[k];
                up += seen.at[i].z[k] > seen.at[i].mu[k];
            }
        const double n = (double)(seen.n * LATENT);
        CHECK_NEAR(near / n, cases[c][1], 4.5 * 0.5 / sqrt(n));
        CHECK_NEAR(up / n, 0.5, 4.5 * 0.5 / sqrt(n));
    }
    model->vae.shape.student_df = 0;
}

/* A draw is the same for any range, distance of windows, number of draws, and in a series that
 * begins elsewhere; another seed gives another one. */
static void test_draws_stay(void)
{
    struct donut_encode_options opt = encode_options();
    opt.draws = 3;
    encode(&small.series, 100, 400, &opt, &seen);
    opt.every = 7;
    opt.draws = 2;
    encode(&small.series, 150, 350, &opt, &other);
    CHECK_INT(other.n, 2 * 29);
    for (size_t i = 0; i < other.n; i++) {
        const size_t same = 3 * (other.at[i].point - 100) + other.at[i].draw - 1;
        CHECK_INT(other.at[i].point, 150 + 7 * (i / 2));
        CHECK_INT(memcmp(&other.at[i], &seen.at[same], sizeof other.at[i]), 0);
    }
    const struct donut_series part = small_part(&small, 60, 500);
    encode(&part, 90, 100, &opt, &other);
    CHECK_INT(other.n, 4);
    for (size_t i = 0; i < other.n; i++)
        CHECK_INT(memcmp(other.at[i].z,
                         seen.at[3 * (other.at[i].point - 40) + other.at[i].draw - 1].z,
                         sizeof other.at[i].z),
                  0);
    opt.seed = 1;
    encode(&small.series, 150, 350, &opt, &other);
    CHECK(other.at[0].z[0] != seen.at[150].z[0]);
    CHECK_INT(memcmp(other.at[0].mu, seen.at[150].mu, sizeof other.at[0].mu), 0);
}

/* Missing points are imputed as the formula has it with the noise of a score, and counted with the
 * labelled ones and those before all data. */
static void test_encode_imputed(void)
{
    struct donut_encode_options opt = encode_options();
    struct small_series copy = small;
    donut_real noise_z[ITERATIONS * LATENT], noise_x[ITERATIONS * SMALL_SEASON];
    donut_random_normals((struct donut_stream){7, DONUT_DRAW_IMPUTE_Z, 0}, 0, ITERATIONS * LATENT,
                         noise_z);
    donut_random_normals((struct donut_stream){7, DONUT_DRAW_IMPUTE_X, 0}, 0,
                         ITERATIONS * SMALL_SEASON, noise_x);
    copy.series.value = copy.value;
    copy.series.label = copy.label;
    copy.value[500] = copy.value[503] = NAN;
    copy.label[503] = copy.label[510] = copy.label[511] = 1;
    opt.draws = 0;
    encode(&copy.series, 490, 550, &opt, &seen);
    CHECK_INT(seen.n, 60);
    for (size_t i = 0; i < seen.n; i++) {
        const size_t first = 490 + i + 1 - SMALL_SEASON;
        size_t abnormal = 0;
        unsigned char missing[SMALL_SEASON];
        double x[SMALL_SEASON], mu[LATENT], sd[LATENT];
        for (size_t w = 0; w < SMALL_SEASON; w++) {
            missing[w] = copy.value[first + w] != copy.value[first + w];
            abnormal += missing[w] || copy.label[first + w];
        }
        standardise(copy.value + first, x);
        double_impute(&model->vae, ITERATIONS, noise_z, noise_x, missing, x);
        double_encode(&model->vae, x, mu, sd);
        CHECK_INT(seen.at[i].abnormal, abnormal);
        CHECK_INT(seen.at[i].draw, 0);
        CHECK(isnan(seen.at[i].z[0]));
        for (size_t k = 0; k < LATENT; k++) {
            CHECK_NEAR(seen.at[i].mu[k], mu[k], 1e-4);
            CHECK_NEAR(seen.at[i].sd[k], sd[k], 1e-4);
        }
    }
    /* The first window has one point of the series in it, and nothing is known of the others. */
    encode(&copy.series, 0, SMALL_SEASON, &opt, &seen);
    for (size_t i = 0; i < seen.n; i++)
        CHECK_INT(seen.at[i].abnormal, SMALL_SEASON - 1 - i);
    /* What the model remembers of the points before a series has no labels. */
    const struct donut_series part = small_part(&copy, 900, SMALL_POINTS);
    memset(copy.label + 880, 1, 20);
    encode(&part, 0, 5, &opt, &seen);
    for (size_t i = 0; i < seen.n; i++)
        CHECK_INT(seen.at[i].abnormal, 0);
}

static void test_decode(const char *kernel)
{
    enum { n = 67 };
    static double z[n * LATENT], mean[n * SMALL_SEASON], sd[n * SMALL_SEASON];
    static double alone[2 * SMALL_SEASON];
    const struct donut_model_info *info = &model->info;
    for (size_t i = 0; i < n * LATENT; i++)
        z[i] = 3 * sin((double)i);
    CHECK_INT(donut_decode(model, z, n, kernel, mean, sd, NULL), DONUT_OK);
    for (size_t i = 0; i < n; i++) {
        double mu_x[SMALL_SEASON], sd_x[SMALL_SEASON];
        double_decode(&model->vae, z + i * LATENT, mu_x, sd_x);
        for (size_t w = 0; w < SMALL_SEASON; w++) {
            const size_t at = i * SMALL_SEASON + w;
            CHECK_NEAR(mean[at], info->mean + info->std * mu_x[w], 1e-5 * info->std);
            CHECK_NEAR(sd[at], info->std * sd_x[w], 1e-5 * info->std * (1 + sd_x[w]));
        }
        CHECK_INT(donut_decode(model, z + i * LATENT, 1, kernel, alone, alone + SMALL_SEASON, NULL),
                  DONUT_OK);
        CHECK_INT(memcmp(alone, mean + i * SMALL_SEASON, SMALL_SEASON * sizeof *alone), 0);
        CHECK_INT(memcmp(alone + SMALL_SEASON, sd + i * SMALL_SEASON, SMALL_SEASON * sizeof *alone),
                  0);
    }
    CHECK_INT(donut_decode(model, z, 0, kernel, mean, sd, NULL), DONUT_OK);
}

/* One draw of z by the scorer's own hand: what a score with L = 1 expects is the last point of what
 * that z decodes to. */
static void test_decode_is_expected(void)
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_encode_options encoding = encode_options();
    struct donut_score_row row[40];
    donut_real noise[LATENT];
    opt.sampler = DONUT_SAMPLER_MC;
    opt.samples = 1;
    encoding.draws = 0;
    donut_random_normals((struct donut_stream){7, DONUT_DRAW_SCORE_Z, 0}, 0, LATENT, noise);
    CHECK_INT(donut_score(model, &small.series, 700, 740, &opt, row, NULL), DONUT_OK);
    encode(&small.series, 700, 740, &encoding, &seen);
    for (size_t i = 0; i < 40; i++) {
        double z[LATENT], mean[SMALL_SEASON], sd[SMALL_SEASON];
        for (size_t k = 0; k < LATENT; k++)
            z[k] = seen.at[i].mu[k] + seen.at[i].sd[k] * (double)noise[k];
        CHECK_INT(donut_decode(model, z, 1, variant_kernel(), mean, sd, NULL), DONUT_OK);
        CHECK_NEAR(mean[SMALL_SEASON - 1], row[i].expected, 1e-5 * model->info.std);
        CHECK_NEAR(3 * sd[SMALL_SEASON - 1], row[i].upper - row[i].expected,
                   1e-5 * model->info.std);
    }
}

static void test_decode_refuses(void)
{
    static const double bad[] = {INFINITY, NAN, 1e39, -DBL_MAX};
    double z[4 * LATENT] = {0}, mean[4 * SMALL_SEASON], sd[4 * SMALL_SEASON];
    struct donut_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        z[2 * LATENT + i % LATENT] = bad[i];
        CHECK_INT(donut_decode(model, z, 4, NULL, mean, sd, &err), DONUT_EINPUT);
        CHECK_INT(err.line, 3);
        z[2 * LATENT + i % LATENT] = 0;
    }
    const donut_real kept = model->vae.decoder[0].w[0];
    model->vae.decoder[0].w[0] = (donut_real)1e10;
    z[LATENT] = 3e38;
    CHECK_INT(donut_decode(model, z, 4, NULL, mean, sd, &err), DONUT_EINPUT);
    CHECK_INT(err.line, 2);
    model->vae.decoder[0].w[0] = kept;
    CHECK_INT(donut_decode(model, z, 1, "abacus", mean, sd, &err), DONUT_EARGUMENT);
}

static void test_refusals(void)
{
    struct donut_error err;
    struct donut_encode_options opt = encode_options();
    struct donut_series slow = small.series;
    const size_t n = small.series.n;
    slow.interval_ms *= 2;
    seen.n = 0;
    CHECK_INT(donut_encode(model, &slow, 0, 1, NULL, keep, &seen, &err), DONUT_EINPUT);
    CHECK_INT(donut_encode(model, &small.series, 1, 0, NULL, keep, &seen, &err), DONUT_EARGUMENT);
    CHECK_INT(donut_encode(model, &small.series, 0, n + 1, NULL, keep, &seen, &err),
              DONUT_EARGUMENT);
    opt.every = 0;
    CHECK_INT(donut_encode(model, &small.series, 0, 1, &opt, keep, &seen, &err), DONUT_EARGUMENT);
    opt.every = SIZE_MAX;
    opt.draws = 1000001;
    CHECK_INT(donut_encode(model, &small.series, 0, 1, &opt, keep, &seen, &err), DONUT_EARGUMENT);
    opt.draws = 1;
    opt.mcmc_iterations = 10001;
    CHECK_INT(donut_encode(model, &small.series, 0, 1, &opt, keep, &seen, &err), DONUT_EARGUMENT);
    CHECK_INT(seen.n, 0);
    opt.mcmc_iterations = 10000;
    encode(&small.series, 0, n, &opt, &seen);
    CHECK_INT(seen.n, 1);
    encode(&small.series, n, n, &opt, &seen);
    CHECK_INT(seen.n, 0);
    seen.limit = 3;
    CHECK_INT(donut_encode(model, &small.series, 0, 99, NULL, keep, &seen, &err), DONUT_ECANCELLED);
    CHECK_INT(seen.n, 3);
    seen.limit = 0;
}

static void test_broken_model(void)
{
    struct donut_error err;
    const donut_real kept = model->vae.z.mu.b[1];
    model->vae.z.mu.b[1] = (donut_real)NAN;
    seen.n = 0;
    CHECK_INT(donut_encode(model, &small.series, 0, 9, NULL, keep, &seen, &err), DONUT_EMODEL);
    CHECK_INT(seen.n, 0);
    model->vae.z.mu.b[1] = kept;
}

TEST(encode)
{
    const struct donut_train_options opt = small_options();
    struct donut_error err = {0};
    const char *kernel;
    small_make(&small);
    if (donut_train(&small.series, 0, 900, &opt, &model, NULL, &err) != DONUT_OK) {
        CHECK_THAT(false, "%s", err.text);
        return check_report("encode");
    }
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++) {
        test_encode_formula(kernel);
        test_decode(kernel);
    }
    test_draws();
    test_student_draws();
    test_draws_stay();
    test_encode_imputed();
    test_decode_is_expected();
    test_decode_refuses();
    test_refusals();
    test_broken_model();
    donut_model_free(model);
    return check_report("encode");
}
