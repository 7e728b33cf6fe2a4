#include "cli/commands.h"
#include "cli/fleet_train.h"
#include "cli/io.h"
#include "cli/kpi.h"
#include "cli/models.h"
#include "cli/signals.h"
#include "cli/snapshots.h"
#include "cli/train_options.h"
#include "cli/trained.h"
#include "train/begin.h"

#include <stdlib.h>
#include <string.h>

/* dir/kpi.csv -> dir/kpi.donut. NULL: no memory. */
static char *default_output(const char *input)
{
    static const char ending[] = ".donut";
    const char *slash = strrchr(input, '/');
    const char *base = slash ? slash + 1 : input;
    const char *dot = strrchr(base, '.');
    const size_t kept = dot && dot > base ? (size_t)(dot - input) : strlen(input);
    char *output = malloc(kept + sizeof ending);
    if (!output)
        return NULL;
    memcpy(output, input, kept);
    memcpy(output + kept, ending, sizeof ending);
    return output;
}

struct watch {
    struct donut_meter meter;
    enum donut_phase stopped_in;
    int signals; /* already acted on; those that came together count as one */
    bool asked;  /* to stop, in the last call */
    bool quiet;
};

static void say_stopping(enum donut_phase phase)
{
    donut_say("donut: %s: %s (once more: stop without a model)", donut_signals_name(),
              phase == DONUT_PHASE_THRESHOLD ? "fitting the verdicts quickly on fewer points"
                                             : "no more training; fitting the verdicts quickly");
}

/* A second wish to stop is one only after a call without. */
static bool on_progress(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    donut_meter_show(&watch->meter, progress);
    const int signals = donut_signals_seen();
    watch->asked = !watch->asked && signals > watch->signals;
    if (!watch->asked)
        return false;
    if (watch->signals == 0) {
        donut_meter_erase(&watch->meter);
        watch->stopped_in = progress->phase;
        if (!watch->quiet)
            say_stopping(progress->phase);
    }
    watch->signals = signals;
    return true;
}

