/* The values of z that a score is averaged over: both samplers and any number of them against the
 * formulas in double, which sampler and number a call uses, and that Sobol points come closer. */
#include "detect/sampler.h"
#include "double_net.h"
#include "small.h"

#define LATENT 3
#define MOST_SAMPLES 1024
#define ITERATIONS 10

static struct small_series small; /* with holes */
static struct donut_model *model; /* trained with the Sobol sampler, 48 points */

static struct donut_model *train(size_t latent, double nu, enum donut_sampler sampler,
                                 size_t samples)
{
    struct donut_train_options opt = small_options();
    struct donut_model *trained;
    struct donut_error err = {0};
    opt.latent = latent;
    opt.student_df = nu;
    opt.kernel = "plain"; /* this and the threads are forgotten */
    opt.threads = 2;
    opt.epochs = 10;
    opt.sampler = sampler;
    opt.samples = samples;
    CHECK_THAT(donut_train(&small.series, 0, 900, &opt, &trained, NULL, &err) == DONUT_OK, "%s",
               err.text);
    return trained;
}

/* Noise of z for imputation; Student's t of pairs of normals, for nu > 0. */
static void draw_noise(double nu, donut_real noise[ITERATIONS * LATENT])
{
    const struct donut_stream stream = {7, DONUT_DRAW_IMPUTE_Z, 0};
    donut_real normal[2 * ITERATIONS * LATENT];
    donut_random_normals(stream, 0, 2 * ITERATIONS * LATENT, normal);
    for (size_t i = 0; i < ITERATIONS * LATENT; i++) {
        const double n = (double)normal[2 * i], square = n * n + pow((double)normal[2 * i + 1], 2);
        noise[i] = nu > 0 ? (donut_real)(n * sqrt(nu * expm1(square / nu) / square)) : normal[i];
    }
}

/* The window that ends at t, standardised; missing points filled and imputed. */
static void make_window(size_t t, double window[SMALL_SEASON])
{
    const struct donut_model_info *info = &model->info;
    donut_real noise_z[ITERATIONS * LATENT], noise_x[ITERATIONS * SMALL_SEASON];
    unsigned char missing[SMALL_SEASON];
    draw_noise(info->options.student_df, noise_z);
    donut_random_normals((struct donut_stream){7, DONUT_DRAW_IMPUTE_X, 0}, 0,
                         ITERATIONS * SMALL_SEASON, noise_x);
    for (size_t w = 0; w < SMALL_SEASON; w++) {
        const double value = small.value[t + 1 - SMALL_SEASON + w];
        missing[w] = (unsigned char)(isnan(value) != 0);
        window[w] = missing[w] ? info->fill : (value - info->mean) / info->std;
    }
    double_impute(&model->vae, ITERATIONS, noise_z, noise_x, missing, window);
}

/* The score's error is that of log p, some (x - mu)^2 / sd^2 roundings; a window with holes has ten
 * steps of imputation behind it. */
static void check_point(size_t t, const struct donut_score_options *opt, const donut_real *noise)
{
    const double mean = model->info.mean, std = model->info.std;
    double window[SMALL_SEASON];
    struct donut_score_row row;
    make_window(t, window);
    const struct double_verdict want = double_judge(&model->vae, window, noise, opt->samples);
    CHECK_INT(donut_score(model, &small.series, t, t + 1, opt, &row, NULL), DONUT_OK);
    CHECK_NEAR(row.expected, mean + std * want.mean, 2e-5 * std);
    CHECK_NEAR(row.upper - row.expected, 3 * std * want.sd, 2e-5 * std);
    if (isnan(small.value[t]))
        CHECK(isnan(row.score));
    else
        CHECK_THAT(fabs(row.score - want.score) <= 1e-5 * (1 + fabs(want.score)),
                   "%s, %zu samples, point %zu: score %.9g, want %.9g", opt->kernel, opt->samples,
                   t, row.score, want.score);
}

/* Windows that hold no hole; one, as their first point, their last but one, somewhere, their last;
 * two. */
