#include "cli/models.h"

#include "cli/io.h"

#include <stdlib.h>

static enum donut_status read_model(bool quiet, struct donut_model **model, struct donut_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    enum donut_status status = donut_input_read(NULL, quiet, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_model_decode((const unsigned char *)bytes, size, model, err);
    free(bytes);
    return status;
}

enum donut_status donut_models_open(const char *path, bool quiet, struct donut_models *models,
                                    struct donut_error *err)
{
    *models = (struct donut_models){.path = path};
    if (donut_is_dash(path))
        return read_model(quiet, &models->single, err);
    if (donut_bundle_is_file(path))
        return donut_bundle_open(path, &models->bundle, err);
    return donut_model_load(path, &models->single, err);
}

void donut_models_close(struct donut_models *models)
{
    donut_model_free(models->single);
    donut_bundle_close(models->bundle);
    *models = (struct donut_models){0};
}
