/* exp, log and the like of avx512.c, each alone. */
#include "kernel/avx512.c"

#include "math_bounds.h"

int main(int argc, char **argv)
{
    return math_report("avx512", argc, argv);
}
