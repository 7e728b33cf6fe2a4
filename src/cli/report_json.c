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

static void put_curve(struct donut_text *text, const struct donut_curve *curve)
{
    put_point(text, "best_f", &curve->best);
    donut_text_print(text, ", ");
    put_number(text, "auc", curve->auc);
    donut_text_print(text, "},\n");
}

/* Adjusted, with the delayed and the raw figures inside. */
static void put_points(struct donut_text *text, const char *key,
                       const struct donut_operating_point point[3])
{
    donut_text_print(text, "  \"%s\": {", key);
    put_point(text, "f", &point[0]);
    donut_text_print(text, ",\n    \"delayed\": {");
    put_point(text, "f", &point[1]);
    donut_text_print(text, "},\n    \"raw\": {");
    put_point(text, "f", &point[2]);
    donut_text_print(text, "}},\n");
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
    put_number(text, "peak_score", segment->peak);
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
    donut_text_print(text, "]\n");
}

void donut_report_json(struct donut_text *text, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation)
{
    donut_text_print(text,
                     "{\n  \"points\": %zu, \"anomalous_points\": %zu, \"segments\": %zu,\n"
                     "  \"missing\": %zu, \"warmup\": %zu, ",
                     evaluation->points, evaluation->anomalous_points, evaluation->segments,
                     scored->missing, scored->warmup);
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
        put_points(text, "verdict", evaluation->verdict);
    else
        donut_text_print(text, "  \"verdict\": null,\n");
    if (evaluation->has_threshold)
        put_points(text, "at_threshold", evaluation->at_threshold);
    put_segments(text, scored, evaluation);
    donut_text_print(text, "}\n");
}
