/* Threads that stand by for short pieces of parallel work, several to a training step. */
#ifndef DONUT_BASE_POOL_H
#define DONUT_BASE_POOL_H

#include "donut.h"

#include <stdatomic.h>
#include <stddef.h>

struct donut_pool;

/* `threads` >= 1 threads work, the caller's included. DONUT_ENOMEM when memory or threads run out.
 */
enum donut_status donut_pool_new(size_t threads, struct donut_pool **out, struct donut_error *err);

/* Ends the threads; accepts NULL. */
void donut_pool_free(struct donut_pool *pool);

size_t donut_pool_threads(const struct donut_pool *pool);

typedef void donut_task_fn(void *context, size_t worker, size_t workers);

/* Calls task(context, w, threads) once for each worker w = 0 .. threads - 1, worker 0 in the
 * calling thread, the same worker always in the same thread; returns when all are done. What any of
 * them wrote is then visible to all. One call at a time, and none from within a task. */
void donut_pool_run(struct donut_pool *pool, donut_task_fn *task, void *context);

/* CPUs that the scheduler may put the calling thread on, at least 1. */
size_t donut_pool_cores(void);

/* Hands out 0, 1, 2, ... once each to whoever asks: workers that share out pieces of uneven length
 * among themselves. Zeroed before each use. */
struct donut_counter {
    atomic_size_t next;
};

static inline size_t donut_counter_next(struct donut_counter *counter)
{
    return atomic_fetch_add_explicit(&counter->next, 1, memory_order_relaxed);
}

#endif
