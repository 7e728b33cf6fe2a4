#include "cli/fleet_member.h"

#include "base/crc64.h"
#include "base/status.h"
#include "cli/kpi.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "train/automatic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t checksum_text(uint64_t before, const char *text)
{
    return donut_crc64(before, text, strlen(text) + 1);
}

/* The checksum of a model as its file has it. */
static enum donut_status checksum_model(uint64_t before, const struct donut_model *model,
                                        uint64_t *out, struct donut_error *err)
{
    unsigned char *bytes;
    size_t size;
    const enum donut_status status = donut_model_encode(model, &bytes, &size, err);
    /* A CRC over bytes and their own CRC would be the same for all. */
    if (status == DONUT_OK)
        *out = donut_crc64(before, bytes, size - 8);
    free(bytes);
    return status;
}

/* The options are those that a model file holds, in the form in which it holds them. */
enum donut_status donut_fleet_fingerprint(const struct donut_train_options *opt, uint64_t *out,
                                          struct donut_error *err)
{
    const char *complaint = donut_options_complaint(opt);
    if (complaint)
        return donut_fail(err, DONUT_EARGUMENT, "%s", complaint);
    /* No model has a window that is still to be chosen: any one stands for it. */
    struct donut_train_options shape = *opt;
    shape.window = opt->window > 0 ? opt->window : DONUT_USUAL_WINDOW;
    struct donut_model *model = donut_model_new(&shape);
    if (!model)
        return donut_fail_memory(err);
    const struct donut_kernel *kernel = donut_kernel_named(opt->kernel);
    uint64_t crc = checksum_text(0, DONUT_VERSION);
    crc = checksum_text(crc, kernel ? kernel->name : "");
    crc = checksum_text(crc, opt->window > 0 ? "" : "window to be chosen");
    const enum donut_status status = checksum_model(crc, model, out, err);
    donut_model_free(model);
    return status;
}

static uint64_t checksum_series(uint64_t before, const struct donut_series *series,
                                struct donut_kpi_range range, bool labels)
{
    const size_t from = range.from, n = range.to - range.from;
    const int64_t head[] = {series->start_ms + (int64_t)from * series->interval_ms,
                            series->interval_ms, (int64_t)n, labels};
    uint64_t crc = donut_crc64(before, head, sizeof head);
    crc = donut_crc64(crc, series->value + from, n * sizeof *series->value);
    return labels ? donut_crc64(crc, series->label + from, n) : crc;
}

/* What a member is trained on, and with. */
struct material {
    struct donut_series *series;
    struct donut_kpi_range range; /* to train on */
    const struct donut_model *init;
    struct donut_model *own; /* init, where it is for this member alone */
};

static void material_free(struct material *material)
{
    donut_series_free(material->series);
    donut_model_free(material->own);
    *material = (struct material){0};
}

static enum donut_status choose_init(const struct donut_fleet_plan *plan,
                                     const struct donut_fleet_member *member,
                                     struct material *material, struct donut_error *err)
{
    size_t i;
    if (!plan->init)
        return DONUT_OK;
    if (plan->init->single) {
        material->init = plan->init->single;
        return DONUT_OK;
    }
    if (!donut_bundle_find(plan->init->bundle, member->item.key, member->item.key_size, &i))
        return DONUT_OK;
    struct donut_error why = {0};
    const enum donut_status status =
        donut_bundle_model(plan->init->bundle, i, &material->own, &why);
    material->init = material->own;
    if (status == DONUT_OK)
        return DONUT_OK;
    return donut_fail(err, status, "the model to begin with cannot be used: %s", why.text);
}

static enum donut_status material_get(const struct donut_fleet_plan *plan,
                                      const struct donut_fleet_member *member,
                                      struct material *material, struct donut_error *err)
{
    const int64_t interval = plan->arguments->csv.interval_ms;
    *material = (struct material){0};
    enum donut_status status = choose_init(plan, member, material, err);
    if (status != DONUT_OK)
        return status;
    const int64_t expected = material->init && !interval ? material->init->info.interval_ms : 0;
    status =
        donut_fleet_series(plan->fleet, member->number, interval, expected, &material->series, err);
    if (status != DONUT_OK)
        return status;
    return donut_kpi_part(material->series, plan->arguments->from, plan->arguments->to,
                          &material->range, err);
}

