#include "cli/fleet_train.h"

#include "base/status.h"
#include "cli/doubts.h"
#include "cli/fleet_run.h"
#include "cli/io.h"
#include "cli/kpi.h"
#include "cli/signals.h"
#include "cli/trained.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A fleet being trained. */
struct training {
    const char *input;
    const struct donut_train_arguments *arguments;
    struct donut_fleet_plan plan;
    struct donut_fleet_member *member; /* (n) */
    size_t n;
    bool surveyed; /* it is known which models were there before */
    double began;
};

/* How many members are in a state, and what is doubtful of their models. */
struct tally {
    size_t taken, trained, failed, warm;   /* `trained` and `warm` include those taken over */
    size_t few, anomalous, diverged, wild; /* few and anomalous: with verdicts by the score */
    size_t doubts[DONUT_DOUBT_ALARMS + 1]; /* how many of each; with verdicts by surprise */
    size_t shortest, longest;              /* window */
};

static struct tally count(const struct training *training)
{
    struct tally tally = {0};
    for (size_t i = 0; i < training->n; i++) {
        const struct donut_fleet_member *member = &training->member[i];
        tally.failed += member->state == DONUT_MEMBER_FAILED;
        if (member->state != DONUT_MEMBER_TAKEN && member->state != DONUT_MEMBER_TRAINED)
            continue;
        const size_t window = member->info.options.window;
        if (tally.trained == 0 || window < tally.shortest)
            tally.shortest = window;
        if (window > tally.longest)
            tally.longest = window;
        tally.trained++;
        tally.taken += member->state == DONUT_MEMBER_TAKEN;
        tally.warm += member->warm;
        tally.diverged += member->info.stop == DONUT_STOP_DIVERGED;
        tally.wild += member->info.wild > 0;
        tally.doubts[donut_doubt_of(&member->info)]++;
        if (donut_verdicts_by_surprise(&member->info))
            continue;
        tally.few += donut_trained_roughly(&member->info.tail);
        tally.anomalous += donut_trained_on_anomalies(&member->info.tail);
    }
    return tally;
}

static void put_count(struct donut_text *text, size_t n, const char *what)
{
    if (n > 0)
        donut_text_print(text, ", %zu %s", n, what);
}

/* One line: what was read, and what had to be mended. */
static void describe(void *context)
{
    struct training *training = context;
    struct donut_repairs sum = {0};
    struct donut_text text = {0};
    size_t points = 0, missing = 0, labelled = 0;
    for (size_t i = 0; i < training->n; i++) {
        const struct donut_fleet_member *member = &training->member[i];
        sum.rows += donut_fleet_rows(training->plan.fleet, i);
        sum.duplicate += member->repairs.duplicate;
        sum.unsorted += member->repairs.unsorted;
        sum.snapped += member->repairs.snapped;
        points += member->points;
        missing += member->missing;
        labelled += member->labelled;
    }
    training->surveyed = true;
    if (training->arguments->talk.quiet)
        return;
    donut_text_print(&text, "%s: %zu KPI%s, %zu row%s, %zu point%s",
                     donut_input_name(training->input), training->n, donut_plural(training->n),
                     sum.rows, donut_plural(sum.rows), points, donut_plural(points));
    put_count(&text, missing, "missing");
    put_count(&text, labelled, "labelled anomalous");
    put_count(&text, sum.duplicate, "duplicate");
    put_count(&text, sum.unsorted, "unsorted");
    put_count(&text, sum.snapped, "off the grid");
    donut_say_text(&text);
}

/* The beginning of a sentence about one KPI. */
static void name_member(struct donut_text *text, const struct training *training,
                        const struct donut_fleet_member *member, size_t line)
{
    char key[DONUT_QUOTE_SIZE];
    donut_text_print(text, "donut: %s:", donut_input_name(training->input));
    if (line > 0)
        donut_text_print(text, "%zu:", line);
    donut_text_print(text,
                     " KPI '%s': ", donut_quote(key, member->item.key, member->item.key_size));
}

static void say_failed(const struct training *training, const struct donut_fleet_member *member)
{
    struct donut_text text = {0};
    name_member(&text, training, member, member->err.line);
    donut_text_print(&text, "%s", member->err.text);
    donut_say_text(&text);
}

static void say_diverged(const struct training *training, const struct donut_fleet_member *member)
{
    struct donut_text text = {0};
    name_member(&text, training, member, 0);
    donut_text_print(&text,
                     "the loss stopped being finite in epoch %zu, step %zu; its model holds the "
                     "best parameters before that (try a lower --learning-rate)",
                     member->info.epochs, member->info.steps);
    donut_say_text(&text);
}

/* What is to be said of single KPIs, in the order of the file. */
static void say_members(const struct training *training)
{
    for (size_t i = 0; i < training->n; i++) {
        const struct donut_fleet_member *member = &training->member[i];
        if (member->state == DONUT_MEMBER_FAILED)
            say_failed(training, member);
        else if (member->info.stop == DONUT_STOP_DIVERGED)
            say_diverged(training, member);
    }
}

