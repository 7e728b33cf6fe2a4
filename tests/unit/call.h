/* A call of a function of the kernel table on random matrices: run by a variant whole, by the plain
 * one, and in two parts, and held against the formulas in double. Bounds, in eps of the terms'
 * sizes: exp and log1p may each be off by 2, which makes 5 of sd = softplus(a) + epsilon and 4 of
 * 1 / (1 + e^-a); where a < -87 a variant may take e^-87 for e^a. */
#ifndef DONUT_TESTS_CALL_H
#define DONUT_TESTS_CALL_H

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
    struct donut_law law;
    const float *column[2]; /* the same for all lanes */
    const float *shared[2]; /* matrices whose rows are `ld` apart */
    size_t ld;
};

static inline size_t draw_rows(void)
{
    return draw_below(&draw, draw_below(&draw, 8) ? 12 : 300);
}

static inline struct call call_new(const char *name,
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
static inline float *add_input(struct call *c, size_t rows)
{
    c->rows[c->n] = rows;
    c->m[c->n] = block_random(&draw, rows * c->lanes);
    return c->m[c->n++].at;
}

/* Logits from -100 to 100: there float's e^100 overflows and e^-100 is denormal. Not below `least`
 * when there is no epsilon. */
static inline float *add_logits(struct call *c, size_t rows, float least)
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

static inline struct want *add_want(struct call *c, size_t matrix, size_t terms)
{
    c->want[matrix] = want_new(c->rows[matrix] * c->lanes);
    c->terms[matrix] = terms;
    return c->want[matrix];
}

static inline struct want *add_output(struct call *c, size_t rows, size_t terms)
{
    c->rows[c->n] = rows;
    c->m[c->n] = block_new(rows * c->lanes);
    return add_want(c, c->n++, terms);
}

/* Lanes [first, first + lanes) as a call of their own. */
static inline struct call call_part(const struct call *c, size_t first, size_t lanes)
{
    struct call part = *c;
    part.lanes = lanes;
    for (size_t i = 0; i < c->n; i++)
        part.m[i] = block_lanes(&c->m[i], c->rows[i], c->lanes, first, lanes);
    for (size_t i = 0; i < 2 && c->shared[i]; i++)
        part.shared[i] += first;
    return part;
}

static inline void check_part(const struct call *whole, const struct call *part, size_t first)
{
    for (size_t i = 0; i < part->n; i++) {
        check_lanes(part->name, &whole->m[i], part->rows[i], whole->lanes, first, &part->m[i],
                    part->lanes);
        check_margins(part->name, &part->m[i]);
    }
    blocks_free(part->m, part->n);
}

/* Runs it whole, by the plain variant, and in two parts. */
static inline void check_call(struct call *c)
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

static inline void call_free(const struct call *c)
{
    blocks_free(c->m, c->n);
    for (size_t i = 0; i < c->n; i++)
        free(c->want[i]);
}

static inline double half_log_two_pi(void)
{
    return 0.5 * log(2 * acos(-1));
}

/* What variants may add to an exponential. */
static inline double least_exp(double a)
{
    return a < -87 ? 1.000001 * exp(-87) : 0;
}

static inline double sigmoid(double a)
{
    return a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a));
}

static inline struct want want_sd(float logit, float epsilon)
{
    const double a = (double)logit;
    const double sd = (a > 0 ? a : 0) + log1p(exp(-fabs(a))) + (double)epsilon;
    return (struct want){sd, sd, least_exp(a)};
}

/* The standard normal, or a Student's t. */
static inline struct donut_law draw_law(void)
{
    static const double nus[] = {1, 1.5, 2, 10, 777, 1e6};
    const double nu = nus[draw_below(&draw, sizeof nus / sizeof nus[0])];
    if (draw_below(&draw, 3) == 0)
        return (struct donut_law){0, (float)half_log_two_pi()};
    const double log_c = lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(nu * acos(-1));
    return (struct donut_law){(float)nu, -(float)log_c};
}

/* log f(0) - log f(t), and its derivative by t. */
static inline double drop_of(const struct call *c, double t)
{
    const double nu = (double)c->law.nu;
    return nu > 0 ? (nu + 1) / 2 * log1p(t * t / nu) : t * t / 2;
}

static inline double slope_of(const struct call *c, double t)
{
    const double nu = (double)c->law.nu;
    return nu > 0 ? (nu + 1) * t / (nu + t * t) : t;
}

#endif
