#include "cli/commands.h"
#include "cli/io.h"
#include "cli/options.h"
#include "cli/report.h"

#include <float.h>
#include <stdlib.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

struct evaluate_arguments {
    struct donut_evaluate_options evaluate;
    const char *label_column;
    int format;
    bool segments, quiet;
};

#define AT(field) .offset = offsetof(struct evaluate_arguments, field)

static const struct donut_option options[] = {
    {.group = "Judgement",
     .name = "delay",
     .kind = DONUT_OPTION_COUNT,
     AT(evaluate.delay),
     .argument = "N",
     .high = 1000000,
     .help = "points after which an alarm comes too late",
     .details = "That many after the start of a segment an alarm still counts in the delayed "
                "figures."},
    {.name = "threshold",
     .kind = DONUT_OPTION_NUMBER,
     AT(evaluate.threshold),
     .no_default = true,
     .argument = "X",
     .low = -DBL_MAX,
     .help = "judge alarms at scores above X, too"},
    {.group = "Input",
     .name = "label-column",
     .kind = DONUT_OPTION_TEXT,
     AT(label_column),
     .argument = "COLUMN",
     .help = "the column of labels [label or is_anomaly]",
     .details = "Its name, or its number counted from 1."},
    {.group = "Output",
     .name = "format",
     .kind = DONUT_OPTION_CHOICE,
     AT(format),
     .argument = "text|json",
     .help = "for a person or for a program"},
    {.name = "segments",
     .kind = DONUT_OPTION_FLAG,
     AT(segments),
     .help = "list every segment, not just the first 20",
     .details = "JSON always does."},
    {.name = "quiet",
     .letter = 'q',
     .kind = DONUT_OPTION_FLAG,
     AT(quiet),
     .help = "say nothing but errors"},
    DONUT_HELP_OPTION,
};

static const struct donut_command command = {
    .name = "evaluate",
    .usage = "[options] [SCORES.csv|-]",
    .summary = "Compares the scores of 'donut score' (default: standard input) with labels.",
    .examples = "  donut evaluate scores.csv\n"
                "  donut score -m kpi.donut --from 70% kpi.csv | donut evaluate\n"
                "  donut evaluate --format json --threshold 12.5 scores.csv\n",
    .notes = "The file needs the columns score and label; timestamp, anomaly (the verdict)\n"
             "and status are used when they are there. Rows without a score, missing ones\n"
             "and those of the warm-up are left out.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

static int report(const char *input, const struct donut_scored *scored,
                  const struct evaluate_arguments *arguments)
{
    struct donut_evaluation evaluation;
    struct donut_error err = {0};
    struct donut_output output = {0};
    if (donut_evaluate(scored, &arguments->evaluate, &evaluation, &err) != DONUT_OK)
        return donut_complain(donut_input_name(input), &err);
    if (arguments->format == FORMAT_JSON)
        donut_report_json(&output.text, scored, &evaluation);
    else
        donut_report_text(&output.text, donut_input_name(input), scored, &evaluation,
                          arguments->segments);
    int exit_status = 0;
    if (donut_output_end(&output, &err) != DONUT_OK)
        exit_status = donut_complain(donut_output_name(NULL), &err);
    donut_text_free(&output.text);
    donut_evaluation_free(&evaluation);
    return exit_status;
}

int donut_command_evaluate(int argc, char **argv)
{
    const struct evaluate_arguments defaults = {.evaluate = donut_evaluate_defaults()};
    struct evaluate_arguments arguments = defaults;
    const char *input;
    struct donut_error err = {0};
    struct donut_scored *scored = NULL;
    char *bytes = NULL;
    size_t size = 0;
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &input);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (donut_input_read(input, arguments.quiet, &bytes, &size, &err) != DONUT_OK ||
        donut_scored_read_csv(bytes, size, arguments.label_column, &scored, &err) != DONUT_OK)
        exit_status = donut_complain(donut_input_name(input), &err);
    else
        exit_status = report(input, scored, &arguments);
    donut_scored_free(scored);
    free(bytes);
    return exit_status;
}
