#include "data/season.h"
#include "base/arena.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>

/* Distances looked at per resolution, in its points. Resolutions halve from one to the next, each
 * taking up where the one before ended: every distance is known to about one in LAGS / 2. */
#define LAGS 256
#define MOST_PEAKS 256
#define PRECISION 8    /* a distance is off by one at most: so many times that is still the same */
#define MOST_CYCLES 16 /* distances 1, 2, ... periods that are averaged */

static const double held_at = 5;       /* spreads from the centre */
static const double least_peak = 0.05; /* correlation that is worth a closer look */
static const double neighbours = 0.1;  /* of a distance, on both sides, that a peak must top */
static const double least_strength = 0.2;
static const double least_of_all = 0.1; /* at full resolution, with all its noise */
static const double enough = 0.6; /* of what the best period accounts for, for a shorter one */

/* The series at some resolution. */
struct track {
    double *x;      /* (n) 0 where missing */
    double *known;  /* (n) 1, or 0 where missing */
    size_t n, step; /* points; grid points in each */
};

struct peak {
    size_t period;          /* grid points */
    double strength, share; /* at one period; of the whole variance */
};

static void load(const double *value, size_t n, double centre, double spread, struct track *track)
{
    *track = (struct track){track->x, track->known, n, 1};
    double sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (value[i] - centre) / spread;
        track->known[i] = !isnan(x);
        track->x[i] = isnan(x) ? 0 : fmax(-held_at, fmin(held_at, x));
        sum += track->x[i];
        count += track->known[i];
    }
    for (size_t i = 0; i < n; i++)
        track->x[i] -= track->known[i] * sum / fmax(count, 1);
}

/* Pairs of points become one: their mean, or the one that is known. */
static void halve(struct track *track)
{
    track->n /= 2;
    track->step *= 2;
    for (size_t i = 0; i < track->n; i++) {
        const double both = track->known[2 * i] + track->known[2 * i + 1];
        track->x[i] = both > 0 ? (track->x[2 * i] + track->x[2 * i + 1]) / both : 0;
        track->known[i] = both > 0;
    }
}

/* Takes out the mean over `width` points around each. At the ends that is the first or last
 * `width` points: a whole period, whose mean has no season. */
static struct track detrend(const struct track *track, size_t width, double *out)
{
    const size_t n = track->n, w = width < n ? width : n;
    double sum = 0, count = 0;
    for (size_t i = 0; i < w; i++) {
        sum += track->x[i];
        count += track->known[i];
    }
    for (size_t i = 0, first = 0; i < n; i++) {
        if (i - first > w / 2 && first + w < n) {
            sum += track->x[first + w] - track->x[first];
            count += track->known[first + w] - track->known[first];
            first++;
        }
        out[i] = track->known[i] > 0 ? track->x[i] - sum / count : 0;
    }
    return (struct track){out, track->known, n, track->step};
}

/* Of the known points, whose mean is about 0. */
static double variance(const struct track *track)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < track->n; i++) {
        sum += track->x[i] * track->x[i];
        count += track->known[i];
    }
    return count > 0 ? sum / count : 0;
}

/* Over the pairs `lag` apart of which both points are known: sum x y / sqrt(sum x^2 sum y^2), which
 * is 1 where everything repeats, however few periods there are. Each sum is four that the processor
 * works on side by side. */
static double correlation(const struct track *track, size_t lag)
{
    enum { SIDES = 4 };
    const size_t n = track->n - lag;
    const double *x = track->x, *y = x + lag, *known_x = track->known, *known_y = known_x + lag;
    double xy[SIDES] = {0}, xx[SIDES] = {0}, yy[SIDES] = {0};
    for (size_t i = 0; i < n; i += SIDES)
        for (size_t j = i; j < i + SIDES && j < n; j++) {
            xy[j - i] += x[j] * y[j];
            xx[j - i] += x[j] * x[j] * known_y[j];
            yy[j - i] += y[j] * y[j] * known_x[j];
        }
    const double size = sqrt((xx[0] + xx[1] + xx[2] + xx[3]) * (yy[0] + yy[1] + yy[2] + yy[3]));
    return size > 0 ? (xy[0] + xy[1] + xy[2] + xy[3]) / size : 0;
}

/* The mean correlation at 1, 2, ... periods, as many as fit twice: noise does not repeat. */
static double recurrence(const struct track *track, size_t period, size_t most)
{
    double sum = 0;
    size_t cycles = 0;
    for (; cycles < most && (cycles == 0 || 2 * (cycles + 1) * period <= track->n); cycles++)
        sum += correlation(track, (cycles + 1) * period);
    return sum / (double)cycles;
}

/* What a correlation at `period` of n points must exceed. In white noise it has the standard
 * deviation 1 / sqrt(n); in noise that is as slow as a period allows some 1 / sqrt(n / period). */
static double chance(size_t n, size_t period)
{
    const double cycles = (double)n / (double)period;
    return fmax(least_strength, fmax(4.5 / sqrt((double)n), 1.2 / sqrt(cycles)));
}

