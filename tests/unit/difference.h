/* Numerical derivatives for gradient checks in double precision.
 *
 * The five-point rule (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h errs by h^4 f^(5) / 30 from
 * cutting the series off, and by at most (8 + 8 + 1 + 1) / 12 d / h = 1.5 d / h from rounding,
 * where d is the error of one evaluation: a few dozen roundings deep, d < 40 eps F with F the sum
 * of the absolute values of the terms added up. With h = 2^-12 the second is below 6e-11 F and
 * the first, 1.2e-16 f^(5), is smaller still; neither gets near the relative 1e-6 asked for.
 *
 * A ReLU that switches between the points makes the rule wrong. The function reports which units
 * are on (`pattern`); where that changes the step is cut down, and a place that is closer to a kink
 * than the smallest step is left out and counted. */
#ifndef DONUT_TESTS_DIFFERENCE_H
#define DONUT_TESTS_DIFFERENCE_H

#include "check.h"

#include <stdint.h>

struct evaluation {
    double value;
    double magnitude; /* F: sum of the absolute values of the terms of `value` */
    uint64_t pattern; /* hash of which ReLUs are on */
};

typedef struct evaluation evaluate_fn(void *context);

static int slopes_checked, slopes_at_kinks;

static inline void evaluation_add(struct evaluation *sum, double term)
{
    sum->value += term;
    sum->magnitude += fabs(term);
}

/* FNV-1a over one more unit. */
static inline void evaluation_unit(struct evaluation *sum, bool on)
{
    sum->pattern = (sum->pattern ^ (on ? 0x9Eu : 0x37u)) * 0x100000001B3u;
}

/* f at *at + offset; *at is put back. */
static inline struct evaluation evaluate_at(evaluate_fn *f, void *context, double *at,
                                            double offset)
{
    const double kept = *at;
    *at = kept + offset;
    const struct evaluation result = f(context);
    *at = kept;
    return result;
}

/* Checks `slope` to be the derivative of f by *at. */
static inline void check_slope(evaluate_fn *f, void *context, double *at, double slope,
                               const char *what, size_t index)
{
    const struct evaluation here = f(context);
    for (double h = 0x1p-12; h > 0x1p-20; h /= 8) {
        const struct evaluation e[4] = {
            evaluate_at(f, context, at, -2 * h), evaluate_at(f, context, at, -h),
            evaluate_at(f, context, at, h), evaluate_at(f, context, at, 2 * h)};
        bool smooth = true;
        for (int i = 0; i < 4; i++)
            smooth = smooth && e[i].pattern == here.pattern;
        if (!smooth)
            continue;
        const double want = (8 * (e[2].value - e[1].value) - (e[3].value - e[0].value)) / (12 * h);
        const double bound = 1e-6 * fabs(want) + 60 * 2.3e-16 * here.magnitude / h;
        CHECK_THAT(fabs(slope - want) <= bound, "%s, entry %zu: gradient %.12g, difference %.12g",
                   what, index, slope, want);
        slopes_checked++;
        return;
    }
    slopes_at_kinks++;
}

/* Hardly anything may have been left out. */
static inline void check_kinks(void)
{
    CHECK_THAT(slopes_at_kinks * 200 <= slopes_checked, "%d of %d slopes lie at a ReLU's kink",
               slopes_at_kinks, slopes_checked + slopes_at_kinks);
}

#endif
