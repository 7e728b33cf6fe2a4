/* Training that ends early: told to by the callback, or because a number stopped being finite; and
 * the best parameters that it leaves. */
#include "check.h"
#include "small_trainer.h"

static struct small_series small;

struct watch {
    size_t calls, stop_at; /* ask to stop at this call of training; 0 = never */
    size_t threshold_calls, stop_from, stop_until, stop_again; /* likewise of the threshold's fit */
    struct small_trainer *run;                                 /* to poison at call poison_at */
    size_t poison_at, poison_tensor;
};

static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    if (progress->phase == DONUT_PHASE_THRESHOLD) {
        watch->threshold_calls++;
        return watch->threshold_calls == watch->stop_again ||
               (watch->threshold_calls >= watch->stop_from &&
                watch->threshold_calls <= watch->stop_until);
    }
    if (++watch->calls == watch->poison_at)
        watch->run->block[watch->run->vae.tensor[watch->poison_tensor].offset] = NAN;
    return watch->calls == watch->stop_at;
}

static void test_cancel(void)
{
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_model *model;
    struct watch watch = {.stop_at = 13};
    opt.progress = on_progress;
    opt.progress_context = &watch;
    CHECK_INT(donut_train(&small.series, 0, 900, &opt, &model, &report, NULL), DONUT_OK);
    CHECK_INT(report.stop, DONUT_STOP_CANCELLED);
    CHECK_INT(report.steps, 13);
    CHECK(model != NULL && (report.best_step == 10 || report.best_step == 13));
    donut_model_free(model);
}

#define LONG_POINTS 6000

/* One thread scores 512 points between two calls. 30 % of the long series are 1800 points: 4 calls;
 * in a hurry every second run of 16 of them, which are 904: 2 calls. Returns the points that the
 * tail rests on, 0 = none. */
static size_t fit_tail_watched(struct watch *watch, enum donut_status want,
                               enum donut_stop want_stop)
{
    static double value[LONG_POINTS];
    struct donut_series series = small.series;
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_model *model;
    struct donut_model_info info = {0};
    for (size_t t = 0; t < LONG_POINTS; t++)
        value[t] = small_truth(t) + small.value[t % 1000] - small_truth(t % 1000);
    series.n = LONG_POINTS;
    series.value = value;
    series.label = NULL;
    opt.threads = 1;
    opt.epochs = 1;
    opt.batch_size = 256;
    opt.samples = 4;
    opt.progress = on_progress;
    opt.progress_context = watch;
    CHECK_INT(donut_train(&series, 0, LONG_POINTS, &opt, &model, &report, NULL), want);
    CHECK((model != NULL) == (want == DONUT_OK));
    CHECK_INT(report.stop, want_stop);
    if (model)
        donut_model_get_info(model, &info);
    donut_model_free(model);
    return info.tail.n;
}

static void test_cancel_threshold(void)
{
    struct watch watch = {0};
    CHECK_INT(fit_tail_watched(&watch, DONUT_OK, DONUT_STOP_DONE), 1800);
    CHECK_INT(watch.threshold_calls, 4);

    /* Asked while training: fewer points. A callback that keeps asking asks but once. */
    watch = (struct watch){.stop_at = 13};
    CHECK_INT(fit_tail_watched(&watch, DONUT_OK, DONUT_STOP_CANCELLED), 904);
    CHECK_INT(watch.threshold_calls, 2);
    watch = (struct watch){.stop_at = 13, .stop_from = 1, .stop_until = 1000};
    CHECK_INT(fit_tail_watched(&watch, DONUT_OK, DONUT_STOP_CANCELLED), 904);

    /* Asked again while the threshold is fitted: nothing. */
    watch = (struct watch){.stop_at = 13, .stop_from = 2, .stop_until = 2};
    CHECK_INT(fit_tail_watched(&watch, DONUT_ECANCELLED, DONUT_STOP_CANCELLED), 0);

    /* First asked there: the fit begins anew on fewer points, and is made. */
    watch = (struct watch){.stop_from = 3, .stop_until = 3};
    CHECK_INT(fit_tail_watched(&watch, DONUT_OK, DONUT_STOP_CANCELLED), 904);
    CHECK_INT(watch.threshold_calls, 3 + 2);
    watch = (struct watch){.stop_from = 2, .stop_until = 4};
    CHECK_INT(fit_tail_watched(&watch, DONUT_OK, DONUT_STOP_CANCELLED), 904);

    /* There and once more. */
    watch = (struct watch){.stop_at = 0, .stop_from = 2, .stop_until = 2, .stop_again = 4};
    CHECK_INT(fit_tail_watched(&watch, DONUT_ECANCELLED, DONUT_STOP_CANCELLED), 0);
}

