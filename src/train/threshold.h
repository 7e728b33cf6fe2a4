/* The verdict's threshold: peaks over threshold on the scores of the validation part, without
 * labels and without a look at anything but the training range. */
#ifndef DONUT_TRAIN_THRESHOLD_H
#define DONUT_TRAIN_THRESHOLD_H

#include "model/model.h"
#include "train/range.h"

/* Scores the normal points of the validation part and sets info.tail and info.threshold at
 * opt->risk. `hurry`: at most 4096 of them, evenly chosen, for a run that was stopped.
 * DONUT_ECANCELLED when the callback asks for it. */
enum donut_status donut_threshold_fit(const struct donut_range *range,
                                      const struct donut_train_options *opt, bool hurry,
                                      struct donut_model *model, struct donut_error *err);

#endif
