/* What a score is, kind by kind: the definitions evaluated in double with the same noise, a linear
 * decoder whose integrals are known, densities at the end of the range of numbers. */
#include "detect/score.h"
#include "double_net.h"
#include "draw.h"
#include "variants.h"

#define POINTS 40
#define ITERATIONS 3
#define MANY 65536

static const enum donut_score_kind kinds[] = {DONUT_SCORE_RECONSTRUCTION, DONUT_SCORE_LIKELIHOOD,
                                              DONUT_SCORE_ELBO, DONUT_SCORE_PRIOR};
#define KINDS (sizeof kinds / sizeof kinds[0])

static struct draw draw;

struct fixture {
    struct donut_engine engine;
    struct donut_model *model;
    struct donut_target target;
    struct donut_detector detector;
};

static bool aim(struct fixture *f, const struct donut_draws *draws)
{
    f->target = (struct donut_target){0};
    f->detector = (struct donut_detector){0};
    return CHECK(donut_target_new(f->model, &f->target, NULL) == DONUT_OK) &&
           CHECK(donut_detector_new(&f->engine, &f->model->vae.shape, draws, &f->detector, NULL) ==
                 DONUT_OK) &&
           CHECK(donut_detector_aim(&f->detector, &f->target, NULL) == DONUT_OK);
}

static void unaim(struct fixture *f)
{
    donut_detector_free(&f->detector);
    donut_target_free(&f->target);
}

static double log_student(double df, double t)
{
    return lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(df * 3.14159265358979323846) -
           (df + 1) / 2 * log(1 + t * t / df);
}

static double log_latent(double df, double z, double mu, double sd)
{
    return df > 0 ? log_student(df, (z - mu) / sd) - log(sd) : double_log_normal(z, mu, sd);
}

/* Sample l: log p(x_t|z), log p(z) and log q(z|x). */
struct terms {
    double x, p, q;
};

static struct terms sample_terms(const struct fixture *f, const double *mu_z, const double *sd_z,
                                 size_t l, double x_t)
{
    const struct donut_vae *vae = &f->model->vae;
    const double df = vae->shape.student_df;
    const size_t last = vae->shape.window - 1;
    double z[DOUBLE_NET_WIDEST], mu_x[DOUBLE_NET_WIDEST], sd_x[DOUBLE_NET_WIDEST];
    struct terms terms = {0};
    for (size_t k = 0; k < vae->shape.latent; k++) {
        z[k] = mu_z[k] + sd_z[k] * (double)f->detector.noise_z[k * f->detector.ld + l];
        terms.p += log_latent(df, z[k], 0, 1);
        terms.q += log_latent(df, z[k], mu_z[k], sd_z[k]);
    }
    double_decode(vae, z, mu_x, sd_x);
    terms.x = double_log_normal(x_t, mu_x[last], sd_x[last]);
    return terms;
}

/* The definition, for a complete window (W). */
static double define(const struct fixture *f, const double *window)
{
    const struct donut_vae *vae = &f->model->vae;
    const struct donut_draws *draws = &f->detector.draws;
    const double count = (double)draws->samples, x_t = window[vae->shape.window - 1];
    double mu_z[DOUBLE_NET_WIDEST], sd_z[DOUBLE_NET_WIDEST], mean = 0, likelihood = 0;
    double_encode(vae, window, mu_z, sd_z);
    for (size_t k = 0; k < vae->shape.latent && draws->score_by == DONUT_SCORE_PRIOR; k++) {
        mu_z[k] = 0;
        sd_z[k] = 1;
    }
    for (size_t l = 0; l < draws->samples; l++) {
        const struct terms terms = sample_terms(f, mu_z, sd_z, l, x_t);
        likelihood += exp(terms.x) / count;
        mean += (terms.x + (draws->score_by == DONUT_SCORE_ELBO ? terms.p - terms.q : 0)) / count;
    }
    return draws->score_by == DONUT_SCORE_LIKELIHOOD ? -log(likelihood) : -mean;
}

/* Every window of x against the definition; missing (POINTS) 0 or 1. */
static void check_windows(struct fixture *f, const donut_real *x, const unsigned char *missing)
{
    const size_t window = f->model->vae.shape.window, n = POINTS - window + 1;
    struct donut_verdict verdict[POINTS] = {0};
    size_t end[POINTS] = {0};
    for (size_t i = 0; i < n; i++)
        end[i] = window - 1 + i;
    CHECK_INT(donut_detector_judge(&f->detector, x, missing, end, n, verdict, NULL), DONUT_OK);
    for (size_t i = 0; i < n; i++) {
        double values[POINTS];
        for (size_t w = 0; w < window; w++)
            values[w] = (double)x[i + w];
        double_impute(&f->model->vae, ITERATIONS, f->detector.impute_z, f->detector.impute_x,
                      missing + i, values);
        const double want = missing[end[i]] ? NAN : define(f, values), got = verdict[i].score;
        CHECK_THAT(isnan(want) ? isnan(got) : fabs(got - want) <= 2e-5 * (1 + fabs(want)),
                   "kind %d, window %zu: %.9g, want %.9g", (int)f->detector.draws.score_by, i, got,
                   want);
    }
}

