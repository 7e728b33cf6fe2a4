/* What a network runs on: an instruction set and threads. */
#ifndef DONUT_MODEL_ENGINE_H
#define DONUT_MODEL_ENGINE_H

#include "base/pool.h"
#include "kernel/kernel.h"

struct donut_engine {
    const struct donut_kernel *kernel;
    struct donut_pool *pool;
};

/* `kernel` and `threads` as in donut_train_options. DONUT_EARGUMENT: no such kernel here, too many
 * threads; DONUT_ENOMEM. */
enum donut_status donut_engine_start(const char *kernel, size_t threads,
                                     struct donut_engine *engine, struct donut_error *err);
void donut_engine_stop(struct donut_engine *engine);

#endif
