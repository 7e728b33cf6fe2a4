#include "cli/info_diagnosis.h"

#include "cli/times.h"
#include "data/grid.h"

#include <math.h>
#include <stdio.h>

#define DAY_MS INT64_C(86400000)
#define LARGEST_WINDOW 1000 /* that is worth suggesting */

static const double many_missing = 0.1, many_labelled = 0.2, many_duplicates = 0.2;
static const double few_at_interval = 0.5, much_jitter = 0.1;
static const double weak = 0.4, rough = 2, few_seasons = 7;
static const double seen_at_least = 1.0 / 24, seen_well = 1.0 / 12; /* of a season in a window */

static void DONUT_PRINTF(3, 4)
    warn(struct donut_diagnosis *d, const char *code, const char *format, ...)
{
    va_list args;
    if (d->warnings == DONUT_MOST_WARNINGS)
        return;
    struct donut_warning *warning = &d->warning[d->warnings++];
    warning->code = code;
    va_start(args, format);
    vsnprintf(warning->text, sizeof warning->text, format, args);
    va_end(args);
}

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void warn_of_shortening(struct donut_diagnosis *d)
{
    const struct donut_plan *plan = &d->plan;
    if (d->survey.n < plan->plenty)
        warn(d, "short",
             "there are %zu points, and the usual window of %zu takes %zu: give more data, or the "
             "window stays shortened to %zu",
             d->survey.n, plan->usual_window, plan->plenty, plan->window);
    else
        warn(d, "short",
             "a part of the range has only %zu points that are neither missing nor labelled: the "
             "usual window of %zu is shortened to that",
             plan->window, plan->usual_window);
}

static void warn_of_plan(struct donut_diagnosis *d)
{
    const struct donut_plan *plan = &d->plan;
    if (plan->lack == DONUT_LACK_POINTS) {
        warn(d, "short", "there are %zu points, and the shortest window takes %zu: give more data",
             d->survey.n, plan->least);
    } else if (plan->lack == DONUT_LACK_NONE && 2 * plan->window < plan->usual_window) {
        warn_of_shortening(d);
    } else if (plan->lack == DONUT_LACK_VALUES) {
        warn(d, "sparse", "%s", plan->reason);
    } else if (plan->lack == DONUT_LACK_CHANGE) {
        warn(d, "constant", "%s", plan->reason);
    }
}

static void warn_of_window(struct donut_diagnosis *d)
{
    struct donut_plan *plan = &d->plan;
    char span[DONUT_SPAN_SIZE], season[DONUT_SPAN_SIZE];
    const double period = (double)d->season.period;
    if ((double)plan->window >= seen_at_least * period)
        return;
    const size_t better = (size_t)ceil(seen_well * period);
    donut_span_words(d->series, plan->window, span);
    donut_span_words(d->series, d->season.period, season);
    if (better <= LARGEST_WINDOW && better <= plan->largest) {
        plan->wanted_window = better;
        warn(d, "window",
             "the window of %s is too little of the season of %s to tell where in it the KPI "
             "stands: train with --window %zu",
             span, season, better);
    } else {
        warn(d, "window",
             "the window of %s is too little of the season of %s to tell where in it the KPI "
             "stands: average the values to a longer interval",
             span, season);
    }
}

static void warn_of_season(struct donut_diagnosis *d)
{
    char span[DONUT_SPAN_SIZE];
    if (d->plan.lack == DONUT_LACK_CHANGE || d->survey.missing == d->survey.n)
        return;
    if (d->season.period == 0 && d->plan.lack == DONUT_LACK_POINTS)
        return;
    if (d->season.period == 0) {
        warn(d, "no_season",
             "no season was found: donut learns the shapes that a KPI repeats, and a longer range "
             "or a longer interval may show one");
        return;
    }
    donut_span_words(d->series, d->season.period, span);
    if (d->season.strength < weak)
        warn(d, "weak_season",
             "the season of %s is weak, %.2f of 1: expect wide bands and late alarms", span,
             d->season.strength);
    if (d->seasons < few_seasons)
        warn(d, "few_seasons",
             "the range covers the season of %s only %.1f times: to learn how much one differs "
             "from the next takes %g or more",
             span, d->seasons, few_seasons);
    warn_of_window(d);
}

