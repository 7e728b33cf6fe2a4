#include "detect/rig.h"
#include "base/status.h"

#include <math.h>

enum donut_status donut_latent_rig_start(const struct donut_model *model, const char *kernel,
                                         size_t iterations, uint64_t seed,
                                         struct donut_latent_rig *rig, struct donut_error *err)
{
    const struct donut_draws draws = {.sampler = DONUT_SAMPLER_MC,
                                      .samples = 1,
                                      .iterations = iterations,
                                      .seed = seed,
                                      .score_by = DONUT_SCORE_RECONSTRUCTION};
    enum donut_status status = donut_engine_start(kernel, 1, &rig->engine, err);
    if (status != DONUT_OK)
        return status;
    status = donut_detector_new(&rig->engine, &model->vae.shape, &draws, &rig->detector, err);
    if (status == DONUT_OK)
        rig->panel = donut_vae_panel(&rig->detector.work, 0);
    else
        donut_engine_stop(&rig->engine);
    return status;
}

void donut_latent_rig_stop(struct donut_latent_rig *rig)
{
    donut_detector_free(&rig->detector);
    donut_engine_stop(&rig->engine);
}

enum donut_status donut_latent_iterations(const struct donut_model *model, size_t given,
                                          size_t *iterations, struct donut_error *err)
{
    *iterations = given == SIZE_MAX ? model->info.options.mcmc_iterations : given;
    if (*iterations > 10000)
        return donut_fail(err, DONUT_EARGUMENT, "the number of MCMC iterations must be 0 to 10000");
    return DONUT_OK;
}

uint64_t donut_grid_number(const struct donut_series *series, int64_t i)
{
    const int64_t interval = series->interval_ms, start = series->start_ms;
    const int64_t number = start / interval - (start % interval < 0);
    return (uint64_t)(number + i);
}

enum donut_status donut_latent_check(const double *x, size_t n, struct donut_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return donut_fail(err, DONUT_EMODEL,
                              "the model gives no finite z: its parameters are unusable, train "
                              "again");
    return DONUT_OK;
}
