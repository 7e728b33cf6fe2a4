/* Snapshots: each is the model of a run that ends there, and taking them changes nothing. */
#include "check.h"
#include "model/model.h"
#include "small.h"

#include <stdlib.h>

#define POINTS 6000 /* 1800 of them for validation: more than a quick threshold rests on */
#define MOST 8

static double value[POINTS];
static struct donut_series series;

static void make_series(void)
{
    static struct small_series small;
    small_make(&small);
    for (size_t t = 0; t < POINTS; t++)
        value[t] =
            t % 97 == 5 ? NAN : small_truth(t) + small.value[t % 1000] - small_truth(t % 1000);
    series = small.series;
    series.n = POINTS;
    series.value = value;
    series.label = NULL;
}

struct bytes {
    unsigned char *at;
    size_t size;
};

static bool same(struct bytes a, struct bytes b)
{
    return a.size == b.size && a.size > 0 && memcmp(a.at, b.at, a.size) == 0;
}

struct album {
    size_t n, step[MOST];
    struct bytes bytes[MOST];
    struct donut_model_info info[MOST];
    size_t fail_at;                /* call that fails, from 1; 0 = none */
    size_t calls, threshold_calls; /* of the progress callback */
    size_t stop_at;
};

static enum donut_status on_snapshot(void *context, size_t step, const struct donut_model *model,
                                     struct donut_error *err)
{
    struct album *album = context;
    if (album->n + 1 == album->fail_at) {
        *err = (struct donut_error){.status = DONUT_EIO, .text = "no room"};
        return DONUT_EIO;
    }
    if (!CHECK(album->n < MOST))
        return DONUT_OK;
    struct bytes *bytes = &album->bytes[album->n];
    donut_model_get_info(model, &album->info[album->n]);
    album->step[album->n++] = step;
    return donut_model_encode(model, &bytes->at, &bytes->size, err);
}

static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct album *album = context;
    if (progress->phase == DONUT_PHASE_THRESHOLD) {
        album->threshold_calls++;
        return false;
    }
    return ++album->calls == album->stop_at;
}

/* 4200 points to learn from make 4177 windows: 16 batches of 256. Validated at its end only, a run
 * keeps its last parameters. */
static struct donut_train_options options(struct album *album)
{
    struct donut_train_options opt = small_options();
    opt.batch_size = 256;
    opt.epochs = 3;
    opt.samples = 4;
    opt.validate_every = 1000000;
    opt.progress = on_progress;
    opt.progress_context = album;
    return opt;
}

static struct bytes train(const struct donut_train_options *opt)
{
    struct donut_error err = {0};
    struct bytes bytes = {0};
    struct donut_model *model;
    CHECK_THAT(donut_train(&series, 0, series.n, opt, &model, NULL, &err) == DONUT_OK, "%s",
               err.text);
    if (model)
        CHECK_INT(donut_model_encode(model, &bytes.at, &bytes.size, NULL), DONUT_OK);
    donut_model_free(model);
    return bytes;
}

static void take(struct album *album, struct donut_train_options *opt, const size_t *step, size_t n)
{
    opt->snapshot = on_snapshot;
    opt->snapshot_context = album;
    opt->snapshot_step = step;
    opt->n_snapshots = n;
}

static void album_free(struct album *album)
{
    for (size_t i = 0; i < album->n; i++)
        free(album->bytes[i].at);
    *album = (struct album){0};
}

/* A snapshot has the bytes of the model of a run that is stopped after that step. */
static void check_stopped_run(const struct album *album, size_t i)
{
    struct album other = {.stop_at = album->step[i]};
    struct donut_train_options opt = options(&other);
    const struct bytes stopped = train(&opt);
    CHECK_THAT(same(stopped, album->bytes[i]), "snapshot of step %zu", album->step[i]);
    CHECK_INT(album->info[i].steps, album->step[i]);
    CHECK_INT(album->info[i].best_step, album->step[i]);
    CHECK_INT(album->info[i].stop, DONUT_STOP_CANCELLED);
    CHECK_INT((album->step[i] + 15) / 16, album->info[i].best_epoch);
    free(stopped.at);
}

/* Step 0 has the parameters that all begin with. */
static void check_first(const struct album *album, const struct donut_train_options *opt)
{
    struct donut_model *fresh = donut_model_new(opt), *model = NULL;
    donut_vae_initialise(&fresh->vae, opt->seed);
    CHECK_INT(donut_model_decode(album->bytes[0].at, album->bytes[0].size, &model, NULL), DONUT_OK);
    if (model) {
        CHECK_INT(
            memcmp(fresh->vae.block, model->vae.block, fresh->vae.size * sizeof *fresh->vae.block),
            0);
        CHECK(model->info.steps == 0 && model->info.epochs == 0);
        CHECK(isnan(model->info.train_loss) && isfinite(model->info.best_loss));
    }
    donut_model_free(model);
    donut_model_free(fresh);
}

/* The one of the last step has the parameters and the loss of the model; its threshold is from
 * fewer points, of those of the 1800 that are there every second run of 16. */
static void check_last(const struct album *album, struct bytes whole)
{
    const struct bytes bytes = album->bytes[album->n - 1];
    struct donut_model *last = NULL, *model = NULL;
    CHECK_INT(donut_model_decode(bytes.at, bytes.size, &last, NULL), DONUT_OK);
    CHECK_INT(donut_model_decode(whole.at, whole.size, &model, NULL), DONUT_OK);
    if (last && model) {
        CHECK_INT(
            memcmp(last->vae.block, model->vae.block, last->vae.size * sizeof *last->vae.block), 0);
        CHECK(last->info.best_loss == model->info.best_loss);
        CHECK(last->info.train_loss == model->info.train_loss);
        CHECK(model->info.tail.n > 1750 && model->info.tail.n < 1800);
        size_t half = 0;
        for (size_t i = 0; i < model->info.tail.n; i++)
            half += i % 32 < 16;
        CHECK_INT(last->info.tail.n, half);
    }
    donut_model_free(last);
    donut_model_free(model);
}

