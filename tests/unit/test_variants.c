/* On data/sample.csv the kernels differ by rounding alone: the same model's scores by less than
 * 1e-4 nats, the best F not at all; and a few steps of training take them to the same place. */
#include "base/file.h"
#include "model/model.h"
#include "variants.h"

static struct donut_series *series;
static size_t from; /* 70 % of it */

static struct donut_train_options options(const char *kernel)
{
    struct donut_train_options opt = donut_train_defaults();
    opt.window = 60;
    opt.latent = 4;
    opt.hidden[0] = opt.hidden[1] = 32;
    opt.epochs = 20;
    opt.batch_size = 64;
    opt.kernel = kernel;
    opt.threads = variant_threads();
    return opt;
}

static struct donut_model *train(const struct donut_train_options *opt, size_t to)
{
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_THAT(donut_train(series, 0, to, opt, &model, NULL, &err) == DONUT_OK, "%s", err.text);
    return model;
}

static struct donut_score_row *score(const struct donut_model *model, const char *kernel)
{
    struct donut_score_row *rows = calloc(series->n - from, sizeof *rows);
    struct donut_score_options opt = donut_score_defaults();
    struct donut_error err = {0};
    opt.kernel = kernel;
    opt.threads = variant_threads();
    CHECK_THAT(donut_score(model, series, from, series->n, &opt, rows, &err) == DONUT_OK, "%s",
               err.text);
    return rows;
}

/* Best F: adjusted, within the delay, and point by point. */
static void best_f(const struct donut_score_row *rows, double f[3])
{
    const size_t n = series->n - from;
    struct donut_scored scored = {.interval_seconds = (double)series->interval_ms / 1000};
    struct donut_evaluation result = {0};
    scored.score = calloc(n, sizeof *scored.score);
    scored.label = calloc(n, 1);
    scored.position = calloc(n, sizeof *scored.position);
    for (size_t i = 0; i < n; i++)
        if (rows[i].status == DONUT_ROW_OK) {
            scored.score[scored.n] = rows[i].score;
            scored.label[scored.n] = series->label[from + i];
            scored.position[scored.n++] = (int64_t)i;
        }
    CHECK_INT(donut_evaluate(&scored, NULL, &result, NULL), DONUT_OK);
    f[0] = result.adjusted.best.f;
    f[1] = result.delayed.best.f;
    f[2] = result.raw.best.f;
    donut_evaluation_free(&result);
    free(scored.score);
    free(scored.label);
    free(scored.position);
}

static void compare(const struct donut_score_row *a, const struct donut_score_row *b,
                    const char *name, double std)
{
    double score_off = 0, band_off = 0, f[2][3];
    size_t different = 0;
    for (size_t i = 0; i < series->n - from; i++) {
        if (a[i].status != DONUT_ROW_MISSING)
            score_off = fmax(score_off, fabs(a[i].score - b[i].score));
        band_off = fmax(band_off, fabs(a[i].expected - b[i].expected) / std);
        band_off = fmax(band_off, fabs(a[i].upper - b[i].upper) / std);
        different += a[i].status != b[i].status || a[i].anomaly != b[i].anomaly;
    }
    CHECK_THAT(score_off < 1e-4, "%s: scores differ by up to %g nats", name, score_off);
    CHECK_THAT(band_off < 1e-4, "%s: bands differ by up to %g standard deviations", name, band_off);
    CHECK_INT(different, 0);
    best_f(a, f[0]);
    best_f(b, f[1]);
    for (size_t i = 0; i < 3; i++)
        CHECK_NEAR(f[1][i], f[0][i], 0);
    CHECK(f[0][0] > 0.5);
}

static void test_scores(void)
{
    const struct donut_train_options opt = options(NULL);
    struct donut_model *model = train(&opt, from);
    struct donut_model_info info;
    const char *name;
    if (!model)
        return;
    donut_model_get_info(model, &info);
    struct donut_score_row *first = score(model, "plain");
    for (size_t i = 0; (name = donut_kernel_name(i)) != NULL; i++) {
        struct donut_score_row *rows = score(model, name);
        compare(first, rows, name, info.std);
        free(rows);
    }
    free(first);
    donut_model_free(model);
}

/* Adam's first steps are as long for a gradient next to nothing, whose rounding counts, as for any
 * other. So the comparison is of the root mean square over all parameters (measured: 5e-9). */
static void test_training(void)
{
    struct donut_train_options opt = options("plain");
    opt.epochs = 2;
    struct donut_model *plain = train(&opt, 2000);
    const char *name;
    for (size_t i = 0; plain && (name = donut_kernel_name(i)) != NULL; i++) {
        opt.kernel = name;
        struct donut_model *model = train(&opt, 2000);
        double sum = 0;
        for (size_t j = 0; model && j < plain->vae.size; j++) {
            const double off = (double)model->vae.block[j] - (double)plain->vae.block[j];
            sum += off * off;
        }
        const double off = sqrt(sum / (double)plain->vae.parameters);
        CHECK_THAT(model && off < 1e-6, "%s: parameters are off by %g", name, off);
        if (model)
            CHECK_NEAR(model->info.best_loss, plain->info.best_loss, 1e-3);
        donut_model_free(model);
    }
    donut_model_free(plain);
}

TEST(variants)
{
    char *bytes = NULL;
    size_t size = 0;
    CHECK_INT(donut_file_read("data/sample.csv", -1, &bytes, &size, NULL), DONUT_OK);
    CHECK_INT(donut_series_read_csv(bytes, size, NULL, &series, NULL), DONUT_OK);
    free(bytes);
    if (series) {
        from = series->n * 7 / 10;
        test_scores();
        test_training();
    }
    donut_series_free(series);
    return check_report("variants");
}