static void test_formula(const char *kernel, enum donut_sampler sampler)
{
    static const size_t points[] = {150, 123, 158, 240, 157, 174};
    static const size_t samples[] = {1, 5, 17, 100, 128, 129, 1000};
    static donut_real noise[MOST_SAMPLES * LATENT];
    struct donut_score_options opt = variant_score_defaults();
    opt.kernel = kernel;
    opt.sampler = sampler;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        opt.samples = samples[i];
        CHECK(donut_sampler_draw(sampler, model->info.options.student_df, 7, samples[i], LATENT,
                                 noise, samples[i], NULL) == DONUT_OK);
        for (size_t j = 0; j < sizeof points / sizeof points[0]; j++)
            check_point(points[j], &opt, noise);
    }
}

/* A model with Student's t, and one scorer for both laws: models that differ in nu alone do not
 * share their draws. */
static void test_student(void)
{
    struct donut_model *normal = train(LATENT, 0, DONUT_SAMPLER_SOBOL, 48);
    struct donut_score_options opt = variant_score_defaults();
    struct donut_scorer *scorer = NULL;
    struct donut_score_row alone[2], shared[2];
    model = train(LATENT, 10, DONUT_SAMPLER_SOBOL, 48);
    if (!CHECK(normal && model && donut_scorer_new(&opt, &scorer, NULL) == DONUT_OK))
        return;
    for (size_t i = 0; donut_kernel_name(i); i++) {
        test_formula(donut_kernel_name(i), DONUT_SAMPLER_SOBOL);
        test_formula(donut_kernel_name(i), DONUT_SAMPLER_MC);
    }
    const struct donut_model *const both[] = {normal, model};
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(donut_score(both[i], &small.series, 150, 151, &opt, &alone[i], NULL), DONUT_OK);
        CHECK_INT(donut_scorer_score(scorer, both[i], &small.series, 150, 151, &shared[i], NULL),
                  DONUT_OK);
        CHECK_NEAR(shared[i].score, alone[i].score, 0);
    }
    donut_scorer_free(scorer);
    donut_model_free(normal);
    donut_model_free(model);
}

static double score_with(const struct donut_model *with, enum donut_sampler sampler, size_t samples)
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_score_row row = {.score = NAN};
    opt.sampler = sampler;
    opt.samples = samples;
    CHECK_INT(donut_score(with, &small.series, 600, 601, &opt, &row, NULL), DONUT_OK);
    return row.score;
}

/* A wish for `sampler` and `samples` means `want` and `want_samples`, and no other. */
static void check_rule(const struct donut_model *with, enum donut_sampler sampler, size_t samples,
                       enum donut_sampler want, size_t want_samples)
{
    const enum donut_sampler other =
        want == DONUT_SAMPLER_MC ? DONUT_SAMPLER_SOBOL : DONUT_SAMPLER_MC;
    const double score = score_with(with, sampler, samples);
    CHECK_NEAR(score, score_with(with, want, want_samples), 0);
    CHECK(score != score_with(with, want, want_samples + 1));
    CHECK(score != score_with(with, other, want_samples));
}

/* What a model trained with `sampler` and `samples` is scored with. */
static void check_rules(size_t latent, enum donut_sampler sampler, size_t samples,
                        enum donut_sampler want, size_t want_samples)
{
    struct donut_model *with = train(latent, 0, sampler, samples);
    if (!with)
        return;
    const bool sobol = want == DONUT_SAMPLER_SOBOL;
    const size_t usual = latent <= 8 ? 128 : 256;
    struct donut_model_info info;
    donut_model_get_info(with, &info);
    CHECK_INT(info.options.sampler, want);
    CHECK_INT(info.options.samples, want_samples);
    CHECK(info.options.threads == 0 && info.options.kernel == NULL);
    check_rule(with, DONUT_SAMPLER_DEFAULT, 0, want, want_samples);
    check_rule(with, DONUT_SAMPLER_DEFAULT, 77, want, 77);
    check_rule(with, DONUT_SAMPLER_SOBOL, 0, DONUT_SAMPLER_SOBOL, sobol ? want_samples : usual);
    check_rule(with, DONUT_SAMPLER_SOBOL, 77, DONUT_SAMPLER_SOBOL, 77);
    check_rule(with, DONUT_SAMPLER_MC, 0, DONUT_SAMPLER_MC, sobol ? 1024 : want_samples);
    check_rule(with, DONUT_SAMPLER_MC, 77, DONUT_SAMPLER_MC, 77);
    donut_model_free(with);
}

