/* The score file of a fleet: whose a row is, what each KPI has of its own, and sums over KPIs. */
#include "scored_file.h"

#include <stdint.h>
#include <stdlib.h>

static struct donut_scored_fleet *read_fleet(const char *text, const char *key_column)
{
    struct donut_error err = {0};
    struct donut_scored_fleet *fleet;
    const struct donut_scored_options opt = {.key_column = key_column};
    const enum donut_status status =
        donut_scored_fleet_read_csv(text, strlen(text), &opt, &fleet, &err);
    CHECK_THAT(status == DONUT_OK, "line %zu, column %zu: %s", err.line, err.column, err.text);
    return fleet;
}

/* Interleaved KPIs of different intervals, one of them the wrong way round, one without a score. */
static void test_own_grids(void)
{
    struct donut_scored_fleet *fleet = read_fleet("time,score,label,anomaly,status,KPI ID\n"
                                                  "0,1,0,0,ok,minutes\n"
                                                  "7200,2,1,1,ok,hours\n"
                                                  "0,,0,0,missing,silent\n"
                                                  "60,3,1,0,ok,minutes\n"
                                                  "3600,4,0,0,ok,hours\n"
                                                  "120,5,0,0,warmup,minutes\n"
                                                  "0,6,0,0,ok,hours\n"
                                                  "300,7,0,1,ok,minutes\n",
                                                  "kpi id");
    if (!fleet)
        return;
    CHECK_INT(fleet->n, 3);
    CHECK_TEXT(fleet->kpi[0].key, "minutes");
    CHECK_TEXT(fleet->kpi[1].key, "hours");
    CHECK_TEXT(fleet->kpi[2].key, "silent");
    const struct donut_scored *minutes = fleet->kpi[0].scored, *hours = fleet->kpi[1].scored,
                              *silent = fleet->kpi[2].scored;
    CHECK(minutes->n == 3 && minutes->missing == 0 && minutes->warmup == 1);
    CHECK(minutes->interval_seconds == 60);
    CHECK(minutes->score[0] == 1 && minutes->score[1] == 3 && minutes->score[2] == 7);
    CHECK(minutes->position[0] == 0 && minutes->position[1] == 1 && minutes->position[2] == 5);
    CHECK(minutes->label[1] == 1 && minutes->verdict[2] == 1);
    CHECK_TEXT(minutes->time[2], "300");
    CHECK(hours->n == 3 && hours->missing == 0 && hours->warmup == 0);
    CHECK(hours->interval_seconds == 3600);
    CHECK(hours->score[0] == 6 && hours->score[1] == 4 && hours->score[2] == 2);
    CHECK(hours->position[2] == 2 && hours->label[2] == 1 && hours->verdict[2] == 1);
    CHECK(silent->n == 0 && silent->missing == 1 && silent->verdict);
    donut_scored_fleet_free(fleet);
}

static void test_keys(void)
{
    static const char *const key[] = {"a", "A", "a, \"b\"", "a\nb", " a ", "\xc3\xa4", "0"};
    struct donut_scored_fleet *fleet = read_fleet("score,label,key\n1,0,a\n2,0,A\n"
                                                  "3,0,\"a, \"\"b\"\"\"\n4,0,\"a\nb\"\n"
                                                  "5,0,\" a \"\n6,0,\xc3\xa4\n7,0,0\n"
                                                  "8,0, a \n9,0,\"a\"\n10,0,\"\xc3\xa4\"\n",
                                                  "key");
    if (fleet) {
        CHECK_INT(fleet->n, 7);
        for (size_t k = 0; k < 7 && k < fleet->n; k++) {
            CHECK_TEXT(fleet->kpi[k].key, key[k]);
            CHECK_INT(fleet->kpi[k].key_size, strlen(key[k]));
            CHECK(fleet->kpi[k].scored->score[0] == (double)k + 1);
        }
        const struct donut_scored *a = fleet->kpi[0].scored;
        CHECK(a->n == 3 && a->score[1] == 8 && a->score[2] == 9 && a->position[2] == 2);
        CHECK(!a->time && !a->verdict && isnan(a->interval_seconds));
        CHECK(fleet->kpi[5].scored->n == 2 && fleet->kpi[5].scored->score[1] == 10);
    }
    donut_scored_fleet_free(fleet);
    donut_scored_fleet_free(NULL);

    /* By number; but a name wins. */
    fleet = read_fleet("key,score,label\nx,1,0\ny,2,0\n", "1");
    CHECK(fleet && fleet->n == 2 && strcmp(fleet->kpi[1].key, "y") == 0);
    donut_scored_fleet_free(fleet);
    fleet = read_fleet("key,score,label,1\nx,1,0,all\ny,2,0,all\n", "1");
    CHECK(fleet && fleet->n == 1 && fleet->kpi[0].scored->n == 2);
    donut_scored_fleet_free(fleet);
}

