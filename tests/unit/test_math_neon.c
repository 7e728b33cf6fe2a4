/* exp, log and the like of neon.c, each alone. */
/* The library's own stays what all other tests use. */
#define donut_kernel_neon tested_neon
#include "kernel/neon.c"
#undef donut_kernel_neon

#include "math_bounds.h"

TEST(math_neon)
{
    return math_report("neon");
}
