#include "model/vae.h"

/* x (W, lanes; ldx) -> the cnn encoder's last layer */
static void convolve(const struct donut_kernel *kernel, const struct donut_vae *vae,
                     const struct donut_vae_panel *panel, const donut_real *x, size_t ldx)
{
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        donut_conv_forward(kernel, &vae->conv[i], panel->lanes, i == 0 ? x : panel->encoder[i - 1],
                           i == 0 ? ldx : panel->lanes, panel->conv[i], panel->encoder[i]);
}

/* Back to its first one, of which the gradient of the input is not wanted. */
static void convolve_backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                              const struct donut_vae_panel *panel)
{
    for (size_t i = DONUT_CONVOLUTIONS; i-- > 0;) {
        donut_conv_backward_pool(kernel, &vae->conv[i], panel->lanes, panel->d_encoder[i],
                                 panel->conv[i]);
        if (i > 0)
            donut_conv_backward_input(kernel, &vae->conv[i], panel->lanes, panel->conv[i],
                                      panel->d_encoder[i - 1]);
    }
}

/* x (W, lanes; ldx) -> the dense encoder's last layer */
static void hidden_forward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                           const struct donut_vae_panel *panel, const donut_real *x, size_t ldx)
{
    const size_t lanes = panel->lanes;
    donut_dense_forward(kernel, &vae->encoder[0], lanes, x, ldx, true, panel->encoder[0]);
    for (size_t i = 1; i < vae->encoder_depth; i++)
        donut_dense_forward(kernel, &vae->encoder[i], lanes, panel->encoder[i - 1], lanes, true,
                            panel->encoder[i]);
}

void donut_vae_encode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      const struct donut_vae_panel *panel, const donut_real *x, size_t ldx)
{
    if (vae->shape.encoder == DONUT_ENCODER_CNN)
        convolve(kernel, vae, panel, x, ldx);
    else
        hidden_forward(kernel, vae, panel, x, ldx);
    donut_gauss_forward(kernel, &vae->z, panel->lanes, panel->encoder[vae->encoder_depth - 1],
                        panel->mu_z, panel->a_z);
}

void donut_vae_decode(const struct donut_kernel *kernel, const struct donut_vae *vae,
                      const struct donut_vae_panel *panel)
{
    const size_t depth = vae->shape.depth, lanes = panel->lanes;
    donut_dense_forward(kernel, &vae->decoder[0], lanes, panel->z, lanes, true, panel->decoder[0]);
    for (size_t i = 1; i < depth; i++)
        donut_dense_forward(kernel, &vae->decoder[i], lanes, panel->decoder[i - 1], lanes, true,
                            panel->decoder[i]);
    donut_gauss_forward(kernel, &vae->x, lanes, panel->decoder[depth - 1], panel->mu_x, panel->a_x);
}

/* From x to the parameters of p(x|z). */
static void forward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                    const struct donut_vae_panel *panel, const donut_real *x, size_t ldx)
{
    donut_vae_encode(kernel, vae, panel, x, ldx);
    kernel->latent_forward(&vae->law, vae->shape.latent, panel->lanes, vae->shape.epsilon,
                           panel->mu_z, panel->a_z, panel->noise, panel->sd_z, panel->z,
                           panel->log_q, panel->log_p);
    donut_vae_decode(kernel, vae, panel);
}

/* A weight of the objective in a lane. */
static double weigh(double weight, const struct donut_vae *vae, const struct donut_vae_panel *panel,
                    size_t lane)
{
    if (weight == DONUT_WEIGHT_BETA)
        return (double)panel->sum_alpha[lane] / (double)vae->shape.window;
    return weight;
}

static void sum_loss(const struct donut_vae *vae, const struct donut_vae_panel *panel, double *loss)
{
    const struct donut_objective *objective = &vae->objective;
    for (size_t l = 0; l < panel->lanes; l++) {
        const double log_x = (double)panel->log_x[l], log_p = (double)panel->log_p[l];
        loss[l] = weigh(objective->entropy, vae, panel, l) * (double)panel->log_q[l] -
                  objective->reconstruction * log_x -
                  weigh(objective->prior, vae, panel, l) * log_p;
    }
}

/* What log p(z) and log q(z|x) count in the gradient, sum_alpha being known. */
static void scale_latent(const struct donut_vae *vae, const struct donut_vae_panel *panel, size_t n,
                         donut_real scale)
{
    for (size_t l = 0; l < panel->lanes; l++) {
        const donut_real here = l < n ? scale : 0;
        panel->scale_p[l] = here * (donut_real)weigh(vae->objective.prior, vae, panel, l);
        panel->scale_q[l] = here * (donut_real)weigh(vae->objective.entropy, vae, panel, l);
    }
}

void donut_vae_loss(const struct donut_kernel *kernel, const struct donut_vae *vae,
                    const struct donut_vae_panel *panel, const donut_real *x,
                    const donut_real *alpha, size_t ldx, double *loss)
{
    forward(kernel, vae, panel, x, ldx);
    kernel->likelihood_forward(&vae->likelihood, vae->shape.window, panel->lanes,
                               vae->shape.epsilon, x, alpha, ldx, panel->mu_x, panel->a_x,
                               panel->log_x, panel->sum_alpha);
    sum_loss(vae, panel, loss);
}

