/* A KPI file as a series, and what is said about it. */
#ifndef DONUT_CLI_KPI_H
#define DONUT_CLI_KPI_H

#include "cli/times.h"

/* Reads and parses a CSV file, "-" or NULL = standard input. On failure everything has been said
 * and *exit_status is set. */
struct donut_series *donut_kpi_open(const char *path, bool quiet,
                                    const struct donut_csv_options *options, int *exit_status);

/* The same of bytes that were read from there. */
struct donut_series *donut_kpi_parse(const char *path, const char *bytes, size_t size,
                                     const struct donut_csv_options *options, int *exit_status);

/* The time of point i for a reader: as in the file, but epochs as dates. */
void donut_point_words(const struct donut_series *series, size_t i, char out[DONUT_TIME_SIZE]);

/* One line on standard error: what was read, and what had to be mended. */
void donut_kpi_describe(const char *path, const struct donut_series *series);

/* The range between the positions `from` and `to` (NULL = all); it may be empty, but not reversed.
 * False: all has been said. */
struct donut_kpi_range {
    size_t from, to;
};
bool donut_kpi_range(const char *path, const struct donut_series *series, const char *from,
                     const char *to, struct donut_kpi_range *range, int *exit_status);

/* The same for one KPI of many, of which nothing is said here. DONUT_EINPUT: none of its points is
 * in the range; DONUT_EARGUMENT: see donut_kpi_check_positions(). */
enum donut_status donut_kpi_part(const struct donut_series *series, const char *from,
                                 const char *to, struct donut_kpi_range *range,
                                 struct donut_error *err);

/* Whether these are positions at all, whatever the series, so that it is said once for all KPIs.
 * False: all has been said. */
bool donut_kpi_check_positions(const char *from, const char *to, int *exit_status);

/* Says that there is nothing in the range between these positions, and what the file covers.
 * Returns the exit status. */
int donut_kpi_empty_range(const char *path, const struct donut_series *series, const char *from,
                          const char *to);

#endif
