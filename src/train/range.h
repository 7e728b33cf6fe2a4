/* The stretch of a series that a model is trained on, and whether it is enough. */
#ifndef DONUT_TRAIN_RANGE_H
#define DONUT_TRAIN_RANGE_H

#include "data/fence.h"
#include "donut.h"

struct donut_range {
    const double *value;        /* (n) NaN = missing */
    const unsigned char *label; /* (n) 1 = not to be learnt from; or NULL: none are */
    size_t n, n_train;          /* points; those before the validation part */
    size_t window;              /* W, as given or as chosen */
    size_t usual_window;        /* what a longer range would have got; 0 = W was not chosen */
    size_t labelled;            /* points that had a label ... */
    size_t labels_kept;         /* ... and that have it still */
    size_t wild;                /* points beyond the fence, which count as labelled */
    struct donut_fence fence;   /* with DONUT_SCALE_ROBUST; else there is none */
    unsigned char *own;         /* `label`, where it is not the series'; else NULL */
};

/* Grid points [from, to) of the series, with `opt` checked against them, and only those labels that
 * it keeps; wild points are as if labelled. DONUT_EARGUMENT for an option out of its range,
 * DONUT_EINPUT when there is too little to learn from, DONUT_ENOMEM; there is nothing to free then,
 * and the two windows are still what they would be, or 0 if they were not arrived at. */
enum donut_status donut_range_choose(const struct donut_series *series, size_t from, size_t to,
                                     const struct donut_train_options *opt,
                                     struct donut_range *range, struct donut_error *err);

void donut_range_free(struct donut_range *range);

/* How many of n points are for validation, with that share; the others are learnt from. */
size_t donut_range_validation(size_t n, double share);

/* The fewest points that have a window in each of the two parts. A float: a tiny share may need
 * more than there can be. */
double donut_range_fewest(size_t window, double share);

/* Point i is neither missing nor labelled. */
bool donut_range_normal(const struct donut_range *range, size_t i);

#endif
