#include "base/random.h"
#include "base/status.h"
#include "data/series.h"
#include "detect/context.h"
#include "detect/rig.h"

#include <math.h>
#include <stdlib.h>

struct tracer {
    const struct donut_model *model;
    const struct donut_series *series;
    const struct donut_trace_options *opt;
    size_t last; /* the window's last point */
    size_t iterations;
    struct donut_context context; /* the window */
    struct donut_latent_rig rig;
    struct donut_traced_point *point; /* (W) */
    double *filled;                   /* (W) */
    double *mu, *sd, *z;              /* (K) */
};

struct donut_trace_options donut_trace_defaults(void)
{
    return (struct donut_trace_options){.mcmc_iterations = SIZE_MAX};
}

static enum donut_status check(const struct donut_trace_options *opt, struct donut_error *err)
{
    if (!(opt->hide >= 0 && opt->hide <= 1))
        return donut_fail(err, DONUT_EARGUMENT, "the share of hidden points must be 0 to 1");
    return DONUT_OK;
}

/* The place of point `w` of the window in the series; below 0 before its start. */
static int64_t place_of(const struct tracer *tracer, size_t w)
{
    const size_t window = tracer->model->vae.shape.window;
    return (int64_t)tracer->last + 1 - (int64_t)window + (int64_t)w;
}

static void describe_points(struct tracer *tracer, const double *before)
{
    const struct donut_series *series = tracer->series;
    const size_t window = tracer->model->vae.shape.window;
    for (size_t w = 0; w < window; w++) {
        const int64_t i = place_of(tracer, w);
        const size_t at = i < 0 ? 0 : (size_t)i;
        tracer->point[w] = (struct donut_traced_point){
            .time_ms = series->start_ms + i * series->interval_ms,
            .offset_minutes = series->offset_minutes ? series->offset_minutes[at] : 0,
            .value = i < 0 ? before[(int64_t)window - 1 + i] : series->value[at],
            .status = tracer->context.missing[w] ? DONUT_POINT_MISSING : DONUT_POINT_OBSERVED};
    }
}

/* A point that may be hidden, and the lot it has drawn. */
struct lot {
    double uniform;
    size_t w;
};

static int by_lot(const void *a, const void *b)
{
    const struct lot *x = a, *y = b;
    if (x->uniform != y->uniform)
        return x->uniform < y->uniform ? -1 : 1;
    return x->w < y->w ? -1 : 1;
}

/* Hides the observed points with the smallest lots.   lot (W) for the time being */
static void hide(struct tracer *tracer, struct lot *lot)
{
    const struct donut_stream stream = {tracer->opt->seed, DONUT_DRAW_HIDE, 0};
    size_t n = 0;
    for (size_t w = 0; w < tracer->model->vae.shape.window; w++) {
        const uint64_t number = donut_grid_number(tracer->series, place_of(tracer, w));
        if (!tracer->context.missing[w])
            lot[n++] = (struct lot){donut_random_uniform(stream, number), w};
    }
    qsort(lot, n, sizeof *lot, by_lot);
    const size_t hidden = (size_t)floor(tracer->opt->hide * (double)n + 0.5);
    for (size_t i = 0; i < hidden; i++) {
        tracer->context.x[lot[i].w] = (donut_real)tracer->model->info.fill;
        tracer->context.missing[lot[i].w] = 1;
        tracer->point[lot[i].w].status = DONUT_POINT_HIDDEN;
    }
}

static enum donut_status lay_out(struct tracer *tracer, struct donut_error *err)
{
    const size_t window = tracer->model->vae.shape.window, latent = tracer->model->vae.shape.latent;
    double *before = donut_calloc(window, sizeof *before);
    struct lot *lot = donut_calloc(window, sizeof *lot);
    tracer->point = donut_calloc(window, sizeof *tracer->point);
    tracer->filled = donut_calloc(window, sizeof *tracer->filled);
    tracer->mu = donut_calloc(latent, sizeof *tracer->mu);
    tracer->sd = donut_calloc(latent, sizeof *tracer->sd);
    tracer->z = donut_calloc(latent, sizeof *tracer->z);
    const bool there =
        before && lot && tracer->point && tracer->filled && tracer->mu && tracer->sd && tracer->z;
    if (there) {
        (void)donut_context_before(tracer->model, tracer->series->start_ms, before);
        describe_points(tracer, before);
        hide(tracer, lot);
    }
    free(before);
    free(lot);
    return there ? DONUT_OK : donut_fail_memory(err);
}

