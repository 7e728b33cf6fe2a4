/* The ring of the latest values against the plain list of all of them, and what it makes of a
 * lasting change by hand. */
#include "detect/ring.h"
#include "check.h"
#include "draw.h"

#include <stdlib.h>

#define MOST 40

static void check_change(const donut_real *value, size_t n, double shift, double relief)
{
    donut_real kept[4], unit[4], room[4];
    struct donut_ring ring = {.value = kept, .unit = unit, .room = room};
    donut_ring_begin(&ring, 4, 3);
    for (size_t i = 0; i < n; i++)
        donut_ring_push(&ring, value[i], 1);
    CHECK_NEAR(donut_ring_shift(&ring), shift, 1e-7);
    CHECK_NEAR(donut_ring_relief(&ring, 0, 2), relief, 1e-7);
}

/* Four places, what is beyond 3 is high, 2 is usual. The median of an even number is the upper one.
 */
static void test_by_hand(void)
{
    check_change(NULL, 0, 0, 1);
    check_change((const donut_real[]){8}, 1, 0, 1); /* a quarter is known */
    check_change((const donut_real[]){8, 10}, 2, 10, 0.2);
    check_change((const donut_real[]){-8, -10}, 2, -8, 0.2);
    check_change((const donut_real[]){-8, 10}, 2, 10, 0.2);
    check_change((const donut_real[]){8, 3}, 2, 0, 1); /* half of them */
    check_change((const donut_real[]){8, 1, 5}, 3, 0, 1);
    check_change((const donut_real[]){8, 4, 5}, 3, 5, 0.4);
    check_change((const donut_real[]){8, 1, 5, 16}, 4, 0, 1); /* three quarters */
    check_change((const donut_real[]){8, 4, 5, 16}, 4, 8, 0.25);
    check_change((const donut_real[]){8, NAN, NAN, 4}, 4, 8, 0.25);
    check_change((const donut_real[]){NAN, NAN, NAN, 4}, 4, 0, 1);
    check_change((const donut_real[]){8, 8, 8, 8, 1, 1}, 6, 0, 1);
    check_change((const donut_real[]){1, 1, 4, 4, 4, 4}, 6, 4, 0.5);
}

/* Distances of 2, 1, 0 and 1 from the shift in units of 1, 1, 2 and .25: 2, 1, 0 and 4. */
static void test_units(void)
{
    donut_real kept[4], unit[4], room[4];
    struct donut_ring ring = {.value = kept, .unit = unit, .room = room};
    donut_ring_begin(&ring, 4, 3);
    donut_ring_push(&ring, 10, 1);
    donut_ring_push(&ring, 7, 1);
    donut_ring_push(&ring, 8, 2);
    donut_ring_push(&ring, 9, 0.25);
    CHECK_NEAR(donut_ring_shift(&ring), 9, 1e-7);
    CHECK_NEAR(donut_ring_relief(&ring, 8, 0.5), 0.25, 1e-7);
    CHECK_NEAR(donut_ring_relief(&ring, 8, 4), 1, 1e-7); /* never more */
    donut_ring_begin(&ring, 4, 3);
    for (size_t i = 0; i < 4; i++)
        donut_ring_push(&ring, 8, 4);
    CHECK_NEAR(donut_ring_shift(&ring), 0, 0); /* two units are not high */
}

static int by_size(const void *a, const void *b)
{
    const donut_real x = *(const donut_real *)a, y = *(const donut_real *)b;
    return (x > y) - (x < y);
}

/* The median of the last `capacity` of the n values where they have changed, else 0. */
static double plain_shift(const donut_real *value, const donut_real *unit, size_t n,
                          size_t capacity, donut_real high)
{
    donut_real sorted[MOST];
    size_t known = 0, above = 0;
    for (size_t i = n > capacity ? n - capacity : 0; i < n; i++)
        if (!isnan(value[i])) {
            sorted[known++] = value[i];
            above += fabs((double)value[i]) > (double)(high * unit[i]);
        }
    if (2 * known < capacity || 8 * above <= 7 * known)
        return 0;
    qsort(sorted, known, sizeof *sorted, by_size);
    return (double)sorted[known / 2];
}

static void test_random(void)
{
    donut_real value[300], units[300], kept[MOST], unit[MOST], room[MOST];
    struct draw draw = draw_new("ring", 21);
    struct donut_ring ring = {.value = kept, .unit = unit, .room = room};
    size_t changed = 0;
    for (size_t round = 0; round < 200; round++) {
        const size_t capacity = 1 + draw_below(&draw, MOST);
        const double missing = draw_between(&draw, 0, 0.8), level = draw_between(&draw, -2, 2);
        donut_ring_begin(&ring, capacity, 1);
        for (size_t i = 0; i < 300; i++) {
            const double u = draw_between(&draw, -0.5, 0.5);
            value[i] = draw_between(&draw, 0, 1) < missing ? NAN : (donut_real)(level + u);
            units[i] = (donut_real)draw_between(&draw, 0.5, 2);
            donut_ring_push(&ring, value[i], units[i]);
            const double want = plain_shift(value, units, i + 1, capacity, 1);
            CHECK_NEAR(donut_ring_shift(&ring), want, 0);
            CHECK(want != 0 || donut_ring_relief(&ring, want, 0.01) == 1);
            changed += want != 0;
        }
    }
    CHECK(changed > 1000 && changed < 50000);
}

TEST(ring)
{
    test_by_hand();
    test_units();
    test_random();
    return check_report("ring");
}