/* The noisy series, every 50th point abnormal. */
static void run_start(const struct donut_train_options *opt, struct small_trainer *run)
{
    unsigned char label[TRAINER_POINTS];
    for (size_t t = 0; t < TRAINER_POINTS; t++)
        label[t] = t % 50 == 0;
    small_trainer_start_labelled(opt, label, run);
    for (size_t t = 0; t < TRAINER_POINTS; t++)
        run->trainer.x[t] = t % 50 ? (donut_real)((small.value[t] - 100) / 14) : -2;
}

static void test_best_is_restored(void)
{
    struct donut_train_options opt = small_options();
    struct small_trainer run;
    donut_real x[TRAINER_POINTS], alpha[TRAINER_POINTS];
    opt.injection = 0.3;
    opt.learning_rate = 0.05; /* rough enough for the last parameters not to be the best */
    opt.decay = 1;
    run_start(&opt, &run);
    memcpy(x, run.trainer.x, sizeof x);
    memcpy(alpha, run.trainer.alpha, sizeof alpha);
    CHECK_INT(donut_trainer_run(&run.trainer, NULL), DONUT_OK);
    CHECK(run.trainer.report.best_step < run.trainer.report.steps);
    CHECK(run.trainer.validation_loss > run.trainer.report.best_loss);
    CHECK_NEAR(donut_trainer_validate(&run.trainer), run.trainer.report.best_loss, 0);
    CHECK_INT(memcmp(x, run.trainer.x, sizeof x), 0);
    CHECK_INT(memcmp(alpha, run.trainer.alpha, sizeof alpha), 0);
    small_trainer_free(&run);
}

/* One parameter turns into a NaN after so many steps. Whichever it is, no layer may swallow it. */
static void test_diverged(const char *kernel, size_t tensor, size_t poison_at,
                          enum donut_status want)
{
    struct donut_train_options opt = small_options();
    struct small_trainer run;
    struct donut_error err = {0};
    struct watch watch = {.run = &run, .poison_at = poison_at, .poison_tensor = tensor};
    opt.kernel = kernel;
    opt.progress = on_progress;
    opt.progress_context = &watch;
    run_start(&opt, &run);
    CHECK_INT(donut_trainer_run(&run.trainer, &err), want);
    CHECK_THAT(run.trainer.report.stop == DONUT_STOP_DIVERGED &&
                   run.trainer.report.steps == poison_at,
               "%s: a NaN in tensor %zu goes unnoticed for %zu steps", kernel, tensor,
               run.trainer.report.steps - poison_at);
    if (want == DONUT_OK) {
        CHECK_INT(run.trainer.report.best_step, 10);
        CHECK_NEAR(donut_trainer_validate(&run.trainer), run.trainer.report.best_loss, 0);
    } else {
        CHECK_THAT(strstr(err.text, "epoch 1, step 5") != NULL, "%s", err.text);
    }
    small_trainer_free(&run);
}

static void test_divergence(void)
{
    const char *kernel;
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++)
        for (size_t tensor = 0; tensor < 16; tensor++) {
            test_diverged(kernel, tensor, 17, DONUT_OK);
            test_diverged(kernel, tensor, 4, DONUT_EDIVERGED);
        }
}

TEST(train_stop)
{
    small_make(&small);
    test_cancel();
    test_cancel_threshold();
    test_best_is_restored();
    test_divergence();
    return check_report("train_stop");
}
