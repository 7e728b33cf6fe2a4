/* The parameters that training begins with: random ones or those of another model. */
#ifndef DONUT_TRAIN_BEGIN_H
#define DONUT_TRAIN_BEGIN_H

#include "model/model.h"

/* Whether opt->init, unless it is NULL, can be begun with: a model of the shape that is asked for
 * (DONUT_EARGUMENT) and of a KPI with this interval (DONUT_EINPUT). */
enum donut_status donut_begin_check(const struct donut_train_options *opt, int64_t interval_ms,
                                    struct donut_error *err);

/* Sets the parameters of `vae`, which has the shape of the options that were checked. If the last
 * point is hidden, its weights are 0, whatever opt->init has there. */
void donut_begin(const struct donut_train_options *opt, struct donut_vae *vae);

#endif
