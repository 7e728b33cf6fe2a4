#include "detect/ring.h"

#include <math.h>

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

/* Element k of the sorted values (n), which it reorders: quickselect around the middle one. */
static donut_real select(donut_real *value, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        const donut_real pivot = value[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (value[i] < pivot)
                i++;
            while (value[j] > pivot)
                j--;
            if (i >= j)
                break;
            const donut_real swapped = value[i];
            value[i++] = value[j];
            value[j--] = swapped;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return value[k];
}

double donut_ring_relief(const struct donut_ring *ring, double usual)
{
    size_t n = 0;
    if (2 * ring->known < ring->capacity || 2 * ring->above <= ring->known)
        return 1;
    for (size_t i = 0; i < ring->capacity; i++)
        if (!isnan(ring->value[i]))
            ring->room[n++] = ring->value[i];
    return usual / (double)select(ring->room, n, n / 2);
}