/* What an iteration begins with, in the KPI's units. */
static void keep_window(struct tracer *tracer)
{
    const struct donut_vae_panel *panel = &tracer->rig.panel;
    const struct donut_model_info *info = &tracer->model->info;
    for (size_t w = 0; w < tracer->model->vae.shape.window; w++)
        tracer->filled[w] = info->mean + info->std * (double)panel->x[w * panel->lanes];
}

static enum donut_status keep_latent(struct tracer *tracer, struct donut_error *err)
{
    const struct donut_vae_panel *panel = &tracer->rig.panel;
    const size_t latent = tracer->model->vae.shape.latent;
    for (size_t k = 0; k < latent; k++) {
        tracer->mu[k] = (double)panel->mu_z[k * panel->lanes];
        tracer->sd[k] = (double)panel->sd_z[k * panel->lanes];
        tracer->z[k] = (double)panel->z[k * panel->lanes];
    }
    enum donut_status status = donut_latent_check(tracer->mu, latent, err);
    if (status == DONUT_OK)
        status = donut_latent_check(tracer->sd, latent, err);
    return status;
}

/* One iteration more than is asked for: it tells of the last window what it tells of the others,
 * and what it imputes is not looked at. */
static enum donut_status iterate(struct tracer *tracer, donut_trace_fn *fn, void *context,
                                 struct donut_error *err)
{
    const size_t first = 0;
    const struct donut_vae *vae = &tracer->model->vae;
    const struct donut_kernel *kernel = tracer->rig.engine.kernel;
    struct donut_vae_panel *panel = &tracer->rig.panel;
    panel->lanes = DONUT_LANES;
    kernel->gather(vae->shape.window, panel->lanes, tracer->context.x, &first, 1, panel->x);
    for (size_t m = 0; m <= tracer->iterations; m++) {
        keep_window(tracer);
        donut_impute_once(kernel, vae, panel, &tracer->rig.detector.imputation, m,
                          tracer->context.missing, &first, 1);
        const enum donut_status status = keep_latent(tracer, err);
        if (status != DONUT_OK)
            return status;
        const struct donut_trace_step step = {.iteration = m,
                                              .point = tracer->point,
                                              .filled = tracer->filled,
                                              .mu = tracer->mu,
                                              .sd = tracer->sd,
                                              .z = tracer->z};
        if (fn(context, &step))
            return donut_fail(err, DONUT_ECANCELLED, "stopped while imputing");
    }
    return DONUT_OK;
}

/* With the rig there. */
static enum donut_status run(struct tracer *tracer, donut_trace_fn *fn, void *context,
                             struct donut_error *err)
{
    const size_t last = tracer->last;
    enum donut_status status =
        donut_context_new(tracer->model, tracer->series, last, last + 1, &tracer->context, err);
    if (status == DONUT_OK)
        status = lay_out(tracer, err);
    if (status == DONUT_OK)
        status = iterate(tracer, fn, context, err);
    donut_context_free(&tracer->context);
    free(tracer->point);
    free(tracer->filled);
    free(tracer->mu);
    free(tracer->sd);
    free(tracer->z);
    return status;
}

enum donut_status donut_trace_imputation(const struct donut_model *model,
                                         const struct donut_series *series, size_t point,
                                         const struct donut_trace_options *opt,
                                         donut_trace_fn *step, void *context,
                                         struct donut_error *err)
{
    const struct donut_trace_options defaults = donut_trace_defaults();
    struct tracer tracer = {
        .model = model, .series = series, .opt = opt ? opt : &defaults, .last = point};
    if (point == SIZE_MAX)
        return donut_fail(err, DONUT_EARGUMENT, "no window ends before the first point");
    enum donut_status status = check(tracer.opt, err);
    if (status == DONUT_OK)
        status =
            donut_latent_iterations(model, tracer.opt->mcmc_iterations, &tracer.iterations, err);
    if (status == DONUT_OK)
        status = donut_context_check(model, series, point, point + 1, err);
    if (status == DONUT_OK)
        status =
            donut_latent_rig_start(model, tracer.opt->kernel, tracer.iterations + 1,
                                   model->info.options.seed + tracer.opt->seed, &tracer.rig, err);
    if (status != DONUT_OK)
        return status;
    status = run(&tracer, step, context, err);
    donut_latent_rig_stop(&tracer.rig);
    return status;
}
