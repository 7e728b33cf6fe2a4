/* Labels as anomaly segments, and how alarms inside a segment count. */
#ifndef DONUT_EVAL_SEGMENTS_H
#define DONUT_EVAL_SEGMENTS_H

#include "donut.h"

struct donut_segments {
    size_t n;                 /* segments */
    size_t points;            /* anomalous points, in all of them */
    struct donut_segment *at; /* (n) in time order, freed by the caller with free() */
};

/* A protocol says which alarms inside a segment find what. Alarms at normal points are false
 * alarms in every protocol; those in a segment never are. */
struct donut_protocol {
    bool whole;     /* an alarm finds all points of its segment; else only its own point */
    uint64_t delay; /* grid points after the segment's first; later alarms find nothing */
};

#define DONUT_ANY_DELAY UINT64_MAX

/* Maximal runs of anomalous points at consecutive positions, or with `join_gaps` at any positions
 * as long as no scored point between them is normal; with their peaks; not detected, delay NaN.
 * False: no memory. */
bool donut_segments_find(const struct donut_scored *scored, bool join_gaps,
                         struct donut_segments *out);

/* Grid points from the first point of the segment to point `i` of it. */
uint64_t donut_segment_delay(const struct donut_scored *scored, const struct donut_segment *segment,
                             size_t i);

/* Number of points at the segment's start whose delay is at most `delay`, >= 1. */
size_t donut_segment_eligible(const struct donut_scored *scored,
                              const struct donut_segment *segment, uint64_t delay);

#endif
