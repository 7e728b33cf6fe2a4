/* The chain that imputes a window, step by step: the same as a score's, and as the formulas in
 * double; what is hidden. */
#include "check.h"
#include "detect/context.h"
#include "detect/rig.h"
#include "double_net.h"
#include "small.h"

#define LATENT 3
#define ITERATIONS 10

static struct small_series small;
static struct donut_model *model;

struct steps {
    size_t n, limit;
    struct donut_traced_point point[SMALL_SEASON];
    struct {
        double filled[SMALL_SEASON], mu[LATENT], sd[LATENT], z[LATENT];
    } at[ITERATIONS + 1];
};

static bool keep_step(void *context, const struct donut_trace_step *step)
{
    struct steps *steps = context;
    CHECK_INT(step->iteration, steps->n);
    memcpy(steps->point, step->point, sizeof steps->point);
    memcpy(steps->at[steps->n].filled, step->filled, sizeof steps->at[0].filled);
    memcpy(steps->at[steps->n].mu, step->mu, sizeof steps->at[0].mu);
    memcpy(steps->at[steps->n].sd, step->sd, sizeof steps->at[0].sd);
    memcpy(steps->at[steps->n].z, step->z, sizeof steps->at[0].z);
    return ++steps->n == steps->limit;
}

static struct donut_trace_options trace_options(void)
{
    struct donut_trace_options opt = donut_trace_defaults();
    opt.kernel = variant_kernel();
    return opt;
}

static void trace(const struct donut_series *series, size_t point,
                  const struct donut_trace_options *opt, struct steps *steps)
{
    struct donut_error err = {0};
    steps->n = 0;
    CHECK_THAT(donut_trace_imputation(model, series, point, opt, keep_step, steps, &err) ==
                   DONUT_OK,
               "%s", err.text);
}

/* donut_impute() of the same window with the same noise: the same bytes. z and the window are those
 * of the formula. */
static void test_trace(void)
{
    const size_t last = 640, first = last + 1 - SMALL_SEASON, none = 0;
    const struct donut_trace_options opt = trace_options();
    const struct donut_model_info *info = &model->info;
    static struct steps steps;
    struct small_series copy = small;
    struct donut_context context;
    struct donut_latent_rig rig;
    copy.series.value = copy.value;
    copy.value[620] = copy.value[633] = copy.value[640] = NAN;
    trace(&copy.series, last, &opt, &steps);
    CHECK_INT(steps.n, ITERATIONS + 1);
    /* What is drawn last is what one more iteration would begin with. */
    struct donut_trace_options shorter = opt;
    static struct steps fewer;
    shorter.mcmc_iterations = ITERATIONS - 1;
    trace(&copy.series, last, &shorter, &fewer);
    CHECK_INT(fewer.n, ITERATIONS);
    CHECK_INT(memcmp(fewer.at, steps.at, ITERATIONS * sizeof fewer.at[0]), 0);
    CHECK(donut_context_new(model, &copy.series, last, last + 1, &context, NULL) == DONUT_OK);
    CHECK(donut_latent_rig_start(model, opt.kernel, ITERATIONS, info->options.seed, &rig, NULL) ==
          DONUT_OK);
    for (size_t m = 0; m <= ITERATIONS; m++) {
        struct donut_imputation imputation = rig.detector.imputation;
        imputation.iterations = m;
        rig.engine.kernel->gather(SMALL_SEASON, rig.panel.lanes, context.x, &none, 1, rig.panel.x);
        donut_impute(rig.engine.kernel, &model->vae, &rig.panel, &imputation, context.missing,
                     &none, 1);
        double x[SMALL_SEASON], mu[LATENT], sd[LATENT];
        for (size_t w = 0; w < SMALL_SEASON; w++) {
            x[w] = (double)rig.panel.x[w * rig.panel.lanes];
            CHECK_NEAR(steps.at[m].filled[w], info->mean + info->std * x[w], 0);
        }
        double_encode(&model->vae, x, mu, sd);
        for (size_t k = 0; k < LATENT; k++) {
            CHECK_NEAR(steps.at[m].mu[k], mu[k], 1e-5 * (1 + fabs(mu[k])));
            CHECK_NEAR(steps.at[m].sd[k], sd[k], 1e-5 * sd[k]);
            CHECK(m == ITERATIONS ||
                  fabs(steps.at[m].z[k] - steps.at[m].mu[k] -
                       steps.at[m].sd[k] *
                           (double)rig.detector.imputation.noise_z[m * LATENT + k]) < 1e-5);
        }
    }
    for (size_t w = 0; w < SMALL_SEASON; w++) {
        const bool gone = isnan(copy.value[first + w]) != 0;
        CHECK_INT(steps.point[w].status, gone ? DONUT_POINT_MISSING : DONUT_POINT_OBSERVED);
        CHECK_INT(steps.point[w].time_ms,
                  copy.series.start_ms + (int64_t)(first + w) * copy.series.interval_ms);
        CHECK(gone ? isnan(steps.point[w].value) : steps.point[w].value == copy.value[first + w]);
    }
    donut_latent_rig_stop(&rig);
    donut_context_free(&context);
}

static size_t count_hidden(const struct steps *steps)
{
    size_t hidden = 0;
    for (size_t w = 0; w < SMALL_SEASON; w++)
        hidden += steps->point[w].status == DONUT_POINT_HIDDEN;
    return hidden;
}

