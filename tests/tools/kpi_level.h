/* What make_kpi.c builds on: its random draws, and the level of a business KPI without noise, as a
 * share of its typical level. `day` counts from the start, a Monday at midnight, and has a
 * fraction.
 */
#ifndef DONUT_TESTS_KPI_LEVEL_H
#define DONUT_TESTS_KPI_LEVEL_H

#include "base/random.h"

static const double pi = 3.14159265358979323846;

enum purpose {
    DRAW_DAY_AMPLITUDE = DONUT_DRAW_TEST,
    DRAW_DAY_PHASE,
    DRAW_DAY_BALANCE,
    DRAW_WANDER,
    DRAW_NOISE,
    DRAW_OUTLIER,
    DRAW_DECK,
    DRAW_ORDER,
    DRAW_LENGTH,
    DRAW_PLACE,
    DRAW_STRENGTH,
    DRAW_SIDE,
    DRAW_JITTER,
    DRAW_EMPTY,
    DRAW_HIDE
};

static inline double uniform(uint64_t seed, enum purpose purpose, uint64_t index)
{
    const struct donut_stream stream = {seed, (uint32_t)purpose, 0};
    return donut_random_uniform(stream, index);
}

static inline size_t below(uint64_t seed, enum purpose purpose, uint64_t index, size_t bound)
{
    const struct donut_stream stream = {seed, (uint32_t)purpose, 0};
    return (size_t)donut_random_below(stream, index, bound);
}

static inline double normal(uint64_t seed, enum purpose purpose, uint64_t index)
{
    const struct donut_stream stream = {seed, (uint32_t)purpose, 0};
    donut_real x;
    donut_random_normals(stream, index, 1, &x);
    return (double)x;
}

/* What belongs to whole days is blended from noon to noon, so that midnight leaves no step:
 * *before counts the noons passed (0 on the first morning), *blend is the share of the next one. */
static inline void find_noons(double day, uint64_t *before, double *blend)
{
    const double noons = day + 0.5;
    *before = (uint64_t)noons;
    *blend = 0.5 - 0.5 * cos(pi * (noons - floor(noons)));
}

static inline double daily_normal(uint64_t seed, enum purpose purpose, double day)
{
    uint64_t before;
    double blend;
    find_noons(day, &before, &blend);
    return (1 - blend) * normal(seed, purpose, before) + blend * normal(seed, purpose, before + 1);
}

/* 0 on working days, 1 at the weekend. */
static inline double weekend_share(double day)
{
    uint64_t before;
    double blend;
    find_noons(day, &before, &blend);
    const unsigned weekday = (unsigned)((before + 6) % 7); /* of the noon before; 0 = Monday */
    const unsigned next = (weekday + 1) % 7;
    return (weekday >= 5 ? 1 - blend : 0) + (next >= 5 ? blend : 0);
}

/* A bump of height 1 round the clock; the larger `narrow`, the narrower. */
static inline double bump(double hour, double centre, double narrow)
{
    return exp(narrow * (cos(2 * pi * (hour - centre) / 24) - 1));
}

/* Two peaks a day, later and lower at weekends. Each day has its own amplitude, shift of the clock
 * and balance between the peaks. `morning`: height of the first peak beside the second. */
static inline double season(uint64_t seed, double morning, double day)
{
    const double weekend = weekend_share(day);
    const double amplitude = exp(0.06 * daily_normal(seed, DRAW_DAY_AMPLITUDE, day));
    const double shift = 0.3 * daily_normal(seed, DRAW_DAY_PHASE, day) - 1.2 * weekend;
    const double balance = 0.08 * daily_normal(seed, DRAW_DAY_BALANCE, day);
    const double hour = 24 * (day - floor(day)) + shift;
    const double first = morning * (1 - 0.35 * weekend) * (1 + balance);
    const double second = (1 - 0.15 * weekend) * (1 - balance);
    const double peaks = first * bump(hour, 10.8, 1.4) + second * bump(hour, 20.2, 2.0);
    return 0.15 + 1.3 * amplitude * peaks;
}

/* Growth of 8 % in eight weeks and a wave of 11 weeks. */
static inline double trend(double day)
{
    return 1 + 0.08 * day / 56 + 0.04 * sin(2 * pi * day / 77);
}

#endif
