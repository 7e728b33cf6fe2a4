/* The two kinds of work that are timed, as a program calls them: donut_train() and donut_score().
 */
#ifndef DONUT_BENCH_WORK_H
#define DONUT_BENCH_WORK_H

#include "donut.h"

#define PAPER_POINTS 296460 /* of the paper's KPI A */

/* A KPI of one minute with a daily season, without missing points and labels. Freed by
 * series_drop(). */
struct donut_series series_make(size_t n);
void series_drop(struct donut_series *series);

/* Floating-point operations of matrix products, with the paper's shapes: of a window in training,
 * forward and backward; of a point scored from that many samples. */
double training_operations(void);
double scoring_operations(size_t samples);

/* Training windows per second, over about so many seconds of steps without validation. */
double train_rate(const struct donut_series *series, const char *kernel, size_t threads,
                  double seconds);

/* Seconds from the call of donut_train() to the end of the first epoch's last step. *windows: how
 * many that were. The model is handed out. */
double train_epoch(const struct donut_series *series, size_t threads, size_t *windows,
                   struct donut_model **model);

/* How to score; `points` begins as 0 and becomes as many as take about `seconds`. */
struct scoring {
    enum donut_sampler sampler;
    size_t samples;
    const char *kernel;
    size_t threads;
    double seconds;
    size_t points;
};

/* Points per second of one call of donut_score(). */
double score_rate(const struct donut_model *model, const struct donut_series *series,
                  struct scoring *scoring);

#endif
