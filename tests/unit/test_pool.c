/* The thread pool: every worker once, in its own thread, and what it wrote seen by all; threads
 * that sleep are woken; no thread takes a signal; what cannot be started leaves nothing behind. */
#define _GNU_SOURCE

#include "base/pool.h"
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST 64

static struct donut_pool *new_pool(size_t threads)
{
    struct donut_pool *pool;
    struct donut_error err = {0};
    CHECK_THAT(donut_pool_new(threads, &pool, &err) == DONUT_OK, "%zu: %s", threads, err.text);
    if (!pool)
        exit(check_report("pool"));
    return pool;
}

/* A ring of cells, one to a worker, in two generations. */
struct ring {
    size_t cell[2][MOST];
    size_t from;  /* the generation to read */
    size_t added; /* by the caller, before each run */
    size_t calls[MOST];
    pthread_t thread[MOST];
    bool moved, wrong; /* to another thread; a number of workers */
    size_t threads;
};

static void turn(void *context, size_t w, size_t workers)
{
    struct ring *ring = context;
    const size_t from = ring->from;
    ring->cell[1 - from][w] = ring->cell[from][(w + 1) % workers] + ring->added;
    if (ring->calls[w]++ == 0)
        ring->thread[w] = pthread_self();
    if (!pthread_equal(ring->thread[w], pthread_self()))
        ring->moved = true;
    if (workers != ring->threads)
        ring->wrong = true;
}

/* A turn hands every cell on to its neighbour, 1, 2 or 3 more: a read that comes too early or too
 * late, of another cell or of what the caller wrote, shows in the sum. */
static void test_ring(size_t threads, size_t runs)
{
    struct donut_pool *pool = new_pool(threads);
    struct ring ring = {.threads = threads};
    size_t sum = 0;
    CHECK_INT(donut_pool_threads(pool), threads);
    for (size_t w = 0; w < threads; w++)
        ring.cell[0][w] = 1000 * w;
    for (size_t run = 0; run < runs; run++) {
        ring.from = run % 2;
        ring.added = run % 3 + 1;
        sum += ring.added;
        donut_pool_run(pool, turn, &ring);
    }
    for (size_t w = 0; w < threads; w++) {
        CHECK_INT(ring.cell[runs % 2][w], 1000 * ((w + runs) % threads) + sum);
        CHECK_INT(ring.calls[w], runs);
        for (size_t v = 0; v < w; v++)
            CHECK_THAT(!pthread_equal(ring.thread[v], ring.thread[w]), "%zu and %zu of %zu", v, w,
                       threads);
    }
    CHECK(pthread_equal(ring.thread[0], pthread_self()));
    CHECK(!ring.moved && !ring.wrong);
    donut_pool_free(pool);
}

struct pieces {
    struct donut_counter counter;
    size_t n;
    unsigned char *taken; /* (n) how often */
};

static void take(void *context, size_t w, size_t workers)
{
    struct pieces *pieces = context;
    (void)w;
    (void)workers;
    for (size_t i; (i = donut_counter_next(&pieces->counter)) < pieces->n;)
        pieces->taken[i]++;
}

static void test_counter(void)
{
    unsigned char taken[5000] = {0};
    struct pieces pieces = {.n = sizeof taken, .taken = taken};
    struct donut_pool *pool = new_pool(3);
    donut_pool_run(pool, take, &pieces);
    size_t once = 0;
    for (size_t i = 0; i < sizeof taken; i++)
        once += taken[i] == 1;
    CHECK_INT(once, sizeof taken);
    CHECK_INT(donut_counter_next(&pieces.counter), sizeof taken + 3);
    donut_pool_free(pool);
}

/* True if the thread sleeps, as /proc has it, or if there is no telling. */
static bool is_asleep(pid_t thread)
{
    char name[64], state = 'S';
    snprintf(name, sizeof name, "/proc/self/task/%ld/stat", (long)thread);
    FILE *file = fopen(name, "r");
    if (!file)
        return true;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'S';
    fclose(file);
    return state == 'S';
}

static void await_sleep(pid_t thread)
{
    while (!is_asleep(thread))
        sched_yield();
}

static void note_thread(void *context, size_t w, size_t workers)
{
    pid_t *thread = context;
    (void)workers;
    thread[w] = gettid();
}

/* The last worker finishes only when all others, the caller among them, sleep. */
static void finish_last(void *context, size_t w, size_t workers)
{
    const pid_t *thread = context;
    if (w != workers - 1)
        return;
    for (size_t v = 0; v < w; v++)
        await_sleep(thread[v]);
}

static void test_sleep(size_t threads)
{
    struct donut_pool *pool = new_pool(threads);
    pid_t thread[MOST] = {0};
    for (int run = 0; run < 20; run++) {
        memset(thread, 0, sizeof thread);
        donut_pool_run(pool, note_thread, thread);
        CHECK_INT(thread[0], getpid());
        for (size_t w = 1; w < threads; w++)
            await_sleep(thread[w]);
        donut_pool_run(pool, finish_last, thread);
    }
    for (size_t w = 1; w < threads; w++)
        await_sleep(thread[w]);
    donut_pool_free(pool);
}

