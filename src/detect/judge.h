/* Verdicts on points in order of time: the windows, and what the points before have shown.
 *
 * Points that are far off, at a surprise of |z_t| above DONUT_WILD_SURPRISE in the window as it is,
 * are suspect, and wild if they are still far off where the other suspects in the window are taken
 * for missing and imputed: what comes after an incident looks strange because of it. In the windows
 * of later points wild ones are imputed, too. Where more than half of a window would be hidden, or
 * less than a quarter be seen, it is left as it is: what lasts that long is the new normal. Whether
 * a point is suspect depends on its own window alone, so that all of this is a function of the last
 * donut_recent_reach() points and streams can equal batches. */
#ifndef DONUT_DETECT_JUDGE_H
#define DONUT_DETECT_JUDGE_H

#include "detect/recent.h"
#include "detect/scorer.h"

#define DONUT_WILD_SURPRISE 4.0

/* Points of a model's KPI with the W - 1 before them. */
struct donut_passage {
    const struct donut_model *model;
    const donut_real *x;          /* (W - 1 + n + DONUT_PANEL) standardised, filled where missing */
    const donut_real *wide;       /* (W - 1 + n) likewise, but beyond the model's limit, too: what
                                     is held there looks the same to the network, not to others */
    const unsigned char *missing; /* (W - 1 + n) 0 or 1 */
    const unsigned char *warmup;  /* (W - 1 + n) */
    size_t n;                     /* 1..scorer->batch */
};

/* Rows of the passage's points, which come next after those that `recent` knows. The detector is
 * aimed at the model. Errors as donut_detector_judge(), and DONUT_ENOMEM. */
enum donut_status donut_judge(struct donut_scorer *scorer, struct donut_detector *detector,
                              const struct donut_rule *rule, const struct donut_passage *passage,
                              struct donut_recent *recent, struct donut_score_row *rows,
                              struct donut_error *err);

#endif
