#include "detect/ring.h"

#include <math.h>
#include <stdlib.h>

void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high, donut_real *value,
                      donut_real *room)
{
    *ring = (struct donut_ring){.capacity = capacity, .high = high, .value = value, .room = room};
    for (size_t i = 0; i < capacity; i++)
        value[i] = NAN;
}

void donut_ring_push(struct donut_ring *ring, donut_real value)
{
    const donut_real old = ring->value[ring->at];
    if (!isnan(old)) {
        ring->known--;
        ring->above -= old > ring->high;
    }
    if (!isnan(value)) {
        ring->known++;
        ring->above += value > ring->high;
    }
    ring->value[ring->at] = value;
    ring->at = ring->at + 1 < ring->capacity ? ring->at + 1 : 0;
}

static int by_size(const void *a, const void *b)
{
    const donut_real x = *(const donut_real *)a, y = *(const donut_real *)b;
    return (x > y) - (x < y);
}

double donut_ring_relief(const struct donut_ring *ring, double usual)
{
    size_t n = 0;
    if (2 * ring->known < ring->capacity || 2 * ring->above <= ring->known)
        return 1;
    for (size_t i = 0; i < ring->capacity; i++)
        if (!isnan(ring->value[i]))
            ring->room[n++] = ring->value[i];
    qsort(ring->room, n, sizeof *ring->room, by_size);
    return usual / (double)ring->room[n / 2];
}
