#include "peak.h"

#include <stdint.h>
#include <string.h>

#define ITERATIONS 20000 /* between two looks at the clock */
#define MOST_THREADS 64

/* The loops are in assembly, so that no compiler moves a sum to memory, not even at -O0. Sums grow
 * from 0 by a quarter until they are too large for it: nothing overflows or is denormal. */
#define TWELVE(op) op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11)
#define SEVEN_PAIRS(op) op(0, 7) op(1, 8) op(2, 9) op(3, 10) op(4, 11) op(5, 12) op(6, 13)

#if defined(__x86_64__)

static const float quarter[4] = {0.25f, 0.25f, 0.25f, 0.25f}, half = 0.5f;
static const float one[4] = {1.0f, 1.0f, 1.0f, 1.0f};

#define RUN_LOOP(n, setup, body, end)                                                              \
    __asm__ volatile(setup "1:\n\t" body "dec %[count]\n\tjnz 1b\n\t" end                          \
                     : [count] "+r"(n)                                                             \
                     : [quarter] "m"(quarter), [half] "m"(half), [one] "m"(one)                    \
                     : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",       \
                       "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15")

#define ZERO_512(i) "vpxord %%zmm" #i ", %%zmm" #i ", %%zmm" #i "\n\t"
#define FMA_512(i) "vfmadd231ps %%zmm12, %%zmm12, %%zmm" #i "\n\t"

__attribute__((target("avx512f"))) static void loop_avx512(uint64_t n)
{
    RUN_LOOP(n, "vbroadcastss %[half], %%zmm12\n\t" TWELVE(ZERO_512), TWELVE(FMA_512),
             "vzeroupper\n\t");
}

#define ZERO_256(i) "vxorps %%ymm" #i ", %%ymm" #i ", %%ymm" #i "\n\t"
#define FMA_256(i) "vfmadd231ps %%ymm12, %%ymm12, %%ymm" #i "\n\t"

__attribute__((target("avx2,fma"))) static void loop_avx2(uint64_t n)
{
    RUN_LOOP(n, "vbroadcastss %[half], %%ymm12\n\t" TWELVE(ZERO_256), TWELVE(FMA_256),
             "vzeroupper\n\t");
}

#define SET_PAIR(a, m) "xorps %%xmm" #a ", %%xmm" #a "\n\tmovaps %%xmm15, %%xmm" #m "\n\t"
#define ADD_MULTIPLY(a, m) "addps %%xmm14, %%xmm" #a "\n\tmulps %%xmm15, %%xmm" #m "\n\t"

static void loop_plain(uint64_t n)
{
    RUN_LOOP(n, "movups %[quarter], %%xmm14\n\tmovups %[one], %%xmm15\n\t" SEVEN_PAIRS(SET_PAIR),
             SEVEN_PAIRS(ADD_MULTIPLY), "");
}

#elif defined(__aarch64__)

#define RUN_LOOP(n, setup, body)                                                                   \
    __asm__ volatile(setup "1:\n\t" body "subs %[count], %[count], #1\n\tb.ne 1b\n\t"              \
                     : [count] "+r"(n)                                                             \
                     :                                                                             \
                     : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",    \
                       "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20",       \
                       "v21", "v22", "v23", "v30", "v31")

#define ZERO(i) "movi v" #i ".4s, #0\n\t"
#define FMA(i) "fmla v" #i ".4s, v30.4s, v30.4s\n\t"
#define TWELVE_MORE(op)                                                                            \
    op(12) op(13) op(14) op(15) op(16) op(17) op(18) op(19) op(20) op(21) op(22) op(23)

static void loop_neon(uint64_t n)
{
    RUN_LOOP(n, "fmov v30.4s, #0.5\n\t" TWELVE(ZERO) TWELVE_MORE(ZERO),
             TWELVE(FMA) TWELVE_MORE(FMA));
}

#define SET_PAIR(a, m) "movi v" #a ".4s, #0\n\tfmov v" #m ".4s, #1.0\n\t"
#define ADD_MULTIPLY(a, m)                                                                         \
    "fadd v" #a ".4s, v" #a ".4s, v30.4s\n\tfmul v" #m ".4s, v" #m ".4s, v31.4s\n\t"

static void loop_plain(uint64_t n)
{
    RUN_LOOP(n, "fmov v30.4s, #0.25\n\tfmov v31.4s, #1.0\n\t" SEVEN_PAIRS(SET_PAIR),
             SEVEN_PAIRS(ADD_MULTIPLY));
}

#else

static void loop_plain(uint64_t n)
{
    float sum[8] = {0}, product[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    volatile float step = 0.25f, factor = 1, result = 0;
    const float a = step, m = factor;
    while (n-- > 0)
        for (int i = 0; i < 8; i++) {
            sum[i] += a;
            product[i] *= m;
        }
    for (int i = 0; i < 8; i++)
        result = result + sum[i] + product[i];
}

#endif

/* Loops by kernel, and the operations of one turn. */
static const struct loop {
    const char *kernel;
    void (*run)(uint64_t turns);
    double operations;
} loops[] = {
#if defined(__x86_64__)
    {"avx512", loop_avx512, 12 * 16 * 2},
    {"avx2", loop_avx2, 12 * 8 * 2},
    {"plain", loop_plain, 7 * 4 * 2},
#elif defined(__aarch64__)
    {"neon", loop_neon, 24 * 4 * 2},
    {"plain", loop_plain, 7 * 4 * 2},
#else
    {"plain", loop_plain, 8 * 2},
#endif
};

struct burst {
    const struct loop *loop;
    double seconds;
    clock_fn *now;
    double rate[MOST_THREADS]; /* operations per second */
};

static void burst_task(void *context, size_t worker, size_t workers)
{
    struct burst *burst = context;
    const double begin = burst->now();
    double elapsed = 0, operations = 0;
    (void)workers;
    while (elapsed < burst->seconds) {
        burst->loop->run(ITERATIONS);
        operations += ITERATIONS * burst->loop->operations;
        elapsed = burst->now() - begin;
    }
    burst->rate[worker] = operations / elapsed;
}

double peak_gflops(const char *kernel, struct donut_pool *pool, double seconds, clock_fn *now)
{
    struct burst burst = {.seconds = seconds, .now = now};
    const size_t threads = donut_pool_threads(pool);
    double sum = 0;
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
        if (strcmp(loops[i].kernel, kernel) == 0)
            burst.loop = &loops[i];
    need(burst.loop != NULL, "no loop of registers is known for this kernel");
    need(threads <= MOST_THREADS, "too many threads");
    donut_pool_run(pool, burst_task, &burst);
    for (size_t i = 0; i < threads; i++)
        sum += burst.rate[i];
    return 1e-9 * sum;
}
