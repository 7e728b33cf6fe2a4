/* The generalised Pareto distribution of excesses y > 0:
 * P(Y > y) = (1 + gamma y / sigma)^(-1/gamma), and exp(-y / sigma) for gamma = 0. */
#ifndef DONUT_DETECT_PARETO_H
#define DONUT_DETECT_PARETO_H

#include "donut.h"

struct donut_pareto {
    double gamma, sigma; /* shape > -0.5, scale > 0 in the unit of the excesses */
};

/* Maximum likelihood fit to excess (n), n >= 1, all > 0, mean finite, any order; divides them by
 * their mean. Fewer than 10 of them tell nothing about the shape: gamma = 0 then. */
struct donut_pareto donut_pareto_fit(double *excess, size_t n);

/* The maximum likelihood scale for a given shape gamma >= 0.   excess (n), n >= 1, all > 0 */
double donut_pareto_fit_scale(const double *excess, size_t n, double gamma);

/* The excess that is exceeded with probability p in (0, 1); may overflow to infinity. */
double donut_pareto_quantile(struct donut_pareto pareto, double p);

/* log P(Y > y) for y >= 0; -infinity from the end point on, which there is for gamma < 0. */
double donut_pareto_log_survival(struct donut_pareto pareto, double y);

#endif
