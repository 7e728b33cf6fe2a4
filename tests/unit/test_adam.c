/* Adam with L2 and clipping against the textbook's formulas in double. */
#include "nn/adam.h"
#include "check.h"
#include "draw.h"

#include <float.h>

#define SIZE 96
#define STEPS 25

static const struct donut_kernel *const kernel = &donut_kernel_plain;

/* Three tensors in a block, with padding between them. */
static const struct donut_tensor tensors[] = {{0, 5, true}, {16, 3, false}, {32, 41, true}};
#define TENSORS (sizeof tensors / sizeof tensors[0])

struct state {
    donut_real g[SIZE], m[SIZE], v[SIZE], w[SIZE];
};

/* The same in double, without padding to look at. */
struct truth {
    double g[SIZE], m[SIZE], v[SIZE], w[SIZE];
};

static bool update(const struct donut_adam_options *opt, size_t step, double rate, struct state *s)
{
    return donut_adam_update(kernel, opt, tensors, TENSORS, step, rate, s->g, s->m, s->v, s->w);
}

static bool in_tensor(size_t i)
{
    for (size_t t = 0; t < TENSORS; t++)
        if (i >= tensors[t].offset && i < tensors[t].offset + tensors[t].count)
            return true;
    return false;
}

/* NaN gradients in the padding, which must not be looked at, and 7 elsewhere there. */
static struct state state_new(struct draw *draw)
{
    struct state s = {0};
    draw_normals(draw, SIZE, 1, s.w);
    for (size_t i = 0; i < SIZE; i++)
        if (!in_tensor(i)) {
            s.g[i] = (donut_real)NAN;
            s.m[i] = s.v[i] = s.w[i] = 7;
        }
    return s;
}

static double norm_of(const double *g, size_t first_tensor, size_t n_tensors)
{
    double sum = 0;
    for (size_t t = first_tensor; t < first_tensor + n_tensors; t++)
        for (size_t j = 0; j < tensors[t].count; j++)
            sum += g[tensors[t].offset + j] * g[tensors[t].offset + j];
    return sqrt(sum);
}

/* Algorithm 1 of Kingma and Ba, after the gradient's L2 term and clipping; how many tensors were
 * clipped. */
