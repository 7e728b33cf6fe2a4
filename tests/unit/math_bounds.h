/* The elementary functions of a kernel variant, each alone, against the C library in double. A test
 * includes this behind the variant's source, whose vocabulary it uses.
 *
 * Errors are in units in the last place of the exact value. The arguments are every float of a
 * range, or, to be done in a moment, every so many: DONUT_TEST_SWEEP is that step, 1 for all. */
#ifndef DONUT_TESTS_MATH_BOUNDS_H
#define DONUT_TESTS_MATH_BOUNDS_H

#include "kernel/kernel.h"
#include "check.h"

#include <float.h>
#include <stdlib.h>

#ifdef VARIANT
static uint32_t sweep_step = 499; /* a prime: all low bits take part */

static inline float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double ulps(float got, double want)
{
    const int exponent = want == 0 ? FLT_MIN_EXP : ilogb(want);
    const int least = FLT_MIN_EXP - 1;
    return fabs((double)got - want) /
           ldexp(1, (exponent < least ? least : exponent) - (FLT_MANT_DIG - 1));
}

/* A vector function on LANES floats, and the worst of what was found. */
struct elementary {
    const char *name;
    void (*f)(const float *x, float *y);
    double (*truth)(double);
    double bound, worst; /* ulp */
    float at;
};

static void compare(struct elementary *e, const float *x)
{
    float y[LANES];
    e->f(x, y);
    for (int l = 0; l < LANES; l++) {
        const double error = ulps(y[l], e->truth((double)x[l]));
        if (error <= e->worst)
            continue;
        e->worst = isnan(error) ? (double)INFINITY : error;
        e->at = x[l];
    }
}

/* All floats from `from` to `to`, which have the same sign, by steps through their bit patterns. */
static void sweep(struct elementary *e, float from, float to, uint32_t step)
{
    float x[LANES];
    const uint32_t first = bits_of(from), last = bits_of(to);
    for (uint32_t at = first; at <= last && at >= first; at += LANES * step) {
        for (uint32_t l = 0; l < LANES; l++)
            x[l] = float_of(last - at < l * step ? last : at + l * step);
        compare(e, x);
    }
}

static void check_worst(const struct elementary *e)
{
    printf("%s: %.3f ulp off at %.9g\n", e->name, e->worst, (double)e->at);
    CHECK_THAT(e->worst > 0 && e->worst <= e->bound, "%s(%.9g) is %g ulp off, not %g", e->name,
               (double)e->at, e->worst, e->bound);
}

TARGET static void exp_of(const float *x, float *y)
{
    vec_store(y, vec_exp(vec_load(x)));
}

TARGET static void log_of(const float *x, float *y)
{
    vec_store(y, vec_log(vec_load(x)));
}

TARGET static void log1p_of(const float *x, float *y)
{
    vec_store(y, vec_log1p(vec_load(x)));
}

TARGET static void log1p_any_of(const float *x, float *y)
{
    vec_store(y, vec_log1p_any(vec_load(x)));
}

TARGET static void sin_of(const float *x, float *y)
{
    vec_store(y, vec_sin_pi(vec_load(x)));
}

TARGET static void cos_of(const float *x, float *y)
{
    vec_store(y, vec_cos_pi(vec_load(x)));
}

TARGET static void softplus_of(const float *x, float *y)
{
    const vec a = vec_load(x);
    vec_store(y, vec_softplus(a, vec_exp(-vec_abs(a))));
}

TARGET static void sigmoid_of(const float *x, float *y)
{
    const vec a = vec_load(x);
    vec_store(y, vec_sigmoid(a, vec_exp(-vec_abs(a))));
}

static double sin_pi(double x)
{
    return sin(3.14159265358979323846 * x);
}

static double cos_pi(double x)
{
    return cos(3.14159265358979323846 * x);
}

static double exact_softplus(double a)
{
    return (a > 0 ? a : 0) + log1p(exp(-fabs(a)));
}

static double exact_sigmoid(double a)
{
    return a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a));
}

/* One value in every lane, the same from every lane. */
static float single(const struct elementary *e, float x)
{
    float in[LANES], out[LANES];
    for (int l = 0; l < LANES; l++)
        in[l] = x;
    e->f(in, out);
    for (int l = 1; l < LANES; l++)
        CHECK(bits_of(out[l]) == bits_of(out[0]));
    return out[0];
}

enum { EXP, LOG, LOG1P, LOG1P_ANY, SIN, COS, SOFTPLUS, SIGMOID, ELEMENTARY };

/* Outside of the ranges, and at their ends. */
static void check_specials(const struct elementary *e)
{
    static const float below[] = {-87.0f, -87.5f, -88.0f, -104.0f, -1e10f, -FLT_MAX, -INFINITY};
    const double least = exp(-87);
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        CHECK(ulps(single(&e[EXP], below[i]), least) <= e[EXP].bound);
        CHECK(ulps(single(&e[SOFTPLUS], below[i]), least) <= e[SOFTPLUS].bound);
        CHECK(ulps(single(&e[SIGMOID], below[i]), least) <= e[SIGMOID].bound);
        CHECK(single(&e[SOFTPLUS], -below[i]) == -below[i]);
        CHECK(single(&e[SIGMOID], -below[i]) == 1.0f);
    }
    CHECK(single(&e[EXP], 0.0f) == 1.0f && single(&e[EXP], -0.0f) == 1.0f);
    CHECK(single(&e[LOG], 1.0f) == 0.0f && isnan(single(&e[LOG], INFINITY)));
    CHECK(single(&e[LOG1P_ANY], 0.0f) == 0.0f && isnan(single(&e[LOG1P_ANY], INFINITY)));
    for (size_t i = 0; i < ELEMENTARY; i++)
        CHECK(isnan(single(&e[i], NAN)) && isnan(single(&e[i], -NAN)));
}

