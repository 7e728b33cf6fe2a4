/* The M-ELBO (paper, eqn 3), with Student's t and other weights of its terms, and its gradient, in
 * double precision, for windows in panels: the value against a plain evaluation of the formula
 * written here, window by window, gradients against numerical derivatives of that. */
#include "check.h"
#include "difference.h"
#include "draw.h"
#include "model/vae.h"

#include <stdlib.h>

#define MOST_WIDTH 130
#define MOST_LANES 96

struct problem {
    struct donut_vae vae, grad;
    struct donut_vae_work work;
    size_t n;                                   /* windows that count */
    double *parameters, *gradients, *direction; /* (vae.size) each */
    double along; /* how far the parameters are moved in `direction` for an evaluation */
    /* A window for every lane of every panel, and series whose neighbouring windows they may be. */
    double x[MOST_LANES][MOST_WIDTH], alpha[MOST_LANES][MOST_WIDTH], noise[MOST_LANES][MOST_WIDTH];
    double series[2][MOST_LANES + MOST_WIDTH];
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

/* y = x W + b of dense layer number `layer`, counted as its tensors are: w, b, w, b, ... */
static void dense(const struct problem *p, size_t layer, size_t in, size_t out, const double *x,
                  double *y)
{
    const size_t w = p->vae.tensor[2 * layer].offset, b = p->vae.tensor[2 * layer + 1].offset;
    for (size_t o = 0; o < out; o++) {
        y[o] = p->parameters[b + o] + p->along * p->direction[b + o];
        for (size_t i = 0; i < in; i++) {
            const size_t at = w + i * out + o;
            y[o] += x[i] * (p->parameters[at] + p->along * p->direction[at]);
        }
    }
}

/* The hidden layers `first`, first + 1, ... of the given widths; the last one's output to h. */
static void hidden(const struct problem *p, size_t first, size_t in, const size_t *width,
                   const double *x, double *h, struct evaluation *sum)
{
    double now[MOST_WIDTH];
    memcpy(now, x, in * sizeof *x);
    for (size_t l = 0; l < p->vae.shape.depth; l++) {
        dense(p, first + l, in, width[l], now, h);
        in = width[l];
        for (size_t o = 0; o < in; o++) {
            evaluation_unit(sum, h[o] > 0);
            now[o] = h[o] > 0 ? h[o] : 0;
        }
    }
    memcpy(h, now, in * sizeof *h);
}

/* Two convolutions over the window, each with ReLU and pooling; returns the width of h. */
static size_t convolutions(const struct problem *p, const double *x, double *h,
                           struct evaluation *sum)
{
    double now[MOST_WIDTH], both[2][MOST_WIDTH];
    size_t length = p->vae.shape.window, in = 1;
    memcpy(now, x, length * sizeof *x);
    for (size_t l = 0; l < DONUT_CONVOLUTIONS; l++) {
        const size_t out = p->vae.shape.channels[l];
        length = (length - 2) / 2;
        for (size_t t = 0; t < length; t++) {
            dense(p, l, 3 * in, out, now + 2 * t * in, both[0]);
            dense(p, l, 3 * in, out, now + (2 * t + 1) * in, both[1]);
            for (size_t o = 0; o < out; o++) {
                const double most = fmax(both[0][o], both[1][o]);
                evaluation_unit(sum, both[0][o] >= both[1][o]);
                evaluation_unit(sum, most > 0);
                h[t * out + o] = fmax(0, most);
            }
        }
        in = out;
        memcpy(now, h, length * in * sizeof *h);
    }
    return length * in;
}

/* weight log N(x; mu, sd) */
static void add_density(struct evaluation *sum, double weight, double x, double mu, double sd)
{
    evaluation_add(sum, -weight * log(sqrt(2 * acos(-1)) * sd));
    evaluation_add(sum, -weight * (x - mu) * (x - mu) / (2 * sd * sd));
}

/* weight log of the density at z of mu + sd t, with Student's t of nu degrees of freedom or, for
 * nu = 0, a normal one. For large nu lgamma()'s values cancel; there Stirling's series gives the
 * constant. */
static void add_latent(struct evaluation *sum, double weight, double nu, double z, double mu,
                       double sd)
{
    if (nu == 0) {
        add_density(sum, weight, z, mu, sd);
        return;
    }
    const double c = nu < 1e4 ? exp(lgamma((nu + 1) / 2) - lgamma(nu / 2)) / sqrt(nu * acos(-1))
                              : exp(-1 / (4 * nu)) / sqrt(2 * acos(-1));
    const double t = (z - mu) / sd;
    evaluation_add(sum, weight * log(c / sd));
    evaluation_add(sum, -weight * (nu + 1) / 2 * log1p(t * t / nu));
}

static double weight_of(double weight, double beta)
{
    return weight < 0 ? beta : weight;
}

static void add_window(const struct problem *p, const double *x, const double *alpha,
                       const double *noise, struct evaluation *elbo)
{
    const struct donut_vae_shape *shape = &p->vae.shape;
    const struct donut_objective *objective = &p->vae.objective;
    const size_t depth = shape->depth, W = shape->window, K = shape->latent;
    const bool cnn = shape->encoder == DONUT_ENCODER_CNN;
    const size_t heads = cnn ? DONUT_CONVOLUTIONS : depth;
    size_t mirrored[DONUT_MAX_DEPTH];
    for (size_t l = 0; l < depth; l++)
        mirrored[l] = shape->hidden[depth - 1 - l];
    double h[MOST_WIDTH], mu[MOST_WIDTH], a[MOST_WIDTH], z[MOST_WIDTH], beta = 0;
    for (size_t w = 0; w < W; w++)
        beta += alpha[w] / (double)W;

    size_t features = shape->hidden[depth - 1];
    if (cnn)
        features = convolutions(p, x, h, elbo);
    else
        hidden(p, 0, W, shape->hidden, x, h, elbo);
    dense(p, heads, features, K, h, mu);
    dense(p, heads + 1, features, K, h, a);
    for (size_t k = 0; k < K; k++) {
        const double sd = log(exp(a[k]) + 1) + shape->epsilon;
        z[k] = mu[k] + sd * noise[k];
        add_latent(elbo, weight_of(objective->prior, beta), shape->student_df, z[k], 0, 1);
        add_latent(elbo, -weight_of(objective->entropy, beta), shape->student_df, z[k], mu[k], sd);
    }
    hidden(p, heads + 2, K, mirrored, z, h, elbo);
    dense(p, heads + depth + 2, shape->hidden[0], W, h, mu);
    dense(p, heads + depth + 3, shape->hidden[0], W, h, a);
    for (size_t w = 0; w < W; w++)
        add_density(elbo, objective->reconstruction * alpha[w], x[w], mu[w],
                    log(exp(a[w]) + 1) + shape->epsilon);
}

static struct evaluation elbo_of_batch(void *context)
{
    const struct problem *p = context;
    struct evaluation sum = {0};
    for (size_t i = 0; i < p->n; i++)
        add_window(p, p->x[i], p->alpha[i], p->noise[i], &sum);
    return sum;
}

static bool problem_new(struct problem *p, struct draw *draw, const struct donut_vae_shape *shape)
{
    if (!CHECK(donut_vae_plan(shape, &p->vae)))
        return false;
    p->grad = p->vae;
    double **const blocks[] = {&p->parameters, &p->gradients, &p->direction};
    for (size_t i = 0; i < 3; i++)
        *blocks[i] = calloc(p->vae.size, sizeof **blocks[i]);
    if (!CHECK(p->parameters && p->gradients && p->direction))
        return false;
    donut_vae_bind(&p->vae, p->parameters);
    donut_vae_bind(&p->grad, p->gradients);
    donut_vae_initialise(&p->vae, p->vae.size);
    for (size_t t = 1; t < p->vae.tensors; t += 2) /* biases that leave most units on */
        for (size_t j = 0; j < p->vae.tensor[t].count; j++)
            p->parameters[p->vae.tensor[t].offset + j] = draw_between(draw, -0.1, 0.6);
    return true;
}

static void problem_free(struct problem *p)
{
    free(p->parameters);
    free(p->gradients);
    free(p->direction);
}

/* Windows with missing points, the second one, or a single one, missing altogether: beta = 0.
 * `overlap`: neighbours in a series. */
static void draw_windows(struct problem *p, struct draw *draw, bool overlap)
{
    const size_t length = sizeof p->series[0] / sizeof p->series[0][0];
    draw_normals(draw, length, 1, p->series[0]);
    draw_alpha(draw, length, 0.25, p->series[1]);
    for (size_t i = 0; i < MOST_LANES; i++) {
        draw_normals(draw, MOST_WIDTH, 1, p->noise[i]);
        draw_normals(draw, MOST_WIDTH, 1, p->x[i]);
        draw_alpha(draw, MOST_WIDTH, i == (p->n > 1) ? 1 : 0.25, p->alpha[i]);
        for (size_t w = 0; w < MOST_WIDTH && overlap; w++) {
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
        for (size_t w = 0; w < p->vae.shape.window; w++) {
            panel.x[w * lanes + l] = p->x[i][w];
            panel.alpha[w * lanes + l] = p->alpha[i][w];
        }
        for (size_t k = 0; k < p->vae.shape.latent; k++)
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
            donut_vae_loss(kernel, &p->vae, &panel, p->series[0] + from, p->series[1] + from, 1,
                           loss + from);
        else
            donut_vae_loss(kernel, &p->vae, &panel, panel.x, panel.alpha, lanes, loss + from);
        for (size_t i = from; i < from + lanes; i++) {
            struct evaluation elbo = {0};
            add_window(p, p->x[i], p->alpha[i], p->noise[i], &elbo);
            CHECK_NEAR(loss[i], -elbo.value, 1e-13 * elbo.magnitude);
        }
    }
}

#define UNTOUCHED 0.125

/* Of scale times the sum of the losses of the first n windows; each weight matrix in two parts. */
static void compute_gradients(struct problem *p, struct draw *draw, double scale, double *loss)
{
    const size_t lanes = p->work.panels.lanes;
    for (size_t i = 0; i < p->vae.size; i++)
        p->gradients[i] = UNTOUCHED;
    for (size_t number = p->work.panels.count; number-- > 0;) {
        const struct donut_vae_panel panel = donut_vae_panel(&p->work, number);
        const size_t left = p->n - number * lanes;
        fill_panel(p, number);
        donut_vae_loss_backward(kernel, &p->vae, &panel, left < lanes ? left : lanes, scale,
                                loss + number * lanes);
    }
    for (size_t t = 0; t < p->vae.tensors; t++) {
        const size_t in = donut_vae_layer(&p->vae, t)->in, first = draw_below(draw, in + 1);
        if (t % 2) {
            donut_vae_backward_bias(kernel, &p->grad, &p->work, t);
        } else {
            donut_vae_backward_weight(kernel, &p->grad, &p->work, t, first, in - first);
            donut_vae_backward_weight(kernel, &p->grad, &p->work, t, 0, first);
        }
    }
}

/* That there is something to check: most gradients are not 0. */
static void check_alive(const struct problem *p)
{
    size_t alive = 0;
    for (size_t i = 0; i < p->vae.size; i++)
        alive += p->gradients[i] != 0 && p->gradients[i] != UNTOUCHED;
    CHECK_THAT(2 * alive > p->vae.parameters, "%zu of %zu gradients are not 0", alive,
               p->vae.parameters);
}

/* The library's gradients are of scale times minus the M-ELBO. */
static void check_entries(struct problem *p, struct draw *draw, double scale, size_t limit)
{
    char what[80];
    for (size_t t = 0; t < p->vae.tensors; t++) {
        const struct donut_tensor *tensor = &p->vae.tensor[t];
        const struct donut_vae_shape *shape = &p->vae.shape;
        snprintf(what, sizeof what, "%sW %zu K %zu depth %zu n %zu: tensor %zu",
                 shape->encoder == DONUT_ENCODER_CNN ? "cnn " : "", shape->window, shape->latent,
                 shape->depth, p->n, t);
        const size_t count = tensor->count < limit ? tensor->count : limit;
        for (size_t j = 0; j < count; j++) {
            const size_t entry = count < tensor->count ? draw_below(draw, tensor->count) : j;
            const size_t i = tensor->offset + entry;
            check_slope(elbo_of_batch, p, &p->parameters[i], -p->gradients[i] / scale, what, entry);
        }
        const size_t end = tensor->offset + tensor->count;
        const size_t next = t + 1 < p->vae.tensors ? p->vae.tensor[t + 1].offset : p->vae.size;
        for (size_t i = end; i < next; i++)
            CHECK_THAT(p->gradients[i] == UNTOUCHED, "padding behind tensor %zu", t);
    }
}

/* All parameters at once, in random directions. */
static void check_directions(struct problem *p, struct draw *draw, double scale)
{
    for (int d = 0; d < 2; d++) {
        draw_normals(draw, p->vae.size, 1, p->direction);
        double slope = 0, length = 0;
        for (size_t i = 0; i < p->vae.size; i++)
            length += p->direction[i] * p->direction[i];
        for (size_t i = 0; i < p->vae.size; i++)
            p->direction[i] /= 4 * sqrt(length);
        for (size_t t = 0; t < p->vae.tensors; t++)
            for (size_t j = 0; j < p->vae.tensor[t].count; j++) {
                const size_t i = p->vae.tensor[t].offset + j;
                slope -= p->direction[i] * p->gradients[i] / scale;
            }
        check_slope(elbo_of_batch, p, &p->along, slope, "random direction", (size_t)d);
    }
    memset(p->direction, 0, p->vae.size * sizeof *p->direction);
}

/* Whatever numbers the lanes behind the last window hold. */
static void check_idle_lanes(struct problem *p, struct draw *draw, double scale)
{
    const size_t size = p->vae.size * sizeof *p->gradients;
    double loss[MOST_LANES], *kept = malloc(size);
    if (!CHECK(kept != NULL))
        return;
    memcpy(kept, p->gradients, size);
    for (size_t i = p->n; i < MOST_LANES; i++)
        for (size_t w = 0; w < MOST_WIDTH; w++) {
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
    if (!CHECK(donut_vae_work_new(&p->vae.shape, n, true, &p->work)))
        return;
    const struct donut_panels *panels = &p->work.panels;
    CHECK_INT(panels->lanes, n <= 16 ? 16 : 32);
    CHECK_INT(panels->count, (n + panels->lanes - 1) / panels->lanes);
    p->n = n;
    draw_windows(p, draw, overlap);
    check_losses(p, overlap, loss);
    compute_gradients(p, draw, scale, again);
    CHECK(memcmp(loss, again, panels->count * panels->lanes * sizeof *loss) == 0);
    if (n > 1 && p->vae.objective.reconstruction > 0)
        check_alive(p);
    check_entries(p, draw, scale, limit);
    check_directions(p, draw, scale);
    check_idle_lanes(p, draw, scale);
    donut_vae_work_free(&p->work);
}

/* Panels of 32 lanes, the last one not full; 16 lanes, full and not. `objective` NULL: eqn (3). */
static void test_shape(struct draw *draw, const struct donut_vae_shape *shape,
                       const struct donut_objective *objective, size_t limit)
{
    struct problem *p = calloc(1, sizeof *p);
    if (CHECK(p != NULL) && problem_new(p, draw, shape)) {
        if (objective)
            p->vae.objective = *objective;
        test_batch(p, draw, 33 + draw_below(draw, 63), false, limit / 3 + 1);
        test_batch(p, draw, 2 + draw_below(draw, 14), true, limit);
        test_batch(p, draw, 16, false, limit);
        test_batch(p, draw, 1, false, limit);
    }
    if (p)
        problem_free(p);
    free(p);
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
          vae.objective.prior == beta && vae.objective.entropy == 1);
    for (size_t i = 0; i < sizeof nus / sizeof nus[0]; i++)
        for (size_t j = 0; j < sizeof objectives / sizeof objectives[0]; j++) {
            shape.student_df = nus[i];
            test_shape(draw, &shape, &objectives[j], 8);
        }
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

int main(void)
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
    check_kinks();
    return check_report("gradient_double");
}
