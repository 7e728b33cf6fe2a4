#include "detect/ring.h"

#include <math.h>

void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high, donut_real *value,
                      donut_real *room)
{
    *ring = (struct donut_ring){.capacity = capacity, .high = high, .value = value, .room = room};
    for (size_t i = 0; i < capacity; i++)
        value[i] = NAN;
}

static donut_real size_of(donut_real x)
{
    return x < 0 ? -x : x;
}

void donut_ring_push(struct donut_ring *ring, donut_real value)
{
    const donut_real old = ring->value[ring->at];
    if (!isnan(old)) {
        ring->known--;
        ring->above -= size_of(old) > ring->high;
    }
    if (!isnan(value)) {
        ring->known++;
        ring->above += size_of(value) > ring->high;
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

struct donut_shift donut_ring_shift(const struct donut_ring *ring, double usual, bool spread_only)
{
    struct donut_shift shift = {0, 1};
    size_t n = 0;
    if (2 * ring->known < ring->capacity || 2 * ring->above <= ring->known)
        return shift;
    for (size_t i = 0; i < ring->capacity; i++)
        if (!isnan(ring->value[i]))
            ring->room[n++] = ring->value[i];
    const donut_real centre = spread_only ? 0 : select(ring->room, n, n / 2);
    for (size_t i = 0; i < n; i++)
        ring->room[i] = size_of(ring->room[i] - centre);
    shift.centre = (double)centre;
    shift.scale = fmax((double)select(ring->room, n, n / 2) / usual, 1);
    return shift;
}