static void warn_of_values(struct donut_diagnosis *d)
{
    const struct donut_survey *survey = &d->survey;
    char time[DONUT_TIME_SIZE], span[DONUT_SPAN_SIZE];
    if (survey->extremes > 0) {
        donut_point_words(d->series, survey->furthest, time);
        warn(d, "extremes",
             "%zu value%s more than %d spreads from the median, %.6g at %s the furthest: label "
             "such values if they are anomalies, or leave them empty",
             survey->extremes, survey->extremes == 1 ? " is" : "s are", DONUT_EXTREME_SPREADS,
             d->series->value[survey->furthest], time);
    }
    if (d->plan.wild > 0)
        warn(d, "wild",
             "%zu value%s beyond %.6g to %.6g and will not be learnt from: if such values are "
             "usual, train with --scale moments",
             d->plan.wild, d->plan.wild == 1 ? " lies" : "s lie", d->plan.low, d->plan.high);
    if (survey->longest_run.length >= d->plan.window && survey->min < survey->max) {
        donut_point_words(d->series, survey->longest_run.first, time);
        warn(d, "stuck",
             "the value is %.6g for %s from %s on: if the sensor was stuck, leave these empty or "
             "label them",
             d->series->value[survey->longest_run.first],
             donut_span_words(d->series, survey->longest_run.length, span), time);
    }
    const double reach = fmax(survey->max - survey->median, survey->median - survey->min);
    /* One burst makes a smooth KPI rough, too. */
    if (survey->roughness > rough &&
        (reach <= DONUT_EXTREME_SPREADS * survey->spread || d->season.strength < weak))
        warn(d, "rough",
             "the values jump from point to point nearly as noise does (roughness %.2g; 6 is white "
             "noise): average them to a longer interval",
             survey->roughness);
    if (share(survey->labelled, survey->n) > many_labelled)
        warn(d, "labels",
             "%.0f %% of the points are labelled anomalous and will not be learnt from: check that "
             "1 means an anomaly",
             100 * share(survey->labelled, survey->n));
}

static void warn_of_missing(struct donut_diagnosis *d)
{
    const struct donut_survey *survey = &d->survey;
    char time[DONUT_TIME_SIZE], span[DONUT_SPAN_SIZE];
    const double missing = share(survey->missing, survey->n);
    if (missing > many_missing)
        warn(d, "missing",
             "%.0f %% of the points are missing: look for lost rows, or for a wrong --interval",
             100 * missing);
    const size_t long_gap = d->season.period > d->plan.window ? d->season.period : d->plan.window;
    if (survey->longest_gap.length >= long_gap && survey->missing < survey->n) {
        donut_point_words(d->series, survey->longest_gap.first, time);
        warn(d, "gap",
             "%s from %s on are missing: after such a gap the first scores know nothing of what "
             "was before",
             donut_span_words(d->series, survey->longest_gap.length, span), time);
    }
}

static void warn_of_rows(struct donut_diagnosis *d)
{
    const struct donut_repairs *repairs = &d->series->repairs;
    char interval[DONUT_INTERVAL_SIZE];
    const int64_t ms = d->series->interval_ms;
    donut_interval_describe(ms, interval);
    if (share(repairs->duplicate, repairs->rows) > many_duplicates)
        warn(d, "duplicates",
             "%.0f %% of the rows repeat another one's time: if the file holds several KPIs, say "
             "with --key which column tells whose a row is",
             100 * share(repairs->duplicate, repairs->rows));
    if (share(repairs->snapped, repairs->rows) > much_jitter && d->rows.furthest_ms > ms / 10)
        warn(d, "off_grid", "%.0f %% of the rows lie off the grid of %s, and were moved to it",
             100 * share(repairs->snapped, repairs->rows), interval);
    else if (d->rows.distances > 0 &&
             share(d->rows.at_interval, d->rows.distances) < few_at_interval)
        warn(d, "interval",
             "only %.0f %% of the rows are %s apart: check the interval, or give it with "
             "--interval",
             100 * share(d->rows.at_interval, d->rows.distances), interval);
    else if (DAY_MS % ms != 0 && ms % DAY_MS != 0)
        warn(d, "interval",
             "a day is no whole number of intervals of %s, so that days do not line up: check the "
             "interval, or give it with --interval",
             interval);
}

void donut_find_warnings(struct donut_diagnosis *d)
{
    warn_of_plan(d);
    warn_of_rows(d);
    warn_of_season(d);
    warn_of_values(d);
    warn_of_missing(d);
}
