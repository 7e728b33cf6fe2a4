/* Every variant of the kernel table against plain sums in double; block.h derives the bounds. */
#include "kernel/kernel.h"
#include "block.h"

struct dense_case {
    size_t n, in, out, ldx;
    struct block x, w, b, dy;
};

static void test_dense_forward(const struct donut_kernel *kernel, struct draw *draw,
                               const struct dense_case *c)
{
    struct want *want = want_new(c->n * c->out);
    struct block y = block_new(draw, c->n * c->out);
    for (size_t i = 0; i < c->n; i++)
        for (size_t o = 0; o < c->out; o++) {
            struct want *sum = &want[i * c->out + o];
            want_add(sum, (double)c->b.at[o]);
            for (size_t k = 0; k < c->in; k++)
                want_add(sum, (double)c->x.at[i * c->ldx + k] * (double)c->w.at[k * c->out + o]);
        }
    kernel->dense_forward(c->n, c->in, c->out, c->x.at, c->ldx, c->w.at, c->b.at, false, y.at);
    check_block("dense_forward", &y, want, c->in, 0);

    for (size_t i = 0; i < y.count; i++)
        want[i].value = fmax(0, want[i].value);
    kernel->dense_forward(c->n, c->in, c->out, c->x.at, c->ldx, c->w.at, c->b.at, true, y.at);
    check_block("dense_forward with ReLU", &y, want, c->in, 0);

    /* Rows do not depend on what they are computed together with. */
    struct block split = block_new(draw, y.count);
    const size_t first = draw_below(draw, c->n + 1);
    kernel->dense_forward(first, c->in, c->out, c->x.at, c->ldx, c->w.at, c->b.at, true, split.at);
    if (first < c->n)
        kernel->dense_forward(c->n - first, c->in, c->out, c->x.at + first * c->ldx, c->ldx,
                              c->w.at, c->b.at, true, split.at + first * c->out);
    CHECK(memcmp(y.at, split.at, y.count * sizeof *y.at) == 0);
    block_free(&split);
    block_free(&y);
    free(want);
}

static void test_backward_input(const struct donut_kernel *kernel, struct draw *draw,
                                const struct dense_case *c)
{
    struct block dx = block_random(draw, c->n * c->in), split = block_copy(draw, &dx);
    struct want *want = want_start(&dx);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->in; k++)
            for (size_t o = 0; o < c->out; o++)
                want_add(&want[i * c->in + k],
                         (double)c->dy.at[i * c->out + o] * (double)c->w.at[k * c->out + o]);
    kernel->dense_backward_input(c->n, c->in, c->out, c->dy.at, c->w.at, dx.at);
    check_block("dense_backward_input", &dx, want, c->out, 0);

    const size_t first = draw_below(draw, c->n + 1);
    kernel->dense_backward_input(first, c->in, c->out, c->dy.at, c->w.at, split.at);
    kernel->dense_backward_input(c->n - first, c->in, c->out, c->dy.at + first * c->out, c->w.at,
                                 split.at + first * c->in);
    CHECK(memcmp(dx.at, split.at, dx.count * sizeof *dx.at) == 0);
    block_free(&split);
    block_free(&dx);
    free(want);
}

static void test_backward_weight(const struct donut_kernel *kernel, struct draw *draw,
                                 const struct dense_case *c)
{
    struct block dw = block_random(draw, c->in * c->out), db = block_random(draw, c->out);
    struct block split_w = block_copy(draw, &dw), split_b = block_copy(draw, &db);
    struct want *want_w = want_start(&dw), *want_b = want_start(&db);
    for (size_t i = 0; i < c->n; i++)
        for (size_t o = 0; o < c->out; o++) {
            const double dy = (double)c->dy.at[i * c->out + o];
            want_add(&want_b[o], dy);
            for (size_t k = 0; k < c->in; k++)
                want_add(&want_w[k * c->out + o], (double)c->x.at[i * c->ldx + k] * dy);
        }
    kernel->dense_backward_weight(c->n, c->in, c->out, c->x.at, c->ldx, c->dy.at, dw.at, db.at);
    check_block("dense_backward_weight: dw", &dw, want_w, c->n, 0);
    check_block("dense_backward_weight: db", &db, want_b, c->n, 0);

    const size_t first = draw_below(draw, c->n + 1);
    kernel->dense_backward_weight(first, c->in, c->out, c->x.at, c->ldx, c->dy.at, split_w.at,
                                  split_b.at);
    if (first < c->n)
        kernel->dense_backward_weight(c->n - first, c->in, c->out, c->x.at + first * c->ldx, c->ldx,
                                      c->dy.at + first * c->out, split_w.at, split_b.at);
    CHECK(memcmp(dw.at, split_w.at, dw.count * sizeof *dw.at) == 0);
    CHECK(memcmp(db.at, split_b.at, db.count * sizeof *db.at) == 0);
    struct block *blocks[] = {&dw, &db, &split_w, &split_b};
    for (size_t i = 0; i < 4; i++)
        block_free(blocks[i]);
    free(want_w);
    free(want_b);
}

