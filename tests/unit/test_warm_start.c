/* Training that begins with the parameters of another model. A learning rate below what a float can
 * hold takes steps of length 0: what training ends with is then what it began with. */
#include "check.h"
#include "model/model.h"
#include "small.h"

#include <stdlib.h>

#define NO_STEP 1e-300 /* of a float: 0 */

static struct donut_model *train(const struct donut_series *series,
                                 const struct donut_train_options *opt)
{
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    const enum donut_status status = donut_train(series, 0, series->n, opt, &model, NULL, &err);
    CHECK_THAT(status == DONUT_OK, "status %d: %s", (int)status, err.text);
    return model;
}

static bool same_parameters(const struct donut_model *a, const struct donut_model *b)
{
    return a->vae.size == b->vae.size &&
           memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof(donut_real)) == 0;
}

/* On the data that a model was trained on, its own parameters have the loss and the threshold that
 * it has. */
static void test_same_data(const struct small_series *small, const struct donut_model *first)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 1;
    opt.learning_rate = NO_STEP;
    struct donut_model *random = train(&small->series, &opt);
    opt.init = first;
    struct donut_model *model = train(&small->series, &opt);
    if (model && random) {
        CHECK(same_parameters(model, first));
        CHECK(!same_parameters(random, first));
        CHECK(model->info.best_loss == first->info.best_loss);
        CHECK(random->info.best_loss > first->info.best_loss + 1);
        CHECK(model->info.threshold == first->info.threshold);
        CHECK(model->info.options.init == NULL);
    }
    donut_model_free(model);
    donut_model_free(random);
}

/* Three times the KPI, 50 higher, standardises to the same points but for rounding: mean, std and
 * history are those of the new data, the loss is the old one. */
static void test_other_data(const struct small_series *small, const struct donut_model *first)
{
    static struct small_series other;
    struct donut_train_options opt = small_options();
    other = *small;
    other.series.value = other.value;
    other.series.label = other.label;
    for (size_t i = 0; i < SMALL_POINTS; i++)
        other.value[i] = 3 * small->value[i] + 50;
    opt.epochs = 1;
    opt.learning_rate = NO_STEP;
    opt.init = first;
    struct donut_model *model = train(&other.series, &opt);
    if (model) {
        CHECK(same_parameters(model, first));
        CHECK_NEAR(model->info.mean, 3 * first->info.mean + 50, 1e-9);
        CHECK_NEAR(model->info.std, 3 * first->info.std, 1e-9);
        CHECK_NEAR(model->info.best_loss, first->info.best_loss, 0.01);
        CHECK(model->history[0] == other.value[SMALL_POINTS - SMALL_SEASON + 1]);
    }
    donut_model_free(model);
}

/* Where it ends is better than where it began, and it began better than at random. */
static void test_goes_on(const struct small_series *small, const struct donut_model *first)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 3;
    opt.init = first;
    struct donut_model *model = train(&small->series, &opt);
    opt.init = NULL;
    struct donut_model *random = train(&small->series, &opt);
    if (model && random) {
        CHECK(!same_parameters(model, first));
        CHECK(model->info.best_loss < random->info.best_loss);
    }
    donut_model_free(model);
    donut_model_free(random);
}

/* Steps far too long spoil the parameters: those it began with are kept. */
static void test_never_worse(const struct small_series *small, const struct donut_model *first)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 1;
    opt.learning_rate = 1;
    opt.init = first;
    struct donut_model *model = train(&small->series, &opt);
    if (model) {
        CHECK(same_parameters(model, first));
        CHECK_INT(model->info.best_epoch, 0);
        CHECK_INT(model->info.best_step, 0);
        CHECK(model->info.steps > 0);
        CHECK(model->info.best_loss == first->info.best_loss);
    }
    donut_model_free(model);
}

