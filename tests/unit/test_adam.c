/* Adam with L2 and clipping, as divided among threads, against the textbook's formulas in double.
 */
#include "step_net.h"

#include <float.h>

#define STEPS 25
/* The gradients without L2, each tensor as a whole. */
static void whole_gradient(const struct net *net, donut_real *block)
{
    struct donut_vae grad = net->vae;
    donut_vae_bind(&grad, block);
    for (size_t t = 0; t < grad.tensors; t++)
        if (t % 2)
            donut_vae_backward_bias(kernel, &grad, &net->work, t);
        else
            donut_vae_backward_weight(kernel, &grad, &net->work, t, 0,
                                      donut_vae_layer(&grad, t)->in);
}

/* The same in double. */
struct truth {
    double *g, *m, *v, *w;
    donut_real *gradient; /* as the network has it */
};

static struct truth truth_new(const struct net *net)
{
    const size_t n = net->vae.size;
    struct truth s = {calloc(n, sizeof *s.g), calloc(n, sizeof *s.g), calloc(n, sizeof *s.g),
                      calloc(n, sizeof *s.g), calloc(n, sizeof *s.gradient)};
    if (!s.g || !s.m || !s.v || !s.w || !s.gradient)
        exit(1);
    for (size_t i = 0; i < n; i++)
        s.w[i] = (double)net->block[i];
    return s;
}

static void truth_free(struct truth *s)
{
    free(s->g);
    free(s->m);
    free(s->v);
    free(s->w);
    free(s->gradient);
}

static double norm_of(const struct donut_vae *vae, const double *g, size_t first, size_t n)
{
    double sum = 0;
    for (size_t t = first; t < first + n; t++)
        for (size_t j = 0; j < vae->tensor[t].count; j++)
            sum += g[vae->tensor[t].offset + j] * g[vae->tensor[t].offset + j];
    return sqrt(sum);
}

/* Algorithm 1 of Kingma and Ba, after the gradient's L2 term, which weights of hidden layers alone
 * have, and clipping; how many tensors were clipped. */
static int textbook(const struct donut_adam_options *opt, const struct donut_vae *vae, double step,
                    double rate, struct truth *s)
{
    int clipped = 0;
    for (size_t i = 0; i < vae->size; i++)
        s->g[i] = (double)s->gradient[i];
    for (size_t t = 0; t < vae->tensors; t += 2)
        for (size_t j = 0; t / 2 % 4 < 2 && j < vae->tensor[t].count; j++)
            s->g[vae->tensor[t].offset + j] += 2 * opt->l2 * s->w[vae->tensor[t].offset + j];
    for (size_t t = 0; t < vae->tensors; t++) {
        const double norm =
            opt->clip_global ? norm_of(vae, s->g, 0, vae->tensors) : norm_of(vae, s->g, t, 1);
        clipped += norm > opt->clip_norm;
        const double factor = norm > opt->clip_norm ? opt->clip_norm / norm : 1;
        for (size_t j = 0; j < vae->tensor[t].count; j++) {
            const size_t i = vae->tensor[t].offset + j;
            const double g = factor * s->g[i];
            s->m[i] = opt->beta1 * s->m[i] + (1 - opt->beta1) * g;
            s->v[i] = opt->beta2 * s->v[i] + (1 - opt->beta2) * g * g;
            const double m_hat = s->m[i] / (1 - pow(opt->beta1, step));
            const double v_hat = s->v[i] / (1 - pow(opt->beta2, step));
            s->w[i] -= rate * m_hat / (sqrt(v_hat) + opt->epsilon);
        }
    }
    return clipped;
}

static bool in_tensor(const struct donut_vae *vae, size_t i)
{
    for (size_t t = 0; t < vae->tensors; t++)
        if (i >= vae->tensor[t].offset && i < vae->tensor[t].offset + vae->tensor[t].count)
            return true;
    return false;
}

/* float rounds 1 - beta2 = 1e-3 by up to 3e-5 of it, so a step is up to 1.5e-5 off, beside the
 * rounding of w itself, which adds up over the steps. Padding stays 0. */
static void compare(const struct net *net, const struct truth *want, double step, double rate)
{
    const struct donut_shares *s = &net->shares;
    for (size_t i = 0; i < net->vae.size; i++) {
        const double size = fabs(want->w[i]);
        if (in_tensor(&net->vae, i)) {
            CHECK_NEAR(net->block[i], want->w[i],
                       step * (4e-5 * rate + (double)FLT_EPSILON * size));
            CHECK_NEAR(s->v[i], want->v[i], 4e-5 * want->v[i]);
        } else {
            CHECK(s->m[i] == 0 && s->v[i] == 0 && net->block[i] == 0 && s->grad.block[i] == 0);
        }
    }
}

/* Gradients whose size swings over the steps, so that clipping comes and goes; the rate decays. */
static void test_steps(struct draw *draw, const struct donut_adam_options *opt, bool clips)
{
    struct net net;
    int clipped = 0;
    if (!net_new(draw, opt, 3, &net))
        return;
    struct truth want = truth_new(&net);
    for (size_t step = 1; step <= STEPS; step++) {
        const double rate = 0.02 * pow(0.95, (double)step);
        activate(&net, exp(2 * sin((double)step)) / WINDOWS);
        whole_gradient(&net, want.gradient);
        CHECK(step_shares(&net, step, rate, step % 2));
        clipped += textbook(opt, &net.vae, (double)step, rate, &want);
        compare(&net, &want, (double)step, 0.02);
    }
    CHECK_THAT(clips ? clipped > 25 && clipped < 15 * STEPS : clipped == 0, "%d tensors clipped",
               clipped);
    truth_free(&want);
    net_free(&net);
}

