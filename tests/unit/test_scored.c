/* Score files: columns, rows left out, grid positions, refusals. */
#include "check.h"

#include "donut.h"

#include <stdint.h>
#include <stdlib.h>

static struct donut_scored *read_by(const char *text, const struct donut_scored_options *opt)
{
    struct donut_error err = {0};
    struct donut_scored *s;
    const enum donut_status status = donut_scored_read_csv(text, strlen(text), opt, &s, &err);
    CHECK_THAT(status == DONUT_OK, "line %zu, column %zu: %s", err.line, err.column, err.text);
    return s;
}

static struct donut_scored *read_scores(const char *text, const char *label_column)
{
    return read_by(text, &(struct donut_scored_options){.label_column = label_column});
}

/* What `donut score` writes: a gap, missing and warm-up rows, a verdict. */
static void test_full_file(void)
{
    struct donut_scored *s =
        read_scores("timestamp,value,score,anomaly,expected,lower,upper,status,label\n"
                    "2016-10-14T16:00:00Z,1,-1.5,0,1,0,2,warmup,0\n"
                    "2016-10-14T16:01:00Z,1,-2.5,0,1,0,2,ok,0\r\n"
                    "2016-10-14T16:02:00Z,,,0,1,0,2,missing,1\n"
                    "\"2016-10-14T16:03:00Z\",9,\"7.25\",1,1,0,2,OK,1\n"
                    "2016-10-14T16:10:00Z,1,3e0,0,1,0,2,ok,0\n"
                    "2016-10-14T16:11:00Z,1,4,0,1,0,2,missing,0\n"
                    "2016-10-14T16:12:00Z,1,nan,1,1,0,2,ok,1",
                    NULL);
    if (!s)
        return;
    CHECK_INT(s->n, 3);
    CHECK_INT(s->missing, 3);
    CHECK_INT(s->warmup, 1);
    CHECK(s->interval_seconds == 60);
    CHECK(s->score[0] == -2.5 && s->score[1] == 7.25 && s->score[2] == 3);
    CHECK(s->label[0] == 0 && s->label[1] == 1 && s->label[2] == 0);
    CHECK(s->verdict && s->verdict[0] == 0 && s->verdict[1] == 1 && s->verdict[2] == 0);
    CHECK(s->position[0] == 1 && s->position[1] == 3 && s->position[2] == 10);
    CHECK_TEXT(s->time[0], "2016-10-14T16:01:00Z");
    CHECK_TEXT(s->time[1], "2016-10-14T16:03:00Z");
    CHECK_TEXT(s->time[2], "2016-10-14T16:10:00Z");
    donut_scored_free(s);
}

static void test_other_detectors(void)
{
    struct donut_scored *s = read_scores("Score,IS_ANOMALY\n1,0\n,1\n2,1\n", NULL);
    if (s) {
        CHECK(s->n == 2 && s->missing == 1 && !s->verdict && !s->time);
        CHECK(isnan(s->interval_seconds));
        CHECK(s->position[0] == 0 && s->position[1] == 2); /* the row between counts */
    }
    donut_scored_free(s);

    /* The column `anomaly` is the verdict, unless it is asked for as the label. */
    s = read_scores("score,anomaly,label\n1,1,0\n", NULL);
    CHECK(s && s->n == 1 && s->verdict && s->verdict[0] == 1 && s->label[0] == 0);
    donut_scored_free(s);
    s = read_scores("score,anomaly\n1,1\n2,true\n3,\n", "Anomaly");
    CHECK(s && s->n == 3 && !s->verdict && s->label[0] == 1 && s->label[1] == 1 && !s->label[2]);
    donut_scored_free(s);
    s = read_scores("score,anomaly,truth\n1,1,0\n", "3");
    CHECK(s && s->n == 1 && s->verdict && s->verdict[0] == 1 && s->label[0] == 0);
    donut_scored_free(s);

    s = read_scores("score,label,status\n1,0,warmup\n,0,warmup\n,0,missing\n", NULL);
    CHECK(s && s->n == 0 && s->warmup == 2 && s->warmup_anomalous == 0 && s->missing == 1);
    donut_scored_free(s);
    s = read_scores("score,label,status\n1,1,warmup\n,1,warmup\n,1,missing\n1,1,ok\n", NULL);
    CHECK(s && s->n == 1 && s->warmup == 2 && s->warmup_anomalous == 2 && s->missing == 1);
    donut_scored_free(s);
    donut_scored_free(NULL);
}

