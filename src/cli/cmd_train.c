#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/io.h"
#include "cli/kpi.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/speed.h"
#include "cli/trained.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct train_arguments {
    struct donut_train_options train;
    struct donut_csv_options csv;
    struct donut_talk talk;
    const char *output, *from, *to;
    int missing_fill, clip_by, sampler; /* as the choices of the table stand */
};

#define AT(field) .offset = offsetof(struct train_arguments, field)
#define COUNT .kind = DONUT_OPTION_COUNT, .low = 1
#define NUMBER .kind = DONUT_OPTION_NUMBER

static const struct donut_option options[] = {
    {.group = "Output",
     .name = "output",
     .letter = 'o',
     .kind = DONUT_OPTION_TEXT,
     AT(output),
     .argument = "MODEL",
     .help = "model file, - = standard output [the KPI's name, ending in .donut]"},
    {.group = "Training range; POS is " DONUT_POSITION_WORDS,
     .name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "train on what begins here [start]"},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "... and ends before here [end]"},
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(train.ignore_labels),
     .help = "treat labelled anomalies as normal"},
    {.group = "Verdict",
     .name = "risk",
     NUMBER,
     AT(train.risk),
     .argument = "P",
     .low = 1e-12,
     .high = 0.01,
     .help = "wanted false alarms per normal point"},
    {.name = "sampler",
     .kind = DONUT_OPTION_CHOICE,
     AT(sampler),
     .argument = "sobol|mc",
     .help = "how z is drawn for a score: scrambled Sobol points or independent draws"},
    {.name = "samples",
     COUNT,
     AT(train.samples),
     .no_default = true,
     .argument = "L",
     .high = 1048576,
     .help = "values of z per score [sobol: 128, 256 if K > 8; mc: 1024]"},
    {.name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(train.mcmc_iterations),
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points before a score"},
    {.group = "Model",
     .name = "window",
     COUNT,
     AT(train.window),
     .argument = "W",
     .high = DONUT_MAX_WIDTH,
     .help = "points that the model sees at once"},
    {.name = "latent",
     COUNT,
     AT(train.latent),
     .argument = "K",
     .high = DONUT_MAX_WIDTH,
     .help = "dimensions of z"},
    {.name = "hidden",
     .kind = DONUT_OPTION_WIDTHS,
     AT(train),
     .argument = "N,N",
     .help = "widths of the hidden layers from x to z, mirrored on the way back"},
    {.name = "std-epsilon",
     NUMBER,
     AT(train.std_epsilon),
     .argument = "X",
     .high = 1,
     .low_open = true,
     .help = "smallest standard deviation"},
    {.name = "missing-fill",
     .kind = DONUT_OPTION_CHOICE,
     AT(missing_fill),
     .argument = "zero|mean",
     .help = "what stands for a missing point: the KPI's 0 or its mean"},
    {.group = "Training",
     .name = "epochs",
     COUNT,
     AT(train.epochs),
     .argument = "N",
     .high = 1000000,
     .help = "passes over the training range"},
    {.name = "batch-size",
     COUNT,
     AT(train.batch_size),
     .argument = "N",
     .high = 65536,
     .help = "windows per step"},
    {.name = "learning-rate",
     NUMBER,
     AT(train.learning_rate),
     .argument = "X",
     .high = 1,
     .low_open = true,
     .help = "of Adam"},
    {.name = "decay",
     NUMBER,
     AT(train.decay),
     .argument = "X",
     .low_open = true,
     .high = 1,
     .help = "factor of the learning rate ..."},
    {.name = "decay-epochs",
     COUNT,
     AT(train.decay_epochs),
     .argument = "N",
     .high = 1000000,
     .help = "... after every so many epochs"},
    {.name = "l2",
     NUMBER,
     AT(train.l2),
     .argument = "X",
     .high = 1000,
     .help = "weight of the squared hidden kernels in the loss"},
    {.name = "clip-norm",
     NUMBER,
     AT(train.clip_norm),
     .argument = "X",
     .low_open = true,
     .help = "limit of the gradient's norm"},
    {.name = "clip-by",
     .kind = DONUT_OPTION_CHOICE,
     AT(clip_by),
     .argument = "tensor|global",
     .help = "whether it holds for each tensor or for all together"},
    {.name = "injection",
     NUMBER,
     AT(train.injection),
     .argument = "X",
     .high = 1,
     .high_open = true,
     .help = "share of the normal points hidden in each epoch"},
    {.name = "validation",
     NUMBER,
     AT(train.validation),
     .argument = "X",
     .low_open = true,
     .high = 1,
     .high_open = true,
     .help = "share of the range, at its end, that chooses the parameters and the threshold"},
    {.name = "validate-every",
     COUNT,
     AT(train.validate_every),
     .argument = "N",
     .high = 1000000000,
     .help = "steps between two looks at it"},
    {.name = "seed",
     .kind = DONUT_OPTION_SEED,
     AT(train.seed),
     .argument = "N",
     .help = "of all random numbers"},
    DONUT_COLUMN_OPTIONS(struct train_arguments, csv),
    {.name = "interval",
     .kind = DONUT_OPTION_INTERVAL,
     AT(csv.interval_ms),
     .argument = "TIME",
     .help = "distance of points, like 60s, 5m, 1h, 1d [the most common]"},
    DONUT_SPEED_OPTIONS(struct train_arguments, train),
    DONUT_TALK_OPTIONS(struct train_arguments, talk),
};

