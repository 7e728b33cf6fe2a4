#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/info.h"
#include "cli/io.h"
#include "cli/options.h"
#include "donut.h"
#include "model/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct info_arguments {
    struct donut_csv_options csv;
    const char *from, *to;
    int format; /* of the choices, 1 = JSON */
    bool all, quiet;
};

#define AT(field) .offset = offsetof(struct info_arguments, field)

static const struct donut_option options[] = {
    {.group = "Output",
     .name = "format",
     .kind = DONUT_OPTION_CHOICE,
     AT(format),
     .argument = "text|json",
     .help = "for a person or for a program",
     .details = "`json` is one object, whose members are listed under EXAMINING."},
    {.name = "all",
     .kind = DONUT_OPTION_FLAG,
     AT(all),
     .help = "list every model or KPI, not just the first 20",
     .details = "JSON always does."},
    {.name = "quiet",
     .letter = 'q',
     .kind = DONUT_OPTION_FLAG,
     AT(quiet),
     .help = "say nothing but errors"},
    DONUT_HELP_OPTION,
    DONUT_COLUMN_OPTIONS(struct info_arguments, csv),
    {.name = "key",
     .kind = DONUT_OPTION_TEXT,
     AT(csv.key_column),
     .argument = "COLUMN",
     .help = "the column that says whose a row is",
     .details = "Its name, or its number counted from 1, in a file with many KPIs."},
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(csv.ignore_labels),
     .help = "do not even read the labels",
     .details = "Labelled points then count as normal, as in `train` with --ignore-labels."},
    {.name = "interval",
     .kind = DONUT_OPTION_INTERVAL,
     AT(csv.interval_ms),
     .argument = "TIME",
     .help = "distance of points, like 60s, 5m [the most common]",
     .details = "A whole number with `ms`, `s`, `m`, `h` or `d`; seconds without a unit. It is the "
                "one that `train` would be given."},
    {.name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "look at what begins here, as train does [start]",
     .details = "With --key it is one of each KPI's own points."},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "look at what ends before here [end]"},
};

static const struct donut_command command = {
    .name = "info",
    .usage = "[--format text|json] [options] MODEL|BUNDLE|KPI.csv|-",
    .summary = "Tells what is in a model or bundle and checks the file, or whether a KPI is fit\n"
               "to be learnt: its interval, gaps, season and what 'donut train' would do.",
    .examples = "  donut info kpi.donut\n"
                "  donut info kpi.csv\n"
                "  donut info --key 'KPI ID' fleet.csv\n"
                "  donut info --format json kpi.donut | jq .normal.risks\n",
    .notes = "What the file is, its first bytes tell; the options on input are for a CSV. A\n"
             "damaged model or bundle is an error, whatever is found in a CSV is not.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* The first option that was given though it says something of a CSV alone; NULL = none. */
static const char *csv_option(const struct donut_info *info)
{
    const struct donut_csv_options *csv = &info->csv;
    return csv->timestamp_column ? "--timestamp-column"
           : csv->value_column   ? "--value-column"
           : csv->label_column   ? "--label-column"
           : csv->key_column     ? "--key"
           : csv->ignore_labels  ? "--ignore-labels"
           : csv->interval_ms    ? "--interval"
           : info->from          ? "--from"
           : info->to            ? "--to"
                                 : NULL;
}

static int describe(const struct donut_info *info, const char *bundle, struct donut_text *text)
{
    const bool is_model = donut_model_is(info->bytes, info->size);
    const bool is_bundle = donut_bundle_is(info->bytes, info->size);
    const char *option = csv_option(info);
    if ((is_model || is_bundle) && option)
        return donut_misuse(&command, "%s is a %s; %s is for a CSV", donut_input_name(info->path),
                            is_model ? "model" : "bundle", option);
    if (is_model)
        return donut_info_model(info, text);
    if (is_bundle)
        return donut_info_bundle(info, bundle, text);
    return info->csv.key_column ? donut_info_fleet(info, text) : donut_info_kpi(info, text);
}

static int report(const struct donut_info *info, const char *bundle)
{
    struct donut_output output = {0};
    struct donut_error err = {0};
    const int exit_status = describe(info, bundle, &output.text);
    const bool empty = output.text.size == 0 && !output.text.failed;
    if (!empty && donut_output_end(&output, &err) != DONUT_OK) {
        donut_text_free(&output.text);
        return donut_complain(donut_output_name(NULL), &err);
    }
    donut_text_free(&output.text);
    return exit_status;
}

/* A bundle may be larger than memory: of one that lies in a file, only its beginning is read. */
static enum donut_status read_beginning(const char *path, char **bytes, size_t *size,
                                        struct donut_error *err)
{
    enum { BEGINNING = 16 };
    struct stat st;
    *bytes = calloc(1, BEGINNING);
    if (!*bytes)
        return donut_fail_memory(err);
    FILE *file = fopen(path, "rb");
    const bool good =
        file && (fread(*bytes, 1, BEGINNING, file) > 0 || feof(file)) && stat(path, &st) == 0;
    if (file)
        fclose(file);
    if (!good)
        return donut_fail(err, DONUT_EIO, "cannot read: %s", strerror(errno));
    *size = (size_t)st.st_size;
    return DONUT_OK;
}

int donut_command_info(int argc, char **argv)
{
    const struct info_arguments defaults = {0};
    struct info_arguments arguments = defaults;
    struct donut_info info = {0};
    struct donut_error err = {0};
    char *bytes = NULL;
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &info.path);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (!info.path)
        return donut_misuse(&command, "which file? Give a model, a bundle or a KPI, or - for "
                                      "standard input");
    info.csv = arguments.csv;
    info.from = arguments.from;
    info.to = arguments.to;
    info.json = arguments.format == 1;
    info.all = arguments.all;
    info.quiet = arguments.quiet;
    const char *file = donut_is_dash(info.path) ? "/dev/fd/0" : info.path;
    const char *bundle = donut_bundle_is_file(file) ? file : NULL;
    const enum donut_status status =
        bundle ? read_beginning(bundle, &bytes, &info.size, &err)
               : donut_input_read(info.path, info.quiet, &bytes, &info.size, &err);
    info.bytes = bytes;
    exit_status = status == DONUT_OK ? report(&info, bundle)
                                     : donut_complain(donut_input_name(info.path), &err);
    free(bytes);
    return exit_status;
}
