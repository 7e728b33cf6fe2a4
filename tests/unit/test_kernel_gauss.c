/* Gaussians and the latent law: every variant of the kernel table against the formulas in double.
 * Bounds, in eps of the terms' sizes: exp and log1p may each be off by 2, which makes 5 of sd =
 * softplus(a) + epsilon and 4 of 1 / (1 + e^-a); where a < -87 a variant may take e^-87 for e^a. */
#include "block.h"

#define MOST 9 /* matrices of a function */

static const struct donut_kernel *kernel;
static struct draw draw;

/* The matrices (rows[i], lanes) that a function takes and makes, and its other arguments. */
struct call {
    const char *name;
    void (*run)(const struct donut_kernel *by, const struct call *c);
    size_t lanes, n, rows[MOST];
    struct block m[MOST];
    struct want *want[MOST]; /* of outputs; NULL: an input */
    size_t terms[MOST];      /* for their bounds */
    float epsilon, x0;
    struct donut_latent_law law;
    const float *column[2]; /* the same for all lanes */
    const float *shared[2]; /* matrices whose rows are `ld` apart */
    size_t ld;
};

static size_t draw_rows(void)
{
    return draw_below(&draw, draw_below(&draw, 8) ? 12 : 300);
}

static struct call call_new(const char *name,
                            void (*run)(const struct donut_kernel *by, const struct call *c))
{
    static const size_t lanes[] = {16, 16, 32, 32, 48, 64, 128};
    static const float epsilon[] = {0, 1e-6f, 1e-4f, 0.1f};
    return (struct call){.name = name,
                         .run = run,
                         .lanes = lanes[draw_below(&draw, sizeof lanes / sizeof lanes[0])],
                         .epsilon = epsilon[draw_below(&draw, sizeof epsilon / sizeof epsilon[0])]};
}

/* Standard normal. */
static float *add_input(struct call *c, size_t rows)
{
    c->rows[c->n] = rows;
    c->m[c->n] = block_random(&draw, rows * c->lanes);
    return c->m[c->n++].at;
}

/* Logits from -100 to 100: there float's e^100 overflows and e^-100 is denormal. Not below `least`
 * when there is no epsilon. */
static float *add_logits(struct call *c, size_t rows, float least)
{
    static const float extremes[] = {100,   -100, 88.5f,  -88.5f, 104,    -104,   0,
                                     -0.0f, -17,  17,     16.6f,  -16.6f, 1e-30f, -1e-30f,
                                     87,    -87,  -86.9f, 3e8f,   -3e8f};
    float *a = add_input(c, rows);
    for (size_t i = 0; i < rows * c->lanes; i++) {
        a[i] *= i % 5 ? 3 : 30;
        if (draw_below(&draw, 8) == 0)
            a[i] = extremes[draw_below(&draw, sizeof extremes / sizeof extremes[0])];
        a[i] = c->epsilon == 0 && a[i] < least ? least : a[i];
    }
    return a;
}

/* From 1e-4, the least a head gives, to 20. */
static float *add_deviations(struct call *c, size_t rows)
{
    float *sd = add_input(c, rows);
    for (size_t i = 0; i < rows * c->lanes; i++)
        sd[i] = (float)exp(draw_between(&draw, log(1e-4), log(20)));
    return sd;
}

static struct want *add_want(struct call *c, size_t matrix, size_t terms)
{
    c->want[matrix] = want_new(c->rows[matrix] * c->lanes);
    c->terms[matrix] = terms;
    return c->want[matrix];
}

static struct want *add_output(struct call *c, size_t rows, size_t terms)
{
    c->rows[c->n] = rows;
    c->m[c->n] = block_new(rows * c->lanes);
    return add_want(c, c->n++, terms);
}

/* Lanes [first, first + lanes) as a call of their own. */
static struct call call_part(const struct call *c, size_t first, size_t lanes)
{
    struct call part = *c;
    part.lanes = lanes;
    for (size_t i = 0; i < c->n; i++)
        part.m[i] = block_lanes(&c->m[i], c->rows[i], c->lanes, first, lanes);
    for (size_t i = 0; i < 2 && c->shared[i]; i++)
        part.shared[i] += first;
    return part;
}

