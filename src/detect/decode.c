#include "base/status.h"
#include "model/engine.h"
#include "model/model.h"

#include <float.h>
#include <math.h>

/* One panel of z: p(x|z) of `n` of them from number `first` on. */
static void decode_panel(const struct donut_kernel *kernel, const struct donut_model *model,
                         const struct donut_vae_panel *panel, const double *z, size_t n,
                         double *mean, double *sd)
{
    const struct donut_vae *vae = &model->vae;
    const size_t lanes = panel->lanes, window = vae->shape.window, latent = vae->shape.latent;
    const struct donut_model_info *info = &model->info;
    donut_real *sd_x = panel->alpha;
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < lanes; l++)
            panel->z[k * lanes + l] = l < n ? (donut_real)z[l * latent + k] : 0;
    donut_vae_decode(kernel, vae, panel);
    kernel->softplus(window * lanes, vae->shape.epsilon, panel->a_x, sd_x);
    for (size_t l = 0; l < n; l++)
        for (size_t w = 0; w < window; w++) {
            mean[l * window + w] = info->mean + info->std * (double)panel->mu_x[w * lanes + l];
            sd[l * window + w] = info->std * (double)sd_x[w * lanes + l];
        }
}

static bool is_within(double limit, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i]) <= limit))
            return false;
    return true;
}

static enum donut_status refuse(size_t row, const char *what, struct donut_error *err)
{
    return donut_fail_at(err, DONUT_EINPUT, row + 1, 0, "%s", what);
}

static enum donut_status decode_all(const struct donut_kernel *kernel,
                                    const struct donut_model *model,
                                    const struct donut_vae_panel *panel, const double *z, size_t n,
                                    double *mean, double *sd, struct donut_error *err)
{
    const size_t window = model->vae.shape.window, latent = model->vae.shape.latent;
    for (size_t i = 0; i < n; i++)
        if (!is_within((double)FLT_MAX, z + i * latent, latent))
            return refuse(i, "z must be finite numbers of at most 3.4e38", err);
    for (size_t first = 0; first < n; first += panel->lanes) {
        const size_t some = n - first < panel->lanes ? n - first : panel->lanes;
        decode_panel(kernel, model, panel, z + first * latent, some, mean + first * window,
                     sd + first * window);
        for (size_t i = first; i < first + some; i++)
            if (!is_within(DBL_MAX, mean + i * window, window) ||
                !is_within(DBL_MAX, sd + i * window, window))
                return refuse(i, "this z is too large for the model: there is no finite p(x|z)",
                              err);
    }
    return DONUT_OK;
}

enum donut_status donut_decode(const struct donut_model *model, const double *z, size_t n,
                               const char *kernel, double *mean, double *sd,
                               struct donut_error *err)
{
    struct donut_engine engine;
    struct donut_vae_work work;
    enum donut_status status = donut_engine_start(kernel, 1, &engine, err);
    if (status != DONUT_OK)
        return status;
    if (donut_vae_work_new(&model->vae.shape, n <= DONUT_LANES ? 1 : DONUT_PANEL, false, &work)) {
        const struct donut_vae_panel panel = donut_vae_panel(&work, 0);
        status = decode_all(engine.kernel, model, &panel, z, n, mean, sd, err);
    } else {
        status = donut_fail_memory(err);
    }
    donut_vae_work_free(&work);
    donut_engine_stop(&engine);
    return status;
}
