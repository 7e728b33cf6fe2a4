/* The matrix products of a training step, alone: the library's own parameters, batch of 256 windows
 * in panels, and kernel functions, called as a step calls them. */
#include "measure.h"
#include "peak.h"
#include "sections.h"

#include "model/model.h"
#include "train/automatic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 256
#define GROUPS 4
#define MOST_LAYERS 3

enum { RELU = 1, ADD = 2, GATED = 4 };

/* A layer, and where in panel 0 its matrices are. */
struct place {
    const struct donut_dense *layer, *grad;
    donut_real *x, *y, *dy, *dx;
    unsigned how; /* RELU: y is held above 0; ADD: dx is added to what is there; GATED: x comes from
                     a ReLU */
};

/* Layers of the same shape. */
struct group {
    const char *shape;
    size_t layers;
    struct place place[MOST_LAYERS];
};

struct net {
    struct donut_vae vae, grad;
    struct donut_vae_work work;
    struct donut_vae_panel panel;
    struct group group[GROUPS];
};

static donut_real *new_block(size_t size)
{
    donut_real *block = aligned_alloc(64, (size * sizeof *block + 63) / 64 * 64);
    need(block != NULL, "not enough memory");
    memset(block, 0, size * sizeof *block);
    return block;
}

/* The gradient of the first layer's input is none that training needs: it goes where alpha was. */
static void list_layers(struct net *net)
{
    const struct donut_vae *v = &net->vae, *g = &net->grad;
    const struct donut_vae_panel *p = &net->panel;
    const struct group groups[GROUPS] = {
        {"120x100",
         1,
         {{&v->encoder[0], &g->encoder[0], p->x, p->encoder[0], p->d_encoder[0], p->alpha, RELU}}},
        {"100x100",
         2,
         {{&v->encoder[1], &g->encoder[1], p->encoder[0], p->encoder[1], p->d_encoder[1],
           p->d_encoder[0], RELU | GATED},
          {&v->decoder[1], &g->decoder[1], p->decoder[0], p->decoder[1], p->d_decoder[1],
           p->d_decoder[0], RELU | GATED}}},
        {"100x240",
         2,
         {{&v->x.mu, &g->x.mu, p->decoder[1], p->mu_x, p->mu_x, p->d_decoder[1], 0},
          {&v->x.sd, &g->x.sd, p->decoder[1], p->a_x, p->a_x, p->d_decoder[1], ADD | GATED}}},
        {"100x16 and 8x100",
         3,
         {{&v->z.mu, &g->z.mu, p->encoder[1], p->mu_z, p->dz, p->d_encoder[1], 0},
          {&v->z.sd, &g->z.sd, p->encoder[1], p->a_z, p->da_z, p->d_encoder[1], ADD | GATED},
          {&v->decoder[0], &g->decoder[0], p->z, p->decoder[0], p->d_decoder[0], p->dz, RELU}}},
    };
    memcpy(net->group, groups, sizeof groups);
}

/* Random numbers everywhere: the speed of a product should not rest on zeros. */
static void net_new(struct net *net)
{
    struct donut_train_options opt = donut_train_paper();
    opt.window = DONUT_USUAL_WINDOW;
    const struct donut_vae_shape shape = donut_options_shape(&opt);
    need(shape.depth == 2 && donut_vae_plan(&shape, &net->vae) &&
             donut_vae_work_new(&shape, BATCH, true, &net->work),
         "no network for the matrix products");
    net->grad = net->vae;
    donut_vae_bind(&net->vae, new_block(net->vae.size));
    donut_vae_bind(&net->grad, new_block(net->vae.size));
    donut_vae_initialise(&net->vae, 1);
    const struct donut_stream stream = {1, DONUT_DRAW_TEST, 0};
    donut_random_normals(stream, 0, net->work.panels.count * net->work.panels.stride,
                         net->work.block);
    net->panel = donut_vae_panel(&net->work, 0);
    list_layers(net);
}

static void net_free(struct net *net)
{
    free(net->vae.block);
    free(net->grad.block);
    donut_vae_work_free(&net->work);
}

enum direction { FORWARD, INPUT, WEIGHT, DIRECTIONS };

