/* Training: repeatable to the byte, learns, and refuses what it cannot learn from. */
#define _XOPEN_SOURCE 700

#include "check.h"
#include "small.h"

#include <pthread.h>
#include <stdlib.h>

static struct small_series small;

struct bytes {
    unsigned char *at;
    size_t size;
};

static struct bytes train_to_bytes(const struct donut_series *series,
                                   const struct donut_train_options *opt)
{
    struct donut_model *model;
    struct donut_error err = {0};
    struct bytes bytes = {0};
    CHECK_THAT(donut_train(series, 0, 900, opt, &model, NULL, &err) == DONUT_OK, "%s", err.text);
    if (model)
        CHECK_INT(donut_model_encode(model, &bytes.at, &bytes.size, NULL), DONUT_OK);
    donut_model_free(model);
    return bytes;
}

static bool same(struct bytes a, struct bytes b)
{
    return a.size == b.size && a.size > 0 && memcmp(a.at, b.at, a.size) == 0;
}

struct job {
    struct donut_train_options opt;
    struct donut_model *model;
};

static void *run_job(void *context)
{
    struct job *job = context;
    (void)donut_train(&small.series, 0, 900, &job->opt, &job->model, NULL, NULL);
    return NULL;
}

/* Two models trained in two threads at once are those trained one after the other. */
static void test_threads(struct bytes first, struct bytes second)
{
    struct job job[2] = {{.opt = small_options()}, {.opt = small_options()}};
    pthread_t thread[2];
    job[1].opt.seed = 8;
    for (int i = 0; i < 2; i++)
        CHECK_INT(pthread_create(&thread[i], NULL, run_job, &job[i]), 0);
    for (int i = 0; i < 2; i++) {
        struct bytes bytes = {0};
        CHECK_INT(pthread_join(thread[i], NULL), 0);
        if (CHECK(job[i].model != NULL))
            CHECK_INT(donut_model_encode(job[i].model, &bytes.at, &bytes.size, NULL), DONUT_OK);
        CHECK(same(bytes, i ? second : first));
        free(bytes.at);
        donut_model_free(job[i].model);
    }
}

static void *read_model(void *context)
{
    const struct donut_model *model = context;
    const struct donut_score_options opt = variant_score_defaults();
    struct donut_score_row rows[10];
    unsigned char *bytes = NULL;
    size_t size;
    const bool good = donut_model_encode(model, &bytes, &size, NULL) == DONUT_OK &&
                      donut_score(model, &small.series, 900, 910, &opt, rows, NULL) == DONUT_OK;
    free(bytes);
    return good ? context : NULL;
}

/* One model read from two threads at once; the thread sanitizer looks on. */
static void test_shared_model(void)
{
    const struct donut_train_options opt = small_options();
    struct donut_model *model;
    pthread_t thread[2];
    void *result[2];
    int started = 0;
    CHECK_INT(donut_train(&small.series, 0, 900, &opt, &model, NULL, NULL), DONUT_OK);
    while (started < 2 && pthread_create(&thread[started], NULL, read_model, model) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], &result[i]);
    CHECK(started == 2 && result[0] == model && result[1] == model);
    donut_model_free(model);
}

static void test_repeatable(void)
{
    struct donut_train_options opt = small_options();
    const struct bytes first = train_to_bytes(&small.series, &opt);
    const struct bytes again = train_to_bytes(&small.series, &opt);
    opt.seed = 8;
    const struct bytes second = train_to_bytes(&small.series, &opt);
    CHECK(same(first, again));
    CHECK(!same(first, second));
    test_threads(first, second);
    free(first.at);
    free(again.at);
    free(second.at);
}

/* Labels hide points from the loss and the statistics; ignored, they change nothing. */
static void test_labels(void)
{
    static struct small_series labelled;
    struct donut_train_options opt = small_options();
    labelled = small;
    labelled.series.value = labelled.value;
    labelled.series.label = labelled.label;
    for (size_t t = 100; t < 110; t++)
        labelled.label[t] = 1;
    const struct bytes used = train_to_bytes(&labelled.series, &opt);
    const struct bytes none = train_to_bytes(&small.series, &opt);
    CHECK(!same(used, none));
    opt.ignore_labels = true;
    const struct bytes ignored = train_to_bytes(&labelled.series, &opt);
    labelled.series.label = NULL;
    const struct bytes absent = train_to_bytes(&labelled.series, &opt);
    CHECK(same(ignored, absent));
    free(used.at);
    free(none.at);
    free(ignored.at);
    free(absent.at);
}

/* The tail of a series with an incident of 4 labelled points in its validation part, [630, 900),
 * rests on the windows that hold none of it: 270 less 4 and the 23 after them. */
