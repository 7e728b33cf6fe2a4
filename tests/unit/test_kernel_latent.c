/* The latent variables: every variant of the kernel table against the formulas in double. */
#include "call.h"

/* From 1e-4, the least a head gives, to 20. */
static float *add_deviations(struct call *c, size_t rows)
{
    float *sd = add_input(c, rows);
    for (size_t i = 0; i < rows * c->lanes; i++)
        sd[i] = (float)exp(draw_between(&draw, log(1e-4), log(20)));
    return sd;
}

/* Now and then so far out as Student's t goes. */
static float *add_noise(struct call *c, size_t rows)
{
    float *noise = add_input(c, rows);
    for (size_t i = 0; i < rows * c->lanes && c->law.nu > 0; i++)
        noise[i] *= draw_below(&draw, 20) ? 1 : (float)exp(draw_between(&draw, 0, 13));
    return noise;
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

TEST(kernel_latent)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 1802);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            test_latent_forward();
            test_latent_backward();
        }
    }
    return check_report("kernel_latent");
}
