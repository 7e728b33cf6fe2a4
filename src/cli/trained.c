#include "cli/trained.h"

#include "cli/doubts.h"
#include "cli/info_diagnosis.h"
#include "cli/io.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/times.h"
#include "data/grid.h"

static void warn_of_few(const struct donut_tail *tail)
{
    const unsigned long long n = tail->n, peaks = tail->peaks;
    if (n < DONUT_FEW_JUDGED)
        donut_say("donut: the threshold rests on only %llu score%s: expect it to be rough", n,
                  donut_plural((size_t)n));
    else if (donut_trained_roughly(tail))
        donut_say("donut: the threshold rests on only the %llu highest score%s: expect it to be "
                  "rough",
                  peaks, donut_plural((size_t)peaks));
}

static void warn_of_anomalies(const struct donut_model_info *info, bool labelled)
{
    if (donut_trained_on_anomalies(&info->tail))
        donut_say("donut: the last %g %% of the range seem to hold anomalies%s: if the threshold "
                  "is too high, label them, or score with a larger --risk or with --threshold",
                  100 * info->options.validation, labelled ? " that are not labelled" : "");
    else if (donut_trained_in_vain(info))
        donut_say(
            "donut: the last %g %% of the range hold what the model takes for impossible, and "
            "hardly any point exceeds the threshold: train with --scale robust, or label it",
            100 * info->options.validation);
}

static void put_window(struct donut_text *text, const struct donut_model_info *info,
                       const struct donut_train_report *report)
{
    const struct donut_series series = {.interval_ms = info->interval_ms};
    char span[DONUT_SPAN_SIZE];
    if (report->usual_window == 0)
        return;
    donut_text_print(text, "window %s", donut_span_words(&series, report->window, span));
    if (report->window < report->usual_window)
        donut_text_print(text, " (%zu with more data)", report->usual_window);
    donut_text_print(text, ", ");
}

static void tell_of_wild(const struct donut_trained *trained, const struct donut_model_info *info)
{
    const struct donut_train_report *report = &trained->report;
    if (report->wild > 0)
        donut_say("donut: %zu of %zu points %s beyond %.6g to %.6g: %s not learnt from (--scale "
                  "moments learns from all)",
                  report->wild, info->train_points, report->wild == 1 ? "lies" : "lie",
                  report->fence_low, report->fence_high, report->wild == 1 ? "it is" : "they are");
}

static void warn_of_doubt(const struct donut_model_info *info)
{
    const enum donut_doubt doubt = donut_doubt_of(info);
    struct donut_text text = {0};
    if (doubt == DONUT_DOUBT_NONE)
        return;
    donut_text_print(&text, "donut: ");
    donut_doubt_put(info, doubt, &text);
    donut_say_text(&text);
}

/* "alarms above surprise 4 (risk 0.0001 at 1 min = about one false alarm in 6.9 d); 3 alarms in the
 * 15 d of validation". Where there is doubt, the rate is not promised. */
static void put_rule(struct donut_text *text, const struct donut_model_info *info)
{
    const bool surprise = donut_verdicts_by_surprise(info);
    const struct donut_normal *normal = &info->normal;
    char every[DONUT_INTERVAL_SIZE], span[DONUT_DURATION_SIZE];
    if (surprise)
        donut_text_print(text, "alarms above surprise %.6g (",
                         donut_surprise_at(info->options.risk));
    else
        donut_text_print(text, "threshold %.6g, ", info->threshold);
    donut_text_print(text, "risk %g at %s", info->options.risk,
                     donut_interval_describe(info->interval_ms, every));
    if (donut_doubt_of(info) == DONUT_DOUBT_NONE && !donut_trained_in_vain(info))
        donut_text_print(
            text, " = about one false alarm in %s",
            donut_duration_words((double)info->interval_ms / 1000 / info->options.risk, span));
    if (surprise)
        donut_text_print(text, "); %llu alarm%s in %s of validation",
                         (unsigned long long)normal->alarms, donut_plural((size_t)normal->alarms),
                         donut_duration_words(donut_judged_seconds(info), span));
}

/* Whether some of the epochs asked for are missing. */
static bool ended_early(const struct donut_trained *trained)
{
    return trained->report.stop == DONUT_STOP_DIVERGED ||
           (trained->report.stop == DONUT_STOP_CANCELLED &&
            trained->stopped_in == DONUT_PHASE_TRAIN);
}

void donut_trained_describe(const struct donut_trained *trained)
{
    const struct donut_train_report *report = &trained->report;
    struct donut_text text = {0};
    struct donut_model_info info;
    donut_model_get_info(trained->model, &info);
    donut_text_print(&text, "%s: ", donut_output_name(trained->output));
    if (trained->init)
        donut_text_print(&text, "warm start from %s, ", donut_input_name(trained->init));
    put_window(&text, &info, report);
    if (info.options.keep_labels < 1)
        donut_text_print(&text, "%zu of %zu labelled points kept their label, ",
                         report->labels_kept, report->labelled);
    donut_text_print(&text, "best validation loss %.2f%s in epoch %zu of %zu", report->best_loss,
                     report->best_loss < 0 ? " (negative is normal)" : "", report->best_epoch,
                     info.options.epochs);
    if (report->best_epoch == 0)
        donut_text_print(&text, " (as it began)");
    if (ended_early(trained))
        donut_text_print(&text, ", stopped in epoch %zu", report->epochs);
    if (trained->snapshots > 0)
        donut_text_print(&text, ", %zu snapshot%s", trained->snapshots,
                         donut_plural(trained->snapshots));
    donut_text_print(&text, ", %.1f s; ", trained->seconds);
    put_rule(&text, &info);
    donut_say_text(&text);
    tell_of_wild(trained, &info);
    if (donut_verdicts_by_surprise(&info)) {
        warn_of_doubt(&info);
    } else {
        warn_of_few(&info.tail);
        warn_of_anomalies(&info, trained->labelled);
    }
}

int donut_trained_conclude(const struct donut_trained *trained)
{
    const struct donut_train_report *report = &trained->report;
    const char *name = donut_output_name(trained->output);
    if (report->stop == DONUT_STOP_CANCELLED)
        donut_say("donut: stopped by %s; %s holds the best parameters %s, and verdicts from "
                  "fewer points",
                  donut_signals_name(), name, ended_early(trained) ? "so far" : "of all epochs");
    if (report->stop != DONUT_STOP_DIVERGED)
        return 0;
    donut_say("donut: the loss stopped being finite in epoch %zu, step %zu; %s holds the best "
              "parameters before that (try a lower --learning-rate)",
              report->epochs, report->steps, name);
    return DONUT_EXIT_FAILED;
}
