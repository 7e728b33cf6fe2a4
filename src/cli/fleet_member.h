/* One KPI of a fleet that is being trained: what is known of it, and the work on it. */
#ifndef DONUT_CLI_FLEET_MEMBER_H
#define DONUT_CLI_FLEET_MEMBER_H

#include "cli/journal.h"
#include "cli/models.h"
#include "cli/train_options.h"
#include "donut.h"

#include <stdatomic.h>

/* What the work on all members reads, and `stop`, which ends it soon. */
struct donut_fleet_plan {
    const struct donut_train_arguments *arguments;
    const struct donut_fleet *fleet;
    const struct donut_models *init; /* what to begin with; NULL = random parameters */
    struct donut_journal *journal;
    uint64_t fingerprint; /* of what is the same for all members: donut_fleet_fingerprint() */
    atomic_bool stop;
};

enum donut_fleet_member_state {
    DONUT_MEMBER_WAITING,
    DONUT_MEMBER_TAKEN, /* trained before; the model comes from the journal */
    DONUT_MEMBER_TRAINED,
    DONUT_MEMBER_FAILED
};

struct donut_fleet_member {
    size_t number; /* in the fleet */
    enum donut_fleet_member_state state;
    struct donut_bundle_item item; /* its key, and where its model is once there is one */
    size_t points, missing, labelled;
    struct donut_repairs repairs;
    size_t train_points; /* of the range to train on */
    uint64_t fingerprint;
    bool warm;                    /* it began with a model, not at random */
    struct donut_model_info info; /* of the model, once there is one */
    struct donut_error err;       /* why it failed */
};

/* The checksum of all that the model of every member depends on but its series and what it begins
 * with. DONUT_EARGUMENT, DONUT_ENOMEM. */
enum donut_status donut_fleet_fingerprint(const struct donut_train_options *opt, uint64_t *out,
                                          struct donut_error *err);

/* Looks at the member's series; takes its model from the journal if it is there. */
void donut_fleet_member_survey(const struct donut_fleet_plan *plan,
                               struct donut_fleet_member *member);

/* Trains it with so many threads and adds the model to the journal. *done grows to about
 * member->train_points meanwhile. DONUT_ECANCELLED: plan->stop, and the member is waiting still.
 * Else what concerns all: DONUT_EIO of the journal; a member that fails has only failed itself. */
enum donut_status donut_fleet_member_train(const struct donut_fleet_plan *plan, size_t threads,
                                           struct donut_fleet_member *member, atomic_size_t *done,
                                           struct donut_error *err);

#endif
