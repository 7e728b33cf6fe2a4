#include "cli/commands.h"
#include "cli/latent.h"
#include "cli/signals.h"
#include "data/latents.h"
#include "donut.h"

#include <stdlib.h>

#define BLOCK 32 /* rows decoded in one go */

struct decode_arguments {
    struct donut_latent_arguments latent;
};

static const struct donut_option options[] = {
    DONUT_LATENT_FILE_OPTIONS(struct decode_arguments, latent),
    DONUT_LATENT_OTHER_OPTIONS(struct decode_arguments, latent),
};

static const struct donut_command command = {
    .name = "decode",
    .usage = "-m MODEL [options] [Z.csv|-]",
    .summary = "Shows p(x|z) of any z, from a file (default: standard input).",
    .examples = "  donut encode -m kpi.donut kpi.csv | donut decode -m kpi.donut > x.csv\n"
                "  printf 'z_1,z_2\\n0,0\\n0,1\\n' | donut decode -m kpi.donut\n",
    .notes = "The input needs a header with the columns z_1 to z_K, in any order. Others,\n"
             "like those that 'donut encode' writes, are not looked at. The output has the\n"
             "columns row, of the input, counted from 1; point of the window, from -(W-1) to\n"
             "0, the last one; mean and sd of p(x|z) there, in the KPI's units.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* mean, sd (W) of input row number `row` */
static bool put_row(struct donut_latent_run *run, size_t row, const double *mean, const double *sd)
{
    const size_t window = run->info.options.window;
    struct donut_text *text = &run->output.text;
    for (size_t w = 0; w < window; w++) {
        donut_text_print(text, "%zu,%ld,", row, (long)w + 1 - (long)window);
        donut_text_rounded(text, mean[w], run->places);
        donut_text_put(text, ",", 1);
        donut_text_float(text, sd[w]);
        donut_text_put(text, "\n", 1);
    }
    return donut_latent_flush(run);
}

/* DONUT_ECANCELLED: the rows could not be written, which has been said.   room (2, BLOCK, W) */
static enum donut_status decode_rows(struct donut_latent_run *run,
                                     const struct donut_latents *latents, double *room,
                                     struct donut_error *err)
{
    const size_t window = run->info.options.window, latent = run->info.options.latent;
    double *mean = room, *sd = room + BLOCK * window;
    for (size_t first = 0; first < latents->n; first += BLOCK) {
        const size_t n = latents->n - first < BLOCK ? latents->n - first : BLOCK;
        const enum donut_status status = donut_decode(run->model, latents->z + first * latent, n,
                                                      run->arguments->kernel, mean, sd, err);
        if (status != DONUT_OK && err->line > 0)
            err->line = latents->line[first + err->line - 1];
        if (status != DONUT_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            if (!put_row(run, first + i + 1, mean + i * window, sd + i * window))
                return DONUT_ECANCELLED;
    }
    return DONUT_OK;
}

static int decode(struct donut_latent_run *run)
{
    struct donut_latents latents = {0};
    struct donut_error err = {0};
    char *bytes = NULL;
    size_t size = 0;
    double *room = calloc(2 * BLOCK * run->info.options.window, sizeof *room);
    enum donut_status status =
        room ? donut_input_read(run->input, run->arguments->quiet, &bytes, &size, &err)
             : donut_fail_memory(&err);
    if (status != DONUT_OK) {
        free(room);
        return donut_complain(donut_input_name(run->input), &err);
    }
    status = donut_latents_read_csv(bytes, size, run->info.options.latent, &latents, &err);
    free(bytes);
    donut_text_print(&run->output.text, "row,point,mean,sd\n");
    if (status == DONUT_OK)
        status = decode_rows(run, &latents, room, &err);
    free(room);
    donut_latents_free(&latents);
    return donut_latent_end(run, status, &err);
}

int donut_command_decode(int argc, char **argv)
{
    const struct decode_arguments defaults = {.latent = {0}};
    struct decode_arguments arguments = defaults;
    struct donut_latent_run run = {.command = &command, .arguments = &arguments.latent};
    int exit_status = donut_options_parse(&command, argc, argv, &defaults, &arguments, &run.input);
    if (exit_status == DONUT_GO_ON)
        exit_status = donut_latent_open(&run);
    if (exit_status == DONUT_GO_ON)
        exit_status = decode(&run);
    donut_latent_free(&run);
    donut_signals_raise();
    return exit_status;
}
