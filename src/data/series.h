/* Rows -> series, and the times of its grid points. */
#ifndef DONUT_DATA_SERIES_H
#define DONUT_DATA_SERIES_H

#include "data/rows.h"

/* The series of rows (n >= 1), all of one KPI, which it sorts; intervals as in donut_csv_options.
 */
enum donut_status donut_series_build(struct donut_rows *rows, int64_t interval_ms,
                                     int64_t expected_ms, struct donut_series **out,
                                     struct donut_error *err);

/* Time of grid point `i`, also beyond the end; held at 4e18 where it would be later. */
int64_t donut_series_time_ms(const struct donut_series *series, size_t i);

#endif
