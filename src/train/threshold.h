/* The verdict's threshold: peaks over threshold on the scores of the validation part, without
 * labels and without a look at anything but the training range. */
#ifndef DONUT_TRAIN_THRESHOLD_H
#define DONUT_TRAIN_THRESHOLD_H

#include "model/model.h"
#include "model/engine.h"
#include "train/range.h"

/* Scores the normal points of the validation part and sets info.tail and info.threshold at
 * opt->risk. Points whose window holds a labelled point are left out, because what an anomaly
 * leaves behind in the windows after it would pass for the normal tail; so are those of sparse
 * windows. If that leaves less than half, all normal points count. A run that was cancelled, *stop
 * on entry, or that the callback cancels here, which sets *stop, makes do with at most 1024 points,
 * evenly chosen. Cancelled once more: DONUT_ECANCELLED. */
enum donut_status donut_threshold_fit(const struct donut_engine *engine,
                                      const struct donut_range *range,
                                      const struct donut_train_options *opt, enum donut_stop *stop,
                                      struct donut_model *model, struct donut_error *err);

#endif