enum { KPIS = 3000, ROWS = 4 };

/* More keys than the table begins with, row by row of all and KPI by KPI: each has its own rows,
 * in the order of the file. */
static void test_many(bool grouped)
{
    char *text = malloc(64 + (size_t)KPIS * ROWS * 32);
    if (!CHECK(text))
        return;
    size_t size = (size_t)sprintf(text, "score,label,key\n");
    for (size_t i = 0; i < (size_t)KPIS * ROWS; i++) {
        const size_t kpi = grouped ? i / ROWS : i % KPIS, row = grouped ? i % ROWS : i / KPIS;
        size += (size_t)sprintf(text + size, "%zu,0,kpi-%zu\n", kpi * ROWS + row, kpi);
    }
    struct donut_scored_fleet *fleet = read_fleet(text, "key");
    size_t wrong = 0;
    for (size_t k = 0; fleet && k < fleet->n; k++) {
        char key[32];
        sprintf(key, "kpi-%zu", k);
        const struct donut_scored *scored = fleet->kpi[k].scored;
        wrong += strcmp(fleet->kpi[k].key, key) != 0 || scored->n != ROWS;
        for (size_t i = 0; i < scored->n; i++)
            wrong += scored->score[i] != (double)(k * ROWS + i);
    }
    CHECK(fleet && fleet->n == KPIS);
    CHECK_INT(wrong, 0);
    donut_scored_fleet_free(fleet);
    free(text);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *key_column;
        enum donut_status status;
        size_t line, column;
        const char *why;
    } bad[] = {
        {"score,label,key\n1,0,a\n", NULL, DONUT_EARGUMENT, 0, 0, "no key column is given"},
        {"", "key", DONUT_EINPUT, 0, 0, "the input is empty"},
        {"score,label,key\n", "key", DONUT_EINPUT, 0, 0, "no row after the header"},
        {"score,label,key\n1,0,a\n", "KPI ID", DONUT_EINPUT, 1, 0,
         "no column is named 'KPI ID' (--key); the header is 'score,label,key'"},
        {"score,label,key\n1,0,a\n", "4", DONUT_EINPUT, 1, 0, "there is no column 4 (--key)"},
        {"score,label,key\n1,0,a\n", "score", DONUT_EINPUT, 1, 1,
         "column 1 is named so but is already the key (--key)"},
        {"score,label,key,KEY\n1,0,a,b\n", "key", DONUT_EINPUT, 1, 4, "choose one by its number"},
        {"score,label,key\n1,0,a\n2,0,\n", "key", DONUT_EINPUT, 3, 3, "the key is empty"},
        {"score,label,key\n1,0,a\n2,0,\"\"\n", "key", DONUT_EINPUT, 3, 3, "the key is empty"},
        {"score,label,key\n1,0,\"a\nb\"\n2,2,a\n", "key", DONUT_EINPUT, 4, 2, "label '2'"},
        {"score,label,key,time\n1,0,a,0\n1,0,b,0\n1,0,a,60\n1,0,b,0\n", "key", DONUT_EINPUT, 5, 4,
         "this row and line 3 are the same point in time of one KPI"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct donut_error err = {0};
        struct donut_scored_fleet *fleet = (struct donut_scored_fleet *)&err;
        const struct donut_scored_options opt = {.key_column = bad[i].key_column};
        const enum donut_status status =
            donut_scored_fleet_read_csv(bad[i].text, strlen(bad[i].text), &opt, &fleet, &err);
        CHECK_THAT(status == bad[i].status && !fleet, "\"%s\": status %d", bad[i].text, status);
        CHECK_THAT(strstr(err.text, bad[i].why), "\"%s\": says \"%s\", expected \"%s\"",
                   bad[i].text, err.text, bad[i].why);
        CHECK_THAT(err.line == bad[i].line && err.column == bad[i].column,
                   "\"%s\": at %zu:%zu, expected %zu:%zu", bad[i].text, err.line, err.column,
                   bad[i].line, bad[i].column);
    }
}

