/* exp, log and the like of avx2.c, each alone. */
/* The library's own stays what all other tests use. */
#define donut_kernel_avx2 tested_avx2
#include "kernel/avx2.c"
#undef donut_kernel_avx2

#include "math_bounds.h"

TEST(math_avx2)
{
    return math_report("avx2");
}
