#include "base/sort.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void donut_sort(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare);
}
