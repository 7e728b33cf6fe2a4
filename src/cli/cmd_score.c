#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/io.h"
#include "cli/kpi.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/speed.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Points scored at once: few at first, so that a pipe sees rows at once; more later. */
#define FIRST_BLOCK 64
#define LARGEST_BLOCK 4096

struct score_arguments {
    struct donut_score_options score;
    struct donut_csv_options csv;
    struct donut_talk talk;
    const char *model, *output, *from, *to;
    int sampler; /* as the choice of the table stands; -1: as trained */
};

#define AT(field) .offset = offsetof(struct score_arguments, field)

static const struct donut_option options[] = {
    {.group = "Files",
     .name = "model",
     .letter = 'm',
     .kind = DONUT_OPTION_TEXT,
     AT(model),
     .argument = "MODEL",
     .help = "what 'donut train' wrote, - = standard input; needed"},
    {.name = "output",
     .letter = 'o',
     .kind = DONUT_OPTION_TEXT,
     AT(output),
     .argument = "FILE",
     .help = "where the scores go; there whole or not at all [standard output]"},
    {.group = "Range to score; POS is " DONUT_POSITION_WORDS,
     .name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "score what begins here, looking back as far as needed [start]"},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "... and ends before here [end]"},
    {.group = "Verdict",
     .name = "risk",
     .kind = DONUT_OPTION_NUMBER,
     AT(score.risk),
     .no_default = true,
     .argument = "P",
     .low = 1e-12,
     .high = 1,
     .high_open = true,
     .help = "another risk of false alarms per normal point [the model's]"},
    {.name = "threshold",
     .kind = DONUT_OPTION_NUMBER,
     AT(score.threshold),
     .no_default = true,
     .argument = "X",
     .low = -DBL_MAX,
     .help = "anomaly = score above X [from the model and the risk]"},
    {.group = "Scores",
     .name = "sampler",
     .kind = DONUT_OPTION_CHOICE,
     AT(sampler),
     .no_default = true,
     .argument = "sobol|mc",
     .help = "how z is drawn: scrambled Sobol points or independent draws [the model's]"},
    {.name = "samples",
     .kind = DONUT_OPTION_COUNT,
     AT(score.samples),
     .no_default = true,
     .argument = "L",
     .high = 1048576,
     .low = 1,
     .help = "values of z per score [the model's; with another sampler as in training]"},
    {.name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(score.mcmc_iterations),
     .no_default = true,
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points before a score [the model's]"},
    DONUT_COLUMN_OPTIONS(struct score_arguments, csv),
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(csv.ignore_labels),
     .help = "do not read the labels, and write none"},
    DONUT_SPEED_OPTIONS(struct score_arguments, score),
    DONUT_TALK_OPTIONS(struct score_arguments, talk),
};

