/* `donut train --key`: a model for each KPI of a file, trained side by side, in one bundle. */
#ifndef DONUT_CLI_FLEET_TRAIN_H
#define DONUT_CLI_FLEET_TRAIN_H

#include "cli/models.h"
#include "cli/train_options.h"

/* `init` is what to begin with, NULL = random parameters. Returns the exit status when all has been
 * said: 0, that of a run in which some KPIs could not be trained or not to the end, or that of a
 * failure. */
int donut_fleet_train(const char *input, const struct donut_train_arguments *arguments,
                      const struct donut_models *init);

#endif