/* Three KPIs whose scores are their verdicts; alarms count up to one point after the start.
 *              labels  verdicts  adjusted       delayed        raw: found, missed, false alarms
 *   late       011100  000110    3, 0, 1        0, 3, 1        1, 2, 1
 *   half       1001    1010      1, 1, 1        1, 1, 1        1, 1, 1
 *   calm       000     011       0, 0, 2        0, 0, 2        0, 0, 2
 *   all                          4, 1, 4        1, 4, 4        2, 3, 4 */
static void fill_three(struct file file[3])
{
    static const char *const labels[] = {"011100", "1001", "000"};
    static const char *const verdicts[] = {"000110", "1010", "011"};
    static const double interval[] = {60, 3600, 60};
    for (size_t k = 0; k < 3; k++) {
        double score[MOST];
        const size_t n = strlen(labels[k]);
        for (size_t i = 0; i < n; i++)
            score[i] = verdicts[k][i] - '0';
        fill(&file[k], n, labels[k], score);
        for (size_t i = 0; i < n; i++)
            file[k].verdict[i] = verdicts[k][i] == '1';
        file[k].scored.verdict = file[k].verdict;
        file[k].scored.interval_seconds = interval[k];
    }
}

static void check_counts(const struct donut_operating_point *point, size_t found, size_t missed,
                         size_t false_alarms)
{
    CHECK_INT(point->true_positives, found);
    CHECK_INT(point->false_negatives, missed);
    CHECK_INT(point->false_alarms, false_alarms);
}

static void check_ratios(double f, double precision, double recall, double want_f,
                         double want_precision, double want_recall)
{
    CHECK_NEAR(f, want_f, 1e-15);
    CHECK_NEAR(precision, want_precision, 1e-15);
    CHECK_NEAR(recall, want_recall, 1e-15);
}

#define CHECK_RATIOS(figures, f_, precision_, recall_)                                             \
    check_ratios((figures).f, (figures).precision, (figures).recall, f_, precision_, recall_)

