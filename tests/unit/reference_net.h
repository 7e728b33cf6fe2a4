/* The network of a reference file, and the names of its tensors in the library's order. */
#ifndef DONUT_TESTS_REFERENCE_NET_H
#define DONUT_TESTS_REFERENCE_NET_H

#include "model/vae.h"
#include "tensors.h"

static const char *const reference_files[] = {
    "tests/reference/w7_k3.bin", "tests/reference/w12_k2.bin", "tests/reference/w9_k1_depth3.bin",
    "tests/reference/w15_k2_cnn.bin"};
#define REFERENCE_FILES (sizeof reference_files / sizeof reference_files[0])

static inline const struct tensor *reference_any(struct tensors *set, const char *name)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->tensor[i].name, name) == 0)
            return &set->tensor[i];
    return tensors_find(set, "", name, 0);
}

static inline bool reference_shape(struct tensors *set, struct donut_vae_shape *shape)
{
    const struct tensor *tensor = reference_any(set, "shape");
    if (!CHECK(tensor->count >= 4 && tensor->data[2] <= DONUT_MAX_DEPTH))
        return false;
    const size_t convolutions = tensor->count - 3 - (size_t)tensor->data[2];
    if (!CHECK(convolutions == 0 || convolutions == DONUT_CONVOLUTIONS))
        return false;
    *shape = (struct donut_vae_shape){.window = (size_t)tensor->data[0],
                                      .latent = (size_t)tensor->data[1],
                                      .depth = (size_t)tensor->data[2],
                                      .epsilon = (donut_real)1e-4};
    for (size_t i = 0; i < shape->depth; i++)
        shape->hidden[i] = (size_t)tensor->data[3 + i];
    shape->encoder = convolutions > 0 ? DONUT_ENCODER_CNN : DONUT_ENCODER_DENSE;
    for (size_t i = 0; i < convolutions; i++)
        shape->channels[i] = (size_t)tensor->data[3 + shape->depth + i];
    return true;
}

/* The name of tensor number `t`: encoder0.w, encoder0.b, ..., z_mu.w, ... */
static inline void reference_name(const struct donut_vae_shape *shape, size_t t, char name[32])
{
    static const char *const heads[] = {"z_mu", "z_sd", "x_mu", "x_sd"};
    const size_t layer = t / 2, depth = shape->depth;
    const size_t z = shape->encoder == DONUT_ENCODER_CNN ? DONUT_CONVOLUTIONS : depth;
    const char kind = t % 2 ? 'b' : 'w';
    if (layer < z)
        snprintf(name, 32, "encoder%zu.%c", layer, kind);
    else if (layer < z + 2)
        snprintf(name, 32, "%s.%c", heads[layer - z], kind);
    else if (layer < z + 2 + depth)
        snprintf(name, 32, "decoder%zu.%c", layer - z - 2, kind);
    else
        snprintf(name, 32, "%s.%c", heads[layer - z - depth], kind);
}

/* Puts the saved parameters into the bound network. */
static inline bool reference_parameters(struct tensors *set, struct donut_vae *vae)
{
    for (size_t t = 0; t < vae->tensors; t++) {
        char name[32];
        reference_name(&vae->shape, t, name);
        tensor_copy(tensors_find(set, "parameter/", name, vae->tensor[t].count),
                    vae->block + vae->tensor[t].offset);
    }
    return set->good;
}

#endif
