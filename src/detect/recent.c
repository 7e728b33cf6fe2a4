#include "detect/recent.h"
#include "detect/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Surprise that a lasting change must have in the middle to be one. */
#define LASTING 1.0

static void cut(struct donut_recent *recent)
{
    const size_t lasting = DONUT_LASTING_WINDOWS * recent->window;
    recent->deviation.value = donut_arena_reals(&recent->arena, 1, lasting);
    recent->step.value = donut_arena_reals(&recent->arena, 1, lasting);
    recent->deviation.unit = donut_arena_reals(&recent->arena, 1, lasting);
    recent->step.unit = donut_arena_reals(&recent->arena, 1, lasting);
    recent->deviation.room = recent->step.room = donut_arena_reals(&recent->arena, 1, lasting);
}

bool donut_recent_new(size_t window, struct donut_recent *recent)
{
    *recent = (struct donut_recent){.window = window};
    cut(recent);
    recent->mark = donut_calloc(window, 1);
    if (!recent->mark || !donut_arena_allocate(&recent->arena))
        return false;
    cut(recent);
    return true;
}

void donut_recent_free(struct donut_recent *recent)
{
    donut_arena_free(&recent->arena);
    free(recent->mark);
    *recent = (struct donut_recent){0};
}

static void begin_ring(struct donut_ring *ring, size_t window,
                       const struct donut_calibration *calibration)
{
    const double high = calibration->n ? donut_calibration_value(calibration, LASTING) : 0;
    donut_ring_begin(ring, DONUT_LASTING_WINDOWS * window, (donut_real)high);
}

void donut_recent_begin(struct donut_recent *recent, const struct donut_normal *normal)
{
    for (size_t i = 0; i < DONUT_DRIFT_POINTS - 1; i++)
        recent->z[i] = NAN;
    memset(recent->mark, DONUT_MARK_NONE, recent->window);
    begin_ring(&recent->deviation, recent->window, &normal->deviation);
    begin_ring(&recent->step, recent->window, &normal->step);
}

/* The drift's points have a shift from the rings' points before them; twice W - 1 more until it is
 * known of all points in a window whether they are wild. */
size_t donut_recent_reach(size_t window)
{
    return DONUT_DRIFT_POINTS - 1 + (DONUT_LASTING_WINDOWS + 2) * window;
}

/* The median of a statistic in training, but not less than an exponential law through the last knot
 * has. Where most of the values were 0 and a few were not, noise is held against those few: there
 * is no median that it could be brought back to. */
static double usual(const struct donut_calibration *calibration)
{
    static const double half = 0.30102999566398119521; /* -log10 of 1/2 */
    const size_t last = calibration->knots - 1;
    return fmax(donut_calibration_value(calibration, half),
                calibration->value[last] * half / calibration->level[last]);
}

static double relief(const struct donut_ring *ring, double shift,
                     const struct donut_calibration *calibration)
{
    return calibration->n > 0 ? donut_ring_relief(ring, shift, usual(calibration)) : 1;
}

struct donut_outlook donut_recent_outlook(const struct donut_recent *recent,
                                          const struct donut_normal *normal,
                                          const struct donut_verdict *verdict, const donut_real *x,
                                          const unsigned char *missing, size_t i)
{
    const double sd = fmax(verdict->sd, DONUT_SMALLEST_SD);
    const double shift = donut_ring_shift(&recent->deviation);
    struct donut_outlook outlook = {.mean = verdict->mean + shift,
                                    .sd = sd,
                                    .model_mean = verdict->mean,
                                    .relief = relief(&recent->deviation, shift, &normal->deviation),
                                    .step_relief = relief(&recent->step, 0, &normal->step)};
    for (size_t k = 0; k < DONUT_DRIFT_POINTS - 1; k++)
        if (!isnan(recent->z[k])) {
            outlook.drift += recent->z[k];
            outlook.drift_known++;
        }
    donut_outlook_look_at_step(&outlook, x, missing, i, recent->window);
    return outlook;
}

void donut_recent_push(struct donut_recent *recent, const struct donut_outlook *outlook, double x,
                       bool known, unsigned char mark)
{
    struct donut_outlook plain = *outlook;
    plain.relief = plain.step_relief = 1;
    const double z = (x - outlook->mean) / outlook->sd;
    const double off = x - outlook->model_mean;
    donut_ring_push(&recent->deviation, known ? (donut_real)off : NAN, (donut_real)outlook->sd);
    donut_ring_push(&recent->step, known ? (donut_real)donut_outlook_step(&plain, x) : NAN, 1);
    memmove(recent->z, recent->z + 1, (DONUT_DRIFT_POINTS - 2) * sizeof *recent->z);
    recent->z[DONUT_DRIFT_POINTS - 2] = known && mark < DONUT_MARK_WILD ? z : NAN;
    if (recent->window > 1) {
        memmove(recent->mark, recent->mark + 1, recent->window - 2);
        recent->mark[recent->window - 2] = mark;
    }
}