static void multiply(const struct donut_kernel *kernel, const struct donut_panels *panels,
                     const struct place *place, enum direction direction)
{
    const struct donut_dense *l = place->layer;
    if (direction == WEIGHT)
        donut_dense_backward_weight(kernel, place->grad, 0, l->in, panels, place->x, place->dy,
                                    false);
    for (size_t i = 0; i < panels->count && direction != WEIGHT; i++) {
        const size_t at = i * panels->stride;
        const donut_real *x = place->x + at;
        if (direction == FORWARD)
            donut_dense_forward(kernel, l, panels->lanes, x, panels->lanes, place->how & RELU,
                                place->y + at);
        else
            donut_dense_backward_input(kernel, l, panels->lanes, place->dy + at, place->how & ADD,
                                       place->how & GATED ? x : NULL, place->dx + at);
    }
}

static double operations(const struct group *group)
{
    double sum = 0;
    for (size_t i = 0; i < group->layers; i++)
        sum += 2.0 * BATCH * (double)group->place[i].layer->in * (double)group->place[i].layer->out;
    return sum;
}

/* CPU seconds for one batch, repeated for a few milliseconds. */
static double time_group(const struct donut_kernel *kernel, const struct net *net,
                         const struct group *group, enum direction direction)
{
    const double begin = seconds_on_cpu();
    double elapsed = 0;
    size_t times = 0;
    while (elapsed < 0.003) {
        for (size_t until = times + 8; times < until; times++)
            for (size_t i = 0; i < group->layers; i++)
                multiply(kernel, &net->work.panels, &group->place[i], direction);
        elapsed = seconds_on_cpu() - begin;
    }
    return elapsed / (double)times;
}

struct result {
    struct figures rate, share;
};

struct results {
    struct result one[GROUPS][DIRECTIONS], whole;
};

static void add(struct result *result, double gflops, double peak)
{
    figures_add(&result->rate, gflops);
    figures_add(&result->share, 100 * gflops / peak);
}

/* The whole is all products of a step: the time of each, once. */
static void one_round(const struct donut_kernel *kernel, struct donut_pool *pool,
                      const struct net *net, struct results *results)
{
    const double peak = peak_gflops(kernel->name, pool, 0.01, seconds_on_cpu);
    double sum = 0, seconds = 0;
    for (size_t g = 0; g < GROUPS; g++)
        for (enum direction d = FORWARD; d < DIRECTIONS; d++) {
            const double work = operations(&net->group[g]);
            const double time = time_group(kernel, net, &net->group[g], d);
            add(&results->one[g][d], 1e-9 * work / time, peak);
            if (g == 0 && d == INPUT)
                continue;
            sum += work;
            seconds += time;
        }
    add(&results->whole, 1e-9 * sum / seconds, peak);
}

static void print_result(const char *what, const struct donut_kernel *kernel,
                         const struct result *result)
{
    row_print(&(struct row){.section = "products",
                            .what = what,
                            .kernel = kernel->name,
                            .threads = 1,
                            .unit = "GFLOP/s",
                            .share = &result->share},
              &result->rate);
}

static void print_results(const struct net *net, const struct donut_kernel *kernel,
                          const struct results *results)
{
    static const char *const names[DIRECTIONS] = {"forward", "input gradient", "weight gradient"};
    char what[80];
    for (size_t g = 0; g < GROUPS; g++)
        for (enum direction d = FORWARD; d < DIRECTIONS; d++) {
            snprintf(what, sizeof what, "%s %s", net->group[g].shape, names[d]);
            print_result(what, kernel, &results->one[g][d]);
        }
    print_result("all of a step", kernel, &results->whole);
}

void section_products(size_t rounds, char **argument)
{
    static struct results results[8];
    struct donut_error err;
    struct donut_pool *pool;
    struct net net;
    (void)argument;
    net_new(&net);
    need_ok(donut_pool_new(1, &pool, &err), &err);
    for (size_t r = 0; r < rounds; r++)
        for (size_t k = 0; donut_kernel_available(k); k++)
            one_round(donut_kernel_available(k), pool, &net, &results[k]);
    for (size_t k = 0; donut_kernel_available(k); k++)
        print_results(&net, donut_kernel_available(k), &results[k]);
    donut_pool_free(pool);
    net_free(&net);
}
