/* Which windows of the validation part are looked at. donut_trainer_validate() is in trainer.h. */
#ifndef DONUT_TRAIN_VALIDATE_H
#define DONUT_TRAIN_VALIDATE_H

#include "train/trainer.h"

/* Sets trainer->looked_at and trainer->report.validation_windows from the windows and the options.
 */
void donut_validation_plan(struct donut_trainer *trainer);

#endif
