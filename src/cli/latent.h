/* What `donut encode`, `decode` and `impute` have in common: a model in, a table of numbers out. */
#ifndef DONUT_CLI_LATENT_H
#define DONUT_CLI_LATENT_H

#include "cli/io.h"
#include "cli/speed.h"

struct donut_latent_arguments {
    const char *model, *output, *kernel;
    bool quiet;
};

/* In a table: `type` has a donut_latent_arguments called `field`. */
#define DONUT_LATENT_FILE_OPTIONS(type, field)                                                     \
    {.group = "Files",                                                                             \
     .name = "model",                                                                              \
     .letter = 'm',                                                                                \
     .kind = DONUT_OPTION_TEXT,                                                                    \
     .argument = "MODEL",                                                                          \
     .help = "what 'donut train' wrote, of one KPI; needed",                                       \
     .offset = offsetof(type, field.model)},                                                       \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = DONUT_OPTION_TEXT, .argument = "FILE",            \
        .help = "where the rows go [standard output]",                                             \
        .details = "A file is there at the end, whole or not at all.",                             \
        .offset = offsetof(type, field.output)                                                     \
    }
#define DONUT_LATENT_OTHER_OPTIONS(type, field)                                                    \
    {.group = "Other",                                                                             \
     .name = "kernel",                                                                             \
     .kind = DONUT_OPTION_TEXT,                                                                    \
     .no_default = true,                                                                           \
     .argument = "NAME",                                                                           \
     .help = "instruction set, see donut --version [the fastest]",                                 \
     .offset = offsetof(type, field.kernel)},                                                      \
        {.name = "quiet",                                                                          \
         .letter = 'q',                                                                            \
         .kind = DONUT_OPTION_FLAG,                                                                \
         .help = "say nothing but errors",                                                         \
         .offset = offsetof(type, field.quiet)},                                                   \
        DONUT_HELP_OPTION

struct donut_latent_run {
    const struct donut_command *command;
    const struct donut_latent_arguments *arguments;
    const char *input;
    struct donut_model *model;
    struct donut_model_info info;
    int places; /* after the point, of values in the KPI's units */
    struct donut_output output;
    int exit_status; /* once something has failed and was said */
};

/* Checks the command line and opens the model. Returns DONUT_GO_ON or the exit status. */
int donut_latent_open(struct donut_latent_run *run);
void donut_latent_free(struct donut_latent_run *run);

/* The KPI with the model's interval, or NULL with run->exit_status set. */
struct donut_series *donut_latent_series(struct donut_latent_run *run,
                                         const struct donut_csv_options *csv);

/* Hands rows on once there are many; false: that failed. */
bool donut_latent_flush(struct donut_latent_run *run);

/* Ends the output, or says why it could not be made, of what `status` tells. Returns the exit
 * status. */
int donut_latent_end(struct donut_latent_run *run, enum donut_status status,
                     const struct donut_error *err);

/* ",mu_1,mu_2,..." and ",0.3,-1.2,...", n of them. */
void donut_latent_put_names(struct donut_text *text, const char *name, size_t n);
void donut_latent_put(struct donut_text *text, const double *x, size_t n);

#endif