/* Beside the whole range, every float where the logarithm is near 0 and where the argument goes
 * from one binary exponent to the next. */
static void sweep_log(struct elementary *e)
{
    sweep(e, FLT_MIN, FLT_MAX, sweep_step);
    sweep(e, 1 - 0x1p-9f, 1 + 0x1p-9f, 1);
    for (float scale = 0x1p-125f; scale < 0x1p125f; scale *= 0x1p21f) {
        sweep(e, 0.70703f * scale, 0.70719f * scale, 1);
        sweep(e, 1.41406f * scale, 1.41437f * scale, 1);
    }
}

TARGET static void box_muller_of(const uint32_t *radius, const uint32_t *angle, float *r_cos,
                                 float *r_sin)
{
    ivec word[2];
    memcpy(&word[0], radius, sizeof word[0]);
    memcpy(&word[1], angle, sizeof word[1]);
    box_muller(word[0], word[1], r_cos, r_sin);
}

/* Error of a pair of normals over what is allowed: u next to 1 is off by 2^-25, and so is
 * -r^2 / 2, r by at most 6e-8 / r; 1.5e-6 for the rest. */
static double normal_error(uint32_t radius, uint32_t angle, float r_cos, float r_sin)
{
    const double r = sqrt(-2 * log(((double)(radius >> 1) + 0.5) / 2147483648.0));
    const double t = acos(-1) * (double)(int32_t)angle / 2147483648.0;
    return fmax(fabs((double)r_cos - r * cos(t)), fabs((double)r_sin - r * sin(t))) /
           (1.5e-6 + 6e-8 / r);
}

/* Every n-th radius with angles all over, and each of the first and last radii with angles at, and
 * next to, where a quadrant or an eighth begins. */
static void check_normals(void)
{
    double worst = 0;
    uint32_t radius[LANES], angle[LANES];
    float r_cos[LANES], r_sin[LANES];
    const uint64_t all = ((uint64_t)1 << 32) / sweep_step;
    for (uint64_t i = 0; i < all + 1024 * 64; i += LANES) {
        for (uint64_t l = 0; l < LANES; l++) {
            const uint32_t edge = (uint32_t)((i + l) % 64), end = (uint32_t)((i + l - all) / 64);
            radius[l] = i < all   ? (uint32_t)(i + l) * sweep_step
                        : end % 2 ? UINT32_MAX - end / 2
                                  : end / 2;
            angle[l] = i < all ? radius[l] * 2654435761u : (edge / 8 << 29) + edge % 8 - 4;
        }
        box_muller_of(radius, angle, r_cos, r_sin);
        for (int l = 0; l < LANES; l++) {
            const double error = normal_error(radius[l], angle[l], r_cos[l], r_sin[l]);
            if (!(error <= worst))
                worst = isnan(error) ? (double)INFINITY : error;
        }
    }
    CHECK_THAT(worst <= 1, "normals: error %g of what is allowed", worst);
    printf("normals: error %.3f of what is allowed\n", worst);
}

static void check_math(void)
{
    struct elementary e[] = {
        [EXP] = {.name = "exp", .f = exp_of, .truth = exp, .bound = 1.1},
        [LOG] = {.name = "log", .f = log_of, .truth = log, .bound = 0.9},
        [LOG1P] = {.name = "log1p", .f = log1p_of, .truth = log1p, .bound = 1.4},
        [LOG1P_ANY] = {.name = "log1p, any", .f = log1p_any_of, .truth = log1p, .bound = 1.6},
        [SIN] = {.name = "sin(pi x)", .f = sin_of, .truth = sin_pi, .bound = 2.2},
        [COS] = {.name = "cos(pi x)", .f = cos_of, .truth = cos_pi, .bound = 1.1},
        [SOFTPLUS] = {.name = "softplus", .f = softplus_of, .truth = exact_softplus, .bound = 2.1},
        [SIGMOID] = {.name = "sigmoid", .f = sigmoid_of, .truth = exact_sigmoid, .bound = 2.5},
    };
    sweep(&e[EXP], -0.0f, -87.0f, sweep_step);
    sweep_log(&e[LOG]);
    sweep(&e[LOG1P], 0.0f, 1.0f, sweep_step);
    sweep(&e[LOG1P_ANY], 0.0f, FLT_MAX, sweep_step);
    sweep(&e[LOG1P_ANY], 1.0f, 2.0f, 7);
    for (int i = SIN; i <= COS; i++) {
        sweep(&e[i], 0.0f, 0.25f, sweep_step);
        sweep(&e[i], -0.0f, -0.25f, sweep_step);
    }
    for (int i = SOFTPLUS; i <= SIGMOID; i++) {
        sweep(&e[i], 0.0f, 150.0f, sweep_step);
        sweep(&e[i], -0.0f, -87.0f, sweep_step);
    }
    for (int i = 0; i < ELEMENTARY; i++)
        check_worst(&e[i]);
    check_specials(e);
    check_normals();
}
#endif

/* The whole test of the variant of that name, which this machine may lack. */
static int math_report(const char *name)
{
    char title[32];
    const struct donut_kernel *kernel = donut_kernel_named(name);
    snprintf(title, sizeof title, "math_%s", name);
    CHECK(!kernel || strcmp(kernel->name, name) == 0);
#ifdef VARIANT
    const char *step = getenv("DONUT_TEST_SWEEP");
    if (step)
        sweep_step = (uint32_t)strtoul(step, NULL, 10);
    if (kernel && CHECK(sweep_step > 0))
        check_math();
#else
    CHECK(!kernel);
#endif
    return check_report(title);
}

#endif
