#include "eval/operating_point.h"

#include <math.h>

double donut_f_score(size_t found, size_t false_alarms, size_t anomalous)
{
    return 2.0 * (double)found / ((double)found + (double)false_alarms + (double)anomalous);
}

static size_t count_alarms(const unsigned char *alarm, size_t n)
{
    size_t alarms = 0;
    for (size_t i = 0; i < n; i++)
        alarms += alarm[i] != 0;
    return alarms;
}

/* Index of the first alarm among the `points` from `first` on, or first + points. */
static size_t first_alarm(const unsigned char *alarm, size_t first, size_t points)
{
    size_t i = first;
    while (i < first + points && !alarm[i])
        i++;
    return i;
}

void donut_set_ratios(struct donut_operating_point *point)
{
    const size_t found = point->true_positives, anomalous = found + point->false_negatives;
    if (anomalous == 0) {
        point->f = point->precision = point->recall = NAN;
        return;
    }
    point->f = donut_f_score(found, point->false_alarms, anomalous);
    point->recall = (double)found / (double)anomalous;
    point->precision =
        found > 0 ? (double)found / ((double)found + (double)point->false_alarms) : 0;
}

struct donut_operating_point donut_operating_point(const struct donut_scored *scored,
                                                   const struct donut_segments *segments,
                                                   struct donut_protocol protocol,
                                                   const unsigned char *alarm)
{
    struct donut_operating_point point = {.threshold = NAN};
    size_t alarms_inside = 0;
    double delays = 0;
    for (size_t s = 0; s < segments->n; s++) {
        const struct donut_segment *segment = &segments->at[s];
        const size_t inside = count_alarms(alarm + segment->first, segment->length);
        const size_t eligible = donut_segment_eligible(scored, segment, protocol.delay);
        const size_t first = first_alarm(alarm, segment->first, eligible);
        alarms_inside += inside;
        if (first == segment->first + eligible)
            continue;
        point.true_positives += protocol.whole ? segment->length : inside;
        point.detected_segments++;
        delays += (double)donut_segment_delay(scored, segment, first);
    }
    point.false_alarms = count_alarms(alarm, scored->n) - alarms_inside;
    point.false_negatives = segments->points - point.true_positives;
    donut_set_ratios(&point);
    point.alert_delay_points =
        point.detected_segments ? delays / (double)point.detected_segments : NAN;
    point.alert_delay_seconds = point.alert_delay_points * scored->interval_seconds;
    return point;
}

void donut_segments_detect(const struct donut_scored *scored, struct donut_segments *segments,
                           const unsigned char *alarm)
{
    for (size_t s = 0; s < segments->n; s++) {
        struct donut_segment *segment = &segments->at[s];
        const size_t first = first_alarm(alarm, segment->first, segment->length);
        segment->detected = first < segment->first + segment->length;
        segment->delay_points =
            segment->detected ? (double)donut_segment_delay(scored, segment, first) : NAN;
    }
}