static void put_windows(struct donut_text *text, const struct tally *tally)
{
    if (tally->shortest == tally->longest)
        donut_text_print(text, ", windows of %zu points", tally->longest);
    else
        donut_text_print(text, ", windows of %zu to %zu points", tally->shortest, tally->longest);
}

/* Where verdicts are by the score. */
static void say_doubts_of_scores(const struct training *training, const struct tally *tally)
{
    if (tally->few > 0)
        donut_say("donut: the threshold%s of %zu KPI%s rest%s on only few scores: expect %s to be "
                  "rough",
                  donut_plural(tally->few), tally->few, donut_plural(tally->few),
                  tally->few == 1 ? "s" : "", tally->few == 1 ? "it" : "them");
    if (tally->anomalous > 0)
        donut_say("donut: the last %g %% of the range seem to hold anomalies in %zu KPI%s%s: if a "
                  "threshold is too high, label them, or score with a larger --risk",
                  100 * training->arguments->train.validation, tally->anomalous,
                  donut_plural(tally->anomalous),
                  donut_fleet_labelled(training->plan.fleet) ? ", not labelled" : "");
}

static void say_doubts(const struct training *training, const struct tally *tally)
{
    const double last = 100 * training->arguments->train.validation;
    const size_t few = tally->doubts[DONUT_DOUBT_FEW], flat = tally->doubts[DONUT_DOUBT_FLAT],
                 alarms = tally->doubts[DONUT_DOUBT_ALARMS];
    if (tally->wild > 0)
        donut_say("donut: %zu KPI%s %s points beyond all usual values: they are not learnt from "
                  "(--scale moments learns from all; donut info tells how many there are)",
                  tally->wild, donut_plural(tally->wild), tally->wild == 1 ? "has" : "have");
    if (few > 0)
        donut_say("donut: what is normal in %zu KPI%s rests on fewer than %d points: expect it to "
                  "be rough (donut info tells which)",
                  few, donut_plural(few), DONUT_FEW_JUDGED);
    if (flat > 0)
        donut_say("donut: the last %g %% of the range are flatter than what was learnt from in %zu "
                  "KPI%s: expect alarms once %s again as before (donut info tells which)",
                  last, flat, donut_plural(flat), flat == 1 ? "it varies" : "they vary");
    if (alarms > 0)
        donut_say("donut: the last %g %% of the range hold far more alarms than the risk allows in "
                  "%zu KPI%s: incidents that nobody labelled, or a change that the model has not "
                  "learnt (donut info tells which)",
                  last, alarms, donut_plural(alarms));
    say_doubts_of_scores(training, tally);
}

static void summarise(const struct training *training, const struct tally *tally)
{
    const struct donut_train_arguments *arguments = training->arguments;
    const char *journal = donut_journal_path(training->plan.journal);
    struct donut_text text = {0};
    donut_text_print(&text, "%s: %zu of %zu KPI%s trained", donut_output_name(arguments->output),
                     tally->trained, training->n, donut_plural(training->n));
    if (arguments->init)
        donut_text_print(&text, ", %zu with a warm start from %s", tally->warm,
                         donut_input_name(arguments->init));
    if (arguments->train.window == 0 &&
        (tally->warm < tally->trained || tally->shortest < tally->longest))
        put_windows(&text, tally);
    donut_text_print(&text, ", %.1f s", donut_seconds() - training->began);
    if (tally->taken > 0)
        donut_text_print(&text, " (%zu taken over from %s)", tally->taken, journal);
    donut_say_text(&text);
    say_doubts(training, tally);
}

static enum donut_status save(const struct training *training, const struct tally *tally,
                              struct donut_error *err)
{
    const char *column = donut_fleet_key_name(training->plan.fleet);
    const char *output = training->arguments->output;
    struct donut_bundle_item *item = calloc(tally->trained, sizeof *item);
    struct donut_bundle_content content = {
        .key_column = column && *column ? column : training->arguments->csv.key_column,
        .models = donut_journal_descriptor(training->plan.journal),
        .item = item};
    if (!item)
        return donut_fail_memory(err);
    for (size_t i = 0; i < training->n; i++)
        if (training->member[i].state == DONUT_MEMBER_TAKEN ||
            training->member[i].state == DONUT_MEMBER_TRAINED)
            item[content.n++] = training->member[i].item;
    /* A file is soon there, and whole; a pipe may never take the bytes. */
    if (!donut_output_is_file(output))
        donut_signals_default();
    const enum donut_status status = donut_is_dash(output)
                                         ? donut_bundle_put(STDOUT_FILENO, &content, err)
                                         : donut_bundle_save(output, &content, err);
    free(item);
    return status;
}

