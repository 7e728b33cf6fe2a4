/* Loss, every gradient and ten steps of Adam against PyTorch, from the same numbers and noise: with
 * every kernel, in panels of either width and several of them, with the parameters in one share or
 * in several. */
#include "reference_net.h"
#include "train/share.h"

/* PyTorch's numbers are exact to 1e-12 here; float's rounding through these shallow networks stays
 * below 3e-6 of a tensor's largest entry (measured: 1e-6). */
#define TOLERANCE 4e-6
/* What ten steps move, 0.01 at most, is rounded to the weights' last place, 3e-8, each time. */
#define TOLERANCE_MOVED 1e-4

#define MOST_WINDOWS 512
#define MOST_COUNT 256 /* of a tensor */

/* The batch of a file, `copies` times over: the loss is as many times the file's, the gradient of
 * the mean loss is the file's. */
struct net {
    struct tensors file;
    const struct donut_kernel *kernel;
    struct donut_vae vae;
    struct donut_vae_work work;
    struct donut_shares shares;
    size_t n, copies;       /* windows of the file */
    donut_real *parameters; /* (vae.size) */
    struct donut_arena arena;
    double loss[MOST_WINDOWS];
};

/* values (n, rows), one window after the other -> matrix (rows, lanes) of a panel, which has
 * `used` windows from number `first` of the copies on */
static void put(const struct net *net, const double *values, size_t rows, size_t first, size_t used,
                size_t lanes, donut_real *out)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t l = 0; l < used; l++)
            out[r * lanes + l] = (donut_real)values[(first + l) % net->n * rows + r];
}

static void put_noise(struct net *net, const double *noise)
{
    const size_t total = net->n * net->copies, lanes = net->work.panels.lanes;
    for (size_t i = 0; i < net->work.panels.count; i++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, i);
        const size_t first = i * lanes, used = total - first < lanes ? total - first : lanes;
        put(net, noise, net->vae.shape.latent, first, used, lanes, panel.noise);
    }
}

static bool put_batch(struct net *net)
{
    const size_t window = net->vae.shape.window, total = net->n * net->copies;
    const size_t latent = net->vae.shape.latent, lanes = net->work.panels.lanes;
    const struct tensor *x = tensors_find(&net->file, "", "x", net->n * window);
    const struct tensor *alpha = tensors_find(&net->file, "", "alpha", net->n * window);
    const struct tensor *noise = tensors_find(&net->file, "", "noise", net->n * latent);
    if (!net->file.good)
        return false;
    for (size_t i = 0; i < net->work.panels.count; i++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, i);
        const size_t first = i * lanes, used = total - first < lanes ? total - first : lanes;
        put(net, x->data, window, first, used, lanes, panel.x);
        put(net, alpha->data, window, first, used, lanes, panel.alpha);
    }
    put_noise(net, noise->data);
    return true;
}

static struct donut_adam_options adam_options(struct net *net, double *rate)
{
    static const double none[7];
    const struct tensor *adam = tensors_find(&net->file, "", "adam", 7);
    const double *a = adam->count == 7 ? adam->data : none;
    *rate = a[0];
    return (struct donut_adam_options){.beta1 = a[1],
                                       .beta2 = a[2],
                                       .epsilon = a[3],
                                       .l2 = a[4],
                                       .clip_norm = a[5],
                                       .clip_global = a[6] != 0};
}

static bool load(const char *path, const struct donut_kernel *kernel, size_t copies, size_t shares,
                 struct net *net)
{
    struct donut_vae_shape shape;
    double rate;
    *net = (struct net){.kernel = kernel, .copies = copies};
    if (!tensors_read(path, &net->file) || !reference_shape(&net->file, &shape))
        return false;
    net->n = reference_any(&net->file, "x")->dims[0];
    if (!CHECK(net->n > 1 && net->n * copies <= MOST_WINDOWS && donut_vae_plan(&shape, &net->vae)))
        return false;
    (void)donut_arena_reals(&net->arena, 1, net->vae.size);
    if (!CHECK(donut_arena_allocate(&net->arena)))
        return false;
    net->parameters = donut_arena_reals(&net->arena, 1, net->vae.size);
    donut_vae_bind(&net->vae, net->parameters);
    const struct donut_adam_options adam = adam_options(net, &rate);
    return CHECK(donut_vae_work_new(&shape, net->n * copies, true, &net->work)) &&
           CHECK(donut_shares_new(kernel, &adam, &net->vae, shares, &net->shares)) &&
           reference_parameters(&net->file, &net->vae) && put_batch(net);
}

static void unload(struct net *net)
{
    tensors_free(&net->file);
    donut_arena_free(&net->arena);
    donut_vae_work_free(&net->work);
    donut_shares_free(&net->shares);
}

/* The batch has a window without any point, and others with some. */
static void check_batch(struct net *net)
{
    const size_t window = net->vae.shape.window;
    const double *alpha = tensors_find(&net->file, "", "alpha", net->n * window)->data;
    size_t empty = 0, partial = 0;
    for (size_t i = 0; i < net->n; i++) {
        size_t present = 0;
        for (size_t w = 0; w < window; w++)
            present += alpha[i * window + w] == 1;
        empty += present == 0;
        partial += present > 0 && present < window;
    }
    CHECK(empty == 1 && partial > 0);
}

