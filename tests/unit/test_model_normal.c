/* What a model file says of normal points: it comes back, none at all included, and what cannot be
 * a calibration is refused. */
#include "model_bytes.h"

/* The file of a model; decodes it. */
static struct donut_model *pass_through_file(const struct donut_model *model)
{
    struct donut_model *copy = NULL;
    unsigned char *bytes = NULL;
    size_t size;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    const enum donut_status status = donut_model_decode(bytes, size, &copy, NULL);
    CHECK_INT(status, copy ? DONUT_OK : DONUT_EMODEL);
    free(bytes);
    return copy;
}

static void check_kept(const struct donut_model *model)
{
    struct donut_model *copy = pass_through_file(model);
    if (CHECK(copy != NULL))
        check_same(model, copy);
    donut_model_free(copy);
}

static void test_kept(void)
{
    struct donut_model *model = sample_model();
    struct donut_normal *normal = &model->info.normal;
    check_kept(model);
    model->info.options.verdict_by = DONUT_VERDICT_BOTH;
    normal->step = (struct donut_calibration){0}; /* a window of 2 has no step */
    check_kept(model);
    struct donut_calibration *most = &normal->step;
    *most = (struct donut_calibration){1, DONUT_CALIBRATION_KNOTS, {0}, {0}, 10};
    for (size_t i = 0; i < DONUT_CALIBRATION_KNOTS; i++) {
        most->level[i] = (double)i / 3;
        most->value[i] = (double)(i / 2); /* equal ones, too */
    }
    most->level[DONUT_CALIBRATION_KNOTS - 1] = DONUT_MOST_SURPRISE;
    check_kept(model);
    *normal = (struct donut_normal){0};
    model->info.options.verdict_by = DONUT_VERDICT_SCORE;
    check_kept(model);
    donut_model_free(model);
}

/* The sample model with one number changed. */
#define CHECK_REFUSED(field, number)                                                               \
    do {                                                                                           \
        struct donut_model *model_ = sample_model();                                               \
        model_->info.normal.field = (number);                                                      \
        struct donut_model *copy_ = pass_through_file(model_);                                     \
        CHECK_THAT(!copy_, "%s = %s is let through", #field, #number);                             \
        donut_model_free(copy_);                                                                   \
        donut_model_free(model_);                                                                  \
    } while (0)

/* Its levels are 0, .5, 1.5 and its values .25, .75, 2.5. */
static void test_refused_knots(void)
{
    CHECK_REFUSED(deviation.knots, 0);
    CHECK_REFUSED(deviation.knots, 1);
    CHECK_REFUSED(deviation.level[0], -0.25);
    CHECK_REFUSED(deviation.level[0], 0.25);
    CHECK_REFUSED(deviation.level[0], NAN);
    CHECK_REFUSED(deviation.level[1], 0);
    CHECK_REFUSED(deviation.level[1], 1.5);
    CHECK_REFUSED(deviation.level[1], NAN);
    CHECK_REFUSED(deviation.level[2], 0.25);
    CHECK_REFUSED(deviation.level[2], nextafter(DONUT_MOST_SURPRISE, INFINITY));
    CHECK_REFUSED(deviation.level[2], INFINITY);
    CHECK_REFUSED(deviation.value[0], -0.25);
    CHECK_REFUSED(deviation.value[0], 1);
    CHECK_REFUSED(deviation.value[0], NAN);
    CHECK_REFUSED(deviation.value[1], 3);
    CHECK_REFUSED(deviation.value[1], NAN);
    CHECK_REFUSED(deviation.value[1], INFINITY);
    CHECK_REFUSED(deviation.value[2], 0.5);
    CHECK_REFUSED(deviation.value[2], INFINITY);
    CHECK_REFUSED(drift.value[1], 0); /* nothing has any surprise */
    CHECK_REFUSED(step.value[1], -1);
    CHECK_REFUSED(step.level[1], 0);
}

static void test_refused(void)
{
    const double shapes[] = {0, -1, 0.05, 11, NAN, INFINITY};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        CHECK_REFUSED(deviation.shape, shapes[i]);
        CHECK_REFUSED(drift.shape, shapes[i]);
        CHECK_REFUSED(step.shape, shapes[i]);
    }
    CHECK_REFUSED(deviation, (struct donut_calibration){0});
    CHECK_REFUSED(drift, (struct donut_calibration){0});
    CHECK_REFUSED(overlap, -0.125);
    CHECK_REFUSED(overlap, NAN);
    CHECK_REFUSED(overlap, DONUT_MOST_SURPRISE + 1);
    CHECK_REFUSED(alarms, 851); /* of 850 points */
}

/* Verdicts by the score go with no calibration, others with one. */
static void test_wrong_verdict(void)
{
    struct donut_model *model = sample_model();
    model->info.options.verdict_by = DONUT_VERDICT_SCORE;
    CHECK(pass_through_file(model) == NULL);
    model->info.normal = (struct donut_normal){0};
    model->info.options.verdict_by = DONUT_VERDICT_STEP;
    CHECK(pass_through_file(model) == NULL);
    donut_model_free(model);
}

/* The number of knots is read before they are: no file makes donut write beyond its arrays. */
static void test_many_knots(void)
{
    const uint64_t counts[] = {2,
                               4,
                               DONUT_CALIBRATION_KNOTS,
                               DONUT_CALIBRATION_KNOTS + 1,
                               UINT64_C(1) << 32,
                               (UINT64_C(1) << 61) + 3,
                               UINT64_MAX};
    struct donut_model *model = sample_model(), *copy;
    unsigned char *bytes = NULL;
    size_t size, at = 0;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    while (at + 16 < size && (get_le(bytes + at, 8) != 880 || get_le(bytes + at + 8, 8) != 3))
        at++;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        put_le(bytes + at + 8, counts[i], 8);
        seal(bytes, size);
        CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_EMODEL);
    }
    free(bytes);
    donut_model_free(model);
}

TEST(model_normal)
{
    test_kept();
    test_refused_knots();
    test_refused();
    test_wrong_verdict();
    test_many_knots();
    return check_report("model_normal");
}
