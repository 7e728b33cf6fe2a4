#include "model/vae.h"
#include "base/random.h"

#include <stdint.h>

#define ALIGN_ELEMENTS (DONUT_ALIGN / sizeof(donut_real))

static void add_tensor(struct donut_vae *vae, size_t count, bool regularised)
{
    vae->tensor[vae->tensors++] =
        (struct donut_tensor){.offset = vae->size, .count = count, .regularised = regularised};
    vae->parameters += count;
    vae->size += (count + ALIGN_ELEMENTS - 1) / ALIGN_ELEMENTS * ALIGN_ELEMENTS;
}

static struct donut_dense add_dense(struct donut_vae *vae, size_t in, size_t out, bool hidden)
{
    add_tensor(vae, in * out, hidden);
    add_tensor(vae, out, false);
    return (struct donut_dense){.in = in, .out = out};
}

bool donut_vae_plan(const struct donut_vae_shape *shape, struct donut_vae *vae)
{
    *vae = (struct donut_vae){.shape = *shape};
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

/* Layers in the order of their tensors. */
static size_t list_layers(struct donut_vae *vae, struct donut_dense *layer[])
{
    size_t n = 0;
    for (size_t i = 0; i < vae->shape.depth; i++)
        layer[n++] = &vae->encoder[i];
    layer[n++] = &vae->z.mu;
    layer[n++] = &vae->z.sd;
    for (size_t i = 0; i < vae->shape.depth; i++)
        layer[n++] = &vae->decoder[i];
    layer[n++] = &vae->x.mu;
    layer[n++] = &vae->x.sd;
    return n;
}

void donut_vae_bind(struct donut_vae *vae, donut_real *block)
{
    struct donut_dense *layer[DONUT_VAE_MAX_TENSORS / 2];
    const size_t n = list_layers(vae, layer);
    vae->block = block;
    for (size_t i = 0; i < n; i++) {
        layer[i]->w = block + vae->tensor[2 * i].offset;
        layer[i]->b = block + vae->tensor[2 * i + 1].offset;
    }
}

void donut_vae_initialise(struct donut_vae *vae, uint64_t seed)
{
    struct donut_dense *layer[DONUT_VAE_MAX_TENSORS / 2];
    const size_t n = list_layers(vae, layer);
    for (size_t i = 0; i < n; i++) {
        const struct donut_stream stream = {seed, DONUT_DRAW_INITIALISE, (uint32_t)i};
        const double limit = sqrt(6.0 / (double)(layer[i]->in + layer[i]->out));
        for (size_t j = 0; j < layer[i]->in * layer[i]->out; j++)
            layer[i]->w[j] = (donut_real)(limit * (2 * donut_random_uniform(stream, j) - 1));
        for (size_t j = 0; j < layer[i]->out; j++)
            layer[i]->b[j] = 0;
    }
}

static void cut_forward(const struct donut_vae_shape *shape, size_t n, struct donut_vae_work *work)
{
    struct donut_arena *arena = &work->arena;
    for (size_t i = 0; i < shape->depth; i++) {
        work->encoder[i] = donut_arena_reals(arena, n, shape->hidden[i]);
        work->decoder[i] = donut_arena_reals(arena, n, shape->hidden[shape->depth - 1 - i]);
    }
    work->mu_z = donut_arena_reals(arena, n, shape->latent);
    work->a_z = donut_arena_reals(arena, n, shape->latent);
    work->sd_z = donut_arena_reals(arena, n, shape->latent);
    work->z = donut_arena_reals(arena, n, shape->latent);
    work->mu_x = donut_arena_reals(arena, n, shape->window);
    work->a_x = donut_arena_reals(arena, n, shape->window);
    work->sd_x = donut_arena_reals(arena, n, shape->window);
    work->loss = (double *)(void *)donut_arena_reals(arena, n, sizeof(double) / sizeof(donut_real));
    work->log_x =
        (double *)(void *)donut_arena_reals(arena, n, sizeof(double) / sizeof(donut_real));
    work->log_z =
        (double *)(void *)donut_arena_reals(arena, n, sizeof(double) / sizeof(donut_real));
    work->zero = donut_arena_reals(arena, 1, shape->latent);
    work->one = donut_arena_reals(arena, 1, shape->latent);
}

static void cut_backward(const struct donut_vae_shape *shape, size_t n, struct donut_vae_work *work)
{
    struct donut_arena *arena = &work->arena;
    size_t widest = 0;
    for (size_t i = 0; i < shape->depth; i++)
        widest = shape->hidden[i] > widest ? shape->hidden[i] : widest;
    work->d_a = donut_arena_reals(arena, n, widest);
    work->d_b = donut_arena_reals(arena, n, widest);
    work->dmu_z = donut_arena_reals(arena, n, shape->latent);
    work->dsd_z = donut_arena_reals(arena, n, shape->latent);
    work->dz = donut_arena_reals(arena, n, shape->latent);
    work->dmu_x = donut_arena_reals(arena, n, shape->window);
    work->dsd_x = donut_arena_reals(arena, n, shape->window);
}

bool donut_vae_work_new(const struct donut_vae_shape *shape, size_t capacity, bool backward,
                        struct donut_vae_work *work)
{
    *work = (struct donut_vae_work){.capacity = capacity};
    for (int pass = 0; pass < 2; pass++) {
        cut_forward(shape, capacity, work);
        if (backward)
            cut_backward(shape, capacity, work);
        if (pass == 0 && !donut_arena_allocate(&work->arena))
            return false;
    }
    for (size_t k = 0; k < shape->latent; k++)
        work->one[k] = 1;
    return true;
}

void donut_vae_work_free(struct donut_vae_work *work)
{
    donut_arena_free(&work->arena);
    *work = (struct donut_vae_work){0};
}