static void test_rules(void)
{
    for (size_t latent = 7; latent <= 9; latent++) {
        const size_t usual = latent == 9 ? 256 : 128;
        check_rules(latent, DONUT_SAMPLER_DEFAULT, 0, DONUT_SAMPLER_SOBOL, usual);
        check_rules(latent, DONUT_SAMPLER_DEFAULT, 50, DONUT_SAMPLER_SOBOL, 50);
        check_rules(latent, DONUT_SAMPLER_SOBOL, 0, DONUT_SAMPLER_SOBOL, usual);
        check_rules(latent, DONUT_SAMPLER_SOBOL, 60, DONUT_SAMPLER_SOBOL, 60);
        check_rules(latent, DONUT_SAMPLER_MC, 0, DONUT_SAMPLER_MC, 1024);
        check_rules(latent, DONUT_SAMPLER_MC, 40, DONUT_SAMPLER_MC, 40);
    }
}

#define POINTS 24

static void score_points(enum donut_sampler sampler, size_t samples, double score[POINTS])
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_score_row rows[POINTS];
    opt.sampler = sampler;
    opt.samples = samples;
    CHECK_INT(donut_score(model, &small.series, 1000, 1000 + POINTS, &opt, rows, NULL), DONUT_OK);
    for (size_t i = 0; i < POINTS; i++)
        score[i] = rows[i].score;
}

/* Root mean square of a - b. */
static double distance(const double a[POINTS], const double b[POINTS])
{
    double sum = 0;
    for (size_t i = 0; i < POINTS; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum / POINTS);
}

/* Independent draws err by n^-1/2, Sobol points by n^-1 or less: the ratio grows as sqrt(n).
 * The expectation is the same with both, so the reference, very many Sobol points, is held against
 * very many independent draws, which must err 16 times less than 128 of them. */
static void test_error(void)
{
    double reference[POINTS], many[POINTS], sobol[POINTS], mc[POINTS];
    score_points(DONUT_SAMPLER_SOBOL, 16384, reference);
    score_points(DONUT_SAMPLER_MC, 32768, many);
    for (size_t samples = 128; samples <= 2048; samples *= 4) {
        score_points(DONUT_SAMPLER_SOBOL, samples, sobol);
        score_points(DONUT_SAMPLER_MC, samples, mc);
        const double of_sobol = distance(sobol, reference), of_mc = distance(mc, reference);
        CHECK_THAT(of_sobol < of_mc / (sqrt((double)samples) / 4),
                   "%zu samples: error of sobol %g, of mc %g", samples, of_sobol, of_mc);
        if (samples == 128)
            CHECK_THAT(distance(many, reference) < of_mc / 6, "mc: %g with 128, %g with 32768",
                       of_mc, distance(many, reference));
    }
}

TEST(samplers)
{
    small_make(&small);
    for (size_t t = 100; t < 900; t += 74)
        small.value[t] = small.value[t + 57] = NAN;
    test_student();
    model = train(LATENT, 0, DONUT_SAMPLER_SOBOL, 48);
    for (size_t i = 0; model && donut_kernel_name(i); i++) {
        test_formula(donut_kernel_name(i), DONUT_SAMPLER_SOBOL);
        test_formula(donut_kernel_name(i), DONUT_SAMPLER_MC);
    }
    if (model)
        test_error();
    test_rules();
    donut_model_free(model);
    return check_report("samplers");
}
