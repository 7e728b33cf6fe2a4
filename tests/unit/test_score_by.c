/* Kinds of score from outside: what they have to do with each other, with the window, with the
 * threshold; and that a row is the same to the last bit however it is asked for. */
#include "detect/tail.h"
#include "draw.h"
#include "model/model.h"
#include "rows.h"
#include "small.h"

static const enum donut_score_kind kinds[] = {DONUT_SCORE_RECONSTRUCTION, DONUT_SCORE_LIKELIHOOD,
                                              DONUT_SCORE_ELBO, DONUT_SCORE_PRIOR};
static const char *const words[] = {"reconstruction", "likelihood", "elbo", "prior"};
#define KINDS (sizeof kinds / sizeof kinds[0])
#define TRAINED 900

static struct small_series small;                       /* with holes after TRAINED */
static struct donut_model *model[KINDS], *other[KINDS]; /* other: another window, another seed */

static void train_all(void)
{
    for (size_t kind = 0; kind < KINDS; kind++) {
        struct donut_train_options opt = small_options();
        struct donut_error err = {0};
        opt.epochs = 8;
        opt.score_by = kinds[kind];
        CHECK_THAT(donut_train(&small.series, 0, TRAINED, &opt, &model[kind], NULL, &err) ==
                       DONUT_OK,
                   "%s", err.text);
        opt.window = 17;
        opt.seed = 8;
        opt.epochs = 2;
        CHECK(donut_train(&small.series, 0, TRAINED, &opt, &other[kind], NULL, NULL) == DONUT_OK);
    }
}

/* All points, by a kind. */
static void score_by(const struct donut_model *with, enum donut_score_kind kind, size_t threads,
                     struct donut_score_row rows[SMALL_POINTS])
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_error err = {0};
    opt.score_by = kind;
    opt.threshold = 1;
    opt.threads = threads;
    CHECK_THAT(donut_score(with, &small.series, 0, SMALL_POINTS, &opt, rows, &err) == DONUT_OK,
               "%s", err.text);
}

/* Jensen: -log E p(x|z) <= -E log p(x|z), and less where p(x|z) varies. A score by the ELBO and one
 * by the reconstruction differ by what estimates KL(q(z|x)||p(z)). All know the same mixture. */
static void test_each_other(void)
{
    static struct donut_score_row rows[KINDS][SMALL_POINTS];
    double divergence = 0;
    size_t above = 0, equal = 0, bands = 0, different = 0, scored = 0;
    for (size_t kind = 0; kind < KINDS; kind++)
        score_by(model[0], kinds[kind], 1, rows[kind]);
    for (size_t t = 0; t < SMALL_POINTS; t++) {
        const double score = rows[0][t].score;
        bands += rows[0][t].expected != rows[1][t].expected ||
                 rows[0][t].upper != rows[1][t].upper || rows[0][t].expected != rows[2][t].expected;
        CHECK_INT(isnan(score), isnan(small.value[t]));
        for (size_t kind = 1; kind < KINDS; kind++)
            CHECK_INT(isnan(rows[kind][t].score), isnan(score));
        if (isnan(score))
            continue;
        scored++;
        above += rows[1][t].score > score + 1e-6 * (1 + fabs(score));
        equal += rows[1][t].score == score;
        divergence += rows[2][t].score - score;
        different += rows[3][t].score != score;
        CHECK(isfinite(rows[1][t].score) && isfinite(rows[2][t].score));
    }
    CHECK_INT(above, 0);
    CHECK(equal < scored / 10);
    CHECK_INT(bands, 0);
    CHECK(divergence / (double)scored > 0.5);
    CHECK_INT(different, scored);
}

/* Only x_t plays a part, and expected value and band are the same everywhere, at missing points,
 * too; what is expected is what z of the prior gives, not what the season asks for. */
static void test_prior_is_blind(void)
{
    static struct donut_score_row rows[SMALL_POINTS], again[SMALL_POINTS];
    struct small_series changed = small;
    struct donut_score_options opt = variant_score_defaults();
    changed.series.value = changed.value;
    for (size_t t = 1; t < SMALL_POINTS; t += 2)
        changed.value[t] = t % 3 == 0 ? NAN : 70;
    score_by(model[0], DONUT_SCORE_PRIOR, 2, rows);
    opt.score_by = DONUT_SCORE_PRIOR;
    opt.threshold = 1;
    CHECK_INT(donut_score(model[0], &changed.series, 0, SMALL_POINTS, &opt, again, NULL), DONUT_OK);
    size_t moved = 0;
    for (size_t t = 0; t < SMALL_POINTS; t++) {
        moved += t % 2 == 0 && !isnan(rows[t].score) && rows[t].score != again[t].score;
        moved += rows[t].expected != rows[0].expected || again[t].upper != rows[0].upper ||
                 again[t].lower != rows[0].lower;
    }
    CHECK_INT(moved, 0);
    CHECK(rows[2].score == again[2].score && again[1].score != rows[1].score);
    CHECK(rows[0].upper - rows[0].lower > 40);
}

