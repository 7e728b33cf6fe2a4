/* What is normal, from the verdicts on the validation part: the calibrations of the channels, which
 * need no labels and hold against anomalies that nobody labelled. */
#ifndef DONUT_TRAIN_NORMAL_H
#define DONUT_TRAIN_NORMAL_H

#include "detect/score.h"

/* Verdicts on the points end[0] < end[1] < ... of a range that are to be taken for normal. */
struct donut_validated {
    size_t n;                            /* >= 1 */
    const size_t *end;                   /* (n) */
    const struct donut_verdict *verdict; /* (n) */
    const donut_real *x;                 /* standardised, of the whole range */
    unsigned char *missing; /* likewise, 0 or 1; becomes 1 where a point is wild: detect/judge.h */
    size_t window;
};

/* Fits, and counts the alarms there would have been at that risk; `by` is not SCORE. DONUT_ENOMEM.
 */
enum donut_status donut_normal_fit(const struct donut_validated *validated,
                                   enum donut_verdict_by by, double risk,
                                   struct donut_normal *normal, struct donut_error *err);

#endif
