#include "cli/info_kpi.h"

#include "cli/io.h"
#include "cli/options.h"
#include "cli/times.h"
#include "data/grid.h"
#include "data/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 79
#define LABEL_WIDTH 17

void donut_info_name(const struct donut_info *info, struct donut_text *text)
{
    const size_t begin = text->size;
    donut_text_print(text, "%s", donut_input_name(info->path));
    donut_text_tame(text, begin);
}

void donut_info_label(struct donut_text *text, const char *label)
{
    donut_text_print(text, "  %-*s", LABEL_WIDTH, label);
}

void donut_info_line(struct donut_text *text, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    donut_info_label(text, label);
    donut_text_print_list(text, format, args);
    donut_text_print(text, "\n");
    va_end(args);
}

const char *donut_share_words(double share, char out[DONUT_SHARE_SIZE])
{
    const double percent = 100 * share;
    const int decimals = percent >= 99.95 || percent == 0 ? 0 : percent >= 0.995 ? 1 : 2;
    if (percent > 0 && percent < 0.01)
        snprintf(out, DONUT_SHARE_SIZE, "under 0.01 %%");
    else if (percent < 100 && percent >= 99.95)
        snprintf(out, DONUT_SHARE_SIZE, "over 99.9 %%");
    else
        snprintf(out, DONUT_SHARE_SIZE, "%.*f %%", decimals, percent);
    return out;
}

static const char *share_of(size_t part, size_t whole, char out[DONUT_SHARE_SIZE])
{
    return donut_share_words(whole > 0 ? (double)part / (double)whole : 0, out);
}

static void put_stretch(struct donut_text *text, const struct donut_series *series,
                        const struct donut_stretch *stretch)
{
    char time[DONUT_TIME_SIZE], span[DONUT_SPAN_SIZE];
    donut_point_words(series, stretch->first, time);
    donut_text_print(text, "%s from %s", donut_span_words(series, stretch->length, span), time);
}

static void put_heading(const struct donut_info *info, const struct donut_diagnosis *d,
                        struct donut_text *text)
{
    char every[DONUT_INTERVAL_SIZE], first[DONUT_TIME_SIZE], last[DONUT_TIME_SIZE];
    donut_point_words(d->series, d->range.from, first);
    donut_point_words(d->series, d->range.to - 1, last);
    donut_info_name(info, text);
    donut_text_print(text, ": a KPI of %zu point%s every %s\nfrom %s to %s\n", d->survey.n,
                     donut_plural(d->survey.n),
                     donut_interval_describe(d->series->interval_ms, every), first, last);
}

static void put_plan(const struct donut_info *info, const struct donut_diagnosis *d,
                     struct donut_text *text)
{
    const struct donut_plan *plan = &d->plan;
    char span[DONUT_SPAN_SIZE];
    donut_text_print(text, "\nTraining\n");
    donut_info_label(text, "enough data");
    if (plan->lack == DONUT_LACK_NONE)
        donut_text_print(text, "yes, %zu points would do\n", plan->least);
    else
        donut_text_print(text, "NO, see below\n");
    donut_info_label(text, "season");
    if (d->season.period > 0)
        donut_text_print(text, "%s, strength %.2f of 1, seen %.3g times\n",
                         donut_span_words(d->series, d->season.period, span), d->season.strength,
                         d->seasons);
    else
        donut_text_print(text, "none found\n");
    donut_info_line(text, "window", "%s", donut_span_words(d->series, plan->window, span));
    if (plan->lack != DONUT_LACK_POINTS) {
        donut_info_line(text, "learns from", "%zu points, %zu window%s", plan->learning,
                        plan->learning_windows, donut_plural(plan->learning_windows));
        donut_info_line(text, "validates on", "%zu points, %zu window%s", plan->validation,
                        plan->validation_windows, donut_plural(plan->validation_windows));
        donut_info_line(text, "memory", "about %.3g MB", ceil(plan->memory / 1e6));
    }
    donut_info_label(text, "command");
    donut_info_command(info, d, text);
    donut_text_print(text, "\n");
}

