/* The KPIs of a stream, each with its model and the points it has seen. */
#ifndef DONUT_CLI_MEMBERS_H
#define DONUT_CLI_MEMBERS_H

#include "cli/scoring.h"

struct donut_member {
    struct donut_track track; /* without a feed only its key is set: there is no model */
    struct donut_model *model;
    struct donut_feed *feed;
    size_t generation;    /* of the models that its own is from; 0 = it was never looked for */
    bool left_out;        /* its model cannot be used, which was said */
    bool unknown_counted; /* as a KPI without a model */
};

struct donut_members {
    struct donut_scoring *scoring;
    struct donut_member **at; /* (n) by number; NULL = none yet */
    size_t n;
    size_t generation; /* counts how often the models were opened, from 1 */
};

/* The member with this number; a new one has the key, which is borrowed, NULL for an only KPI.
 * NULL: out of memory. */
struct donut_member *donut_members_get(struct donut_members *members, size_t number,
                                       const char *key, size_t key_size);

/* Lets a member go on with a model, which it takes over in any case. DONUT_EARGUMENT: the model is
 * of another interval or its tail does not reach the risk asked for; DONUT_ENOMEM. The member keeps
 * the model it has then. */
enum donut_status donut_members_give(struct donut_members *members, struct donut_member *member,
                                     struct donut_model *model, struct donut_error *err);

/* Finds the member's model in the bundle that is open now. One that cannot be used is said, and
 * leaves the member with the model it has, if it has one. */
void donut_members_refresh(struct donut_members *members, struct donut_member *member);

/* Says why the member cannot be scored, and from here on it has no model; `file`: where the trouble
 * is. */
void donut_members_leave_out(struct donut_members *members, struct donut_member *member,
                             const char *file, const struct donut_error *err);

void donut_members_free(struct donut_members *members);

#endif
