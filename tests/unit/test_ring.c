/* The ring of the latest values against the plain list of all of them, and its relief by hand. */
#include "detect/ring.h"
#include "check.h"
#include "draw.h"

#include <stdlib.h>

#define MOST 40

static void push_all(struct donut_ring *ring, const donut_real *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        donut_ring_push(ring, value[i]);
}

static void check_relief(const donut_real *value, size_t n, double want)
{
    donut_real kept[4], room[4];
    struct donut_ring ring;
    donut_ring_begin(&ring, 4, 3, kept, room);
    push_all(&ring, value, n);
    CHECK_NEAR(donut_ring_relief(&ring, 2), want, 1e-7);
}

/* Four places, what is above 3 is high, 2 is usual. The median of an even number is the upper one.
 */
static void test_by_hand(void)
{
    check_relief(NULL, 0, 1);
    check_relief((const donut_real[]){8}, 1, 1); /* a quarter is known */
    check_relief((const donut_real[]){8, 10}, 2, 0.2);
    check_relief((const donut_real[]){8, 3}, 2, 1); /* half of them */
    check_relief((const donut_real[]){8, 1, 5}, 3, 0.4);
    check_relief((const donut_real[]){8, 1, 5, 16}, 4, 0.25);
    check_relief((const donut_real[]){8, NAN, NAN, 4}, 4, 0.25);
    check_relief((const donut_real[]){NAN, NAN, NAN, 4}, 4, 1);
    check_relief((const donut_real[]){8, 8, 8, 8, 1, 1}, 6, 1);
    check_relief((const donut_real[]){1, 1, 1, 4, 4, 4}, 6, 0.5);
    check_relief((const donut_real[]){INFINITY, INFINITY, INFINITY}, 3, 0);
}

static int by_size(const void *a, const void *b)
{
    const donut_real x = *(const donut_real *)a, y = *(const donut_real *)b;
    return (x > y) - (x < y);
}

/* From the last `capacity` of the n values. */
static double plain_relief(const donut_real *value, size_t n, size_t capacity, donut_real high,
                           double usual)
{
    donut_real sorted[MOST];
    size_t known = 0, above = 0;
    for (size_t i = n > capacity ? n - capacity : 0; i < n; i++)
        if (!isnan(value[i])) {
            sorted[known++] = value[i];
            above += value[i] > high;
        }
    if (2 * known < capacity || 2 * above <= known)
        return 1;
    qsort(sorted, known, sizeof *sorted, by_size);
    return usual / (double)sorted[known / 2];
}

static void test_random(void)
{
    donut_real value[300], kept[MOST], room[MOST];
    struct draw draw = draw_new("ring", 21);
    size_t relieved = 0;
    for (size_t round = 0; round < 200; round++) {
        const size_t capacity = 1 + draw_below(&draw, MOST);
        const double missing = draw_between(&draw, 0, 0.8), level = draw_between(&draw, 0, 2);
        struct donut_ring ring;
        donut_ring_begin(&ring, capacity, 1, kept, room);
        for (size_t i = 0; i < 300; i++) {
            const double u = draw_between(&draw, 0, 1);
            value[i] = draw_between(&draw, 0, 1) < missing ? NAN : (donut_real)(level + u);
            donut_ring_push(&ring, value[i]);
            const double want = plain_relief(value, i + 1, capacity, 1, 0.5);
            CHECK_NEAR(donut_ring_relief(&ring, 0.5), want, 0);
            relieved += want < 1;
        }
    }
    CHECK(relieved > 1000 && relieved < 50000);
}

TEST(ring)
{
    test_by_hand();
    test_random();
    return check_report("ring");
}
