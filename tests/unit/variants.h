/* What a test trains and scores on: the kernel and the number of threads that the environment
 * forces on it, DONUT_TEST_KERNEL and DONUT_TEST_THREADS, or else what the library chooses. Tests
 * of what must not depend on either go through all kernels of the machine, donut_kernel_name(),
 * and through several numbers of threads whatever is forced. */
#ifndef DONUT_TESTS_VARIANTS_H
#define DONUT_TESTS_VARIANTS_H

#include "check.h"
#include "model/engine.h"

#include <stdlib.h>

static inline const char *variant_kernel(void)
{
    const char *name = getenv("DONUT_TEST_KERNEL");
    return name && *name ? name : NULL;
}

static inline size_t variant_threads(void)
{
    const char *threads = getenv("DONUT_TEST_THREADS");
    return threads ? (size_t)strtoul(threads, NULL, 10) : 0;
}

/* Those of the paper: what a test wants of the others it sets, so that it does not depend on what
 * the defaults are. */
static inline struct donut_train_options variant_train_paper(void)
{
    struct donut_train_options opt = donut_train_paper();
    opt.kernel = variant_kernel();
    opt.threads = variant_threads();
    return opt;
}

static inline struct donut_score_options variant_score_defaults(void)
{
    struct donut_score_options opt = donut_score_defaults();
    opt.kernel = variant_kernel();
    opt.threads = variant_threads();
    return opt;
}

/* A test cannot go on without one. */
static inline struct donut_engine variant_engine(const char *kernel, size_t threads)
{
    struct donut_engine engine;
    struct donut_error err;
    if (!CHECK_THAT(donut_engine_start(kernel, threads, &engine, &err) == DONUT_OK, "%s", err.text))
        exit(check_report("engine"));
    return engine;
}

#endif
