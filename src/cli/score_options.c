#define _XOPEN_SOURCE 700

#include "cli/score_options.h"

#include "cli/io.h"
#include "cli/kpi.h"
#include "cli/speed.h"

#include <float.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT(field) .offset = offsetof(struct donut_score_arguments, field)

static const struct donut_option options[] = {
    {.group = "Files",
     .name = "model",
     .letter = 'm',
     .kind = DONUT_OPTION_TEXT,
     AT(model),
     .argument = "MODEL",
     .help = "what 'donut train' wrote; needed",
     .details = "A model or a bundle; `-` is standard input, for a model."},
    {.name = "output",
     .letter = 'o',
     .kind = DONUT_OPTION_TEXT,
     AT(output),
     .argument = "FILE",
     .help = "where the rows go [standard output]",
     .details = "A file is there at the end, whole or not at all."},
    {.name = "format",
     .kind = DONUT_OPTION_CHOICE,
     AT(format),
     .argument = "csv|jsonl|influx|prometheus",
     .help = "how rows are written",
     .details = "See FORMATS. `prometheus` has the newest point of each KPI only."},
    {.name = "events",
     .kind = DONUT_OPTION_FLAG,
     AT(events),
     .help = "a line for each episode instead of its points",
     .details = "See ALARMS."},
    {.name = "measurement",
     .kind = DONUT_OPTION_TEXT,
     AT(measurement),
     .no_default = true,
     .argument = "NAME",
     .help = "name of the measurement, for influx [donut]"},
    {.name = "tag",
     .kind = DONUT_OPTION_LIST,
     AT(tags),
     .argument = "NAME=VALUE",
     .help = "a tag or label, for influx or prometheus",
     .details = "May be given up to 32 times."},
    {.group = "Range to score; POS is " DONUT_POSITION_WORDS,
     .name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "score what begins here [start]",
     .details = "Windows look back to what lies before."},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "score what ends before here [end]"},
    {.name = "last",
     .kind = DONUT_OPTION_FLAG,
     AT(last),
     .help = "only the newest point, of each KPI"},
    {.group = "Stream",
     .name = "follow",
     .letter = 'f',
     .kind = DONUT_OPTION_FLAG,
     AT(follow),
     .help = "row by row, at once [if a pipe pauses]",
     .details = "See STREAMS."},
    {.name = "batch",
     .kind = DONUT_OPTION_FLAG,
     AT(batch),
     .help = "the whole input first, even of a pipe; sorts it"},
    {.group = "Several KPIs in one file",
     .name = "key",
     .kind = DONUT_OPTION_TEXT,
     AT(csv.key_column),
     .argument = "COLUMN",
     .help = "the column that says whose a row is [the bundle's]",
     .details = "Its name, or its number counted from 1. See FLEETS."},
    {.name = "unknown",
     .kind = DONUT_OPTION_CHOICE,
     AT(unknown),
     .no_default = true,
     .argument = "skip|error",
     .help = "KPIs without a model: count them, or stop [skip]"},
    {.group = "Verdict",
     .name = "risk",
     .kind = DONUT_OPTION_NUMBER,
     AT(score.risk),
     .no_default = true,
     .argument = "P",
     .low = 1e-12,
     .high = 0.5,
     .help = "false alarms per normal point [the model's]",
     .details =
         "Another risk than in training, without training again. With verdicts by the score "
         "it must be below the share of the validation scores that the tail was fitted to, which "
         "is a few percent."},
    {.name = "verdict-by",
     .kind = DONUT_OPTION_CHOICE,
     AT(verdict_by),
     .no_default = true,
     .argument = "both|shape|step|score",
     .help = "what makes a point an anomaly [the model's]",
     .details = "The channel shape, the channel step, either of them, or a score above the "
                "model's threshold. See CHOOSING A THRESHOLD."},
    {.name = "keep-anomalies",
     .kind = DONUT_OPTION_FLAG,
     AT(score.keep_anomalies),
     .help = "let later windows see anomalous points",
     .details = "By default they are imputed there as missing ones are, so that an incident does "
                "not make what comes after it look strange."},
    {.name = "threshold",
     .kind = DONUT_OPTION_NUMBER,
     AT(score.threshold),
     .no_default = true,
     .argument = "X",
     .low = -DBL_MAX,
     .help = "a score above X is anomalous [from the risk]"},
    {.name = "direction",
     .kind = DONUT_OPTION_CHOICE,
     AT(direction),
     .argument = "both|up|down",
     .help = "which side of the expected value counts"},
    {.name = "min-delta",
     .kind = DONUT_OPTION_NUMBER,
     AT(min_delta),
     .argument = "X",
     .help = "least distance from the expected value",
     .details = "In the KPI's units."},
    {.name = "for",
     .kind = DONUT_OPTION_COUNT,
     AT(for_points),
     .argument = "N",
     .low = 1,
     .high = 1000000,
     .help = "such points in a row that raise an alarm",
     .details = "See ALARMS."},
    {.name = "recover",
     .kind = DONUT_OPTION_COUNT,
     AT(recover_points),
     .argument = "N",
     .low = 1,
     .high = 1000000,
     .help = "normal points in a row that end it"},
    {.name = "silence",
     .kind = DONUT_OPTION_COUNT,
     AT(silence_points),
     .no_default = true,
     .argument = "N",
     .low = 1,
     .high = 1000000,
     .help = "points without a verdict in a row that end it [W]",
     .details = "The window's length, after which nothing is known of what came before."},
    {.name = "warmup-alarms",
     .kind = DONUT_OPTION_FLAG,
     AT(score.warmup_alarms),
     .help = "judge warm-up points as others"},
    {.name = "exit-code",
     .kind = DONUT_OPTION_FLAG,
     AT(exit_code),
     .help = "status 3 if an alarm is on at the newest point",
     .details = "Of any KPI. Without it, anomalies do not change the exit status."},
    {.name = "max-age",
     .kind = DONUT_OPTION_INTERVAL,
     AT(max_age_ms),
     .no_default = true,
     .argument = "TIME",
     .help = "warn when the model is so much older [90d]",
     .details = "Than the newest point: counted from the end of its training range."},
    {.group = "Scores",
     .name = "score-by",
     .kind = DONUT_OPTION_CHOICE,
     AT(score_by),
     .no_default = true,
     .argument = "reconstruction|likelihood|elbo|prior",
     .help = "what a score is [the model's]",
     .details = "See METHODS. With another kind than the model's, which its threshold is not for, "
                "give --threshold."},
    {.name = "sampler",
     .kind = DONUT_OPTION_CHOICE,
     AT(sampler),
     .no_default = true,
     .argument = "sobol|mc",
     .help = "how z is drawn for a score [the model's]"},
    {.name = "samples",
     .kind = DONUT_OPTION_COUNT,
     AT(score.samples),
     .no_default = true,
     .argument = "L",
     .high = 1048576,
     .low = 1,
     .help = "values of z per score [the model's]",
     .details = "With another sampler than the model's as many as are usual with that."},
    {.name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(score.mcmc_iterations),
     .no_default = true,
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points [the model's]"},
    DONUT_COLUMN_OPTIONS(struct donut_score_arguments, csv),
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(csv.ignore_labels),
     .help = "neither read nor write labels"},
    DONUT_SPEED_OPTIONS(struct donut_score_arguments, score),
    DONUT_TALK_OPTIONS(struct donut_score_arguments, talk),
};