/* Through the hidden layers from the last, whose gradient d[depth - 1] is known, to the first. */
static void hidden_backward(const struct donut_kernel *kernel, const struct donut_dense *layer,
                            size_t depth, size_t lanes, donut_real *const *output,
                            donut_real *const *d)
{
    for (size_t i = depth - 1; i > 0; i--)
        donut_dense_backward_input(kernel, &layer[i], lanes, d[i], false, output[i - 1], d[i - 1]);
}

static void backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                     const struct donut_vae_panel *panel)
{
    const size_t depth = vae->shape.depth, last = depth - 1, lanes = panel->lanes;
    donut_gauss_backward_input(kernel, &vae->x, lanes, panel->mu_x, panel->a_x,
                               panel->decoder[last], panel->d_decoder[last]);
    hidden_backward(kernel, vae->decoder, depth, lanes, panel->decoder, panel->d_decoder);
    donut_dense_backward_input(kernel, &vae->decoder[0], lanes, panel->d_decoder[0], false, NULL,
                               panel->dz);
    kernel->latent_backward(&vae->law, vae->shape.latent, lanes, panel->scale_p, panel->scale_q,
                            panel->a_z, panel->noise, panel->sd_z, panel->z, panel->dz,
                            panel->da_z);
    donut_gauss_backward_input(kernel, &vae->z, lanes, panel->dz, panel->da_z,
                               panel->encoder[vae->encoder_depth - 1],
                               panel->d_encoder[vae->encoder_depth - 1]);
    if (vae->shape.encoder == DONUT_ENCODER_CNN)
        convolve_backward(kernel, vae, panel);
    else
        hidden_backward(kernel, vae->encoder, depth, lanes, panel->encoder, panel->d_encoder);
}

void donut_vae_loss_backward(const struct donut_kernel *kernel, const struct donut_vae *vae,
                             const struct donut_vae_panel *panel, size_t n, donut_real scale,
                             double *loss)
{
    const size_t lanes = panel->lanes;
    for (size_t l = 0; l < lanes; l++)
        panel->scale_x[l] = l < n ? scale * (donut_real)vae->objective.reconstruction : 0;
    forward(kernel, vae, panel, panel->x, lanes);
    kernel->likelihood_backward(&vae->likelihood, vae->shape.window, lanes, vae->shape.epsilon,
                                panel->scale_x, panel->x, panel->alpha, lanes, panel->mu_x,
                                panel->a_x, panel->log_x, panel->sum_alpha);
    sum_loss(vae, panel, loss);
    scale_latent(vae, panel, n, scale);
    backward(kernel, vae, panel);
}

/* The input of a layer and the gradient of its output, before the ReLU. */
static void layer_ends(const struct donut_vae *vae, const struct donut_vae_panel *panel,
                       size_t layer, const donut_real **x, const donut_real **dy)
{
    const bool cnn = vae->shape.encoder == DONUT_ENCODER_CNN;
    const size_t z = vae->encoder_depth, first = z + 2, last = first + vae->shape.depth;
    if (layer < z) {
        *x = layer == 0 ? panel->x : panel->encoder[layer - 1];
        *dy = cnn ? panel->conv[layer] : panel->d_encoder[layer];
    } else if (layer < first) {
        *x = panel->encoder[z - 1];
        *dy = layer == z ? panel->dz : panel->da_z;
    } else if (layer < last) {
        *x = layer == first ? panel->z : panel->decoder[layer - first - 1];
        *dy = panel->d_decoder[layer - first];
    } else {
        *x = panel->decoder[vae->shape.depth - 1];
        *dy = layer == last ? panel->mu_x : panel->a_x;
    }
}

void donut_vae_backward_weight(const struct donut_kernel *kernel, const struct donut_vae *grad,
                               const struct donut_vae_work *work, size_t tensor, size_t first,
                               size_t rows)
{
    const struct donut_vae_panel panel = donut_vae_panel(work, 0);
    const donut_real *x, *dy;
    const struct donut_conv *conv = donut_vae_conv(grad, tensor);
    layer_ends(grad, &panel, tensor / 2, &x, &dy);
    if (grad->shape.hide_last && tensor == 0 && first + rows == grad->shape.window && rows > 0)
        rows--;
    if (conv)
        donut_conv_backward_weight(kernel, conv, first, rows, &work->panels, x, dy);
    else
        donut_dense_backward_weight(kernel, donut_vae_layer(grad, tensor), first, rows,
                                    &work->panels, x, dy, false);
}

void donut_vae_backward_bias(const struct donut_kernel *kernel, const struct donut_vae *grad,
                             const struct donut_vae_work *work, size_t tensor)
{
    const struct donut_vae_panel panel = donut_vae_panel(work, 0);
    const donut_real *x, *dy;
    const struct donut_conv *conv = donut_vae_conv(grad, tensor);
    layer_ends(grad, &panel, tensor / 2, &x, &dy);
    if (conv)
        donut_conv_backward_bias(kernel, conv, &work->panels, dy);
    else
        donut_dense_backward_bias(kernel, donut_vae_layer(grad, tensor), &work->panels, dy, false);
}
