#include "cli/info_kpi.h"

#include "cli/io.h"
#include "data/series.h"

#include <math.h>
#include <string.h>

static double seconds(const struct donut_series *series, double points)
{
    return points * (double)series->interval_ms / 1000;
}

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static void put_stretch(struct donut_json *json, const char *key, const struct donut_series *series,
                        const struct donut_stretch *stretch)
{
    if (stretch->length == 0) {
        donut_json_null(json, key);
        return;
    }
    donut_json_open(json, key, '{');
    donut_json_time(json, "start", donut_series_time_ms(series, stretch->first));
    donut_json_count(json, "position", stretch->first);
    donut_json_count(json, "points", stretch->length);
    donut_json_number(json, "seconds", seconds(series, (double)stretch->length));
    donut_json_close(json, '}');
}

static void put_season(struct donut_json *json, const struct donut_diagnosis *d)
{
    if (d->season.period == 0) {
        donut_json_null(json, "season");
        return;
    }
    donut_json_open(json, "season", '{');
    donut_json_count(json, "points", d->season.period);
    donut_json_number(json, "seconds", seconds(d->series, (double)d->season.period));
    donut_json_number(json, "strength", d->season.strength);
    donut_json_number(json, "times", d->seasons);
    donut_json_close(json, '}');
}

void donut_info_warnings_json(const struct donut_diagnosis *d, struct donut_json *json)
{
    donut_json_open(json, "warnings", '[');
    for (size_t i = 0; i < d->warnings; i++) {
        donut_json_open(json, NULL, '{');
        donut_json_word(json, "code", d->warning[i].code);
        donut_json_word(json, "text", d->warning[i].text);
        donut_json_close(json, '}');
    }
    donut_json_close(json, ']');
}

static void put_missing(struct donut_json *json, const struct donut_diagnosis *d)
{
    const struct donut_survey *survey = &d->survey;
    donut_json_open(json, "missing", '{');
    donut_json_count(json, "points", survey->missing);
    donut_json_number(json, "share", share(survey->missing, survey->n));
    donut_json_count(json, "absent_in_file", d->series->repairs.absent);
    donut_json_count(json, "empty_in_file", d->series->repairs.empty);
    donut_json_count(json, "gaps", survey->gaps);
    put_stretch(json, "longest_gap", d->series, &survey->longest_gap);
    donut_json_close(json, '}');
}

static void put_values(struct donut_json *json, const struct donut_diagnosis *d)
{
    const struct donut_survey *survey = &d->survey;
    donut_json_open(json, "values", '{');
    donut_json_number(json, "min", survey->min);
    donut_json_number(json, "max", survey->max);
    donut_json_number(json, "mean", survey->mean);
    donut_json_number(json, "std", survey->std);
    donut_json_number(json, "median", survey->median);
    donut_json_number(json, "spread", survey->spread);
    donut_json_count(json, "zeros", survey->zeros);
    donut_json_count(json, "negative", survey->negative);
    donut_json_number(json, "roughness", survey->roughness);
    donut_json_count(json, "extremes", survey->extremes);
    if (survey->furthest < SIZE_MAX) {
        donut_json_open(json, "furthest", '{');
        donut_json_time(json, "time", donut_series_time_ms(d->series, survey->furthest));
        donut_json_count(json, "position", survey->furthest);
        donut_json_number(json, "value", d->series->value[survey->furthest]);
        donut_json_close(json, '}');
    } else {
        donut_json_null(json, "furthest");
    }
    put_stretch(json, "longest_run", d->series, &survey->longest_run);
    donut_json_number(json, "long_run_share", share(survey->in_long_runs, survey->n));
    donut_json_close(json, '}');
}

static void put_labels(struct donut_json *json, const struct donut_diagnosis *d)
{
    if (!d->series->label) {
        donut_json_null(json, "labels");
        return;
    }
    donut_json_open(json, "labels", '{');
    donut_json_count(json, "points", d->survey.labelled);
    donut_json_number(json, "share", share(d->survey.labelled, d->survey.n));
    donut_json_count(json, "segments", d->survey.segments);
    donut_json_close(json, '}');
}

static void put_line_number(struct donut_json *json, const char *key, size_t line)
{
    if (line > 0)
        donut_json_count(json, key, line);
    else
        donut_json_null(json, key);
}

static void put_repairs(struct donut_json *json, const struct donut_diagnosis *d)
{
    const struct donut_repairs *repairs = &d->series->repairs;
    donut_json_open(json, "rows", '{');
    donut_json_count(json, "count", repairs->rows);
    donut_json_count(json, "duplicate", repairs->duplicate);
    donut_json_count(json, "unsorted", repairs->unsorted);
    put_line_number(json, "first_unsorted_line", d->rows.unsorted_line);
    donut_json_count(json, "off_grid", repairs->snapped);
    donut_json_number(json, "largest_shift_seconds",
                      repairs->snapped > 0 && d->rows.furthest_line == 0
                          ? NAN
                          : (double)d->rows.furthest_ms / 1000);
    put_line_number(json, "largest_shift_line", d->rows.furthest_line);
    donut_json_number(json, "at_interval_share", share(d->rows.at_interval, d->rows.distances));
    donut_json_close(json, '}');
}

static void put_plan(struct donut_json *json, const struct donut_info *info,
                     const struct donut_diagnosis *d)
{
    const struct donut_plan *plan = &d->plan;
    struct donut_text command = {0};
    donut_info_command(info, d, &command);
    donut_json_open(json, "training", '{');
    donut_json_bool(json, "enough", plan->lack == DONUT_LACK_NONE);
    donut_json_word(json, "reason", plan->reason[0] ? plan->reason : NULL);
    donut_json_count(json, "window", plan->window);
    donut_json_number(json, "window_seconds", seconds(d->series, (double)plan->window));
    put_line_number(json, "suggested_window", plan->wanted_window);
    donut_json_count(json, "least_points", plan->least);
    donut_json_count(json, "learning_points", plan->learning);
    donut_json_count(json, "validation_points", plan->validation);
    donut_json_count(json, "learning_windows", plan->learning_windows);
    donut_json_count(json, "validation_windows", plan->validation_windows);
    donut_json_number(json, "memory_bytes", plan->memory);
    json->text->failed = json->text->failed || command.failed;
    donut_json_string(json, "command", command.bytes ? command.bytes : "", command.size);
    donut_json_close(json, '}');
    donut_text_free(&command);
}

void donut_info_kpi_members(const struct donut_diagnosis *d, struct donut_json *json)
{
    donut_json_count(json, "points", d->survey.n);
    donut_json_time(json, "start", donut_series_time_ms(d->series, d->range.from));
    donut_json_time(json, "end", donut_series_time_ms(d->series, d->range.to - 1));
    donut_json_number(json, "interval_seconds", seconds(d->series, 1));
    put_season(json, d);
    put_missing(json, d);
    put_values(json, d);
    put_labels(json, d);
    put_repairs(json, d);
}

void donut_info_kpi_json(const struct donut_info *info, const struct donut_diagnosis *d,
                         const struct donut_info_columns *columns, struct donut_text *text)
{
    struct donut_json json = {.text = text};
    donut_json_open(&json, NULL, '{');
    donut_json_word(&json, "type", "kpi");
    donut_json_word(&json, "file", info->path);
    donut_info_columns_json(columns, &json);
    donut_info_kpi_members(d, &json);
    put_plan(&json, info, d);
    donut_info_warnings_json(d, &json);
    donut_json_close(&json, '}');
}
