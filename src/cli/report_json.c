#include "cli/report.h"

#include "cli/escape.h"

#include <math.h>
#include <string.h>

static void put_number(struct donut_text *text, const char *key, double x)
{
    donut_text_print(text, "\"%s\": ", key);
    if (isfinite(x))
        donut_text_double(text, x);
    else
        donut_text_put(text, "null", 4);
}

/* The figures of one setting, without braces; F is called `f`. */
static void put_point(struct donut_text *text, const char *f,
                      const struct donut_operating_point *point)
{
    put_number(text, f, point->f);
    donut_text_print(text, ", ");
    put_number(text, "precision", point->precision);
    donut_text_print(text, ", ");
    put_number(text, "recall", point->recall);
    donut_text_print(text, ", ");
    put_number(text, "threshold", point->threshold);
    donut_text_print(text, ",\n    \"detected_segments\": %zu, \"false_alarms\": %zu,\n    ",
                     point->detected_segments, point->false_alarms);
    put_number(text, "alert_delay_points", point->alert_delay_points);
    donut_text_print(text, ", ");
    put_number(text, "alert_delay_seconds", point->alert_delay_seconds);
}

/* What the ratios of a sum were computed from, beside its false alarms. */
static void put_counts(struct donut_text *text, const struct donut_operating_point *point)
{
    donut_text_print(text, ",\n    \"true_positives\": %zu, \"false_negatives\": %zu",
                     point->true_positives, point->false_negatives);
}

static void put_curve(struct donut_text *text, const struct donut_curve *curve)
{
    put_point(text, "best_f", &curve->best);
    donut_text_print(text, ", ");
    put_number(text, "auc", curve->auc);
    donut_text_print(text, "},\n");
}

/* Adjusted, with the delayed and the raw figures inside. */
static void put_points(struct donut_text *text, const char *key,
                       const struct donut_operating_point point[3], bool counts)
{
    static const char *const inside[] = {"", ",\n    \"delayed\": {", "},\n    \"raw\": {"};
    donut_text_print(text, "  \"%s\": {", key);
    for (size_t i = 0; i < 3; i++) {
        donut_text_print(text, "%s", inside[i]);
        put_point(text, "f", &point[i]);
        if (counts)
            put_counts(text, &point[i]);
    }
    donut_text_print(text, "}}");
}

static void put_segment(struct donut_text *text, const struct donut_scored *scored,
                        const struct donut_segment *segment)
{
    donut_text_print(text, "    {\"start\": ");
    const char *start = scored->time ? scored->time[segment->first] : NULL;
    if (start)
        donut_escape_json(text, start, strlen(start));
    else
        donut_text_print(text, "null");
    donut_text_print(text, ", \"position\": %lld, \"points\": %zu, \"detected\": %s, ",
                     (long long)scored->position[segment->first], segment->length,
                     segment->detected ? "true" : "false");
    put_number(text, "delay_points", segment->delay_points);
    donut_text_print(text, ", ");
    put_number(text, "delay_seconds", segment->delay_points * scored->interval_seconds);
    donut_text_print(text, ", ");
    put_number(text, scored->by == DONUT_RANK_SURPRISE ? "peak_surprise" : "peak_score",
               segment->peak);
    donut_text_print(text, "}");
}

static void put_segments(struct donut_text *text, const struct donut_scored *scored,
                         const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "  \"segment_list\": [");
    for (size_t i = 0; i < evaluation->segments; i++) {
        donut_text_print(text, i ? ",\n" : "\n");
        put_segment(text, scored, &evaluation->segment[i]);
    }
    donut_text_print(text, "]\n}");
}

