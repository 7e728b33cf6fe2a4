/* The M-ELBO of one window (paper, eqn 3), with Student's t and other weights of its terms, written
 * down in plain double: no panels, no kernels, nothing shared between windows. */
#ifndef DONUT_TESTS_ELBO_NET_H
#define DONUT_TESTS_ELBO_NET_H

#include "difference.h"
#include "model/vae.h"

#include <string.h>

#define ELBO_NET_WIDEST 130

struct elbo_net {
    struct donut_vae vae;     /* shape, objective and where its tensors lie */
    double *parameters;       /* (vae.size) */
    double *direction, along; /* (vae.size): they are taken as moved by along * direction */
};

/* y = x W + b of dense layer number `layer`, counted as its tensors are: w, b, w, b, ... */
static inline void elbo_dense(const struct elbo_net *net, size_t layer, size_t in, size_t out,
                              const double *x, double *y)
{
    const size_t w = net->vae.tensor[2 * layer].offset, b = net->vae.tensor[2 * layer + 1].offset;
    for (size_t o = 0; o < out; o++) {
        y[o] = net->parameters[b + o] + net->along * net->direction[b + o];
        for (size_t i = 0; i < in; i++) {
            const size_t at = w + i * out + o;
            y[o] += x[i] * (net->parameters[at] + net->along * net->direction[at]);
        }
    }
}

/* The hidden layers `first`, first + 1, ... of the given widths; the last one's output to h. */
static inline void elbo_hidden(const struct elbo_net *net, size_t first, size_t in,
                               const size_t *width, const double *x, double *h,
                               struct evaluation *sum)
{
    double now[ELBO_NET_WIDEST];
    memcpy(now, x, in * sizeof *x);
    for (size_t l = 0; l < net->vae.shape.depth; l++) {
        elbo_dense(net, first + l, in, width[l], now, h);
        in = width[l];
        for (size_t o = 0; o < in; o++) {
            evaluation_unit(sum, h[o] > 0);
            now[o] = h[o] > 0 ? h[o] : 0;
        }
    }
    memcpy(h, now, in * sizeof *h);
}

/* Two convolutions over the window, each with ReLU and pooling; returns the width of h. */
static inline size_t elbo_convolutions(const struct elbo_net *net, const double *x, double *h,
                                       struct evaluation *sum)
{
    double now[ELBO_NET_WIDEST], both[2][ELBO_NET_WIDEST];
    size_t length = net->vae.shape.window, in = 1;
    memcpy(now, x, length * sizeof *x);
    for (size_t l = 0; l < DONUT_CONVOLUTIONS; l++) {
        const size_t out = net->vae.shape.channels[l];
        length = (length - 2) / 2;
        for (size_t t = 0; t < length; t++) {
            elbo_dense(net, l, 3 * in, out, now + 2 * t * in, both[0]);
            elbo_dense(net, l, 3 * in, out, now + (2 * t + 1) * in, both[1]);
            for (size_t o = 0; o < out; o++) {
                const double most = fmax(both[0][o], both[1][o]);
                evaluation_unit(sum, both[0][o] >= both[1][o]);
                evaluation_unit(sum, most > 0);
                h[t * out + o] = fmax(0, most);
            }
        }
        in = out;
        memcpy(now, h, length * in * sizeof *h);
    }
    return length * in;
}

/* weight log N(x; mu, sd) */
static inline void elbo_add_density(struct evaluation *sum, double weight, double x, double mu,
                                    double sd)
{
    evaluation_add(sum, -weight * log(sqrt(2 * acos(-1)) * sd));
    evaluation_add(sum, -weight * (x - mu) * (x - mu) / (2 * sd * sd));
}

/* weight log of the density at z of mu + sd t, with Student's t of nu degrees of freedom or, for
 * nu = 0, a normal one; z is a latent variable or a point of the window. For large nu lgamma()'s
 * values cancel; there Stirling's series gives the constant. */
static inline void elbo_add_law(struct evaluation *sum, double weight, double nu, double z,
                                double mu, double sd)
{
    if (nu == 0) {
        elbo_add_density(sum, weight, z, mu, sd);
        return;
    }
    const double c = nu < 1e4 ? exp(lgamma((nu + 1) / 2) - lgamma(nu / 2)) / sqrt(nu * acos(-1))
                              : exp(-1 / (4 * nu)) / sqrt(2 * acos(-1));
    const double t = (z - mu) / sd;
    evaluation_add(sum, weight * log(c / sd));
    evaluation_add(sum, -weight * (nu + 1) / 2 * log1p(t * t / nu));
}

static inline double elbo_weight_of(double weight, double beta)
{
    return weight < 0 ? beta : weight;
}

static inline void elbo_add_window(const struct elbo_net *net, const double *x, const double *alpha,
                                   const double *noise, struct evaluation *elbo)
{
    const struct donut_vae_shape *shape = &net->vae.shape;
    const struct donut_objective *objective = &net->vae.objective;
    const size_t depth = shape->depth, W = shape->window, K = shape->latent;
    const bool cnn = shape->encoder == DONUT_ENCODER_CNN;
    const size_t heads = cnn ? DONUT_CONVOLUTIONS : depth;
    size_t mirrored[DONUT_MAX_DEPTH];
    for (size_t l = 0; l < depth; l++)
        mirrored[l] = shape->hidden[depth - 1 - l];
    double h[ELBO_NET_WIDEST], mu[ELBO_NET_WIDEST], a[ELBO_NET_WIDEST], z[ELBO_NET_WIDEST];
    double beta = 0;
    for (size_t w = 0; w < W; w++)
        beta += alpha[w] / (double)W;
    const double prior = elbo_weight_of(objective->prior, beta);
    const double entropy = elbo_weight_of(objective->entropy, beta);

    size_t features = shape->hidden[depth - 1];
    if (cnn)
        features = elbo_convolutions(net, x, h, elbo);
    else
        elbo_hidden(net, 0, W, shape->hidden, x, h, elbo);
    elbo_dense(net, heads, features, K, h, mu);
    elbo_dense(net, heads + 1, features, K, h, a);
    for (size_t k = 0; k < K; k++) {
        const double sd = log(exp(a[k]) + 1) + shape->epsilon;
        z[k] = mu[k] + sd * noise[k];
        elbo_add_law(elbo, prior, shape->student_df, z[k], 0, 1);
        elbo_add_law(elbo, -entropy, shape->student_df, z[k], mu[k], sd);
    }
    elbo_hidden(net, heads + 2, K, mirrored, z, h, elbo);
    elbo_dense(net, heads + depth + 2, shape->hidden[0], W, h, mu);
    elbo_dense(net, heads + depth + 3, shape->hidden[0], W, h, a);
    for (size_t w = 0; w < W; w++)
        elbo_add_law(elbo, objective->reconstruction * alpha[w], net->vae.likelihood.nu, x[w],
                     mu[w], log(exp(a[w]) + 1) + shape->epsilon);
}

#endif