static void test_definition(const char *kernel, const struct donut_train_options *opt)
{
    struct fixture f = {.engine = variant_engine(kernel, 1), .model = donut_model_new(opt)};
    donut_real x[POINTS + DONUT_PANEL] = {0};
    unsigned char none[POINTS] = {0}, some[POINTS] = {0};
    draw_normals(&draw, POINTS, 1, x);
    for (size_t i = 0; i < POINTS; i++)
        some[i] = i % 7 == 3;
    if (CHECK(f.model != NULL)) {
        draw_normals(&draw, f.model->vae.size, 0.3, f.model->vae.block);
        for (size_t kind = 0; kind < KINDS; kind++) {
            const struct donut_draws draws = {opt->sampler, opt->samples, ITERATIONS, 9,
                                              kinds[kind]};
            if (aim(&f, &draws)) {
                check_windows(&f, x, none);
                check_windows(&f, x, some);
            }
            unaim(&f);
        }
    }
    donut_model_free(f.model);
    donut_engine_stop(&f.engine);
}

static void test_definitions(const char *kernel)
{
    struct donut_train_options opt = donut_train_defaults();
    opt.window = 6;
    opt.latent = 3;
    opt.hidden[0] = 11;
    opt.hidden[1] = 7;
    opt.samples = 130;
    test_definition(kernel, &opt);
    opt.sampler = DONUT_SAMPLER_MC;
    opt.samples = 17;
    opt.student_df = 2.5;
    test_definition(kernel, &opt);
    opt.latent = 1;
    opt.depth = 1;
    opt.samples = 64;
    opt.student_df = 1000;
    test_definition(kernel, &opt);
}

/* p(x_t|z) = N(a z, s^2) and q(z|x) = N(m, v^2) whatever x is: the only hidden unit is z + 16,
 * which no z makes negative. */
#define SLOPE 0.7
#define SHIFT 16.0

static double logit(double sd, double epsilon)
{
    return log(exp(sd - epsilon) - 1);
}

static struct donut_model *linear_model(double m, double v, double s)
{
    struct donut_train_options opt = donut_train_defaults();
    opt.window = opt.latent = opt.depth = opt.hidden[0] = 1;
    struct donut_model *model = donut_model_new(&opt);
    if (!CHECK(model != NULL))
        return NULL;
    struct donut_vae *vae = &model->vae;
    vae->z.mu.b[0] = (donut_real)m;
    vae->z.sd.b[0] = (donut_real)logit(v, opt.std_epsilon);
    vae->decoder[0].w[0] = 1;
    vae->decoder[0].b[0] = (donut_real)SHIFT;
    vae->x.mu.w[0] = (donut_real)SLOPE;
    vae->x.mu.b[0] = (donut_real)(-SLOPE * SHIFT);
    vae->x.sd.b[0] = (donut_real)logit(s, opt.std_epsilon);
    return model;
}

/* -E log N(x; a z, s^2) for z ~ N(m, v^2) */
static double expected_loss(double x, double m, double v, double s)
{
    const double off = x - SLOPE * m;
    return 0.5 * log(2 * 3.14159265358979323846 * s * s) +
           (off * off + SLOPE * SLOPE * v * v) / (2 * s * s);
}

/* The integrals over z. The samples' mean and covariance are those of the law, so that what is
 * quadratic in z comes out without an error of the sampling. The likelihood, which is not, errs as
 * where the outermost of the samples lie by chance changes the scale of all: some 3e-3. */
static void check_linear(struct fixture *f, enum donut_score_kind kind, double x, double want,
                         double tolerance)
{
    const struct donut_draws draws = {DONUT_SAMPLER_SOBOL, MANY, 0, 3, kind};
    const donut_real series[1 + DONUT_PANEL] = {(donut_real)x};
    const unsigned char missing[1] = {0};
    const size_t end[1] = {0};
    struct donut_verdict verdict;
    if (aim(f, &draws) && CHECK(donut_detector_judge(&f->detector, series, missing, end, 1,
                                                     &verdict, NULL) == DONUT_OK)) {
        CHECK_THAT(fabs(verdict.score - want) <= tolerance, "kind %d at %g: %.9g, want %.9g",
                   (int)kind, x, verdict.score, want);
        if (kind == DONUT_SCORE_PRIOR)
            CHECK_NEAR(verdict.mean, 0, 1e-5);
    }
    unaim(f);
}

static void test_linear(double m, double v, double s)
{
    struct fixture f = {.engine = variant_engine(variant_kernel(), 1),
                        .model = linear_model(m, v, s)};
    const double kl = 0.5 * (m * m + v * v - 1) - log(v);
    for (double x = -2; f.model && x <= 2; x += 0.5) {
        const double loss = expected_loss(x, m, v, s);
        check_linear(&f, DONUT_SCORE_RECONSTRUCTION, x, loss, 2e-5 * (1 + loss));
        check_linear(&f, DONUT_SCORE_ELBO, x, loss + kl, 2e-5 * (1 + loss + kl));
        check_linear(&f, DONUT_SCORE_PRIOR, x, expected_loss(x, 0, 1, s),
                     2e-5 * (1 + expected_loss(x, 0, 1, s)));
        check_linear(&f, DONUT_SCORE_LIKELIHOOD, x,
                     -double_log_normal(x, SLOPE * m, sqrt(s * s + SLOPE * SLOPE * v * v)), 5e-3);
    }
    donut_model_free(f.model);
    donut_engine_stop(&f.engine);
}

