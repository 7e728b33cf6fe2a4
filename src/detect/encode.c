#include "base/status.h"
#include "detect/context.h"
#include "detect/rig.h"
#include "nn/latent.h"

#include <stdlib.h>
#include <string.h>

#define MOST_DRAWS 1000000

struct encoder {
    const struct donut_model *model;
    const struct donut_series *series;
    const struct donut_encode_options *opt;
    size_t from;
    donut_encode_fn *encoding;
    void *callback;
    struct donut_context context; /* its point W - 1 is point `from` of the series */
    struct donut_latent_rig rig;
    size_t n, point[DONUT_PANEL]; /* windows under way, by their last point in the series */
    double *mu, *sd;              /* (DONUT_PANEL, K) */
    double *z;                    /* (K) */
    donut_real *noise;            /* (K) */
};

struct donut_encode_options donut_encode_defaults(void)
{
    return (struct donut_encode_options){.every = 1, .draws = 1, .mcmc_iterations = SIZE_MAX};
}

static enum donut_status check(const struct donut_encode_options *opt, struct donut_error *err)
{
    if (opt->every < 1)
        return donut_fail(err, DONUT_EARGUMENT,
                          "from one window to the next it must be at least 1 point");
    if (opt->draws > MOST_DRAWS)
        return donut_fail(err, DONUT_EARGUMENT, "the number of draws must be 0 to %d", MOST_DRAWS);
    return DONUT_OK;
}

/* Where the window that ends at a point of the series begins in the context. */
static size_t first_of(const struct encoder *encoder, size_t point)
{
    return point - encoder->from;
}

static size_t count_abnormal(const struct encoder *encoder, size_t point)
{
    const size_t window = encoder->model->vae.shape.window;
    const unsigned char *missing = encoder->context.missing + first_of(encoder, point);
    const unsigned char *label = encoder->series->label;
    size_t abnormal = 0;
    for (size_t w = 0; w < window; w++) {
        const size_t after = window - 1 - w; /* points of the window behind this one */
        abnormal += missing[w] || (label && after <= point && label[point - after]);
    }
    return abnormal;
}

/* Independent for each draw of each window, and the same wherever the window is met. */
static void draw_noise(const struct encoder *encoder, size_t point, size_t draw)
{
    const size_t latent = encoder->model->vae.shape.latent;
    const struct donut_stream stream = {encoder->opt->seed, DONUT_DRAW_ENCODE_Z, (uint32_t)draw};
    donut_latent_draws(encoder->model->vae.shape.student_df, stream,
                       latent * donut_grid_number(encoder->series, (int64_t)point), latent,
                       encoder->noise);
}

/* Encodes those of the windows that have missing points, or those that have none. */
static void encode_group(struct encoder *encoder, bool holed)
{
    const struct donut_vae *vae = &encoder->model->vae;
    const struct donut_context *context = &encoder->context;
    struct donut_vae_panel panel = encoder->rig.panel;
    size_t which[DONUT_PANEL], first[DONUT_PANEL], n = 0;
    for (size_t i = 0; i < encoder->n; i++) {
        const size_t begin = first_of(encoder, encoder->point[i]);
        if ((memchr(context->missing + begin, 1, vae->shape.window) != NULL) != holed)
            continue;
        which[n] = i;
        first[n++] = begin;
    }
    if (n == 0)
        return;
    const struct donut_window_group group = {
        .x = context->x, .missing = context->missing, .first = first, .n = n, .holed = holed};
    panel.lanes = n <= DONUT_LANES ? DONUT_LANES : DONUT_PANEL;
    donut_encode_group(encoder->rig.engine.kernel, vae, &panel, &encoder->rig.detector.imputation,
                       &group);
    for (size_t k = 0; k < vae->shape.latent; k++)
        for (size_t l = 0; l < n; l++) {
            encoder->mu[which[l] * vae->shape.latent + k] = (double)panel.mu_z[k * panel.lanes + l];
            encoder->sd[which[l] * vae->shape.latent + k] = (double)panel.sd_z[k * panel.lanes + l];
        }
}

