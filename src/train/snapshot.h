/* Models of the parameters in the middle of training, for a callback of the caller's. */
#ifndef DONUT_TRAIN_SNAPSHOT_H
#define DONUT_TRAIN_SNAPSHOT_H

#include "model/engine.h"
#include "model/model.h"
#include "train/range.h"

struct donut_snapshots {
    const struct donut_engine *engine;
    const struct donut_range *range;
    const struct donut_train_options *opt;
    const struct donut_model *model; /* being trained; complete but for run and threshold */
    size_t next;                     /* of opt->snapshot_step; starts at 0 */
};

/* Whether there is one to be taken after so many steps. */
bool donut_snapshot_due(const struct donut_snapshots *snapshots, size_t step);

/* Takes the next one: a copy of the model with its parameters as they are, of validation loss
 * `loss`, where `report` stands, with a threshold from few points, goes to the callback. Where loss
 * or scores are not finite there is none, and it succeeds: training may get over that. Fails as the
 * callback does, or with DONUT_ENOMEM. */
enum donut_status donut_snapshot_take(struct donut_snapshots *snapshots,
                                      const struct donut_train_report *report, double loss,
                                      struct donut_error *err);

#endif
