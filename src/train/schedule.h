/* The learning rate in the course of training. */
#ifndef DONUT_TRAIN_SCHEDULE_H
#define DONUT_TRAIN_SCHEDULE_H

#include "donut.h"

/* That of the step after `done` of all `steps`, which is in epoch number `epoch`, from 1. */
double donut_schedule_rate(const struct donut_train_options *opt, size_t epoch, size_t done,
                           size_t steps);

#endif
