#include "check.h"
#include "data/season.h"
#include "data/survey.h"
#include "draw.h"

#include <stdlib.h>

static const double pi = 3.14159265358979323846;

/* What is looked at: points a minute apart. */
struct made {
    size_t n;
    double *value;
    struct draw draw;
};

static struct made make(size_t n, uint64_t seed)
{
    struct made made = {n, calloc(n, sizeof(double)), draw_new("season", seed)};
    if (!made.value)
        exit(2);
    return made;
}

/* sin + half of its first overtone: variance 5/8. */
static void add_wave(struct made *made, double period, double height)
{
    for (size_t i = 0; i < made->n; i++) {
        const double phase = 2 * pi * (double)i / period;
        made->value[i] += height * (sin(phase) + 0.5 * sin(2 * phase + 1));
    }
}

static void add_noise(struct made *made, double deviation)
{
    donut_real noise[64];
    for (size_t i = 0; i < made->n; i++) {
        if (i % 64 == 0)
            draw_normals(&made->draw, 64, deviation, noise);
        made->value[i] += (double)noise[i % 64];
    }
}

static void hide(struct made *made, double share)
{
    for (size_t i = 0; i < made->n; i++)
        if (draw_between(&made->draw, 0, 1) < share)
            made->value[i] = NAN;
}

static struct donut_season season_of(const struct made *made)
{
    const struct donut_series series = {.n = made->n, .interval_ms = 60000, .value = made->value};
    struct donut_survey survey;
    struct donut_season season;
    CHECK_INT(donut_survey(&series, 0, made->n, &survey, NULL), DONUT_OK);
    CHECK_INT(donut_season_find(&series, 0, made->n, survey.median, survey.spread, &season, NULL),
              DONUT_OK);
    return season;
}

static struct donut_season take(struct made *made)
{
    const struct donut_season season = season_of(made);
    free(made->value);
    return season;
}

/* What repeats exactly, less a mean over whole periods, has the correlation 1. */
static void test_exact(void)
{
    static const size_t periods[] = {2, 3, 7, 24, 59, 60, 128, 129, 255, 256, 257, 288, 1000, 1440};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        struct made made = make(periods[i] * (8 + 400 / periods[i]), 1);
        for (size_t j = 0; j < made.n; j++) {
            const size_t phase = j % periods[i];
            made.value[j] = (double)(phase * 7919 % 101) + (phase < periods[i] / 2 ? 150.0 : 0.0);
        }
        const struct donut_season season = take(&made);
        CHECK_INT(season.period, periods[i]);
        CHECK_NEAR(season.strength, 1, 1e-9);
    }
}

/* Signal of variance S and white noise of variance N: S / (S + N). */
static void test_strength(void)
{
    static const double deviations[] = {0.1, 0.5, 1};
    for (size_t i = 0; i < 3; i++) {
        struct made made = make(20000, i);
        add_wave(&made, 200, 1);
        add_noise(&made, deviations[i]);
        const double signal = 0.625, noise = deviations[i] * deviations[i];
        const struct donut_season season = take(&made);
        CHECK_NEAR(season.period, 200, 1);
        CHECK_NEAR(season.strength, signal / (signal + noise), 0.03);
    }
}

/* A day in minutes, and a week whose days differ in height: the day is what a window can see. */
static void test_day_and_week(void)
{
    static const double height[7] = {1, 1.1, 1.05, 1, 0.9, 0.6, 0.5};
    struct made made = make(4 * 10080, 3);
    add_wave(&made, 1440, 1);
    for (size_t i = 0; i < made.n; i++)
        made.value[i] = (made.value[i] + 2) * height[i / 1440 % 7];
    add_noise(&made, 0.2);
    CHECK_INT(take(&made).period, 1440);
}

/* A strong day hides the weak spike of every hour, but not the other way round. */
static void test_day_and_hour(void)
{
    for (int strong = 0; strong < 2; strong++) {
        struct made made = make(10 * 1440, 4);
        add_wave(&made, 1440, strong ? 0.05 : 1);
        for (size_t i = 0; i < made.n; i += 60)
            made.value[i] += strong ? 3 : 0.5;
        add_noise(&made, 0.05);
        CHECK_INT(take(&made).period, strong ? 60 : 1440);
    }
}

