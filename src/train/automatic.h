/* The window that is chosen where none is given: what the interval and the season suggest, as far
 * as the range has points for it. Likewise the epochs. */
#ifndef DONUT_TRAIN_AUTOMATIC_H
#define DONUT_TRAIN_AUTOMATIC_H

#include "donut.h"

#define DONUT_USUAL_WINDOW 120 /* the paper's, and the longest that is chosen */
#define DONUT_LEAST_WINDOW 10  /* the shortest; a cnn encoder takes no shorter one */

/* W for points so far apart (ms, > 0) and a season of so many points (0 = none): two days or two
 * seasons, whichever is longer, within the two limits. */
size_t donut_window_usual(int64_t interval_ms, size_t season);

/* That window for parts of which the shorter has `points` points and the poorer `normal` normal
 * ones: at most half as long as the former, so that there are scores to fit a threshold to, and no
 * longer than the latter. It is not shortened below the lower limit. */
size_t donut_window_shortened(size_t usual, size_t points, size_t normal);

/* Epochs over so many windows, >= 1, in batches of so many at most: 40, or as many more as make
 * 4000 steps, but no more than the paper's 250. */
size_t donut_epochs_usual(size_t windows, size_t batch_size);

/* The usual W for points [from, to), at least one; the season is looked for only where it can
 * matter. DONUT_ENOMEM. */
enum donut_status donut_window_suggest(const struct donut_series *series, size_t from, size_t to,
                                       size_t *window, struct donut_error *err);

#endif
