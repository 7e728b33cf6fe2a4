#define _POSIX_C_SOURCE 200809L

#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double look(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double seconds_now(void)
{
    return look(CLOCK_MONOTONIC);
}

double seconds_on_cpu(void)
{
    return look(CLOCK_THREAD_CPUTIME_ID);
}

void figures_add(struct figures *figures, double value)
{
    need(figures->n < MAX_ROUNDS, "too many rounds");
    figures->value[figures->n++] = value;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct figures sorted(const struct figures *figures)
{
    struct figures copy = *figures;
    need(copy.n > 0, "no rounds");
    qsort(copy.value, copy.n, sizeof copy.value[0], ascending);
    return copy;
}

double figures_median(const struct figures *figures)
{
    const struct figures s = sorted(figures);
    return (s.value[(s.n - 1) / 2] + s.value[s.n / 2]) / 2;
}

static double best(const struct figures *figures, const char *unit)
{
    const struct figures s = sorted(figures);
    const bool time = strcmp(unit, "s") == 0 || strcmp(unit, "ms") == 0 || strcmp(unit, "us") == 0;
    return s.value[time ? 0 : s.n - 1];
}

void row_print(const struct row *row, const struct figures *figures)
{
    printf("%s,%s,%s,", row->section, row->what, row->kernel ? row->kernel : "");
    if (row->threads > 0)
        printf("%zu", row->threads);
    printf(",%.6g,%.6g,%s,", figures_median(figures), best(figures, row->unit), row->unit);
    if (row->share)
        printf("%.4g", figures_median(row->share));
    putchar('\n');
}

void row_print_one(const struct row *row, double value)
{
    row_print(row, &(struct figures){.n = 1, .value = {value}});
}

void row_print_text(const char *section, const char *what, const char *text)
{
    printf("%s,%s,,,", section, what);
    for (; *text; text++)
        putchar(*text == ',' ? ';' : *text);
    puts(",,,");
}

void need(bool good, const char *sentence)
{
    if (good)
        return;
    fflush(stdout);
    fprintf(stderr, "speed: %s\n", sentence);
    exit(1);
}

void need_ok(enum donut_status status, const struct donut_error *err)
{
    need(status == DONUT_OK, err->text);
}

size_t parse_count(const char *text, size_t low, size_t high)
{
    char *end;
    const unsigned long long x = strtoull(text, &end, 10);
    need(text[0] >= '0' && text[0] <= '9' && *end == '\0' && x >= low && x <= high,
         "a number in the command line is none, or out of its range");
    return (size_t)x;
}
