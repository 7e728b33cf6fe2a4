#include "model/vae.h"
#include "base/random.h"

#include <stdint.h>

static void add_tensor(struct donut_vae *vae, size_t count, bool regularised)
{
    vae->tensor[vae->tensors++] =
        (struct donut_tensor){.offset = vae->size, .count = count, .regularised = regularised};
    vae->parameters += count;
    vae->size += (count + DONUT_LANES - 1) / DONUT_LANES * DONUT_LANES;
}

static struct donut_dense add_dense(struct donut_vae *vae, size_t in, size_t out, bool hidden)
{
    add_tensor(vae, in * out, hidden);
    add_tensor(vae, out, false);
    return (struct donut_dense){.in = in, .out = out};
}

bool donut_vae_plan(const struct donut_vae_shape *shape, struct donut_vae *vae)
{
    *vae = (struct donut_vae){.shape = *shape,
                              .law = donut_latent_law(shape->student_df),
                              .objective = {1, DONUT_WEIGHT_BETA, 1}};
    if (shape->window > DONUT_MAX_WIDTH || shape->latent > DONUT_MAX_WIDTH || shape->depth < 1 ||
        shape->depth > DONUT_MAX_DEPTH)
        return false;
    for (size_t i = 0; i < shape->depth; i++)
        if (shape->hidden[i] > DONUT_MAX_WIDTH)
            return false;
    size_t width = shape->window;
    for (size_t i = 0; i < shape->depth; i++) {
        vae->encoder[i] = add_dense(vae, width, shape->hidden[i], true);
        width = shape->hidden[i];
    }
    vae->z.mu = add_dense(vae, width, shape->latent, false);
    vae->z.sd = add_dense(vae, width, shape->latent, false);
    width = shape->latent;
    for (size_t i = 0; i < shape->depth; i++) {
        vae->decoder[i] = add_dense(vae, width, shape->hidden[shape->depth - 1 - i], true);
        width = vae->decoder[i].out;
    }
    vae->x.mu = add_dense(vae, width, shape->window, false);
    vae->x.sd = add_dense(vae, width, shape->window, false);
    return vae->size <= SIZE_MAX / sizeof(donut_real) / 8;
}

const struct donut_dense *donut_vae_layer(const struct donut_vae *vae, size_t tensor)
{
    const size_t layer = tensor / 2, depth = vae->shape.depth;
    if (layer < depth)
        return &vae->encoder[layer];
    if (layer < depth + 2)
        return layer == depth ? &vae->z.mu : &vae->z.sd;
    if (layer < 2 * depth + 2)
        return &vae->decoder[layer - depth - 2];
    return layer == 2 * depth + 2 ? &vae->x.mu : &vae->x.sd;
}

static void bind_layer(const struct donut_vae *vae, size_t layer, struct donut_dense *dense)
{
    dense->w = vae->block + vae->tensor[2 * layer].offset;
    dense->b = vae->block + vae->tensor[2 * layer + 1].offset;
}

void donut_vae_bind(struct donut_vae *vae, donut_real *block)
{
    const size_t depth = vae->shape.depth;
    vae->block = block;
    for (size_t i = 0; i < depth; i++) {
        bind_layer(vae, i, &vae->encoder[i]);
        bind_layer(vae, depth + 2 + i, &vae->decoder[i]);
    }
    bind_layer(vae, depth, &vae->z.mu);
    bind_layer(vae, depth + 1, &vae->z.sd);
    bind_layer(vae, 2 * depth + 2, &vae->x.mu);
    bind_layer(vae, 2 * depth + 3, &vae->x.sd);
}

void donut_vae_initialise(struct donut_vae *vae, uint64_t seed)
{
    for (size_t t = 0; t < vae->tensors; t += 2) {
        const struct donut_dense *layer = donut_vae_layer(vae, t);
        const struct donut_stream stream = {seed, DONUT_DRAW_INITIALISE, (uint32_t)(t / 2)};
        const double limit = sqrt(6.0 / (double)(layer->in + layer->out));
        for (size_t j = 0; j < layer->in * layer->out; j++)
            layer->w[j] = (donut_real)(limit * (2 * donut_random_uniform(stream, j) - 1));
        for (size_t j = 0; j < layer->out; j++)
            layer->b[j] = 0;
    }
}

