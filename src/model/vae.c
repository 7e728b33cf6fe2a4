#include "model/vae.h"
#include "base/random.h"

#include <stdint.h>
#include <string.h>

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

static size_t encoder_depth(const struct donut_vae_shape *shape)
{
    return shape->encoder == DONUT_ENCODER_CNN ? DONUT_CONVOLUTIONS : shape->depth;
}

static void plan_convolutions(const struct donut_vae_shape *shape,
                              struct donut_conv conv[DONUT_CONVOLUTIONS])
{
    conv[0] = donut_conv_plan(shape->window, 1, shape->channels[0]);
    for (size_t i = 1; i < DONUT_CONVOLUTIONS; i++)
        conv[i] = donut_conv_plan(conv[i - 1].pairs, shape->channels[i - 1], shape->channels[i]);
}

static bool add_convolutions(struct donut_vae *vae)
{
    const struct donut_vae_shape *shape = &vae->shape;
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        if (shape->window < DONUT_CNN_MIN_WINDOW || shape->channels[i] < 1 ||
            shape->channels[i] > DONUT_MAX_CHANNELS)
            return false;
    plan_convolutions(shape, vae->conv);
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        vae->conv[i].filter = add_dense(vae, vae->conv[i].filter.in, vae->conv[i].filter.out, true);
    return true;
}

/* False unless the encoder can be; *width becomes that of its last layer. */
static bool add_encoder(struct donut_vae *vae, size_t *width)
{
    const struct donut_vae_shape *shape = &vae->shape;
    if (shape->encoder == DONUT_ENCODER_CNN) {
        if (!add_convolutions(vae))
            return false;
        *width = donut_conv_pooled_rows(&vae->conv[DONUT_CONVOLUTIONS - 1]);
        return shape->latent <= SIZE_MAX / sizeof(donut_real) / 64 / *width;
    }
    *width = shape->window;
    for (size_t i = 0; i < shape->depth; i++) {
        vae->encoder[i] = add_dense(vae, *width, shape->hidden[i], true);
        *width = shape->hidden[i];
    }
    return true;
}

bool donut_vae_plan(const struct donut_vae_shape *shape, struct donut_vae *vae)
{
    *vae = (struct donut_vae){.shape = *shape,
                              .encoder_depth = encoder_depth(shape),
                              .law = donut_law(shape->student_df),
                              .likelihood = donut_law(0),
                              .objective = {1, DONUT_WEIGHT_BETA, 1}};
    if (shape->window > DONUT_MAX_WIDTH || shape->latent > DONUT_MAX_WIDTH || shape->depth < 1 ||
        shape->depth > DONUT_MAX_DEPTH)
        return false;
    for (size_t i = 0; i < shape->depth; i++)
        if (shape->hidden[i] > DONUT_MAX_WIDTH)
            return false;
    size_t width;
    if (!add_encoder(vae, &width))
        return false;
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
    const struct donut_conv *conv = donut_vae_conv(vae, tensor);
    const size_t layer = tensor / 2, z = vae->encoder_depth, x = z + 2 + vae->shape.depth;
    if (layer < z)
        return conv ? &conv->filter : &vae->encoder[layer];
    if (layer < z + 2)
        return layer == z ? &vae->z.mu : &vae->z.sd;
    if (layer < x)
        return &vae->decoder[layer - z - 2];
    return layer == x ? &vae->x.mu : &vae->x.sd;
}

const struct donut_conv *donut_vae_conv(const struct donut_vae *vae, size_t tensor)
{
    const bool is_one = vae->shape.encoder == DONUT_ENCODER_CNN && tensor / 2 < DONUT_CONVOLUTIONS;
    return is_one ? &vae->conv[tensor / 2] : NULL;
}

static void bind_layer(const struct donut_vae *vae, size_t layer, struct donut_dense *dense)
{
    dense->w = vae->block + vae->tensor[2 * layer].offset;
    dense->b = vae->block + vae->tensor[2 * layer + 1].offset;
}

