/* A generator of realistic seasonal KPIs with labelled anomalies and gaps: data/sample.csv and the
 * stand-ins for the paper's private KPIs A, B and C (Table 1) come from it.
 *
 *     value = level (season, day by day a little different) + noise (AR(1), grows with the level)
 *             + what the anomalies add
 *
 * Every decision is taken on uniform draws, which are exact on every machine; normal draws, which
 * rest on libm, only move values, and those are printed with few decimals. */
#include "kpi_level.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const long long start_time = 1736121600; /* Monday 2025-01-06T00:00:00Z */

struct preset {
    const char *name;
    size_t points, interval; /* grid points, seconds */
    size_t anomalous, segments;
    size_t missing, gaps;
    size_t distance;    /* points at least between two events, and at both ends */
    double empty_share; /* of the gaps: rows without a value in place of absent rows */
    int decimals;       /* printed */
    double typical;     /* level in the KPI's units */
    double morning;     /* height of the morning peak beside the evening's */
    double noise;       /* standard deviation at the typical level, relative to it */
    double memory;      /* AR(1) coefficient of the noise */
    double low, high;   /* strength of anomalies, standard deviations of the noise */
};

/* A, B, C: points, missing and anomalous points of Table 1; as many segments and gaps as give its
 * count of abnormal windows; noise so that the mean absolute first difference of the standardised
 * series is small, medium and large among real KPIs of one minute. */
static const struct preset presets[] = {
    {"sample", 8064, 600, 150, 28, 81, 16, 30, 0.3, 1, 1200, 0.80, 0.035, 0.50, 5, 18},
    {"a", 296460, 60, 1213, 76, 1222, 72, 120, 0, 1, 2400, 0.95, 0.030, 0.60, 4, 14},
    {"b", 317522, 60, 1883, 74, 1117, 72, 120, 0, 1, 800, 0.60, 0.065, 0.50, 3.5, 12},
    {"c", 285120, 60, 4394, 80, 304, 25, 120, 0, 2, 90, 0.75, 0.130, 0.35, 2, 7},
};

enum event_kind { SPIKE, DIP, SHIFT, JITTER, DRIFT, SINGLE, RUN, BURST };

/* Something that happens to `length` points from `start` on. */
struct event {
    enum event_kind kind;
    size_t start, length;
    size_t points; /* anomalous or missing ones; fewer than length in a burst of gaps only */
};

struct kpi {
    struct preset preset;
    uint64_t seed;
    double *value;         /* (points) */
    double *deviation;     /* (points) standard deviation of the noise */
    unsigned char *label;  /* (points) */
    unsigned char *hidden; /* (points) */
    struct event *events;  /* (segments + gaps) */
};

enum hidden { SHOWN, ABSENT, EMPTY };

/* The KPI without anomalies. Beside the noise the level itself wanders by some percent within
 * hours, which no season explains. */
static void make_normal_series(struct kpi *kpi)
{
    const struct preset *p = &kpi->preset;
    const double hours = (double)p->interval / 3600;
    const double wander_memory = exp(-hours / 3);
    double wander = 0, noise = 0;
    for (size_t i = 0; i < p->points; i++) {
        const double day = (double)i * (double)p->interval / 86400;
        wander = wander_memory * wander +
                 sqrt(1 - wander_memory * wander_memory) * normal(kpi->seed, DRAW_WANDER, i);
        const double tail = uniform(kpi->seed, DRAW_OUTLIER, i) < 0.02 ? 2 : 1;
        noise = p->memory * noise +
                sqrt(1 - p->memory * p->memory) * tail * normal(kpi->seed, DRAW_NOISE, i);
        const double level = season(kpi->seed, p->morning, day) * trend(day) * exp(0.025 * wander);
        kpi->deviation[i] = p->typical * p->noise * pow(level, 0.75);
        kpi->value[i] = p->typical * level + kpi->deviation[i] * noise;
    }
}

/* Kinds are dealt from shuffled decks, so that every part of the series sees all of them. */
static void deal_kinds(const struct kpi *kpi, const enum event_kind *deck, size_t cards,
                       struct event *events, size_t n, uint64_t draw)
{
    enum event_kind hand[16];
    for (size_t i = 0; i < n; i++) {
        const size_t left = cards - i % cards;
        if (left == cards)
            memcpy(hand, deck, cards * sizeof hand[0]);
        const size_t pick = below(kpi->seed, DRAW_DECK, draw + i, left);
        events[i].kind = hand[pick];
        hand[pick] = hand[left - 1];
    }
}

