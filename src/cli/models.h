/* Where a scoring run has its models from: a model file, or a bundle with one for each KPI. */
#ifndef DONUT_CLI_MODELS_H
#define DONUT_CLI_MODELS_H

#include "donut.h"

/* One of the two is there. */
struct donut_models {
    const char *path;
    struct donut_model *single;
    struct donut_bundle *bundle;
};

/* "-" = standard input, for a single model; `quiet` as for donut_input_read(). */
enum donut_status donut_models_open(const char *path, bool quiet, struct donut_models *models,
                                    struct donut_error *err);
void donut_models_close(struct donut_models *models);

#endif
