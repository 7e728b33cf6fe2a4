#include "donut.h"

#include "eval/operating_point.h"

#include <math.h>

/* The mean of n values with the mean a, and of m more with the mean b. */
static double join_means(double a, size_t n, double b, size_t m)
{
    if (n == 0)
        return b;
    return m == 0 ? a : (a * (double)n + b * (double)m) / ((double)n + (double)m);
}

static void add_point(struct donut_operating_point *sum, const struct donut_operating_point *point,
                      bool first)
{
    const size_t n = sum->detected_segments, m = point->detected_segments;
    sum->alert_delay_points = join_means(sum->alert_delay_points, n, point->alert_delay_points, m);
    sum->alert_delay_seconds =
        join_means(sum->alert_delay_seconds, n, point->alert_delay_seconds, m);
    sum->detected_segments = n + m;
    sum->true_positives += point->true_positives;
    sum->false_negatives += point->false_negatives;
    sum->false_alarms += point->false_alarms;
    donut_set_ratios(sum);
    if (first)
        sum->threshold = point->threshold;
    else if (sum->threshold != point->threshold)
        sum->threshold = NAN;
}

/* `n` KPIs are in the mean already; `m` more, none or one, come with the point. */
static void add_figures(struct donut_mean_figures *mean, size_t n,
                        const struct donut_operating_point *point, size_t m)
{
    mean->f = join_means(mean->f, n, point->f, m);
    mean->precision = join_means(mean->precision, n, point->precision, m);
    mean->recall = join_means(mean->recall, n, point->recall, m);
}

void donut_evaluation_add(struct donut_evaluation_sum *sum,
                          const struct donut_evaluation *evaluation)
{
    const struct donut_operating_point *const best[] = {
        &evaluation->adjusted.best, &evaluation->delayed.best, &evaluation->raw.best};
    const bool first = sum->kpis == 0;
    const size_t n = sum->anomalous_kpis, m = evaluation->anomalous_points > 0;
    sum->has_verdict = evaluation->has_verdict && (first || sum->has_verdict);
    sum->has_threshold = evaluation->has_threshold && (first || sum->has_threshold);
    for (size_t i = 0; i < 3; i++) {
        add_point(&sum->verdict[i], &evaluation->verdict[i], first);
        add_point(&sum->at_threshold[i], &evaluation->at_threshold[i], first);
        add_figures(&sum->mean_best[i], n, best[i], m);
        add_figures(&sum->mean_verdict[i], n, &evaluation->verdict[i], m);
        add_figures(&sum->mean_at_threshold[i], n, &evaluation->at_threshold[i], m);
    }
    sum->mean_random_floor = join_means(sum->mean_random_floor, n, evaluation->random_floor, m);
    sum->kpis++;
    sum->anomalous_kpis += m;
    sum->points += evaluation->points;
    sum->anomalous_points += evaluation->anomalous_points;
    sum->segments += evaluation->segments;
}