const struct donut_command donut_score_command = {
    .name = "score",
    .usage = "-m MODEL|BUNDLE [--follow] [options] [KPI.csv|-]",
    .summary = "Scores every point of a KPI (default: standard input) with a trained model.",
    .examples = "  donut score -m kpi.donut kpi.csv > scores.csv\n"
                "  donut score -m kpi.donut --from 70% --risk 1e-3 -o scores.csv kpi.csv\n"
                "  tail -n +1 -F kpi.csv | donut score -m kpi.donut --for 3 --recover 3\n"
                "  donut score -m kpi.donut --direction down --events kpi.csv\n"
                "  donut score -m fleet.donut --last --format jsonl fleet.csv\n",
    .notes = "Columns: timestamp,value,score,anomaly,expected,lower,upper,status,surprise,\n"
             "cause and, when the KPI has labels, label; one row per grid point. A surprise\n"
             "of 4 means that one normal point in ten thousand is as strange; above that of\n"
             "the risk it is an alarm, and cause says why: shape, step or both. A value from\n"
             "lower to upper is no alarm. A score is a negative log density in nats, higher\n"
             "is stranger. Status: ok, missing (no value, no score) or warmup (scored, but\n"
             "not judged: the window reaches back before all data, or little was observed).\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

struct donut_score_arguments donut_score_argument_defaults(void)
{
    return (struct donut_score_arguments){
        .score = donut_score_defaults(),
        .sampler = -1,
        .score_by = -1,
        .verdict_by = -1,
        .unknown = -1,
        .for_points = 1,
        .recover_points = 1,
    };
}

struct donut_format donut_score_format(const struct donut_score_arguments *arguments)
{
    return (struct donut_format){
        .kind = (enum donut_format_kind)arguments->format,
        .measurement = arguments->measurement ? arguments->measurement : "donut",
        .tag = arguments->tags.word,
        .n_tags = arguments->tags.n,
    };
}

struct donut_alert_options donut_score_alert(const struct donut_score_arguments *arguments,
                                             size_t window)
{
    return (struct donut_alert_options){
        .direction = (enum donut_alert_direction)arguments->direction,
        .min_delta = arguments->min_delta,
        .for_points = arguments->for_points,
        .recover_points = arguments->recover_points,
        .silence_points = arguments->silence_points ? arguments->silence_points : window,
        .warmup_alarms = arguments->score.warmup_alarms,
    };
}

bool donut_score_judges(const struct donut_score_arguments *arguments, enum donut_row_status status)
{
    return status == DONUT_ROW_OK || (status == DONUT_ROW_WARMUP && arguments->score.warmup_alarms);
}

static bool is_regular(const char *input)
{
    struct stat st;
    const int failed = donut_is_dash(input) ? fstat(STDIN_FILENO, &st) : stat(input, &st);
    return failed != 0 || S_ISREG(st.st_mode);
}

enum donut_score_mode donut_score_mode(const char *input,
                                       const struct donut_score_arguments *arguments)
{
    if (arguments->follow)
        return DONUT_SCORE_FOLLOW;
    const bool whole = arguments->batch || arguments->from || arguments->to || arguments->last ||
                       arguments->format == DONUT_FORMAT_PROMETHEUS ||
                       donut_output_is_file(arguments->output) || is_regular(input);
    return whole ? DONUT_SCORE_BATCH : DONUT_SCORE_EITHER;
}

int64_t donut_score_max_age(const struct donut_score_arguments *arguments)
{
    return arguments->max_age_ms ? arguments->max_age_ms : INT64_C(90) * 86400000;
}

bool donut_score_warns_of_age(const struct donut_score_arguments *arguments)
{
    return arguments->max_age_ms || !arguments->talk.quiet;
}

/* NULL, or two options that exclude each other. */
static const char *find_conflict(const struct donut_score_arguments *arguments)
{
    const bool prometheus = arguments->format == DONUT_FORMAT_PROMETHEUS;
    const bool influx = arguments->format == DONUT_FORMAT_INFLUX;
    if (!isnan(arguments->score.threshold) && arguments->score.risk > 0)
        return "--threshold and --risk exclude each other";
    if (!isnan(arguments->score.threshold) && arguments->verdict_by >= 0)
        return "--threshold is of scores, and excludes --verdict-by";
    if (arguments->follow && (arguments->from || arguments->to))
        return "--follow and a range exclude each other: the stream is scored as it comes";
    if (arguments->follow && arguments->last)
        return "--follow and --last exclude each other: a stream has no newest point before its "
               "end";
    if (arguments->follow && arguments->batch)
        return "--follow and --batch exclude each other";
    if (arguments->follow && prometheus)
        return "--format prometheus holds one sample of each metric, the newest, and cannot follow "
               "a stream";
    if (arguments->follow && donut_output_is_file(arguments->output))
        return "--follow writes as it goes, and --output a whole file at the end: redirect "
               "standard output";
    if (arguments->measurement && !influx)
        return "only the format influx has a measurement";
    if (arguments->events && (prometheus || influx))
        return "--events are written as csv or jsonl";
    if (arguments->events && arguments->last)
        return "--events and --last exclude each other";
    return NULL;
}

int donut_score_check(const char *input, const struct donut_score_arguments *arguments)
{
    struct donut_error err = {0};
    const char *output = arguments->output;
    if (!arguments->model)
        return donut_misuse(&donut_score_command, "which model? Give it with -m MODEL");
    if (donut_is_dash(arguments->model) && donut_is_dash(input))
        return donut_misuse(&donut_score_command,
                            "model and KPI cannot both come from standard input");
    int exit_status;
    if (!donut_kpi_check_positions(arguments->from, arguments->to, &exit_status))
        return exit_status;
    const char *conflict = find_conflict(arguments);
    if (conflict)
        return donut_misuse(&donut_score_command, "%s", conflict);
    const struct donut_format format = donut_score_format(arguments);
    if (donut_format_check(&format, &err) != DONUT_OK)
        return donut_misuse(&donut_score_command, "%s", err.text);
    if (donut_same_file(input, output))
        return donut_misuse(&donut_score_command, "%s is both the KPI and the output",
                            donut_output_name(output));
    if (donut_same_file(arguments->model, output))
        return donut_misuse(&donut_score_command, "%s is both the model and the output",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return DONUT_GO_ON;
}
