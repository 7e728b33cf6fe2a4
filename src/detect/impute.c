#include "detect/impute.h"

/* One step of the chain: z ~ q(z|x_o, x_m), then x_m ~ p(x_m|z). */
static void iterate(const struct donut_kernel *kernel, const struct donut_vae *vae,
                    struct donut_vae_work *work, const donut_real *noise_z,
                    const donut_real *noise_x, size_t n, donut_real *x,
                    const unsigned char *missing)
{
    const size_t window = vae->shape.window, latent = vae->shape.latent;
    donut_vae_encode(kernel, vae, work, n, x, window);
    for (size_t i = 0; i < n; i++)
        donut_gauss_sample(latent, work->mu_z + i * latent, work->sd_z + i * latent, noise_z,
                           work->z + i * latent);
    donut_vae_decode(kernel, vae, work, n, work->z);
    for (size_t i = 0; i < n * window; i++)
        if (missing[i])
            x[i] = work->mu_x[i] + work->sd_x[i] * noise_x[i % window];
}

void donut_impute(const struct donut_kernel *kernel, const struct donut_vae *vae,
                  struct donut_vae_work *work, const struct donut_imputation *imputation, size_t n,
                  donut_real *x, const unsigned char *missing)
{
    for (size_t m = 0; m < imputation->iterations; m++)
        iterate(kernel, vae, work, imputation->noise_z + m * vae->shape.latent,
                imputation->noise_x + m * vae->shape.window, n, x, missing);
}
