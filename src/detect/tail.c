#include "detect/tail.h"

#include "base/arena.h"
#include "base/sort.h"
#include "base/status.h"
#include "detect/pareto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.98
#define LOWEST_LEVEL 0.90
#define ENOUGH_PEAKS 50
#define SMALLEST_RISK 1e-12

/* Chooses t among the sorted scores (n); returns the rank of the first peak, n = none. */
static size_t choose_level(const double *sorted, size_t n, double *t)
{
    const size_t lowest = (size_t)(LOWEST_LEVEL * (double)n);
    size_t rank = (size_t)(LEVEL * (double)n);
    size_t peak = rank + 1; /* the lowest rank whose score exceeds that of `rank` */
    while (peak < n && sorted[peak] == sorted[rank])
        peak++;
    while (n - peak < ENOUGH_PEAKS && rank > lowest) {
        if (sorted[rank - 1] < sorted[rank])
            peak = rank;
        rank--;
    }
    *t = sorted[rank];
    return peak;
}

/* Turns the sorted scores into excesses over t in place, and fits those. */
static void fit_sorted(double *sorted, size_t n, struct donut_tail *tail)
{
    *tail = (struct donut_tail){.n = n};
    const size_t first = choose_level(sorted, n, &tail->t);
    tail->peaks = n - first;
    if (tail->peaks == 0)
        return;
    for (size_t i = first; i < n; i++)
        sorted[i] -= tail->t;
    const double largest = sorted[n - 1];
    const struct donut_pareto pareto = donut_pareto_fit(sorted + first, n - first);
    tail->gamma = pareto.gamma;
    tail->sigma = pareto.sigma;
    if (tail->gamma <= DONUT_HEAVIEST_TAIL)
        return;
    /* The fit has divided the excesses by their mean. */
    const double mean = largest / sorted[n - 1];
    tail->gamma = DONUT_HEAVIEST_TAIL;
    tail->sigma = mean * donut_pareto_fit_scale(sorted + first, n - first, DONUT_HEAVIEST_TAIL);
}

enum donut_status donut_tail_fit(const double *scores, size_t n, struct donut_tail *tail,
                                 struct donut_error *err)
{
    if (n == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "there is no scored validation point to fit the threshold to: the "
                          "validation part of the range holds only missing or labelled points, "
                          "give more data");
    double *sorted = donut_calloc(n, sizeof *sorted);
    if (!sorted)
        return donut_fail_memory(err);
    memcpy(sorted, scores, n * sizeof *sorted);
    donut_sort(sorted, n);
    fit_sorted(sorted, n, tail);
    free(sorted);
    return DONUT_OK;
}

enum donut_status donut_tail_threshold(const struct donut_tail *tail, double risk,
                                       double *threshold, struct donut_error *err)
{
    const double share = tail->peaks ? (double)tail->peaks / (double)tail->n : 1;
    if (!(risk >= SMALLEST_RISK && risk < share))
        return donut_fail(err, DONUT_EARGUMENT,
                          "the risk %g cannot be used: it must be at least 1e-12 and below %g, the "
                          "share of the validation scores that the threshold is fitted to; for a "
                          "lower threshold than that give --threshold",
                          risk, share);
    const struct donut_pareto pareto = {tail->gamma, tail->sigma};
    const double excess = tail->peaks ? donut_pareto_quantile(pareto, risk / share) : 0;
    const double result = fmax(tail->t + excess, nextafter(tail->t, INFINITY));
    if (!isfinite(result))
        return donut_fail(err, DONUT_EARGUMENT,
                          "the risk %g is too small: under the fitted tail no finite score is that "
                          "rare, choose a larger risk",
                          risk);
    *threshold = result;
    return DONUT_OK;
}

double donut_tail_surprise(const struct donut_tail *tail, double score)
{
    if (tail->peaks == 0 || !(score > tail->t))
        return NAN;
    const struct donut_pareto pareto = {tail->gamma, tail->sigma};
    const double of_t = log10((double)tail->n / (double)tail->peaks);
    const double above_t = -donut_pareto_log_survival(pareto, score - tail->t) / log(10);
    return fmin(of_t + above_t, DONUT_MOST_SURPRISE);
}
