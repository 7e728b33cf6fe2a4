/* data/sample.csv is what data/README.md says it is. The parsing is this test's own. */
#include "check.h"

#include <stdlib.h>

enum { POINTS = 8064, INTERVAL = 600, DAY = 86400 / INTERVAL, WEEK = 7 * DAY };
static const long long start_time = 1736121600; /* Monday 2025-01-06T00:00:00Z */

struct sample {
    double value[POINTS]; /* NaN = missing */
    int label[POINTS];
    size_t rows, bytes, absent, empty;
};

/* One row "time,value,label\n" into the grid; false if it has any other form. */
static bool read_row(struct sample *sample, const char *line, long long *time)
{
    char *end;
    *time = strtoll(line, &end, 10);
    const long long since = *time - start_time;
    if (*end != ',' || since < 0 || since % INTERVAL != 0 || since / INTERVAL >= POINTS)
        return false;
    const size_t i = (size_t)(since / INTERVAL);
    const char *cell = end + 1;
    sample->value[i] = strtod(cell, &end);
    if (end == cell) {
        sample->value[i] = NAN;
        sample->empty++;
    } else if (end < cell + 2 || end[-2] != '.') {
        return false;
    }
    sample->label[i] = end[0] == ',' && end[1] == '1';
    return end[0] == ',' && (end[1] == '0' || end[1] == '1') && strcmp(end + 2, "\n") == 0;
}

static bool read_sample(struct sample *sample)
{
    FILE *file = fopen("data/sample.csv", "r");
    char line[64];
    if (!CHECK_THAT(file != NULL, "data/sample.csv cannot be opened"))
        return false;
    for (size_t i = 0; i < POINTS; i++)
        sample->value[i] = NAN;
    bool good = fgets(line, sizeof line, file) && strcmp(line, "timestamp,value,label\n") == 0;
    long long time = 0, before = start_time - 1;
    sample->bytes = strlen(line);
    while (good && fgets(line, sizeof line, file)) {
        good = read_row(sample, line, &time) && time > before;
        before = time;
        sample->rows++;
        sample->bytes += strlen(line);
    }
    fclose(file);
    sample->absent = POINTS - sample->rows;
    CHECK_INT(before, start_time + (long long)(POINTS - 1) * INTERVAL);
    return CHECK_THAT(good, "row %zu is out of order or malformed: %s", sample->rows, line);
}

static void check_counts(const struct sample *sample)
{
    size_t anomalous = 0, segments = 0, late_segments = 0, close = 0, last = 0;
    for (size_t i = 0; i < POINTS; i++) {
        if (!sample->label[i])
            continue;
        const bool begins = i == 0 || !sample->label[i - 1];
        close += begins && i - last <= 30;
        segments += begins;
        late_segments += begins && i >= POINTS * 7 / 10;
        anomalous++;
        last = i;
    }
    CHECK_INT(sample->rows, 7997);
    CHECK_INT(sample->absent, 67);
    CHECK_INT(sample->empty, 14);
    CHECK_INT(anomalous, 150);
    CHECK_INT(segments, 28);
    CHECK_INT(late_segments, 10);
    CHECK_INT(close, 0);
    CHECK(POINTS - last > 30);
    CHECK(sample->bytes < 250000);
}

/* Of the normal points `lag` apart. */
static double correlation(const struct sample *sample, size_t lag)
{
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i + lag < POINTS; i++) {
        const double x = sample->value[i], y = sample->value[i + lag];
        if (isnan(x) || isnan(y) || sample->label[i] || sample->label[i + lag])
            continue;
        n++;
        a += x;
        b += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return (n * ab - a * b) / sqrt((n * aa - a * a) * (n * bb - b * b));
}

static void check_season(const struct sample *sample)
{
    const double day = correlation(sample, DAY), week = correlation(sample, WEEK);
    CHECK_NEAR(day, 0.87, 0.005);
    CHECK_NEAR(week, 0.94, 0.005);
    CHECK_THAT(correlation(sample, DAY / 2) < 0, "half a day apart should be unlike");
    double sum[2] = {0, 0}, n[2] = {0, 0};
    for (size_t i = 0; i < POINTS; i++) {
        const bool weekend = i % WEEK >= 5 * DAY;
        if (!isnan(sample->value[i])) {
            sum[weekend] += sample->value[i];
            n[weekend]++;
        }
    }
    const double quieter = sum[1] / n[1] / (sum[0] / n[0]);
    CHECK_THAT(quieter > 0.7 && quieter < 0.9, "weekend / working day = %g", quieter);
}

/* Second differences take the season away; what is left must grow with the level. */
static void check_noise(const struct sample *sample)
{
    double sum[2] = {0, 0}, n[2] = {0, 0};
    for (size_t i = 1; i + 1 < POINTS; i++) {
        const double *x = &sample->value[i];
        if (sample->label[i - 1] || sample->label[i] || sample->label[i + 1])
            continue;
        const double bend = x[-1] - 2 * x[0] + x[1];
        if (isnan(bend) || (x[0] > 700 && x[0] < 1400))
            continue;
        sum[x[0] >= 1400] += bend * bend;
        n[x[0] >= 1400]++;
    }
    CHECK(n[0] > 1000 && n[1] > 1000);
    const double ratio = sqrt(sum[1] / n[1] / (sum[0] / n[0]));
    CHECK_THAT(ratio > 1.7, "noise of busy hours / quiet hours = %g", ratio);
}

/* Labelled points lie farther from the same minute a week earlier than others do. */
static void check_anomalies(const struct sample *sample)
{
    double sum[2] = {0, 0}, n[2] = {0, 0};
    for (size_t i = WEEK; i < POINTS; i++) {
        const double change = sample->value[i] - sample->value[i - WEEK];
        if (isnan(change) || sample->label[i - WEEK])
            continue;
        sum[sample->label[i]] += fabs(change);
        n[sample->label[i]]++;
    }
    const double ratio = sum[1] / n[1] / (sum[0] / n[0]);
    CHECK_THAT(ratio > 1.8, "anomalous change / normal change = %g", ratio);
}

static void check_range(const struct sample *sample)
{
    double low = INFINITY, high = -INFINITY, sum = 0, n = 0;
    for (size_t i = 0; i < POINTS; i++) {
        if (isnan(sample->value[i]))
            continue;
        low = fmin(low, sample->value[i]);
        high = fmax(high, sample->value[i]);
        sum += sample->value[i];
        n++;
    }
    CHECK_NEAR(low, 359.5, 1e-9);
    CHECK_NEAR(high, 2808.1, 1e-9);
    CHECK_NEAR(sum / n, 1117.1, 0.1);
}

TEST(sample)
{
    struct sample sample = {.rows = 0};
    if (read_sample(&sample)) {
        check_counts(&sample);
        check_season(&sample);
        check_noise(&sample);
        check_anomalies(&sample);
        check_range(&sample);
    }
    return check_report("sample");
}