static void test_rank(void)
{
    static const char full[] = "score,surprise,label,status\n1,0.5,0,ok\n,,0,missing\n"
                               "9,,0,warmup\n2,inf,1,ok\n3,1e5,1,ok\n";
    static const char partial[] = "score,surprise,label\n1,,0\n2,4,1\n";
    struct donut_scored_options opt = {.by = DONUT_RANK_DEFAULT};
    struct donut_scored *s = read_by(full, NULL);
    CHECK(s && s->n == 3 && s->by == DONUT_RANK_SURPRISE && s->score[0] == 0.5);
    CHECK(s && s->score[1] == DONUT_MOST_SURPRISE && s->score[2] == DONUT_MOST_SURPRISE);
    donut_scored_free(s);
    s = read_by(partial, &opt);
    CHECK(s && s->n == 2 && s->by == DONUT_RANK_SCORE && s->score[0] == 1 && s->score[1] == 2);
    donut_scored_free(s);
    opt.by = DONUT_RANK_SCORE;
    s = read_by(full, &opt);
    CHECK(s && s->n == 3 && s->by == DONUT_RANK_SCORE && s->score[0] == 1 && s->score[2] == 3);
    donut_scored_free(s);
    /* Without a column of scores a row without a surprise is missing. */
    opt.by = DONUT_RANK_SURPRISE;
    s = read_by("surprise,label\n1.5,0\n,1\n2,1\n", &opt);
    CHECK(s && s->n == 2 && s->missing == 1 && s->score[1] == 2);
    donut_scored_free(s);
    /* A column that is asked for wins over the surprise. */
    opt = (struct donut_scored_options){.score_column = "p"};
    s = read_by("score,p,surprise,label\n1,7,3,0\n", &opt);
    CHECK(s && s->by == DONUT_RANK_SCORE && s->score[0] == 7);
    donut_scored_free(s);
    s = read_by("time,anomaly_score,is_anomaly\n0,7,0\n", NULL);
    CHECK(s && s->by == DONUT_RANK_SCORE && s->score[0] == 7);
    donut_scored_free(s);
}

static void test_order(void)
{
    struct donut_scored *s = read_scores("time,score,label\n1800,3,1\n0,1,0\n900,2,0\n3601,4,1\n"
                                         "4499,5,0\n5400,6,0\n",
                                         NULL);
    if (s) {
        const int64_t position[] = {0, 1, 2, 4, 5, 6};
        CHECK_INT(s->n, 6);
        CHECK(s->interval_seconds == 900);
        for (size_t i = 0; i < 6; i++) {
            CHECK(s->score[i] == (double)i + 1);
            CHECK_INT(s->position[i], position[i]);
        }
        CHECK_TEXT(s->time[3], "3601");
    }
    donut_scored_free(s);

    /* Two rows on one point of the likeliest grid, though at different times: likewise. */
    s = read_scores("score,label,time\n1,0,0\n2,0,60\n3,0,120\n4,0,121\n5,0,180\n", NULL);
    CHECK(s && s->n == 5 && isnan(s->interval_seconds) && s->position[3] == 3);
    donut_scored_free(s);

    /* No interval fits: the order is all there is. */
    s = read_scores("time,score,label\n0,1,0\n37,2,0\n80,3,1\n131,5,0\n90,4,0\n", NULL);
    CHECK(s && s->n == 5 && isnan(s->interval_seconds) && s->position[4] == 4 && s->score[3] == 4 &&
          s->score[4] == 5);
    donut_scored_free(s);
    s = read_scores("time,score,label\n5,1,1\n", NULL);
    CHECK(s && s->n == 1 && isnan(s->interval_seconds) && s->position[0] == 0);
    donut_scored_free(s);
}

