/* Label down-sampling: which segments lose their label, with what probability, and that training
 * sees only the labels that are left. */
#include "check.h"
#include "model/model.h"
#include "small.h"
#include "train/labels.h"

#include <stdlib.h>

#define SEGMENTS 4
#define SEEDS 40000

static const size_t lengths[SEGMENTS] = {1, 9, 2, 5}; /* with a point between two of them */

/* Writes the segments of a set, of all SEGMENTS of them, to label; returns the points. */
static size_t write_segments(unsigned set, unsigned char label[24])
{
    size_t at = 1;
    memset(label, 0, 24);
    for (size_t i = 0; i < SEGMENTS; i++) {
        memset(label + at, set >> i & 1, lengths[i]);
        at += lengths[i] + 1;
    }
    return at;
}

static size_t points_of(unsigned set)
{
    size_t sum = 0;
    for (size_t i = 0; i < SEGMENTS; i++)
        sum += (set >> i & 1) * lengths[i];
    return sum;
}

/* Every order of draws, each in proportion to the length among those left, until few enough are or
 * were nearer before: adds the probability of each set that may be left. */
static void enumerate(unsigned set, double probability, double wanted, double *out)
{
    const size_t points = points_of(set);
    if ((double)points <= wanted) {
        out[set] += probability;
        return;
    }
    for (unsigned i = 0; i < SEGMENTS; i++) {
        if (!(set >> i & 1))
            continue;
        const double its = probability * (double)lengths[i] / (double)points;
        const double short_of = wanted - (double)(points - lengths[i]);
        if (short_of > (double)points - wanted)
            out[set] += its;
        else
            enumerate(set & ~(1u << i), its, wanted, out);
    }
}

/* The set of segments that are left, which are whole. */
static unsigned draw(double share, uint64_t seed)
{
    unsigned char label[24], kept[24], want[24];
    const size_t n = write_segments((1u << SEGMENTS) - 1, label);
    unsigned set = 0;
    size_t left = 0, at = 1;
    CHECK(donut_labels_keep(label, n, share, seed, kept, &left));
    for (unsigned i = 0; i < SEGMENTS; at += lengths[i++] + 1)
        set |= (unsigned)kept[at] << i;
    (void)write_segments(set, want);
    CHECK(memcmp(want, kept, n) == 0 && left == points_of(set));
    return set;
}

static void test_shares(double share)
{
    static size_t count[1u << SEGMENTS];
    double probability[1u << SEGMENTS] = {0};
    memset(count, 0, sizeof count);
    enumerate((1u << SEGMENTS) - 1, 1, share * 17, probability);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        count[draw(share, seed)]++;
    for (unsigned set = 0; set < 1u << SEGMENTS; set++) {
        const double p = probability[set], sd = sqrt(SEEDS * p * (1 - p));
        CHECK_THAT(fabs((double)count[set] - SEEDS * p) <= 4.5 * sd + 1e-9,
                   "share %g, set %x: %zu times, want %g +- %g", share, set, count[set], SEEDS * p,
                   sd);
    }
}

/* Single points: as many are left as the share says, though 0.29 of 100 is less in binary. */
static void test_how_many(void)
{
    unsigned char label[200], kept[200];
    size_t left;
    for (size_t i = 0; i < 200; i++)
        label[i] = i % 2 == 0;
    for (size_t percent = 0; percent <= 100; percent++) {
        size_t sum = 0;
        CHECK(donut_labels_keep(label, 200, (double)percent / 100, 3, kept, &left));
        for (size_t i = 0; i < 200; i++)
            sum += kept[i];
        CHECK_INT(sum, percent);
        CHECK_INT(left, percent);
    }
    memset(label, 0, 200);
    CHECK(donut_labels_keep(label, 200, 0.5, 3, kept, &left));
    CHECK(left == 0 && memcmp(label, kept, 200) == 0);
    memset(label, 1, 200);
    CHECK(donut_labels_keep(label, 200, 0.5, 3, kept, &left));
    CHECK(left == 0 && memchr(kept, 1, 200) == NULL);
}

static struct small_series small;

/* Anomalies in both parts of [20, 920), and outside; the one at 650 is missing, too. */
static void make_series(void)
{
    static const size_t at[] = {5, 100, 180, 300, 420, 500, 650, 700, 800, 919, 950};
    small_make(&small);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        for (size_t t = at[i]; t < at[i] + 3 + i; t++) {
            small.value[t] = i == 6 ? NAN : small.value[t] + 60;
            small.label[t] = 1;
        }
}

static struct donut_model *train(double share, bool ignore, struct donut_train_report *report)
{
    struct donut_train_options opt = small_options();
    struct donut_model *model;
    struct donut_error err = {0};
    opt.epochs = 3;
    opt.keep_labels = share;
    opt.ignore_labels = ignore;
    CHECK_THAT(donut_train(&small.series, 20, 920, &opt, &model, report, &err) == DONUT_OK, "%s",
               err.text);
    return model;
}

static bool same(const struct donut_model *a, const struct donut_model *b)
{
    return a && b && a->info.mean == b->info.mean && a->info.std == b->info.std &&
           a->info.best_loss == b->info.best_loss && a->info.tail.n == b->info.tail.n &&
           a->info.threshold == b->info.threshold &&
           memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof *a->vae.block) == 0;
}

/* The model is that of a series with the labels that are left, and no others. */
static void test_training(void)
{
    unsigned char whole[SMALL_POINTS], kept[SMALL_POINTS];
    struct donut_train_report report;
    size_t labelled = 0, left;
    for (size_t t = 20; t < 920; t++)
        labelled += small.label[t];
    CHECK(donut_labels_keep(small.label + 20, 900, 0.4, small_options().seed, kept, &left));
    struct donut_model *all = train(1, false, &report);
    CHECK(report.labelled == labelled && report.labels_kept == labelled);
    struct donut_model *some = train(0.4, false, &report);
    CHECK(report.labelled == labelled && report.labels_kept == left);
    CHECK_NEAR((double)left, 0.4 * (double)labelled, 6); /* half the longest segment */
    struct donut_model *none = train(0, false, &report);
    CHECK(report.labelled == labelled && report.labels_kept == 0);
    struct donut_model *ignoring = train(0.4, true, &report);
    CHECK(report.labelled == 0 && report.labels_kept == 0);
    memcpy(whole, small.label, sizeof whole);
    memcpy(small.label + 20, kept, 900);
    struct donut_model *want = train(1, false, &report);
    CHECK_INT(report.labelled, left);
    memcpy(small.label, whole, sizeof whole);
    CHECK(same(some, want) && !same(some, all) && !same(some, none));
    CHECK(same(none, ignoring));
    CHECK(some && some->info.options.keep_labels == 0.4);
    donut_model_free(all);
    donut_model_free(some);
    donut_model_free(none);
    donut_model_free(ignoring);
    donut_model_free(want);
}

TEST(labels)
{
    test_shares(0);
    test_shares(0.25);
    test_shares(0.5);
    test_shares(0.8);
    test_shares(0.99);
    test_shares(1);
    test_how_many();
    make_series();
    test_training();
    return check_report("labels");
}
