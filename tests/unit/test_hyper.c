/* Every hyper-parameter does what it says: not only is it stored, the training differs. */
#include "check.h"
#include "detect/tail.h"
#include "lone_loss.h"

static struct small_series small; /* with holes, and four labelled points for validation */

static void make_series(void)
{
    small_make(&small);
    for (size_t t = 17; t < SMALL_POINTS; t += 40)
        small.value[t] = NAN;
    for (size_t t = 700; t < 704; t++) {
        small.value[t] = 400;
        small.label[t] = 1;
    }
}

static struct donut_model *train(const struct donut_train_options *opt)
{
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_THAT(donut_train(&small.series, 0, 900, opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    return model;
}

static struct donut_train_options quick(void)
{
    struct donut_train_options opt = small_options();
    opt.epochs = 4;
    return opt;
}

static bool same_parameters(const struct donut_model *a, const struct donut_model *b)
{
    return memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof(donut_real)) == 0;
}

static void check_moves_parameters(const char *name, struct donut_train_options opt)
{
    const struct donut_train_options base = quick();
    struct donut_model *a = train(&base), *b = train(&opt);
    if (a && b)
        CHECK_THAT(!same_parameters(a, b), "%s changes nothing", name);
    donut_model_free(a);
    donut_model_free(b);
}

#define CHECK_MOVES(field, value)                                                                  \
    do {                                                                                           \
        struct donut_train_options opt_ = quick();                                                 \
        opt_.field = (value);                                                                      \
        check_moves_parameters(#field, opt_);                                                      \
    } while (0)

static void test_moves_parameters(void)
{
    CHECK_MOVES(std_epsilon, 0.1);
    CHECK_MOVES(epochs, 5);
    CHECK_MOVES(batch_size, 16);
    CHECK_MOVES(learning_rate, 2e-3);
    CHECK_MOVES(decay_epochs, 1);
    CHECK_MOVES(l2, 0.1);
    CHECK_MOVES(clip_norm, 0.1);
    CHECK_MOVES(injection, 0.3);
    CHECK_MOVES(missing_fill, DONUT_FILL_MEAN);
    CHECK_MOVES(validation, 0.4);
    CHECK_MOVES(ignore_labels, true);
    CHECK_MOVES(keep_labels, 0);
    CHECK_MOVES(elbo, DONUT_ELBO_PLAIN);
    CHECK_MOVES(windows, DONUT_WINDOWS_NORMAL);
    CHECK_MOVES(likelihood_df, 3);
    CHECK_MOVES(hide_last, true);
    CHECK_MOVES(schedule, DONUT_SCHEDULE_COSINE);
    CHECK_MOVES(seed, 8);
}

/* What only the threshold depends on. */
static void test_moves_threshold(void)
{
    struct donut_train_options opt = quick();
    struct donut_model *base = train(&opt);
    double threshold;
    opt.samples = 33;
    struct donut_model *samples = train(&opt);
    opt = quick();
    opt.mcmc_iterations = 0;
    struct donut_model *iterations = train(&opt);
    opt = quick();
    opt.sampler = DONUT_SAMPLER_MC;
    struct donut_model *sampler = train(&opt);
    opt = quick();
    opt.risk = 0.01;
    struct donut_model *risk = train(&opt);
    CHECK(same_parameters(base, samples) && same_parameters(base, iterations));
    CHECK(same_parameters(base, sampler) && base->info.tail.t != sampler->info.tail.t);
    CHECK(base->info.tail.t != samples->info.tail.t);
    CHECK(base->info.tail.t != iterations->info.tail.t);
    CHECK(base->info.tail.t == risk->info.tail.t);
    CHECK_INT(donut_tail_threshold(&base->info.tail, 0.01, &threshold, NULL), DONUT_OK);
    CHECK_NEAR(risk->info.threshold, threshold, 0);
    CHECK(risk->info.threshold < base->info.threshold);
    donut_model_free(base);
    donut_model_free(samples);
    donut_model_free(iterations);
    donut_model_free(sampler);
    donut_model_free(risk);
}

/* Labelled points count neither for nor against the parameters when they are validated. */
static void test_labels_in_validation(void)
{
    struct donut_train_options opt = quick();
    struct donut_model *with = train(&opt);
    opt.ignore_labels = true;
    struct donut_model *without = train(&opt);
    /* Four points of 400 among 100 +- 20, each in 24 of the 247 windows. */
    CHECK(with->info.best_loss < without->info.best_loss - 10);
    donut_model_free(with);
    donut_model_free(without);
}

/* 0.9 of 240 points is 216, though 0.9 is a little less in binary. */
static void test_validation_share(void)
{
    struct donut_train_options opt = quick();
    struct donut_train_report report;
    struct donut_model *model;
    opt.validation = 0.9;
    CHECK_INT(donut_train(&small.series, 20, 260, &opt, &model, &report, NULL), DONUT_OK);
    CHECK_INT(report.windows, 1);
    CHECK_INT(report.validation_windows, 216 - 23);
    donut_model_free(model);
}

struct run {
    struct small_trainer of;
    donut_real *after[4]; /* the parameters at the end of epochs 1 to 3; [0] at the start */
};

static bool watch(void *context, const struct donut_progress *progress)
{
    struct run *run = context;
    if (progress->done == progress->total && progress->epoch <= 3)
        memcpy(run->after[progress->epoch], run->of.block, run->of.vae.size * sizeof(donut_real));
    return false;
}

static void run_start_labelled(struct donut_train_options *opt, const unsigned char *label,
                               struct run *run)
{
    opt->progress = watch;
    opt->progress_context = run;
    small_trainer_start_labelled(opt, label, &run->of);
    for (size_t i = 0; i < 4; i++)
        run->after[i] = calloc(run->of.vae.size, sizeof *run->of.block);
    memcpy(run->after[0], run->of.block, run->of.vae.size * sizeof *run->of.block);
}

static void run_start(struct donut_train_options *opt, struct run *run)
{
    run_start_labelled(opt, NULL, run);
}

static void run_free(struct run *run)
{
    small_trainer_free(&run->of);
    for (size_t i = 0; i < 4; i++)
        free(run->after[i]);
}

static double largest_move(const struct run *run, size_t epoch)
{
    double most = 0;
    for (size_t i = 0; i < run->of.vae.size; i++)
        most = fmax(most, fabs((double)run->after[epoch][i] - (double)run->after[epoch - 1][i]));
    return most;
}

/* With the rate falling to nothing every 2 epochs, the third stands still and the second does not.
 * Validated only at the end, the last parameters are the best. */
static void test_decay(void)
{
    struct donut_train_options opt = small_options();
    struct run run = {0};
    opt.epochs = 3;
    opt.decay = 1e-9;
    opt.decay_epochs = 2;
    opt.validate_every = 1000000;
    run_start(&opt, &run);
    CHECK_INT(donut_trainer_run(&run.of.trainer, NULL), DONUT_OK);
    CHECK(largest_move(&run, 1) > 1e-3 && largest_move(&run, 2) > 1e-3);
    CHECK(largest_move(&run, 3) < 1e-6);
    CHECK_INT(run.of.trainer.report.best_step, 3 * 18);
    run_free(&run);
}

/* After one step Adam's first moment is a tenth of the clipped gradient. */
static void test_clip(enum donut_clip_by clip_by)
{
    struct donut_train_options opt = small_options();
    struct run run = {0};
    double total = 0, largest = 0;
    opt.epochs = 1;
    opt.batch_size = 65536;
    opt.clip_norm = 0.01;
    opt.clip_by = clip_by;
    run_start(&opt, &run);
    CHECK_INT(donut_trainer_run(&run.of.trainer, NULL), DONUT_OK);
    CHECK_INT(run.of.trainer.report.steps, 1);
    for (size_t i = 0; i < run.of.vae.tensors; i++) {
        double square = 0;
        for (size_t j = 0; j < run.of.vae.tensor[i].count; j++) {
            const double m = (double)run.of.trainer.shares.m[run.of.vae.tensor[i].offset + j];
            square += m * m;
        }
        total += square;
        largest = fmax(largest, sqrt(square));
    }
    CHECK_NEAR(clip_by == DONUT_CLIP_GLOBAL ? sqrt(total) : largest, 1e-3, 1e-6);
    CHECK(clip_by == DONUT_CLIP_GLOBAL || sqrt(total) > 2e-3);
    run_free(&run);
}

static double validate(const char *kernel, size_t threads, size_t batch_size)
{
    struct donut_train_options opt = small_options();
    struct run run = {0};
    opt.kernel = kernel;
    opt.threads = threads;
    opt.batch_size = batch_size;
    run_start(&opt, &run);
    const double loss = donut_trainer_validate(&run.of.trainer);
    CHECK_NEAR(donut_trainer_validate(&run.of.trainer), loss, 0);
    run_free(&run);
    return loss;
}

/* The noise of a validation window depends neither on the batch nor on the threads; to another
 * kernel it is the same but for rounding. */
static void test_validation_noise(void)
{
    const double first = validate(donut_kernel_name(0), 1, 1000);
    const char *kernel;
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++) {
        const double loss = validate(kernel, 1, 1000);
        CHECK_NEAR(loss, first, 1e-6 * fabs(first));
        CHECK_NEAR(validate(kernel, 1, 7), loss, 0);
        CHECK_NEAR(validate(kernel, 2, 32), loss, 0);
        CHECK_NEAR(validate(kernel, 64, 1), loss, 0);
    }
}

/* Validation points 630..899 with an abnormal one at 700: the 24 windows that hold it, of 247, do
 * not count, but stop training where their loss is not finite, unless normal windows alone are
 * learnt from. */
static void test_criterion(enum donut_elbo elbo, enum donut_windows windows, double nu)
{
    struct donut_train_options opt = small_options();
    struct run run = {0};
    const unsigned char label[TRAINER_POINTS] = {[700] = 1};
    double all = 0, whole = 0;
    struct donut_vae_work work;
    opt.elbo = elbo;
    opt.student_df = nu;
    opt.windows = windows;
    run_start_labelled(&opt, label, &run);
    CHECK(donut_vae_work_new(&run.of.vae.shape, 1, false, &work));
    const struct donut_vae_panel panel = donut_vae_panel(&work, 0);
    run.of.trainer.x[700] = -5;
    CHECK_NEAR(run.of.trainer.alpha[700], elbo == DONUT_ELBO_PLAIN, 0);
    for (size_t i = 0; i < 247; i++) {
        const double loss = lone_loss(&run.of, &panel, i);
        all += loss;
        whole += 630 + i <= 700 && 700 < 630 + i + 24 ? 0 : loss;
    }
    all /= 247;
    whole /= 247 - 24;
    const bool only = windows == DONUT_WINDOWS_NORMAL;
    CHECK_INT(run.of.trainer.report.validation_windows, only ? 247 - 24 : 247);
    CHECK_NEAR(donut_trainer_validate(&run.of.trainer), whole, 1e-6 * fabs(whole));
    CHECK(fabs(whole - all) > 1e-3 * fabs(all));
    run.of.trainer.x[700] = NAN;
    run.of.trainer.alpha[700] = 1;
    CHECK_INT(isfinite(donut_trainer_validate(&run.of.trainer)), only);
    donut_vae_work_free(&work);
    run_free(&run);
}

/* With an abnormal point in nearly every window all count, but not where normal windows alone are
 * learnt from. */
static void test_criterion_of_few(enum donut_elbo elbo)
{
    struct donut_train_options opt = small_options();
    struct run run = {0};
    unsigned char label[TRAINER_POINTS] = {0};
    for (size_t t = 630 + 26; t < 900; t += 20)
        label[t] = 1;
    opt.elbo = elbo;
    run_start_labelled(&opt, label, &run);
    for (size_t t = 630 + 26; t < 900; t += 20)
        run.of.trainer.x[t] = -5;
    struct donut_vae_work work;
    CHECK(donut_vae_work_new(&run.of.vae.shape, 1, false, &work));
    const struct donut_vae_panel some = donut_vae_panel(&work, 0);
    double all = 0, whole = 0;
    for (size_t i = 0; i < 247; i++)
        all += lone_loss(&run.of, &some, i) / 247;
    CHECK_NEAR(donut_trainer_validate(&run.of.trainer), all, 1e-6 * fabs(all));
    donut_vae_work_free(&work);
    run_free(&run);
    /* Points 630..655 hold three windows. */
    opt.windows = DONUT_WINDOWS_NORMAL;
    run_start_labelled(&opt, label, &run);
    CHECK(donut_vae_work_new(&run.of.vae.shape, 1, false, &work));
    const struct donut_vae_panel panel = donut_vae_panel(&work, 0);
    CHECK_INT(run.of.trainer.report.validation_windows, 3);
    for (size_t i = 0; i < 3; i++)
        whole += lone_loss(&run.of, &panel, i) / 3;
    CHECK_NEAR(donut_trainer_validate(&run.of.trainer), whole, 1e-6 * fabs(whole));
    CHECK(fabs(whole - all) > 1e-3 * fabs(all));
    donut_vae_work_free(&work);
    run_free(&run);
}

/* Every epoch visits every window once, in an order of its own and of the seed's. */
static void test_shuffle(void)
{
    uint32_t first[607];
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct donut_train_options opt = small_options();
        struct run run = {0};
        unsigned char seen[607] = {0};
        size_t fixed = 0, distinct = 0;
        opt.epochs = 1;
        opt.seed = seed;
        run_start(&opt, &run);
        CHECK_INT(donut_trainer_run(&run.of.trainer, NULL), DONUT_OK);
        for (size_t i = 0; i < 607; i++) {
            const uint32_t window = run.of.trainer.order[i];
            distinct += window < 607 && !seen[window];
            if (window < 607)
                seen[window] = 1;
            fixed += window == i;
        }
        CHECK_INT(distinct, 607);
        CHECK(fixed < 10);
        if (seed == 0)
            memcpy(first, run.of.trainer.order, sizeof first);
        else
            CHECK(memcmp(first, run.of.trainer.order, sizeof first) != 0);
        run_free(&run);
    }
}

TEST(hyper)
{
    make_series();
    test_moves_parameters();
    test_moves_threshold();
    test_labels_in_validation();
    test_validation_share();
    test_decay();
    test_clip(DONUT_CLIP_TENSOR);
    test_clip(DONUT_CLIP_GLOBAL);
    test_validation_noise();
    for (int elbo = DONUT_ELBO_MODIFIED; elbo <= DONUT_ELBO_PLAIN; elbo++) {
        test_criterion((enum donut_elbo)elbo, DONUT_WINDOWS_ALL, 0);
        test_criterion((enum donut_elbo)elbo, DONUT_WINDOWS_NORMAL, 5);
        test_criterion_of_few((enum donut_elbo)elbo);
    }
    test_shuffle();
    return check_report("hyper");
}
