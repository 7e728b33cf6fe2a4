#include "eval/segments.h"

#include "base/arena.h"

#include <math.h>

/* Grid points from point `first` to point `i` after it. Unsigned, because the distance of two
 * int64_t need not fit into a third. */
static uint64_t distance(const struct donut_scored *scored, size_t first, size_t i)
{
    return (uint64_t)scored->position[i] - (uint64_t)scored->position[first];
}

static bool starts_segment(const struct donut_scored *scored, bool join_gaps, size_t i)
{
    if (!scored->label[i] || i == 0 || !scored->label[i - 1])
        return scored->label[i];
    return !join_gaps && distance(scored, i - 1, i) > 1;
}

static void count(const struct donut_scored *scored, bool join_gaps, struct donut_segments *out)
{
    out->n = out->points = 0;
    for (size_t i = 0; i < scored->n; i++) {
        out->n += starts_segment(scored, join_gaps, i);
        out->points += scored->label[i] != 0;
    }
}

bool donut_segments_find(const struct donut_scored *scored, bool join_gaps,
                         struct donut_segments *out)
{
    count(scored, join_gaps, out);
    out->at = donut_calloc(out->n, sizeof *out->at);
    if (!out->at)
        return false;
    size_t begun = 0;
    for (size_t i = 0; i < scored->n; i++) {
        if (!scored->label[i])
            continue;
        if (starts_segment(scored, join_gaps, i))
            out->at[begun++] =
                (struct donut_segment){.first = i, .peak = scored->score[i], .delay_points = NAN};
        struct donut_segment *segment = &out->at[begun - 1];
        segment->length++;
        segment->peak = fmax(segment->peak, scored->score[i]);
    }
    return true;
}

uint64_t donut_segment_delay(const struct donut_scored *scored, const struct donut_segment *segment,
                             size_t i)
{
    return distance(scored, segment->first, i);
}

size_t donut_segment_eligible(const struct donut_scored *scored,
                              const struct donut_segment *segment, uint64_t delay)
{
    size_t points = 1;
    while (points < segment->length &&
           donut_segment_delay(scored, segment, segment->first + points) <= delay)
        points++;
    return points;
}
