#include "eval/segments.h"

#include "base/arena.h"

#include <math.h>

static bool starts_segment(const unsigned char *label, size_t i)
{
    return label[i] && (i == 0 || !label[i - 1]);
}

static void count(const struct donut_scored *scored, struct donut_segments *out)
{
    out->n = out->points = 0;
    for (size_t i = 0; i < scored->n; i++) {
        out->n += starts_segment(scored->label, i);
        out->points += scored->label[i] != 0;
    }
}

bool donut_segments_find(const struct donut_scored *scored, struct donut_segments *out)
{
    count(scored, out);
    out->at = donut_calloc(out->n, sizeof *out->at);
    if (!out->at)
        return false;
    size_t begun = 0;
    for (size_t i = 0; i < scored->n; i++) {
        if (!scored->label[i])
            continue;
        if (starts_segment(scored->label, i))
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
    /* Unsigned, because the distance of two int64_t need not fit into a third. */
    return (uint64_t)scored->position[i] - (uint64_t)scored->position[segment->first];
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