/* The next `rows` of a panel from offset *at on; NULL while only the offset is wanted. */
static donut_real *cut(donut_real *block, size_t lanes, size_t rows, size_t *at)
{
    donut_real *piece = block ? block + *at : NULL;
    *at += rows * lanes;
    return piece;
}

static void cut_gradients(const struct donut_vae_shape *shape, donut_real *block, size_t *at,
                          struct donut_vae_panel *panel)
{
    const size_t lanes = panel->lanes;
    panel->scale_x = cut(block, lanes, 1, at);
    panel->scale_p = cut(block, lanes, 1, at);
    panel->scale_q = cut(block, lanes, 1, at);
    for (size_t i = 0; i < shape->depth; i++) {
        panel->d_encoder[i] = cut(block, lanes, shape->hidden[i], at);
        panel->d_decoder[i] = cut(block, lanes, shape->hidden[shape->depth - 1 - i], at);
    }
    panel->dz = cut(block, lanes, shape->latent, at);
    panel->da_z = cut(block, lanes, shape->latent, at);
}

/* Fills panel from `block`; returns its size in elements. */
static size_t cut_panel(const struct donut_vae_shape *shape, bool training, donut_real *block,
                        struct donut_vae_panel *panel)
{
    const size_t lanes = panel->lanes;
    size_t at = 0;
    panel->x = cut(block, lanes, shape->window, &at);
    panel->alpha = cut(block, lanes, shape->window, &at);
    panel->noise = cut(block, lanes, shape->latent, &at);
    for (size_t i = 0; i < shape->depth; i++) {
        panel->encoder[i] = cut(block, lanes, shape->hidden[i], &at);
        panel->decoder[i] = cut(block, lanes, shape->hidden[shape->depth - 1 - i], &at);
    }
    panel->mu_z = cut(block, lanes, shape->latent, &at);
    panel->a_z = cut(block, lanes, shape->latent, &at);
    panel->sd_z = cut(block, lanes, shape->latent, &at);
    panel->z = cut(block, lanes, shape->latent, &at);
    panel->mu_x = cut(block, lanes, shape->window, &at);
    panel->a_x = cut(block, lanes, shape->window, &at);
    panel->log_x = cut(block, lanes, 1, &at);
    panel->log_q = cut(block, lanes, 1, &at);
    panel->log_p = cut(block, lanes, 1, &at);
    panel->sum_alpha = cut(block, lanes, 1, &at);
    if (training)
        cut_gradients(shape, block, &at, panel);
    return at;
}

bool donut_vae_work_new(const struct donut_vae_shape *shape, size_t windows, bool training,
                        struct donut_vae_work *work)
{
    struct donut_vae_panel panel = {.lanes = windows <= DONUT_LANES ? DONUT_LANES : DONUT_PANEL};
    *work = (struct donut_vae_work){.shape = *shape, .training = training};
    work->panels = (struct donut_panels){.count = (windows + panel.lanes - 1) / panel.lanes,
                                         .lanes = panel.lanes,
                                         .stride = cut_panel(shape, training, NULL, &panel)};
    (void)donut_arena_reals(&work->arena, work->panels.count, work->panels.stride);
    if (!donut_arena_allocate(&work->arena))
        return false;
    work->block = donut_arena_reals(&work->arena, work->panels.count, work->panels.stride);
    return true;
}

void donut_vae_work_free(struct donut_vae_work *work)
{
    donut_arena_free(&work->arena);
    *work = (struct donut_vae_work){0};
}

struct donut_vae_panel donut_vae_panel(const struct donut_vae_work *work, size_t panel)
{
    struct donut_vae_panel view = {.lanes = work->panels.lanes};
    (void)cut_panel(&work->shape, work->training, work->block + panel * work->panels.stride, &view);
    return view;
}
