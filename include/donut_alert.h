/* SPDX-License-Identifier: MIT
 *
 * From scores to alarms: which points count, how many in a row raise an alarm and how many end it,
 * and the episodes that come of it. One state per KPI, of constant size; its points come in time
 * order, one call each, so that a stream and a file give the same alarms.
 * Included by donut.h, whose rules hold. */
#ifndef DONUT_ALERT_H
#define DONUT_ALERT_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

enum donut_alert_direction { DONUT_ALERT_BOTH, DONUT_ALERT_UP, DONUT_ALERT_DOWN };

/* A point qualifies if its score is above the threshold, its value lies on the wanted side of the
 * expected one, and at least `min_delta` from it. Every other point is normal, unless it is silent:
 * missing or, as too little is known of it, in warm-up. */
struct donut_alert_options {
    enum donut_alert_direction direction; /* UP: only values above the expected one; BOTH */
    double min_delta;                     /* in the KPI's units, >= 0; 0 */
    size_t for_points;                    /* qualifying points in a row that raise an alarm, >= 1;
                                             1 */
    size_t recover_points;                /* normal points in a row that end it, >= 1; 1 */
    size_t silence_points; /* silent points in a row that end it, and after which a count that may
                              raise one begins anew; 0 = no number of them does; 0 */
    bool warmup_alarms;    /* warm-up points are not silent, but judged as others are; as in the
                              options of the scores; false */
};

/* Every score above the threshold is an alarm, which lasts until the next normal point. */
struct donut_alert_options donut_alert_defaults(void);

struct donut_alert_point {
    int64_t time_ms;        /* since 1970-01-01 UTC */
    int16_t offset_minutes; /* of the written local time from UTC */
    double value;           /* NaN where the row is missing */
};

/* What happened from the first of the qualifying points that raised an alarm to the last one before
 * it ended. */
struct donut_episode {
    struct donut_alert_point first, last; /* qualifying points, both */
    size_t points;                        /* that qualified from `first` to `last` */
    struct donut_alert_point peak; /* the one with the highest surprise, or else the highest score,
                                      of equal ones the first */
    struct donut_score_row peak_row;
    enum donut_cause cause; /* of all that qualified */
    bool up; /* the peak's value is above the expected one, or equal to it; else below */
};

/* Starts zeroed. Read-only for the caller. */
struct donut_alert {
    bool on;    /* an alarm is on: `episode` is going on */
    bool ended; /* the last step ended an alarm: `episode` is complete, until the next step */
    struct donut_episode episode; /* also of a run of qualifying points that may become one */
    size_t normal; /* points in a row that were normal, while on, but for silent ones */
    size_t silent; /* points in a row that were silent, up to the newest */
};

/* Takes in the KPI's next point; `row` as donut_score() gives it. Returns whether an alarm is on at
 * this point, the verdict to print: from the point that raises it until before the one that ends
 * it. A silent point neither counts nor resets anything: where nothing new is known the alarm stays
 * as it is, until there are too many of them. With the default options the verdict of a point that
 * is not silent is row->anomaly. */
bool donut_alert_step(const struct donut_alert_options *opt, struct donut_alert *alert,
                      const struct donut_alert_point *point, const struct donut_score_row *row);

#ifdef __cplusplus
}
#endif
#endif
