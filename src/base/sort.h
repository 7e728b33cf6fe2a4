/* Sorting of numbers. */
#ifndef DONUT_BASE_SORT_H
#define DONUT_BASE_SORT_H

#include <stddef.h>

/* Lowest first. x (n), without a NaN. */
void donut_sort(double *x, size_t n);

#endif
