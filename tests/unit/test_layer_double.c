/* Every layer's backward pass against numerical derivatives, in double precision: the objective is
 * a random weighted sum of the layer's outputs, so its gradient in the outputs is those weights. */
#include "check.h"
#include "difference.h"
#include "draw.h"
#include "nn/gauss.h"
#include "nn/latent.h"

#include <stdlib.h>

#define MOST 2048
#define BEFORE 0.25 /* what a gradient that is added to holds before */

/* Layers under test on panels of windows: element (k, l) of a matrix in panel p is at
 * p * stride + k * lanes + l. Each use takes the arrays it needs. */
struct layer_case {
    size_t in, mid, out; /* x (in) -> h (mid) -> y, a (out) */
    struct donut_panels panels;
    double epsilon;
    struct donut_law law;
    struct donut_dense hidden, grad_hidden;
    struct donut_gauss heads, grad; /* a dense layer is the mu half */
    double x[MOST], pre[MOST], h[MOST], y[MOST], a[MOST];
    double weight_y[MOST], weight_a[MOST]; /* of the outputs in the objective */
    double dx[MOST], dh[MOST], dy[MOST], da[MOST];
    double noise[MOST], sd[MOST], z[MOST], alpha[MOST], scale[DONUT_PANEL], scale_q[DONUT_PANEL];
    double log_q[DONUT_PANEL], log_p[DONUT_PANEL], sum_alpha[DONUT_PANEL];
    double w[3][MOST], b[3][MOST], dw[3][MOST], db[3][MOST];
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

static void fill(double *values, double value)
{
    for (size_t i = 0; i < MOST; i++)
        values[i] = value;
}

static struct donut_dense bind(size_t in, size_t out, double *w, double *b)
{
    return (struct donut_dense){.in = in, .out = out, .w = w, .b = b};
}

static void prepare(struct layer_case *c, struct draw *draw, const size_t width[3], size_t panels,
                    size_t lanes)
{
    const size_t in = c->in = width[0], mid = c->mid = width[1], out = c->out = width[2];
    const size_t widest = in > mid ? (in > out ? in : out) : mid > out ? mid : out;
    c->panels = (struct donut_panels){panels, lanes, widest * lanes + 5};
    if (!CHECK(panels * c->panels.stride <= MOST))
        exit(1);
    double *const normal[] = {c->x,    c->pre,  c->y,    c->a,    c->weight_y, c->weight_a, c->w[0],
                              c->w[1], c->w[2], c->b[0], c->b[1], c->b[2],     c->noise};
    for (size_t i = 0; i < sizeof normal / sizeof normal[0]; i++)
        draw_normals(draw, MOST, 1, normal[i]);
    draw_normals(draw, DONUT_PANEL, 1, c->scale);
    draw_normals(draw, DONUT_PANEL, 1, c->scale_q);
    draw_alpha(draw, MOST, 0.3, c->alpha);
    for (size_t i = 0; i < 3; i++) {
        fill(c->dw[i], BEFORE);
        fill(c->db[i], BEFORE);
    }
    c->hidden = bind(in, mid, c->w[0], c->b[0]);
    c->heads =
        (struct donut_gauss){bind(mid, out, c->w[1], c->b[1]), bind(mid, out, c->w[2], c->b[2])};
    c->grad_hidden = bind(in, mid, c->dw[0], c->db[0]);
    c->grad = (struct donut_gauss){bind(mid, out, c->dw[1], c->db[1]),
                                   bind(mid, out, c->dw[2], c->db[2])};
}

/* `gradient` is that of the objective in `at`, for `rows` rows in all panels. */
static void check_panels(evaluate_fn *f, struct layer_case *c, double *at, const double *gradient,
                         size_t rows, double before, const char *what)
{
    for (size_t p = 0; p < c->panels.count; p++)
        for (size_t i = 0; i < rows * c->panels.lanes; i += 1 + rows * c->panels.lanes / 40) {
            const size_t j = p * c->panels.stride + i;
            check_slope(f, c, &at[j], gradient[j] - before, what, i);
        }
}

static void check_layer(evaluate_fn *f, struct layer_case *c, const struct donut_dense *layer,
                        const struct donut_dense *grad, const char *what)
{
    for (size_t i = 0; i < layer->in * layer->out; i++)
        check_slope(f, c, &layer->w[i], grad->w[i], what, i);
    for (size_t i = 0; i < layer->out; i++)
        check_slope(f, c, &layer->b[i], grad->b[i], what, i);
    CHECK(grad->w[layer->in * layer->out] == BEFORE && grad->b[layer->out] == BEFORE);
}

/* A layer's gradients, its weights' rows in two parts. */
static void layer_gradient(const struct layer_case *c, const struct donut_dense *grad,
                           const double *x, const double *dy, size_t first)
{
    donut_dense_backward_weight(kernel, grad, 0, first, &c->panels, x, dy, false);
    donut_dense_backward_weight(kernel, grad, first, grad->in - first, &c->panels, x, dy, false);
    donut_dense_backward_bias(kernel, grad, &c->panels, dy, false);
}

/* sum weight_y y for x -> h = ReLU -> y */
static struct evaluation dense_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    const size_t lanes = c->panels.lanes;
    for (size_t p = 0; p < c->panels.count; p++) {
        double *h = c->h + p * c->panels.stride, *y = c->y + p * c->panels.stride;
        donut_dense_forward(kernel, &c->hidden, lanes, c->x + p * c->panels.stride, lanes, true, h);
        donut_dense_forward(kernel, &c->heads.mu, lanes, h, lanes, false, y);
        for (size_t i = 0; i < c->mid * lanes; i++)
            evaluation_unit(&sum, h[i] > 0);
        for (size_t i = 0; i < c->out * lanes; i++)
            evaluation_add(&sum, c->weight_y[p * c->panels.stride + i] * y[i]);
    }
    return sum;
}