/* Looks closer at the distance `lag` of the track. False: it is no season. */
static bool examine(const struct track *track, size_t lag, double total, double *scratch,
                    struct peak *peak)
{
    const struct track rest = detrend(track, lag, scratch);
    peak->period = lag * track->step;
    peak->strength = correlation(&rest, lag);
    peak->share = peak->strength * variance(&rest) / total;
    const size_t cycles = lag / PRECISION < 1 ? 1 : lag / PRECISION > 8 ? 8 : lag / PRECISION;
    return fmin(peak->strength, recurrence(&rest, lag, cycles)) > chance(track->n, lag);
}

static bool tops_neighbours(const double *r, size_t first, size_t last, size_t lag)
{
    const size_t near = 1 + (size_t)(neighbours * (double)lag);
    for (size_t i = lag > first + near ? lag - near : first; i <= lag + near && i <= last; i++)
        if (r[i] > r[lag])
            return false;
    return r[lag] > least_peak;
}

/* Adds the peaks among the distances that are this resolution's. */
static size_t find_peaks(const struct track *track, double total, double *scratch,
                         struct peak *peaks, size_t n_peaks)
{
    const struct track fast = detrend(track, 2 * LAGS, scratch);
    const size_t begin = track->step == 1 ? 2 : LAGS / 2, first = begin - 1;
    /* Beyond half the length, too: what still rises there is no peak. */
    const size_t half = track->n / 2, seen = half + half / 8 + 1;
    const size_t last = LAGS + 1 < seen ? LAGS + 1 : seen;
    double r[LAGS + 2] = {0};
    for (size_t lag = first; lag <= last; lag++)
        r[lag] = correlation(&fast, lag);
    for (size_t lag = begin; lag <= half && lag <= LAGS && n_peaks < MOST_PEAKS; lag++)
        if (tops_neighbours(r, first, last, lag))
            n_peaks += examine(track, lag, total, scratch, &peaks[n_peaks]);
    return n_peaks;
}

/* The shortest of the periods, which ascend, that accounts for nearly as much as the best. */
static const struct peak *choose(const struct peak *peaks, size_t n)
{
    double best = 0;
    for (size_t i = 0; i < n; i++)
        best = fmax(best, peaks[i].share);
    for (size_t i = 0; i < n; i++)
        if (peaks[i].share >= enough * best)
            return &peaks[i];
    return NULL;
}

/* Periods of what people and their machines do. */
static size_t round_period(size_t period, int64_t interval_ms)
{
    static const int minutes[] = {5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080};
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        const int64_t ms = minutes[i] * INT64_C(60000);
        const double points = (double)ms / (double)interval_ms;
        if (ms % interval_ms == 0 && fabs(points - (double)period) <= 0.02 * points)
            return (size_t)(ms / interval_ms);
    }
    return period;
}

/* From a period known to about `step` points to one that is as good as can be, or to a round one
 * that the data cannot tell from it. `track` is at full resolution. */
static size_t refine(const struct track *track, size_t period, size_t step, int64_t interval_ms)
{
    double best = recurrence(track, period, MOST_CYCLES);
    for (; step > 0; step /= 2) {
        const size_t at = period;
        for (size_t i = 0; i <= 2; i++) {
            const size_t p = at + i * step - step;
            if (i == 1 || at <= step || p < 2 || 2 * p > track->n)
                continue;
            const double r = recurrence(track, p, MOST_CYCLES);
            if (r > best) {
                best = r;
                period = p;
            }
        }
    }
    const size_t round = round_period(period, interval_ms);
    const double cycles = (double)track->n / (double)period;
    const double doubt = 0.005 + 0.5 * (1 - best) / sqrt(cycles);
    if (2 * round <= track->n && recurrence(track, round, MOST_CYCLES) >= best - doubt)
        return round;
    return period;
}

static size_t step_of(size_t period)
{
    size_t step = 1;
    while (step * LAGS < period)
        step *= 2;
    return step;
}

static void find(const double *value, size_t n, const double scale[2], int64_t interval_ms,
                 struct track *track, double *scratch, struct donut_season *season)
{
    struct peak peaks[MOST_PEAKS];
    size_t n_peaks = 0;
    load(value, n, scale[0], scale[1], track);
    const double total = variance(track);
    for (; track->n >= 4 && total > 0; halve(track)) {
        if (track->step > 1 && track->n < LAGS)
            break;
        n_peaks = find_peaks(track, total, scratch, peaks, n_peaks);
    }
    const struct peak *peak = choose(peaks, n_peaks);
    if (!peak)
        return;
    load(value, n, scale[0], scale[1], track);
    struct track rest = detrend(track, peak->period, scratch);
    const size_t period = refine(&rest, peak->period, step_of(peak->period), interval_ms);
    rest = detrend(track, period, scratch);
    const double strength = correlation(&rest, period);
    if (strength > least_of_all)
        *season = (struct donut_season){period, fmin(1, strength)};
}

enum donut_status donut_season_find(const struct donut_series *series, size_t from, size_t to,
                                    double centre, double spread, struct donut_season *season,
                                    struct donut_error *err)
{
    const size_t n = to - from;
    const double scale[2] = {centre, spread};
    *season = (struct donut_season){0};
    if (n < 4 || !(spread > 0))
        return DONUT_OK;
    double *memory = donut_calloc(n, 3 * sizeof *memory);
    if (!memory)
        return donut_fail_memory(err);
    struct track track = {.x = memory, .known = memory + n};
    find(series->value + from, n, scale, series->interval_ms, &track, memory + 2 * n, season);
    free(memory);
    return DONUT_OK;
}
