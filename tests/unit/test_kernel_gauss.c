/* Gaussians: every variant of the kernel table against the formulas in double. */
#include "call.h"

/* Terms of weight (log f(u) - log sd), u = (x - mu) / sd. Beside the rounding of sums: sd's 5 eps
 * are 5 of log sd, absolute, and the logarithm adds one of its own; u is off by 7 eps, which is 7 u
 * times the slope of log f; Student's log f itself by 4, as with the latent variables. */
static void add_density(const struct call *c, struct want *sum, double weight, double sd, double u)
{
    const double drop = drop_of(c, u), own = c->law.nu > 0 ? 4 * drop : 0;
    want_add(sum, -weight * (double)c->law.minus_log_peak);
    want_add(sum, -weight * log(sd));
    want_add(sum, -weight * drop);
    sum->slack += fabs(weight) * EPS * (5 + fabs(log(sd)) + 7 * u * slope_of(c, u) + own);
}

static void run_softplus(const struct donut_kernel *by, const struct call *c)
{
    by->softplus(c->lanes, c->epsilon, c->m[0].at, c->m[1].at);
}

static void test_softplus(void)
{
    struct call c = call_new("softplus", run_softplus);
    c.lanes = DONUT_LANES * draw_below(&draw, 40);
    const float *a = add_logits(&c, 1, -FLT_MAX);
    sprinkle(&draw, c.m, c.n);
    struct want *sd = add_output(&c, 1, 3);
    for (size_t i = 0; i < c.lanes; i++)
        sd[i] = want_sd(a[i], c.epsilon);
    check_call(&c);
    call_free(&c);
}

static size_t draw_stride(size_t lanes)
{
    const size_t strides[] = {1, 1 + draw_below(&draw, 2 * lanes), lanes,
                              lanes + 1 + draw_below(&draw, 40)};
    return strides[draw_below(&draw, 4)];
}

static void run_sample(const struct donut_kernel *by, const struct call *c)
{
    by->sample(c->rows[0], c->lanes, c->column[0], c->column[1], c->shared[0], c->ld, c->m[0].at);
}

static void test_sample(void)
{
    struct call c = call_new("sample", run_sample);
    const size_t rows = draw_rows();
    c.ld = draw_stride(c.lanes);
    const struct block in[] = {block_random(&draw, rows), block_random(&draw, rows),
                               block_rows(&draw, rows, c.lanes, c.ld)};
    sprinkle(&draw, in, 3);
    c.column[0] = in[0].at;
    c.column[1] = in[1].at;
    c.shared[0] = in[2].at;
    struct want *z = add_output(&c, rows, 1);
    for (size_t i = 0; i < rows * c.lanes; i++) {
        const size_t k = i / c.lanes;
        want_add(&z[i], (double)in[0].at[k]);
        want_add(&z[i], (double)in[1].at[k] * (double)in[2].at[k * c.ld + i % c.lanes]);
    }
    check_call(&c);
    call_free(&c);
    blocks_free(in, 3);
}

static void run_log_density(const struct donut_kernel *by, const struct call *c)
{
    by->log_density(c->lanes, c->epsilon, c->x0, c->m[0].at, c->m[1].at, c->m[2].at, c->m[3].at);
}

static void test_log_density(void)
{
    struct call c = call_new("log_density", run_log_density);
    c.x0 = (float)draw_between(&draw, -5, 5);
    c.law.minus_log_peak = (float)half_log_two_pi();
    const float *mu = add_input(&c, 1), *a = add_logits(&c, 1, -20);
    sprinkle(&draw, c.m, c.n);
    struct want *sd = add_output(&c, 1, 3), *density = add_output(&c, 1, 1);
    for (size_t l = 0; l < c.lanes; l++) {
        sd[l] = want_sd(a[l], c.epsilon);
        add_density(&c, &density[l], 1, sd[l].value, ((double)c.x0 - (double)mu[l]) / sd[l].value);
    }
    check_call(&c);
    call_free(&c);
}