static void check_part(const struct call *whole, const struct call *part, size_t first)
{
    for (size_t i = 0; i < part->n; i++) {
        check_lanes(part->name, &whole->m[i], part->rows[i], whole->lanes, first, &part->m[i],
                    part->lanes);
        check_margins(part->name, &part->m[i]);
    }
    blocks_free(part->m, part->n);
}

/* Runs it whole, by the plain variant, and in two parts. */
static void check_call(struct call *c)
{
    const size_t first = DONUT_LANES * draw_below(&draw, c->lanes / DONUT_LANES + 1);
    const struct call by_plain = call_part(c, 0, c->lanes), left = call_part(c, 0, first),
                      right = call_part(c, first, c->lanes - first);
    c->run(kernel, c);
    c->run(&donut_kernel_plain, &by_plain);
    c->run(kernel, &left);
    c->run(kernel, &right);
    for (size_t i = 0; i < c->n; i++)
        if (c->want[i])
            check_block(c->name, &c->m[i], &by_plain.m[i], c->want[i], c->terms[i]);
    check_part(c, &left, 0);
    check_part(c, &right, first);
    blocks_free(by_plain.m, c->n);
}

static void call_free(const struct call *c)
{
    blocks_free(c->m, c->n);
    for (size_t i = 0; i < c->n; i++)
        free(c->want[i]);
}

static double half_log_two_pi(void)
{
    return 0.5 * log(2 * acos(-1));
}

/* What variants may add to an exponential. */
static double least_exp(double a)
{
    return a < -87 ? 1.000001 * exp(-87) : 0;
}

static double sigmoid(double a)
{
    return a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a));
}

static struct want want_sd(float logit, float epsilon)
{
    const double a = (double)logit;
    const double sd = (a > 0 ? a : 0) + log1p(exp(-fabs(a))) + (double)epsilon;
    return (struct want){sd, sd, least_exp(a)};
}

/* Terms of weight log N, u = (x - mu) / sd. Beside the rounding of sums: sd's 5 eps are 5 of log
 * sd, absolute, and the logarithm adds one of its own; u is off by 7 eps, u^2 / 2 by 7 u^2. */
static void add_density(struct want *sum, double weight, double sd, double u)
{
    want_add(sum, -weight * half_log_two_pi());
    want_add(sum, -weight * log(sd));
    want_add(sum, -weight * u * u / 2);
    sum->slack += fabs(weight) * EPS * (5 + fabs(log(sd)) + 7 * u * u);
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
    const float *mu = add_input(&c, 1), *a = add_logits(&c, 1, -20);
    sprinkle(&draw, c.m, c.n);
    struct want *sd = add_output(&c, 1, 3), *density = add_output(&c, 1, 1);
    for (size_t l = 0; l < c.lanes; l++) {
        sd[l] = want_sd(a[l], c.epsilon);
        add_density(&density[l], 1, sd[l].value, ((double)c.x0 - (double)mu[l]) / sd[l].value);
    }
    check_call(&c);
    call_free(&c);
}

/* The standard normal, or a Student's t. */
static struct donut_latent_law draw_law(void)
{
    static const double nus[] = {1, 1.5, 2, 10, 777, 1e6};
    const double nu = nus[draw_below(&draw, sizeof nus / sizeof nus[0])];
    if (draw_below(&draw, 3) == 0)
        return (struct donut_latent_law){0, (float)half_log_two_pi()};
    const double log_c = lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(nu * acos(-1));
    return (struct donut_latent_law){(float)nu, -(float)log_c};
}

/* Now and then so far out as Student's t goes. */
static float *add_noise(struct call *c, size_t rows)
{
    float *noise = add_input(c, rows);
    for (size_t i = 0; i < rows * c->lanes && c->law.nu > 0; i++)
        noise[i] *= draw_below(&draw, 20) ? 1 : (float)exp(draw_between(&draw, 0, 13));
    return noise;
}

