/* The convolution with its pooling in double precision: forward against the sums of its definition,
 * backward against numerical derivatives of a random weighted sum of what is pooled. */
#include "check.h"
#include "difference.h"
#include "draw.h"
#include "nn/conv.h"

#include <stdlib.h>

#define MOST 8192
#define BEFORE 0.25 /* what gradients hold before */

/* Element (k, l) of a matrix in panel p is at p * stride + k * lanes + l. */
struct conv_case {
    struct donut_conv conv, grad;
    struct donut_panels panels;
    double x[MOST], y[MOST], pooled[MOST]; /* y becomes its gradient */
    double dx[MOST], dpooled[MOST];        /* dpooled: the weights of the objective */
    double w[MOST], b[MOST], dw[MOST], db[MOST];
};

static const struct donut_kernel *const kernel = &donut_kernel_plain;

static void prepare(struct conv_case *c, struct draw *draw, size_t length, size_t channels,
                    size_t out, size_t panels, size_t lanes)
{
    double *const normal[] = {c->x, c->dpooled, c->w, c->b};
    c->conv = c->grad = donut_conv_plan(length, channels, out);
    c->conv.filter.w = c->w;
    c->conv.filter.b = c->b;
    c->grad.filter.w = c->dw;
    c->grad.filter.b = c->db;
    const size_t widest = length * (channels > out ? channels : out);
    c->panels = (struct donut_panels){panels, lanes, widest * lanes + 5};
    if (!CHECK(panels * c->panels.stride <= MOST))
        exit(1);
    for (size_t i = 0; i < sizeof normal / sizeof normal[0]; i++)
        draw_normals(draw, MOST, 1, normal[i]);
    for (size_t i = 0; i < MOST; i++)
        c->y[i] = c->pooled[i] = c->dx[i] = c->dw[i] = c->db[i] = BEFORE;
}

/* Channel o of position t of the convolution before its ReLU, of one lane of x (ldx). */
static double convolve(const struct conv_case *c, const double *x, size_t ldx, size_t t, size_t o)
{
    const struct donut_dense *filter = &c->conv.filter;
    double sum = filter->b[o];
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < c->conv.channels; i++)
            sum += filter->w[(k * c->conv.channels + i) * filter->out + o] *
                   x[((t + k) * c->conv.channels + i) * ldx];
    return sum;
}

/* Channel o of position t of the pooled output; the choices made go to *choices. */
static double pool(const struct conv_case *c, const double *x, size_t ldx, size_t t, size_t o,
                   struct evaluation *choices)
{
    const double first = convolve(c, x, ldx, 2 * t, o), second = convolve(c, x, ldx, 2 * t + 1, o);
    evaluation_unit(choices, first >= second);
    evaluation_unit(choices, fmax(first, second) > 0);
    return fmax(0, fmax(first, second));
}

static struct evaluation objective(void *context)
{
    const struct conv_case *c = context;
    struct evaluation sum = {0};
    const size_t lanes = c->panels.lanes, out = c->conv.filter.out;
    for (size_t p = 0; p < c->panels.count; p++)
        for (size_t i = 0; i < (c->conv.length - 2) / 2 * out * lanes; i++) {
            const double *x = c->x + p * c->panels.stride + i % lanes;
            const double y = pool(c, x, lanes, i / lanes / out, i / lanes % out, &sum);
            evaluation_add(&sum, c->dpooled[p * c->panels.stride + i] * y);
        }
    return sum;
}

/* From x (ldx), which may be less than the lanes: overlapping windows. */
static void test_forward(struct conv_case *c, size_t ldx)
{
    const size_t lanes = c->panels.lanes, out = c->conv.filter.out;
    const size_t positions = (c->conv.length - 2) / 2;
    struct evaluation choices = {0};
    CHECK_INT(donut_conv_pooled_rows(&c->conv), positions * out);
    CHECK_INT(donut_conv_rows(&c->conv), 2 * positions * out);
    donut_conv_forward(kernel, &c->conv, lanes, c->x, ldx, c->y, c->pooled);
    for (size_t i = 0; i < positions * out * lanes; i++) {
        const double *x = c->x + i % lanes;
        CHECK_NEAR(c->pooled[i], pool(c, x, ldx, i / lanes / out, i / lanes % out, &choices),
                   1e-13 * (double)(10 + c->conv.filter.in));
    }
    CHECK(c->pooled[positions * out * lanes] == BEFORE);
    CHECK(c->y[2 * positions * out * lanes] == BEFORE);
}

static void compute_gradients(struct conv_case *c, size_t first)
{
    const size_t lanes = c->panels.lanes;
    for (size_t p = 0; p < c->panels.count; p++) {
        const size_t at = p * c->panels.stride;
        donut_conv_forward(kernel, &c->conv, lanes, c->x + at, lanes, c->y + at, c->pooled + at);
        donut_conv_backward_pool(kernel, &c->conv, lanes, c->dpooled + at, c->y + at);
        donut_conv_backward_input(kernel, &c->conv, lanes, c->y + at, c->dx + at);
    }
    donut_conv_backward_weight(kernel, &c->grad, 0, first, &c->panels, c->x, c->y);
    donut_conv_backward_weight(kernel, &c->grad, first, c->grad.filter.in - first, &c->panels, c->x,
                               c->y);
    donut_conv_backward_bias(kernel, &c->grad, &c->panels, c->y);
}

static void test_backward(struct conv_case *c, size_t first)
{
    const size_t lanes = c->panels.lanes, rows = c->conv.length * c->conv.channels;
    const size_t weights = c->conv.filter.in * c->conv.filter.out;
    compute_gradients(c, first);
    for (size_t i = 0; i < weights; i++)
        check_slope(objective, c, &c->w[i], c->dw[i], "convolution w", i);
    for (size_t i = 0; i < c->conv.filter.out; i++)
        check_slope(objective, c, &c->b[i], c->db[i], "convolution b", i);
    for (size_t p = 0; p < c->panels.count; p++)
        for (size_t i = p; i < rows * lanes; i += 1 + rows * lanes / 60) {
            const size_t at = p * c->panels.stride + i;
            check_slope(objective, c, &c->x[at], c->dx[at], "convolution x", i);
        }
    CHECK(c->dw[weights] == BEFORE && c->db[c->conv.filter.out] == BEFORE);
    CHECK(c->dx[rows * lanes] == BEFORE);
}

TEST(conv_double)
{
    static const size_t shapes[][3] = {{4, 1, 1}, {5, 1, 3}, {10, 1, 5}, {7, 2, 1},
                                       {9, 3, 4}, {8, 4, 2}, {12, 1, 2}};
    struct draw draw = draw_new("conv_double", 1989);
    struct conv_case *c = calloc(1, sizeof *c);
    if (!CHECK(c != NULL))
        return check_report("conv_double");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t panels = 1; panels <= 3; panels++) {
            const size_t *shape = shapes[i], lanes = panels % 2 ? DONUT_LANES : DONUT_PANEL;
            const size_t first = draw_below(&draw, 3 * shape[1] + 1);
            prepare(c, &draw, shape[0], shape[1], shape[2], panels, lanes);
            test_forward(c, lanes);
            test_forward(c, 1);
            test_backward(c, first);
        }
    free(c);
    check_kinks();
    return check_report("conv_double");
}
