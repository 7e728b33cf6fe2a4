/* Missing-data injection: hides the right share of normal points and brings every one back. */
#include "check.h"
#include "train/inject.h"

#include <stdlib.h>

#define POINTS 20000

static donut_real x[POINTS], alpha[POINTS], x_before[POINTS], alpha_before[POINTS];
static unsigned char normal[POINTS];

static void make_points(void)
{
    donut_random_normals((struct donut_stream){1, DONUT_DRAW_TEST, 0}, 0, POINTS, x);
    for (size_t i = 0; i < POINTS; i++)
        normal[i] = i % 10 != 0;
    for (size_t i = 0; i < POINTS; i++)
        alpha[i] = normal[i];
    memcpy(x_before, x, sizeof x);
    memcpy(alpha_before, alpha, sizeof alpha);
}

static size_t check_hidden(donut_real fill)
{
    size_t hidden = 0, wrong = 0;
    for (size_t i = 0; i < POINTS; i++) {
        const bool changed = alpha[i] < alpha_before[i];
        hidden += changed;
        if (changed)
            wrong += x[i] != fill;
        else
            wrong += x[i] != x_before[i] || alpha[i] != alpha_before[i];
    }
    CHECK_INT(wrong, 0);
    return hidden;
}

static void check_rate(struct donut_injection *injection, double rate, uint32_t epoch)
{
    const struct donut_stream stream = {9, DONUT_DRAW_INJECT, epoch};
    const double whole = 0.9 * POINTS;
    donut_inject(injection, stream, rate, -2, POINTS, normal, x, alpha);
    const size_t hidden = check_hidden(-2);
    CHECK_INT(injection->n, hidden);
    CHECK_NEAR((double)hidden, whole * rate, 5 * sqrt(whole * rate * (1 - rate)) + 1e-9);
    donut_inject_undo(injection, x, alpha);
    CHECK_INT(memcmp(x, x_before, sizeof x), 0);
    CHECK_INT(memcmp(alpha, alpha_before, sizeof alpha), 0);
    CHECK_INT(injection->n, 0);
}

/* Without weights to change the same points are hidden. */
static void check_without_weights(struct donut_injection *injection)
{
    const struct donut_stream stream = {9, DONUT_DRAW_INJECT, 1};
    size_t other = 0;
    donut_inject(injection, stream, 0.1, -2, POINTS, normal, x, NULL);
    CHECK(injection->n > 1000);
    CHECK_INT(memcmp(alpha, alpha_before, sizeof alpha), 0);
    for (size_t i = 0; i < injection->n; i++)
        other += x[injection->index[i]] != -2 || !normal[injection->index[i]];
    CHECK_INT(other, 0);
    donut_inject_undo(injection, x, NULL);
    CHECK_INT(memcmp(x, x_before, sizeof x), 0);
    CHECK_INT(memcmp(alpha, alpha_before, sizeof alpha), 0);
}

TEST(inject)
{
    struct donut_injection injection;
    donut_real first_epoch[POINTS];
    CHECK(donut_injection_new(POINTS, &injection));
    make_points();
    check_rate(&injection, 0, 1);
    check_rate(&injection, 0.01, 1);
    check_rate(&injection, 0.5, 2);
    check_rate(&injection, 0.999, 3);
    check_without_weights(&injection);

    /* Another epoch hides other points; the same epoch the same. */
    donut_inject(&injection, (struct donut_stream){9, DONUT_DRAW_INJECT, 4}, 0.1, 0, POINTS, normal,
                 x, alpha);
    memcpy(first_epoch, alpha, sizeof alpha);
    donut_inject_undo(&injection, x, alpha);
    donut_inject(&injection, (struct donut_stream){9, DONUT_DRAW_INJECT, 5}, 0.1, 0, POINTS, normal,
                 x, alpha);
    CHECK(memcmp(first_epoch, alpha, sizeof alpha) != 0);
    donut_inject_undo(&injection, x, alpha);
    donut_inject(&injection, (struct donut_stream){9, DONUT_DRAW_INJECT, 4}, 0.1, 0, POINTS, normal,
                 x, alpha);
    CHECK_INT(memcmp(first_epoch, alpha, sizeof alpha), 0);
    donut_injection_free(&injection);
    return check_report("inject");
}
