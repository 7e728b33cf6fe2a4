#include "detect/impute.h"

/* z = mu + sd noise with the same noise for all windows. */
static void sample_z(const struct donut_kernel *kernel, const struct donut_vae *vae,
                     const struct donut_vae_panel *panel, const donut_real *noise)
{
    const size_t lanes = panel->lanes, latent = vae->shape.latent;
    kernel->softplus(latent * lanes, vae->shape.epsilon, panel->a_z, panel->sd_z);
    for (size_t i = 0; i < latent * lanes; i++)
        panel->z[i] = panel->mu_z[i] + panel->sd_z[i] * noise[i / lanes];
}

/* One step of the chain: z ~ q(z|x_o, x_m), then x_m ~ p(x_m|z). */
void donut_impute_once(const struct donut_kernel *kernel, const struct donut_vae *vae,
                       const struct donut_vae_panel *panel,
                       const struct donut_imputation *imputation, size_t m,
                       const unsigned char *missing, const size_t *first, size_t n)
{
    const size_t lanes = panel->lanes, window = vae->shape.window;
    const donut_real *noise_x = imputation->noise_x + m * window;
    donut_real *sd_x = panel->alpha;
    donut_vae_encode(kernel, vae, panel, panel->x, lanes);
    sample_z(kernel, vae, panel, imputation->noise_z + m * vae->shape.latent);
    donut_vae_decode(kernel, vae, panel);
    kernel->softplus(window * lanes, vae->shape.epsilon, panel->a_x, sd_x);
    for (size_t w = 0; w < window; w++)
        for (size_t l = 0; l < n; l++)
            if (missing[first[l] + w])
                panel->x[w * lanes + l] =
                    panel->mu_x[w * lanes + l] + sd_x[w * lanes + l] * noise_x[w];
}

void donut_impute(const struct donut_kernel *kernel, const struct donut_vae *vae,
                  const struct donut_vae_panel *panel, const struct donut_imputation *imputation,
                  const unsigned char *missing, const size_t *first, size_t n)
{
    for (size_t m = 0; m < imputation->iterations; m++)
        donut_impute_once(kernel, vae, panel, imputation, m, missing, first, n);
}

void donut_encode_group(const struct donut_kernel *kernel, const struct donut_vae *vae,
                        const struct donut_vae_panel *panel,
                        const struct donut_imputation *imputation,
                        const struct donut_window_group *group)
{
    const size_t lanes = panel->lanes;
    if (!group->holed && group->first[group->n - 1] - group->first[0] == group->n - 1) {
        donut_vae_encode(kernel, vae, panel, group->x + group->first[0], 1);
    } else {
        kernel->gather(vae->shape.window, lanes, group->x, group->first, group->n, panel->x);
        if (group->holed)
            donut_impute(kernel, vae, panel, imputation, group->missing, group->first, group->n);
        donut_vae_encode(kernel, vae, panel, panel->x, lanes);
    }
    kernel->softplus(vae->shape.latent * lanes, vae->shape.epsilon, panel->a_z, panel->sd_z);
}