/* x and alpha, windows of a series or apart. */
static void add_windows(struct call *c, size_t window, struct block shared[2])
{
    c->ld = draw_stride(c->lanes);
    shared[0] = block_rows(&draw, window, c->lanes, c->ld);
    shared[1] = block_rows(&draw, window, c->lanes, c->ld);
    const bool fractions = draw_below(&draw, 2);
    for (size_t i = 0; i < shared[1].count; i++)
        if (!is_poison(shared[1].at[i]))
            shared[1].at[i] =
                fractions ? (float)draw_between(&draw, 0, 1) : draw_below(&draw, 3) > 0;
    c->shared[0] = shared[0].at;
    c->shared[1] = shared[1].at;
}

static void run_likelihood_forward(const struct donut_kernel *by, const struct call *c)
{
    by->likelihood_forward(&c->law, c->rows[0], c->lanes, c->epsilon, c->shared[0], c->shared[1],
                           c->ld, c->m[0].at, c->m[1].at, c->m[2].at, c->m[3].at);
}

static void run_likelihood_backward(const struct donut_kernel *by, const struct call *c)
{
    by->likelihood_backward(&c->law, c->rows[0], c->lanes, c->epsilon, c->m[4].at, c->shared[0],
                            c->shared[1], c->ld, c->m[0].at, c->m[1].at, c->m[2].at, c->m[3].at);
}

/* Element i of (window, lanes) in the sums of its lane and, for the gradients of -scale log_x,
 * dmu = -scale alpha psi / sd  and  da = scale alpha (1 - u psi) / sd / (1 + e^-a), where psi, the
 * slope of -log f at u, is u for the normal law. Student's is off by 3 eps beside those of u. */
static void want_likelihood(struct call *c, size_t i, double scale, struct want *dmu,
                            struct want *da)
{
    const size_t l = i % c->lanes, at = i / c->lanes * c->ld + l;
    const double a = (double)c->m[1].at[i], sd = want_sd(c->m[1].at[i], c->epsilon).value;
    const double alpha = (double)c->shared[1][at];
    const double u = ((double)c->shared[0][at] - (double)c->m[0].at[i]) / sd;
    add_density(c, &c->want[2][l], alpha, sd, u);
    want_add(&c->want[3][l], alpha);
    if (!dmu)
        return;
    const double weight = scale * alpha / sd, psi = slope_of(c, u);
    want_add(&dmu[i], -weight * psi);
    want_add(&da[i], weight * sigmoid(a));
    want_add(&da[i], -weight * u * psi * sigmoid(a));
    da[i].slack = fabs(weight) * (1 + u * psi) * least_exp(a);
}

static void test_likelihood(bool backward)
{
    struct call c = call_new(backward ? "likelihood_backward" : "likelihood_forward",
                             backward ? run_likelihood_backward : run_likelihood_forward);
    const size_t window = draw_rows();
    struct block shared[2];
    c.law = draw_law();
    add_windows(&c, window, shared);
    (void)add_input(&c, window);
    (void)add_logits(&c, window, -20);
    sprinkle(&draw, draw_below(&draw, 2) ? c.m : shared, 2);
    (void)add_output(&c, 1, window);
    (void)add_output(&c, 1, window);
    const float *scale = add_input(&c, 1);
    const bool student = c.law.nu > 0;
    struct want *dmu = backward ? add_want(&c, 0, student ? 17 : 14) : NULL;
    struct want *da = backward ? add_want(&c, 1, student ? 29 : 26) : NULL;
    for (size_t i = 0; i < window * c.lanes; i++)
        want_likelihood(&c, i, (double)scale[i % c.lanes], dmu, da);

    struct call sums = call_part(&c, 0, c.lanes);
    check_call(&c);
    run_likelihood_forward(kernel, &sums); /* has the sums of both */
    check_lanes(c.name, &c.m[2], 1, c.lanes, 0, &sums.m[2], c.lanes);
    check_lanes(c.name, &c.m[3], 1, c.lanes, 0, &sums.m[3], c.lanes);
    blocks_free(sums.m, sums.n);
    call_free(&c);
    blocks_free(shared, 2);
}

TEST(kernel_gauss)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 1802);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            test_softplus();
            test_sample();
            test_log_density();
            test_likelihood(false);
            test_likelihood(true);
        }
    }
    return check_report("kernel_gauss");
}