/* Hands out the draws of window number `i`; true: stop. */
static bool hand_out(struct encoder *encoder, size_t i)
{
    const size_t latent = encoder->model->vae.shape.latent, point = encoder->point[i];
    const double *mu = encoder->mu + i * latent, *sd = encoder->sd + i * latent;
    struct donut_encoding encoding = {
        .point = point, .abnormal = count_abnormal(encoder, point), .mu = mu, .sd = sd};
    if (encoder->opt->draws == 0)
        return encoder->encoding(encoder->callback, &encoding);
    encoding.z = encoder->z;
    for (encoding.draw = 1; encoding.draw <= encoder->opt->draws; encoding.draw++) {
        draw_noise(encoder, point, encoding.draw);
        for (size_t k = 0; k < latent; k++)
            encoder->z[k] = (double)((donut_real)mu[k] + (donut_real)sd[k] * encoder->noise[k]);
        if (encoder->encoding(encoder->callback, &encoding))
            return true;
    }
    return false;
}

static enum donut_status encode_panel(struct encoder *encoder, struct donut_error *err)
{
    const size_t count = encoder->n * encoder->model->vae.shape.latent;
    encode_group(encoder, false);
    encode_group(encoder, true);
    enum donut_status status = donut_latent_check(encoder->mu, count, err);
    if (status == DONUT_OK)
        status = donut_latent_check(encoder->sd, count, err);
    for (size_t i = 0; i < encoder->n && status == DONUT_OK; i++)
        if (hand_out(encoder, i))
            status = donut_fail(err, DONUT_ECANCELLED, "stopped while encoding");
    return status;
}

static enum donut_status encode_range(struct encoder *encoder, size_t to, struct donut_error *err)
{
    const size_t every = encoder->opt->every;
    enum donut_status status = DONUT_OK;
    for (size_t point = encoder->from; point < to && status == DONUT_OK;) {
        for (encoder->n = 0; encoder->n < DONUT_PANEL && point < to;) {
            encoder->point[encoder->n++] = point;
            point = to - point > every ? point + every : to;
        }
        status = encode_panel(encoder, err);
    }
    return status;
}

static bool allocate(struct encoder *encoder)
{
    const size_t latent = encoder->model->vae.shape.latent;
    encoder->mu = donut_calloc(DONUT_PANEL * latent, sizeof *encoder->mu);
    encoder->sd = donut_calloc(DONUT_PANEL * latent, sizeof *encoder->sd);
    encoder->z = donut_calloc(latent, sizeof *encoder->z);
    encoder->noise = donut_calloc(latent, sizeof *encoder->noise);
    return encoder->mu && encoder->sd && encoder->z && encoder->noise;
}

/* With the rig and the context there. */
static enum donut_status run(struct encoder *encoder, size_t to, struct donut_error *err)
{
    const enum donut_status status =
        allocate(encoder) ? encode_range(encoder, to, err) : donut_fail_memory(err);
    free(encoder->mu);
    free(encoder->sd);
    free(encoder->z);
    free(encoder->noise);
    return status;
}

enum donut_status donut_encode(const struct donut_model *model, const struct donut_series *series,
                               size_t from, size_t to, const struct donut_encode_options *opt,
                               donut_encode_fn *encoding, void *context, struct donut_error *err)
{
    const struct donut_encode_options defaults = donut_encode_defaults();
    struct encoder encoder = {.model = model,
                              .series = series,
                              .opt = opt ? opt : &defaults,
                              .from = from,
                              .encoding = encoding,
                              .callback = context};
    size_t iterations = 0;
    enum donut_status status = check(encoder.opt, err);
    if (status == DONUT_OK)
        status = donut_latent_iterations(model, encoder.opt->mcmc_iterations, &iterations, err);
    if (status == DONUT_OK)
        status = donut_context_check(model, series, from, to, err);
    if (status == DONUT_OK)
        status = donut_latent_rig_start(model, encoder.opt->kernel, iterations,
                                        model->info.options.seed, &encoder.rig, err);
    if (status != DONUT_OK)
        return status;
    status = donut_context_new(model, series, from, to, &encoder.context, err);
    if (status == DONUT_OK)
        status = run(&encoder, to, err);
    donut_context_free(&encoder.context);
    donut_latent_rig_stop(&encoder.rig);
    return status;
}
