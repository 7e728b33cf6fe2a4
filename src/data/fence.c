#include "data/fence.h"

#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

/* So many times the distance that is usual at most. */
#define WIDTH 10

/* One of so many points may lie further than that. */
static const size_t tails[] = {100, 1000};

/* The larger of the distances from the median that a tail of the n sorted values lies beyond. The
 * tail is one value at least: of a hundred, one may be wild. */
static double usual_distance(const double *sorted, size_t n, size_t one_of)
{
    const size_t tail = n / one_of > 0 ? n / one_of : 1;
    if (2 * tail >= n)
        return 0;
    const double median = sorted[n / 2];
    return fmax(sorted[n - 1 - tail] - median, median - sorted[tail]);
}

bool donut_fence_find(const double *value, const unsigned char *label, size_t n,
                      struct donut_fence *fence)
{
    double *sorted = malloc(n * sizeof *sorted), distance = 0;
    size_t count = 0;
    if (!sorted)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isnan(value[i]) && !(label && label[i]))
            sorted[count++] = value[i];
    donut_sort(sorted, count);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0] && distance == 0; i++)
        distance = usual_distance(sorted, count, tails[i]);
    *fence = (struct donut_fence){-INFINITY, INFINITY};
    if (distance > 0)
        *fence = (struct donut_fence){sorted[count / 2] - WIDTH * distance,
                                      sorted[count / 2] + WIDTH * distance};
    free(sorted);
    return true;
}