static void test_steps(void)
{
    static const size_t steps[] = {0, 1, 16, 21, 48, 49, 1000};
    struct album none = {0}, album = {0};
    struct donut_train_options opt = options(&none);
    const struct bytes without = train(&opt);
    opt = options(&album);
    take(&album, &opt, steps, 7);
    const struct bytes with = train(&opt);
    CHECK(same(without, with));
    CHECK(none.calls == album.calls && none.threshold_calls == album.threshold_calls);
    if (CHECK_INT(album.n, 5)) {
        for (size_t i = 0; i < 5; i++)
            CHECK_INT(album.step[i], steps[i]);
        check_first(&album, &opt);
        for (size_t i = 1; i < 5; i++)
            check_stopped_run(&album, i);
        check_last(&album, with);
    }
    album_free(&album);
    free(without.at);
    free(with.at);
}

/* Where the run validates and keeps the best, too; and one of exactly so many steps. */
static void test_validated(void)
{
    static const size_t step = 32;
    struct album album = {0}, other = {0};
    struct donut_train_options opt = options(&other);
    opt.validate_every = 5;
    opt.learning_rate = 0.02;
    const struct bytes without = train(&opt);
    opt.progress_context = &album;
    take(&album, &opt, &step, 1);
    const struct bytes with = train(&opt);
    CHECK(same(without, with));
    opt = options(&other);
    opt.learning_rate = 0.02;
    opt.epochs = 2;
    struct donut_model *model = NULL, *snapshot = NULL;
    CHECK_INT(donut_train(&series, 0, POINTS, &opt, &model, NULL, NULL), DONUT_OK);
    CHECK_INT(donut_model_decode(album.bytes[0].at, album.bytes[0].size, &snapshot, NULL),
              DONUT_OK);
    if (model && snapshot) {
        CHECK_INT(model->info.best_step, 32);
        CHECK_INT(memcmp(model->vae.block, snapshot->vae.block,
                         model->vae.size * sizeof *model->vae.block),
                  0);
        CHECK(model->info.best_loss == snapshot->info.best_loss);
    }
    donut_model_free(model);
    donut_model_free(snapshot);
    album_free(&album);
    free(without.at);
    free(with.at);
}

static void check_refused(struct donut_train_options *opt, enum donut_status want, const char *word)
{
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_INT(donut_train(&series, 0, POINTS, opt, &model, NULL, &err), want);
    CHECK(model == NULL);
    CHECK_THAT(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
    CHECK_INT(donut_train(&series, 0, POINTS, opt, &model, NULL, NULL), want);
}

static void test_refused(void)
{
    static const size_t steps[] = {3, 5, 5}, falling[] = {4, 3};
    struct album album = {.fail_at = 2};
    struct donut_train_options opt = options(&album);
    take(&album, &opt, steps, 2);
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_INT(donut_train(&series, 0, POINTS, &opt, &model, NULL, &err), DONUT_EIO);
    CHECK(model == NULL && strcmp(err.text, "no room") == 0);
    CHECK(album.n == 1 && album.calls == 4);
    album_free(&album);
    take(&album, &opt, steps, 3);
    check_refused(&opt, DONUT_EARGUMENT, "rise");
    take(&album, &opt, falling, 2);
    check_refused(&opt, DONUT_EARGUMENT, "rise");
    take(&album, &opt, NULL, 1);
    check_refused(&opt, DONUT_EARGUMENT, "function");
    take(&album, &opt, steps, 1);
    opt.snapshot = NULL;
    check_refused(&opt, DONUT_EARGUMENT, "function");
}

/* Every second point is there, and the quick threshold is fitted to some of those. Of 1800 places
 * 900 have a point, which are few enough to take them all; of 3000, 1500: every second run of 16,
 * that is 47 of 93 whole ones. */
static void test_gaps(size_t n, size_t want)
{
    static const size_t steps[] = {0, 10};
    static double gappy[10000];
    struct album none = {0}, album = {0}, stopped = {.stop_at = 10};
    const struct donut_series whole = series;
    for (size_t t = 0; t < n; t++)
        gappy[t] = t % 2 == 0 ? NAN : small_truth(t) + (double)(t * 7919 % 101) / 25;
    series.n = n;
    series.value = gappy;
    struct donut_train_options opt = options(&none);
    opt.epochs = 1;
    const struct bytes without = train(&opt);
    opt.progress_context = &album;
    take(&album, &opt, steps, 2);
    const struct bytes with = train(&opt);
    CHECK(same(without, with));
    opt = options(&stopped);
    opt.epochs = 1;
    const struct bytes early = train(&opt);
    if (CHECK_INT(album.n, 2)) {
        CHECK_INT(album.info[0].tail.n, want);
        CHECK_INT(album.info[1].tail.n, want);
        CHECK(same(early, album.bytes[1]));
    }
    album_free(&album);
    free(without.at);
    free(with.at);
    free(early.at);
    series = whole;
}

TEST(snapshot)
{
    make_series();
    test_gaps(6000, 900);
    test_gaps(10000, 47 * 16);
    test_steps();
    test_validated();
    test_refused();
    return check_report("snapshot");
}
