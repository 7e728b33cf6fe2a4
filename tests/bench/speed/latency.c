/* How long one point takes that arrives alone: a detector stands by and judges it. */
#include "measure.h"
#include "sections.h"
#include "work.h"

#include "detect/context.h"
#include "detect/score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define POINTS 20000
#define POINTS_COLD 2000
#define COLD_BYTES ((size_t)4 << 20)

struct stream {
    struct donut_target target;
    struct donut_detector detector;
    struct donut_context context;
    unsigned char *other; /* (COLD_BYTES) memory that pushes the detector's out of the caches */
};

/* Sorted seconds of points, one after the other. */
static void judge_points(struct stream *stream, size_t n, bool cold, double *seconds)
{
    const size_t reach = stream->detector.shape.window - 1;
    volatile unsigned char seen = 0;
    struct donut_verdict verdict;
    struct donut_error err;
    for (size_t i = 0; i < n; i++) {
        const size_t end = reach + i;
        for (size_t j = 0; cold && j < COLD_BYTES; j += 64)
            seen = (unsigned char)(seen + ++stream->other[j]);
        const double begin = seconds_now();
        need_ok(donut_detector_judge(&stream->detector, stream->context.x, stream->context.missing,
                                     &end, 1, &verdict, &err),
                &err);
        seconds[i] = seconds_now() - begin;
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Rounds of n points each; of every round the median, the 99th percentile and the slowest. */
static void measure(struct stream *stream, const char *name, size_t n, bool cold, size_t rounds)
{
    static double seconds[POINTS];
    static const char *const names[] = {"p50", "p99", "slowest"};
    struct figures figures[3] = {0};
    char what[80];
    for (size_t r = 0; r < rounds; r++) {
        judge_points(stream, n, cold, seconds);
        qsort(seconds, n, sizeof seconds[0], ascending);
        figures_add(&figures[0], 1e6 * seconds[n / 2]);
        figures_add(&figures[1], 1e6 * seconds[n * 99 / 100]);
        figures_add(&figures[2], 1e6 * seconds[n - 1]);
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(what, sizeof what, "%s: %s", name, names[i]);
        row_print(&(struct row){.section = "latency",
                                .what = what,
                                .kernel = donut_kernel_name(0),
                                .threads = 1,
                                .unit = "us"},
                  &figures[i]);
    }
}

void section_latency(size_t rounds, char **argument)
{
    struct donut_series series = series_make(POINTS + 1000);
    struct donut_engine engine;
    struct donut_model *model;
    struct donut_error err;
    struct stream stream = {.other = calloc(COLD_BYTES, 1)};
    size_t windows;
    (void)argument;
    need(stream.other != NULL, "not enough memory");
    train_epoch(&series, 1, &windows, &model);
    const size_t window = model->vae.shape.window;
    need_ok(donut_engine_start(NULL, 1, &engine, &err), &err);
    need_ok(donut_context_new(model, &series, window, window + POINTS, &stream.context, &err),
            &err);
    const struct donut_train_options *opt = &model->info.options;
    const struct donut_draws draws = {opt->sampler, opt->samples, opt->mcmc_iterations, opt->seed,
                                      opt->score_by};
    need_ok(donut_target_new(model, &stream.target, &err), &err);
    need_ok(donut_detector_new(&engine, &model->vae.shape, &draws, &stream.detector, &err), &err);
    need_ok(donut_detector_aim(&stream.detector, &stream.target, &err), &err);
    measure(&stream, "one point", POINTS, false, rounds);
    measure(&stream, "... after other work on 4 MiB", POINTS_COLD, true, rounds);
    for (size_t i = 0; i < stream.context.n; i += window / 2)
        stream.context.missing[i] = 1;
    measure(&stream, "... with two missing points before it", POINTS, false, rounds);
    donut_detector_free(&stream.detector);
    donut_target_free(&stream.target);
    donut_context_free(&stream.context);
    donut_engine_stop(&engine);
    donut_model_free(model);
    series_drop(&series);
    free(stream.other);
}
