/* The work on all KPIs of a fleet, shared out among threads, while the calling thread watches. */
#ifndef DONUT_CLI_FLEET_RUN_H
#define DONUT_CLI_FLEET_RUN_H

#include "cli/fleet_member.h"

/* First looks at all members (n) and takes over the models that are in the journal, then trains the
 * rest, those with the most points first. Each is worked on by one thread; by more only where there
 * are fewer members than threads. A signal that has come stops the run, as does an error of the
 * journal: the members not done are left waiting. `surveyed` is called in the calling thread
 * between the two. Errors: DONUT_EIO, DONUT_ENOMEM. */
typedef void donut_surveyed_fn(void *context);
enum donut_status donut_fleet_run(struct donut_fleet_plan *plan, struct donut_fleet_member *member,
                                  size_t n, donut_surveyed_fn *surveyed, void *context,
                                  struct donut_error *err);

#endif
