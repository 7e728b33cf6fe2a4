/* Label down-sampling (paper 4.3): training as if only few of the anomalies had been labelled. */
#ifndef DONUT_TRAIN_LABELS_H
#define DONUT_TRAIN_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies label (n), 0 = none, to kept (n), where whole segments, which are runs of labelled points,
 * have lost their label: one after the other, each with a probability in proportion to its length
 * among those left, until the next one would take the labelled points that are left further from
 * `share` of them. Sets *left to how many are. The same seed, the same segments. False: no memory.
 */
bool donut_labels_keep(const unsigned char *label, size_t n, double share, uint64_t seed,
                       unsigned char *kept, size_t *left);

#endif
