/* How rare a value of a statistic is among normal points, on a scale that is the same for every
 * KPI: surprise = -log10 P(a normal point has at least this value).
 *
 * The body of the distribution is that of the values themselves, by ranks up to the .95 quantile.
 * Beyond it a Weibull tail through that quantile is extrapolated,
 *   value(s) = q.95 (s / s.95)^shape,   s.95 = -log10 .05,
 * whose shape 1 is an exponential tail and 1/2 a Gaussian's. Two things keep anomalies among the
 * values, which nobody has labelled, from moving it:
 *
 * The shape is a prior one, from the normal points of many KPIs a while after training, which have
 * heavier tails than the points that a network was chosen by. Only long, steady values without any
 * outlier lower it towards a Gaussian's: those whose maxima over a 12th to a 24th of them say so,
 * and whose .8 quantile hardly differs between 16 stretches of time. Anomalies can only keep the
 * prior.
 *
 * The .95 quantile counts for no more than twice the .8 quantile, which a tenth of the values
 * hardly moves.
 *
 * Bursts that are a habit of the KPI are normal. They show in the maxima over blocks of 64 to 512
 * values: where a value is exceeded in four of five blocks of B, its rate is that of
 * P(maximum <= value) = F(value)^B = 1/5. Knots at those values raise the tail. A tenth of the
 * values in bursts of a dozen and more reaches too few blocks to move them.
 *
 * Sources: the extremal types of block maxima and the Weibull tail are textbook (Coles, An
 * Introduction to Statistical Modeling of Extreme Values, 2001); the rules above are ours. */
#ifndef DONUT_DETECT_CALIBRATION_H
#define DONUT_DETECT_CALIBRATION_H

#include "donut.h"

struct donut_calibration_rule {
    double shape; /* the prior one */
    double least; /* the .95 quantile is taken for no less: values below are of no interest */
};

/* Fits value (n), n >= 1, in order of time, finite and >= 0; copies them. Fewer than
 * DONUT_FEWEST_CALIBRATED give the prior shape and no knots of blocks. DONUT_ENOMEM. */
#define DONUT_FEWEST_CALIBRATED 256
enum donut_status donut_calibration_fit(const double *value, size_t n,
                                        const struct donut_calibration_rule *rule,
                                        struct donut_calibration *out, struct donut_error *err);

/* In [0, DONUT_MOST_SURPRISE]. */
double donut_calibration_surprise(const struct donut_calibration *calibration, double value);

/* The value with that surprise > 0: the inverse. */
double donut_calibration_value(const struct donut_calibration *calibration, double surprise);

/* By how much the .95 quantile of surprises (n), n >= 1, is above -log10 .05; at least 0. They are
 * the largest of several, and sorted by this. */
double donut_calibration_overlap(double *surprise, size_t n);

#endif
