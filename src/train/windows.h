/* The windows of the range that a model is trained on, by their first point: which of them are
 * learnt from, and the order in which an epoch visits them. */
#ifndef DONUT_TRAIN_WINDOWS_H
#define DONUT_TRAIN_WINDOWS_H

#include "base/random.h"
#include "train/range.h"

struct donut_window_set {
    unsigned char *normal; /* (n) 1 = the point is neither missing nor labelled */
    unsigned char *whole;  /* (n) 1 = the window that begins here holds normal points alone */
    size_t length;         /* W */
    bool only_whole;       /* those alone are learnt from */
};

/* False: no memory; it is to be freed then, too. */
bool donut_windows_new(const struct donut_range *range, const struct donut_train_options *opt,
                       struct donut_window_set *windows);
void donut_windows_free(struct donut_window_set *windows);

/* How many windows lie within points [first, end), which are W at least; how many of them are
 * learnt from. */
size_t donut_windows_between(const struct donut_window_set *windows, size_t first, size_t end);
size_t donut_windows_learnt(const struct donut_window_set *windows, size_t first, size_t end);

/* Writes the first `count` windows that are learnt from, of so many at least, to order (count), in
 * an order that depends on the stream alone. */
void donut_windows_shuffle(const struct donut_window_set *windows, struct donut_stream stream,
                           size_t count, uint32_t *order);

#endif
