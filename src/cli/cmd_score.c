#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/scoring.h"
#include "cli/signals.h"
#include "cli/speed.h"

#include <unistd.h>

static bool on_progress(void *context, const struct donut_progress *progress)
{
    donut_meter_show(context, progress);
    return false;
}

/* A model as good as any, for what all of a bundle have in common. */
static enum donut_status any_model(const struct donut_models *models, struct donut_model **read,
                                   const struct donut_model **any, struct donut_error *err)
{
    *read = NULL;
    *any = models->single;
    if (models->single)
        return DONUT_OK;
    const enum donut_status status = donut_bundle_model(models->bundle, 0, read, err);
    *any = *read;
    return status;
}

/* Of a bundle: whether what is asked for is a matter of how its models were trained, which is the
 * same for all. */
static bool concerns_all(const struct donut_score_options *opt, const struct donut_model *any)
{
    struct donut_model_info info;
    donut_model_get_info(any, &info);
    const bool channels =
        opt->verdict_by != DONUT_VERDICT_DEFAULT && opt->verdict_by != DONUT_VERDICT_SCORE;
    const bool kind =
        opt->score_by != DONUT_SCORE_DEFAULT && opt->score_by != info.options.score_by;
    return channels || kind;
}

/* Whether verdicts can be as is asked for, before there is any output. Those of a bundle's other
 * models are looked at when their turn comes, and so is one that cannot be read. */
static enum donut_status check_rule(const struct donut_scoring *scoring, struct donut_error *err)
{
    enum donut_status status = DONUT_OK;
    struct donut_model *read;
    const struct donut_model *any;
    struct donut_rule rule;
    if (any_model(&scoring->models, &read, &any, NULL) != DONUT_OK)
        return DONUT_OK;
    if (scoring->models.single || concerns_all(&scoring->arguments->score, any))
        status = donut_scorer_rule(scoring->scorer, any, &rule, err);
    donut_model_free(read);
    return status;
}

/* Opens the models, and what scores with them. Returns DONUT_GO_ON or the exit status. */
static int open_models(struct donut_scoring *scoring)
{
    const struct donut_score_arguments *arguments = scoring->arguments;
    const char *name = donut_input_name(arguments->model);
    struct donut_score_options opt = arguments->score;
    struct donut_error err = {0};
    if (donut_models_open(arguments->model, arguments->talk.quiet, &scoring->models, &err) !=
        DONUT_OK)
        return donut_complain(name, &err);
    if (scoring->models.single && arguments->csv.key_column)
        return donut_misuse(&donut_score_command,
                            "%s is the model of one KPI; --key takes a bundle, as 'donut train "
                            "--key' writes it",
                            name);
    if (scoring->models.single && arguments->unknown >= 0)
        return donut_misuse(&donut_score_command,
                            "--unknown is for a bundle; %s is the model of one KPI", name);
    scoring->only = scoring->models.single;
    opt.progress = on_progress;
    opt.progress_context = &scoring->meter;
    if (donut_scorer_new(&opt, &scoring->scorer, &err) != DONUT_OK)
        return donut_complain(NULL, &err);
    if (check_rule(scoring, &err) != DONUT_OK)
        return donut_complain(name, &err);
    return DONUT_GO_ON;
}

/* Opens input and output of what may be a stream, either of which may wait for the other side, and
 * holds the signals from then on. Returns DONUT_GO_ON or the exit status. */
static int open_stream(struct donut_scoring *scoring)
{
    struct donut_error err = {0};
    if (!scoring->arguments->talk.quiet && donut_is_dash(scoring->input) && isatty(STDIN_FILENO))
        donut_say("donut: reading from the terminal; end with Ctrl-D");
    if (donut_gather_open(scoring->input, &scoring->gathered, &err) != DONUT_OK)
        return donut_complain(donut_input_name(scoring->input), &err);
    if (donut_output_open(&scoring->printer.output, &err) != DONUT_OK)
        return donut_complain(donut_output_name(scoring->arguments->output), &err);
    donut_signals_hold();
    return DONUT_GO_ON;
}

/* Opens everything and scores. Returns the exit status. */
static int run(struct donut_scoring *scoring)
{
    const enum donut_score_mode mode = donut_score_mode(scoring->input, scoring->arguments);
    struct donut_error err = {0};
    scoring->printer.output.path = scoring->arguments->output;
    int exit_status = mode == DONUT_SCORE_BATCH ? DONUT_GO_ON : open_stream(scoring);
    if (exit_status == DONUT_GO_ON)
        exit_status = open_models(scoring);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (mode == DONUT_SCORE_BATCH)
        return donut_score_batch(scoring);
    if (mode == DONUT_SCORE_EITHER && donut_gather(&scoring->gathered, &err) != DONUT_OK)
        return donut_complain(donut_input_name(scoring->input), &err);
    if (!scoring->gathered.ended)
        return donut_score_follow(scoring);
    donut_signals_release();
    return donut_score_batch(scoring);
}

int donut_command_score(int argc, char **argv)
{
    const struct donut_score_arguments defaults = donut_score_argument_defaults();
    struct donut_score_arguments arguments = defaults;
    struct donut_scoring scoring = {.arguments = &arguments, .gathered = {.fd = -1}};
    int exit_status = donut_options_parse(&donut_score_command, argc, argv, &defaults, &arguments,
                                          &scoring.input);
    if (exit_status == DONUT_GO_ON)
        exit_status = donut_score_check(scoring.input, &arguments);
    if (exit_status == DONUT_GO_ON)
        exit_status = donut_speed_settle(&donut_score_command, arguments.score.kernel,
                                         &arguments.score.threads);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (arguments.sampler >= 0)
        arguments.score.sampler = arguments.sampler ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    if (arguments.score_by >= 0)
        arguments.score.score_by =
            (enum donut_score_kind)(DONUT_SCORE_RECONSTRUCTION + arguments.score_by);
    if (arguments.verdict_by >= 0)
        arguments.score.verdict_by =
            (enum donut_verdict_by)(DONUT_VERDICT_BOTH + arguments.verdict_by);
    if (arguments.format == DONUT_FORMAT_PROMETHEUS)
        arguments.last = true;
    exit_status = run(&scoring);
    donut_printer_free(&scoring.printer);
    donut_text_free(&scoring.unknown);
    donut_scorer_free(scoring.scorer);
    donut_models_close(&scoring.models);
    donut_gathered_free(&scoring.gathered);
    /* Those that ended a stream are still held back: it has ended as it should. */
    donut_signals_raise();
    return exit_status;
}
