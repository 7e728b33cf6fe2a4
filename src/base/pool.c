#define _GNU_SOURCE

#include "base/pool.h"

#include "base/arena.h"
#include "base/status.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What different threads write must not share a cache line; some CPUs fetch lines in pairs. */
#define LINE 128

/* How often a thread looks at a gate before it goes to sleep, and every how many looks it offers
 * its CPU to others instead of pausing. With a CPU for every thread that is some tens of
 * microseconds: longer than the serial work between two runs, about as long as to sleep and be
 * woken. The offers cost little on an idle machine; on a busy one they keep a thread that waits
 * from holding up those that it waits for. */
struct patience {
    unsigned looks, looks_per_yield;
};
static const struct patience own_cpu = {2048, 64}, shared_cpu = {32, 1};

/* Shut again as soon as it has been opened: `value` counts the openings, and to wait is to wait
 * for the next one. Only a thread that sleeps needs the mutex: it announces itself in `sleepers`
 * before its last look at `value`, whoever opens writes `value` before looking at `sleepers`, and
 * since all four are sequentially consistent, one of the two sees the other. */
struct gate {
    _Alignas(LINE) atomic_uint value;
    _Alignas(LINE) atomic_uint sleepers;
    pthread_mutex_t mutex;
    pthread_cond_t opened;
};

struct worker {
    struct donut_pool *pool;
    size_t index;
    pthread_t thread;
};

struct donut_pool {
    struct gate begin, end;             /* of a run */
    _Alignas(LINE) atomic_size_t busy;  /* threads, without the caller's, still at it */
    _Alignas(LINE) donut_task_fn *task; /* NULL = go home */
    void *context;
    size_t threads;
    struct patience patience;
    struct worker *worker; /* (threads) the first is the caller */
};

static inline void relax(void)
{
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    __builtin_ia32_pause();
#elif defined(__GNUC__) && defined(__aarch64__)
    __asm__ volatile("isb"); /* `yield` is over at once on most */
#endif
}

static bool gate_init(struct gate *gate)
{
    atomic_init(&gate->value, 0);
    atomic_init(&gate->sleepers, 0);
    if (pthread_mutex_init(&gate->mutex, NULL) != 0)
        return false;
    if (pthread_cond_init(&gate->opened, NULL) == 0)
        return true;
    pthread_mutex_destroy(&gate->mutex);
    return false;
}

static void gate_destroy(struct gate *gate)
{
    pthread_cond_destroy(&gate->opened);
    pthread_mutex_destroy(&gate->mutex);
}

static void gate_open(struct gate *gate)
{
    atomic_fetch_add(&gate->value, 1);
    if (atomic_load(&gate->sleepers) == 0)
        return;
    /* Who has looked in vain holds the mutex until it can be woken. */
    pthread_mutex_lock(&gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
    pthread_cond_broadcast(&gate->opened);
}

/* Returns when the gate has been opened since its value was `seen`. */
static void gate_await(struct gate *gate, unsigned seen, struct patience patience)
{
    for (unsigned i = 1; i <= patience.looks; i++) {
        if (atomic_load_explicit(&gate->value, memory_order_acquire) != seen)
            return;
        if (i % patience.looks_per_yield == 0)
            sched_yield();
        else
            relax();
    }
    pthread_mutex_lock(&gate->mutex);
    atomic_fetch_add(&gate->sleepers, 1);
    while (atomic_load(&gate->value) == seen)
        pthread_cond_wait(&gate->opened, &gate->mutex);
    atomic_fetch_sub(&gate->sleepers, 1);
    pthread_mutex_unlock(&gate->mutex);
}

static void *work(void *context)
{
    const struct worker *worker = context;
    struct donut_pool *pool = worker->pool;
    for (unsigned run = 0;; run++) {
        gate_await(&pool->begin, run, pool->patience);
        if (!pool->task)
            return NULL;
        pool->task(pool->context, worker->index, pool->threads);
        if (atomic_fetch_sub(&pool->busy, 1) == 1)
            gate_open(&pool->end);
    }
}

void donut_pool_run(struct donut_pool *pool, donut_task_fn *task, void *context)
{
    if (pool->threads == 1) {
        task(context, 0, 1);
        return;
    }
    const unsigned ended = atomic_load_explicit(&pool->end.value, memory_order_relaxed);
    pool->task = task;
    pool->context = context;
    atomic_store_explicit(&pool->busy, pool->threads - 1, memory_order_relaxed);
    gate_open(&pool->begin);
    task(context, 0, pool->threads);
    gate_await(&pool->end, ended, pool->patience);
}

/* Starts the threads of workers 1, 2, ... and returns how many there are then, the caller's
 * included. They inherit a mask that leaves every signal to the threads of the program. */
static size_t start(struct donut_pool *pool, int *error)
{
    sigset_t all, before;
    size_t started = 1;
    sigfillset(&all);
    *error = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (*error != 0)
        return started;
    for (; started < pool->threads; started++) {
        struct worker *worker = &pool->worker[started];
        *worker = (struct worker){.pool = pool, .index = started};
        *error = pthread_create(&worker->thread, NULL, work, worker);
        if (*error != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void stop(struct donut_pool *pool, size_t started)
{
    pool->task = NULL;
    gate_open(&pool->begin);
    for (size_t w = 1; w < started; w++)
        pthread_join(pool->worker[w].thread, NULL);
    gate_destroy(&pool->begin);
    gate_destroy(&pool->end);
    free(pool->worker);
    free(pool);
}

/* A pool without threads yet, or NULL. */
static struct donut_pool *allocate(size_t threads)
{
    struct donut_pool *pool = aligned_alloc(LINE, sizeof *pool);
    struct worker *worker = donut_calloc(threads, sizeof *worker);
    if (!pool || !worker || !gate_init(&pool->begin))
        goto fail;
    if (!gate_init(&pool->end)) {
        gate_destroy(&pool->begin);
        goto fail;
    }
    atomic_init(&pool->busy, 0);
    pool->task = NULL;
    pool->context = NULL;
    pool->threads = threads;
    pool->patience = threads <= donut_pool_cores() ? own_cpu : shared_cpu;
    pool->worker = worker;
    return pool;
fail:
    free(worker);
    free(pool);
    return NULL;
}

enum donut_status donut_pool_new(size_t threads, struct donut_pool **out, struct donut_error *err)
{
    int error;
    *out = NULL;
    struct donut_pool *pool = allocate(threads);
    if (!pool)
        return donut_fail_memory(err);
    const size_t started = start(pool, &error);
    if (started == threads) {
        *out = pool;
        return DONUT_OK;
    }
    stop(pool, started);
    return donut_fail(err, DONUT_ENOMEM, "cannot start %zu threads: %s", threads, strerror(error));
}

void donut_pool_free(struct donut_pool *pool)
{
    if (pool)
        stop(pool, pool->threads);
}

size_t donut_pool_threads(const struct donut_pool *pool)
{
    return pool->threads;
}

size_t donut_pool_cores(void)
{
#ifdef CPU_ALLOC
    /* The kernel refuses a set smaller than its own. */
    for (size_t bits = 1024; bits <= (size_t)1 << 20; bits *= 2) {
        const size_t size = CPU_ALLOC_SIZE(bits);
        cpu_set_t *set = CPU_ALLOC(bits);
        if (!set)
            break;
        const int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0)
            return (size_t)count;
    }
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}