void donut_vae_bind(struct donut_vae *vae, donut_real *block)
{
    const bool cnn = vae->shape.encoder == DONUT_ENCODER_CNN;
    const size_t z = vae->encoder_depth, x = z + 2 + vae->shape.depth;
    vae->block = block;
    for (size_t i = 0; i < z; i++)
        bind_layer(vae, i, cnn ? &vae->conv[i].filter : &vae->encoder[i]);
    for (size_t i = 0; i < vae->shape.depth; i++)
        bind_layer(vae, z + 2 + i, &vae->decoder[i]);
    bind_layer(vae, z, &vae->z.mu);
    bind_layer(vae, z + 1, &vae->z.sd);
    bind_layer(vae, x, &vae->x.mu);
    bind_layer(vae, x + 1, &vae->x.sd);
}

void donut_vae_initialise(struct donut_vae *vae, uint64_t seed)
{
    for (size_t t = 0; t < vae->tensors; t += 2) {
        const struct donut_dense *layer = donut_vae_layer(vae, t);
        const struct donut_stream stream = {seed, DONUT_DRAW_INITIALISE, (uint32_t)(t / 2)};
        const size_t out = donut_vae_conv(vae, t) ? DONUT_CONV_WIDTH * layer->out : layer->out;
        const double limit = sqrt(6.0 / (double)(layer->in + out));
        for (size_t j = 0; j < layer->in * layer->out; j++)
            layer->w[j] = (donut_real)(limit * (2 * donut_random_uniform(stream, j) - 1));
        for (size_t j = 0; j < layer->out; j++)
            layer->b[j] = 0;
    }
}

void donut_vae_hide(struct donut_vae *vae)
{
    const struct donut_dense *first = &vae->encoder[0];
    if (vae->shape.hide_last)
        memset(first->w + (first->in - 1) * first->out, 0, first->out * sizeof *first->w);
}

/* The next `rows` of a panel from offset *at on; NULL while only the offset is wanted. */
static donut_real *cut(donut_real *block, size_t lanes, size_t rows, size_t *at)
{
    donut_real *piece = block ? block + *at : NULL;
    *at += rows * lanes;
    return piece;
}

/* The widths of the encoder's layers; those of the convolutions before pooling too. */
struct widths {
    size_t encoder[DONUT_MAX_DEPTH], conv[DONUT_CONVOLUTIONS];
};

static struct widths encoder_widths(const struct donut_vae_shape *shape)
{
    struct widths widths = {{0}, {0}};
    struct donut_conv conv[DONUT_CONVOLUTIONS];
    if (shape->encoder == DONUT_ENCODER_DENSE) {
        memcpy(widths.encoder, shape->hidden, sizeof widths.encoder);
        return widths;
    }
    plan_convolutions(shape, conv);
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++) {
        widths.conv[i] = donut_conv_rows(&conv[i]);
        widths.encoder[i] = donut_conv_pooled_rows(&conv[i]);
    }
    return widths;
}

static void cut_gradients(const struct donut_vae_shape *shape, const struct widths *widths,
                          donut_real *block, size_t *at, struct donut_vae_panel *panel)
{
    const size_t lanes = panel->lanes;
    panel->scale_x = cut(block, lanes, 1, at);
    panel->scale_p = cut(block, lanes, 1, at);
    panel->scale_q = cut(block, lanes, 1, at);
    for (size_t i = 0; i < encoder_depth(shape); i++)
        panel->d_encoder[i] = cut(block, lanes, widths->encoder[i], at);
    for (size_t i = 0; i < shape->depth; i++)
        panel->d_decoder[i] = cut(block, lanes, shape->hidden[shape->depth - 1 - i], at);
    panel->dz = cut(block, lanes, shape->latent, at);
    panel->da_z = cut(block, lanes, shape->latent, at);
}

/* Fills panel from `block`; returns its size in elements. */
static size_t cut_panel(const struct donut_vae_shape *shape, bool training, donut_real *block,
                        struct donut_vae_panel *panel)
{
    const struct widths widths = encoder_widths(shape);
    const size_t lanes = panel->lanes;
    size_t at = 0;
    panel->x = cut(block, lanes, shape->window, &at);
    panel->alpha = cut(block, lanes, shape->window, &at);
    panel->noise = cut(block, lanes, shape->latent, &at);
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        panel->conv[i] = cut(block, lanes, widths.conv[i], &at);
    for (size_t i = 0; i < encoder_depth(shape); i++)
        panel->encoder[i] = cut(block, lanes, widths.encoder[i], &at);
    for (size_t i = 0; i < shape->depth; i++)
        panel->decoder[i] = cut(block, lanes, shape->hidden[shape->depth - 1 - i], &at);
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
        cut_gradients(shape, &widths, block, &at, panel);
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
