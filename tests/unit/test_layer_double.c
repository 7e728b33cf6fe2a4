/* Every layer's backward pass against numerical derivatives, in double precision: the objective is
 * a random weighted sum of the layer's outputs, so its gradient in the outputs is those weights. */
#include "check.h"
#include "difference.h"
#include "draw.h"
#include "nn/gauss.h"

#include <stdlib.h>

#define MOST 4096
#define ACCUMULATED 0.25 /* what the gradients hold before: backward passes add */

/* Values and gradients of one layer under test; each use takes the arrays it needs. */
struct layer_case {
    size_t n, in, out, ldx;
    bool relu;
    double epsilon;
    struct donut_gauss heads, grad; /* a dense layer is the mu half */
    double x[MOST], y[MOST], a[MOST], sd[MOST], alpha[MOST];
    double weight_y[MOST], weight_sd[MOST]; /* of the outputs in the objective */
    double dx[MOST], dy[MOST], dsd[MOST];
    double w[2][MOST], b[2][MOST], dw[2][MOST], db[2][MOST];
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

static void fill(double *values, double value)
{
    for (size_t i = 0; i < MOST; i++)
        values[i] = value;
}

static void bind(struct donut_dense *layer, size_t in, size_t out, double *w, double *b)
{
    *layer = (struct donut_dense){.in = in, .out = out, .w = w, .b = b};
}

static void prepare(struct layer_case *c, struct draw *draw, size_t n, size_t in, size_t out,
                    size_t ldx)
{
    c->n = n;
    c->in = in;
    c->out = out;
    c->ldx = ldx;
    double *const normal[] = {c->x,    c->y,    c->a,    c->weight_y, c->weight_sd,
                              c->w[0], c->w[1], c->b[0], c->b[1]};
    for (size_t i = 0; i < sizeof normal / sizeof normal[0]; i++)
        draw_normals(draw, MOST, 1, normal[i]);
    draw_alpha(draw, MOST, 0.3, c->alpha);
    for (size_t i = 0; i < MOST; i++)
        c->sd[i] = exp(draw_between(draw, -2, 2));
    double *const gradient[] = {c->dx, c->dy, c->dsd, c->dw[0], c->dw[1], c->db[0], c->db[1]};
    for (size_t i = 0; i < sizeof gradient / sizeof gradient[0]; i++)
        fill(gradient[i], ACCUMULATED);
    bind(&c->heads.mu, in, out, c->w[0], c->b[0]);
    bind(&c->heads.sd, in, out, c->w[1], c->b[1]);
    bind(&c->grad.mu, in, out, c->dw[0], c->db[0]);
    bind(&c->grad.sd, in, out, c->dw[1], c->db[1]);
}

static void check_slopes(evaluate_fn *f, struct layer_case *c, double *at, const double *gradient,
                         size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        check_slope(f, c, &at[i], gradient[i] - ACCUMULATED, what, i);
}

/* sum weight_y y */
static struct evaluation dense_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    donut_dense_forward(kernel, &c->heads.mu, c->n, c->x, c->ldx, c->relu, c->y);
    for (size_t i = 0; i < c->n * c->out; i++) {
        evaluation_add(&sum, c->weight_y[i] * c->y[i]);
        evaluation_unit(&sum, !c->relu || c->y[i] > 0);
    }
    return sum;
}

static void test_dense(struct layer_case *c, struct draw *draw, size_t n, size_t in, size_t out,
                       size_t ldx, bool relu)
{
    prepare(c, draw, n, in, out, ldx);
    c->relu = relu;
    dense_objective(c);
    memcpy(c->dy, c->weight_y, sizeof c->dy);
    donut_dense_backward(kernel, &c->heads.mu, &c->grad.mu, n, c->x, ldx, relu, c->y, c->dy, c->dx);
    check_slopes(dense_objective, c, c->w[0], c->dw[0], in * out, relu ? "ReLU w" : "dense w");
    check_slopes(dense_objective, c, c->b[0], c->db[0], out, relu ? "ReLU b" : "dense b");
    for (size_t i = 0; i < n && ldx >= in; i++)
        check_slopes(dense_objective, c, c->x + i * ldx, c->dx + i * in, in, "dense x");
    CHECK(c->dw[0][in * out] == ACCUMULATED && c->db[0][out] == ACCUMULATED);

    /* Without dx the rest is the same. */
    fill(c->dw[1], ACCUMULATED);
    memcpy(c->dy, c->weight_y, sizeof c->dy);
    donut_dense_backward(kernel, &c->heads.mu, &c->grad.sd, n, c->x, ldx, relu, c->y, c->dy, NULL);
    CHECK(memcmp(c->dw[0], c->dw[1], sizeof c->dw[0]) == 0);
}

/* sum weight_y mu + weight_sd sd */
static struct evaluation heads_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    donut_gauss_forward(kernel, &c->heads, c->epsilon, c->n, c->x, c->y, c->a, c->sd);
    for (size_t i = 0; i < c->n * c->out; i++) {
        evaluation_add(&sum, c->weight_y[i] * c->y[i]);
        evaluation_add(&sum, c->weight_sd[i] * c->sd[i]);
    }
    return sum;
}