static void put_members(struct donut_text *text, const struct donut_scored *scored,
                        const struct donut_evaluation *evaluation)
{
    donut_text_print(text,
                     "  \"points\": %zu, \"anomalous_points\": %zu, \"segments\": %zu,\n"
                     "  \"missing\": %zu, \"warmup\": %zu, \"warmup_anomalous\": %zu,\n"
                     "  \"join_gaps\": %s, \"by\": \"%s\", ",
                     evaluation->points, evaluation->anomalous_points, evaluation->segments,
                     scored->missing, scored->warmup, scored->warmup_anomalous,
                     evaluation->join_gaps ? "true" : "false", donut_rank_name(scored->by));
    put_number(text, "interval_seconds", scored->interval_seconds);
    donut_text_print(text, ",\n  \"adjusted\": {");
    put_curve(text, &evaluation->adjusted);
    donut_text_print(text, "  \"delayed\": {\"delay\": %zu, ", evaluation->delay);
    put_curve(text, &evaluation->delayed);
    donut_text_print(text, "  \"raw\": {");
    put_curve(text, &evaluation->raw);
    donut_text_print(text, "  \"random_floor\": {");
    put_number(text, "best_f", evaluation->random_floor);
    donut_text_print(text, "},\n");
    if (evaluation->has_verdict)
        put_points(text, "verdict", evaluation->verdict, false);
    else
        donut_text_print(text, "  \"verdict\": null");
    donut_text_print(text, ",\n");
    if (evaluation->has_threshold) {
        put_points(text, "at_threshold", evaluation->at_threshold, false);
        donut_text_print(text, ",\n");
    }
    put_segments(text, scored, evaluation);
}

void donut_report_json(struct donut_text *text, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "{\n");
    put_members(text, scored, evaluation);
    donut_text_print(text, "\n");
}

/* ---- fleets */

void donut_report_json_kpi(struct donut_text *text, const struct donut_scored_kpi *kpi,
                           const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "{\n  \"key\": ");
    donut_escape_json(text, kpi->key, kpi->key_size);
    donut_text_print(text, ",\n");
    put_members(text, kpi->scored, evaluation);
}

static void put_mean(struct donut_text *text, const char *f, const struct donut_mean_figures *mean)
{
    put_number(text, f, mean->f);
    donut_text_print(text, ", ");
    put_number(text, "precision", mean->precision);
    donut_text_print(text, ", ");
    put_number(text, "recall", mean->recall);
}

/* Adjusted, with the others inside, as put_points() has it. */
static void put_mean_points(struct donut_text *text, const char *key,
                            const struct donut_mean_figures mean[3])
{
    donut_text_print(text, ",\n  \"%s\": {", key);
    put_mean(text, "f", &mean[0]);
    donut_text_print(text, ",\n    \"delayed\": {");
    put_mean(text, "f", &mean[1]);
    donut_text_print(text, "},\n    \"raw\": {");
    put_mean(text, "f", &mean[2]);
    donut_text_print(text, "}}");
}

static void put_means(struct donut_text *text, const struct donut_evaluation_sum *sum, size_t delay)
{
    donut_text_print(text, "\"mean\": {\n  \"adjusted\": {");
    put_mean(text, "best_f", &sum->mean_best[0]);
    donut_text_print(text, "},\n  \"delayed\": {\"delay\": %zu, ", delay);
    put_mean(text, "best_f", &sum->mean_best[1]);
    donut_text_print(text, "},\n  \"raw\": {");
    put_mean(text, "best_f", &sum->mean_best[2]);
    donut_text_print(text, "},\n  \"random_floor\": {");
    put_number(text, "best_f", sum->mean_random_floor);
    donut_text_print(text, "}");
    if (sum->has_verdict)
        put_mean_points(text, "verdict", sum->mean_verdict);
    else
        donut_text_print(text, ",\n  \"verdict\": null");
    if (sum->has_threshold)
        put_mean_points(text, "at_threshold", sum->mean_at_threshold);
    donut_text_print(text, "},\n");
}

void donut_report_json_sum(struct donut_text *text, const struct donut_evaluation_sum *sum,
                           const struct donut_rows_out *out, size_t delay)
{
    donut_text_print(text, "\"evaluated\": %zu, \"anomalous_kpis\": %zu,\n", sum->kpis,
                     sum->anomalous_kpis);
    put_means(text, sum, delay);
    donut_text_print(text,
                     "\"sum\": {\n"
                     "  \"points\": %zu, \"anomalous_points\": %zu, \"segments\": %zu,\n"
                     "  \"missing\": %zu, \"warmup\": %zu, \"warmup_anomalous\": %zu,\n",
                     sum->points, sum->anomalous_points, sum->segments, out->missing, out->warmup,
                     out->warmup_anomalous);
    if (sum->has_verdict)
        put_points(text, "verdict", sum->verdict, true);
    else
        donut_text_print(text, "  \"verdict\": null");
    if (sum->has_threshold) {
        donut_text_print(text, ",\n");
        put_points(text, "at_threshold", sum->at_threshold, true);
    }
    donut_text_print(text, "}\n");
}