/* The sentence in lines that fit, behind a dash. */
static void put_wrapped(struct donut_text *text, const char *sentence)
{
    size_t column = 3;
    donut_text_print(text, "  -");
    while (*sentence) {
        const size_t length = strcspn(sentence, " ");
        if (column + 1 + length > WIDTH) {
            donut_text_print(text, "\n   ");
            column = 3;
        }
        donut_text_print(text, " %.*s", (int)length, sentence);
        column += 1 + length;
        sentence += length;
        sentence += *sentence == ' ';
    }
    donut_text_print(text, "\n");
}

static void put_warnings(const struct donut_diagnosis *d, struct donut_text *text)
{
    donut_text_print(text, "\nTo look at\n");
    for (size_t i = 0; i < d->warnings; i++)
        put_wrapped(text, d->warning[i].text);
    if (d->warnings == 0)
        donut_text_print(text, "  nothing\n");
}

static void put_interval(const struct donut_info *info, const struct donut_diagnosis *d,
                         struct donut_text *text)
{
    char every[DONUT_INTERVAL_SIZE], share[DONUT_SHARE_SIZE];
    donut_info_label(text, "interval");
    donut_text_print(text, "%s, %s", donut_interval_describe(d->series->interval_ms, every),
                     info->csv.interval_ms ? "as you gave it" : "inferred");
    if (d->rows.distances > 0)
        donut_text_print(text, "; %s of the rows are that far apart",
                         share_of(d->rows.at_interval, d->rows.distances, share));
    donut_text_print(text, "\n");
}

static void put_rows(const struct donut_diagnosis *d, struct donut_text *text)
{
    const struct donut_repairs *repairs = &d->series->repairs;
    const struct donut_row_survey *rows = &d->rows;
    char way[DONUT_INTERVAL_SIZE];
    donut_info_line(text, "rows", "%zu", repairs->rows);
    if (repairs->duplicate > 0)
        donut_info_line(text, "duplicate", "%zu; the last row of a time counts",
                        repairs->duplicate);
    if (repairs->unsorted > 0)
        donut_info_line(text, "unsorted", "%zu, the first in line %zu; they were sorted",
                        repairs->unsorted, rows->unsorted_line);
    if (rows->furthest_line > 0)
        donut_info_line(text, "off the grid", "%zu, by up to %s in line %zu; they were moved to it",
                        repairs->snapped, donut_interval_describe(rows->furthest_ms, way),
                        rows->furthest_line);
}

static void put_time(const struct donut_info *info, const struct donut_diagnosis *d,
                     const struct donut_info_columns *columns, struct donut_text *text)
{
    const struct donut_survey *survey = &d->survey;
    char share[DONUT_SHARE_SIZE];
    donut_text_print(text, "\nRows and points\n");
    donut_info_columns_text(columns, text);
    put_rows(d, text);
    put_interval(info, d, text);
    donut_info_label(text, "missing");
    if (survey->missing == 0) {
        donut_text_print(text, "none\n");
        return;
    }
    donut_text_print(text, "%zu (%s) in %zu gap%s", survey->missing,
                     share_of(survey->missing, survey->n, share), survey->gaps,
                     donut_plural(survey->gaps));
    donut_text_print(text, "; in the file %zu without a row, %zu empty\n",
                     d->series->repairs.absent, d->series->repairs.empty);
    donut_info_label(text, "longest gap");
    put_stretch(text, d->series, &survey->longest_gap);
    donut_text_print(text, "\n");
}

static void put_extremes(const struct donut_diagnosis *d, struct donut_text *text)
{
    const struct donut_survey *survey = &d->survey;
    char time[DONUT_TIME_SIZE];
    if (survey->extremes == 0) {
        donut_info_line(text, "extreme", "none is more than %d spreads from the median",
                        DONUT_EXTREME_SPREADS);
        return;
    }
    donut_point_words(d->series, survey->furthest, time);
    donut_info_line(text, "extreme", "%zu more than %d spreads from the median", survey->extremes,
                    DONUT_EXTREME_SPREADS);
    donut_info_line(text, "the furthest", "%.6g at %s", d->series->value[survey->furthest], time);
}

