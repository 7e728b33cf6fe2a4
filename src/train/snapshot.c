#include "train/snapshot.h"

#include "base/status.h"
#include "train/threshold.h"

#include <math.h>
#include <string.h>

bool donut_snapshot_due(const struct donut_snapshots *snapshots, size_t step)
{
    return snapshots && snapshots->next < snapshots->opt->n_snapshots &&
           snapshots->opt->snapshot_step[snapshots->next] == step;
}

static void copy(const struct donut_model *from, const struct donut_train_report *report,
                 double loss, struct donut_model *to)
{
    to->info = from->info;
    memcpy(to->vae.block, from->vae.block, from->vae.size * sizeof *from->vae.block);
    if (from->n_history > 0)
        memcpy(to->history, from->history, from->n_history * sizeof *from->history);
    to->info.best_loss = loss;
    to->info.train_loss = report->loss;
    to->info.epochs = to->info.best_epoch = report->epochs;
    to->info.steps = to->info.best_step = report->steps;
    to->info.stop = DONUT_STOP_CANCELLED;
}

enum donut_status donut_snapshot_take(struct donut_snapshots *snapshots,
                                      const struct donut_train_report *report, double loss,
                                      struct donut_error *err)
{
    struct donut_train_options opt = *snapshots->opt;
    enum donut_stop stop = DONUT_STOP_CANCELLED; /* so that the fit makes do with few points */
    snapshots->next++;
    if (!isfinite(loss))
        return DONUT_OK;
    struct donut_model *model = donut_model_new(&opt);
    if (!model)
        return donut_fail_memory(err);
    opt.progress = NULL;
    copy(snapshots->model, report, loss, model);
    enum donut_status status =
        donut_threshold_fit(snapshots->engine, snapshots->range, &opt, &stop, model, err);
    if (status == DONUT_OK)
        status = opt.snapshot(opt.snapshot_context, report->steps, model, err);
    else if (status == DONUT_EDIVERGED)
        status = DONUT_OK;
    donut_model_free(model);
    return status;
}
