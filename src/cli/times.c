#include "cli/times.h"

#include "data/timestamp.h"

#include <stdio.h>

#define YEAR (365.25 * 86400)
#define FEW 1.95 /* that are still better told in the next smaller unit */

struct donut_time_unit donut_time_unit(double longest)
{
    static const struct donut_time_unit units[] = {
        {86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}};
    static const size_t second = 3, smallest = 4;
    size_t i = 0;
    if (longest == 0)
        return units[second];
    while (i < smallest && longest < FEW * units[i].seconds)
        i++;
    return units[i];
}

const char *donut_duration_words(double seconds, char out[DONUT_DURATION_SIZE])
{
    struct donut_time_unit unit = donut_time_unit(seconds);
    if (seconds >= FEW * YEAR)
        unit = (struct donut_time_unit){YEAR, "years"};
    const double count = seconds / unit.seconds;
    const bool whole = count >= 9.5 || count == (double)(int)count;
    snprintf(out, DONUT_DURATION_SIZE, "%.*f %s", whole ? 0 : 1, count, unit.name);
    return out;
}

const char *donut_date_words(int64_t ms, char out[DONUT_TIME_SIZE])
{
    struct donut_time_format date = {
        .kind = DONUT_TIME_ISO, .separator = 'T', .seconds = true, .zone = 'Z'};
    donut_time_format_widen(&date, ms);
    donut_time_write(&date, ms, 0, out);
    return out;
}
