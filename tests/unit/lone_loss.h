/* The loss of a validation window, computed apart from the others. */
#ifndef DONUT_TESTS_LONE_LOSS_H
#define DONUT_TESTS_LONE_LOSS_H

#include "panel_noise.h"
#include "small_trainer.h"

/* The loss of one validation window alone, with the noise that it has among the others. */
static inline double lone_loss(const struct small_trainer *small,
                               const struct donut_vae_panel *panel, size_t i)
{
    const struct donut_trainer *trainer = &small->trainer;
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_VALIDATE_Z, 0};
    double loss[DONUT_PANEL];
    const size_t latent = trainer->opt->latent, number = i / DONUT_PANEL, lane = i % DONUT_PANEL;
    const double nu = trainer->opt->student_df;
    for (size_t k = 0; k < latent; k++)
        panel->noise[k * panel->lanes] =
            (donut_real)(nu > 0 ? panel_student(stream, nu, latent, number, k, lane)
                                : panel_noise(stream, latent, number, k, lane));
    for (size_t w = 0; w < trainer->opt->window; w++) {
        panel->x[w * panel->lanes] = trainer->x[trainer->n_train + i + w];
        panel->alpha[w * panel->lanes] = trainer->alpha[trainer->n_train + i + w];
    }
    donut_vae_loss(trainer->kernel, &small->vae, panel, panel->x, panel->alpha, panel->lanes, loss);
    return loss[0];
}

#endif
