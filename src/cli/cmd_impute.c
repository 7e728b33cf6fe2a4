#include "cli/commands.h"
#include "cli/kpi.h"
#include "cli/latent.h"
#include "cli/signals.h"
#include "data/timestamp.h"
#include "donut.h"

#include <string.h>

enum trace { TRACE_POINTS, TRACE_LATENT };

struct impute_arguments {
    struct donut_latent_arguments latent;
    struct donut_trace_options impute;
    struct donut_csv_options csv;
    const char *to;
    int trace;
};

#define AT(field) .offset = offsetof(struct impute_arguments, field)

static const struct donut_option options[] = {
    DONUT_LATENT_FILE_OPTIONS(struct impute_arguments, latent),
    {.group = "Window; POS is " DONUT_POSITION_WORDS,
     .name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "it ends before here [end]"},
    {.name = "hide",
     .kind = DONUT_OPTION_NUMBER,
     AT(impute.hide),
     .argument = "X",
     .high = 1,
     .help = "share of its points to hide at random first",
     .details = "Of those that are not missing. Of one seed, a larger share hides the same points "
                "and more."},
    {.group = "Imputation",
     .name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(impute.mcmc_iterations),
     .no_default = true,
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points [the model's]"},
    {.name = "seed",
     .kind = DONUT_OPTION_SEED,
     AT(impute.seed),
     .argument = "N",
     .help = "of what is hidden and of the chain",
     .details = "0: the chain that a score has."},
    {.name = "trace",
     .kind = DONUT_OPTION_CHOICE,
     AT(trace),
     .argument = "points|latent",
     .help = "what to show of each iteration",
     .details = "The window's points, or z."},
    DONUT_VALUE_COLUMN_OPTIONS(struct impute_arguments, csv),
    DONUT_LATENT_OTHER_OPTIONS(struct impute_arguments, latent),
};

static const struct donut_command command = {
    .name = "impute",
    .usage = "-m MODEL [options] [KPI.csv|-]",
    .summary = "Shows, step by step, how the missing points of one window of a KPI (default:\n"
               "standard input) are imputed, as for a score.",
    .examples = "  donut impute -m kpi.donut --to 2025-01-31T12:00:00 kpi.csv > steps.csv\n"
                "  donut impute -m kpi.donut --hide 0.15 --mcmc-iterations 50 kpi.csv\n"
                "  donut impute -m kpi.donut --hide 0.15 --trace latent kpi.csv\n",
    .notes = "Columns: iteration, from 0, which is before the first one, to M; timestamp;\n"
             "status (observed, missing or hidden); value, the KPI's; filled, what the window\n"
             "holds. With --trace latent: iteration, from 1; mu_1 to mu_K and sd_1 to sd_K of\n"
             "q(z|x) before it; z_1 to z_K, what it draws. The last row, M+1, is of the\n"
             "imputed window.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* What the callback writes with. */
struct writer {
    struct donut_latent_run *run;
    const struct donut_series *series;
    enum trace trace;
    size_t missing, hidden; /* points of the window */
};

static void put_points(struct writer *writer, const struct donut_trace_step *step)
{
    static const char *const names[] = {[DONUT_POINT_OBSERVED] = ",observed,",
                                        [DONUT_POINT_MISSING] = ",missing,",
                                        [DONUT_POINT_HIDDEN] = ",hidden,"};
    const size_t window = writer->run->info.options.window;
    struct donut_text *text = &writer->run->output.text;
    for (size_t w = 0; w < window; w++) {
        const struct donut_traced_point *point = &step->point[w];
        char time[DONUT_TIME_SIZE];
        donut_text_print(text, "%zu,", step->iteration);
        donut_text_put(text, time,
                       donut_time_write(&writer->series->time_format, point->time_ms,
                                        point->offset_minutes, time));
        donut_text_put(text, names[point->status], strlen(names[point->status]));
        donut_text_double(text, point->value);
        donut_text_put(text, ",", 1);
        donut_text_rounded(text, step->filled[w], writer->run->places);
        donut_text_put(text, "\n", 1);
    }
}

static void put_latent(struct writer *writer, const struct donut_trace_step *step)
{
    const size_t latent = writer->run->info.options.latent;
    struct donut_text *text = &writer->run->output.text;
    donut_text_print(text, "%zu", step->iteration + 1);
    donut_latent_put(text, step->mu, latent);
    donut_latent_put(text, step->sd, latent);
    donut_latent_put(text, step->z, latent);
    donut_text_put(text, "\n", 1);
}

static void count(struct writer *writer, const struct donut_trace_step *step)
{
    for (size_t w = 0; w < writer->run->info.options.window; w++) {
        writer->missing += step->point[w].status == DONUT_POINT_MISSING;
        writer->hidden += step->point[w].status == DONUT_POINT_HIDDEN;
    }
}

static bool put_step(void *context, const struct donut_trace_step *step)
{
    struct writer *writer = context;
    if (step->iteration == 0)
        count(writer, step);
    if (writer->trace == TRACE_POINTS)
        put_points(writer, step);
    else
        put_latent(writer, step);
    return !donut_latent_flush(writer->run);
}

static void put_header(struct donut_latent_run *run, enum trace trace)
{
    const size_t latent = run->info.options.latent;
    struct donut_text *text = &run->output.text;
    donut_text_print(text, trace == TRACE_POINTS ? "iteration,timestamp,status,value,filled"
                                                 : "iteration");
    for (size_t i = 0; trace == TRACE_LATENT && i < 3; i++)
        donut_latent_put_names(text, (const char *const[]){"mu", "sd", "z"}[i], latent);
    donut_text_put(text, "\n", 1);
}

static void summarise(const struct writer *writer)
{
    donut_say("%zu of the window's %zu points missing, %zu hidden", writer->missing,
              writer->run->info.options.window, writer->hidden);
}

static int impute_before(struct writer *writer, const struct impute_arguments *arguments, size_t to)
{
    struct donut_latent_run *run = writer->run;
    struct donut_error err = {0};
    put_header(run, writer->trace);
    const enum donut_status status = donut_trace_imputation(
        run->model, writer->series, to - 1, &arguments->impute, put_step, writer, &err);
    const int exit_status = donut_latent_end(run, status, &err);
    if (exit_status == 0 && !arguments->latent.quiet)
        summarise(writer);
    return exit_status;
}

static int impute(struct donut_latent_run *run, const struct impute_arguments *arguments)
{
    struct donut_kpi_range range;
    struct donut_series *series = donut_latent_series(run, &arguments->csv);
    struct writer writer = {.run = run, .series = series, .trace = (enum trace)arguments->trace};
    if (!series)
        return run->exit_status;
    if (donut_kpi_range(run->input, series, NULL, arguments->to, &range, &run->exit_status))
        run->exit_status = range.to > 0
                               ? impute_before(&writer, arguments, range.to)
                               : donut_kpi_empty_range(run->input, series, NULL, arguments->to);
    donut_series_free(series);
    return run->exit_status;
}

int donut_command_impute(int argc, char **argv)
{
    const struct impute_arguments defaults = {.impute = donut_trace_defaults(),
                                              .csv = {.ignore_labels = true}};
    struct impute_arguments arguments = defaults;
    struct donut_latent_run run = {.command = &command, .arguments = &arguments.latent};
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &run.input);
    if (exit_status != DONUT_GO_ON || !donut_kpi_check_positions(NULL, arguments.to, &exit_status))
        return exit_status;
    arguments.impute.kernel = arguments.latent.kernel;
    exit_status = donut_latent_open(&run);
    if (exit_status == DONUT_GO_ON)
        exit_status = impute(&run, &arguments);
    donut_latent_free(&run);
    donut_signals_raise();
    return exit_status;
}
