#include "model/engine.h"
#include "base/status.h"

#include <stdio.h>

const char *donut_kernel_name(size_t i)
{
    const struct donut_kernel *kernel = donut_kernel_available(i);
    return kernel ? kernel->name : NULL;
}

/* "a, b or c" */
static void list_kernels(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; donut_kernel_name(i) && length < size; i++) {
        const char *before = i == 0 ? "" : donut_kernel_name(i + 1) ? ", " : " or ";
        length +=
            (size_t)snprintf(text + length, size - length, "%s%s", before, donut_kernel_name(i));
    }
}

enum donut_status donut_engine_start(const char *kernel, size_t threads,
                                     struct donut_engine *engine, struct donut_error *err)
{
    char names[80];
    *engine = (struct donut_engine){.kernel = donut_kernel_named(kernel)};
    list_kernels(names, sizeof names);
    if (!engine->kernel)
        return donut_fail(err, DONUT_EARGUMENT, "this machine has no kernel '%.40s'; it has %s",
                          kernel, names);
    if (threads > DONUT_MAX_THREADS)
        return donut_fail(err, DONUT_EARGUMENT, "the number of threads must be 1 to %d",
                          DONUT_MAX_THREADS);
    if (threads == 0)
        threads = donut_pool_cores();
    return donut_pool_new(threads > DONUT_MAX_THREADS ? DONUT_MAX_THREADS : threads, &engine->pool,
                          err);
}

void donut_engine_stop(struct donut_engine *engine)
{
    donut_pool_free(engine->pool);
    *engine = (struct donut_engine){0};
}