/* log f(0) - log f(t), and its derivative by t. */
static double drop_of(const struct call *c, double t)
{
    const double nu = (double)c->law.nu;
    return nu > 0 ? (nu + 1) / 2 * log1p(t * t / nu) : t * t / 2;
}

static double slope_of(const struct call *c, double t)
{
    const double nu = (double)c->law.nu;
    return nu > 0 ? (nu + 1) * t / (nu + t * t) : t;
}

/* The largest slope up to `most`; Student's is at t = sqrt(nu). */
static double steepest(const struct call *c, double most)
{
    const double peak = sqrt((double)c->law.nu);
    return slope_of(c, peak > 0 && peak < most ? peak : most);
}

static void run_latent_forward(const struct donut_kernel *by, const struct call *c)
{
    by->latent_forward(&c->law, c->rows[0], c->lanes, c->epsilon, c->m[0].at, c->m[1].at,
                       c->m[2].at, c->m[3].at, c->m[4].at, c->m[5].at, c->m[6].at);
}

/* log sd is off by sd's 5 eps, and one of its own. z = mu + sd noise is off by 7 eps of its terms'
 * size, its log density by 7 of that times the slope between z and there: z^2 / 2 by 7 eps of the
 * size squared. Of (nu + 1) / 2 log(1 + u) 4 eps: (nu + 1) / 2 adds a half, u = t^2 / nu one, for
 * u / (1 + u) < log(1 + u), and the logarithm 2. */
static void test_latent_forward(void)
{
    struct call c = call_new("latent_forward", run_latent_forward);
    const size_t rows = draw_rows();
    c.law = draw_law();
    const float *mu = add_input(&c, rows), *a = add_logits(&c, rows, -80);
    const float *noise = add_noise(&c, rows);
    sprinkle(&draw, c.m, c.n);
    struct want *sd = add_output(&c, rows, 3), *z = add_output(&c, rows, 5);
    struct want *log_q = add_output(&c, 1, rows);
    struct want *log_p = add_output(&c, 1, rows);
    for (size_t i = 0; i < rows * c.lanes; i++) {
        const size_t l = i % c.lanes;
        sd[i] = want_sd(a[i], c.epsilon);
        want_add(&z[i], (double)mu[i]);
        want_add(&z[i], sd[i].value * (double)noise[i]);
        z[i].slack = sd[i].slack * fabs((double)noise[i]);
        const double peak = (double)c.law.minus_log_peak, log_sd = log(sd[i].value);
        const double drop_q = drop_of(&c, (double)noise[i]), drop_p = drop_of(&c, z[i].value);
        want_add(&log_q[l], -peak);
        want_add(&log_q[l], -log_sd);
        want_add(&log_q[l], -drop_q);
        log_q[l].slack += EPS * (5 + fabs(log_sd) + 4 * drop_q);
        want_add(&log_p[l], -peak);
        want_add(&log_p[l], -drop_p);
        log_p[l].slack += EPS * (7 * z[i].size * steepest(&c, z[i].size) + 4 * drop_p);
    }
    check_call(&c);
    call_free(&c);
}

static void run_latent_backward(const struct donut_kernel *by, const struct call *c)
{
    by->latent_backward(&c->law, c->rows[2], c->lanes, c->m[0].at, c->m[1].at, c->m[2].at,
                        c->m[3].at, c->m[4].at, c->m[5].at, c->m[6].at, c->m[7].at);
}

/* dmu = dz + scale_p slope(z);  da = (dmu noise - scale_q / sd) / (1 + e^-a). The slope of
 * Student's t is off by 3 eps: nu + 1, its product with z, z^2, the sum and the quotient by a half
 * each. */
