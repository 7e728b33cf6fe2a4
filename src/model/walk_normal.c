#include "model/walk_normal.h"

#include <math.h>

static void walk_calibration(struct donut_walk *walk, struct donut_calibration *calibration)
{
    donut_walk_u64(walk, &calibration->n);
    if (calibration->n == 0 || walk->bad)
        return;
    donut_walk_size(walk, &calibration->knots);
    if (calibration->knots > DONUT_CALIBRATION_KNOTS) {
        walk->bad = true;
        return;
    }
    for (size_t i = 0; i < calibration->knots; i++) {
        donut_walk_f64(walk, &calibration->level[i]);
        donut_walk_f64(walk, &calibration->value[i]);
    }
    donut_walk_f64(walk, &calibration->shape);
}

void donut_walk_normal(struct donut_walk *walk, struct donut_normal *normal)
{
    walk_calibration(walk, &normal->deviation);
    walk_calibration(walk, &normal->drift);
    walk_calibration(walk, &normal->step);
    donut_walk_f64(walk, &normal->overlap);
    donut_walk_u64(walk, &normal->judged);
    donut_walk_u64(walk, &normal->alarms);
}

static bool is_plausible(const struct donut_calibration *calibration)
{
    const double *level = calibration->level, *value = calibration->value;
    const size_t knots = calibration->knots;
    if (knots < 2 || level[0] != 0 || !(value[0] >= 0) ||
        !(calibration->shape >= 0.1 && calibration->shape <= 10))
        return false;
    for (size_t i = 1; i < knots; i++)
        if (!(level[i] > level[i - 1]) || !(value[i] >= value[i - 1]))
            return false;
    return value[knots - 1] > 0 && isfinite(value[knots - 1]) && level[knots - 1] >= 0.1 &&
           level[knots - 1] <= DONUT_MOST_SURPRISE;
}

bool donut_normal_is_plausible(const struct donut_normal *normal, enum donut_verdict_by by)
{
    if (by == DONUT_VERDICT_SCORE)
        return normal->deviation.n == 0 && normal->drift.n == 0 && normal->step.n == 0;
    return normal->deviation.n > 0 && normal->drift.n > 0 && is_plausible(&normal->deviation) &&
           is_plausible(&normal->drift) && (normal->step.n == 0 || is_plausible(&normal->step)) &&
           normal->overlap >= 0 && normal->overlap <= DONUT_MOST_SURPRISE &&
           normal->alarms <= normal->judged;
}