/* A hidden point is imputed like a missing one: the chain is that of a KPI without it. */
static void test_hide(void)
{
    struct donut_trace_options opt = trace_options();
    static struct steps steps, more, missing;
    struct small_series copy = small;
    copy.series.value = copy.value;
    copy.value[700] = NAN;
    opt.hide = 0.2; /* of 23 */
    trace(&copy.series, 710, &opt, &steps);
    CHECK_INT(count_hidden(&steps), 5);
    opt.hide = 0.5;
    trace(&copy.series, 710, &opt, &more);
    CHECK_INT(count_hidden(&more), 12);
    for (size_t w = 0; w < SMALL_SEASON; w++) {
        CHECK(steps.point[w].status != DONUT_POINT_HIDDEN ||
              more.point[w].status == DONUT_POINT_HIDDEN);
        CHECK(steps.point[w].status == DONUT_POINT_MISSING || !isnan(steps.point[w].value));
        if (steps.point[w].status == DONUT_POINT_HIDDEN)
            copy.value[710 + 1 - SMALL_SEASON + w] = NAN;
    }
    opt.hide = 0;
    trace(&copy.series, 710, &opt, &missing);
    CHECK_INT(memcmp(missing.at, steps.at, sizeof steps.at), 0);
    opt.hide = 1;
    trace(&small.series, 710, &opt, &more);
    CHECK_INT(count_hidden(&more), SMALL_SEASON);
    opt.hide = 0.5;
    opt.seed = 1;
    trace(&small.series, 710, &opt, &steps);
    CHECK_INT(count_hidden(&steps), 12);
    CHECK(memcmp(steps.at[1].z, more.at[1].z, sizeof steps.at[1].z) != 0);
}

/* Every point of a window is hidden as often as any other: 5 of 24, over 400 seeds. */
static void test_hide_evenly(void)
{
    struct donut_trace_options opt = trace_options();
    static struct steps steps;
    double hidden[SMALL_SEASON] = {0}, chi = 0;
    opt.hide = 5.0 / 24;
    opt.mcmc_iterations = 0;
    for (opt.seed = 0; opt.seed < 400; opt.seed++) {
        trace(&small.series, 300, &opt, &steps);
        for (size_t w = 0; w < SMALL_SEASON; w++)
            hidden[w] += steps.point[w].status == DONUT_POINT_HIDDEN;
    }
    /* 23 degrees of freedom: above 50 once in a thousand */
    const double expected = 400 * 5.0 / 24, variance = expected * 19 / 24 * 24 / 23;
    for (size_t w = 0; w < SMALL_SEASON; w++)
        chi += (hidden[w] - expected) * (hidden[w] - expected) / variance;
    CHECK_THAT(chi > 8 && chi < 50, "chi-squared is %g", chi);
}

/* The window reaches back into the training points that the model remembers, or before all data. */
static void test_trace_before_series(void)
{
    const struct donut_trace_options opt = trace_options();
    static struct steps steps, whole;
    struct donut_series part = small_part(&small, 900, SMALL_POINTS);
    trace(&part, 5, &opt, &steps);
    trace(&small.series, 905, &opt, &whole);
    CHECK_INT(memcmp(&steps, &whole, sizeof steps), 0);
    part.start_ms += 86400000;
    trace(&part, 5, &opt, &steps);
    for (size_t w = 0; w < SMALL_SEASON; w++)
        CHECK_INT(steps.point[w].status,
                  w < SMALL_SEASON - 6 ? DONUT_POINT_MISSING : DONUT_POINT_OBSERVED);
}

static void test_refusals(void)
{
    static struct steps steps;
    struct donut_error err;
    struct donut_trace_options opt = trace_options();
    struct donut_series slow = small.series;
    const size_t n = small.series.n;
    slow.interval_ms *= 2;
    CHECK_INT(donut_trace_imputation(model, &slow, 9, NULL, keep_step, &steps, &err), DONUT_EINPUT);
    CHECK_INT(donut_trace_imputation(model, &small.series, n, NULL, keep_step, &steps, &err),
              DONUT_EARGUMENT);
    CHECK_INT(donut_trace_imputation(model, &small.series, SIZE_MAX, NULL, keep_step, &steps, &err),
              DONUT_EARGUMENT);
    opt.hide = NAN;
    CHECK_INT(donut_trace_imputation(model, &small.series, 9, &opt, keep_step, &steps, &err),
              DONUT_EARGUMENT);
    opt = trace_options();
    opt.mcmc_iterations = 10001;
    CHECK_INT(donut_trace_imputation(model, &small.series, 9, &opt, keep_step, &steps, &err),
              DONUT_EARGUMENT);
    const donut_real kept = model->vae.z.mu.b[1];
    model->vae.z.mu.b[1] = (donut_real)NAN;
    CHECK_INT(donut_trace_imputation(model, &small.series, 9, NULL, keep_step, &steps, &err),
              DONUT_EMODEL);
    model->vae.z.mu.b[1] = kept;
    CHECK_INT(steps.n, 0);
    steps.limit = 2;
    CHECK_INT(donut_trace_imputation(model, &small.series, 9, NULL, keep_step, &steps, &err),
              DONUT_ECANCELLED);
    CHECK_INT(steps.n, 2);
}

TEST(trace)
{
    const struct donut_train_options opt = small_options();
    struct donut_error err = {0};
    small_make(&small);
    if (donut_train(&small.series, 0, 900, &opt, &model, NULL, &err) != DONUT_OK) {
        CHECK_THAT(false, "%s", err.text);
        return check_report("trace");
    }
    test_trace();
    test_hide();
    test_hide_evenly();
    test_trace_before_series();
    test_refusals();
    donut_model_free(model);
    return check_report("trace");
}