/* In one call, in calls of other sizes, in other numbers of threads. */
static void test_batches(void)
{
    static struct donut_score_row want[SMALL_POINTS], rows[SMALL_POINTS];
    static const size_t sizes[] = {1, 17, 600};
    for (size_t kind = 0; kind < KINDS; kind++) {
        score_by(model[kind], DONUT_SCORE_DEFAULT, 1, want);
        for (size_t threads = 2; threads <= 3; threads++) {
            score_by(model[kind], kinds[kind], threads, rows);
            CHECK_INT(rows_differing(want, rows, SMALL_POINTS), 0);
        }
        struct donut_score_options opt = variant_score_defaults();
        opt.threshold = 1;
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (size_t from = 300; from + sizes[i] <= SMALL_POINTS; from += 300) {
                CHECK_INT(donut_score(model[kind], &small.series, from, from + sizes[i], &opt, rows,
                                      NULL),
                          DONUT_OK);
                CHECK_INT(rows_differing(want + from, rows, sizes[i]), 0);
            }
    }
}

/* Feeds points [from, to) one by one and compares with what is wanted. */
static void follow(struct donut_scorer *scorer, struct donut_feed *feed, size_t from, size_t to,
                   const struct donut_score_row *want)
{
    size_t n, differing = 0, count = 0;
    for (size_t t = from; t < to; t++) {
        const struct donut_feed_point point = {.time_ms = small.series.start_ms +
                                                          (int64_t)t * small.series.interval_ms,
                                               .value = small.value[t]};
        struct donut_feed_point row;
        CHECK_INT(donut_feed_push(feed, &point), DONUT_ARRIVAL_TAKEN);
        CHECK_INT(donut_feed_score(scorer, feed, &row, 1, &n, NULL), DONUT_OK);
        count += n;
        differing += n == 1 && !rows_same(&row.row, &want[t]);
    }
    CHECK_INT(count, to - from);
    CHECK_INT(differing, 0);
}

/* Streams of two models by turns, as in a fleet; then one goes on with the other's model, and then
 * with scorers of another kernel and of other draws. What a target remembers is never another's. */
static void test_streams(size_t kind)
{
    static struct donut_score_row want[4][SMALL_POINTS];
    struct donut_scorer *scorer = NULL, *fewer = NULL, *plain = NULL;
    struct donut_feed *a = NULL, *b = NULL;
    struct donut_score_options opt = variant_score_defaults();
    opt.threshold = 1;
    score_by(model[kind], DONUT_SCORE_DEFAULT, 1, want[0]);
    score_by(other[kind], DONUT_SCORE_DEFAULT, 1, want[1]);
    CHECK_INT(donut_scorer_new(&opt, &scorer, NULL), DONUT_OK);
    opt.kernel = "plain";
    CHECK_INT(donut_scorer_new(&opt, &plain, NULL), DONUT_OK);
    CHECK_INT(donut_score(other[kind], &small.series, 0, SMALL_POINTS, &opt, want[2], NULL),
              DONUT_OK);
    opt.kernel = variant_kernel();
    opt.samples = 50;
    CHECK_INT(donut_scorer_new(&opt, &fewer, NULL), DONUT_OK);
    CHECK_INT(donut_score(other[kind], &small.series, 0, SMALL_POINTS, &opt, want[3], NULL),
              DONUT_OK);
    CHECK_INT(donut_feed_new(model[kind], 4, &a, NULL), DONUT_OK);
    CHECK_INT(donut_feed_new(other[kind], 4, &b, NULL), DONUT_OK);
    for (size_t t = 0; t < 300; t += 10) {
        follow(scorer, a, t, t + 10, want[0]);
        follow(scorer, b, t, t + 10, want[1]);
    }
    CHECK_INT(donut_feed_renew(a, other[kind], NULL), DONUT_OK);
    follow(scorer, a, 300, 340, want[1]);
    follow(plain, a, 340, 360, want[2]);
    follow(fewer, a, 360, 380, want[3]);
    follow(scorer, a, 380, 400, want[1]);
    donut_feed_free(a);
    donut_feed_free(b);
    donut_scorer_free(scorer);
    donut_scorer_free(fewer);
    donut_scorer_free(plain);
}

static void check_scorer(struct donut_scorer *scorer, const struct donut_model *with)
{
    static struct donut_score_row want[SMALL_POINTS], rows[SMALL_POINTS];
    score_by(with, DONUT_SCORE_DEFAULT, 1, want);
    CHECK_INT(donut_scorer_score(scorer, with, &small.series, 0, SMALL_POINTS, rows, NULL),
              DONUT_OK);
    CHECK_INT(rows_differing(want, rows, SMALL_POINTS), 0);
}

/* One scorer for models of all kinds, as a bundle may hold them, and for one that differs from
 * another in the law of z alone. */
