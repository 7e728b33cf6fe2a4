/* exp, log and the like of avx512.c, each alone. */
/* The library's own stays what all other tests use. */
#define donut_kernel_avx512 tested_avx512
#include "kernel/avx512.c"
#undef donut_kernel_avx512

#include "math_bounds.h"

TEST(math_avx512)
{
    return math_report("avx512");
}