static void test_dense(struct layer_case *c, struct draw *draw)
{
    dense_objective(c);
    for (int add = 0; add < 2; add++) {
        fill(c->dx, BEFORE);
        fill(c->dh, add ? 0 : NAN);
        for (size_t p = 0; p < c->panels.count; p++) {
            const size_t at = p * c->panels.stride;
            donut_dense_backward_input(kernel, &c->heads.mu, c->panels.lanes, c->weight_y + at, add,
                                       c->h + at, c->dh + at);
            donut_dense_backward_input(kernel, &c->hidden, c->panels.lanes, c->dh + at, add, NULL,
                                       c->dx + at);
        }
        check_panels(dense_objective, c, c->x, c->dx, c->in, add ? BEFORE : 0, "dense x");
    }
    dense_objective(c); /* h as it was before numbers were moved */
    layer_gradient(c, &c->grad_hidden, c->x, c->dh, draw_below(draw, c->in + 1));
    layer_gradient(c, &c->grad.mu, c->h, c->weight_y, draw_below(draw, c->mid + 1));
    check_layer(dense_objective, c, &c->hidden, &c->grad_hidden, "ReLU layer");
    check_layer(dense_objective, c, &c->heads.mu, &c->grad.mu, "linear layer");
}

/* sum weight_y mu + weight_a a, both heads on h = max(0, pre) */
static struct evaluation heads_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    for (size_t p = 0; p < c->panels.count; p++) {
        const size_t at = p * c->panels.stride;
        for (size_t i = at; i < at + c->mid * c->panels.lanes; i++) {
            c->h[i] = fmax(0, c->pre[i]);
            evaluation_unit(&sum, c->pre[i] > 0);
        }
        donut_gauss_forward(kernel, &c->heads, c->panels.lanes, c->h + at, c->y + at, c->a + at);
        for (size_t i = at; i < at + c->out * c->panels.lanes; i++) {
            evaluation_add(&sum, c->weight_y[i] * c->y[i]);
            evaluation_add(&sum, c->weight_a[i] * c->a[i]);
        }
    }
    return sum;
}

static void test_heads(struct layer_case *c, struct draw *draw)
{
    heads_objective(c);
    fill(c->dh, NAN);
    for (size_t p = 0; p < c->panels.count; p++) {
        const size_t at = p * c->panels.stride;
        donut_gauss_backward_input(kernel, &c->heads, c->panels.lanes, c->weight_y + at,
                                   c->weight_a + at, c->h + at, c->dh + at);
    }
    check_panels(heads_objective, c, c->pre, c->dh, c->mid, 0, "heads h");
    heads_objective(c);
    layer_gradient(c, &c->grad.mu, c->h, c->weight_y, draw_below(draw, c->mid + 1));
    layer_gradient(c, &c->grad.sd, c->h, c->weight_a, draw_below(draw, c->mid + 1));
    check_layer(heads_objective, c, &c->heads.mu, &c->grad.mu, "mean head");
    check_layer(heads_objective, c, &c->heads.sd, &c->grad.sd, "std head");
}

/* sum over lanes of scale_q log q(z|x) - scale log p(z) and over all of weight_y z, with mu in y
 * and logits in a, of the first panel */