static void test_missing(void)
{
    struct made made = make(20 * 288, 5);
    add_wave(&made, 288, 1);
    add_noise(&made, 0.2);
    hide(&made, 0.3);
    for (size_t i = 1000; i < 2500; i++)
        made.value[i] = NAN;
    const struct donut_season season = take(&made);
    CHECK_NEAR(season.period, 288, 1);
    CHECK_NEAR(season.strength, 0.625 / 0.665, 0.03);
}

/* Neither a few bursts nor a slope nor a step in the level hides it. */
static void test_disturbed(void)
{
    struct made made = make(30 * 96, 6);
    add_wave(&made, 96, 1);
    add_noise(&made, 0.1);
    for (size_t i = 0; i < made.n; i++)
        made.value[i] += 0.002 * (double)i + (i > 1500 ? 3 : 0);
    for (size_t i = 100; i < made.n; i += 700)
        made.value[i] = 1e9;
    CHECK_INT(take(&made).period, 96);
}

/* 59 minutes are no hour. A day that is not quite 1440 points long in the data is one. */
static void test_round(void)
{
    struct made made = make(27 * 59, 7);
    add_wave(&made, 59, 1);
    add_noise(&made, 0.1);
    CHECK_INT(take(&made).period, 59);
    made = make(10 * 1440, 8);
    add_wave(&made, 1438, 1);
    add_noise(&made, 1);
    CHECK_INT(take(&made).period, 1440);
}

static void test_noise(void)
{
    static const size_t sizes[] = {4, 10, 60, 500, 5000, 40000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (uint64_t seed = 0; seed < 5; seed++) {
            struct made made = make(sizes[i], seed);
            add_noise(&made, 3);
            const struct donut_season season = take(&made);
            CHECK_INT(season.period, 0);
            CHECK_NEAR(season.strength, 0, 0);
        }
}

/* Noise that is added up wanders as if it had slow seasons. */
static void test_walk(void)
{
    size_t found = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct made made = make(3000, seed);
        add_noise(&made, 1);
        for (size_t i = 1; i < made.n; i++)
            made.value[i] += made.value[i - 1];
        found += take(&made).period > 0;
    }
    CHECK_THAT(found <= 1, "a season was found in %zu of 20 random walks", found);
}

static void test_nothing(void)
{
    struct made made = make(1000, 9);
    CHECK_INT(season_of(&made).period, 0);
    for (size_t i = 0; i < made.n; i++)
        made.value[i] = (double)i;
    CHECK_INT(season_of(&made).period, 0);
    for (size_t i = 0; i < made.n; i++)
        made.value[i] = i < 400;
    CHECK_INT(season_of(&made).period, 0);
    for (size_t i = 0; i < made.n; i++)
        made.value[i] = NAN;
    CHECK_INT(season_of(&made).period, 0);
    made.value[500] = 1;
    CHECK_INT(season_of(&made).period, 0);
    free(made.value);
    made = make(3, 10);
    made.value[1] = 1;
    CHECK_INT(take(&made).period, 0);
}

/* A period must be seen twice. */
static void test_too_short(void)
{
    struct made made = make(190, 11);
    add_wave(&made, 100, 1);
    CHECK_INT(take(&made).period, 0);
    made = make(301, 12);
    add_wave(&made, 100, 1);
    CHECK_NEAR(take(&made).period, 100, 1);
}

/* Only the points of the range count. */
static void test_range(void)
{
    struct made made = make(4000, 13);
    add_wave(&made, 50, 1);
    for (size_t i = 2000; i < 4000; i++)
        made.value[i] = sin(2 * pi * (double)i / 80);
    const struct donut_series series = {.n = made.n, .interval_ms = 1000, .value = made.value};
    struct donut_season season;
    CHECK_INT(donut_season_find(&series, 0, 2000, 0, 1, &season, NULL), DONUT_OK);
    CHECK_INT(season.period, 50);
    CHECK_INT(donut_season_find(&series, 2000, 4000, 0, 1, &season, NULL), DONUT_OK);
    CHECK_INT(season.period, 80);
    free(made.value);
}

TEST(season)
{
    test_exact();
    test_strength();
    test_day_and_week();
    test_day_and_hour();
    test_missing();
    test_disturbed();
    test_round();
    test_noise();
    test_walk();
    test_nothing();
    test_too_short();
    test_range();
    return check_report("season");
}