/* Where the next run goes on from: "; the models of 3 of 4 KPIs are kept in ...". */
static void put_kept(struct donut_text *text, const struct training *training)
{
    const struct tally tally = count(training);
    const char *journal = donut_journal_path(training->plan.journal);
    if (!journal || donut_journal_is_empty(training->plan.journal))
        donut_text_print(text, "; no model was written");
    else if (training->surveyed)
        donut_text_print(text,
                         "; the models of %zu of %zu KPI%s are kept in %s: the same command goes "
                         "on from there",
                         tally.trained, training->n, donut_plural(training->n), journal);
    else
        donut_text_print(text,
                         "; what was trained before is kept in %s: the same command goes on from "
                         "there",
                         journal);
}

static int say_stopped(const struct training *training)
{
    struct donut_text text = {0};
    donut_text_print(&text, "donut: stopped by %s", donut_signals_name());
    put_kept(&text, training);
    donut_say_text(&text);
    return DONUT_EXIT_FAILED;
}

/* Something that concerns the file `name`, not one KPI. */
static int say_broken(const struct training *training, const char *name,
                      const struct donut_error *err)
{
    struct donut_text text = {0};
    if (err->text[0] == '\0')
        return DONUT_EXIT_FAILED;
    donut_text_print(&text, "donut: %s: %s", name, err->text);
    put_kept(&text, training);
    donut_say_text(&text);
    return DONUT_EXIT_FAILED;
}

static int conclude(const struct training *training)
{
    const struct tally tally = count(training);
    const char *output = donut_output_name(training->arguments->output);
    struct donut_error err = {0};
    say_members(training);
    if (tally.trained + tally.failed < training->n)
        return say_stopped(training);
    if (tally.trained == 0) {
        donut_say("donut: no KPI could be trained; %s was not written", output);
        return DONUT_EXIT_FAILED;
    }
    if (save(training, &tally, &err) != DONUT_OK)
        return say_broken(training, output, &err);
    if (!training->arguments->talk.quiet)
        summarise(training, &tally);
    donut_journal_done(training->plan.journal);
    return tally.failed + tally.diverged > 0 ? DONUT_EXIT_PARTLY : 0;
}

static enum donut_status make_members(struct training *training, struct donut_error *err)
{
    const struct donut_fleet *fleet = training->plan.fleet;
    training->n = donut_fleet_count(fleet);
    training->member = calloc(training->n, sizeof *training->member);
    if (!training->member)
        return donut_fail_memory(err);
    for (size_t i = 0; i < training->n; i++) {
        struct donut_bundle_item *item = &training->member[i].item;
        training->member[i].number = i;
        item->key = donut_fleet_key(fleet, i, &item->key_size);
    }
    return DONUT_OK;
}

static int run(struct training *training)
{
    struct donut_error err = {0};
    training->began = donut_seconds();
    enum donut_status status = make_members(training, &err);
    if (status == DONUT_OK)
        status =
            donut_fleet_fingerprint(&training->arguments->train, &training->plan.fingerprint, &err);
    if (status != DONUT_OK)
        return donut_complain(NULL, &err);
    status =
        donut_fleet_run(&training->plan, training->member, training->n, describe, training, &err);
    if (status == DONUT_OK)
        return conclude(training);
    const char *journal = donut_journal_path(training->plan.journal);
    say_members(training);
    return say_broken(training, journal ? journal : "a temporary file", &err);
}

/* With a journal beside the output, where that is a file. */
static int train_fleet(struct training *training)
{
    const char *output = training->arguments->output;
    const bool is_file = donut_output_is_file(output);
    struct donut_error err = {0};
    if (donut_journal_open(is_file ? output : NULL, &training->plan.journal, &err) != DONUT_OK) {
        struct donut_text name = {0};
        donut_text_print(&name, "%s.part%c", output, '\0');
        const int exit_status = donut_complain(is_file && !name.failed ? name.bytes : NULL, &err);
        donut_text_free(&name);
        return exit_status;
    }
    const int exit_status = run(training);
    donut_journal_close(training->plan.journal);
    return exit_status;
}

int donut_fleet_train(const char *input, const struct donut_train_arguments *arguments,
                      const struct donut_models *init)
{
    struct training training = {.input = input, .arguments = arguments};
    struct donut_fleet *fleet = NULL;
    struct donut_error err = {0};
    char *bytes = NULL;
    size_t size = 0;
    int exit_status;
    if (!donut_kpi_check_positions(arguments->from, arguments->to, &exit_status))
        return exit_status;
    enum donut_status status = donut_input_read(input, arguments->talk.quiet, &bytes, &size, &err);
    if (status == DONUT_OK)
        status = donut_fleet_read_csv(bytes, size, &arguments->csv, &fleet, &err);
    free(bytes);
    if (status != DONUT_OK)
        return donut_complain(donut_input_name(input), &err);
    training.plan = (struct donut_fleet_plan){.arguments = arguments, .fleet = fleet, .init = init};
    donut_signals_count();
    exit_status = train_fleet(&training);
    free(training.member);
    donut_fleet_free(fleet);
    donut_signals_raise();
    return exit_status;
}
