/* Precision and recall over all thresholds: best F and average precision. */
#ifndef DONUT_EVAL_CURVE_H
#define DONUT_EVAL_CURVE_H

#include "eval/segments.h"

struct donut_sweep {
    double best_f;
    double threshold; /* the highest with best_f: score > threshold raises its alarms */
    double auc;       /* sum (R_k - R_{k-1}) P_k over the distinct scores, falling */
};

/* Sweeps every distinct score of `scored`; all NaN when there is no segment. A protocol that is
 * not `whole` must allow any delay. O((n + m) log m) for m segments, or anomalous points where the
 * protocol is point by point. False: no memory. */
bool donut_sweep(const struct donut_scored *scored, const struct donut_segments *segments,
                 struct donut_protocol protocol, struct donut_sweep *out);

#endif
