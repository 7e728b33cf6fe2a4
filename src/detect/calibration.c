#include "detect/calibration.h"

#include "base/arena.h"
#include "base/sort.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BODY 8          /* knots of the body, by rank */
#define UPPER 5         /* that of the .8 quantile */
#define MOST_SPREAD 2   /* of the .95 quantile over it: 1.5 for |N(0, 1)|, 1.9 for Laplace's law */
#define FIRST_BLOCK 64  /* values in the shortest block ... */
#define LAST_BLOCK 512  /* ... and in the longest */
#define FEWEST_BLOCKS 8 /* that a knot rests on */
#define CALM 0.2        /* share of the blocks that stay below a knot */
#define STRETCHES 16
#define GAUSSIAN_SHAPE 0.62 /* of |N(0, 1)| between its quantiles .95 and 1 - 1e-4 */

static const double body_level[BODY] = {0, .1, .25, .5, .7, .8, .9, .95};

/* The p quantile of sorted values (n), between neighbours in proportion. */
static double quantile(const double *sorted, size_t n, double p)
{
    const double at = p * (double)(n - 1);
    const size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

/* Sorts the maxima over whole blocks of `block` values into `maximum`; returns how many. */
static size_t block_maxima(const double *value, size_t n, size_t block, double *maximum)
{
    const size_t blocks = n / block;
    for (size_t b = 0; b < blocks; b++) {
        double most = value[b * block];
        for (size_t i = 1; i < block; i++)
            most = fmax(most, value[b * block + i]);
        maximum[b] = most;
    }
    donut_sort(maximum, blocks);
    return blocks;
}

/* The surprise of what is not exceeded in a share `calm` of blocks of so many values: F^B = calm.
 */
static double block_level(double calm, size_t block)
{
    return -log10(-expm1(log(calm) / (double)block));
}

/* The shape of the tail through (anchor_level, anchor) that the three quarters of the calmest
 * blocks have, the mean over blocks of a 24th, a 16th and a 12th of the values.  room (n / 8) */
static double observed_shape(const double *value, size_t n, double anchor_level, double anchor,
                             double *room)
{
    static const size_t parts[] = {24, 16, 12};
    const double calm = 0.75;
    double sum = 0;
    for (size_t i = 0; i < 3; i++) {
        const size_t block = n / parts[i], blocks = block_maxima(value, n, block, room);
        const double most = fmax(quantile(room, blocks, calm), anchor);
        sum += log(most / anchor) / log(block_level(calm, block) / anchor_level);
    }
    return sum / 3;
}

/* The deviation of the logarithms of the .8 quantiles of 16 stretches, as a multiple of what
 * independent values would have: sqrt(.8 .2 / n) / (q f(q)), which for |N(0, 1)| is .9 / sqrt(n).
 */
static double unsteadiness(const double *value, size_t n, double *room)
{
    const size_t length = n / STRETCHES;
    double sum = 0, squares = 0;
    for (size_t s = 0; s < STRETCHES; s++) {
        memcpy(room, value + s * length, length * sizeof *room);
        donut_sort(room, length);
        const double q = log(fmax(quantile(room, length, .8), 1e-300));
        sum += q;
        squares += q * q;
    }
    const double mean = sum / STRETCHES, variance = squares / STRETCHES - mean * mean;
    return sqrt(fmax(variance, 0)) / (0.9 / sqrt((double)length));
}

/* 1 up to `low`, 0 from `high` on. */
static double ramp_down(double x, double low, double high)
{
    return fmin(fmax((high - x) / (high - low), 0), 1);
}

static double choose_shape(const double *value, size_t n, const struct donut_calibration_rule *rule,
                           double anchor_level, double anchor, double *room)
{
    if (n < 2 * DONUT_FEWEST_CALIBRATED)
        return rule->shape;
    const double light =
        ramp_down(observed_shape(value, n, anchor_level, anchor, room), 0.68, 0.80);
    const double steady = ramp_down(unsteadiness(value, n, room), 2.0, 2.6);
    return rule->shape + light * steady * (GAUSSIAN_SHAPE - rule->shape);
}

static void add_knot(struct donut_calibration *out, double level, double value)
{
    if (out->knots > 0)
        value = fmax(value, out->value[out->knots - 1]);
    out->level[out->knots] = level;
    out->value[out->knots++] = value;
}

static void fit_body(const double *sorted, size_t n, const struct donut_calibration_rule *rule,
                     struct donut_calibration *out)
{
    const double upper = quantile(sorted, n, body_level[UPPER]);
    const double most = upper > 0 ? MOST_SPREAD * upper : INFINITY;
    for (size_t i = 0; i < BODY; i++) {
        const double q = fmin(quantile(sorted, n, body_level[i]), most);
        add_knot(out, -log10(1 - body_level[i]), i + 1 < BODY ? q : fmax(q, rule->least));
    }
}

/* Raises the tail to what four of five blocks hold. */
static void fit_bursts(const double *value, size_t n, struct donut_calibration *out, double *room)
{
    const double level = out->level[BODY - 1], anchor = out->value[BODY - 1];
    for (size_t block = FIRST_BLOCK; block <= LAST_BLOCK && n / block >= FEWEST_BLOCKS;
         block *= 2) {
        const size_t blocks = block_maxima(value, n, block, room);
        const double here = block_level(CALM, block);
        add_knot(out, here,
                 fmax(quantile(room, blocks, CALM), anchor * pow(here / level, out->shape)));
    }
}

enum donut_status donut_calibration_fit(const double *value, size_t n,
                                        const struct donut_calibration_rule *rule,
                                        struct donut_calibration *out, struct donut_error *err)
{
    double *room = donut_calloc(n, sizeof *room);
    if (!room)
        return donut_fail_memory(err);
    *out = (struct donut_calibration){.n = n, .shape = rule->shape};
    memcpy(room, value, n * sizeof *room);
    donut_sort(room, n);
    fit_body(room, n, rule, out);
    out->shape = choose_shape(value, n, rule, out->level[BODY - 1], out->value[BODY - 1], room);
    if (n >= DONUT_FEWEST_CALIBRATED)
        fit_bursts(value, n, out, room);
    free(room);
    return DONUT_OK;
}

double donut_calibration_surprise(const struct donut_calibration *calibration, double value)
{
    const size_t last = calibration->knots - 1;
    const double *level = calibration->level, *knot = calibration->value;
    if (value > knot[last])
        return fmin(level[last] * pow(value / knot[last], 1 / calibration->shape),
                    DONUT_MOST_SURPRISE);
    /* Of equal knots the lowest: as many normal points are at least as strange. */
    size_t i = 0;
    while (knot[i] < value)
        i++;
    if (i == 0 || knot[i] == value)
        return level[i];
    return level[i - 1] +
           (level[i] - level[i - 1]) * (value - knot[i - 1]) / (knot[i] - knot[i - 1]);
}

double donut_calibration_value(const struct donut_calibration *calibration, double surprise)
{
    const size_t last = calibration->knots - 1;
    const double *level = calibration->level, *knot = calibration->value;
    if (surprise >= level[last])
        return knot[last] * pow(surprise / level[last], calibration->shape);
    size_t i = 1;
    while (level[i] < surprise)
        i++;
    return knot[i - 1] +
           (knot[i] - knot[i - 1]) * (surprise - level[i - 1]) / (level[i] - level[i - 1]);
}

double donut_calibration_overlap(double *surprise, size_t n)
{
    donut_sort(surprise, n);
    const double usual = body_level[BODY - 1];
    return fmax(quantile(surprise, n, usual) + log10(1 - usual), 0);
}
