/* Records with hostile keys and any numbers, and what numbers may look like. */
#ifndef DONUT_TESTS_DRAWN_H
#define DONUT_TESTS_DRAWN_H

#include "hostile.h"
#include "writers.h"

#include <float.h>

/* Any bits, small integers, everyday numbers, nothing. */
static inline double draw_number(struct draw *draw)
{
    switch (draw_below(draw, 5)) {
    case 0: {
        const uint64_t bits = (uint64_t)draw_below(draw, SIZE_MAX);
        double x;
        memcpy(&x, &bits, sizeof x);
        return isfinite(x) ? x : -0.0;
    }
    case 1:
        return (double)draw_below(draw, 2000001) - 1e6;
    case 2:
        return NAN;
    default:
        return draw_between(draw, -20, 1000);
    }
}

struct drawn {
    struct bytes key;
    char time[48];
    struct donut_record record;
};

static inline void draw_record(struct draw *draw, bool iso, struct drawn *out)
{
    const bool missing = draw_below(draw, 5) == 0;
    const int64_t seconds = (int64_t)draw_below(draw, 4000000000) - 1000000000;
    out->key = hostile_key(draw, false);
    snprintf(out->time, sizeof out->time, iso ? "2020-01-01 00:%lld" : "%lld", (long long)seconds);
    out->record = (struct donut_record){
        .key = out->key.at,
        .key_size = out->key.size,
        .time = out->time,
        .time_size = strlen(out->time),
        .time_ms = 1000 * seconds,
        .value = missing ? NAN : draw_number(draw),
        .row = {.score = missing ? NAN : draw_number(draw),
                .expected = draw_number(draw),
                .lower = draw_number(draw),
                .upper = draw_number(draw),
                .surprise = missing || draw_below(draw, 3) == 0 ? NAN : draw_between(draw, 0, 300),
                .anomaly = draw_below(draw, 2) == 1,
                .cause = (enum donut_cause)draw_below(draw, 4),
                .status = missing                    ? DONUT_ROW_MISSING
                          : draw_below(draw, 2) == 1 ? DONUT_ROW_WARMUP
                                                     : DONUT_ROW_OK},
        .threshold = draw_below(draw, 2) == 1 ? 4.5 : draw_between(draw, -1e6, 1e6),
        .surprise_threshold = draw_below(draw, 2) == 1 ? NAN : draw_between(draw, 1, 12),
        .places = (int)draw_below(draw, 19) - 6,
        .label = (int)draw_below(draw, 2),
    };
}

static inline size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* A number as JSON, Go and InfluxDB all take it. */
static inline bool is_number(const char *text)
{
    text += *text == '-';
    if (digits(text) == 0 || (text[0] == '0' && digits(text) > 1))
        return false;
    text += digits(text);
    if (*text == '.' && digits(++text) == 0)
        return false;
    text += digits(text);
    if (*text == 'e') {
        text += text[1] == '-' || text[1] == '+' ? 2 : 1;
        if (digits(text) == 0)
            return false;
        text += digits(text);
    }
    return *text == '\0';
}

static inline void check_number(const char *text, double want)
{
    CHECK_THAT(is_number(text) && strtod(text, NULL) == want, "'%s', want %.17g", text, want);
}

static inline void check_float(const char *text, double want)
{
    const bool in_range = fabs(want) <= (double)FLT_MAX;
    CHECK_THAT(is_number(text) &&
                   (in_range ? strtof(text, NULL) == (float)want : strtod(text, NULL) == want),
               "'%s', want %.9g", text, want);
}

/* Half a unit of the last place, and what a double cannot resolve. */
static inline void check_rounded(const char *text, double want, int places)
{
    const double tolerance = 0.5 * pow(10, -places) * (1 + 1e-9) + fabs(want) * 1e-15;
    CHECK_THAT(is_number(text) && fabs(strtod(text, NULL) - want) <= tolerance,
               "'%s', want %.17g to %d places", text, want, places);
}

#endif