static void test_all_steps(struct draw *draw)
{
    struct donut_adam_options opt = donut_adam_defaults();
    CHECK(opt.beta1 == 0.9 && opt.beta2 == 0.999 && opt.epsilon == 1e-8);
    CHECK(opt.l2 == 0 && opt.clip_norm == (double)INFINITY && !opt.clip_global);
    test_steps(draw, &opt, false);
    opt.epsilon = 0.1; /* so large that its bias correction matters */
    test_steps(draw, &opt, false);
    opt.l2 = 0.5;
    test_steps(draw, &opt, false);
    opt.clip_norm = 2;
    test_steps(draw, &opt, true);
    opt.clip_norm = 10;
    opt.clip_global = true;
    test_steps(draw, &opt, true);
}

/* By hand: 1 - 0.999 = 0.001 and 1 - 0.9 = 0.1 after one step, 1 - 0.999^2 = 0.001999 and
 * 1 - 0.9^2 = 0.19 after two. */
static void test_step_by_hand(void)
{
    struct donut_adam_options opt = donut_adam_defaults();
    opt.epsilon = 0.5;
    const struct donut_adam_step one = donut_adam_step(&opt, 1, 0.25);
    const struct donut_adam_step two = donut_adam_step(&opt, 2, 0.25);
    CHECK_NEAR(one.rate, 0.25 * sqrt(0.001) / 0.1, 1e-7);
    CHECK_NEAR(one.epsilon, 0.5 * sqrt(0.001), 1e-8);
    CHECK_NEAR(two.rate, 0.25 * sqrt(0.001999) / 0.19, 1e-7);
    CHECK_NEAR(two.epsilon, 0.5 * sqrt(0.001999), 1e-8);
    CHECK(one.beta1 == 0.9f && one.beta2 == 0.999f);
    CHECK(one.rest1 == (donut_real)(1 - 0.9) && one.rest2 == (donut_real)(1 - 0.999));
}

/* By hand: norms 5, 0.5, 1 and 10 within 1; together sqrt(126.25). */
static void test_clip_by_hand(void)
{
    static const double squares[] = {25, 0.25, 1, 100}, alone[] = {0.2, 1, 1, 0.1};
    static const double bad[] = {NAN, INFINITY};
    struct donut_adam_options opt = donut_adam_defaults();
    donut_real scale[4];
    CHECK(donut_adam_clip(&opt, 4, squares, scale));
    for (int i = 0; i < 4; i++)
        CHECK(scale[i] == 1);
    for (int together = 0; together < 2; together++) {
        opt.clip_norm = 1;
        opt.clip_global = together;
        CHECK(donut_adam_clip(&opt, 4, squares, scale));
        for (int i = 0; i < 4; i++)
            CHECK_NEAR(scale[i], together ? 1 / sqrt(126.25) : alone[i], 1e-7);
        opt.clip_norm = 12;
        CHECK(donut_adam_clip(&opt, 4, squares, scale) && scale[0] == 1 && scale[3] == 1);
        for (int b = 0; b < 2; b++)
            for (int i = 0; i < 4; i++) {
                double some[] = {25, 0, 1, 100};
                some[i] = bad[b];
                CHECK_THAT(!donut_adam_clip(&opt, 4, some, scale), "%g at %d", bad[b], i);
            }
    }
}

/* By hand. One step: m = 0.1 g', v = 0.001 g'^2, and w moves by the rate against g's sign, where
 * g' is the clipped gradient: (3, 4) of norm 5 becomes (0.6, 0.8) within norm 1. 1e30, whose square
 * is beyond float, becomes 1. */
static void test_update_by_hand(struct draw *draw)
{
    struct donut_adam_options opt = donut_adam_defaults();
    struct net net;
    opt.clip_norm = 1;
    if (!net_new(draw, &opt, 2, &net))
        return;
    struct donut_shares *s = &net.shares;
    const size_t at = net.vae.tensor[2].offset, bias = net.vae.tensor[3].offset;
    const size_t last = net.vae.tensor[net.vae.tensors - 1].offset;
    const donut_real w[] = {net.block[at], net.block[at + 1], net.block[at + 2]};
    s->grad.block[at] = 3;
    s->grad.block[at + 1] = -4;
    s->grad.block[bias] = (donut_real)0.5;
    s->grad.block[last] = (donut_real)1e30;
    for (size_t p = 0; p < s->pieces; p++)
        s->squares[p] = s->piece[p].offset == at     ? 25
                        : s->piece[p].offset == bias ? 0.25
                        : s->piece[p].offset == last ? 1e60
                                                     : 0;
    CHECK(donut_shares_clip(s, 1, 0.25));
    donut_shares_update(s, 0);
    donut_shares_update(s, 1);
    CHECK_NEAR(s->m[at], 0.06, 1e-7);
    CHECK_NEAR(s->m[at + 1], -0.08, 1e-7);
    CHECK_NEAR(s->m[bias], 0.05, 1e-7);
    CHECK_NEAR(s->m[last], 0.1, 1e-7);
    CHECK_NEAR(s->v[at], 0.00036, 1e-9);
    CHECK_NEAR(s->v[last], 0.001, 1e-9);
    CHECK_NEAR(net.block[at], (double)w[0] - 0.25, 1e-5);
    CHECK_NEAR(net.block[at + 1], (double)w[1] + 0.25, 1e-5);
    CHECK(net.block[at + 2] == w[2]);
    net_free(&net);
}

TEST(adam)
{
    test_step_by_hand();
    test_clip_by_hand();
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        struct draw draw = draw_new(kernel->name, 2015);
        test_all_steps(&draw);
        test_update_by_hand(&draw);
    }
    return check_report("adam");
}
