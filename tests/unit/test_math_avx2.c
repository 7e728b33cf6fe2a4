/* exp, log and the like of avx2.c, each alone. */
#include "kernel/avx2.c"

#include "math_bounds.h"

int main(int argc, char **argv)
{
    return math_report("avx2", argc, argv);
}