static void test_dense(const struct donut_kernel *kernel, struct draw *draw, size_t n, size_t in,
                       size_t out, size_t ldx)
{
    struct dense_case c = {.n = n, .in = in, .out = out, .ldx = ldx};
    c.x = block_rows(draw, n, in, ldx);
    c.w = block_random(draw, in * out);
    c.b = block_random(draw, out);
    c.dy = block_random(draw, n * out);
    test_dense_forward(kernel, draw, &c);
    test_backward_input(kernel, draw, &c);
    test_backward_weight(kernel, draw, &c);
    block_free(&c.x);
    block_free(&c.w);
    block_free(&c.b);
    block_free(&c.dy);
}

static void test_relu(const struct donut_kernel *kernel, struct draw *draw, size_t count)
{
    struct block y = block_random(draw, count), dy = block_random(draw, count);
    struct want *want = want_new(count);
    for (size_t i = 0; i < count; i++) {
        if (i % 3 == 0)
            y.at[i] = i % 2 ? (donut_real)-0.0 : 0;
        want[i].value = y.at[i] > 0 ? (double)dy.at[i] : 0;
    }
    kernel->relu_backward(count, y.at, dy.at);
    check_block("relu_backward", &dy, want, 0, 0);
    block_free(&y);
    block_free(&dy);
    free(want);
}

/* Logits from -100 to 100: there float's e^100 overflows and e^-100 is denormal, where a variant
 * may give 0; `tiny` allows for that. exp and log1p may each be off by 4 units in the last place
 * (the C library's are by less than 2), which with their arguments' rounding is 12 eps at most. */
static void test_softplus(const struct donut_kernel *kernel, struct draw *draw, size_t count)
{
    static const double extremes[] = {100, -100, 88.5, -88.5, 104, -104, 0, -17, 17, 1e-30};
    const donut_real epsilon = draw_below(draw, 2) ? (donut_real)1e-4 : 0;
    struct block a = block_random(draw, count), y = block_new(draw, count);
    struct block dy = block_random(draw, count);
    struct want *want = want_new(count), *want_dy = want_new(count);
    for (size_t i = 0; i < count; i++) {
        a.at[i] *= i % 5 ? 3 : 30;
        if (i < sizeof extremes / sizeof extremes[0])
            a.at[i] = (donut_real)extremes[i];
        const double logit = (double)a.at[i], slope = 1 / (1 + exp(-logit));
        want_add(&want[i], log1p(exp(logit)));
        want_add(&want[i], (double)epsilon);
        want_add(&want_dy[i], (double)dy.at[i] * slope);
    }
    kernel->softplus_forward(count, epsilon, a.at, y.at);
    check_block("softplus_forward", &y, want, 10, FLT_MIN);
    kernel->softplus_backward(count, a.at, dy.at);
    check_block("softplus_backward", &dy, want_dy, 10, 5 * FLT_MIN);
    block_free(&a);
    block_free(&y);
    block_free(&dy);
    free(want);
    free(want_dy);
}

struct gauss_case {
    size_t n, width, ldx;
    struct block x, alpha, mu, sd;
};

/* Standard deviations from 1e-4, the least a head gives, to 20; some points missing. */
static struct gauss_case gauss_case_new(struct draw *draw, size_t n, size_t width, size_t ldx)
{
    struct gauss_case c = {.n = n, .width = width, .ldx = ldx};
    c.x = block_rows(draw, n, width, ldx);
    c.alpha = block_copy(draw, &c.x);
    for (size_t i = 0; i < c.alpha.count; i++)
        if (!isnan(c.alpha.at[i]))
            draw_alpha(draw, 1, 0.3, &c.alpha.at[i]);
    c.mu = block_random(draw, n * width);
    c.sd = block_new(draw, n * width);
    for (size_t i = 0; i < c.sd.count; i++)
        c.sd.at[i] = (donut_real)exp(draw_between(draw, log(1e-4), log(20)));
    return c;
}