/* A likelihood is a mean: between that of the likeliest sample and an L-th of it, also where each
 * alone is no double. */
static void test_tiny_likelihood(void)
{
    struct fixture f = {.engine = variant_engine(variant_kernel(), 1),
                        .model = linear_model(0, 0.5, 0.001)};
    const struct donut_draws draws = {DONUT_SAMPLER_SOBOL, 128, 0, 3, DONUT_SCORE_LIKELIHOOD};
    const donut_real x[1 + DONUT_PANEL] = {1000};
    const unsigned char missing[1] = {0};
    const size_t end[1] = {0};
    struct donut_verdict verdict = {.score = NAN};
    if (CHECK(f.model != NULL) && aim(&f, &draws)) {
        double lowest = INFINITY;
        for (size_t l = 0; l < 128; l++) {
            const double mu_z = 0, sd_z = 0.5;
            lowest = fmin(lowest, -sample_terms(&f, &mu_z, &sd_z, l, 1000).x);
        }
        CHECK_INT(donut_detector_judge(&f.detector, x, missing, end, 1, &verdict, NULL), DONUT_OK);
        CHECK_THAT(verdict.score >= lowest * (1 - 1e-4) &&
                       verdict.score <= lowest * (1 + 1e-4) + log(128),
                   "%.9g, the likeliest sample alone %.9g", verdict.score, lowest);
        CHECK(lowest > 1e11);
    }
    unaim(&f);
    donut_model_free(f.model);
    donut_engine_stop(&f.engine);
}

/* With z + 0 for the hidden unit and a steep slope, positive z, one half of the samples, put x_t so
 * far off that the logarithm itself is no float. The mean likelihood is that of the other half,
 * halved; a mean of logarithms there is not. */
static void test_half_infinite(void)
{
    const double s = 0.8, log_density = double_log_normal(0.3, 0, s);
    const donut_real x[1 + DONUT_PANEL] = {(donut_real)0.3};
    const unsigned char missing[1] = {0};
    const size_t end[1] = {0};
    for (size_t kind = 0; kind < KINDS; kind++) {
        struct fixture f = {.engine = variant_engine(variant_kernel(), 1),
                            .model = linear_model(0, 1, s)};
        const struct donut_draws draws = {DONUT_SAMPLER_SOBOL, 128, 0, 3, kinds[kind]};
        struct donut_verdict verdict = {.score = NAN};
        if (CHECK(f.model != NULL)) {
            const bool finite = kinds[kind] == DONUT_SCORE_LIKELIHOOD;
            f.model->vae.decoder[0].b[0] = f.model->vae.x.mu.b[0] = 0;
            f.model->vae.x.mu.w[0] = (donut_real)1e25;
            CHECK(aim(&f, &draws));
            CHECK_INT(donut_detector_judge(&f.detector, x, missing, end, 1, &verdict, NULL),
                      finite ? DONUT_OK : DONUT_EMODEL);
            if (finite)
                CHECK_NEAR(verdict.score, log(2) - log_density, 1e-6);
        }
        unaim(&f);
        donut_model_free(f.model);
        donut_engine_stop(&f.engine);
    }
}

/* Parameters that overflow are refused, whatever a score is. */
static void test_infinite(void)
{
    for (size_t kind = 0; kind < KINDS; kind++) {
        struct fixture f = {.engine = variant_engine(variant_kernel(), 1),
                            .model = linear_model(0, 0.5, 0.001)};
        const struct donut_draws draws = {DONUT_SAMPLER_SOBOL, 128, 0, 3, kinds[kind]};
        const donut_real x[1 + DONUT_PANEL] = {0};
        const unsigned char missing[1] = {0};
        const size_t end[1] = {0};
        struct donut_verdict verdict;
        if (CHECK(f.model != NULL)) {
            f.model->vae.x.mu.b[0] = INFINITY;
            CHECK(aim(&f, &draws));
            CHECK_INT(donut_detector_judge(&f.detector, x, missing, end, 1, &verdict, NULL),
                      DONUT_EMODEL);
        }
        unaim(&f);
        donut_model_free(f.model);
        donut_engine_stop(&f.engine);
    }
}

TEST(score_kinds)
{
    draw = draw_new("score_kinds", 11);
    for (size_t i = 0; donut_kernel_name(i); i++)
        test_definitions(donut_kernel_name(i));
    test_linear(0.4, 0.6, 0.5);
    test_linear(-1.1, 0.3, 1.2);
    test_linear(0, 1, 0.8);
    test_tiny_likelihood();
    test_half_infinite();
    test_infinite();
    return check_report("score_kinds");
}
