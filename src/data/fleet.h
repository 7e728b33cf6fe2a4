/* A file with several KPIs, interleaved or one behind the other: its rows by KPI. */
#ifndef DONUT_DATA_FLEET_H
#define DONUT_DATA_FLEET_H

#include "donut.h"

struct donut_fleet;

/* Parses a whole CSV file in memory, as donut_series_read_csv() does, with opt->key_column to say
 * whose each row is: a key may be any text that is not empty, and two KPIs are the same if their
 * keys are to the byte, after quotes and the blanks around them are taken off. opt->interval_ms and
 * opt->expected_interval_ms are for donut_fleet_series() and not looked at here. Copies what it
 * keeps: 32 bytes a row and the keys. Errors: DONUT_EARGUMENT (no key column is given),
 * DONUT_EINPUT with line and column, DONUT_ENOMEM. */
enum donut_status donut_fleet_read_csv(const char *bytes, size_t size,
                                       const struct donut_csv_options *opt,
                                       struct donut_fleet **out, struct donut_error *err);
void donut_fleet_free(struct donut_fleet *fleet);

/* KPIs, numbered from 0 in order of first appearance; at least one. */
size_t donut_fleet_count(const struct donut_fleet *fleet);

/* The key of KPI i, as long as the fleet lives; *size (may be NULL) without the 0 that ends it. */
const char *donut_fleet_key(const struct donut_fleet *fleet, size_t i, size_t *size);

/* Rows of KPI i, at least one; and the line of the first of them. */
size_t donut_fleet_rows(const struct donut_fleet *fleet, size_t i);
size_t donut_fleet_line(const struct donut_fleet *fleet, size_t i);

/* Header name of the key column, ending in 0; NULL = the file has no header. */
const char *donut_fleet_key_name(const struct donut_fleet *fleet);

/* Whether labels were read, so that every series has them. */
bool donut_fleet_labelled(const struct donut_fleet *fleet);

/* The series of KPI i, as donut_series_read_csv() would make it of a file with only its rows; with
 * its own interval, unless one is given or expected as in donut_csv_options, and its own repairs.
 * Two things are the file's: line numbers in sentences, and the time format, which is able to write
 * the time of every row of every KPI. Several threads may call it at once; an error of one KPI says
 * nothing of another. Errors: DONUT_EINPUT, DONUT_EARGUMENT (interval), DONUT_ENOMEM. */
enum donut_status donut_fleet_series(const struct donut_fleet *fleet, size_t i, int64_t interval_ms,
                                     int64_t expected_interval_ms, struct donut_series **out,
                                     struct donut_error *err);

#endif
