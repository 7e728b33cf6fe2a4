/* The M-ELBO (paper, eqn 3) and its gradient, in double precision: the value against a plain
 * evaluation of the formula written here, every gradient against numerical derivatives of that. */
#include "check.h"
#include "difference.h"
#include "draw.h"
#include "model/vae.h"

#include <stdlib.h>

#define MOST_WIDTH 130
#define MOST_WINDOWS 6
#define SERIES (MOST_WINDOWS * MOST_WIDTH)

struct problem {
    struct donut_vae vae, grad;
    struct donut_vae_work work;
    struct donut_vae_batch batch;
    double *parameters, *gradients, *start, *direction; /* (vae.size) each */
    double along; /* how far the parameters are moved in `direction` for an evaluation */
    double x[SERIES], alpha[SERIES], noise[MOST_WINDOWS * MOST_WIDTH];
};

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

/* weight log N(x; mu, sd) */
static void add_density(struct evaluation *sum, double weight, double x, double mu, double sd)
{
    evaluation_add(sum, -weight * log(sqrt(2 * acos(-1)) * sd));
    evaluation_add(sum, -weight * (x - mu) * (x - mu) / (2 * sd * sd));
}

static void add_window(const struct problem *p, const double *x, const double *alpha,
                       const double *noise, struct evaluation *elbo)
{
    const struct donut_vae_shape *shape = &p->vae.shape;
    const size_t depth = shape->depth, W = shape->window, K = shape->latent;
    size_t mirrored[DONUT_MAX_DEPTH];
    for (size_t l = 0; l < depth; l++)
        mirrored[l] = shape->hidden[depth - 1 - l];
    double h[MOST_WIDTH], mu[MOST_WIDTH], a[MOST_WIDTH], z[MOST_WIDTH], beta = 0;
    for (size_t w = 0; w < W; w++)
        beta += alpha[w] / (double)W;

    hidden(p, 0, W, shape->hidden, x, h, elbo);
    dense(p, depth, shape->hidden[depth - 1], K, h, mu);
    dense(p, depth + 1, shape->hidden[depth - 1], K, h, a);
    for (size_t k = 0; k < K; k++) {
        const double sd = log(exp(a[k]) + 1) + shape->epsilon;
        z[k] = mu[k] + sd * noise[k];
        add_density(elbo, beta, z[k], 0, 1);
        add_density(elbo, -1, z[k], mu[k], sd);
    }
    hidden(p, depth + 2, K, mirrored, z, h, elbo);
    dense(p, 2 * depth + 2, shape->hidden[0], W, h, mu);
    dense(p, 2 * depth + 3, shape->hidden[0], W, h, a);
    for (size_t w = 0; w < W; w++)
        add_density(elbo, alpha[w], x[w], mu[w], log(exp(a[w]) + 1) + shape->epsilon);
}

static struct evaluation elbo_of_batch(void *context)
{
    const struct problem *p = context;
    const struct donut_vae_batch *batch = &p->batch;
    struct evaluation sum = {0};
    for (size_t i = 0; i < batch->n; i++)
        add_window(p, batch->x + i * batch->ld, batch->alpha + i * batch->ld,
                   batch->noise + i * p->vae.shape.latent, &sum);
    return sum;
}

static bool problem_new(struct problem *p, struct draw *draw, const struct donut_vae_shape *shape)
{
    if (!CHECK(donut_vae_plan(shape, &p->vae)))
        return false;
    p->grad = p->vae;
    double **const blocks[] = {&p->parameters, &p->gradients, &p->start, &p->direction};
    for (size_t i = 0; i < 4; i++)
        *blocks[i] = calloc(p->vae.size, sizeof **blocks[i]);
    const bool good = p->parameters && p->gradients && p->start && p->direction &&
                      donut_vae_work_new(shape, MOST_WINDOWS, true, &p->work);
    if (!CHECK(good))
        return false;
    donut_vae_bind(&p->vae, p->parameters);
    donut_vae_bind(&p->grad, p->gradients);
    donut_vae_initialise(&p->vae, p->vae.size);
    for (size_t t = 1; t < p->vae.tensors; t += 2) /* biases that leave most units on */
        for (size_t j = 0; j < p->vae.tensor[t].count; j++)
            p->parameters[p->vae.tensor[t].offset + j] = draw_between(draw, -0.1, 0.6);
    draw_normals(draw, p->vae.size, 1, p->start);
    return true;
}

static void problem_free(struct problem *p)
{
    free(p->parameters);
    free(p->gradients);
    free(p->start);
    free(p->direction);
    donut_vae_work_free(&p->work);
}

