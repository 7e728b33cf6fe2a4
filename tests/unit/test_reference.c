/* Loss, every gradient and ten steps of Adam against PyTorch, from the same numbers and noise. */
#include "nn/adam.h"
#include "reference_net.h"

/* PyTorch's numbers are exact to 1e-12 here; float's rounding through these shallow networks stays
 * below 3e-6 of a tensor's largest entry (measured: 1e-6). */
#define TOLERANCE 4e-6
/* What ten steps move, 0.01 at most, is rounded to the weights' last place, 3e-8, each time. */
#define TOLERANCE_MOVED 1e-4

struct net {
    struct tensors file;
    struct donut_vae vae, grad;
    struct donut_vae_work work;
    struct donut_vae_batch batch;
    donut_real *parameters, *gradients, *m, *v; /* (vae.size) each */
    donut_real *x, *alpha, *noise;              /* of the batch */
    struct donut_arena arena;
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

static void cut(struct net *net, size_t n)
{
    const struct donut_vae_shape *shape = &net->vae.shape;
    donut_real **const blocks[] = {&net->parameters, &net->gradients, &net->m, &net->v};
    for (size_t i = 0; i < 4; i++)
        *blocks[i] = donut_arena_reals(&net->arena, 1, net->vae.size);
    net->x = donut_arena_reals(&net->arena, n, shape->window);
    net->alpha = donut_arena_reals(&net->arena, n, shape->window);
    net->noise = donut_arena_reals(&net->arena, n, shape->latent);
}

static bool load(const char *path, struct net *net)
{
    struct donut_vae_shape shape;
    *net = (struct net){0};
    if (!tensors_read(path, &net->file) || !reference_shape(&net->file, &shape))
        return false;
    const size_t n = reference_any(&net->file, "x")->dims[0];
    if (!CHECK(n > 1 && donut_vae_plan(&shape, &net->vae)))
        return false;
    cut(net, n);
    if (!CHECK(donut_arena_allocate(&net->arena) &&
               donut_vae_work_new(&shape, n, true, &net->work)))
        return false;
    cut(net, n);
    net->grad = net->vae;
    donut_vae_bind(&net->vae, net->parameters);
    donut_vae_bind(&net->grad, net->gradients);
    tensor_copy(tensors_find(&net->file, "", "x", n * shape.window), net->x);
    tensor_copy(tensors_find(&net->file, "", "alpha", n * shape.window), net->alpha);
    tensor_copy(tensors_find(&net->file, "", "noise", n * shape.latent), net->noise);
    net->batch = (struct donut_vae_batch){n, shape.window, net->x, net->alpha, net->noise};
    return reference_parameters(&net->file, &net->vae);
}

static void unload(struct net *net)
{
    tensors_free(&net->file);
    donut_arena_free(&net->arena);
    donut_vae_work_free(&net->work);
}

/* The batch has a window without any point, and others with some. */
static void check_batch(const struct net *net)
{
    size_t empty = 0, partial = 0;
    for (size_t i = 0; i < net->batch.n; i++) {
        size_t present = 0;
        for (size_t w = 0; w < net->batch.ld; w++)
            present += net->alpha[i * net->batch.ld + w] == 1;
        empty += present == 0;
        partial += present > 0 && present < net->batch.ld;
    }
    CHECK(empty == 1 && partial > 0);
}

static double run(struct net *net)
{
    const double loss = donut_vae_loss(kernel, &net->vae, &net->work, &net->batch);
    memset(net->gradients, 0, net->vae.size * sizeof *net->gradients);
    donut_vae_backward(kernel, &net->vae, &net->grad, &net->work, &net->batch,
                       1 / (donut_real)net->batch.n);
    return loss;
}

static void test_loss(struct net *net)
{
    const size_t n = net->batch.n;
    const double loss = run(net);
    tensors_near(&net->file, "loss", "", &loss, tensors_find(&net->file, "", "loss", 1)->data, 1,
                 TOLERANCE);
    tensors_near(&net->file, "log_x", "", net->work.log_x,
                 tensors_find(&net->file, "", "log_x", n)->data, n, TOLERANCE);
    tensors_near(&net->file, "log_z", "", net->work.log_z,
                 tensors_find(&net->file, "", "log_z", n)->data, n, TOLERANCE);
}

static void test_gradients(struct net *net)
{
    run(net);
    for (size_t t = 0; t < net->vae.tensors; t++) {
        const struct donut_tensor *tensor = &net->vae.tensor[t];
        char name[32];
        double got[256];
        reference_name(&net->vae.shape, t, name);
        const struct tensor *want = tensors_find(&net->file, "gradient/", name, tensor->count);
        if (!CHECK(want->count <= 256))
            return;
        for (size_t i = 0; i < want->count; i++)
            got[i] = (double)net->gradients[tensor->offset + i];
        tensors_near(&net->file, "gradient/", name, got, want->data, want->count, TOLERANCE);
    }
}

static struct donut_adam_options adam_options(struct net *net, double *rate)
{
    const double *a = tensors_find(&net->file, "", "adam", 7)->data;
    *rate = a[0];
    return (struct donut_adam_options){.beta1 = a[1],
                                       .beta2 = a[2],
                                       .epsilon = a[3],
                                       .l2 = a[4],
                                       .clip_norm = a[5],
                                       .clip_global = a[6] != 0};
}

/* How far each parameter has moved, which is a sharper thing to compare than where it is. */
static void check_moved(struct net *net)
{
    for (size_t t = 0; t < net->vae.tensors; t++) {
        const struct donut_tensor *tensor = &net->vae.tensor[t];
        char name[32];
        double got[256], want[256];
        reference_name(&net->vae.shape, t, name);
        const struct tensor *before = tensors_find(&net->file, "parameter/", name, tensor->count);
        const struct tensor *after = tensors_find(&net->file, "after/", name, tensor->count);
        if (!CHECK(before->count == after->count && after->count <= 256))
            return;
        for (size_t i = 0; i < after->count; i++) {
            got[i] = (double)net->parameters[tensor->offset + i] - before->data[i];
            want[i] = after->data[i] - before->data[i];
        }
        tensors_near(&net->file, "moved ", name, got, want, after->count, TOLERANCE_MOVED);
    }
}

static void test_ten_steps(struct net *net)
{
    enum { steps = 10 };
    const size_t draws = net->batch.n * net->vae.shape.latent;
    const struct tensor *noise = tensors_find(&net->file, "", "step_noise", steps * draws);
    const struct tensor *loss = tensors_find(&net->file, "", "step_loss", steps);
    if (!net->file.good)
        return;
    double rate;
    const struct donut_adam_options options = adam_options(net, &rate);
    for (size_t step = 0; step < steps; step++) {
        for (size_t i = 0; i < draws; i++)
            net->noise[i] = (donut_real)noise->data[step * draws + i];
        const double got = run(net);
        tensors_near(&net->file, "step_loss", "", &got, &loss->data[step], 1, 10 * TOLERANCE);
        CHECK(donut_adam_update(kernel, &options, net->vae.tensor, net->vae.tensors, step + 1, rate,
                                net->gradients, net->m, net->v, net->parameters));
    }
    check_moved(net);
}

int main(void)
{
    for (size_t i = 0; i < REFERENCE_FILES; i++) {
        struct net net;
        if (load(reference_files[i], &net)) {
            check_batch(&net);
            test_loss(&net);
            test_gradients(&net);
            test_ten_steps(&net);
        }
        unload(&net);
    }
    return check_report("reference");
}
