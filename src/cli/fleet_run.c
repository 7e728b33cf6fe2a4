#define _XOPEN_SOURCE 700

#include "cli/fleet_run.h"

#include "base/pool.h"
#include "base/status.h"
#include "cli/progress.h"
#include "cli/signals.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How long a signal may wait, and how often the progress line is redrawn. */
#define WATCH_NANOSECONDS 100000000

/* What is common to one run. The pool's worker 0, in the calling thread, only watches: it is the
 * one that signals come to and that may draw. */
struct run {
    struct donut_fleet_plan *plan;
    struct donut_fleet_member *member;
    size_t n;
    bool training; /* else: surveying */
    struct donut_counter next;
    struct donut_fleet_member **order; /* (n_order) to be trained, the longest first */
    size_t n_order;
    atomic_size_t *done;  /* (workers) points, in the sense of the member worked on */
    size_t n_workers;     /* without the one that watches */
    size_t points;        /* to train on, in all */
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t idle;
    size_t busy; /* workers that have something to do still */
    size_t finished, failed, points_finished;
    enum donut_status status; /* of the run */
    struct donut_error err;
    struct donut_meter meter;
};

static void finish(struct run *run, size_t worker, const struct donut_fleet_member *member,
                   enum donut_status status, const struct donut_error *err)
{
    pthread_mutex_lock(&run->lock);
    atomic_store(&run->done[worker], 0);
    if (status != DONUT_OK && status != DONUT_ECANCELLED) {
        atomic_store(&run->plan->stop, true);
        if (run->status == DONUT_OK)
            run->err = *err;
        run->status = status;
    }
    if (member->state != DONUT_MEMBER_WAITING) {
        run->finished++;
        run->failed += member->state == DONUT_MEMBER_FAILED;
        run->points_finished += member->train_points;
    }
    pthread_mutex_unlock(&run->lock);
}

static void survey(struct run *run)
{
    for (size_t i; !atomic_load(&run->plan->stop) && (i = donut_counter_next(&run->next)) < run->n;)
        donut_fleet_member_survey(run->plan, &run->member[i]);
}

/* Threads that are too many to have a member each go to the first ones. */
static size_t threads_for(const struct run *run, size_t i)
{
    const size_t threads = run->plan->arguments->train.threads;
    if (threads <= run->n_order)
        return 1;
    return threads / run->n_order + (i < threads % run->n_order);
}

static void train(struct run *run, size_t worker)
{
    struct donut_error err;
    for (size_t i;
         !atomic_load(&run->plan->stop) && (i = donut_counter_next(&run->next)) < run->n_order;) {
        const enum donut_status status = donut_fleet_member_train(
            run->plan, threads_for(run, i), run->order[i], &run->done[worker], &err);
        finish(run, worker, run->order[i], status, &err);
    }
}

/* ", 1:02:03 left"; empty as long as nothing can be said. */
static void put_left(const struct run *run, char *out, size_t size)
{
    const double elapsed = donut_seconds() - run->meter.began;
    size_t done = run->points_finished;
    for (size_t w = 0; w < run->n_workers; w++)
        done += atomic_load(&run->done[w]);
    const double left = ceil(elapsed * ((double)run->points / (double)done - 1));
    out[0] = '\0';
    if (done == 0 || elapsed < 1 || left > 359999)
        return;
    const int seconds = (int)left;
    if (seconds >= 3600)
        snprintf(out, size, ", %d:%02d:%02d left", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        snprintf(out, size, ", %d:%02d left", seconds / 60, seconds % 60);
}

static void draw(struct run *run)
{
    char line[96], failed[32] = "", left[40];
    put_left(run, left, sizeof left);
    if (run->failed > 0)
        snprintf(failed, sizeof failed, ", %zu failed", run->failed);
    int used = snprintf(line, sizeof line, "%zu/%zu KPIs%s%s", run->finished, run->n, failed, left);
    if (used > run->meter.columns)
        used = run->meter.columns;
    const int padding = run->meter.drawn > used ? run->meter.drawn - used : 0;
    fprintf(stderr, "\r%.*s%*s", used, line, padding, "");
    fflush(stderr);
    run->meter.drawn = used;
}

/* Waits until the workers are done, or a little. */
static bool await(struct run *run)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WATCH_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (run->busy > 0)
        if (pthread_cond_timedwait(&run->idle, &run->lock, &until) != 0)
            break;
    return run->busy == 0;
}

