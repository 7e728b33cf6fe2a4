#include "work.h"
#include "measure.h"

#include "../../tools/kpi_level.h"
#include "model/model.h"
#include "train/automatic.h"

#include <stdlib.h>

struct donut_series series_make(size_t n)
{
    double *value = malloc(n * sizeof *value);
    need(value != NULL, "not enough memory");
    for (size_t i = 0; i < n; i++) {
        const double day = (double)i / 1440;
        value[i] = 2400 * season(1, 0.95, day) * trend(day) + 50 * normal(1, DRAW_NOISE, i);
    }
    return (struct donut_series){
        .n = n, .start_ms = 1736121600000, .interval_ms = 60000, .value = value};
}

void series_drop(struct donut_series *series)
{
    free((double *)(uintptr_t)series->value);
    *series = (struct donut_series){0};
}

static struct donut_vae plan(void)
{
    struct donut_train_options opt = donut_train_paper();
    opt.window = DONUT_USUAL_WINDOW;
    const struct donut_vae_shape shape = donut_options_shape(&opt);
    struct donut_vae vae;
    need(donut_vae_plan(&shape, &vae), "the network cannot be planned");
    return vae;
}

static double products(const struct donut_dense *layer)
{
    return 2 * (double)layer->in * (double)layer->out;
}

double training_operations(void)
{
    const struct donut_vae vae = plan();
    double sum = -products(&vae.encoder[0]); /* needs no gradient of its input */
    for (size_t t = 0; t < vae.tensors; t += 2)
        sum += 3 * products(donut_vae_layer(&vae, t));
    return sum;
}

double scoring_operations(size_t samples)
{
    const struct donut_vae vae = plan();
    double once = products(&vae.z.mu) + products(&vae.z.sd);
    double each = 2 * 2 * (double)vae.x.mu.in; /* the last point's column of both heads */
    for (size_t i = 0; i < vae.shape.depth; i++) {
        once += products(&vae.encoder[i]);
        each += products(&vae.decoder[i]);
    }
    return once + (double)samples * each;
}

/* Looks at the clock after every step of training, and asks to stop in time. */
struct watch {
    double seconds;
    size_t steps, first, last; /* windows when the watch was started, and at the latest step */
    double begin, end;
};

#define WARM_UP_STEPS 5 /* with the first use of all memory */

static bool watch_step(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    if (progress->phase != DONUT_PHASE_TRAIN)
        return false;
    watch->end = seconds_now();
    watch->last = (progress->epoch - 1) * progress->total + progress->done;
    if (++watch->steps == WARM_UP_STEPS) {
        watch->begin = watch->end;
        watch->first = watch->last;
    }
    return watch->steps > WARM_UP_STEPS && watch->end - watch->begin >= watch->seconds;
}

double train_rate(const struct donut_series *series, const char *kernel, size_t threads,
                  double seconds)
{
    struct watch watch = {.seconds = seconds};
    struct donut_train_options opt = donut_train_paper();
    struct donut_model *model;
    struct donut_error err;
    opt.epochs = 1000000;
    opt.validation = 0.002;
    opt.validate_every = 1000000000;
    opt.samples = 1;
    opt.kernel = kernel;
    opt.threads = threads;
    opt.progress = watch_step;
    opt.progress_context = &watch;
    need_ok(donut_train(series, 0, series->n, &opt, &model, NULL, &err), &err);
    donut_model_free(model);
    return (double)(watch.last - watch.first) / (watch.end - watch.begin);
}

static bool watch_epoch(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    if (progress->phase != DONUT_PHASE_TRAIN)
        return false;
    watch->end = seconds_now();
    watch->last = progress->done;
    return progress->done == progress->total;
}

double train_epoch(const struct donut_series *series, size_t threads, size_t *windows,
                   struct donut_model **model)
{
    struct watch watch = {.begin = seconds_now()};
    struct donut_train_options opt = donut_train_paper();
    struct donut_error err;
    opt.epochs = 1;
    opt.validate_every = 1000000000;
    opt.threads = threads;
    opt.progress = watch_epoch;
    opt.progress_context = &watch;
    need_ok(donut_train(series, 0, series->n, &opt, model, NULL, &err), &err);
    *windows = watch.last;
    return watch.end - watch.begin;
}

static double score_points(const struct donut_model *model, const struct donut_series *series,
                           const struct scoring *scoring, size_t points)
{
    const size_t window = model->vae.shape.window;
    struct donut_score_options opt = donut_score_defaults();
    struct donut_score_row *rows = malloc(points * sizeof *rows);
    struct donut_error err;
    need(rows != NULL, "not enough memory");
    opt.sampler = scoring->sampler;
    opt.samples = scoring->samples;
    opt.kernel = scoring->kernel;
    opt.threads = scoring->threads;
    const size_t from = points + window <= series->n ? window : series->n - points;
    const double begin = seconds_now();
    need_ok(donut_score(model, series, from, from + points, &opt, rows, &err), &err);
    const double seconds = seconds_now() - begin;
    free(rows);
    return (double)points / seconds;
}

#define POINTS_STEP 128 /* whole panels for each of four threads */

double score_rate(const struct donut_model *model, const struct donut_series *series,
                  struct scoring *scoring)
{
    if (scoring->points == 0) {
        const double rate = score_points(model, series, scoring, POINTS_STEP);
        const double steps = rate * scoring->seconds / POINTS_STEP;
        const size_t most = series->n / POINTS_STEP;
        scoring->points = POINTS_STEP * (steps < (double)most ? (size_t)steps + 1 : most);
    }
    return score_points(model, series, scoring, scoring->points);
}
