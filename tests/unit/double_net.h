/* The network of a model once more, in double, for one window at a time, written down from the
 * paper: no panels, no kernels, nothing shared between samples. */
#ifndef DONUT_TESTS_DOUBLE_NET_H
#define DONUT_TESTS_DOUBLE_NET_H

#include "model/model.h"

#include <string.h>

#define DOUBLE_NET_WIDEST 128

static inline void double_dense(const struct donut_dense *layer, const double *x, bool relu,
                                double *y)
{
    for (size_t o = 0; o < layer->out; o++) {
        y[o] = (double)layer->b[o];
        for (size_t i = 0; i < layer->in; i++)
            y[o] += x[i] * (double)layer->w[i * layer->out + o];
        if (relu && y[o] < 0)
            y[o] = 0;
    }
}

static inline void double_gauss(const struct donut_vae *vae, const struct donut_dense *layer,
                                const struct donut_gauss *heads, const double *x, double *mu,
                                double *sd)
{
    double h[2][DOUBLE_NET_WIDEST];
    memcpy(h[0], x, layer[0].in * sizeof *x);
    for (size_t i = 0; i < vae->shape.depth; i++)
        double_dense(&layer[i], h[i % 2], true, h[(i + 1) % 2]);
    double_dense(&heads->mu, h[vae->shape.depth % 2], false, mu);
    double_dense(&heads->sd, h[vae->shape.depth % 2], false, sd);
    for (size_t i = 0; i < heads->sd.out; i++)
        sd[i] = log(1 + exp(sd[i])) + (double)vae->shape.epsilon;
}

static inline void double_encode(const struct donut_vae *vae, const double *x, double *mu_z,
                                 double *sd_z)
{
    double_gauss(vae, vae->encoder, &vae->z, x, mu_z, sd_z);
}

static inline void double_decode(const struct donut_vae *vae, const double *z, double *mu_x,
                                 double *sd_x)
{
    double_gauss(vae, vae->decoder, &vae->x, z, mu_x, sd_x);
}

static inline double double_log_normal(double x, double mu, double sd)
{
    const double u = (x - mu) / sd;
    return -0.5 * log(2 * 3.14159265358979323846 * sd * sd) - 0.5 * u * u;
}

struct double_verdict {
    double score, mean, sd;
};

/* The last point of a window: -(1/L) sum_l log p(x_t|z_l), mean and standard deviation of the
 * mixture.   x (W), noise (K, samples) */
static inline struct double_verdict double_judge(const struct donut_vae *vae, const double *x,
                                                 const donut_real *noise, size_t samples)
{
    const size_t last = vae->shape.window - 1;
    double mu_z[DOUBLE_NET_WIDEST], sd_z[DOUBLE_NET_WIDEST], z[DOUBLE_NET_WIDEST];
    double mu_x[DOUBLE_NET_WIDEST], sd_x[DOUBLE_NET_WIDEST];
    double log_density = 0, mean = 0, square = 0;
    double_encode(vae, x, mu_z, sd_z);
    for (size_t l = 0; l < samples; l++) {
        for (size_t k = 0; k < vae->shape.latent; k++)
            z[k] = mu_z[k] + sd_z[k] * (double)noise[k * samples + l];
        double_decode(vae, z, mu_x, sd_x);
        log_density += double_log_normal(x[last], mu_x[last], sd_x[last]);
        mean += mu_x[last];
        square += mu_x[last] * mu_x[last] + sd_x[last] * sd_x[last];
    }
    const double count = (double)samples;
    mean /= count;
    return (struct double_verdict){-log_density / count, mean, sqrt(square / count - mean * mean)};
}

/* M steps of z ~ q(z|x), x_m ~ p(x_m|z) at the missing points.
 * noise_z (M, K), noise_x (M, W) -> x (W) in place */
static inline void double_impute(const struct donut_vae *vae, size_t iterations,
                                 const donut_real *noise_z, const donut_real *noise_x,
                                 const unsigned char *missing, double *x)
{
    const size_t window = vae->shape.window, latent = vae->shape.latent;
    double mu_z[DOUBLE_NET_WIDEST], sd_z[DOUBLE_NET_WIDEST], z[DOUBLE_NET_WIDEST];
    double mu_x[DOUBLE_NET_WIDEST], sd_x[DOUBLE_NET_WIDEST];
    for (size_t m = 0; m < iterations; m++) {
        double_encode(vae, x, mu_z, sd_z);
        for (size_t k = 0; k < latent; k++)
            z[k] = mu_z[k] + sd_z[k] * (double)noise_z[m * latent + k];
        double_decode(vae, z, mu_x, sd_x);
        for (size_t w = 0; w < window; w++)
            if (missing[w])
                x[w] = mu_x[w] + sd_x[w] * (double)noise_x[m * window + w];
    }
}

#endif
