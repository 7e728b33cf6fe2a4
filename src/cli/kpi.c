#include "cli/kpi.h"

#include "cli/io.h"
#include "cli/options.h"
#include "data/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct donut_series *donut_kpi_parse(const char *path, const char *bytes, size_t size,
                                     const struct donut_csv_options *options, int *exit_status)
{
    struct donut_error err = {0};
    struct donut_series *series = NULL;
    if (donut_series_read_csv(bytes, size, options, &series, &err) != DONUT_OK)
        *exit_status = donut_complain(donut_input_name(path), &err);
    return series;
}

struct donut_series *donut_kpi_open(const char *path, bool quiet,
                                    const struct donut_csv_options *options, int *exit_status)
{
    struct donut_error err = {0};
    struct donut_series *series = NULL;
    char *bytes = NULL;
    size_t size = 0;
    if (donut_input_read(path, quiet, &bytes, &size, &err) == DONUT_OK)
        series = donut_kpi_parse(path, bytes, size, options, exit_status);
    else
        *exit_status = donut_complain(donut_input_name(path), &err);
    free(bytes);
    return series;
}

static void count(struct donut_text *text, size_t n, const char *what)
{
    if (n > 0)
        donut_text_print(text, ", %zu %s", n, what);
}

static void describe_missing(struct donut_text *text, const struct donut_series *series)
{
    const struct donut_repairs *repairs = &series->repairs;
    size_t missing = 0;
    for (size_t i = 0; i < series->n; i++)
        missing += isnan(series->value[i]) != 0;
    if (missing == 0)
        return;
    donut_text_print(text, ", %zu missing", missing);
    if (repairs->absent && repairs->empty)
        donut_text_print(text, " (%zu without a row, %zu empty)", repairs->absent, repairs->empty);
    else
        donut_text_print(text, repairs->absent ? " (without a row)" : " (empty)");
}

void donut_point_words(const struct donut_series *series, size_t i, char out[DONUT_TIME_SIZE])
{
    if (series->time_format.kind == DONUT_TIME_ISO)
        donut_series_format_time(series, i, out);
    else
        donut_date_words(series->start_ms + (int64_t)i * series->interval_ms, out);
}

void donut_kpi_describe(const char *path, const struct donut_series *series)
{
    char first[DONUT_TIME_SIZE], last[DONUT_TIME_SIZE], every[DONUT_INTERVAL_SIZE];
    struct donut_text text = {0};
    size_t labelled = 0;
    for (size_t i = 0; series->label && i < series->n; i++)
        labelled += series->label[i];
    donut_point_words(series, 0, first);
    donut_point_words(series, series->n - 1, last);
    donut_text_print(&text, "%s: %zu point%s every %s from %s to %s", donut_input_name(path),
                     series->n, donut_plural(series->n),
                     donut_interval_describe(series->interval_ms, every), first, last);
    describe_missing(&text, series);
    count(&text, labelled, "labelled anomalous");
    count(&text, series->repairs.duplicate, "duplicate");
    count(&text, series->repairs.unsorted, "unsorted");
    count(&text, series->repairs.snapped, "off the grid");
    donut_say_text(&text);
    if (series->repairs.duplicate > series->repairs.rows / 4)
        donut_say(
            "donut: %s: many rows have another one's time, and the last of them counts: if these "
            "are several KPIs, name the column that tells them apart with --key",
            donut_input_name(path));
}

static bool position(const struct donut_series *series, const char *option, const char *text,
                     size_t *index, int *exit_status)
{
    struct donut_error err = {0};
    if (!text || donut_series_position(series, text, index, &err) == DONUT_OK)
        return true;
    *exit_status = donut_complain(option, &err);
    return false;
}

bool donut_kpi_range(const char *path, const struct donut_series *series, const char *from,
                     const char *to, struct donut_kpi_range *range, int *exit_status)
{
    *range = (struct donut_kpi_range){0, series->n};
    if (!position(series, "--from", from, &range->from, exit_status) ||
        !position(series, "--to", to, &range->to, exit_status))
        return false;
    if (range->from <= range->to)
        return true;
    *exit_status = donut_kpi_empty_range(path, series, from, to);
    return false;
}

enum donut_status donut_kpi_part(const struct donut_series *series, const char *from,
                                 const char *to, struct donut_kpi_range *range,
                                 struct donut_error *err)
{
    enum donut_status status = DONUT_OK;
    *range = (struct donut_kpi_range){0, series->n};
    if (from)
        status = donut_series_position(series, from, &range->from, err);
    if (status == DONUT_OK && to)
        status = donut_series_position(series, to, &range->to, err);
    if (status != DONUT_OK || range->from < range->to)
        return status;
    return donut_fail(err, DONUT_EINPUT, "none of its %zu points is in the range from %s to %s",
                      series->n, from ? from : "the start", to ? to : "the end");
}

bool donut_kpi_check_positions(const char *from, const char *to, int *exit_status)
{
    const struct donut_series any = {.n = SIZE_MAX, .interval_ms = 1};
    size_t index;
    return position(&any, "--from", from, &index, exit_status) &&
           position(&any, "--to", to, &index, exit_status);
}

static void put_option(struct donut_text *text, const char *option, const char *value)
{
    char quoted[DONUT_QUOTE_SIZE];
    if (value)
        donut_text_print(text, " %s %s", option, donut_quote(quoted, value, strlen(value)));
}

int donut_kpi_empty_range(const char *path, const struct donut_series *series, const char *from,
                          const char *to)
{
    char first[DONUT_TIME_SIZE], last[DONUT_TIME_SIZE];
    struct donut_text text = {0};
    donut_point_words(series, 0, first);
    donut_point_words(series, series->n - 1, last);
    donut_text_print(&text, "donut: %s: there is no point in the range", donut_input_name(path));
    put_option(&text, "--from", from);
    put_option(&text, "--to", to);
    donut_text_print(&text, "; the file has %zu point%s, from %s to %s", series->n,
                     donut_plural(series->n), first, last);
    donut_say_text(&text);
    return DONUT_EXIT_MISUSE;
}