/* In units of the terms' size: u = (x - mu) / sd is off by eps, u^2 by 2 eps, log sd by 4 eps. */
static void test_gauss_forward(const struct donut_kernel *kernel, const struct gauss_case *c)
{
    const double half_log_two_pi = 0.5 * log(2 * acos(-1));
    double *sum = allocate(c->n + 1, sizeof *sum), one;
    kernel->gauss_forward(c->n, c->width, c->x.at, c->alpha.at, c->ldx, c->mu.at, c->sd.at, sum);
    for (size_t i = 0; i < c->n; i++) {
        struct want want = {0};
        for (size_t j = 0; j < c->width; j++) {
            const double sd = (double)c->sd.at[i * c->width + j];
            const double u =
                ((double)c->x.at[i * c->ldx + j] - (double)c->mu.at[i * c->width + j]) / sd;
            const double alpha = (double)c->alpha.at[i * c->ldx + j];
            want_add(&want, -alpha * half_log_two_pi);
            want_add(&want, -alpha * log(sd));
            want_add(&want, -alpha * u * u / 2);
        }
        CHECK_NEAR(sum[i], want.value, (double)(c->width + 6) * EPS * want.size);
        kernel->gauss_forward(1, c->width, c->x.at + i * c->ldx, c->alpha.at + i * c->ldx, c->ldx,
                              c->mu.at + i * c->width, c->sd.at + i * c->width, &one);
        CHECK(one == sum[i]);
    }
    CHECK(sum[c->n] == 0);
    free(sum);
}

/* d log N / d mu = (x - mu) / sd^2,  d log N / d sd = (x - mu)^2 / sd^3 - 1 / sd */
static void test_gauss_backward(const struct donut_kernel *kernel, struct draw *draw,
                                const struct gauss_case *c)
{
    const donut_real scale = (donut_real)draw_between(draw, -2, 2);
    struct block dmu = block_random(draw, c->n * c->width), dsd = block_copy(draw, &dmu);
    struct want *want_mu = want_start(&dmu), *want_sd = want_start(&dsd);
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < c->width; j++) {
            const size_t at = i * c->width + j;
            const double sd = (double)c->sd.at[at];
            const double gap = (double)c->x.at[i * c->ldx + j] - (double)c->mu.at[at];
            const double weight = (double)scale * (double)c->alpha.at[i * c->ldx + j];
            want_add(&want_mu[at], weight * gap / (sd * sd));
            want_add(&want_sd[at], weight * gap * gap / (sd * sd * sd));
            want_add(&want_sd[at], -weight / sd);
        }
    kernel->gauss_backward(c->n, c->width, c->x.at, c->alpha.at, c->ldx, c->mu.at, c->sd.at, scale,
                           dmu.at, dsd.at);
    check_block("gauss_backward: dmu", &dmu, want_mu, 5, 0);
    check_block("gauss_backward: dsd", &dsd, want_sd, 6, 0);
    block_free(&dmu);
    block_free(&dsd);
    free(want_mu);
    free(want_sd);
}

static void test_gauss(const struct donut_kernel *kernel, struct draw *draw, size_t n, size_t width,
                       size_t ldx)
{
    struct gauss_case c = gauss_case_new(draw, n, width, ldx);
    test_gauss_forward(kernel, &c);
    test_gauss_backward(kernel, draw, &c);
    block_free(&c.x);
    block_free(&c.alpha);
    block_free(&c.mu);
    block_free(&c.sd);
}

/* In double: n products, each rounded once, and n additions. */
static void test_sum_squares(const struct donut_kernel *kernel, struct draw *draw, size_t count)
{
    struct block g = block_random(draw, count);
    long double sum = 0;
    for (size_t i = 0; i < count; i++) {
        g.at[i] *= i % 7 ? 1 : (donut_real)1e15; /* 1e30 squared is beyond float */
        sum += (long double)g.at[i] * (long double)g.at[i];
    }
    CHECK_NEAR(kernel->sum_squares(count, g.at), sum,
               (double)(count + 2) * DBL_EPSILON * (double)sum);
    block_free(&g);
}

/* One step from a random state. Bounds: m and v are two-term sums of products of three factors;
 * of the move, with cancellation possible in m, the quotient adds 4 eps to the errors of m and of
 * sqrt(v), the latter half of v's; then w is rounded. */
