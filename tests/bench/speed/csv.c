/* Reading a KPI from memory, and the text of its scores. */
#include "measure.h"
#include "sections.h"

#include "base/file.h"
#include "cli/text.h"
#include "donut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ROWS 4096 /* written at a time */

static void print_row(const char *what, const char *unit, const struct figures *figures)
{
    row_print(&(struct row){.section = "csv", .what = what, .threads = 1, .unit = unit}, figures);
}

static struct donut_series *read_series(const char *bytes, size_t size, size_t rounds)
{
    struct figures megabytes = {0}, rows = {0};
    struct donut_series *series = NULL;
    struct donut_error err;
    for (size_t r = 0; r < rounds; r++) {
        donut_series_free(series);
        const double begin = seconds_on_cpu();
        need_ok(donut_series_read_csv(bytes, size, NULL, &series, &err), &err);
        const double seconds = seconds_on_cpu() - begin;
        figures_add(&megabytes, 1e-6 * (double)size / seconds);
        figures_add(&rows, (double)series->repairs.rows / seconds);
    }
    print_row("reading a KPI", "MB/s", &megabytes);
    print_row("reading a KPI", "rows/s", &rows);
    return series;
}

/* A row as `donut score` prints it, with numbers of as many digits. */
static void put_row(struct donut_text *text, const struct donut_series *series, size_t i)
{
    char time[DONUT_TIME_SIZE];
    const double x = isnan(series->value[i]) ? 0 : series->value[i];
    const double expected = x + 0.001 * (double)(i % 997), band = 100.123456;
    donut_text_put(text, time, donut_series_format_time(series, i, time));
    donut_text_put(text, ",", 1);
    donut_text_double(text, series->value[i]);
    donut_text_put(text, ",", 1);
    donut_text_float(text, 0.0123456789 * (double)(i % 1009) - 1);
    donut_text_put(text, ",0,", 3);
    donut_text_rounded(text, expected, 3);
    donut_text_put(text, ",", 1);
    donut_text_rounded(text, expected - band, 3);
    donut_text_put(text, ",", 1);
    donut_text_rounded(text, expected + band, 3);
    donut_text_put(text, ",ok", 3);
    if (series->label)
        donut_text_put(text, series->label[i] ? ",1" : ",0", 2);
    donut_text_put(text, "\n", 1);
}

static void write_scores(const struct donut_series *series, size_t rounds)
{
    struct figures megabytes = {0}, rows = {0};
    struct donut_text text = {0};
    for (size_t r = 0; r < rounds; r++) {
        double size = 0;
        const double begin = seconds_on_cpu();
        for (size_t i = 0; i < series->n; i++) {
            if (i % BLOCK_ROWS == 0)
                text.size = 0;
            const size_t before = text.size;
            put_row(&text, series, i);
            size += (double)(text.size - before);
        }
        const double seconds = seconds_on_cpu() - begin;
        need(!text.failed, "not enough memory");
        figures_add(&megabytes, 1e-6 * size / seconds);
        figures_add(&rows, (double)series->n / seconds);
    }
    donut_text_free(&text);
    print_row("the text of scores", "MB/s", &megabytes);
    print_row("the text of scores", "rows/s", &rows);
}

void section_csv(size_t rounds, char **argument)
{
    char *bytes;
    size_t size;
    struct donut_error err;
    need_ok(donut_file_read(argument[0], -1, &bytes, &size, &err), &err);
    struct donut_series *series = read_series(bytes, size, rounds);
    write_scores(series, rounds);
    donut_series_free(series);
    free(bytes);
}