static int textbook(const struct donut_adam_options *opt, double step, double rate, struct truth *s)
{
    int clipped = 0;
    for (size_t t = 0; t < TENSORS; t++)
        for (size_t j = 0; tensors[t].regularised && j < tensors[t].count; j++)
            s->g[tensors[t].offset + j] += 2 * opt->l2 * s->w[tensors[t].offset + j];
    for (size_t t = 0; t < TENSORS; t++) {
        const double norm = opt->clip_global ? norm_of(s->g, 0, TENSORS) : norm_of(s->g, t, 1);
        clipped += norm > opt->clip_norm;
        const double factor = norm > opt->clip_norm ? opt->clip_norm / norm : 1;
        for (size_t j = 0; j < tensors[t].count; j++) {
            const size_t i = tensors[t].offset + j;
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

/* float rounds 1 - beta2 = 1e-3 by up to 3e-5 of it, so a step is up to 1.5e-5 off, beside the
 * rounding of w itself, which adds up over the steps. */
static void compare(const struct state *s, const struct truth *want, double step, double rate)
{
    for (size_t i = 0; i < SIZE; i++) {
        if (!in_tensor(i)) {
            CHECK(s->m[i] == 7 && s->v[i] == 7 && s->w[i] == 7);
            continue;
        }
        const double size = fabs(want->w[i]);
        CHECK_NEAR(s->w[i], want->w[i], step * (4e-5 * rate + (double)FLT_EPSILON * size));
        CHECK_NEAR(s->v[i], want->v[i], 4e-5 * want->v[i]);
    }
}

/* Gradients whose size swings over the steps, so that clipping comes and goes; the rate decays. */
static void test_steps(struct draw *draw, const struct donut_adam_options *opt, bool clips)
{
    struct state s = state_new(draw);
    struct truth want = {0};
    int clipped = 0;
    for (size_t i = 0; i < SIZE; i++)
        want.w[i] = (double)s.w[i];
    for (size_t step = 1; step <= STEPS; step++) {
        const double rate = 0.02 * pow(0.95, (double)step);
        for (size_t i = 0; i < SIZE; i++) {
            if (!in_tensor(i))
                continue;
            draw_normals(draw, 1, exp(2 * sin((double)step)), &s.g[i]);
            want.g[i] = (double)s.g[i];
        }
        CHECK(update(opt, step, rate, &s));
        clipped += textbook(opt, (double)step, rate, &want);
        compare(&s, &want, (double)step, 0.02);
    }
    CHECK_THAT(clips ? clipped > 5 && clipped < 5 * STEPS / 2 : clipped == 0, "%d tensors clipped",
               clipped);
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
    opt.clip_norm = 10;
    test_steps(draw, &opt, true);
    opt.clip_global = true;
    test_steps(draw, &opt, true);
}

/* By hand. One step: m = 0.1 g', v = 0.001 g'^2, and w moves by the rate against g's sign, where
 * g' is the clipped gradient: (3, 4) of norm 5 becomes (0.6, 0.8) within norm 1. */
static void test_clip_by_hand(struct draw *draw)
{
    struct donut_adam_options opt = donut_adam_defaults();
    opt.clip_norm = 1;
    for (int together = 0; together < 2; together++) {
        struct state s = state_new(draw);
        const donut_real w0 = s.w[0], w33 = s.w[33];
        opt.clip_global = together;
        s.g[0] = 3;
        s.g[together ? 33 : 1] = -4;
        s.g[16] = together ? 0 : (donut_real)0.5; /* a tensor of norm 0.5 stays as it is */
        CHECK(update(&opt, 1, 0.25, &s));
        CHECK_NEAR(s.m[0], 0.06, 1e-7);
        CHECK_NEAR(s.m[together ? 33 : 1], -0.08, 1e-7);
        CHECK_NEAR(s.m[16], together ? 0 : 0.05, 1e-7);
        CHECK_NEAR(s.v[0], 0.00036, 1e-7);
        CHECK_NEAR(s.w[0], (double)w0 - 0.25, 1e-5);
        CHECK_NEAR(s.w[33], (double)w33 + (together ? 0.25 : 0), 1e-5);
    }
}

/* A gradient that is not finite anywhere in a tensor: refused, and nothing has moved. */
static void test_refusal(struct draw *draw)
{
    static const size_t places[] = {0, 4, 17, 32, 72};
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    struct donut_adam_options opt = donut_adam_defaults();
    opt.l2 = 0.001;
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
        for (size_t b = 0; b < 3; b++) {
            struct state s = state_new(draw);
            opt.clip_norm = b == 0 ? 10 : (double)INFINITY;
            opt.clip_global = b == 1;
            s.g[3] = 1;
            CHECK(update(&opt, 1, 0.1, &s));
            struct state before = s;
            s.g[places[p]] = (donut_real)bad[b];
            CHECK_THAT(!update(&opt, 2, 0.1, &s), "%g at %zu", bad[b], places[p]);
            CHECK(memcmp(s.m, before.m, sizeof s.m) == 0);
            CHECK(memcmp(s.v, before.v, sizeof s.v) == 0);
            CHECK(memcmp(s.w, before.w, sizeof s.w) == 0);
            CHECK(update(&opt, 2, 0.1, &before)); /* and without it the step is fine */
        }
    /* Large is not infinite: squared it is beyond float, but clipping brings it back. */
    struct state s = state_new(draw);
    opt.clip_norm = 10;
    opt.clip_global = false;
    s.g[16] = (donut_real)1e30;
    CHECK(update(&opt, 1, 0.1, &s));
    CHECK_NEAR(s.m[16], 1, 1e-5);
    CHECK_NEAR(s.v[16], 0.1, 1e-5);
}

int main(void)
{
    struct draw draw = draw_new("adam", 2015);
    test_all_steps(&draw);
    test_clip_by_hand(&draw);
    test_refusal(&draw);
    return check_report("adam");
}
