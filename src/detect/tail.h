/* The score threshold by peaks over threshold (Siffer et al., KDD 2017): the scores above a high
 * level t follow a generalised Pareto distribution, which is fitted and then extrapolated to the
 * score that a normal point exceeds with a given, small probability. No labels needed. */
#ifndef DONUT_DETECT_TAIL_H
#define DONUT_DETECT_TAIL_H

#include "donut.h"

/* Fits the tail of scores (n), any order, finite and at most 1e300 in size; copies them.
 * t is the 98 % quantile, or so much lower that 50 scores lie strictly above it, but never below
 * the 90 % quantile. The shape gamma is held at 0.5: scores of normal points have a finite
 * variance, so a heavier tail comes from anomalies that nobody labelled, and would carry the
 * threshold off to where nothing is ever an alarm. Where nothing lies above t (all scores equal, or
 * very few of them): peaks = 0, gamma = sigma = 0. DONUT_EINPUT for n = 0, DONUT_ENOMEM. */
enum donut_status donut_tail_fit(const double *scores, size_t n, struct donut_tail *tail,
                                 struct donut_error *err);

/* The score exceeded with probability `risk`; above t, and finite. DONUT_EARGUMENT unless
 * 1e-12 <= risk < peaks / n and the result is finite. Without peaks every risk in (0, 1) gives the
 * next number above t, so that nothing that was seen is an alarm. */
enum donut_status donut_tail_threshold(const struct donut_tail *tail, double risk,
                                       double *threshold, struct donut_error *err);

/* -log10 of the probability that a normal point scores at least as much, at most
 * DONUT_MOST_SURPRISE; at the threshold of a risk it is -log10(risk). NaN = not known: the score is
 * not above t, or there are no peaks. */
double donut_tail_surprise(const struct donut_tail *tail, double score);

#endif