/* How much longer than one point an event would like to be. */
static double wanted_length(const struct kpi *kpi, enum event_kind kind, uint64_t draw)
{
    static const double typical[] = {
        [SPIKE] = 0.5, [DIP] = 4,    [SHIFT] = 9, [JITTER] = 6,
        [DRIFT] = 11,  [SINGLE] = 0, [RUN] = 5,   [BURST] = 25,
    };
    return typical[kind] * (0.4 + 1.2 * uniform(kpi->seed, DRAW_LENGTH, draw));
}

/* Gives each event one point of `total` and shares the rest out, rounding the running sum so that
 * nothing is left over. Only two in three points of a burst of gaps are missing. */
static void share_points(const struct kpi *kpi, struct event *events, size_t n, size_t total,
                         uint64_t draw)
{
    double sum = 0, running = 0;
    size_t given = 0;
    for (size_t i = 0; i < n; i++)
        sum += wanted_length(kpi, events[i].kind, draw + i);
    for (size_t i = 0; i < n; i++) {
        running += wanted_length(kpi, events[i].kind, draw + i);
        const double share = sum > 0 ? running / sum : (double)(i + 1) / (double)n;
        const size_t until = (size_t)(share * (double)(total - n));
        events[i].points = 1 + until - given;
        events[i].length = events[i].points + (events[i].kind == BURST ? events[i].points / 2 : 0);
        given = until;
    }
}

/* Mixes segments and gaps in random order and spreads them over the series, each with a random
 * place in its own share of the free points. False: there are too few points for the distances. */
static bool place_events(struct kpi *kpi, size_t n)
{
    const struct preset *p = &kpi->preset;
    size_t taken = (n + 1) * p->distance;
    for (size_t i = 0; i < n; i++)
        taken += kpi->events[i].length;
    if (taken > p->points)
        return false;
    const double step = (double)(p->points - taken) / (double)(n > 0 ? n : 1);
    size_t segment = 0, gap = p->segments, used = p->distance;
    for (size_t i = 0; i < n; i++) {
        const size_t segments_left = p->segments - segment;
        const bool is_segment = below(kpi->seed, DRAW_ORDER, i, n - i) < segments_left;
        struct event *event = &kpi->events[is_segment ? segment++ : gap++];
        const double free_before = step * ((double)i + uniform(kpi->seed, DRAW_PLACE, i));
        event->start = used + (size_t)free_before;
        used += event->length + p->distance;
    }
    return true;
}

/* What an anomaly adds to its point k, in units of its strength. */
static double displacement(const struct kpi *kpi, const struct event *event, size_t k)
{
    const double at = (double)k, length = (double)event->length;
    const double ramp = 1 + floor(length / 5);
    const double side = uniform(kpi->seed, DRAW_SIDE, event->start) < 0.5 ? -1 : 1;
    switch (event->kind) {
    case SPIKE:
        return 1 - 0.7 * at / length;
    case DIP:
        return -fmin(1, fmin(at + 1, length - at) / ramp);
    case SHIFT:
        return 0.8 * side;
    case JITTER:
        return 0.6 * normal(kpi->seed, DRAW_JITTER, event->start + k);
    case DRIFT:
        return side * (at + 1) / length;
    case SINGLE:
    case RUN:
    case BURST:
        break;
    }
    return 0;
}

static void apply_anomaly(struct kpi *kpi, const struct event *event)
{
    const double low = kpi->preset.low, high = kpi->preset.high;
    const double strength = low * pow(high / low, uniform(kpi->seed, DRAW_STRENGTH, event->start));
    for (size_t k = 0; k < event->length; k++) {
        const size_t i = event->start + k;
        kpi->value[i] += strength * kpi->deviation[i] * displacement(kpi, event, k);
        kpi->label[i] = 1;
    }
}

/* Selection sampling: exactly event->points of its points are hidden. */
static void apply_gap(struct kpi *kpi, const struct event *event)
{
    const bool empty = uniform(kpi->seed, DRAW_EMPTY, event->start) < kpi->preset.empty_share;
    size_t wanted = event->points;
    for (size_t k = 0; k < event->length; k++) {
        const size_t i = event->start + k;
        if (below(kpi->seed, DRAW_HIDE, i, event->length - k) < wanted) {
            kpi->hidden[i] = empty ? EMPTY : ABSENT;
            wanted--;
        }
    }
}