/* How training went is in the model, too. */
static void test_told(const struct small_series *small)
{
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_model *model = NULL;
    opt.epochs = 7;
    CHECK_INT(donut_train(&small->series, 0, SMALL_POINTS, &opt, &model, &report, NULL), DONUT_OK);
    if (!model)
        return;
    const struct donut_model_info *info = &model->info;
    /* 840 points to learn from are 817 windows: 25 batches of 32 in each of 7 epochs. */
    CHECK_INT(info->epochs, 7);
    CHECK_INT(info->steps, 7 * 25);
    CHECK(info->best_epoch >= 1 && info->best_epoch <= 7);
    CHECK_INT((info->best_step + 24) / 25, info->best_epoch);
    CHECK(info->train_loss == report.loss && isfinite(info->train_loss));
    CHECK(info->best_step == report.best_step && info->best_epoch == report.best_epoch);
    CHECK_INT(info->stop, DONUT_STOP_DONE);
    donut_model_free(model);
}

static void check_refused(const struct donut_series *series, const struct donut_train_options *opt,
                          enum donut_status want, const char *its, const char *ours)
{
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    CHECK_INT(donut_train(series, 0, series->n, opt, &model, NULL, &err), want);
    CHECK(model == NULL);
    CHECK_THAT(strstr(err.text, its) && strstr(err.text, ours), "\"%s\" lacks \"%s\" or \"%s\"",
               err.text, its, ours);
}

/* The other way round: a model with convolutions and a Student-t z. */
static void test_refused_by_cnn(const struct small_series *small)
{
    struct donut_train_options opt = small_options();
    opt.encoder = DONUT_ENCODER_CNN;
    opt.student_df = 5;
    struct donut_model *cnn = donut_model_new(&opt);
    cnn->info.interval_ms = small->series.interval_ms;
    opt.init = cnn;
    opt.channels[1]++;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "another encoder", "other channels");
    opt.encoder = DONUT_ENCODER_DENSE;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "another encoder", "a cnn");
    opt = cnn->info.options;
    opt.init = cnn;
    opt.student_df = 0;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "degrees of freedom 5,", "not 0");
    donut_model_free(cnn);
}

/* What does not change the parameters' meaning may be another: the channels of no convolution, the
 * objective, the windows, the labels. */
static void test_other_method(const struct small_series *small, const struct donut_model *first)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 1;
    opt.learning_rate = NO_STEP;
    opt.init = first;
    opt.channels[0] = 5;
    opt.elbo = DONUT_ELBO_PLAIN;
    opt.windows = DONUT_WINDOWS_NORMAL;
    opt.prior_weight = 0.5;
    opt.keep_labels = 0.5;
    struct donut_model *model = train(&small->series, &opt);
    if (model)
        CHECK(same_parameters(model, first));
    donut_model_free(model);
}

static void test_refused(const struct small_series *small, const struct donut_model *first)
{
    struct donut_train_options good = small_options(), opt;
    struct donut_series slower = small->series;
    good.init = first;
    opt = good;
    opt.window = 23;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "window of 24 ", "of 23");
    opt = good;
    opt.latent = 4;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "size of 3,", "of 4");
    opt = good;
    opt.hidden[1] = 17;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "of 20,16,", "of 20,17");
    opt = good;
    opt.depth = 1;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "of 20,16,", "of 20");
    opt = good;
    opt.std_epsilon = 1e-3;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "epsilon of 0.0001", "of 0.001");
    opt = good;
    opt.encoder = DONUT_ENCODER_CNN;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "another encoder", "a dense one");
    opt = good;
    opt.student_df = 4;
    check_refused(&small->series, &opt, DONUT_EARGUMENT, "degrees of freedom 0,", "not 4");
    slower.interval_ms = 300000;
    check_refused(&slower, &good, DONUT_EINPUT, "every 5 min", "every 1 min");
}

TEST(warm_start)
{
    static struct small_series small;
    small_make(&small);
    const struct donut_train_options opt = small_options();
    struct donut_model *first = train(&small.series, &opt);
    if (first) {
        test_same_data(&small, first);
        test_other_data(&small, first);
        test_goes_on(&small, first);
        test_never_worse(&small, first);
        test_other_method(&small, first);
        test_refused(&small, first);
        test_refused_by_cnn(&small);
    }
    test_told(&small);
    donut_model_free(first);
    return check_report("warm_start");
}
