#include "model/vae.h"

#include <string.h>

void donut_vae_encode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, size_t n, const donut_real *x, size_t ldx)
{
    const size_t depth = vae->shape.depth;
    donut_dense_forward(kernel, &vae->encoder[0], n, x, ldx, true, work->encoder[0]);
    for (size_t i = 1; i < depth; i++)
        donut_dense_forward(kernel, &vae->encoder[i], n, work->encoder[i - 1], vae->encoder[i].in,
                            true, work->encoder[i]);
    donut_gauss_forward(kernel, &vae->z, vae->shape.epsilon, n, work->encoder[depth - 1],
                        work->mu_z, work->a_z, work->sd_z);
}

void donut_vae_decode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, size_t n, const donut_real *z)
{
    const size_t depth = vae->shape.depth;
    donut_dense_forward(kernel, &vae->decoder[0], n, z, vae->shape.latent, true, work->decoder[0]);
    for (size_t i = 1; i < depth; i++)
        donut_dense_forward(kernel, &vae->decoder[i], n, work->decoder[i - 1], vae->decoder[i].in,
                            true, work->decoder[i]);
    donut_gauss_forward(kernel, &vae->x, vae->shape.epsilon, n, work->decoder[depth - 1],
                        work->mu_x, work->a_x, work->sd_x);
}

static double window_beta(const struct donut_vae_batch *batch, size_t i, size_t window)
{
    double sum = 0;
    for (size_t w = 0; w < window; w++)
        sum += (double)batch->alpha[i * batch->ld + w];
    return sum / (double)window;
}

/* log q(z|x) at z = mu + sd noise is sum_k -log sqrt(2 pi) - log sd_k - noise_k^2 / 2. */
static double log_posterior(const donut_real *sd, const donut_real *noise, size_t latent)
{
    const double half_log_two_pi = 0.91893853320467274178;
    double sum = 0;
    for (size_t k = 0; k < latent; k++)
        sum -=
            half_log_two_pi + (double)REAL_LOG(sd[k]) + 0.5 * (double)noise[k] * (double)noise[k];
    return sum;
}

double donut_vae_loss(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      struct donut_vae_work *work, const struct donut_vae_batch *batch)
{
    const size_t n = batch->n, window = vae->shape.window, latent = vae->shape.latent;
    donut_vae_encode(kernel, vae, work, n, batch->x, batch->ld);
    donut_gauss_sample(n * latent, work->mu_z, work->sd_z, batch->noise, work->z);
    donut_vae_decode(kernel, vae, work, n, work->z);
    kernel->gauss_forward(n, window, batch->x, batch->alpha, batch->ld, work->mu_x, work->sd_x,
                          work->log_x);
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        kernel->gauss_forward(1, latent, work->z + i * latent, work->one, latent, work->zero,
                              work->one, &work->log_z[i]);
        work->loss[i] = log_posterior(work->sd_z + i * latent, batch->noise + i * latent, latent) -
                        work->log_x[i] - window_beta(batch, i, window) * work->log_z[i];
        loss += work->loss[i];
    }
    return loss;
}

/* The terms of z itself. Minus the M-ELBO holds -beta log p(z) = beta z^2 / 2 + ..., whose gradient
 * in z is beta z, and log q(z|x), whose total gradient at fixed noise is 0 in mu and -1/sd in sd.
 */
static void latent_backward(const struct donut_vae *vae, struct donut_vae_work *work,
                            const struct donut_vae_batch *batch, donut_real scale)
{
    const size_t latent = vae->shape.latent, window = vae->shape.window;
    for (size_t i = 0; i < batch->n; i++) {
        const donut_real beta = (donut_real)window_beta(batch, i, window);
        for (size_t k = i * latent; k < (i + 1) * latent; k++) {
            work->dz[k] += scale * beta * work->z[k];
            work->dmu_z[k] = 0;
            work->dsd_z[k] = -scale / work->sd_z[k];
        }
    }
}

static donut_real *zeroed(donut_real *block, size_t count)
{
    memset(block, 0, count * sizeof *block);
    return block;
}

/* Through the ReLU layers from the last to the first. On entry work->d_a holds the gradient of the
 * last layer's output; the first layer's input gradient goes to dx unless NULL. */
static void hidden_backward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                            struct donut_dense *grad, size_t depth, size_t n,
                            donut_real *const *output, const donut_real *x, size_t ldx,
                            donut_real *d_a, donut_real *d_b, donut_real *dx)
{
    for (size_t i = depth - 1; i > 0; i--) {
        donut_dense_backward(kernel, &layer[i], &grad[i], n, output[i - 1], layer[i].in, true,
                             output[i], d_a, zeroed(d_b, n * layer[i].in));
        donut_real *swap = d_a;
        d_a = d_b;
        d_b = swap;
    }
    donut_dense_backward(kernel, &layer[0], &grad[0], n, x, ldx, true, output[0], d_a, dx);
}

void donut_vae_backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                        struct donut_vae *grad, struct donut_vae_work *work,
                        const struct donut_vae_batch *batch, donut_real scale)
{
    const size_t n = batch->n, window = vae->shape.window, latent = vae->shape.latent;
    const size_t depth = vae->shape.depth;
    zeroed(work->dmu_x, n * window);
    zeroed(work->dsd_x, n * window);
    zeroed(work->dz, n * latent);

    kernel->gauss_backward(n, window, batch->x, batch->alpha, batch->ld, work->mu_x, work->sd_x,
                           -scale, work->dmu_x, work->dsd_x);
    donut_gauss_backward(kernel, &vae->x, &grad->x, n, work->decoder[depth - 1], work->a_x,
                         work->dmu_x, work->dsd_x, zeroed(work->d_a, n * vae->x.mu.in));
    hidden_backward(kernel, vae->decoder, grad->decoder, depth, n, work->decoder, work->z, latent,
                    work->d_a, work->d_b, work->dz);

    latent_backward(vae, work, batch, scale);
    donut_gauss_sample_backward(n * latent, work->dz, batch->noise, work->dmu_z, work->dsd_z);
    donut_gauss_backward(kernel, &vae->z, &grad->z, n, work->encoder[depth - 1], work->a_z,
                         work->dmu_z, work->dsd_z, zeroed(work->d_a, n * vae->z.mu.in));
    hidden_backward(kernel, vae->encoder, grad->encoder, depth, n, work->encoder, batch->x,
                    batch->ld, work->d_a, work->d_b, NULL);
}
