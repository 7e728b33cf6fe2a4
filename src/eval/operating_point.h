/* A given set of alarms against the labels. */
#ifndef DONUT_EVAL_OPERATING_POINT_H
#define DONUT_EVAL_OPERATING_POINT_H

#include "eval/segments.h"

/* F = 2 / (1 / precision + 1 / recall) = 2 found / (found + false alarms + anomalous), which also
 * holds for found = 0. */
double donut_f_score(size_t found, size_t false_alarms, size_t anomalous);

/* Writes f, precision and recall of the counts. With anomalous points but none found all three are
 * 0; without any they are NaN. */
void donut_set_ratios(struct donut_operating_point *point);

/* Counts, ratios and delay of the alarms (n, 0 or 1) under a protocol; threshold =
 * NaN. */
struct donut_operating_point donut_operating_point(const struct donut_scored *scored,
                                                   const struct donut_segments *segments,
                                                   struct donut_protocol protocol,
                                                   const unsigned char *alarm);

/* Writes `detected` and `delay_points` of every segment; alarms of any delay count. */
void donut_segments_detect(const struct donut_scored *scored, struct donut_segments *segments,
                           const unsigned char *alarm);

#endif