/* Forward and back to every layer's output; the losses' sum divided by the copies. */
static double run(struct net *net)
{
    const size_t total = net->n * net->copies, lanes = net->work.panels.lanes;
    double sum = 0;
    for (size_t i = 0; i < net->work.panels.count; i++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, i);
        const size_t first = i * lanes, used = total - first < lanes ? total - first : lanes;
        double loss[DONUT_PANEL];
        donut_vae_loss_backward(net->kernel, &net->vae, &panel, used, 1 / (donut_real)total, loss);
        memcpy(net->loss + first, loss, used * sizeof *loss);
        for (size_t l = 0; l < used; l++)
            sum += loss[l];
    }
    return sum / (double)net->copies;
}

/* A term of the loss as the panels hold it, against the file's. */
static void check_term(struct net *net, const char *name)
{
    const struct tensor *want = tensors_find(&net->file, "", name, net->n);
    const size_t total = net->n * net->copies, lanes = net->work.panels.lanes;
    double got[MOST_WINDOWS], copied[MOST_WINDOWS];
    if (!net->file.good)
        return;
    for (size_t i = 0; i < total; i++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, i / lanes);
        const donut_real *term = strcmp(name, "log_x") == 0   ? panel.log_x
                                 : strcmp(name, "log_z") == 0 ? panel.log_p
                                                              : panel.log_q;
        got[i] = (double)term[i % lanes];
        copied[i] = want->data[i % net->n];
    }
    tensors_near(&net->file, name, "", got, copied, total, TOLERANCE);
}

/* The loss alone gives the very numbers that it gives with the gradient. */
static void check_forward(const struct net *net)
{
    const size_t total = net->n * net->copies, lanes = net->work.panels.lanes;
    for (size_t i = 0; i < net->work.panels.count; i++) {
        const struct donut_vae_panel panel = donut_vae_panel(&net->work, i);
        const size_t first = i * lanes, used = total - first < lanes ? total - first : lanes;
        double loss[DONUT_PANEL];
        donut_vae_loss(net->kernel, &net->vae, &panel, panel.x, panel.alpha, lanes, loss);
        CHECK_THAT(memcmp(loss, net->loss + first, used * sizeof *loss) == 0,
                   "%s, %s: panel %zu has another loss without its gradient", net->file.path,
                   net->kernel->name, i);
    }
}

static void test_loss(struct net *net)
{
    const double loss = run(net);
    tensors_near(&net->file, "loss", "", &loss, tensors_find(&net->file, "", "loss", 1)->data, 1,
                 TOLERANCE);
    check_term(net, "log_x");
    check_term(net, "log_z");
    check_term(net, "log_q");
    check_forward(net);
}

static void test_gradients(struct net *net)
{
    const struct donut_vae *grad = &net->shares.grad;
    run(net);
    for (size_t t = 0; t < net->vae.tensors; t++) {
        const struct donut_tensor *tensor = &net->vae.tensor[t];
        char name[32];
        double got[MOST_COUNT];
        reference_name(&net->vae.shape, t, name);
        const struct tensor *want = tensors_find(&net->file, "gradient/", name, tensor->count);
        if (!CHECK(want->count == tensor->count && want->count <= MOST_COUNT))
            return;
        if (t % 2)
            donut_vae_backward_bias(net->kernel, grad, &net->work, t);
        else
            donut_vae_backward_weight(net->kernel, grad, &net->work, t, 0,
                                      donut_vae_layer(grad, t)->in);
        for (size_t i = 0; i < want->count; i++)
            got[i] = (double)grad->block[tensor->offset + i];
        tensors_near(&net->file, "gradient/", name, got, want->data, want->count, TOLERANCE);
    }
}

/* How far each parameter has moved, which is a sharper thing to compare than where it is. */
static void check_moved(struct net *net)
{
    for (size_t t = 0; t < net->vae.tensors; t++) {
        const struct donut_tensor *tensor = &net->vae.tensor[t];
        char name[32];
        double got[MOST_COUNT], want[MOST_COUNT];
        reference_name(&net->vae.shape, t, name);
        const struct tensor *before = tensors_find(&net->file, "parameter/", name, tensor->count);
        const struct tensor *after = tensors_find(&net->file, "after/", name, tensor->count);
        if (!CHECK(before->count == after->count && after->count <= MOST_COUNT))
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
    const size_t draws = net->n * net->vae.shape.latent;
    const struct tensor *noise = tensors_find(&net->file, "", "step_noise", steps * draws);
    const struct tensor *loss = tensors_find(&net->file, "", "step_loss", steps);
    double rate;
    (void)adam_options(net, &rate);
    if (!net->file.good)
        return;
    for (size_t step = 0; step < steps; step++) {
        put_noise(net, noise->data + step * draws);
        const double got = run(net);
        tensors_near(&net->file, "step_loss", "", &got, &loss->data[step], 1, 10 * TOLERANCE);
        for (size_t s = 0; s < net->shares.shares; s++)
            donut_shares_gradient(&net->shares, s, &net->work);
        CHECK(donut_shares_clip(&net->shares, step + 1, rate));
        for (size_t s = 0; s < net->shares.shares; s++)
            donut_shares_update(&net->shares, s);
    }
    check_moved(net);
}

TEST(reference)
{
    /* 4 to 6 windows a copy: one narrow panel; a wide one; several, the last of them partly used.
     */
    static const size_t copies[] = {1, 5, 23}, shares[] = {1, 2, 64};
    const struct donut_kernel *kernel;
    for (size_t i = 0; (kernel = donut_kernel_available(i)) != NULL; i++)
        for (size_t j = 0; j < REFERENCE_FILES * 3; j++) {
            struct net net;
            if (load(reference_files[j / 3], kernel, copies[j % 3], shares[j % 3], &net)) {
                check_batch(&net);
                test_loss(&net);
                test_gradients(&net);
                test_ten_steps(&net);
            }
            unload(&net);
        }
    return check_report("reference");
}
