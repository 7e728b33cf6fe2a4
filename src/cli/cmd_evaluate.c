#include "cli/commands.h"
#include "cli/io.h"
#include "cli/options.h"
#include "cli/report.h"

#include <float.h>
#include <stdlib.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

struct evaluate_arguments {
    struct donut_evaluate_options evaluate;
    struct donut_scored_options scored;
    int by; /* as the choice of the table stands; -1: not said */
    int format;
    bool segments, all, quiet;
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
    {.name = "join-gaps",
     .kind = DONUT_OPTION_FLAG,
     AT(evaluate.join_gaps),
     .help = "segments go on across missing and warm-up points",
     .details = "Without it such a point ends a segment, as in the AIOps challenge of 2018."},
    {.name = "threshold",
     .kind = DONUT_OPTION_NUMBER,
     AT(evaluate.threshold),
     .no_default = true,
     .argument = "X",
     .low = -DBL_MAX,
     .help = "judge alarms above X, too",
     .details = "X is a score, or a surprise where points are ranked by that."},
    {.name = "by",
     .kind = DONUT_OPTION_CHOICE,
     AT(by),
     .no_default = true,
     .argument = "score|surprise",
     .help = "what points are ranked by [surprise, if all have one]",
     .details = "The best F and AUC are those of its thresholds. A surprise above 300, or an "
                "infinite one, counts as 300."},
    {.group = "Input",
     .name = "score-column",
     .kind = DONUT_OPTION_TEXT,
     AT(scored.score_column),
     .argument = "COLUMN",
     .help = "the column of scores [score or anomaly_score]",
     .details = "Its name, or its number counted from 1. Points are then ranked by it, whether or "
                "not there is a surprise."},
    {.name = "label-column",
     .kind = DONUT_OPTION_TEXT,
     AT(scored.label_column),
     .argument = "COLUMN",
     .help = "the column of labels [label or is_anomaly]",
     .details = "Its name, or its number counted from 1."},
    {.name = "key",
     .kind = DONUT_OPTION_TEXT,
     AT(scored.key_column),
     .argument = "COLUMN",
     .help = "the column that says whose a row is",
     .details =
         "Its name, or its number counted from 1, in the scores of a fleet. Each KPI is then "
         "judged by itself, and all together."},
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
     .details = "JSON always does. Not with --key."},
    {.name = "all",
     .kind = DONUT_OPTION_FLAG,
     AT(all),
     .help = "with --key: list every KPI, not just the first 20",
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
                "  donut evaluate --format json --by score --threshold 12.5 scores.csv\n"
                "  donut evaluate --key 'KPI ID' fleet-scores.csv\n",
    .notes = "The file needs the columns score and label; surprise, timestamp, anomaly (the\n"
             "verdict) and status are used when they are there. Rows without a score,\n"
             "missing ones and those of the warm-up are left out and end a segment.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* Writes the output if it could be made, and says what is wrong. Returns the exit status. */
static int finish(const char *input, struct donut_output *output, enum donut_status status,
                  struct donut_error *err)
{
    int exit_status = 0;
    if (status != DONUT_OK)
        exit_status = donut_complain(donut_input_name(input), err);
    else if (donut_output_end(output, err) != DONUT_OK)
        exit_status = donut_complain(donut_output_name(NULL), err);
    donut_text_free(&output->text);
    return exit_status;
}

static int report(const char *input, const struct donut_scored *scored,
                  const struct evaluate_arguments *arguments)
{
    struct donut_evaluation evaluation;
    struct donut_error err = {0};
    struct donut_output output = {0};
    const enum donut_status status =
        donut_evaluate(scored, &arguments->evaluate, &evaluation, &err);
    if (status == DONUT_OK && arguments->format == FORMAT_JSON)
        donut_report_json(&output.text, scored, &evaluation);
    else if (status == DONUT_OK)
        donut_report_text(&output.text, donut_input_name(input), scored, &evaluation,
                          arguments->segments);
    donut_evaluation_free(&evaluation);
    return finish(input, &output, status, &err);
}

static int report_fleet(const char *input, const struct donut_scored_fleet *fleet,
                        const struct evaluate_arguments *arguments)
{
    struct donut_error err = {0};
    struct donut_output output = {0};
    const enum donut_status status =
        arguments->format == FORMAT_JSON
            ? donut_report_fleet_json(&output.text, fleet, &arguments->evaluate, &err)
            : donut_report_fleet_text(&output.text, donut_input_name(input), fleet,
                                      &arguments->evaluate, arguments->all, &err);
    return finish(input, &output, status, &err);
}

static int evaluate(const char *input, const char *bytes, size_t size,
                    const struct evaluate_arguments *arguments)
{
    const struct donut_scored_options *opt = &arguments->scored;
    const char *key = opt->key_column;
    struct donut_scored_fleet *fleet = NULL;
    struct donut_scored *scored = NULL;
    struct donut_error err = {0};
    const enum donut_status status =
        key ? donut_scored_fleet_read_csv(bytes, size, opt, &fleet, &err)
            : donut_scored_read_csv(bytes, size, opt, &scored, &err);
    const int exit_status = status != DONUT_OK ? donut_complain(donut_input_name(input), &err)
                            : key              ? report_fleet(input, fleet, arguments)
                                               : report(input, scored, arguments);
    donut_scored_fleet_free(fleet);
    donut_scored_free(scored);
    return exit_status;
}

int donut_command_evaluate(int argc, char **argv)
{
    const struct evaluate_arguments defaults = {.evaluate = donut_evaluate_defaults(), .by = -1};
    struct evaluate_arguments arguments = defaults;
    const char *input;
    struct donut_error err = {0};
    char *bytes = NULL;
    size_t size = 0;
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &input);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    arguments.scored.by = arguments.by < 0    ? DONUT_RANK_DEFAULT
                          : arguments.by == 0 ? DONUT_RANK_SCORE
                                              : DONUT_RANK_SURPRISE;
    if (arguments.scored.score_column && arguments.scored.by == DONUT_RANK_SURPRISE)
        return donut_misuse(&command, "--score-column names what --by surprise does not look at");
    if (arguments.segments && arguments.scored.key_column)
        return donut_misuse(&command,
                            "--segments lists those of one KPI; with --key, --format json "
                            "lists those of each");
    if (arguments.all && !arguments.scored.key_column)
        return donut_misuse(&command, "--all lists the KPIs of a fleet: give --key COLUMN");
    if (donut_input_read(input, arguments.quiet, &bytes, &size, &err) != DONUT_OK)
        exit_status = donut_complain(donut_input_name(input), &err);
    else
        exit_status = evaluate(input, bytes, size, &arguments);
    free(bytes);
    return exit_status;
}
