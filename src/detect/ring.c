#include "detect/ring.h"

#include <math.h>

void donut_ring_begin(struct donut_ring *ring, size_t capacity, donut_real high)
{
    ring->capacity = capacity;
    ring->high = high;
    ring->at = ring->known = ring->above = 0;
    for (size_t i = 0; i < capacity; i++) {
        ring->value[i] = NAN;
        ring->unit[i] = 1;
    }
}

static bool is_beyond(const struct donut_ring *ring, donut_real value, donut_real unit)
{
    return value > ring->high * unit || value < -ring->high * unit;
}

void donut_ring_push(struct donut_ring *ring, donut_real value, donut_real unit)
{
    const donut_real old = ring->value[ring->at], old_unit = ring->unit[ring->at];
    if (!isnan(old)) {
        ring->known--;
        ring->above -= is_beyond(ring, old, old_unit);
    }
    if (!isnan(value)) {
        ring->known++;
        ring->above += is_beyond(ring, value, unit);
    }
    ring->value[ring->at] = value;
    ring->unit[ring->at] = unit;
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

static bool has_changed(const struct donut_ring *ring)
{
    return 2 * ring->known >= ring->capacity && 8 * ring->above > 7 * ring->known;
}

static double median(const struct donut_ring *ring, size_t n)
{
    return (double)select(ring->room, n, n / 2);
}

double donut_ring_shift(const struct donut_ring *ring)
{
    size_t n = 0;
    if (!has_changed(ring))
        return 0;
    for (size_t i = 0; i < ring->capacity; i++)
        if (!isnan(ring->value[i]))
            ring->room[n++] = ring->value[i];
    return median(ring, n);
}

double donut_ring_relief(const struct donut_ring *ring, double shift, double usual)
{
    size_t n = 0;
    if (!has_changed(ring))
        return 1;
    for (size_t i = 0; i < ring->capacity; i++)
        if (!isnan(ring->value[i]))
            ring->room[n++] =
                (donut_real)(fabs((double)ring->value[i] - shift) / (double)ring->unit[i]);
    const double middle = median(ring, n);
    return middle > usual ? usual / middle : 1;
}