static struct evaluation latent_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    const size_t lanes = c->panels.lanes;
    kernel->latent_forward(&c->law, c->out, lanes, c->epsilon, c->y, c->a, c->noise, c->sd, c->z,
                           c->log_q, c->log_p);
    for (size_t l = 0; l < lanes; l++) {
        evaluation_add(&sum, c->scale_q[l] * c->log_q[l]);
        evaluation_add(&sum, -c->scale[l] * c->log_p[l]);
    }
    for (size_t i = 0; i < c->out * lanes; i++) {
        evaluation_add(&sum, c->weight_y[i] * c->z[i]);
        sum.magnitude += fabs(c->scale_q[i % lanes]) * (1 + fabs(log(c->sd[i]))); /* cancelled */
    }
    return sum;
}

static void test_latent(struct layer_case *c, double nu)
{
    const size_t count = c->out * c->panels.lanes;
    c->law = donut_law(nu);
    for (size_t i = 0; i < count; i++)
        c->a[i] *= 4;
    latent_objective(c);
    memcpy(c->dy, c->weight_y, sizeof c->dy);
    kernel->latent_backward(&c->law, c->out, c->panels.lanes, c->scale, c->scale_q, c->a, c->noise,
                            c->sd, c->z, c->dy, c->da);
    for (size_t i = 0; i < count; i++) {
        check_slope(latent_objective, c, &c->y[i], c->dy[i], "latent mu", i);
        check_slope(latent_objective, c, &c->a[i], c->da[i], "latent a", i);
    }
}

/* sum over lanes of -scale log_x, with mu in y and logits in a, of the first panel */
static struct evaluation likelihood_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    const size_t lanes = c->panels.lanes;
    kernel->likelihood_forward(&c->law, c->out, lanes, c->epsilon, c->x, c->alpha, lanes + 1, c->y,
                               c->a, c->log_q, c->sum_alpha);
    for (size_t l = 0; l < lanes; l++)
        evaluation_add(&sum, -c->scale[l] * c->log_q[l]);
    for (size_t i = 0; i < c->out * lanes; i++) { /* what cancels inside of a lane */
        const double sd = log1p(exp(c->a[i])) + c->epsilon;
        const double u = (c->x[i / lanes * (lanes + 1) + i % lanes] - c->y[i]) / sd;
        sum.magnitude += fabs(c->scale[i % lanes]) * (1 + fabs(log(sd)) + u * u);
    }
    return sum;
}

static void test_likelihood(struct layer_case *c, double nu)
{
    const size_t lanes = c->panels.lanes, count = c->out * lanes;
    c->law = donut_law(nu);
    c->scale[3] = 0;
    memcpy(c->dy, c->y, sizeof c->dy);
    memcpy(c->da, c->a, sizeof c->da);
    kernel->likelihood_backward(&c->law, c->out, lanes, c->epsilon, c->scale, c->x, c->alpha,
                                lanes + 1, c->dy, c->da, c->log_q, c->sum_alpha);
    for (size_t i = 0; i < count; i++) {
        check_slope(likelihood_objective, c, &c->y[i], c->dy[i], "likelihood mu", i);
        check_slope(likelihood_objective, c, &c->a[i], c->da[i], "likelihood a", i);
        if (c->alpha[i / lanes * (lanes + 1) + i % lanes] == 0 || i % lanes == 3)
            CHECK(c->dy[i] == 0 && c->da[i] == 0);
    }
}

TEST(layer_double)
{
    static const size_t widths[][3] = {{1, 1, 1}, {5, 7, 3}, {3, 1, 8}, {13, 9, 2}, {2, 4, 12}};
    static const double nus[] = {0, 1, 2.5, 30, 1e6};
    struct draw draw = draw_new("layer_double", 31);
    struct layer_case *c = calloc(1, sizeof *c);
    if (!CHECK(c != NULL))
        return check_report("layer_double");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        for (size_t panels = 1; panels <= 4; panels++) {
            const size_t lanes = panels % 2 ? DONUT_LANES : DONUT_PANEL;
            c->epsilon = panels % 2 ? 1e-4 : 0.1;
            prepare(c, &draw, widths[i], panels, lanes);
            test_dense(c, &draw);
            prepare(c, &draw, widths[i], panels, lanes);
            test_heads(c, &draw);
            for (size_t j = 0; j < sizeof nus / sizeof nus[0]; j++) {
                prepare(c, &draw, widths[i], panels, lanes);
                test_latent(c, nus[j]);
                prepare(c, &draw, widths[i], panels, lanes);
                test_likelihood(c, nus[j]);
            }
        }
    free(c);
    check_kinks();
    return check_report("layer_double");
}
