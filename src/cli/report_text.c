#include "cli/report.h"

#include <math.h>
#include <stdio.h>

#define MOST_SEGMENTS 20
#define ROW "%-10s%6s%10s%7s%7s%10s%7s%7s%7s%8s\n"
#define CELL_SIZE 32

/* Writes x with `format`, or "-" where it is undefined. */
static const char *cell(char out[CELL_SIZE], const char *format, double x)
{
    if (!isfinite(x))
        return "-";
    snprintf(out, CELL_SIZE, format, x);
    return out;
}

/* "32 min", "1.2 h": the units of a table. */
static const char *time_cell(char out[CELL_SIZE], double seconds)
{
    if (!isfinite(seconds))
        return "-";
    if (seconds < 120)
        snprintf(out, CELL_SIZE, "%.0f s", seconds);
    else if (seconds < 120 * 60)
        snprintf(out, CELL_SIZE, "%.0f min", seconds / 60);
    else if (seconds < 48 * 3600)
        snprintf(out, CELL_SIZE, "%.1f h", seconds / 3600);
    else
        snprintf(out, CELL_SIZE, "%.1f d", seconds / 86400);
    return out;
}

static void put_point(struct donut_text *text, const char *name,
                      const struct donut_operating_point *point, double auc, size_t segments)
{
    char f[CELL_SIZE], precision[CELL_SIZE], recall[CELL_SIZE], area[CELL_SIZE];
    char threshold[CELL_SIZE], found[2 * CELL_SIZE], wrong[CELL_SIZE];
    char delay[CELL_SIZE], seconds[CELL_SIZE];
    snprintf(found, sizeof found, "%zu/%zu", point->detected_segments, segments);
    snprintf(wrong, sizeof wrong, "%zu", point->false_alarms);
    donut_text_print(text, ROW, name, cell(f, "%.3f", point->f),
                     cell(precision, "%.3f", point->precision), cell(recall, "%.3f", point->recall),
                     cell(area, "%.3f", auc), cell(threshold, "%.4g", point->threshold), found,
                     wrong, cell(delay, "%.1f", point->alert_delay_points),
                     time_cell(seconds, point->alert_delay_seconds));
}

static void put_points(struct donut_text *text, const struct donut_operating_point point[3],
                       const char *delayed, size_t segments)
{
    put_point(text, "  adjusted", &point[0], NAN, segments);
    put_point(text, delayed, &point[1], NAN, segments);
    put_point(text, "  raw", &point[2], NAN, segments);
}

static void put_input(struct donut_text *text, const char *file, const struct donut_scored *scored,
                      const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "%s: %zu points, %zu anomalous in %zu segment%s", file,
                     evaluation->points, evaluation->anomalous_points, evaluation->segments,
                     evaluation->segments == 1 ? "" : "s");
    if (scored->missing > 0 || scored->warmup > 0)
        donut_text_print(text, "\n(left out: %zu missing, %zu warming up)", scored->missing,
                         scored->warmup);
    donut_text_print(text, "\n");
}

static void put_table(struct donut_text *text, const struct donut_evaluation *evaluation)
{
    const size_t segments = evaluation->segments;
    char delayed[CELL_SIZE], random[CELL_SIZE];
    snprintf(delayed, sizeof delayed, "  %zu-delay", evaluation->delay);
    donut_text_print(text, "\n" ROW, "", "F", "precision", "recall", "AUC", "threshold", "found",
                     "false", "delay", "time");
    donut_text_print(text, "Best possible threshold, chosen with the labels\n");
    put_point(text, "  adjusted", &evaluation->adjusted.best, evaluation->adjusted.auc, segments);
    donut_text_print(text, "%-10s%6s  (adjusted, scores drawn at random)\n", "  floor",
                     cell(random, "%.3f", evaluation->random_floor));
    put_point(text, delayed, &evaluation->delayed.best, evaluation->delayed.auc, segments);
    put_point(text, "  raw", &evaluation->raw.best, evaluation->raw.auc, segments);
    if (evaluation->has_verdict) {
        donut_text_print(text, "The model's own threshold (column anomaly)\n");
        put_points(text, evaluation->verdict, delayed, segments);
    }
    if (evaluation->has_threshold) {
        donut_text_print(text, "The threshold you gave\n");
        put_points(text, evaluation->at_threshold, delayed, segments);
    }
}

static void put_legend(struct donut_text *text, const struct donut_evaluation *evaluation)
{
    char random[CELL_SIZE], delayed[CELL_SIZE];
    snprintf(delayed, sizeof delayed, "%zu-delay", evaluation->delay);
    donut_text_print(text,
                     "\n%-9s an alarm anywhere in a segment finds all of it. This flatters:\n"
                     "%-9s scores drawn at random reach %s here (floor)\n"
                     "%-9s likewise, but only an alarm at most %zu point%s after its start\n"
                     "%-9s point by point\n",
                     "adjusted", "", cell(random, "%.3f", evaluation->random_floor), delayed,
                     evaluation->delay, evaluation->delay == 1 ? "" : "s", "raw");
    donut_text_print(text,
                     "found: segments with an alarm; false: normal points with an alarm; delay\n"
                     "and time: from a segment's start to its first alarm, on average\n");
}

static void put_segment(struct donut_text *text, const struct donut_scored *scored,
                        const struct donut_segment *segment)
{
    char delay[CELL_SIZE], seconds[CELL_SIZE], start[CELL_SIZE];
    snprintf(start, sizeof start, "point %lld", (long long)scored->position[segment->first]);
    donut_text_print(text, "  %-26s%8zu%7s%8s%9s%12.4g\n",
                     scored->time ? scored->time[segment->first] : start, segment->length,
                     segment->detected ? "yes" : "NO", cell(delay, "%.0f", segment->delay_points),
                     time_cell(seconds, segment->delay_points * scored->interval_seconds),
                     segment->peak);
}

static void put_segments(struct donut_text *text, const struct donut_scored *scored,
                         const struct donut_evaluation *evaluation, bool all)
{
    const size_t n = evaluation->segments;
    const size_t shown = all || n <= MOST_SEGMENTS ? n : MOST_SEGMENTS;
    const char *setting = evaluation->has_threshold ? "the threshold you gave"
                          : evaluation->has_verdict ? "the model's own threshold"
                                                    : "the best possible threshold, adjusted";
    donut_text_print(text, "\nSegments, at %s\n  %-26s%8s%7s%8s%9s%12s\n", setting, "start",
                     "points", "found", "delay", "time", "peak score");
    for (size_t i = 0; i < shown; i++)
        put_segment(text, scored, &evaluation->segment[i]);
    if (shown < n)
        donut_text_print(text, "  ... and %zu more; --segments shows them all\n", n - shown);
}

/* Without a labelled anomaly there is nothing to find, but still false alarms to count. */
static void put_false_alarms(struct donut_text *text, const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "\nNo point is labelled anomalous, so there is no F to compute.\n");
    if (evaluation->has_verdict)
        donut_text_print(text, "False alarms at the model's own threshold: %zu\n",
                         evaluation->verdict[0].false_alarms);
    if (evaluation->has_threshold)
        donut_text_print(text, "False alarms at the threshold you gave: %zu\n",
                         evaluation->at_threshold[0].false_alarms);
}

void donut_report_text(struct donut_text *text, const char *file, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation, bool all_segments)
{
    put_input(text, file, scored, evaluation);
    if (evaluation->segments == 0) {
        put_false_alarms(text, evaluation);
        return;
    }
    put_table(text, evaluation);
    put_legend(text, evaluation);
    put_segments(text, scored, evaluation, all_segments);
}
