/* The part of the model file that says what normal points are like. */
#ifndef DONUT_MODEL_WALK_NORMAL_H
#define DONUT_MODEL_WALK_NORMAL_H

#include "donut.h"
#include "model/walk.h"

void donut_walk_normal(struct donut_walk *walk, struct donut_normal *normal);

/* Whether it can be what verdicts by this need: knots rise, numbers are finite and in range. */
bool donut_normal_is_plausible(const struct donut_normal *normal, enum donut_verdict_by by);

#endif
