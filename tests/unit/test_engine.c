/* What a network runs on: kernels by name, threads by number, and sentences about those that there
 * are not. */
#include "check.h"
#include "model/engine.h"

#include <stdatomic.h>

static void test_names(void)
{
    size_t n = 0;
    while (donut_kernel_name(n))
        n++;
    CHECK(n >= 1);
    for (size_t i = 0; i < n; i++) {
        CHECK(donut_kernel_name(i) == donut_kernel_available(i)->name);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(donut_kernel_name(i), donut_kernel_name(j)) != 0);
    }
    /* Every machine can run plain C, and it is the last to be chosen. */
    CHECK_TEXT(donut_kernel_name(n - 1), "plain");
    CHECK(donut_kernel_name(n + 1) == NULL && donut_kernel_name(SIZE_MAX) == NULL);
    CHECK(donut_kernel_choose() == donut_kernel_available(0));
    CHECK(donut_kernel_named(NULL) == donut_kernel_available(0));
}

static void count_call(void *context, size_t worker, size_t workers)
{
    atomic_size_t *calls = context;
    (void)worker;
    (void)workers;
    atomic_fetch_add(calls, 1);
}

/* Every kernel with several numbers of threads, each of which works. */
static void test_start(void)
{
    static const size_t threads[] = {1, 2, 3, 64};
    const char *name;
    for (size_t i = 0; (name = donut_kernel_name(i)) != NULL; i++)
        for (size_t j = 0; j < sizeof threads / sizeof threads[0]; j++) {
            struct donut_engine engine;
            atomic_size_t calls = 0;
            if (!CHECK(donut_engine_start(name, threads[j], &engine, NULL) == DONUT_OK))
                continue;
            CHECK_TEXT(engine.kernel->name, name);
            CHECK_INT(donut_pool_threads(engine.pool), threads[j]);
            donut_pool_run(engine.pool, count_call, &calls);
            CHECK_INT(calls, threads[j]);
            donut_engine_stop(&engine);
            CHECK(engine.kernel == NULL && engine.pool == NULL);
        }
}

static void test_defaults(void)
{
    struct donut_engine engine;
    if (!CHECK(donut_engine_start(NULL, 0, &engine, NULL) == DONUT_OK))
        return;
    CHECK(engine.kernel == donut_kernel_available(0));
    CHECK_INT(donut_pool_threads(engine.pool), donut_pool_cores());
    donut_engine_stop(&engine);
}

static void check_refused(const char *kernel, size_t threads, const char *word)
{
    struct donut_engine engine;
    struct donut_error err = {0};
    CHECK_INT(donut_engine_start(kernel, threads, &engine, &err), DONUT_EARGUMENT);
    CHECK_INT(err.status, DONUT_EARGUMENT);
    CHECK_THAT(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
    CHECK(engine.pool == NULL);
    donut_engine_stop(&engine); /* harmless */
    CHECK_INT(donut_engine_start(kernel, threads, &engine, NULL), DONUT_EARGUMENT);
}

/* The sentence about a kernel names all that there are. */
static void test_refusals(void)
{
    char endless[1000];
    memset(endless, 'x', sizeof endless);
    endless[sizeof endless - 1] = 0;
    for (size_t i = 0; donut_kernel_name(i); i++)
        check_refused("mmx", 1, donut_kernel_name(i));
    check_refused("mmx", 1, "'mmx'");
    check_refused("", 1, "''");
    check_refused("PLAIN", 1, "'PLAIN'");
    check_refused("plain ", 1, "'plain '");
    check_refused("plai", 1, "'plai'");
    check_refused(endless, 1, "it has ");
#if !defined(__aarch64__)
    check_refused("neon", 1, "'neon'");
#else
    check_refused("avx2", 1, "'avx2'");
#endif
    check_refused(NULL, DONUT_MAX_THREADS + 1, "1 to 1024");
    check_refused("plain", SIZE_MAX, "threads");
}

TEST(engine)
{
    test_names();
    test_start();
    test_defaults();
    test_refusals();
    return check_report("engine");
}