static void test_latent_backward(void)
{
    struct call c = call_new("latent_backward", run_latent_backward);
    const size_t rows = draw_rows();
    c.law = draw_law();
    const float *scale_p = add_input(&c, 1), *scale_q = add_input(&c, 1);
    const float *a = add_logits(&c, rows, -FLT_MAX), *noise = add_noise(&c, rows);
    const float *sd = add_deviations(&c, rows), *z = add_noise(&c, rows);
    const float *dz = add_input(&c, rows);
    sprinkle(&draw, c.m, c.n);
    struct want *dmu = add_want(&c, c.n - 1, 2), *da = add_output(&c, rows, 8);
    for (size_t i = 0; i < rows * c.lanes; i++) {
        const double p = (double)scale_p[i % c.lanes] * slope_of(&c, (double)z[i]);
        const double q = (double)scale_q[i % c.lanes] / (double)sd[i];
        const double slope = sigmoid((double)a[i]), least = least_exp((double)a[i]);
        want_add(&dmu[i], (double)dz[i]);
        want_add(&dmu[i], p);
        dmu[i].slack = 3 * EPS * fabs(p);
        want_add(&da[i], slope * dmu[i].value * (double)noise[i]);
        want_add(&da[i], -slope * q);
        da[i].size += slope * dmu[i].size * fabs((double)noise[i]);
        da[i].slack = least * (dmu[i].size * fabs((double)noise[i]) + fabs(q)) +
                      slope * dmu[i].slack * fabs((double)noise[i]);
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
    by->likelihood_forward(c->rows[0], c->lanes, c->epsilon, c->shared[0], c->shared[1], c->ld,
                           c->m[0].at, c->m[1].at, c->m[2].at, c->m[3].at);
}

static void run_likelihood_backward(const struct donut_kernel *by, const struct call *c)
{
    by->likelihood_backward(c->rows[0], c->lanes, c->epsilon, c->m[4].at, c->shared[0],
                            c->shared[1], c->ld, c->m[0].at, c->m[1].at, c->m[2].at, c->m[3].at);
}

/* Element i of (window, lanes) in the sums of its lane and, for the gradients of -scale log_x,
 * dmu = -scale alpha u / sd  and  da = scale alpha (1 - u^2) / sd / (1 + e^-a). */
static void want_likelihood(struct call *c, size_t i, double scale, struct want *dmu,
                            struct want *da)
{
    const size_t l = i % c->lanes, at = i / c->lanes * c->ld + l;
    const double a = (double)c->m[1].at[i], sd = want_sd(c->m[1].at[i], c->epsilon).value;
    const double alpha = (double)c->shared[1][at];
    const double u = ((double)c->shared[0][at] - (double)c->m[0].at[i]) / sd;
    add_density(&c->want[2][l], alpha, sd, u);
    want_add(&c->want[3][l], alpha);
    if (!dmu)
        return;
    const double weight = scale * alpha / sd;
    want_add(&dmu[i], -weight * u);
    want_add(&da[i], weight * sigmoid(a));
    want_add(&da[i], -weight * u * u * sigmoid(a));
    da[i].slack = fabs(weight) * (1 + u * u) * least_exp(a);
}

static void test_likelihood(bool backward)
{
    struct call c = call_new(backward ? "likelihood_backward" : "likelihood_forward",
                             backward ? run_likelihood_backward : run_likelihood_forward);
    const size_t window = draw_rows();
    struct block shared[2];
    add_windows(&c, window, shared);
    (void)add_input(&c, window);
    (void)add_logits(&c, window, -20);
    sprinkle(&draw, draw_below(&draw, 2) ? c.m : shared, 2);
    (void)add_output(&c, 1, window);
    (void)add_output(&c, 1, window);
    const float *scale = add_input(&c, 1);
    struct want *dmu = backward ? add_want(&c, 0, 14) : NULL;
    struct want *da = backward ? add_want(&c, 1, 26) : NULL;
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

int main(void)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 1802);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            test_softplus();
            test_sample();
            test_log_density();
            test_latent_forward();
            test_latent_backward();
            test_likelihood(false);
            test_likelihood(true);
        }
    }
    return check_report("kernel_gauss");
}