static void check_sum(const struct donut_evaluation_sum *sum)
{
    CHECK(sum->kpis == 3 && sum->anomalous_kpis == 2);
    CHECK(sum->points == 13 && sum->anomalous_points == 5 && sum->segments == 3);
    CHECK(sum->has_verdict && sum->has_threshold);
    const struct donut_operating_point *const kind[] = {sum->verdict, sum->at_threshold};
    for (size_t i = 0; i < 2; i++) {
        const struct donut_operating_point *all = kind[i];
        check_counts(&all[ADJUSTED], 4, 1, 4);
        check_counts(&all[DELAYED], 1, 4, 4);
        check_counts(&all[RAW], 2, 3, 4);
        CHECK_RATIOS(all[ADJUSTED], 8.0 / 13, 0.5, 0.8);
        CHECK_RATIOS(all[DELAYED], 0.2, 0.2, 0.2);
        CHECK_RATIOS(all[RAW], 4.0 / 11, 1.0 / 3, 0.4);
        CHECK(all[ADJUSTED].detected_segments == 2 && all[DELAYED].detected_segments == 1);
        /* 2 points of a minute in the one, 0 of an hour in the other. */
        CHECK(all[ADJUSTED].alert_delay_points == 1 && all[ADJUSTED].alert_delay_seconds == 60);
        CHECK(all[DELAYED].alert_delay_points == 0 && all[DELAYED].alert_delay_seconds == 0);
    }
    CHECK(isnan(sum->verdict[RAW].threshold) && sum->at_threshold[RAW].threshold == 0.5);
    CHECK_RATIOS(sum->mean_verdict[ADJUSTED], (6.0 / 7 + 0.5) / 2, 0.625, 0.75);
    CHECK_RATIOS(sum->mean_verdict[DELAYED], 0.25, 0.25, 0.25);
    CHECK_RATIOS(sum->mean_at_threshold[RAW], (0.4 + 0.5) / 2, 0.5, (1.0 / 3 + 0.5) / 2);
    /* `half` is found best by an alarm everywhere, which finds 2 and is wrong twice. */
    CHECK_RATIOS(sum->mean_best[ADJUSTED], (6.0 / 7 + 2.0 / 3) / 2, (0.75 + 0.5) / 2, 1);
}

static void test_sum(void)
{
    static const size_t order[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    struct file file[3];
    fill_three(file);
    for (size_t o = 0; o < 3; o++) {
        struct donut_evaluation_sum sum = {0};
        double floor = 0;
        for (size_t i = 0; i < 3; i++) {
            struct donut_evaluation evaluation = evaluate(&file[order[o][i]], 1, 0.5);
            floor += order[o][i] < 2 ? evaluation.random_floor / 2 : 0;
            donut_evaluation_add(&sum, &evaluation);
            donut_evaluation_free(&evaluation);
        }
        check_sum(&sum);
        CHECK_NEAR(sum.mean_random_floor, floor, 1e-15);
    }

    /* Without an anomaly there are only false alarms; without verdicts no sum of them. */
    struct donut_evaluation_sum sum = {0};
    struct donut_evaluation calm = evaluate(&file[2], 1, NAN);
    donut_evaluation_add(&sum, &calm);
    CHECK(isnan(sum.verdict[RAW].f) && sum.verdict[RAW].false_alarms == 2 && !sum.has_threshold);
    CHECK(isnan(sum.mean_best[RAW].f) && isnan(sum.mean_random_floor));
    file[0].scored.verdict = NULL;
    struct donut_evaluation late = evaluate(&file[0], 1, NAN);
    donut_evaluation_add(&sum, &late);
    CHECK(!sum.has_verdict && sum.mean_best[ADJUSTED].f == late.adjusted.best.f);
    donut_evaluation_free(&calm);
    donut_evaluation_free(&late);
}

/* Every KPI is ranked by the same: a point without a surprise is enough for the score. */
static void test_one_rank(void)
{
    struct donut_scored_fleet *fleet =
        read_fleet("score,surprise,label,key\n1,2,0,a\n2,,0,b\n3,4,0,a\n", "key");
    CHECK(fleet && fleet->kpi[0].scored->by == DONUT_RANK_SCORE &&
          fleet->kpi[0].scored->score[1] == 3);
    donut_scored_fleet_free(fleet);
    fleet = read_fleet("score,surprise,label,key\n1,2,0,a\n2,0,0,b\n3,4,0,a\n", "key");
    CHECK(fleet && fleet->kpi[1].scored->by == DONUT_RANK_SURPRISE &&
          fleet->kpi[0].scored->score[1] == 4 && fleet->kpi[1].scored->score[0] == 0);
    donut_scored_fleet_free(fleet);
}

TEST(scored_fleet)
{
    test_own_grids();
    test_keys();
    test_many(false);
    test_many(true);
    test_refused();
    test_sum();
    test_one_rank();
    return check_report("scored_fleet");
}