static void test_adam(const struct donut_kernel *kernel, struct draw *draw, size_t count)
{
    const struct donut_adam_step step = {.rate = (donut_real)draw_between(draw, 1e-4, 1e-2),
                                         .beta1 = (donut_real)0.9,
                                         .beta2 = (donut_real)0.999,
                                         .rest1 = (donut_real)0.1,
                                         .rest2 = (donut_real)0.001,
                                         .epsilon = (donut_real)draw_between(draw, 1e-9, 1e-3),
                                         .grad_scale = (donut_real)draw_between(draw, 0.1, 1)};
    struct block g = block_random(draw, count), m = block_random(draw, count);
    struct block v = block_random(draw, count), w = block_random(draw, count);
    struct want *want_m = want_new(count), *want_v = want_new(count), *want_w = want_new(count);
    const double beta1 = (double)step.beta1, beta2 = (double)step.beta2;
    for (size_t i = 0; i < count; i++) {
        v.at[i] = i % 4 ? v.at[i] * v.at[i] : 0;
        g.at[i] = i % 6 ? g.at[i] : 0;
        const double gradient = (double)step.grad_scale * (double)g.at[i];
        want_add(&want_m[i], beta1 * (double)m.at[i]);
        want_add(&want_m[i], (double)step.rest1 * gradient);
        want_add(&want_v[i], beta2 * (double)v.at[i]);
        want_add(&want_v[i], (double)step.rest2 * gradient * gradient);
        const double unit = (double)step.rate / (sqrt(want_v[i].value) + (double)step.epsilon);
        want_w[i].value = (double)w.at[i] - unit * want_m[i].value;
        want_w[i].size = fabs((double)w.at[i]) + unit * want_m[i].size;
    }
    kernel->adam(count, &step, g.at, m.at, v.at, w.at);
    check_block("adam: m", &m, want_m, 3, 0);
    check_block("adam: v", &v, want_v, 4, 0);
    check_block("adam: w", &w, want_w, 10, 0);
    struct block *blocks[] = {&g, &m, &v, &w};
    for (size_t i = 0; i < 4; i++)
        block_free(blocks[i]);
    free(want_m);
    free(want_v);
    free(want_w);
}

static void test_kernel(const struct donut_kernel *kernel, struct draw *draw)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 100, 120, 130};
    enum { many = sizeof sizes / sizeof sizes[0] };
    for (size_t round = 0; round < 60; round++) {
        /* Each size in each place, beside random ones. */
        const size_t a = round < many ? sizes[round] : draw_below(draw, 131);
        const size_t b = sizes[draw_below(draw, many)], c = draw_below(draw, 131);
        const size_t stride = round % 3; /* 0: dense; 1: overlapping; 2: with gaps */
        const size_t gap = 1 + draw_below(draw, 9);
        test_dense(kernel, draw, a, b, c, stride == 1 ? 1 : b + stride / 2 * gap);
        test_dense(kernel, draw, c, a, b, stride == 1 ? 1 : a + stride / 2 * gap);
        test_dense(kernel, draw, b, c, a, stride == 1 ? 1 : c + stride / 2 * gap);
        test_gauss(kernel, draw, a, b, stride == 1 ? 1 : b + stride / 2 * gap);
        test_gauss(kernel, draw, b, a, stride == 1 ? 0 : a + stride / 2 * gap);
        test_relu(kernel, draw, a);
        test_softplus(kernel, draw, a);
        test_sum_squares(kernel, draw, a);
        test_adam(kernel, draw, a);
    }
    test_dense(kernel, draw, 3, 5, 1000, 5); /* wider than any strip a variant may pack */
    test_dense(kernel, draw, 5, 1000, 3, 1);
    test_dense(kernel, draw, 1000, 3, 5, 3);
}

int main(void)
{
    static const char *const names[] = {"plain"};
    struct draw draw = draw_new("kernel", 20180423);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct donut_kernel *kernel = donut_kernel_named(names[i]);
        if (!kernel)
            continue; /* not on this machine */
        CHECK_TEXT(kernel->name, names[i]);
        test_kernel(kernel, &draw);
    }
    CHECK(donut_kernel_named("plain") == &donut_kernel_plain);
    CHECK(donut_kernel_named("") == NULL && donut_kernel_named("abacus") == NULL);
    CHECK(donut_kernel_choose() != NULL);
    return check_report("kernel");
}
