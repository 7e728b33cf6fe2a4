/* How far scores are from their expectation, for both samplers of z and several L: the error of a
 * point is the root mean square over seeds of its distance from the score with REFERENCE Sobol
 * points. Usage: sampler_error MODEL KPI.csv */
#include "base/random.h"
#include "detect/context.h"
#include "detect/score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 256       /* of the KPI, evenly chosen from its last 30 % */
#define SEEDS 16         /* independent scrambles or streams of draws */
#define REFERENCE 262144 /* Sobol points of the score that counts as exact */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc((size_t)1 << 28);
    *size = file && bytes ? fread(bytes, 1, (size_t)1 << 28, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

struct setting {
    const struct donut_engine *engine;
    struct donut_model *model;
    const struct donut_context *context;
    size_t end[POINTS];
    double reference[POINTS];
};

static bool score(const struct setting *setting, uint64_t seed, enum donut_sampler sampler,
                  size_t samples, double *out)
{
    struct donut_detector detector;
    struct donut_target target;
    struct donut_verdict verdict[POINTS];
    struct donut_error err;
    const struct donut_draws draws = {sampler, samples, 0, seed, DONUT_SCORE_RECONSTRUCTION};
    if (donut_target_new(setting->model, &target, &err) != DONUT_OK)
        return false;
    if (donut_detector_new(setting->engine, &setting->model->vae.shape, &draws, &detector, &err) !=
        DONUT_OK) {
        donut_target_free(&target);
        return false;
    }
    enum donut_status status = donut_detector_aim(&detector, &target, &err);
    if (status == DONUT_OK)
        status = donut_detector_judge(&detector, setting->context->x, setting->context->missing,
                                      setting->end, POINTS, verdict, &err);
    for (size_t i = 0; i < POINTS; i++)
        out[i] = verdict[i].score;
    donut_detector_free(&detector);
    donut_target_free(&target);
    return status == DONUT_OK;
}

/* The median over points of the error, and the 90th percentile. */
static bool measure(const struct setting *setting, enum donut_sampler sampler, size_t samples,
                    double *median, double *p90)
{
    double square[POINTS] = {0}, scores[POINTS];
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        if (!score(setting, seed, sampler, samples, scores))
            return false;
        for (size_t i = 0; i < POINTS; i++) {
            const double error = scores[i] - setting->reference[i];
            square[i] += error * error / SEEDS;
        }
    }
    qsort(square, POINTS, sizeof *square, compare);
    *median = sqrt(square[POINTS / 2]);
    *p90 = sqrt(square[POINTS * 9 / 10]);
    return true;
}

/* Evenly chosen points whose window has no missing point. */
static bool choose(struct setting *setting)
{
    const struct donut_context *context = setting->context;
    const size_t window = setting->model->vae.shape.window, from = context->n * 7 / 10;
    size_t n = 0, next = 0;
    for (size_t i = 0; i < POINTS; i++) {
        size_t end = from + (context->n - from) * i / POINTS;
        end = end < next ? next : end;
        while (end < context->n && memchr(context->missing + end + 1 - window, 1, window))
            end++;
        if (end < context->n)
            setting->end[n++] = end;
        next = end + 1;
    }
    return n == POINTS && score(setting, 1000, DONUT_SAMPLER_SOBOL, REFERENCE, setting->reference);
}

static bool table(const struct setting *setting, const char *name)
{
    static const size_t lengths[] = {16, 32, 64, 128, 256, 512, 1024};
    const size_t latent = setting->model->vae.shape.latent;
    double base_median, base_p90, median, p90;
    if (!measure(setting, DONUT_SAMPLER_MC, 1024, &base_median, &base_p90))
        return false;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        for (int sampler = DONUT_SAMPLER_SOBOL; sampler <= DONUT_SAMPLER_MC; sampler++) {
            if (!measure(setting, (enum donut_sampler)sampler, lengths[i], &median, &p90))
                return false;
            printf("%-40s %3zu  %-5s %5zu  %9.2e %9.2e  %7.3f %7.3f\n", name, latent,
                   sampler == DONUT_SAMPLER_MC ? "mc" : "sobol", lengths[i], median, p90,
                   median / base_median, p90 / base_p90);
        }
    return true;
}

int main(int argc, char **argv)
{
    struct donut_error err = {0};
    struct donut_series *series;
    struct donut_context context;
    struct donut_engine engine;
    static struct setting setting;
    size_t size;
    if (argc != 3)
        return 2;
    char *bytes = read_file(argv[2], &size);
    const char *name = strrchr(argv[2], '/') ? strrchr(argv[2], '/') + 1 : argv[2];
    setting = (struct setting){.engine = &engine, .context = &context};
    if (!bytes || donut_series_read_csv(bytes, size, NULL, &series, &err) != DONUT_OK ||
        donut_model_load(argv[1], &setting.model, &err) != DONUT_OK ||
        donut_engine_start(NULL, 0, &engine, &err) != DONUT_OK ||
        donut_context_new(setting.model, series, 0, series->n, &context, &err) != DONUT_OK ||
        !choose(&setting) || !table(&setting, name)) {
        fprintf(stderr, "sampler_error: %s: %s\n", name, err.text);
        return 1;
    }
    donut_context_free(&context);
    donut_engine_stop(&engine);
    donut_model_free(setting.model);
    donut_series_free(series);
    free(bytes);
    return 0;
}
