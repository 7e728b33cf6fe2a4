/* The M-ELBO and its gradient, in double precision, for windows in panels: the value against the
 * formula of elbo_net.h, window by window, gradients against numerical derivatives of that. */
#include "draw.h"
#include "elbo_net.h"

#include <stdlib.h>

#define MOST_LANES 96

struct problem {
    struct elbo_net net;
    struct donut_vae grad;
    struct donut_vae_work work;
    size_t n;          /* windows that count */
    double *gradients; /* (net.vae.size) */
    /* A window for every lane of every panel, and series whose neighbouring windows they may be. */
    double x[MOST_LANES][ELBO_NET_WIDEST], alpha[MOST_LANES][ELBO_NET_WIDEST];
    double noise[MOST_LANES][ELBO_NET_WIDEST];
    double series[2][MOST_LANES + ELBO_NET_WIDEST];
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

static struct evaluation elbo_of_batch(void *context)
{
    const struct problem *p = context;
    struct evaluation sum = {0};
    for (size_t i = 0; i < p->n; i++)
        elbo_add_window(&p->net, p->x[i], p->alpha[i], p->noise[i], &sum);
    return sum;
}

static bool problem_new(struct problem *p, struct draw *draw, const struct donut_vae_shape *shape)
{
    if (!CHECK(donut_vae_plan(shape, &p->net.vae)))
        return false;
    p->grad = p->net.vae;
    double **const blocks[] = {&p->net.parameters, &p->gradients, &p->net.direction};
    for (size_t i = 0; i < 3; i++)
        *blocks[i] = calloc(p->net.vae.size, sizeof **blocks[i]);
    if (!CHECK(p->net.parameters && p->gradients && p->net.direction))
        return false;
    donut_vae_bind(&p->net.vae, p->net.parameters);
    donut_vae_bind(&p->grad, p->gradients);
    donut_vae_initialise(&p->net.vae, p->net.vae.size);
    donut_vae_hide(&p->net.vae);
    for (size_t t = 1; t < p->net.vae.tensors; t += 2) /* biases that leave most units on */
        for (size_t j = 0; j < p->net.vae.tensor[t].count; j++)
            p->net.parameters[p->net.vae.tensor[t].offset + j] = draw_between(draw, -0.1, 0.6);
    return true;
}

static void problem_free(struct problem *p)
{
    free(p->net.parameters);
    free(p->gradients);
    free(p->net.direction);
}

/* Windows with missing points, the second one, or a single one, missing altogether: beta = 0.
 * `overlap`: neighbours in a series. */
static void draw_windows(struct problem *p, struct draw *draw, bool overlap)
{
    const size_t length = sizeof p->series[0] / sizeof p->series[0][0];
    draw_normals(draw, length, 1, p->series[0]);
    draw_alpha(draw, length, 0.25, p->series[1]);
    for (size_t i = 0; i < MOST_LANES; i++) {
        draw_normals(draw, ELBO_NET_WIDEST, 1, p->noise[i]);
        draw_normals(draw, ELBO_NET_WIDEST, 1, p->x[i]);
        draw_alpha(draw, ELBO_NET_WIDEST, i == (p->n > 1) ? 1 : 0.25, p->alpha[i]);
        for (size_t w = 0; w < ELBO_NET_WIDEST && overlap; w++) {
            p->x[i][w] = p->series[0][i + w];
            p->alpha[i][w] = p->series[1][i + w];
        }
    }
}

/* Copies the windows of a panel into it. */
static void fill_panel(const struct problem *p, size_t number)
{
    const struct donut_vae_panel panel = donut_vae_panel(&p->work, number);
    const size_t lanes = panel.lanes;
    for (size_t l = 0; l < lanes; l++) {
        const size_t i = number * lanes + l;
        for (size_t w = 0; w < p->net.vae.shape.window; w++) {
            panel.x[w * lanes + l] = p->x[i][w];
            panel.alpha[w * lanes + l] = p->alpha[i][w];
        }
        for (size_t k = 0; k < p->net.vae.shape.latent; k++)
            panel.noise[k * lanes + l] = p->noise[i][k];
    }
}

/* Every lane's loss is minus its M-ELBO, read from where it lies or from the panel. */
static void check_losses(const struct problem *p, bool overlap, double *loss)
{
    for (size_t number = 0; number < p->work.panels.count; number++) {
        const struct donut_vae_panel panel = donut_vae_panel(&p->work, number);
        const size_t lanes = panel.lanes, from = number * lanes;
        fill_panel(p, number);
        if (overlap)
            donut_vae_loss(kernel, &p->net.vae, &panel, p->series[0] + from, p->series[1] + from, 1,
                           loss + from);
        else
            donut_vae_loss(kernel, &p->net.vae, &panel, panel.x, panel.alpha, lanes, loss + from);
        for (size_t i = from; i < from + lanes; i++) {
            struct evaluation elbo = {0};
            elbo_add_window(&p->net, p->x[i], p->alpha[i], p->noise[i], &elbo);
            CHECK_NEAR(loss[i], -elbo.value, 1e-13 * elbo.magnitude);
        }
    }
}

#define UNTOUCHED 0.125

/* Of scale times the sum of the losses of the first n windows; each weight matrix in two parts. */
static void compute_gradients(struct problem *p, struct draw *draw, double scale, double *loss)
{
    const size_t lanes = p->work.panels.lanes;
    for (size_t i = 0; i < p->net.vae.size; i++)
        p->gradients[i] = UNTOUCHED;
    for (size_t number = p->work.panels.count; number-- > 0;) {
        const struct donut_vae_panel panel = donut_vae_panel(&p->work, number);
        const size_t left = p->n - number * lanes;
        fill_panel(p, number);
        donut_vae_loss_backward(kernel, &p->net.vae, &panel, left < lanes ? left : lanes, scale,
                                loss + number * lanes);
    }
    for (size_t t = 0; t < p->net.vae.tensors; t++) {
        const size_t in = donut_vae_layer(&p->net.vae, t)->in, first = draw_below(draw, in + 1);
        if (t % 2) {
            donut_vae_backward_bias(kernel, &p->grad, &p->work, t);
        } else {
            donut_vae_backward_weight(kernel, &p->grad, &p->work, t, first, in - first);
            donut_vae_backward_weight(kernel, &p->grad, &p->work, t, 0, first);
        }
    }
}

/* A weight of a hidden last point, which has no gradient. */
static bool is_hidden(const struct donut_vae *vae, size_t tensor, size_t entry)
{
    return vae->shape.hide_last && tensor == 0 &&
           entry >= (vae->shape.window - 1) * vae->shape.hidden[0];
}

/* That there is something to check: most gradients are not 0. */
static void check_alive(const struct problem *p)
{
    size_t alive = 0;
    for (size_t i = 0; i < p->net.vae.size; i++)
        alive += p->gradients[i] != 0 && p->gradients[i] != UNTOUCHED;
    CHECK_THAT(2 * alive > p->net.vae.parameters, "%zu of %zu gradients are not 0", alive,
               p->net.vae.parameters);
}

/* The library's gradients are of scale times minus the M-ELBO. */
static void check_entries(struct problem *p, struct draw *draw, double scale, size_t limit)
{
    char what[80];
    for (size_t t = 0; t < p->net.vae.tensors; t++) {
        const struct donut_tensor *tensor = &p->net.vae.tensor[t];
        const struct donut_vae_shape *shape = &p->net.vae.shape;
        snprintf(what, sizeof what, "%sW %zu K %zu depth %zu n %zu: tensor %zu",
                 shape->encoder == DONUT_ENCODER_CNN ? "cnn " : "", shape->window, shape->latent,
                 shape->depth, p->n, t);
        const size_t count = tensor->count < limit ? tensor->count : limit;
        for (size_t j = 0; j < count; j++) {
            const size_t entry = count < tensor->count ? draw_below(draw, tensor->count) : j;
            const size_t i = tensor->offset + entry;
            if (is_hidden(&p->net.vae, t, entry)) {
                CHECK(p->gradients[i] == UNTOUCHED && p->net.parameters[i] == 0);
                continue;
            }
            check_slope(elbo_of_batch, p, &p->net.parameters[i], -p->gradients[i] / scale, what,
                        entry);
        }
        const size_t end = tensor->offset + tensor->count;
        const size_t next =
            t + 1 < p->net.vae.tensors ? p->net.vae.tensor[t + 1].offset : p->net.vae.size;
        for (size_t i = end; i < next; i++)
            CHECK_THAT(p->gradients[i] == UNTOUCHED, "padding behind tensor %zu", t);
    }
}

/* All parameters at once, in random directions. */
static void check_directions(struct problem *p, struct draw *draw, double scale)
{
    for (int d = 0; d < 2; d++) {
        draw_normals(draw, p->net.vae.size, 1, p->net.direction);
        double slope = 0, length = 0;
        for (size_t j = 0; j < p->net.vae.tensor[0].count; j++)
            if (is_hidden(&p->net.vae, 0, j))
                p->net.direction[p->net.vae.tensor[0].offset + j] = 0;
        for (size_t i = 0; i < p->net.vae.size; i++)
            length += p->net.direction[i] * p->net.direction[i];
        for (size_t i = 0; i < p->net.vae.size; i++)
            p->net.direction[i] /= 4 * sqrt(length);
        for (size_t t = 0; t < p->net.vae.tensors; t++)
            for (size_t j = 0; j < p->net.vae.tensor[t].count; j++) {
                const size_t i = p->net.vae.tensor[t].offset + j;
                slope -= p->net.direction[i] * p->gradients[i] / scale;
            }
        check_slope(elbo_of_batch, p, &p->net.along, slope, "random direction", (size_t)d);
    }
    memset(p->net.direction, 0, p->net.vae.size * sizeof *p->net.direction);
}

/* Whatever numbers the lanes behind the last window hold. */
static void check_idle_lanes(struct problem *p, struct draw *draw, double scale)
{
    const size_t size = p->net.vae.size * sizeof *p->gradients;
    double loss[MOST_LANES], *kept = malloc(size);
    if (!CHECK(kept != NULL))
        return;
    memcpy(kept, p->gradients, size);
    for (size_t i = p->n; i < MOST_LANES; i++)
        for (size_t w = 0; w < ELBO_NET_WIDEST; w++) {
            p->x[i][w] = p->noise[i][w] = -3;
            p->alpha[i][w] = 1;
        }
    compute_gradients(p, draw, scale, loss);
    CHECK(memcmp(kept, p->gradients, size) == 0);
    free(kept);
}

static void test_batch(struct problem *p, struct draw *draw, size_t n, bool overlap, size_t limit)
{
    const double scale = 0.37;
    double loss[MOST_LANES], again[MOST_LANES];
    if (!CHECK(donut_vae_work_new(&p->net.vae.shape, n, true, &p->work)))
        return;
    const struct donut_panels *panels = &p->work.panels;
    CHECK_INT(panels->lanes, n <= 16 ? 16 : 32);
    CHECK_INT(panels->count, (n + panels->lanes - 1) / panels->lanes);
    p->n = n;
    draw_windows(p, draw, overlap);
    check_losses(p, overlap, loss);
    compute_gradients(p, draw, scale, again);
    CHECK(memcmp(loss, again, panels->count * panels->lanes * sizeof *loss) == 0);
    if (n > 1 && p->net.vae.objective.reconstruction > 0)
        check_alive(p);
    check_entries(p, draw, scale, limit);
    check_directions(p, draw, scale);
    check_idle_lanes(p, draw, scale);
    donut_vae_work_free(&p->work);
}

/* Panels of 32 lanes, the last one not full; 16 lanes, full and not. `objective` NULL: eqn (3). */
static void test_shape_of(struct draw *draw, const struct donut_vae_shape *shape,
                          const struct donut_objective *objective, double likelihood_df,
                          size_t limit)
{
    struct problem *p = calloc(1, sizeof *p);
    if (CHECK(p != NULL) && problem_new(p, draw, shape)) {
        if (objective)
            p->net.vae.objective = *objective;
        p->net.vae.likelihood = donut_law(likelihood_df);
        test_batch(p, draw, 33 + draw_below(draw, 63), false, limit / 3 + 1);
        test_batch(p, draw, 2 + draw_below(draw, 14), true, limit);
        test_batch(p, draw, 16, false, limit);
        test_batch(p, draw, 1, false, limit);
    }
    if (p)
        problem_free(p);
    free(p);
}

static void test_shape(struct draw *draw, const struct donut_vae_shape *shape,
                       const struct donut_objective *objective, size_t limit)
{
    test_shape_of(draw, shape, objective, 0, limit);
}

/* Student's t, from the heaviest tails to none; every weight as a constant, 0 and beta. */
static void test_laws(struct draw *draw)
{
    static const double nus[] = {0, 1, 2.5, 30, 1e6}, beta = DONUT_WEIGHT_BETA;
    static const struct donut_objective objectives[] = {
        {1, DONUT_WEIGHT_BETA, 1}, {0.5, 0.3, 2}, {0, 1, 0.7}, {2, 0, DONUT_WEIGHT_BETA}, {1, 3, 0},
    };
    struct donut_vae_shape shape = {
        .window = 7, .latent = 3, .depth = 2, .hidden = {7, 3}, .epsilon = 1e-4};
    struct donut_vae vae;
    CHECK(donut_vae_plan(&shape, &vae) && vae.objective.reconstruction == 1 &&
          vae.objective.prior == beta && vae.objective.entropy == 1 && vae.likelihood.nu == 0);
    for (size_t i = 0; i < sizeof nus / sizeof nus[0]; i++)
        for (size_t j = 0; j < sizeof objectives / sizeof objectives[0]; j++) {
            shape.student_df = nus[i];
            test_shape_of(draw, &shape, &objectives[j], nus[(i + j) % 5], 8);
        }
}

/* One layer and two; a window whose last point is a piece of its own of the weights, and not. */
static void test_hidden(struct draw *draw)
{
    test_shape(draw,
               &(struct donut_vae_shape){.window = 17,
                                         .latent = 2,
                                         .depth = 1,
                                         .hidden = {5},
                                         .epsilon = 1e-4,
                                         .hide_last = true},
               NULL, 100);
    test_shape_of(draw,
                  &(struct donut_vae_shape){.window = 2,
                                            .latent = 3,
                                            .depth = 2,
                                            .hidden = {7, 4},
                                            .epsilon = 1e-4,
                                            .hide_last = true},
                  NULL, 2.5, 15);
}

/* All that departs from the paper's network at once. */
static void test_together(struct draw *draw)
{
    static const struct donut_objective objective = {0.5, 0.4, DONUT_WEIGHT_BETA};
    test_shape(draw,
               &(struct donut_vae_shape){.encoder = DONUT_ENCODER_CNN,
                                         .channels = {3, 4},
                                         .window = 15,
                                         .latent = 2,
                                         .depth = 3,
                                         .hidden = {6, 5, 4},
                                         .epsilon = 1e-4,
                                         .student_df = 3},
               &objective, 12);
}

/* Windows of which pooling drops nothing, the last position of either layer, and of both; one
 * channel and several; a decoder shallower and deeper than the encoder. */
static void test_convolutions(struct draw *draw)
{
    static const size_t windows[] = {10, 11, 12, 13, 22, 25};
    static const size_t channels[][2] = {{1, 1}, {3, 2}, {2, 5}};
    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        struct donut_vae_shape shape = {.encoder = DONUT_ENCODER_CNN,
                                        .window = windows[w],
                                        .latent = 1 + w % 3,
                                        .depth = 1 + w % 3,
                                        .hidden = {5, 4, 3},
                                        .epsilon = w % 2 ? 0.05 : 1e-4};
        memcpy(shape.channels, channels[w / 2], sizeof channels[0]);
        test_shape(draw, &shape, NULL, 12);
    }
    test_shape(draw,
               &(struct donut_vae_shape){.encoder = DONUT_ENCODER_CNN,
                                         .channels = {2, 4},
                                         .window = 120,
                                         .latent = 3,
                                         .depth = 2,
                                         .hidden = {100, 100},
                                         .epsilon = 1e-4},
               NULL, 2);
}

TEST(gradient_double)
{
    static const size_t windows[] = {1, 7, 120}, latents[] = {1, 3, 8};
    static const size_t widths[][3] = {{5}, {7, 3}, {9, 3, 5}};
    struct draw draw = draw_new("gradient_double", 1802);
    for (size_t w = 0; w < 3; w++)
        for (size_t k = 0; k < 3; k++)
            for (size_t depth = 1; depth <= 3; depth++) {
                struct donut_vae_shape shape = {.window = windows[w],
                                                .latent = latents[k],
                                                .depth = depth,
                                                .epsilon = k == 0 ? 0.05 : 1e-4};
                memcpy(shape.hidden, widths[depth - 1], sizeof widths[0]);
                test_shape(&draw, &shape, NULL, windows[w] < 100 ? 15 : 4);
            }
    /* The default network. */
    test_shape(&draw,
               &(struct donut_vae_shape){
                   .window = 120, .latent = 8, .depth = 2, .hidden = {100, 100}, .epsilon = 1e-4},
               NULL, 1);
    test_laws(&draw);
    test_convolutions(&draw);
    test_together(&draw);
    test_hidden(&draw);
    check_kinks();
    return check_report("gradient_double");
}