static void note_signals(void *context, size_t w, size_t workers)
{
    sigset_t *blocked = context;
    (void)workers;
    sigemptyset(&blocked[w]);
    pthread_sigmask(SIG_BLOCK, NULL, &blocked[w]);
}

static void test_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM, SIGPIPE, SIGCHLD};
    sigset_t usr1, before, blocked[3];
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, &usr1, &before), 0);
    struct donut_pool *pool = new_pool(3);
    donut_pool_run(pool, note_signals, blocked);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        CHECK_INT(sigismember(&blocked[0], numbers[i]), numbers[i] == SIGUSR1);
        CHECK_INT(sigismember(&blocked[1], numbers[i]), 1);
        CHECK_INT(sigismember(&blocked[2], numbers[i]), 1);
    }
    donut_pool_free(pool);
    CHECK_INT(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}

/* Pools that come and go, some without ever having run, their threads hardly started. */
static void test_many(void)
{
    for (size_t i = 0; i < 200; i++) {
        struct donut_pool *pool = new_pool(1 + i % 5);
        struct ring ring = {.threads = 1 + i % 5, .added = 1};
        if (i % 3 != 0)
            donut_pool_run(pool, turn, &ring);
        CHECK_INT(ring.cell[1][i % 5], i % 3 != 0);
        donut_pool_free(pool);
    }
    donut_pool_free(NULL);
}

static void check_refused(size_t threads, const char *sentence)
{
    struct donut_error err = {0};
    struct donut_pool *pool = (struct donut_pool *)&err;
    CHECK_INT(donut_pool_new(threads, &pool, &err), DONUT_ENOMEM);
    CHECK(pool == NULL && err.status == DONUT_ENOMEM);
    CHECK_THAT(strncmp(err.text, sentence, strlen(sentence)) == 0, "%s", err.text);
    CHECK_INT(donut_pool_new(threads, &pool, NULL), DONUT_ENOMEM);
}

#if defined(__has_feature)
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
#define SANITIZED 1 /* needs all addresses there are, and ends when memory does */
#else
#define SANITIZED 0
#endif

/* An emulator may not keep to the limit. */
static bool is_refused(size_t size)
{
    void *block = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return true;
    munmap(block, size);
    return false;
}

/* Stacks of 256 MB in 2 GB of addresses: a few threads start, 64 do not. */
static void test_too_many(void)
{
    const size_t stack = (size_t)256 << 20;
    struct rlimit before, little;
    pthread_attr_t usual, large;
    CHECK_INT(getrlimit(RLIMIT_AS, &before), 0);
    CHECK_INT(pthread_getattr_default_np(&usual), 0);
    CHECK_INT(pthread_attr_init(&large), 0);
    CHECK_INT(pthread_attr_setstacksize(&large, stack), 0);
    CHECK_INT(pthread_setattr_default_np(&large), 0);
    /* musl does not go that far. */
    size_t taken = 0;
    pthread_attr_t now;
    CHECK_INT(pthread_getattr_default_np(&now), 0);
    CHECK_INT(pthread_attr_getstacksize(&now, &taken), 0);
    pthread_attr_destroy(&now);
    little = before;
    little.rlim_cur = 8 * stack;
    CHECK_INT(setrlimit(RLIMIT_AS, &little), 0);

    donut_pool_free(new_pool(3));
    check_refused(SIZE_MAX, "out of memory");
    if (taken == stack && is_refused(little.rlim_cur))
        check_refused(64, "cannot start 64 threads: ");
    donut_pool_free(new_pool(3));

    CHECK_INT(setrlimit(RLIMIT_AS, &before), 0);
    CHECK_INT(pthread_setattr_default_np(&usual), 0);
    pthread_attr_destroy(&large);
    pthread_attr_destroy(&usual);
    test_ring(64, 10);
}

static void test_cores(void)
{
    cpu_set_t before, one;
    const size_t cores = donut_pool_cores();
    CHECK(cores >= 1);
    if (!CHECK(sched_getaffinity(0, sizeof before, &before) == 0))
        return;
    CHECK_INT(cores, CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (size_t cpu = 0; CPU_COUNT(&one) == 0 && cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &before))
            CPU_SET(cpu, &one);
    CHECK_INT(sched_setaffinity(0, sizeof one, &one), 0);
    CHECK_INT(donut_pool_cores(), 1);
    test_ring(2, 2000);
    CHECK_INT(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(pool)
{
    alarm(300); /* a thread that is never woken */
    test_ring(1, 100000);
    test_ring(2, 100000);
    test_ring(3, 20000);
    test_ring(7, 5000);
    test_ring(64, 500);
    test_counter();
    test_sleep(2);
    test_sleep(5);
    test_signals();
    test_many();
    if (!SANITIZED)
        test_too_many();
    test_cores();
    return check_report("pool");
}