/* n windows `ld` apart with missing points; window 1 is missing altogether unless they overlap.
 * A single window is missing altogether: beta = 0. */
static void draw_batch(struct problem *p, struct draw *draw, size_t n, size_t ld)
{
    const size_t window = p->vae.shape.window;
    draw_normals(draw, SERIES, 1, p->x);
    draw_normals(draw, n * p->vae.shape.latent, 1, p->noise);
    draw_alpha(draw, SERIES, 0.25, p->alpha);
    const size_t hole = n == 1 ? 0 : 1;
    if (n == 1 || ld >= window)
        for (size_t w = 0; w < window; w++)
            p->alpha[hole * ld + w] = 0;
    for (size_t i = 0; i < SERIES; i++)
        p->x[i] = p->alpha[i] == 0 ? -1.75 : p->x[i];
    p->batch = (struct donut_vae_batch){n, ld, p->x, p->alpha, p->noise};
}

/* The library's gradients are of scale times minus the M-ELBO, on top of what was there. */
static double slope_of(const struct problem *p, size_t i, double scale)
{
    return -(p->gradients[i] - p->start[i]) / scale;
}

/* That there is something to check: most gradients are not 0. */
static void check_alive(const struct problem *p)
{
    size_t alive = 0;
    for (size_t i = 0; i < p->vae.size; i++)
        alive += p->gradients[i] != p->start[i];
    CHECK_THAT(2 * alive > p->vae.parameters, "%zu of %zu gradients are not 0", alive,
               p->vae.parameters);
}

static void check_entries(struct problem *p, struct draw *draw, double scale, size_t limit)
{
    char what[80];
    for (size_t t = 0; t < p->vae.tensors; t++) {
        const struct donut_tensor *tensor = &p->vae.tensor[t];
        const struct donut_vae_shape *shape = &p->vae.shape;
        snprintf(what, sizeof what, "W %zu K %zu depth %zu n %zu ld %zu: tensor %zu", shape->window,
                 shape->latent, shape->depth, p->batch.n, p->batch.ld, t);
        const size_t count = tensor->count < limit ? tensor->count : limit;
        for (size_t j = 0; j < count; j++) {
            const size_t entry = count < tensor->count ? draw_below(draw, tensor->count) : j;
            const size_t i = tensor->offset + entry;
            check_slope(elbo_of_batch, p, &p->parameters[i], slope_of(p, i, scale), what, entry);
        }
        const size_t end = tensor->offset + tensor->count;
        const size_t next = t + 1 < p->vae.tensors ? p->vae.tensor[t + 1].offset : p->vae.size;
        for (size_t i = end; i < next; i++)
            CHECK_THAT(p->gradients[i] == p->start[i], "padding behind tensor %zu", t);
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
                slope += p->direction[i] * slope_of(p, i, scale);
            }
        check_slope(elbo_of_batch, p, &p->along, slope, "random direction", (size_t)d);
    }
    memset(p->direction, 0, p->vae.size * sizeof *p->direction);
}

static void test_batch(struct problem *p, struct draw *draw, size_t n, size_t ld, size_t limit)
{
    const double scale = 0.37;
    draw_batch(p, draw, n, ld);
    const struct evaluation elbo = elbo_of_batch(p);
    const double loss = donut_vae_loss(&donut_kernel_plain, &p->vae, &p->work, &p->batch);
    CHECK_NEAR(loss, -elbo.value, 1e-13 * elbo.magnitude);
    memcpy(p->gradients, p->start, p->vae.size * sizeof *p->start);
    donut_vae_backward(&donut_kernel_plain, &p->vae, &p->grad, &p->work, &p->batch, scale);
    if (n > 1)
        check_alive(p);
    check_entries(p, draw, scale, limit);
    check_directions(p, draw, scale);
}

static void test_shape(struct draw *draw, const struct donut_vae_shape *shape, size_t limit)
{
    struct problem *p = calloc(1, sizeof *p);
    if (CHECK(p != NULL) && problem_new(p, draw, shape)) {
        test_batch(p, draw, MOST_WINDOWS, shape->window + 3, limit);
        test_batch(p, draw, MOST_WINDOWS - 1, 1, limit);
        test_batch(p, draw, 1, shape->window, limit);
    }
    if (p)
        problem_free(p);
    free(p);
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
                test_shape(&draw, &shape, windows[w] < 100 ? SIZE_MAX : 12);
            }
    /* The default network. */
    test_shape(&draw,
               &(struct donut_vae_shape){
                   .window = 120, .latent = 8, .depth = 2, .hidden = {100, 100}, .epsilon = 1e-4},
               2);
    check_kinks();
    return check_report("gradient_double");
}
