/* Times for a reader. Units are those of donut_interval_describe(): d, h, min, s, ms. */
#ifndef DONUT_CLI_TIMES_H
#define DONUT_CLI_TIMES_H

#include "donut.h"

/* The unit in which a table shows times, the longest of which has so many seconds. */
struct donut_time_unit {
    double seconds;
    const char *name;
};
struct donut_time_unit donut_time_unit(double longest);

/* Rounded to about two digits: "69 d", "2.5 h"; in years from two on. Returns out. */
#define DONUT_DURATION_SIZE 48
const char *donut_duration_words(double seconds, char out[DONUT_DURATION_SIZE]);

/* "2025-01-06T00:00:00Z". Returns out. */
const char *donut_date_words(int64_t ms, char out[DONUT_TIME_SIZE]);

#endif