static void test_mixed(void)
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_train_options train = small_options();
    struct donut_scorer *scorer = NULL;
    struct donut_model *student = NULL;
    opt.threshold = 1;
    train.epochs = 2;
    train.score_by = DONUT_SCORE_ELBO;
    train.student_df = 3;
    CHECK_INT(donut_train(&small.series, 0, TRAINED, &train, &student, NULL, NULL), DONUT_OK);
    CHECK_INT(donut_scorer_new(&opt, &scorer, NULL), DONUT_OK);
    for (size_t i = 0; i < 3 * KINDS; i++)
        check_scorer(scorer, model[i * 3 % KINDS]);
    if (student)
        check_scorer(scorer, student);
    donut_model_free(student);

    donut_scorer_free(scorer);
}

/* The threshold is that of the tail of the validation scores of the model's own kind. The last 30 %
 * of the training range have neither labels nor holes. */
static void test_threshold(void)
{
    static struct donut_score_row rows[SMALL_POINTS];
    const size_t first = TRAINED - TRAINED * 3 / 10;
    for (size_t kind = 0; kind < KINDS; kind++) {
        double scores[TRAINED], threshold;
        struct donut_tail tail;
        struct donut_model_info info;
        donut_model_get_info(model[kind], &info);
        CHECK_INT(info.options.score_by, kinds[kind]);
        score_by(model[kind], kinds[kind], 1, rows);
        for (size_t t = first; t < TRAINED; t++)
            scores[t - first] = rows[t].score;
        CHECK_INT(donut_tail_fit(scores, TRAINED - first, &tail, NULL), DONUT_OK);
        CHECK_INT(info.tail.n, TRAINED - first);
        CHECK_NEAR(info.tail.t, tail.t, 0);
        CHECK_INT(donut_tail_threshold(&tail, info.options.risk, &threshold, NULL), DONUT_OK);
        CHECK_NEAR(info.threshold, threshold, 0);
    }
}

static void check_refusal(enum donut_status status, const struct donut_error *err, size_t own,
                          size_t asked)
{
    char want[200];
    snprintf(want, sizeof want,
             "the model's threshold is for %s scores: give --threshold, or train with --score-by "
             "%s",
             words[own], words[asked]);
    CHECK_INT(status, DONUT_EARGUMENT);
    CHECK_TEXT(err->text, want);
}

/* Everything that gives scores refuses a threshold of another kind, with a risk or without. */
static void test_refusals(size_t own, size_t asked)
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_error err = {0};
    struct donut_score_row row;
    struct donut_scorer *scorer = NULL;
    struct donut_feed *feed = NULL;
    struct donut_feed_point point = {.time_ms = small.series.start_ms, .value = 100};
    double threshold;
    size_t n;
    opt.score_by = kinds[asked];
    for (int with_risk = 0; with_risk < 2; with_risk++, opt.risk = 1e-3) {
        enum donut_status status = donut_score(model[own], &small.series, 0, 1, &opt, &row, &err);
        if (own == asked)
            CHECK_INT(status, DONUT_OK);
        else
            check_refusal(status, &err, own, asked);
    }
    CHECK_INT(donut_scorer_new(&opt, &scorer, NULL), DONUT_OK);
    CHECK_INT(donut_feed_new(model[own], 4, &feed, NULL), DONUT_OK);
    CHECK_INT(donut_feed_push(feed, &point), DONUT_ARRIVAL_TAKEN);
    const enum donut_status status = donut_feed_score(scorer, feed, &point, 1, &n, &err);
    if (own != asked) {
        check_refusal(status, &err, own, asked);
        check_refusal(donut_scorer_threshold(scorer, model[own], &threshold, &err), &err, own,
                      asked);
    } else {
        CHECK_INT(status, DONUT_OK);
    }
    donut_feed_free(feed);
    donut_scorer_free(scorer);
}

static void test_range(void)
{
    struct donut_score_options opt = variant_score_defaults();
    struct donut_error err = {0};
    struct donut_score_row row;
    opt.threshold = 1;
    opt.score_by = (enum donut_score_kind)(DONUT_SCORE_PRIOR + 1);
    CHECK_INT(donut_score(model[0], &small.series, 0, 1, &opt, &row, &err), DONUT_EARGUMENT);
    CHECK_TEXT(err.text, "scores are by reconstruction, likelihood, elbo or prior");
}

TEST(score_by)
{
    struct draw draw = draw_new("score_by", 21);
    small_make(&small);
    for (size_t t = TRAINED; t < SMALL_POINTS; t += 1 + draw_below(&draw, 25))
        small.value[t] = NAN;
    train_all();
    for (size_t kind = 0; kind < KINDS && checks_failed == 0; kind++) {
        test_streams(kind);
        for (size_t asked = 0; asked < KINDS; asked++)
            test_refusals(kind, asked);
    }
    if (checks_failed == 0) {
        test_each_other();
        test_prior_is_blind();
        test_batches();
        test_mixed();
        test_threshold();
        test_range();
    }
    for (size_t kind = 0; kind < KINDS; kind++) {
        donut_model_free(model[kind]);
        donut_model_free(other[kind]);
    }
    return check_report("score_by");
}
