/* A snapshot of a state without finite losses or scores is left out, and training goes on. */
#include "check.h"
#include "small_trainer.h"

#include <stdlib.h>

#define STEPS 12
#define BAD_LOSS 4   /* the step after which the validation loss is not finite */
#define BAD_SCORES 6 /* that after which scores are not */

static struct small_series small;

/* A training run with snapshots. They are taken of a model that is not the one being trained, so
 * that it can be spoilt without an effect on training. */
struct story {
    struct small_trainer run;
    struct donut_model *model;
    size_t calls, snapshots, step[STEPS];
    enum donut_status fail_with;
};

static enum donut_status on_snapshot(void *context, size_t step, const struct donut_model *model,
                                     struct donut_error *err)
{
    struct story *story = context;
    CHECK(isfinite(model->info.best_loss) && isfinite(model->info.threshold));
    story->step[story->snapshots++] = step;
    if (story->fail_with != DONUT_OK)
        *err = (struct donut_error){.status = story->fail_with, .text = "as it wants"};
    return story->fail_with;
}

/* Spoils and mends what the next snapshot looks at, but no step of training. */
static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct story *story = context;
    donut_real *point = &story->run.trainer.x[TRAINER_FIRST_VALID + 50];
    donut_real *bias = &story->model->vae.x.mu.b[SMALL_SEASON - 1];
    (void)progress;
    story->calls++;
    *point = story->calls == BAD_LOSS - 1 ? NAN : 0;
    *bias = story->calls == BAD_SCORES - 1 ? NAN : 0;
    return story->calls == STEPS;
}

static struct donut_train_options options(struct story *story)
{
    struct donut_train_options opt = small_options();
    opt.validate_every = STEPS;
    opt.progress = on_progress;
    opt.progress_context = story;
    opt.snapshot = on_snapshot;
    opt.snapshot_context = story;
    return opt;
}

static void begin(const struct donut_train_options *opt, struct story *story)
{
    small_trainer_start(opt, &story->run);
    story->model = donut_model_new(opt);
    story->model->info.mean = 100;
    story->model->info.std = 14;
    story->model->info.fill = -2;
    story->model->info.limit = 5;
    donut_vae_initialise(&story->model->vae, 1);
}

static enum donut_status play(const struct donut_train_options *opt, struct story *story,
                              struct donut_error *err)
{
    const struct donut_range range = {
        .value = small.value, .n = TRAINER_POINTS, .n_train = TRAINER_FIRST_VALID};
    struct donut_snapshots snapshots = {
        .engine = &story->run.engine, .range = &range, .opt = opt, .model = story->model};
    story->run.trainer.snapshots = &snapshots;
    const enum donut_status status = donut_trainer_run(&story->run.trainer, err);
    story->run.trainer.snapshots = NULL;
    return status;
}

static void end(struct story *story)
{
    donut_model_free(story->model);
    small_trainer_free(&story->run);
}

static void check_same_run(const struct story *a, const struct story *b)
{
    const struct donut_train_report *p = &a->run.trainer.report, *q = &b->run.trainer.report;
    CHECK_INT(p->stop, DONUT_STOP_CANCELLED);
    CHECK_INT(q->stop, DONUT_STOP_CANCELLED);
    CHECK(p->steps == STEPS && q->steps == STEPS && p->best_step == STEPS && q->best_step == STEPS);
    CHECK(p->loss == q->loss && p->best_loss == q->best_loss);
    CHECK_INT(memcmp(a->run.block, b->run.block, a->run.vae.size * sizeof *a->run.block), 0);
}

static void test_skipped(void)
{
    static const size_t steps[] = {2, BAD_LOSS, BAD_SCORES, 8}, taken[] = {2, 8};
    struct story plain = {0}, story = {0};
    struct donut_error err = {0};
    struct donut_train_options opt = options(&plain);
    begin(&opt, &plain);
    CHECK_INT(play(&opt, &plain, &err), DONUT_OK);
    CHECK_INT(plain.snapshots, 0);
    opt = options(&story);
    opt.snapshot_step = steps;
    opt.n_snapshots = 4;
    begin(&opt, &story);
    CHECK_THAT(play(&opt, &story, &err) == DONUT_OK, "%s", err.text);
    if (CHECK_INT(story.snapshots, 2))
        CHECK(story.step[0] == taken[0] && story.step[1] == taken[1]);
    check_same_run(&plain, &story);
    end(&plain);
    end(&story);
}

/* What the callback fails with ends training, even where it is what scores fail with. */
static void test_callback_fails(void)
{
    static const size_t step = 2;
    struct story story = {.fail_with = DONUT_EDIVERGED};
    struct donut_error err = {0};
    struct donut_train_options opt = options(&story);
    opt.snapshot_step = &step;
    opt.n_snapshots = 1;
    begin(&opt, &story);
    CHECK_INT(play(&opt, &story, &err), DONUT_EDIVERGED);
    CHECK_TEXT(err.text, "as it wants");
    CHECK_INT(story.snapshots, 1);
    end(&story);
}

TEST(snapshot_skipped)
{
    small_make(&small);
    test_skipped();
    test_callback_fails();
    return check_report("snapshot_skipped");
}