static bool make_events(struct kpi *kpi)
{
    static const enum event_kind anomalies[] = {SPIKE, SPIKE, DIP, DIP, SHIFT, JITTER, DRIFT};
    static const enum event_kind holes[] = {SINGLE, RUN, SINGLE, RUN, SINGLE, BURST, SINGLE};
    const struct preset *p = &kpi->preset;
    const size_t n = p->segments + p->gaps;
    struct event *gaps = kpi->events + p->segments;
    deal_kinds(kpi, anomalies, 7, kpi->events, p->segments, 0);
    deal_kinds(kpi, holes, 7, gaps, p->gaps, p->segments);
    share_points(kpi, kpi->events, p->segments, p->anomalous, 0);
    share_points(kpi, gaps, p->gaps, p->missing, p->segments);
    if (!place_events(kpi, n))
        return false;
    for (size_t i = 0; i < p->segments; i++)
        apply_anomaly(kpi, &kpi->events[i]);
    for (size_t i = p->segments; i < n; i++)
        apply_gap(kpi, &kpi->events[i]);
    return true;
}

static bool print_series(const struct kpi *kpi, FILE *out)
{
    const struct preset *p = &kpi->preset;
    fputs("timestamp,value,label\n", out);
    for (size_t i = 0; i < p->points; i++) {
        const long long time = start_time + (long long)(i * p->interval);
        if (kpi->hidden[i] == SHOWN)
            fprintf(out, "%lld,%.*f,%d\n", time, p->decimals, fmax(0, kpi->value[i]),
                    kpi->label[i]);
        else if (kpi->hidden[i] == EMPTY)
            fprintf(out, "%lld,,0\n", time);
    }
    return fflush(out) == 0 && !ferror(out);
}

static int fail(const char *sentence)
{
    fprintf(stderr, "make_kpi: %s\n", sentence);
    return 1;
}

static int generate(const struct preset *preset, uint64_t seed)
{
    const size_t n = preset->points, events = preset->segments + preset->gaps;
    struct kpi kpi = {.preset = *preset, .seed = seed};
    kpi.value = calloc(n, sizeof kpi.value[0]);
    kpi.deviation = calloc(n, sizeof kpi.deviation[0]);
    kpi.label = calloc(n, 1);
    kpi.hidden = calloc(n, 1);
    kpi.events = calloc(events + 1, sizeof kpi.events[0]);
    int code = 0;
    if (!kpi.value || !kpi.deviation || !kpi.label || !kpi.hidden || !kpi.events) {
        code = fail("not enough memory");
    } else {
        make_normal_series(&kpi);
        if (!make_events(&kpi))
            code = fail("too few points to keep the anomalies apart");
        else if (!print_series(&kpi, stdout))
            code = fail("standard output could not be written");
    }
    free(kpi.value);
    free(kpi.deviation);
    free(kpi.label);
    free(kpi.hidden);
    free(kpi.events);
    return code;
}

/* The same shares and sizes of events in another number of points. */
static void resize(struct preset *p, size_t points)
{
    const double factor = (double)points / (double)p->points;
    p->segments = (size_t)round(factor * (double)p->segments);
    p->gaps = (size_t)round(factor * (double)p->gaps);
    p->anomalous = p->segments ? (size_t)round(factor * (double)p->anomalous) : 0;
    p->missing = p->gaps ? (size_t)round(factor * (double)p->missing) : 0;
    p->points = points;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    const unsigned long long x = strtoull(text, &end, 10);
    *out = x;
    return errno == 0 && *end == '\0';
}

static int usage(FILE *out)
{
    fputs("usage: make_kpi --preset sample|a|b|c [--seed N] [--points N] > KPI.csv\n"
          "Writes a seasonal KPI with labelled anomalies and gaps: timestamp,value,label.\n"
          "  --preset NAME  sample: 8 weeks of 10 minutes, the origin of data/sample.csv;\n"
          "                 a, b, c: 1 minute, the size, gaps and anomalies of the paper's KPIs\n"
          "  --seed N       another KPI of the same kind (default 1)\n"
          "  --points N     its length, 1000 to 10000000; shares stay as they are\n",
          out);
    return out == stdout ? 0 : 2;
}

static const struct preset *find_preset(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct preset *preset = NULL;
    uint64_t seed = 1, points = 0;
    for (int i = 1; i < argc; i += 2) {
        const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : "(nothing)";
        bool good = true;
        if (strcmp(option, "--help") == 0)
            return usage(stdout);
        if (strcmp(option, "--preset") == 0)
            good = (preset = find_preset(value)) != NULL;
        else if (strcmp(option, "--seed") == 0)
            good = parse_number(value, &seed);
        else if (strcmp(option, "--points") == 0)
            good = parse_number(value, &points) && points >= 1000 && points <= 10000000;
        else
            good = false;
        if (!good) {
            fprintf(stderr, "make_kpi: cannot use '%s %s'\n", option, value);
            return usage(stderr);
        }
    }
    if (!preset) {
        fputs("make_kpi: --preset is needed\n", stderr);
        return usage(stderr);
    }
    struct preset chosen = *preset;
    if (points)
        resize(&chosen, (size_t)points);
    return generate(&chosen, seed);
}