static void watch(struct run *run)
{
    pthread_mutex_lock(&run->lock);
    do {
        if (donut_signals_seen() > 0)
            atomic_store(&run->plan->stop, true);
        if (run->training && run->meter.shown)
            draw(run);
    } while (!await(run));
    pthread_mutex_unlock(&run->lock);
}

static void task(void *context, size_t worker, size_t workers)
{
    struct run *run = context;
    (void)workers;
    if (worker == 0) {
        watch(run);
        return;
    }
    if (run->training)
        train(run, worker - 1);
    else
        survey(run);
    pthread_mutex_lock(&run->lock);
    if (--run->busy == 0)
        pthread_cond_signal(&run->idle);
    pthread_mutex_unlock(&run->lock);
}

static void work(struct run *run, struct donut_pool *pool, bool training)
{
    run->training = training;
    run->next = (struct donut_counter){0};
    run->busy = run->n_workers;
    donut_pool_run(pool, task, run);
}

static int compare_members(const void *a, const void *b)
{
    const struct donut_fleet_member *p = *(struct donut_fleet_member *const *)a,
                                    *q = *(struct donut_fleet_member *const *)b;
    if (p->train_points != q->train_points)
        return p->train_points < q->train_points ? 1 : -1;
    return p->number < q->number ? -1 : 1;
}

static void choose_order(struct run *run)
{
    for (size_t i = 0; i < run->n; i++) {
        struct donut_fleet_member *member = &run->member[i];
        run->finished += member->state != DONUT_MEMBER_WAITING;
        run->failed += member->state == DONUT_MEMBER_FAILED;
        if (member->state != DONUT_MEMBER_WAITING)
            continue;
        run->order[run->n_order++] = member;
        run->points += member->train_points;
    }
    if (run->n_order > 0)
        qsort(run->order, run->n_order, sizeof *run->order, compare_members);
}

static bool init_locks(struct run *run)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    const bool good = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
                      pthread_mutex_init(&run->lock, NULL) == 0;
    const bool both = good && pthread_cond_init(&run->idle, &monotonic) == 0;
    if (good && !both)
        pthread_mutex_destroy(&run->lock);
    pthread_condattr_destroy(&monotonic);
    return both;
}

static enum donut_status run_in(struct run *run, struct donut_pool *pool,
                                donut_surveyed_fn *surveyed, void *context, struct donut_error *err)
{
    if (!init_locks(run))
        return donut_fail_memory(err);
    work(run, pool, false);
    if (!atomic_load(&run->plan->stop)) {
        surveyed(context);
        choose_order(run);
        donut_meter_begin(&run->meter, &run->plan->arguments->talk);
        work(run, pool, true);
        donut_meter_erase(&run->meter);
    }
    pthread_cond_destroy(&run->idle);
    pthread_mutex_destroy(&run->lock);
    if (run->status != DONUT_OK)
        *err = run->err;
    return run->status;
}

enum donut_status donut_fleet_run(struct donut_fleet_plan *plan, struct donut_fleet_member *member,
                                  size_t n, donut_surveyed_fn *surveyed, void *context,
                                  struct donut_error *err)
{
    const size_t threads = plan->arguments->train.threads;
    struct run run = {.plan = plan, .member = member, .n = n};
    struct donut_pool *pool = NULL;
    run.n_workers = threads < n ? threads : n;
    run.order = calloc(n, sizeof *run.order);
    run.done = calloc(run.n_workers, sizeof *run.done);
    enum donut_status status = run.order && run.done ? donut_pool_new(run.n_workers + 1, &pool, err)
                                                     : donut_fail_memory(err);
    if (status == DONUT_OK)
        status = run_in(&run, pool, surveyed, context, err);
    donut_pool_free(pool);
    free(run.order);
    free(run.done);
    return status;
}