static const struct donut_command command = {
    .name = "score",
    .usage = "-m MODEL [--from POS] [--to POS] [options] [KPI.csv|-]",
    .summary = "Scores every point of a KPI (default: standard input) with a trained model.",
    .examples = "  donut score -m kpi.donut kpi.csv > scores.csv\n"
                "  donut score -m kpi.donut --from 70% --risk 1e-3 -o scores.csv kpi.csv\n"
                "  cat kpi.csv | donut score -m kpi.donut | donut evaluate\n",
    .notes = "Columns: timestamp,value,score,anomaly,expected,lower,upper,status and, when\n"
             "the KPI has labels, label; one row per grid point. A score is a negative log\n"
             "density in nats, higher is stranger: most normal points score below 2, many\n"
             "below 0. Status: ok, missing (no value, no score) or warmup (scored, but the\n"
             "window reaches back before all data, or little of it was observed).\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

struct totals {
    size_t points, missing, warmup, anomalies, warmup_anomalies;
};

/* Places after the point that resolve a millionth of the KPI's standard deviation: more digits of
 * what the model expects would be noise, and a float's would be too few far from 0. */
static int decimals(double std)
{
    return 6 - (int)ceil(log10(std));
}

static void put_row(struct donut_text *text, const struct donut_series *series, size_t i,
                    const struct donut_score_row *row, int places)
{
    static const char *const names[] = {
        [DONUT_ROW_OK] = "ok", [DONUT_ROW_MISSING] = "missing", [DONUT_ROW_WARMUP] = "warmup"};
    char time[DONUT_TIME_SIZE];
    donut_text_put(text, time, donut_series_format_time(series, i, time));
    donut_text_put(text, ",", 1);
    donut_text_double(text, series->value[i]);
    donut_text_put(text, ",", 1);
    donut_text_float(text, row->score);
    donut_text_put(text, row->anomaly ? ",1," : ",0,", 3);
    donut_text_rounded(text, row->expected, places);
    donut_text_put(text, ",", 1);
    donut_text_rounded(text, row->lower, places);
    donut_text_put(text, ",", 1);
    donut_text_rounded(text, row->upper, places);
    donut_text_put(text, ",", 1);
    donut_text_put(text, names[row->status], strlen(names[row->status]));
    if (series->label)
        donut_text_put(text, series->label[i] ? ",1" : ",0", 2);
    donut_text_put(text, "\n", 1);
}

static void count_row(struct totals *totals, const struct donut_score_row *row)
{
    totals->points++;
    totals->missing += row->status == DONUT_ROW_MISSING;
    totals->warmup += row->status == DONUT_ROW_WARMUP;
    totals->anomalies += row->anomaly;
    totals->warmup_anomalies += row->anomaly && row->status == DONUT_ROW_WARMUP;
}

struct job {
    const char *input;
    const struct score_arguments *arguments;
    struct donut_model *model;
    struct donut_series *series;
    struct donut_kpi_range range;
    struct donut_meter meter;
    struct donut_output output;
    struct totals totals;
    int places; /* after the point, of what the model expects */
};

static bool on_progress(void *context, const struct donut_progress *progress)
{
    donut_meter_show(context, progress);
    return false;
}

static enum donut_status open_model(const char *path, bool quiet, struct donut_model **model,
                                    struct donut_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    if (!donut_is_dash(path))
        return donut_model_load(path, model, err);
    enum donut_status status = donut_input_read(path, quiet, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_model_decode((const unsigned char *)bytes, size, model, err);
    free(bytes);
    return status;
}

/* Scores points [begin, end) and hands the rows to the output. Returns the exit status. */
static int score_block(struct job *job, size_t begin, size_t end, struct donut_score_row *rows)
{
    struct donut_score_options opt = job->arguments->score;
    struct donut_error err = {0};
    opt.progress = on_progress;
    opt.progress_context = &job->meter;
    job->meter.before = begin - job->range.from;
    if (donut_score(job->model, job->series, begin, end, &opt, rows, &err) != DONUT_OK) {
        donut_meter_erase(&job->meter);
        return donut_complain(err.status == DONUT_EINPUT ? donut_input_name(job->input) : NULL,
                              &err);
    }
    for (size_t i = begin; i < end; i++) {
        put_row(&job->output.text, job->series, i, &rows[i - begin], job->places);
        count_row(&job->totals, &rows[i - begin]);
    }
    if (donut_output_flush(&job->output, &err) == DONUT_OK)
        return 0;
    donut_meter_erase(&job->meter);
    return donut_complain(donut_output_name(job->output.path), &err);
}

static int score_range(struct job *job)
{
    static const char header[] = "timestamp,value,score,anomaly,expected,lower,upper,status";
    struct donut_error err = {0};
    struct donut_score_row *rows = malloc(LARGEST_BLOCK * sizeof *rows);
    if (!rows) {
        donut_fail_memory(&err);
        return donut_complain(NULL, &err);
    }
    donut_text_print(&job->output.text, "%s%s\n", header, job->series->label ? ",label" : "");
    int exit_status = 0;
    size_t size = FIRST_BLOCK;
    for (size_t begin = job->range.from; begin < job->range.to && exit_status == 0;) {
        const size_t left = job->range.to - begin, end = begin + (size < left ? size : left);
        exit_status = score_block(job, begin, end, rows);
        begin = end;
        size = size < LARGEST_BLOCK ? 2 * size : LARGEST_BLOCK;
    }
    free(rows);
    donut_meter_erase(&job->meter);
    /* A signal now would leave a half-written file beside the old one. */
    if (donut_output_is_file(job->output.path))
        donut_signals_count();
    if (exit_status == 0 && donut_output_end(&job->output, &err) != DONUT_OK)
        exit_status = donut_complain(donut_output_name(job->output.path), &err);
    return exit_status;
}

static void summarise(const struct job *job)
{
    const struct donut_score_options *opt = &job->arguments->score;
    struct donut_model_info info;
    donut_model_get_info(job->model, &info);
    double threshold = isnan(opt->threshold) ? info.threshold : opt->threshold;
    if (opt->risk > 0)
        donut_model_threshold(job->model, opt->risk, &threshold, NULL);
    const struct totals *totals = &job->totals;
    struct donut_text text = {0};
    donut_text_print(&text, "%s: %zu of %zu point%s scored", donut_input_name(job->input),
                     totals->points - totals->missing, totals->points,
                     donut_plural(totals->points));
    if (totals->warmup > 0)
        donut_text_print(&text, ", %zu of them in warm-up", totals->warmup);
    donut_text_print(&text, "; %zu anomal%s above the threshold %.6g", totals->anomalies,
                     totals->anomalies == 1 ? "y" : "ies", threshold);
    if (totals->warmup_anomalies > 0)
        donut_text_print(&text, ", %zu of them in warm-up", totals->warmup_anomalies);
    donut_say_text(&text);
}

/* Reads the KPI, scores it and says what there was. Returns the exit status. */
static int run(struct job *job)
{
    const struct score_arguments *arguments = job->arguments;
    struct donut_csv_options csv = arguments->csv;
    struct donut_model_info info;
    struct donut_talk talk = arguments->talk;
    int exit_status = 0;
    donut_model_get_info(job->model, &info);
    csv.expected_interval_ms = info.interval_ms;
    job->places = decimals(info.std);
    job->series = donut_kpi_open(job->input, talk.quiet, &csv, &exit_status);
    if (!job->series)
        return exit_status;
    if (!talk.quiet)
        donut_kpi_describe(job->input, job->series);
    if (!donut_kpi_range(job->input, job->series, arguments->from, arguments->to, &job->range,
                         &exit_status))
        return exit_status;
    /* Rows and the progress line would get in each other's way. */
    if (donut_is_dash(arguments->output) && isatty(STDOUT_FILENO))
        talk.no_progress = true;
    donut_meter_begin(&job->meter, &talk);
    job->meter.total = job->range.to - job->range.from;
    job->output.path = arguments->output;
    exit_status = score_range(job);
    if (exit_status == 0 && !talk.quiet)
        summarise(job);
    return exit_status;
}

/* Whether the command line makes sense before anything is read. */
static int check(const char *input, const struct score_arguments *arguments)
{
    struct donut_error err = {0};
    const char *output = arguments->output;
    if (!arguments->model)
        return donut_misuse(&command, "which model? Give it with -m MODEL");
    if (donut_is_dash(arguments->model) && donut_is_dash(input))
        return donut_misuse(&command, "model and KPI cannot both come from standard input");
    if (!isnan(arguments->score.threshold) && arguments->score.risk > 0)
        return donut_misuse(&command, "--threshold and --risk exclude each other");
    if (donut_same_file(input, output))
        return donut_misuse(&command, "%s is both the KPI and the output",
                            donut_output_name(output));
    if (donut_same_file(arguments->model, output))
        return donut_misuse(&command, "%s is both the model and the output",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return DONUT_GO_ON;
}

int donut_command_score(int argc, char **argv)
{
    const struct score_arguments defaults = {.score = donut_score_defaults(), .sampler = -1};
    struct score_arguments arguments = defaults;
    struct job job = {.arguments = &arguments};
    struct donut_error err = {0};
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &job.input);
    if (exit_status == DONUT_GO_ON)
        exit_status = check(job.input, &arguments);
    if (exit_status == DONUT_GO_ON)
        exit_status =
            donut_speed_settle(&command, arguments.score.kernel, &arguments.score.threads);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (arguments.sampler >= 0)
        arguments.score.sampler = arguments.sampler ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    if (open_model(arguments.model, arguments.talk.quiet, &job.model, &err) != DONUT_OK)
        exit_status = donut_complain(donut_input_name(arguments.model), &err);
    else
        exit_status = run(&job);
    donut_output_free(&job.output);
    donut_series_free(job.series);
    donut_model_free(job.model);
    donut_signals_raise();
    return exit_status;
}