static void put_values(const struct donut_diagnosis *d, struct donut_text *text)
{
    const struct donut_survey *survey = &d->survey;
    char share[DONUT_SHARE_SIZE];
    donut_text_print(text, "\nValues\n");
    if (survey->missing == survey->n) {
        donut_info_line(text, "none", "all points are missing");
        return;
    }
    donut_info_line(text, "range", "%.6g to %.6g", survey->min, survey->max);
    donut_info_line(text, "mean, std", "%.6g, %.6g", survey->mean, survey->std);
    donut_info_line(text, "median, spread", "%.6g, %.6g (a robust std)", survey->median,
                    survey->spread);
    donut_info_line(text, "zeros, negatives", "%zu, %zu", survey->zeros, survey->negative);
    put_extremes(d, text);
    donut_info_label(text, "longest run");
    if (survey->longest_run.length > 1)
        put_stretch(text, d->series, &survey->longest_run);
    else
        donut_text_print(text, "no two equal values in a row");
    donut_text_print(text, "\n");
    donut_info_line(text, "in long runs", "%s of the points have a run of %d or more equal values",
                    share_of(survey->in_long_runs, survey->n, share), DONUT_LONG_RUN);
    if (isfinite(survey->roughness))
        donut_info_line(text, "roughness", "%.3g (0 is a smooth curve, 6 white noise)",
                        survey->roughness);
    if (d->series->label)
        donut_info_line(text, "labelled", "%zu (%s) in %zu segment%s", survey->labelled,
                        share_of(survey->labelled, survey->n, share), survey->segments,
                        donut_plural(survey->segments));
}

static void put_text(const struct donut_info *info, const struct donut_diagnosis *d,
                     const struct donut_info_columns *columns, struct donut_text *text)
{
    put_heading(info, d, text);
    put_plan(info, d, text);
    put_warnings(d, text);
    put_time(info, d, columns, text);
    put_values(d, text);
}

/* Reads the rows for what the series does not tell of them. */
static enum donut_status survey_rows(const struct donut_info *info,
                                     const struct donut_series *series,
                                     struct donut_row_survey *survey, struct donut_error *err)
{
    struct donut_rows rows = {0};
    enum donut_status status = donut_rows_read_csv(info->bytes, info->size, &info->csv, &rows, err);
    if (status == DONUT_OK)
        status = donut_survey_rows(&rows, series, survey, err);
    donut_rows_free(&rows);
    return status;
}

static int report(const struct donut_info *info, const struct donut_series *series,
                  struct donut_text *text)
{
    struct donut_diagnosis diagnosis = {.bytes = info->size};
    struct donut_info_columns columns = {0};
    struct donut_kpi_range range;
    struct donut_error err = {0};
    int exit_status = 0;
    if (!donut_kpi_range(info->path, series, info->from, info->to, &range, &exit_status))
        return exit_status;
    if (range.from == range.to)
        return donut_kpi_empty_range(info->path, series, info->from, info->to);
    if (donut_info_columns_find(info, &columns, &err) != DONUT_OK ||
        survey_rows(info, series, &diagnosis.rows, &err) != DONUT_OK ||
        donut_diagnose(series, range, &diagnosis, &err) != DONUT_OK)
        exit_status = donut_complain(donut_input_name(info->path), &err);
    else if (info->json)
        donut_info_kpi_json(info, &diagnosis, &columns, text);
    else
        put_text(info, &diagnosis, &columns, text);
    donut_info_columns_free(&columns);
    return exit_status;
}

int donut_info_kpi(const struct donut_info *info, struct donut_text *text)
{
    struct donut_series *series = NULL;
    struct donut_error err = {0};
    if (donut_series_read_csv(info->bytes, info->size, &info->csv, &series, &err) != DONUT_OK)
        return donut_complain(donut_input_name(info->path), &err);
    const int exit_status = report(info, series, text);
    donut_series_free(series);
    return exit_status;
}