static void test_heads(struct layer_case *c, struct draw *draw, size_t n, size_t in, size_t out)
{
    prepare(c, draw, n, in, out, in);
    c->epsilon = 0.01;
    heads_objective(c);
    for (size_t i = 0; i < n * out; i++)
        CHECK_NEAR(c->sd[i], log(exp(c->a[i]) + 1) + 0.01, 1e-13 * (1 + fabs(c->a[i])));
    memcpy(c->dy, c->weight_y, sizeof c->dy);
    memcpy(c->dsd, c->weight_sd, sizeof c->dsd);
    donut_gauss_backward(kernel, &c->heads, &c->grad, n, c->x, c->a, c->dy, c->dsd, c->dx);
    check_slopes(heads_objective, c, c->x, c->dx, n * in, "heads h");
    for (int head = 0; head < 2; head++) {
        check_slopes(heads_objective, c, c->w[head], c->dw[head], in * out, "heads w");
        check_slopes(heads_objective, c, c->b[head], c->db[head], out, "heads b");
    }
}

/* sum weight_sd softplus(a), with logits up to 30 */
static struct evaluation softplus_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    kernel->softplus_forward(c->out, 0.01, c->a, c->sd);
    for (size_t i = 0; i < c->out; i++)
        evaluation_add(&sum, c->weight_sd[i] * c->sd[i]);
    return sum;
}

static void test_softplus(struct layer_case *c, struct draw *draw)
{
    prepare(c, draw, 1, 1, 121, 1);
    for (size_t i = 0; i < c->out; i++)
        c->a[i] = 0.5 * ((double)i - 60);
    memcpy(c->dsd, c->weight_sd, sizeof c->dsd);
    kernel->softplus_backward(c->out, c->a, c->dsd);
    for (size_t i = 0; i < c->out; i++)
        check_slope(softplus_objective, c, &c->a[i], c->dsd[i], "softplus", i);
}

/* sum_i sum_j alpha log N(x; mu, sd), with mu in y */
static struct evaluation density_objective(void *context)
{
    struct layer_case *c = context;
    double row[16];
    struct evaluation sum = {0};
    kernel->gauss_forward(c->n, c->out, c->x, c->alpha, c->ldx, c->y, c->sd, row);
    for (size_t i = 0; i < c->n; i++)
        evaluation_add(&sum, row[i]);
    for (size_t i = 0; i < c->n * c->out; i++) /* what cancels inside of the rows */
        sum.magnitude += 1 + fabs(log(c->sd[i])) + pow(4 / c->sd[i], 2);
    return sum;
}

static void test_density(struct layer_case *c, struct draw *draw, size_t n, size_t width,
                         size_t ldx)
{
    const double scale = -0.7;
    prepare(c, draw, n, 1, width, ldx);
    fill(c->dy, 0);
    fill(c->dsd, 0);
    for (int half = 0; half < 2; half++) /* twice, to see that it adds */
        kernel->gauss_backward(n, width, c->x, c->alpha, ldx, c->y, c->sd, scale / 2, c->dy,
                               c->dsd);
    for (size_t i = 0; i < n * width; i++) {
        check_slope(density_objective, c, &c->y[i], c->dy[i] / scale, "log density mu", i);
        check_slope(density_objective, c, &c->sd[i], c->dsd[i] / scale, "log density sd", i);
        if (c->alpha[i / width * ldx + i % width] == 0)
            CHECK(c->dy[i] == 0 && c->dsd[i] == 0);
    }
}

/* sum weight_y z with z = mu + sd noise; mu in x, the noise in a, z in y */
static struct evaluation sample_objective(void *context)
{
    struct layer_case *c = context;
    struct evaluation sum = {0};
    donut_gauss_sample(c->out, c->x, c->sd, c->a, c->y);
    for (size_t i = 0; i < c->out; i++)
        evaluation_add(&sum, c->weight_y[i] * c->y[i]);
    return sum;
}

static void test_sample(struct layer_case *c, struct draw *draw)
{
    prepare(c, draw, 1, 1, 77, 1);
    donut_gauss_sample_backward(c->out, c->weight_y, c->a, c->dx, c->dsd);
    check_slopes(sample_objective, c, c->x, c->dx, c->out, "sample mu");
    check_slopes(sample_objective, c, c->sd, c->dsd, c->out, "sample sd");
}

int main(void)
{
    static const size_t dims[][3] = {{1, 1, 1}, {5, 7, 3}, {3, 1, 8}, {4, 120, 9}, {2, 9, 120}};
    struct draw draw = draw_new("layer_double", 31);
    struct layer_case *c = calloc(1, sizeof *c);
    if (!CHECK(c != NULL))
        return check_report("layer_double");
    for (size_t i = 0; i < sizeof dims / sizeof dims[0]; i++) {
        const size_t n = dims[i][0], in = dims[i][1], out = dims[i][2];
        for (int relu = 0; relu < 2; relu++) {
            test_dense(c, &draw, n, in, out, in, relu);
            test_dense(c, &draw, n, in, out, in + 3, relu);
            test_dense(c, &draw, n, in, out, 1, relu);
        }
        test_heads(c, &draw, n, in, out);
        test_density(c, &draw, n, out, out + 2);
        test_density(c, &draw, n, out, 1);
    }
    test_softplus(c, &draw);
    test_sample(c, &draw);
    free(c);
    check_kinks();
    return check_report("layer_double");
}