static void test_tail_points(void)
{
    static struct small_series incident;
    struct donut_train_options opt = small_options();
    struct donut_model_info info;
    struct donut_model *model;
    incident = small;
    incident.series.value = incident.value;
    incident.series.label = incident.label;
    for (size_t t = 700; t < 704; t++) {
        incident.value[t] += 300;
        incident.label[t] = 1;
    }
    CHECK_INT(donut_train(&incident.series, 0, 900, &opt, &model, NULL, NULL), DONUT_OK);
    donut_model_get_info(model, &info);
    CHECK_INT(info.tail.n, 270 - 4 - 23);
    donut_model_free(model);
    opt.ignore_labels = true;
    CHECK_INT(donut_train(&incident.series, 0, 900, &opt, &model, NULL, NULL), DONUT_OK);
    donut_model_get_info(model, &info);
    CHECK_INT(info.tail.n, 270);
    donut_model_free(model);

    /* One labelled point in every window: then all normal points count. */
    opt.ignore_labels = false;
    for (size_t t = 640; t < 900; t += 20)
        incident.label[t] = 1;
    CHECK_INT(donut_train(&incident.series, 0, 900, &opt, &model, NULL, NULL), DONUT_OK);
    donut_model_get_info(model, &info);
    CHECK_INT(info.tail.n, 270 - 4 - 12); /* 700 is among the 13 */
    donut_model_free(model);
}

struct watch {
    size_t calls, threshold_calls;
    double first_loss, last_loss;
};

static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    if (progress->phase == DONUT_PHASE_THRESHOLD) {
        watch->threshold_calls++;
        return false;
    }
    if (++watch->calls == 1)
        watch->first_loss = progress->loss;
    watch->last_loss = progress->loss;
    return false;
}

static void test_learns(void)
{
    struct watch watch = {0};
    struct donut_train_options opt = small_options();
    struct donut_train_report report;
    struct donut_model *model;
    opt.progress = on_progress;
    opt.progress_context = &watch;
    CHECK_INT(donut_train(&small.series, 0, 900, &opt, &model, &report, NULL), DONUT_OK);
    /* 630 training points make 607 windows: 18 whole batches of 32, 30 epochs. */
    CHECK_INT(report.stop, DONUT_STOP_DONE);
    CHECK_INT(report.windows, 607);
    CHECK_INT(report.validation_windows, 270 - 23);
    CHECK_INT(report.steps, 18 * 30);
    CHECK_INT(watch.calls, 18 * 30);
    CHECK(watch.threshold_calls > 0);
    CHECK(report.best_loss < watch.first_loss - 20 && watch.last_loss < watch.first_loss - 20);
    donut_model_free(model);
}

static void check_refusal(size_t from, size_t to, struct donut_train_options opt,
                          enum donut_status want, const char *word)
{
    struct donut_model *model;
    struct donut_error err = {0};
    CHECK_INT(donut_train(&small.series, from, to, &opt, &model, NULL, &err), want);
    CHECK(model == NULL);
    CHECK_THAT(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
}

static void test_refusals(void)
{
    struct donut_train_options opt = small_options();
    /* A window of 24 needs 24 / 0.3 = 80 points. */
    check_refusal(0, 79, opt, DONUT_EINPUT, "at least 80");
    check_refusal(5, 5, opt, DONUT_EARGUMENT, "empty");
    check_refusal(0, SMALL_POINTS + 1, opt, DONUT_EARGUMENT, "empty");
    opt.validation = 0.9;
    check_refusal(0, 200, opt, DONUT_EINPUT, "at least 231");
    opt = small_options();
    opt.window = DONUT_MAX_WIDTH + 1;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "window");
    opt = small_options();
    opt.learning_rate = NAN;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "learning rate");
    opt = small_options();
    opt.injection = 1;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "injection");
    opt = small_options();
    opt.sampler = (enum donut_sampler)3;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "sobol or mc");
    opt = small_options();
    opt.samples = 1048577;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "samples");
    opt = small_options();
    opt.threads = DONUT_MAX_THREADS + 1;
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "1 to 1024");
    opt = small_options();
    opt.kernel = "mmx";
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "no kernel 'mmx'; it has ");
    check_refusal(0, 900, opt, DONUT_EARGUMENT, "plain");

    static struct small_series saved;
    saved = small;
    for (size_t t = 630; t < 890; t++)
        small.value[t] = NAN;
    check_refusal(0, 900, small_options(), DONUT_EINPUT, "validation part");
    for (size_t t = 0; t < SMALL_POINTS; t++)
        small.value[t] = 4;
    check_refusal(0, 900, small_options(), DONUT_EINPUT, "constant");
    memcpy(small.value, saved.value, sizeof small.value);
}

TEST(train)
{
    small_make(&small);
    test_repeatable();
    test_shared_model();
    test_labels();
    test_tail_points();
    test_learns();
    test_refusals();
    return check_report("train");
}
