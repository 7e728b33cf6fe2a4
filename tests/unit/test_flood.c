/* When far more points are above the threshold than the risk allows, and what is said then. */
#include "check.h"

#include "cli/flood.h"

#include <math.h>
#include <string.h>

static bool floods(size_t above, size_t judged, double risk)
{
    const struct donut_tally tally = {.judged = judged, .above = above};
    return donut_tally_floods(&tally, risk);
}

static void test_rule(void)
{
    CHECK(!floods(0, 0, 1e-4));
    CHECK(!floods(19, 19, 1e-4));
    CHECK(floods(20, 20, 1e-4));
    /* More than a twentieth. */
    CHECK(floods(20, 399, 1e-4));
    CHECK(!floods(20, 400, 1e-4));
    CHECK(floods(21, 400, 1e-4));
    CHECK(!floods(50000, 1000000, 1e-4));
    CHECK(floods(50001, 1000000, 1e-4));
    /* More than ten times the risk, where that is more; nothing does if it is a tenth. */
    CHECK(!floods(500, 1000, 0.05));
    CHECK(floods(501, 1000, 0.05));
    CHECK(!floods(1000, 1000, 0.1));
    /* A threshold that was given says nothing of a risk. */
    CHECK(!floods(300, 300, NAN));
}

static bool has_changed(size_t lasting, size_t judged, bool changed)
{
    const struct donut_tally tally = {.judged = judged, .lasting = lasting, .changed = changed};
    return donut_tally_has_changed(&tally);
}

static void test_change(void)
{
    struct donut_tally tally = {0};
    CHECK(!has_changed(0, 0, false));
    CHECK(!has_changed(19, 19, false));
    CHECK(has_changed(20, 399, false));
    CHECK(!has_changed(20, 400, false));
    CHECK(has_changed(1, 1000, true)); /* the newest point: it goes on */
    donut_tally_count(&tally, true, false);
    donut_tally_count(&tally, false, true);
    CHECK(tally.judged == 2 && tally.above == 1 && tally.lasting == 1 && tally.changed);
    donut_tally_count(&tally, false, false);
    CHECK(tally.judged == 3 && tally.above == 1 && tally.lasting == 1 && !tally.changed);
}

static bool says(const struct donut_flood *flood, const char *want)
{
    struct donut_text text = {0};
    donut_flood_describe(flood, &text);
    const bool same = text.size > strlen(want) && memcmp(text.bytes, want, strlen(want)) == 0;
    donut_text_free(&text);
    return same;
}

static void test_note(void)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    const struct donut_tally none = {.judged = 400, .above = 3};
    struct donut_flood flood = {0};
    donut_flood_note(&flood, &none, 1e-4, "none", 4);
    CHECK(flood.kpis == 0 && flood.keys.size == 0);
    for (size_t i = 0; i < 5; i++) {
        const struct donut_tally tally = {.judged = 300 + i, .above = 200 + i};
        donut_flood_note(&flood, &tally, 1e-3, keys[i], 1);
    }
    CHECK_INT(flood.kpis, 5);
    CHECK(says(&flood, "KPIs 'a', 'b', 'c' and 2 more: far more points are anomalous than "
                       "the models expect: "));
    CHECK(flood.tally.judged == 300 && flood.tally.above == 200 && flood.risk == 1e-3);
    CHECK(flood.keys.size == 13 && memcmp(flood.keys.bytes, "'a', 'b', 'c'", 13) == 0);
    donut_flood_free(&flood);
}

static void test_words(void)
{
    const struct donut_tally tally = {.judged = 300, .above = 200};
    struct donut_flood only = {0}, keyed = {0};
    donut_flood_note(&only, &tally, 1e-4, NULL, 0);
    CHECK(says(&only, "200 of 300 points are anomalous, where the model expects 1 in 10000: "));
    donut_flood_note(&keyed, &tally, 0.03, "k", 1);
    CHECK(says(&keyed, "KPI 'k': 200 of 300 points are anomalous, where the model "
                       "expects 1 in 33: "));
    donut_flood_free(&keyed);
}

static void test_words_of_change(void)
{
    const struct donut_tally one = {.judged = 1, .lasting = 1, .changed = true};
    const struct donut_tally both = {.judged = 300, .above = 200, .lasting = 50, .changed = true};
    struct donut_flood last = {0}, all = {0};
    donut_flood_note(&last, &one, 1e-4, NULL, 0);
    CHECK(says(&last, "1 of 1 point follows a lasting change, which is taken for normal: "));
    donut_flood_note(&all, &both, 1e-4, "a", 1);
    CHECK(says(&all, "KPI 'a': 200 of 300 points are anomalous, where the model expects 1 in "
                     "10000, and 50 follow a lasting change, which is taken for normal: "));
    donut_flood_note(&all, &one, 1e-4, "b", 1);
    CHECK(says(&all, "KPIs 'a', 'b': far more points are anomalous than the models expect, or "
                     "points follow a lasting change, which is taken for normal: "));
    donut_flood_free(&all);
}

TEST(flood)
{
    test_rule();
    test_change();
    test_note();
    test_words();
    test_words_of_change();
    return check_report("flood");
}