static enum donut_status save(const struct donut_model *model, const char *path,
                              struct donut_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (!donut_is_dash(path))
        return donut_model_save(model, path, err);
    enum donut_status status = donut_model_encode(model, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_stdout_write(bytes, size, err);
    free(bytes);
    return status;
}

static int train(const char *input, const struct donut_series *series,
                 const struct donut_kpi_range *range, struct donut_train_arguments *arguments,
                 struct donut_snapshot_files *snapshots)
{
    struct watch watch = {.quiet = arguments->talk.quiet};
    struct donut_trained trained = {
        .output = arguments->output, .init = arguments->init, .labelled = series->label != NULL};
    struct donut_train_options *opt = &arguments->train;
    struct donut_error err = {0};
    struct donut_model *model = NULL;
    opt->progress = on_progress;
    opt->progress_context = &watch;
    donut_snapshots_begin(arguments, opt, snapshots);
    donut_meter_begin(&watch.meter, &arguments->talk);
    const double began = donut_seconds();
    const enum donut_status status =
        donut_train(series, range->from, range->to, opt, &model, &trained.report, &err);
    donut_meter_erase(&watch.meter);
    if (status == DONUT_ECANCELLED)
        donut_fail(&err, status, "stopped by %s; no model was written", donut_signals_name());
    if (status != DONUT_OK)
        return donut_complain(status == DONUT_EINPUT ? donut_input_name(input) : snapshots->failed,
                              &err);

    /* A file is soon there, and whole; a pipe may never take the bytes. */
    if (!donut_output_is_file(arguments->output))
        donut_signals_default();
    int exit_status;
    if (save(model, arguments->output, &err) != DONUT_OK) {
        exit_status = donut_complain(donut_output_name(arguments->output), &err);
    } else {
        trained.model = model;
        trained.stopped_in = watch.stopped_in;
        trained.snapshots = snapshots->written;
        trained.seconds = donut_seconds() - began;
        if (!arguments->talk.quiet)
            donut_trained_describe(&trained);
        donut_snapshots_conclude(snapshots, trained.report.steps);
        exit_status = donut_trained_conclude(&trained);
    }
    donut_model_free(model);
    return exit_status;
}

static int read_and_train(const char *input, struct donut_train_arguments *arguments)
{
    const char *from = arguments->from, *to = arguments->to;
    struct donut_snapshot_files snapshots = {0};
    struct donut_kpi_range range;
    int exit_status;
    struct donut_series *series =
        donut_kpi_open(input, arguments->talk.quiet, &arguments->csv, &exit_status);
    if (!series)
        return exit_status;
    donut_signals_count();
    if (!arguments->talk.quiet)
        donut_kpi_describe(input, series);
    if (donut_kpi_range(input, series, from, to, &range, &exit_status))
        exit_status = range.from < range.to ? train(input, series, &range, arguments, &snapshots)
                                            : donut_kpi_empty_range(input, series, from, to);
    donut_snapshots_free(&snapshots);
    donut_series_free(series);
    donut_signals_raise();
    return exit_status;
}

/* The options, from the command line and, where that does not say, from the model to begin with. */
struct setting {
    struct donut_train_arguments arguments;
    struct donut_models init;
    struct donut_model *sample; /* of a bundle: a model, that all are like */
    const char *input;
};

/* The first that is sound: a damaged one is its own KPI's trouble alone. */
static enum donut_status open_sample(struct setting *setting, struct donut_error *err)
{
    const size_t n = donut_bundle_count(setting->init.bundle);
    enum donut_status status = DONUT_EMODEL;
    for (size_t i = 0; i < n && status == DONUT_EMODEL; i++)
        status = donut_bundle_model(setting->init.bundle, i, &setting->sample, err);
    return status;
}

static enum donut_status open_init(struct setting *setting, struct donut_error *err)
{
    const struct donut_train_arguments *arguments = &setting->arguments;
    const enum donut_status status =
        donut_models_open(arguments->init, arguments->talk.quiet, &setting->init, err);
    if (status != DONUT_OK || !setting->init.bundle)
        return status;
    if (!arguments->csv.key_column)
        return donut_fail(err, DONUT_EARGUMENT,
                          "this is a bundle, with a model for each KPI: give --key COLUMN");
    return open_sample(setting, err);
}

/* Reads the command line over these defaults. */
static int parse_over(struct setting *setting, int argc, char **argv,
                      const struct donut_train_arguments *defaults)
{
    setting->arguments = *defaults;
    return donut_options_parse(&donut_train_command, argc, argv, defaults, &setting->arguments,
                               &setting->input);
}

/* Reads the command line once more, with the shape of the model as the default. What is said
 * otherwise is then refused. The window stays open: those of a bundle may have different ones. */
static int follow_init(struct setting *setting, int argc, char **argv)
{
    struct donut_train_arguments *arguments = &setting->arguments;
    struct donut_train_arguments defaults = donut_train_argument_defaults(arguments->paper);
    struct donut_error err = {0};
    struct donut_model_info info;
    if (open_init(setting, &err) != DONUT_OK)
        return donut_complain(donut_input_name(arguments->init), &err);
    const struct donut_model *model = setting->sample ? setting->sample : setting->init.single;
    donut_model_get_info(model, &info);
    defaults.train.window = 0; /* --paper has one, too */
    defaults.train.latent = info.options.latent;
    defaults.train.depth = info.options.depth;
    memcpy(defaults.train.hidden, info.options.hidden, sizeof defaults.train.hidden);
    defaults.train.std_epsilon = info.options.std_epsilon;
    defaults.encoder = (int)info.options.encoder;
    memcpy(defaults.train.channels, info.options.channels, sizeof defaults.train.channels);
    defaults.train.student_df = info.options.student_df;
    defaults.train.hide_last = info.options.hide_last;
    const int exit_status = parse_over(setting, argc, argv, &defaults);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    struct donut_train_options opt = arguments->train;
    opt.init = model;
    opt.encoder = (enum donut_encoder)arguments->encoder;
    if (donut_begin_check(&opt, info.interval_ms, &err) != DONUT_OK)
        return donut_complain(donut_input_name(arguments->init), &err);
    if (setting->init.single && !arguments->csv.key_column) {
        arguments->train.init = model;
        if (arguments->csv.interval_ms == 0)
            arguments->csv.expected_interval_ms = info.interval_ms;
    }
    return DONUT_GO_ON;
}

static int parse(struct setting *setting, int argc, char **argv)
{
    const struct donut_train_arguments defaults = donut_train_argument_defaults(false);
    const struct donut_train_arguments paper = donut_train_argument_defaults(true);
    struct donut_train_arguments *arguments = &setting->arguments;
    int exit_status = parse_over(setting, argc, argv, &defaults);
    /* Over other defaults, what is given stays what it is wherever it stands. */
    if (exit_status == DONUT_GO_ON && arguments->paper)
        exit_status = parse_over(setting, argc, argv, &paper);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (!setting->input)
        return donut_misuse(&donut_train_command,
                            "which KPI? Give a file, or - for standard input");
    if (strcmp(setting->input, "-") == 0 && !arguments->output)
        return donut_misuse(&donut_train_command, "a KPI from standard input needs --output MODEL");
    if (!arguments->init)
        return donut_train_settle(arguments);
    if (donut_is_dash(arguments->init) && donut_is_dash(setting->input))
        return donut_misuse(&donut_train_command,
                            "the KPI and the model to begin with cannot both come from standard "
                            "input");
    exit_status = follow_init(setting, argc, argv);
    return exit_status == DONUT_GO_ON ? donut_train_settle(arguments) : exit_status;
}

static int run(struct setting *setting)
{
    struct donut_train_arguments *arguments = &setting->arguments;
    char *output = arguments->output ? NULL : default_output(setting->input);
    if (!arguments->output && !output)
        return donut_complain(NULL, &(struct donut_error){DONUT_ENOMEM, 0, 0, "out of memory"});
    if (output)
        arguments->output = output;
    int exit_status = donut_train_check(setting->input, arguments);
    if (exit_status == DONUT_GO_ON && arguments->csv.key_column)
        exit_status =
            donut_fleet_train(setting->input, arguments, arguments->init ? &setting->init : NULL);
    else if (exit_status == DONUT_GO_ON)
        exit_status = read_and_train(setting->input, arguments);
    free(output);
    return exit_status;
}

int donut_command_train(int argc, char **argv)
{
    struct setting setting = {.input = NULL};
    int exit_status = parse(&setting, argc, argv);
    if (exit_status == DONUT_GO_ON)
        exit_status = run(&setting);
    donut_model_free(setting.sample);
    donut_models_close(&setting.init);
    return exit_status;
}
