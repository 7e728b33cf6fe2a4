/* What a CPU can do at most: multiplications and additions of floats in registers alone, with as
 * many independent chains as hide their latency. */
#ifndef DONUT_BENCH_PEAK_H
#define DONUT_BENCH_PEAK_H

#include "measure.h"

#include "base/pool.h"

/* GFLOP/s of the instruction set that a kernel uses, all threads of the pool together, measured for
 * so many seconds of a clock. A fused multiply-add counts as two operations; the plain kernel has
 * none, so for it multiplications and additions go side by side. */
double peak_gflops(const char *kernel, struct donut_pool *pool, double seconds, clock_fn *now);

#endif
