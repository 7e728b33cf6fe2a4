/* What the sections of the benchmark share: a clock, the figures of repeated rounds, and the rows
 * of CSV that come of them.
 *
 * Other people's work comes and goes on a machine, and a virtual CPU may run at half its speed for
 * a second. So whatever is compared is measured in turn, in many short rounds, and the median of
 * the rounds is what counts. */
#ifndef DONUT_BENCH_MEASURE_H
#define DONUT_BENCH_MEASURE_H

#include "donut.h"

#include <stdbool.h>
#include <stddef.h>

/* Seconds from an arbitrary beginning: on the clock on the wall, or spent by the calling thread on
 * a CPU, which leaves out what other programs take away from it. */
typedef double clock_fn(void);
clock_fn seconds_now, seconds_on_cpu;

#define MAX_ROUNDS 100

struct figures {
    size_t n;
    double value[MAX_ROUNDS];
};

void figures_add(struct figures *figures, double value);
double figures_median(const struct figures *figures);

/* One line of the table: SECTION,WHAT,KERNEL,THREADS,MEDIAN,BEST,UNIT,SHARE. */
struct row {
    const char *section, *what;
    const char *kernel;          /* NULL = does not matter */
    size_t threads;              /* 0 = does not matter */
    const char *unit;            /* of time ("s", "ms", "us"): less is better, else more is */
    const struct figures *share; /* of the FMA peak, per cent, or NULL */
};

#define CSV_HEADER "section,what,kernel,threads,median,best,unit,percent_of_peak"

void row_print(const struct row *row, const struct figures *figures);
void row_print_one(const struct row *row, double value);

/* A fact in words; commas in it become semicolons. */
void row_print_text(const char *section, const char *what, const char *text);

/* Ends the program with exit status 1 and a sentence unless things are as they should be. */
void need(bool good, const char *sentence);
void need_ok(enum donut_status status, const struct donut_error *err);

/* A whole number in words of the command line, low..high, or the end of the program. */
size_t parse_count(const char *text, size_t low, size_t high);

#endif