static void check_refused(const char *text, const struct donut_scored_options *opt, size_t line,
                          size_t column, const char *why)
{
    struct donut_error err = {0};
    struct donut_scored *s = (struct donut_scored *)&err;
    const enum donut_status status = donut_scored_read_csv(text, strlen(text), opt, &s, &err);
    CHECK_THAT(status == DONUT_EINPUT && !s, "\"%s\" is taken", text);
    CHECK_THAT(strstr(err.text, why), "\"%s\": says \"%s\", expected \"%s\"", text, err.text, why);
    CHECK_THAT(err.line == line && err.column == column, "\"%s\": at %zu:%zu, expected %zu:%zu",
               text, err.line, err.column, line, column);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *label_column;
        size_t line, column;
        const char *why;
    } bad[] = {
        {"", NULL, 0, 0, "the input is empty; expected rows with score and label"},
        {"score,label\n", NULL, 0, 0, "no row after the header"},
        {"1,0\n2,1\n", NULL, 1, 0,
         "no score column: none of '1,0' is named score|anomaly_score; name it with "
         "--score-column"},
        {"score\n1\n", NULL, 1, 0, "every row needs a score and a label"},
        {"score,anomaly\n1,0\n", NULL, 1, 0,
         "no label column: none of 'score,anomaly' is named label|is_anomaly; name it with "
         "--label-column"},
        {"score,label\n1,0\n", "truth", 1, 0, "no column is named 'truth'"},
        {"score,label,is_anomaly\n1,0,0\n", NULL, 1, 3, "--label-column"},
        {"time,date,score,label\n1,0,0,0\n", NULL, 1, 2, "be the timestamp; rename one"},
        {"score,label\n1,0\ninf,0\n", NULL, 3, 1, "score 'inf' is infinite"},
        {"score,label\nx,0\n", NULL, 2, 1, "score 'x'"},
        {"score,label\n1,2\n", NULL, 2, 2, "label '2'"},
        {"score,label\n,2\n", NULL, 2, 2, "label '2'"},
        {"score,label,anomaly\n1,0,maybe\n", NULL, 2, 3, "verdict 'maybe'"},
        {"score,label,status\n1,0,fine\n", NULL, 2, 3, "status 'fine' is none of ok, missing"},
        {"score,label,status\n1,0,\n", NULL, 2, 3, "status ''"},
        {"score,label,time\n1,0,x\n", NULL, 2, 3, "timestamp 'x'"},
        {"score,label,time\n1,0,0\n1,0,2016-10-14\n", NULL, 3, 3, "before it are epoch seconds"},
        {"score,label\n1,0,0\n", NULL, 2, 0, "expected 2 fields"},
        {"score,label,time\n1,0,0\n1,0,60\n1,0,120\n1,0,60\n", NULL, 5, 3,
         "this row and line 3 are the same point in time"},
        {"score,label,time\n1,0,7\n1,0,7\n", NULL, 3, 3,
         "this row and line 2 are the same point in time; a score file has one row per point: if "
         "it "
         "is a fleet's, name the column of the keys with --key"},
        {"score,anomaly_score,label\n1,0,0\n", NULL, 1, 2, "with --score-column"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(bad[i].text,
                      &(struct donut_scored_options){.label_column = bad[i].label_column},
                      bad[i].line, bad[i].column, bad[i].why);
}

static void test_rank_refused(void)
{
    static const struct {
        enum donut_rank by;
        const char *text;
        size_t line, column;
        const char *why;
    } bad[] = {
        {DONUT_RANK_SURPRISE, "score,label\n1,0\n", 1, 0, "no surprise column"},
        {DONUT_RANK_SURPRISE, "score,surprise,label\n1,2,0\n,,0\n1,,0\n", 4, 0,
         "this row has a score but no surprise"},
        {DONUT_RANK_DEFAULT, "score,surprise,label\n1,-inf,0\n", 2, 2,
         "surprise '-inf' is infinite"},
        {DONUT_RANK_DEFAULT, "score,surprise,label\n1,x,0\n", 2, 2, "surprise 'x'"},
        {DONUT_RANK_DEFAULT, "surprise,label\n1,0\n", 1, 0, "no score column"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(bad[i].text, &(struct donut_scored_options){.by = bad[i].by}, bad[i].line,
                      bad[i].column, bad[i].why);
}

TEST(scored)
{
    test_full_file();
    test_other_detectors();
    test_order();
    test_rank();
    test_refused();
    test_rank_refused();
    return check_report("scored");
}
