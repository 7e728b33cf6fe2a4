/* The learning rate, step by step. */
#include "check.h"
#include "small_trainer.h"
#include "train/schedule.h"

static struct donut_train_options options(enum donut_schedule schedule)
{
    struct donut_train_options opt = small_options();
    opt.schedule = schedule;
    opt.learning_rate = 0.1;
    opt.decay = 0.5;
    opt.decay_epochs = 2;
    return opt;
}

static void test_step(void)
{
    const struct donut_train_options opt = options(DONUT_SCHEDULE_STEP);
    static const double want[] = {0.1, 0.1, 0.05, 0.05, 0.025};
    for (size_t epoch = 1; epoch <= 5; epoch++)
        CHECK_NEAR(donut_schedule_rate(&opt, epoch, 7 * epoch, 1000), want[epoch - 1], 1e-17);
}

/* 40 steps, 2 of them to warm up: thirds, the top, half way down after 19 of the other 38. */
static void test_cosine(void)
{
    const struct donut_train_options opt = options(DONUT_SCHEDULE_COSINE);
    const double last = 0.1 * (0.01 + 0.99 * (1 - cos(acos(-1) / 38)) / 2);
    CHECK_NEAR(donut_schedule_rate(&opt, 1, 0, 40), 0.1 / 3, 1e-16);
    CHECK_NEAR(donut_schedule_rate(&opt, 1, 1, 40), 0.2 / 3, 1e-16);
    CHECK_NEAR(donut_schedule_rate(&opt, 1, 2, 40), 0.1, 1e-16);
    CHECK_NEAR(donut_schedule_rate(&opt, 3, 21, 40), 0.1 * 0.505, 1e-16);
    CHECK_NEAR(donut_schedule_rate(&opt, 9, 39, 40), last, 1e-16);
    /* Too few to warm up. */
    CHECK_NEAR(donut_schedule_rate(&opt, 1, 0, 1), 0.1, 1e-16);
    CHECK_NEAR(donut_schedule_rate(&opt, 1, 0, 19), 0.1, 1e-16);
}

struct watch {
    struct small_trainer of;
    size_t steps, wrong;
};

/* Adam takes the rate times sqrt(1 - .999^t) / (1 - .9^t) in step t. */
static bool on_step(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    const size_t done = watch->steps++;
    const double t = (double)watch->steps, angle = acos(-1) * ((double)done - 2) / (54 - 2);
    const double factor = done < 2 ? t / 3 : 0.01 + 0.99 * (1 + cos(angle)) / 2;
    const double want = 0.1 * factor * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t));
    const double got = (double)watch->of.trainer.shares.step.rate;
    (void)progress;
    watch->wrong += !(fabs(got - want) <= 1e-6 * want);
    return false;
}

/* 607 windows are 18 batches of 32; in 3 epochs 54 steps, of which 2 warm up. */
static void test_training(void)
{
    struct donut_train_options opt = options(DONUT_SCHEDULE_COSINE);
    struct watch watch = {.steps = 0};
    opt.epochs = 3;
    opt.progress = on_step;
    opt.progress_context = &watch;
    small_trainer_start(&opt, &watch.of);
    CHECK_INT(donut_trainer_run(&watch.of.trainer, NULL), DONUT_OK);
    CHECK_INT(watch.steps, 54);
    CHECK_INT(watch.wrong, 0);
    small_trainer_free(&watch.of);
}

TEST(schedule)
{
    test_step();
    test_cosine();
    test_training();
    return check_report("schedule");
}