static void describe(const struct material *material, struct donut_fleet_member *member)
{
    const struct donut_series *series = material->series;
    member->points = series->n;
    member->repairs = series->repairs;
    member->train_points = material->range.to - material->range.from;
    member->warm = material->init != NULL;
    for (size_t i = 0; i < series->n; i++) {
        member->missing += isnan(series->value[i]) != 0;
        member->labelled += series->label && series->label[i];
    }
}

static enum donut_status take_fingerprint(const struct donut_fleet_plan *plan,
                                          const struct material *material,
                                          struct donut_fleet_member *member,
                                          struct donut_error *err)
{
    const bool labels = material->series->label && !plan->arguments->train.ignore_labels;
    uint64_t crc = plan->fingerprint;
    enum donut_status status = DONUT_OK;
    if (material->init)
        status = checksum_model(crc, material->init, &crc, err);
    member->fingerprint = checksum_series(crc, material->series, material->range, labels);
    return status;
}

static void take_over(const struct donut_fleet_plan *plan, struct donut_fleet_member *member)
{
    struct donut_model *model =
        donut_journal_find(plan->journal, member->fingerprint, &member->item);
    if (!model)
        return;
    member->state = DONUT_MEMBER_TAKEN;
    donut_model_get_info(model, &member->info);
    donut_model_free(model);
}

void donut_fleet_member_survey(const struct donut_fleet_plan *plan,
                               struct donut_fleet_member *member)
{
    struct material material;
    enum donut_status status = material_get(plan, member, &material, &member->err);
    if (material.series)
        describe(&material, member);
    if (status == DONUT_OK)
        status = take_fingerprint(plan, &material, member, &member->err);
    if (status == DONUT_OK)
        take_over(plan, member);
    else
        member->state = DONUT_MEMBER_FAILED;
    material_free(&material);
}

/* What the work on a member reports to, while it goes on. */
struct watch {
    const struct donut_fleet_plan *plan;
    size_t points;
    atomic_size_t *done;
    bool asked; /* to stop, in the last call */
};

/* Asked twice, with a call between, to stop without a model. */
static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    if (progress->phase == DONUT_PHASE_TRAIN && progress->total > 0) {
        const double epochs =
            (double)progress->epoch - 1 + (double)progress->done / (double)progress->total;
        const double share = epochs / (double)progress->epochs;
        atomic_store(watch->done, (size_t)(share * (double)watch->points));
    }
    watch->asked = !watch->asked && atomic_load(&watch->plan->stop);
    return watch->asked;
}

static enum donut_status keep(const struct donut_fleet_plan *plan, const struct donut_model *model,
                              struct donut_fleet_member *member, struct donut_error *err)
{
    unsigned char *bytes;
    size_t size;
    if (donut_model_encode(model, &bytes, &size, &member->err) != DONUT_OK) {
        member->state = DONUT_MEMBER_FAILED;
        return DONUT_OK;
    }
    const enum donut_status status =
        donut_journal_add(plan->journal, member->fingerprint, bytes, size, &member->item, err);
    free(bytes);
    if (status == DONUT_OK) {
        member->state = DONUT_MEMBER_TRAINED;
        donut_model_get_info(model, &member->info);
    }
    return status;
}

enum donut_status donut_fleet_member_train(const struct donut_fleet_plan *plan, size_t threads,
                                           struct donut_fleet_member *member, atomic_size_t *done,
                                           struct donut_error *err)
{
    struct watch watch = {.plan = plan, .points = member->train_points, .done = done};
    struct donut_train_options opt = plan->arguments->train;
    struct donut_train_report report = {0};
    struct donut_model *model = NULL;
    struct material material;
    enum donut_status status = material_get(plan, member, &material, &member->err);
    opt.threads = threads;
    opt.init = material.init;
    opt.progress = on_progress;
    opt.progress_context = &watch;
    if (status == DONUT_OK)
        status = donut_train(material.series, material.range.from, material.range.to, &opt, &model,
                             &report, &member->err);
    material_free(&material);
    if (status == DONUT_OK && report.stop == DONUT_STOP_CANCELLED)
        status = DONUT_ECANCELLED;
    if (status == DONUT_OK)
        status = keep(plan, model, member, err);
    else if (status != DONUT_ECANCELLED) {
        member->state = DONUT_MEMBER_FAILED;
        status = DONUT_OK;
    }
    donut_model_free(model);
    return status;
}
