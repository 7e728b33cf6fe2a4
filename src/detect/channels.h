/* The two channels of the verdict on a point, shape and step, on the common scale of surprise.
 *
 * shape: |z_t|, how far the value lies from what the model makes of its window, in its own standard
 * deviations; and the same of the last five points together, which finds what is never far off but
 * keeps to one side (struct donut_normal has the formulas).
 * step: the last step against the mean of the last 16. No network: it sees at once what the network
 * has learnt to expect, and does not see what creeps.
 *
 * The larger surprise counts, less the overlap. But a value that is nearly as expected is never
 * strange by its neighbours: drift and step speak only where |z_t| exceeds its .8 quantile. So an
 * incident's end, a jump back to normal, is no alarm, and all that is normal lies in one interval
 * around the expected value: the band. */
#ifndef DONUT_DETECT_CHANNELS_H
#define DONUT_DETECT_CHANNELS_H

#include "base/real.h"
#include "donut.h"

#define DONUT_DRIFT_POINTS 5
#define DONUT_STEP_POINTS 16
/* Smallest standard deviation, in those of the KPI: smaller deviations interest nobody. */
#define DONUT_SMALLEST_SD 0.02

/* What is known of a point before its value is, standardised. */
struct donut_outlook {
    double mean, sd;    /* of x_t, by the model; sd >= DONUT_SMALLEST_SD. The mean with the shift
                           of a level that has changed for good: what lately was the median of
                           x_t - mean */
    double model_mean;  /* without it */
    double drift;       /* sum of the z of the points before that are known ... */
    size_t drift_known; /* ... of which there are so many, < DONUT_DRIFT_POINTS */
    double step_gain;   /* the step statistic is |gain x_t - offset|; 0 = not known */
    double step_offset;
    double relief, step_relief; /* in (0, 1], factors of shape's and step's statistics: less than 1
                                   when a change has lasted for so long that it is normal */
};

/* Fills in the step's part for x[i], of which the window - 1 points before are there. Where
 * x_{t-16} is missing the point after it that is not takes its place; where x_{t-1} is, there is no
 * step. */
void donut_outlook_look_at_step(struct donut_outlook *outlook, const donut_real *x,
                                const unsigned char *missing, size_t i, size_t window);

double donut_outlook_deviation(const struct donut_outlook *outlook, double x);
double donut_outlook_drift(const struct donut_outlook *outlook, double x);
double donut_outlook_step(const struct donut_outlook *outlook, double x); /* NaN = not known */

/* In steps of 1e-4, which are fine enough for every use, so that what is printed is what the
 * verdict is about; at most DONUT_MOST_SURPRISE. */
double donut_round_surprise(double surprise);

struct donut_judgement {
    double surprise;        /* 0..DONUT_MOST_SURPRISE */
    enum donut_cause cause; /* what is above `level`; NONE = nothing, no anomaly */
};

/* `by`: BOTH, SHAPE or STEP; `level` rounded likewise. */
struct donut_judgement donut_channels_judge(const struct donut_normal *normal,
                                            enum donut_verdict_by by, double level,
                                            const struct donut_outlook *outlook, double x);

/* No value in [*lower, *upper] would be an anomaly. They hold outlook->mean, but for STEP alone;
 * there they are infinite where the step is not known. */
void donut_channels_band(const struct donut_normal *normal, enum donut_verdict_by by, double level,
                         const struct donut_outlook *outlook, double *lower, double *upper);

/* What is to be fitted: the rules of its three calibrations. */
extern const struct donut_calibration_rule donut_deviation_rule, donut_drift_rule, donut_step_rule;

#endif
