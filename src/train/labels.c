#include "train/labels.h"

#include "base/arena.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct segment {
    size_t first, length;
    double when; /* it is thrown away */
};

static size_t count_segments(const unsigned char *label, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += label[i] && (i == 0 || !label[i - 1]);
    return count;
}

/* The minimum of independent exponential variables of rates l_1, l_2, ... is the i-th one with
 * probability l_i / (l_1 + l_2 + ...), and given that, what is left of the others is as new. So the
 * order of E_i / l_i, with E_i of rate 1, is the order of draws in proportion to the lengths.
 * Returns the labelled points. */
static size_t find_segments(const unsigned char *label, size_t n, uint64_t seed,
                            struct segment *segment)
{
    const struct donut_stream stream = {seed, DONUT_DRAW_LABELS, 0};
    size_t count = 0, labelled = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && label[end])
            end++;
        const size_t length = end - i;
        if (length > 0) {
            const double e = -log(donut_random_uniform(stream, count));
            segment[count++] = (struct segment){i, length, e / (double)length};
            labelled += length;
        }
        i = end + 1;
    }
    return labelled;
}

static int by_when(const void *a, const void *b)
{
    const struct segment *p = a, *q = b;
    if (p->when != q->when)
        return p->when < q->when ? -1 : 1;
    return p->first < q->first ? -1 : p->first > q->first;
}

/* Whether `left` labelled points are nearer to those wanted, or as near, without this segment. */
static bool nearer_without(const struct segment *segment, size_t left, double wanted)
{
    const double with = (double)left - wanted;
    return with > 0 && fabs(with - (double)segment->length) <= with;
}

bool donut_labels_keep(const unsigned char *label, size_t n, double share, uint64_t seed,
                       unsigned char *kept, size_t *left)
{
    const size_t count = count_segments(label, n);
    memcpy(kept, label, n);
    *left = 0;
    if (count == 0)
        return true;
    struct segment *segment = donut_calloc(count, sizeof *segment);
    if (!segment)
        return false;
    const size_t labelled = find_segments(label, n, seed, segment);
    const double wanted = (double)labelled * share;
    qsort(segment, count, sizeof *segment, by_when);
    *left = labelled;
    for (size_t i = 0; i < count && nearer_without(&segment[i], *left, wanted); i++) {
        memset(kept + segment[i].first, 0, segment[i].length);
        *left -= segment[i].length;
    }
    free(segment);
    return true;
}
