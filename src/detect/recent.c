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
    recent->deviation.room = recent->step.room = donut_arena_reals(&recent->arena, 1, lasting);
}

bool donut_recent_new(size_t window, struct donut_recent *recent)
{
    *recent = (struct donut_recent){.window = window};
    cut(recent);
    recent->wild = donut_calloc(window, 1);
    if (!recent->wild || !donut_arena_allocate(&recent->arena))
        return false;
    cut(recent);
    return true;
}

void donut_recent_free(struct donut_recent *recent)
{
    donut_arena_free(&recent->arena);
    free(recent->wild);
    *recent = (struct donut_recent){0};
}

static void begin_ring(struct donut_ring *ring, size_t window,
                       const struct donut_calibration *calibration)
{
    const double high = calibration->n ? donut_calibration_value(calibration, LASTING) : 0;
    donut_ring_begin(ring, DONUT_LASTING_WINDOWS * window, (donut_real)high, ring->value,
                     ring->room);
}

void donut_recent_begin(struct donut_recent *recent, const struct donut_normal *normal)
{
    for (size_t i = 0; i < DONUT_DRIFT_POINTS - 1; i++)
        recent->z[i] = NAN;
    memset(recent->wild, 0, recent->window);
    begin_ring(&recent->deviation, recent->window, &normal->deviation);
    begin_ring(&recent->step, recent->window, &normal->step);
}

/* For the rings, or what the drift takes; W - 1 more until it is known of all points in a window
 * whether they are wild. */
size_t donut_recent_reach(size_t window)
{
    const size_t lasting = DONUT_LASTING_WINDOWS * window, drift = DONUT_DRIFT_POINTS - 1;
    return (lasting > drift ? lasting : drift) + window;
}

static struct donut_shift shift_of(const struct donut_ring *ring,
                                   const struct donut_calibration *calibration, bool spread_only)
{
    static const double median = 0.30102999566398119521; /* -log10 of 1/2 */
    if (calibration->n == 0)
        return (struct donut_shift){0, 1};
    return donut_ring_shift(ring, donut_calibration_value(calibration, median), spread_only);
}

struct donut_outlook donut_recent_outlook(const struct donut_recent *recent,
                                          const struct donut_normal *normal,
                                          const struct donut_verdict *verdict, const donut_real *x,
                                          const unsigned char *missing, size_t i)
{
    const double sd = fmax(verdict->sd, DONUT_SMALLEST_SD);
    const struct donut_shift shift = shift_of(&recent->deviation, &normal->deviation, false);
    struct donut_outlook outlook = {.mean = verdict->mean + shift.centre * sd,
                                    .sd = sd * shift.scale,
                                    .step_scale =
                                        shift_of(&recent->step, &normal->step, true).scale};
    for (size_t k = 0; k < DONUT_DRIFT_POINTS - 1; k++)
        if (!isnan(recent->z[k])) {
            outlook.drift += (recent->z[k] - shift.centre) / shift.scale;
            outlook.drift_known++;
        }
    donut_outlook_look_at_step(&outlook, x, missing, i, recent->window);
    return outlook;
}

void donut_recent_push(struct donut_recent *recent, const struct donut_verdict *verdict,
                       const struct donut_outlook *outlook, double x, bool known, bool wild)
{
    const double z = (x - verdict->mean) / fmax(verdict->sd, DONUT_SMALLEST_SD);
    const double step = donut_outlook_step(outlook, x) * outlook->step_scale;
    donut_ring_push(&recent->deviation, known ? (donut_real)z : NAN);
    donut_ring_push(&recent->step, known ? (donut_real)step : NAN);
    memmove(recent->z, recent->z + 1, (DONUT_DRIFT_POINTS - 2) * sizeof *recent->z);
    recent->z[DONUT_DRIFT_POINTS - 2] = known && !wild ? z : NAN;
    if (recent->window > 1) {
        memmove(recent->wild, recent->wild + 1, recent->window - 2);
        recent->wild[recent->window - 2] = wild;
    }
}
