#include "train/windows.h"

#include "base/arena.h"

#include <stdlib.h>

#define CHUNK 512 /* draws made in one go */

static void mark(const struct donut_range *range, struct donut_window_set *windows)
{
    size_t run = 0; /* normal points from i on */
    for (size_t i = range->n; i-- > 0;) {
        windows->normal[i] = donut_range_normal(range, i);
        run = windows->normal[i] ? run + 1 : 0;
        windows->whole[i] = run >= windows->length;
    }
}

bool donut_windows_new(const struct donut_range *range, const struct donut_train_options *opt,
                       struct donut_window_set *windows)
{
    *windows = (struct donut_window_set){.normal = donut_calloc(range->n, 1),
                                         .whole = donut_calloc(range->n, 1),
                                         .length = opt->window,
                                         .only_whole = opt->windows == DONUT_WINDOWS_NORMAL};
    if (!windows->normal || !windows->whole)
        return false;
    mark(range, windows);
    return true;
}

void donut_windows_free(struct donut_window_set *windows)
{
    free(windows->normal);
    free(windows->whole);
    *windows = (struct donut_window_set){0};
}

size_t donut_windows_between(const struct donut_window_set *windows, size_t first, size_t end)
{
    return end - first - windows->length + 1;
}

static bool learns(const struct donut_window_set *windows, size_t at)
{
    return !windows->only_whole || windows->whole[at];
}

size_t donut_windows_learnt(const struct donut_window_set *windows, size_t first, size_t end)
{
    const size_t last = end - windows->length;
    size_t count = 0;
    for (size_t i = first; i <= last; i++)
        count += learns(windows, i);
    return count;
}

/* Fisher-Yates from the inside out: window i goes to a random place among the first i + 1, and who
 * was there to place i. */
void donut_windows_shuffle(const struct donut_window_set *windows, struct donut_stream stream,
                           size_t count, uint32_t *order)
{
    double uniform[CHUNK];
    size_t at = 0;
    for (size_t i = 0; i < count; i++, at++) {
        if (i % CHUNK == 0)
            donut_random_uniforms(stream, i, count - i < CHUNK ? count - i : CHUNK, uniform);
        while (!learns(windows, at))
            at++;
        const size_t j = (size_t)(uniform[i % CHUNK] * (double)(i + 1));
        order[i] = order[j];
        order[j] = (uint32_t)at;
    }
}
