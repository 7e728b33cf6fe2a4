#include "cli/commands.h"
#include "cli/kpi.h"
#include "cli/latent.h"
#include "cli/signals.h"
#include "donut.h"

struct encode_arguments {
    struct donut_latent_arguments latent;
    struct donut_encode_options encode;
    struct donut_csv_options csv;
    const char *from, *to;
};

#define AT(field) .offset = offsetof(struct encode_arguments, field)

static const struct donut_option options[] = {
    DONUT_LATENT_FILE_OPTIONS(struct encode_arguments, latent),
    {.group = "Windows; POS is " DONUT_POSITION_WORDS,
     .name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "the first window ends here [start]",
     .details = "Windows look back to what lies before."},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "the last one ends before here [end]"},
    {.name = "every",
     .kind = DONUT_OPTION_COUNT,
     AT(encode.every),
     .argument = "N",
     .low = 1,
     .high = 1000000000,
     .help = "points from one window to the next"},
    {.group = "Draws",
     .name = "draws",
     .kind = DONUT_OPTION_COUNT,
     AT(encode.draws),
     .argument = "S",
     .high = 1000000,
     .help = "values of z for each window",
     .details = "0: no z, and one row for each window."},
    {.name = "seed",
     .kind = DONUT_OPTION_SEED,
     AT(encode.seed),
     .argument = "N",
     .help = "of these draws",
     .details = "A draw depends on it and on the time of its window, not on the range."},
    {.name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(encode.mcmc_iterations),
     .no_default = true,
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points [the model's]"},
    DONUT_COLUMN_OPTIONS(struct encode_arguments, csv),
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(csv.ignore_labels),
     .help = "do not even read the labels"},
    DONUT_LATENT_OTHER_OPTIONS(struct encode_arguments, latent),
};

static const struct donut_command command = {
    .name = "encode",
    .usage = "-m MODEL [options] [KPI.csv|-]",
    .summary = "Shows q(z|x) of a KPI's windows (default: standard input), and draws of it.",
    .examples = "  donut encode -m kpi.donut kpi.csv > z.csv\n"
                "  donut encode -m kpi.donut --from 70% --every 10 --draws 0 kpi.csv\n",
    .notes = "Columns: timestamp of the window's last point, abnormal (how many of its points\n"
             "are missing, labelled or before all data), draw, mu_1 to mu_K and sd_1 to sd_K\n"
             "of q(z|x), z_1 to z_K. Missing points are imputed first, as for a score.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* What the callback writes with. */
struct writer {
    struct donut_latent_run *run;
    const struct donut_series *series;
    size_t windows, abnormal; /* so far; those with abnormal points */
};

static void put_header(struct donut_latent_run *run, bool drawn)
{
    const size_t latent = run->info.options.latent;
    struct donut_text *text = &run->output.text;
    donut_text_print(text, "timestamp,abnormal%s", drawn ? ",draw" : "");
    donut_latent_put_names(text, "mu", latent);
    donut_latent_put_names(text, "sd", latent);
    if (drawn)
        donut_latent_put_names(text, "z", latent);
    donut_text_put(text, "\n", 1);
}

static bool put_row(void *context, const struct donut_encoding *encoding)
{
    struct writer *writer = context;
    const size_t latent = writer->run->info.options.latent;
    struct donut_text *text = &writer->run->output.text;
    char time[DONUT_TIME_SIZE];
    donut_text_put(text, time, donut_series_format_time(writer->series, encoding->point, time));
    donut_text_print(text, ",%zu", encoding->abnormal);
    if (encoding->z)
        donut_text_print(text, ",%zu", encoding->draw);
    donut_latent_put(text, encoding->mu, latent);
    donut_latent_put(text, encoding->sd, latent);
    if (encoding->z)
        donut_latent_put(text, encoding->z, latent);
    donut_text_put(text, "\n", 1);
    if (encoding->draw <= 1) {
        writer->windows++;
        writer->abnormal += encoding->abnormal > 0;
    }
    return !donut_latent_flush(writer->run);
}

static int encode(struct donut_latent_run *run, const struct encode_arguments *arguments)
{
    struct donut_error err = {0};
    struct donut_kpi_range range;
    struct donut_series *series = donut_latent_series(run, &arguments->csv);
    struct writer writer = {.run = run, .series = series};
    if (!series)
        return run->exit_status;
    if (donut_kpi_range(run->input, series, arguments->from, arguments->to, &range,
                        &run->exit_status)) {
        put_header(run, arguments->encode.draws > 0);
        const enum donut_status status = donut_encode(run->model, series, range.from, range.to,
                                                      &arguments->encode, put_row, &writer, &err);
        run->exit_status = donut_latent_end(run, status, &err);
    }
    if (run->exit_status == 0 && !arguments->latent.quiet)
        donut_say("%zu window%s, %zu of them with abnormal points", writer.windows,
                  donut_plural(writer.windows), writer.abnormal);
    donut_series_free(series);
    return run->exit_status;
}

int donut_command_encode(int argc, char **argv)
{
    const struct encode_arguments defaults = {.encode = donut_encode_defaults()};
    struct encode_arguments arguments = defaults;
    struct donut_latent_run run = {.command = &command, .arguments = &arguments.latent};
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &run.input);
    if (exit_status != DONUT_GO_ON ||
        !donut_kpi_check_positions(arguments.from, arguments.to, &exit_status))
        return exit_status;
    arguments.encode.kernel = arguments.latent.kernel;
    exit_status = donut_latent_open(&run);
    if (exit_status == DONUT_GO_ON)
        exit_status = encode(&run, &arguments);
    donut_latent_free(&run);
    donut_signals_raise();
    return exit_status;
}