static const struct donut_command command = {
    .name = "train",
    .usage = "[-o MODEL] [--from POS] [--to POS] [options] KPI.csv|-",
    .summary = "Learns what a KPI normally looks like; writes a model for 'donut score'.",
    .examples = "  donut train kpi.csv                      writes kpi.donut\n"
                "  donut train --to 70% -o web.donut kpi.csv\n"
                "  zcat kpi.csv.gz | donut train -o web.donut -\n",
    .notes = "A loss is a negative log density: a negative one is normal, lower is better.\n"
             "Ctrl-C ends training early and keeps the best parameters so far.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

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

/* Whether the command line makes sense before anything is read. */
static int check(const char *input, const struct train_arguments *arguments)
{
    struct donut_error err = {0};
    const char *output = arguments->output;
    if (donut_is_dash(output) && isatty(STDOUT_FILENO))
        return donut_misuse(&command, "a model is not for the terminal; redirect standard output");
    if (donut_same_file(input, output))
        return donut_misuse(&command, "the model %s would overwrite the KPI it is trained on",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return DONUT_GO_ON;
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
              phase == DONUT_PHASE_THRESHOLD ? "fitting the threshold quickly on fewer points"
                                             : "no more training; fitting the threshold quickly");
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
                 const struct donut_kpi_range *range, struct train_arguments *arguments)
{
    struct watch watch = {.quiet = arguments->talk.quiet};
    struct donut_trained trained = {.output = arguments->output, .labelled = series->label != NULL};
    struct donut_train_options *opt = &arguments->train;
    struct donut_error err = {0};
    struct donut_model *model = NULL;
    opt->progress = on_progress;
    opt->progress_context = &watch;
    donut_meter_begin(&watch.meter, &arguments->talk);
    const double began = donut_seconds();
    const enum donut_status status =
        donut_train(series, range->from, range->to, opt, &model, &trained.report, &err);
    donut_meter_erase(&watch.meter);
    if (status == DONUT_ECANCELLED)
        donut_fail(&err, status, "stopped by %s; no model was written", donut_signals_name());
    if (status != DONUT_OK)
        return donut_complain(status == DONUT_EINPUT ? donut_input_name(input) : NULL, &err);

    /* A file is soon there, and whole; a pipe may never take the bytes. */
    if (!donut_output_is_file(arguments->output))
        donut_signals_default();
    int exit_status;
    if (save(model, arguments->output, &err) != DONUT_OK) {
        exit_status = donut_complain(donut_output_name(arguments->output), &err);
    } else {
        trained.model = model;
        trained.stopped_in = watch.stopped_in;
        trained.seconds = donut_seconds() - began;
        if (!arguments->talk.quiet)
            donut_trained_describe(&trained);
        exit_status = donut_trained_conclude(&trained);
    }
    donut_model_free(model);
    return exit_status;
}

static int read_and_train(const char *input, struct train_arguments *arguments)
{
    const char *from = arguments->from, *to = arguments->to;
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
        exit_status = range.from < range.to ? train(input, series, &range, arguments)
                                            : donut_kpi_empty_range(input, series, from, to);
    donut_series_free(series);
    donut_signals_raise();
    return exit_status;
}

int donut_command_train(int argc, char **argv)
{
    const struct donut_train_options train_defaults = donut_train_defaults();
    const struct train_arguments defaults = {.train = train_defaults,
                                             .missing_fill = (int)train_defaults.missing_fill,
                                             .clip_by = (int)train_defaults.clip_by};
    struct train_arguments arguments = defaults;
    const char *input;
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &input);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (!input)
        return donut_misuse(&command, "which KPI? Give a file, or - for standard input");
    if (strcmp(input, "-") == 0 && !arguments.output)
        return donut_misuse(&command, "a KPI from standard input needs --output MODEL");
    exit_status = donut_speed_settle(&command, arguments.train.kernel, &arguments.train.threads);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    arguments.train.missing_fill = (enum donut_missing_fill)arguments.missing_fill;
    arguments.train.clip_by = (enum donut_clip_by)arguments.clip_by;
    arguments.train.sampler = arguments.sampler ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    arguments.csv.ignore_labels = arguments.train.ignore_labels;

    char *output = arguments.output ? NULL : default_output(input);
    if (!arguments.output && !output)
        return donut_complain(NULL, &(struct donut_error){DONUT_ENOMEM, 0, 0, "out of memory"});
    if (output)
        arguments.output = output;
    exit_status = check(input, &arguments);
    if (exit_status == DONUT_GO_ON)
        exit_status = read_and_train(input, &arguments);
    free(output);
    return exit_status;
}
