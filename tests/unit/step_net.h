/* A small network, a batch of random windows and training steps on it, thread after thread. */
#ifndef DONUT_TESTS_STEP_NET_H
#define DONUT_TESTS_STEP_NET_H

#include "train/share.h"
#include "check.h"
#include "draw.h"

#include <stdlib.h>

#define WINDOWS 41 /* two panels, the second one not full */

static const struct donut_kernel *kernel; /* that everything runs on */

/* Widths beside the sizes of vectors and pieces. */
static const struct donut_vae_shape shape = {
    .window = 21, .latent = 3, .depth = 2, .hidden = {35, 10}, .epsilon = 1e-4f};

/* A network, a batch and what moves it. */
struct net {
    struct donut_vae vae;
    struct donut_vae_work work;
    struct donut_shares shares;
    donut_real *block;
};

/* Numbers for every lane of every panel. */
static inline void draw_batch(struct draw *draw, struct net *net)
{
    for (size_t p = 0; p < net->work.panels.count; p++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, p);
        draw_normals(draw, shape.window * panel.lanes, 1, panel.x);
        draw_normals(draw, shape.latent * panel.lanes, 1, panel.noise);
        draw_alpha(draw, shape.window * panel.lanes, 0.2, panel.alpha);
    }
}

static inline bool net_new(struct draw *draw, const struct donut_adam_options *opt, size_t shares,
                           struct net *net)
{
    *net = (struct net){0};
    if (!CHECK(donut_vae_plan(&shape, &net->vae)))
        return false;
    net->block = calloc(net->vae.size, sizeof *net->block);
    if (!CHECK(net->block && donut_vae_work_new(&shape, WINDOWS, true, &net->work)))
        return false;
    donut_vae_bind(&net->vae, net->block);
    donut_vae_initialise(&net->vae, 3);
    draw_batch(draw, net);
    return CHECK(donut_shares_new(kernel, opt, &net->vae, shares, &net->shares));
}

static inline void net_free(struct net *net)
{
    donut_shares_free(&net->shares);
    donut_vae_work_free(&net->work);
    free(net->block);
}

/* The activations of a step: the gradient will be that of scale times the sum of the losses. */
static inline void activate(struct net *net, double scale)
{
    double loss[DONUT_PANEL];
    for (size_t p = 0; p < net->work.panels.count; p++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, p);
        const size_t left = WINDOWS - p * panel.lanes;
        donut_vae_loss_backward(kernel, &net->vae, &panel, left < panel.lanes ? left : panel.lanes,
                                (donut_real)scale, loss);
    }
}

/* Every share in turn, the last one first if `reverse`: threads keep no order. */
static inline bool step_shares(struct net *net, size_t step, double rate, bool reverse)
{
    struct donut_shares *s = &net->shares;
    for (size_t i = 0; i < s->shares; i++)
        donut_shares_gradient(s, reverse ? s->shares - 1 - i : i, &net->work);
    if (!donut_shares_clip(s, step, rate))
        return false;
    for (size_t i = 0; i < s->shares; i++)
        donut_shares_update(s, reverse ? s->shares - 1 - i : i);
    return true;
}

#endif
