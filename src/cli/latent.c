#include "cli/latent.h"

#include "cli/kpi.h"
#include "cli/models.h"
#include "cli/printer.h"
#include "cli/signals.h"

#define MANY 65536 /* bytes that are handed on at once */

static int check(const struct donut_latent_run *run)
{
    const char *model = run->arguments->model, *output = run->arguments->output;
    struct donut_error err = {0};
    size_t threads = 1;
    if (!model)
        return donut_misuse(run->command, "which model? Give it with -m MODEL");
    if (donut_is_dash(model) && donut_is_dash(run->input))
        return donut_misuse(run->command, "model and input cannot both come from standard input");
    if (donut_same_file(run->input, output))
        return donut_misuse(run->command, "%s is both the input and the output",
                            donut_output_name(output));
    if (donut_same_file(model, output))
        return donut_misuse(run->command, "%s is both the model and the output",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return donut_speed_settle(run->command, run->arguments->kernel, &threads);
}

int donut_latent_open(struct donut_latent_run *run)
{
    const char *path = run->arguments->model;
    struct donut_models models;
    struct donut_error err = {0};
    const int exit_status = check(run);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (donut_models_open(path, run->arguments->quiet, &models, &err) != DONUT_OK)
        return donut_complain(donut_input_name(path), &err);
    if (!models.single) {
        donut_models_close(&models);
        return donut_misuse(run->command,
                            "%s is a bundle of many KPIs' models; donut %s takes the model of one, "
                            "as 'donut train' without --key writes it",
                            donut_input_name(path), run->command->name);
    }
    run->model = models.single;
    run->output.path = run->arguments->output;
    donut_model_get_info(run->model, &run->info);
    run->places = donut_value_places(run->info.std);
    return DONUT_GO_ON;
}

void donut_latent_free(struct donut_latent_run *run)
{
    donut_model_free(run->model);
    donut_output_free(&run->output);
}

struct donut_series *donut_latent_series(struct donut_latent_run *run,
                                         const struct donut_csv_options *csv)
{
    struct donut_csv_options options = *csv;
    options.expected_interval_ms = run->info.interval_ms;
    struct donut_series *series =
        donut_kpi_open(run->input, run->arguments->quiet, &options, &run->exit_status);
    if (series && !run->arguments->quiet)
        donut_kpi_describe(run->input, series);
    return series;
}

static bool complain_of_output(struct donut_latent_run *run, const struct donut_error *err)
{
    run->exit_status = donut_complain(donut_output_name(run->output.path), err);
    return false;
}

bool donut_latent_flush(struct donut_latent_run *run)
{
    struct donut_error err = {0};
    if (run->output.text.size < MANY && !run->output.text.failed)
        return true;
    return donut_output_flush(&run->output, &err) == DONUT_OK || complain_of_output(run, &err);
}

int donut_latent_end(struct donut_latent_run *run, enum donut_status status,
                     const struct donut_error *err)
{
    struct donut_error failure = {0};
    if (status == DONUT_ECANCELLED)
        return run->exit_status;
    if (status != DONUT_OK)
        return donut_complain(status == DONUT_EINPUT ? donut_input_name(run->input) : NULL, err);
    /* A signal now would leave a half-written file beside the old one. */
    if (donut_output_is_file(run->output.path))
        donut_signals_count();
    if (donut_output_end(&run->output, &failure) != DONUT_OK)
        complain_of_output(run, &failure);
    return run->exit_status;
}

void donut_latent_put_names(struct donut_text *text, const char *name, size_t n)
{
    for (size_t i = 1; i <= n; i++)
        donut_text_print(text, ",%s_%zu", name, i);
}

void donut_latent_put(struct donut_text *text, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        donut_text_put(text, ",", 1);
        donut_text_float(text, x[i]);
    }
}
