/* The times of a series' grid points. */
#ifndef DONUT_DATA_SERIES_H
#define DONUT_DATA_SERIES_H

#include "donut.h"

/* Time of grid point `i`, also beyond the end; held at 4e18 where it would be later. */
int64_t donut_series_time_ms(const struct donut_series *series, size_t i);

#endif
