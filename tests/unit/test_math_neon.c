/* exp, log and the like of neon.c, each alone. */
#include "kernel/neon.c"

#include "math_bounds.h"

int main(int argc, char **argv)
{
    return math_report("neon", argc, argv);
}
