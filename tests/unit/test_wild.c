/* Training on a KPI of 100 +- 20 with values that nobody labelled and that cannot be its own. */
#include "check.h"
#include "model/model.h"
#include "small.h"

#include <stdlib.h>

#define POINTS 900

static struct small_series small;

static struct donut_model *train(enum donut_scale_by scale_by, double keep_labels,
                                 struct donut_train_report *report)
{
    struct donut_train_options opt = small_options();
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    opt.epochs = 3;
    opt.scale_by = scale_by;
    opt.keep_labels = keep_labels;
    CHECK_THAT(donut_train(&small.series, 0, POINTS, &opt, &model, report, &err) == DONUT_OK, "%s",
               err.text);
    return model;
}

static void check_same(const struct donut_model *a, const struct donut_model *b)
{
    if (!CHECK(a && b))
        return;
    CHECK(a->info.mean == b->info.mean && a->info.std == b->info.std);
    CHECK(a->info.limit == b->info.limit && a->info.fill == b->info.fill);
    CHECK(a->info.best_loss == b->info.best_loss && a->info.train_loss == b->info.train_loss);
    CHECK(a->info.threshold == b->info.threshold && a->info.tail.n == b->info.tail.n);
    CHECK(memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof *a->vae.block) == 0);
}

/* With nothing wild the moments are of all points, and training is the same. One of a hundred
 * points lies 20 to 23 from 100, that is the amplitude and some noise. */
static void test_clean(void)
{
    struct donut_train_report report;
    small_make(&small);
    struct donut_model *moments = train(DONUT_SCALE_MOMENTS, 1, &report);
    CHECK(report.wild == 0 && report.fence_low == -INFINITY && report.fence_high == INFINITY);
    struct donut_model *robust = train(DONUT_SCALE_ROBUST, 1, &report);
    CHECK_INT(report.wild, 0);
    CHECK(report.fence_low > -130 && report.fence_low < -100);
    CHECK(report.fence_high > 300 && report.fence_high < 330);
    check_same(moments, robust);
    CHECK(robust->info.options.scale_by == DONUT_SCALE_ROBUST);
    donut_model_free(moments);
    donut_model_free(robust);
}

/* Wild points to learn from and to validate with; any two values that are held at the same limit
 * are the same. Mean and std are those of the other points, and training is as if they were
 * labelled. */
static void test_wild(double first, double second)
{
    struct donut_train_report report;
    double sum = 0, squares = 0;
    small_make(&small);
    small.value[100] = first;
    small.value[700] = second;
    struct donut_model *robust = train(DONUT_SCALE_ROBUST, 1, &report);
    CHECK_INT(report.wild, 2);
    CHECK(report.labelled == 0 && small.label[100] == 0 && robust->info.wild == 2);
    small.value[100] = 1e4;
    small.value[700] = -1e4;
    small.label[100] = small.label[700] = 1;
    struct donut_model *labelled = train(DONUT_SCALE_MOMENTS, 1, &report);
    check_same(robust, labelled);
    for (size_t t = 0; t < POINTS; t++)
        sum += small.label[t] ? 0 : small.value[t];
    const double mean = sum / (POINTS - 2);
    for (size_t t = 0; t < POINTS; t++)
        squares += small.label[t] ? 0 : (small.value[t] - mean) * (small.value[t] - mean);
    CHECK_NEAR(robust->info.mean, mean, 1e-9);
    CHECK_NEAR(robust->info.std, sqrt(squares / (POINTS - 2)), 1e-9);
    CHECK_NEAR(robust->info.limit, 10, 0);
    donut_model_free(robust);
    donut_model_free(labelled);
}

/* Labels that are thrown away, at points that are wild and at others; one wild point more. */
static void test_labels(void)
{
    struct donut_train_report report;
    small_make(&small);
    small.value[100] = small.value[300] = 1e6;
    small.label[100] = small.label[200] = 1;
    struct donut_model *kept = train(DONUT_SCALE_ROBUST, 1, &report);
    CHECK(report.wild == 1 && report.labelled == 2 && report.labels_kept == 2);
    struct donut_model *thrown = train(DONUT_SCALE_ROBUST, 0, &report);
    CHECK(report.wild == 2 && report.labelled == 2 && report.labels_kept == 0);
    CHECK(small.label[100] == 1 && small.label[200] == 1 && small.label[300] == 0);
    donut_model_free(kept);
    small.label[100] = small.label[300] = 1;
    small.label[200] = 0;
    struct donut_model *labelled = train(DONUT_SCALE_MOMENTS, 1, &report);
    check_same(thrown, labelled);
    donut_model_free(thrown);
    donut_model_free(labelled);
}

TEST(wild)
{
    test_clean();
    test_wild(1e4, -1e4);
    test_wild(1e25, -1e9);
    test_labels();
    return check_report("wild");
}
