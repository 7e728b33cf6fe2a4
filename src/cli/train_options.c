#define _XOPEN_SOURCE 700

#include "cli/train_options.h"

#include "cli/io.h"
#include "cli/snapshots.h"
#include "cli/speed.h"

#include <unistd.h>

#define AT(field) .offset = offsetof(struct donut_train_arguments, field)
#define COUNT .kind = DONUT_OPTION_COUNT, .low = 1
#define NUMBER .kind = DONUT_OPTION_NUMBER

static const struct donut_option options[] = {
    {.group = "Output",
     .name = "output",
     .letter = 'o',
     .kind = DONUT_OPTION_TEXT,
     AT(output),
     .argument = "MODEL",
     .help = "where the model goes [the KPI's name, with .donut]",
     .details = "`-` is standard output. A file is written whole or not at all. By default it lies "
                "beside the KPI, with `.donut` in place of the last extension."},
    {.group = "Several KPIs in one file",
     .name = "key",
     .kind = DONUT_OPTION_TEXT,
     AT(csv.key_column),
     .argument = "COLUMN",
     .help = "a model for each KPI that this column names",
     .details = "The column's name, or its number counted from 1. The models go into one file, a "
                "bundle. What is finished is kept in the file "
                "`MODEL.part` until all is: after an interruption the same command goes on from "
                "there. A KPI that cannot be trained does not keep the others from it."},
    {.group = "Training range; POS is " DONUT_POSITION_WORDS,
     .name = "from",
     .kind = DONUT_OPTION_TEXT,
     AT(from),
     .argument = "POS",
     .help = "train on what begins here [start]"},
    {.name = "to",
     .kind = DONUT_OPTION_TEXT,
     AT(to),
     .argument = "POS",
     .help = "train on what ends before here [end]"},
    {.name = "ignore-labels",
     .kind = DONUT_OPTION_FLAG,
     AT(train.ignore_labels),
     .help = "take labelled anomalies for normal",
     .details = "Without it, labelled points are left out of what the model learns as normal."},
    {.name = "keep-labels",
     NUMBER,
     AT(train.keep_labels),
     .argument = "X",
     .high = 1,
     .help = "share of the labelled points that keep their label",
     .details = "Whole anomalies lose it, at random, a long one more likely than a short one, "
                "until what is left is nearest to that share: as if few had been labelled."},
    {.group = "Verdict",
     .name = "risk",
     NUMBER,
     AT(train.risk),
     .argument = "P",
     .low = 1e-12,
     .high = 0.01,
     .help = "wanted false alarms per normal point",
     .details = "See CHOOSING A THRESHOLD."},
    {.name = "sampler",
     .kind = DONUT_OPTION_CHOICE,
     AT(sampler),
     .argument = "sobol|mc",
     .help = "how z is drawn for a score",
     .details = "The threshold is fitted to such scores. `sobol` takes scrambled Sobol points and "
                "their mirror images, whose average is several times closer to the expected "
                "score; `mc` takes independent draws, as the paper does."},
    {.name = "samples",
     COUNT,
     AT(train.samples),
     .no_default = true,
     .argument = "L",
     .high = 1048576,
     .help = "values of z per score [128; 256 if K > 8; mc: 1024]"},
    {.name = "mcmc-iterations",
     .kind = DONUT_OPTION_COUNT,
     AT(train.mcmc_iterations),
     .argument = "M",
     .high = 10000,
     .help = "rounds of imputing missing points"},
    {.name = "score-by",
     .kind = DONUT_OPTION_CHOICE,
     AT(score_by),
     .argument = "reconstruction|likelihood|elbo|prior",
     .help = "what a score is",
     .details = "See METHODS."},
    {.group = "Model",
     .name = "window",
     COUNT,
     AT(train.window),
     .argument = "W",
     .high = DONUT_MAX_WIDTH,
     .help = "points that the model sees at once [automatic]",
     .details = "Automatic is two days, or two seasons if the season is longer, but 10 to 120 "
                "points, and fewer for a short range. See TRAINING."},
    {.name = "latent",
     COUNT,
     AT(train.latent),
     .argument = "K",
     .high = DONUT_MAX_WIDTH,
     .help = "dimensions of z",
     .details = "Smaller models generalise more, larger ones follow finer shapes."},
    {.name = "hidden",
     .kind = DONUT_OPTION_WIDTHS,
     AT(train),
     .argument = "N,N",
     .help = "widths of the hidden layers",
     .details = "From x to z; they are mirrored on the way back."},
    {.name = "encoder",
     .kind = DONUT_OPTION_CHOICE,
     AT(encoder),
     .argument = "dense|cnn",
     .help = "dense layers or convolutions from x to z",
     .details = "The hidden layers, or two one-dimensional convolutions over 3 points, each with "
                "ReLU and max pooling of 2; the hidden layers are then those on the way back."},
    {.name = "channels",
     .kind = DONUT_OPTION_CHANNELS,
     AT(train.channels),
     .argument = "N,N",
     .help = "channels of the two convolutions"},
    {.name = "student-df",
     NUMBER,
     AT(train.student_df),
     .no_default = true,
     .argument = "X",
     .low = 1,
     .high = 1e6,
     .help = "degrees of freedom of a Student-t z [normal z]",
     .details = "Of the prior and the posterior."},
    {.name = "std-epsilon",
     NUMBER,
     AT(train.std_epsilon),
     .argument = "X",
     .high = 1,
     .low_open = true,
     .help = "smallest standard deviation",
     .details = "It is the least that the model may claim, in standardised units."},
    {.name = "missing-fill",
     .kind = DONUT_OPTION_CHOICE,
     AT(missing_fill),
     .argument = "zero|mean",
     .help = "what stands for a missing point",
     .details = "The KPI's own 0, at most 5 standard deviations from the mean, or its mean."},
    {.group = "Training",
     .name = "init",
     .kind = DONUT_OPTION_TEXT,
     AT(init),
     .argument = "MODEL",
     .help = "begin with the parameters of this model [at random]",
     .details = "`-` is standard input. Its window, latent size, hidden layers and smallest "
                "standard deviation are those "
                "of the new model. Standardisation and threshold are fitted to the new data. With "
                "--key it may be a bundle: each KPI then begins with the model of its own key, if "
                "there is one."},
    {.name = "epochs",
     COUNT,
     AT(train.epochs),
     .argument = "N",
     .high = 1000000,
     .help = "passes over the training range"},
    {.name = "batch-size",
     COUNT,
     AT(train.batch_size),
     .argument = "N",
     .high = 65536,
     .help = "windows per step"},
    {.name = "learning-rate",
     NUMBER,
     AT(train.learning_rate),
     .argument = "X",
     .high = 1,
     .low_open = true,
     .help = "learning rate of Adam"},
    {.name = "decay",
     NUMBER,
     AT(train.decay),
     .argument = "X",
     .low_open = true,
     .high = 1,
     .help = "factor of the rate after --decay-epochs"},
    {.name = "decay-epochs",
     COUNT,
     AT(train.decay_epochs),
     .argument = "N",
     .high = 1000000,
     .help = "epochs between two such steps"},
    {.name = "l2",
     NUMBER,
     AT(train.l2),
     .argument = "X",
     .high = 1000,
     .help = "weight of the squared hidden kernels",
     .details = "In the loss."},
    {.name = "clip-norm",
     NUMBER,
     AT(train.clip_norm),
     .argument = "X",
     .low_open = true,
     .help = "limit of the gradient's norm"},
    {.name = "clip-by",
     .kind = DONUT_OPTION_CHOICE,
     AT(clip_by),
     .argument = "tensor|global",
     .help = "norm of each tensor, or of all together"},
    {.name = "elbo",
     .kind = DONUT_OPTION_CHOICE,
     AT(elbo),
     .argument = "modified|plain",
     .help = "objective, without or with abnormal points",
     .details = "`modified` leaves missing and labelled points out of the ELBO, as Donut does; "
                "`plain` takes them for what is written in their place."},
    {.name = "windows",
     .kind = DONUT_OPTION_CHOICE,
     AT(windows),
     .argument = "all|normal",
     .help = "which windows are learnt from",
     .details = "`normal`: those without a missing or labelled point, in validation, too."},
    {.name = "reconstruction-weight",
     NUMBER,
     AT(train.reconstruction_weight),
     .argument = "X",
     .high = 1000,
     .help = "weight of log p(x|z) in the objective"},
    {.name = "prior-weight",
     .kind = DONUT_OPTION_WEIGHT,
     AT(train.prior_weight),
     .argument = "X|beta",
     .high = 1000,
     .help = "weight of log p(z)",
     .details = "`beta` is the share of normal points in a window."},
    {.name = "entropy-weight",
     .kind = DONUT_OPTION_WEIGHT,
     AT(train.entropy_weight),
     .argument = "X|beta",
     .high = 1000,
     .help = "weight of the entropy, -log q(z|x)"},
    {.name = "injection",
     NUMBER,
     AT(train.injection),
     .argument = "X",
     .high = 1,
     .high_open = true,
     .help = "share of normal points hidden in each epoch",
     .details = "They are others each time, so that the model learns to cope with gaps."},
    {.name = "validation",
     NUMBER,
     AT(train.validation),
     .argument = "X",
     .low_open = true,
     .high = 1,
     .high_open = true,
     .help = "share at the end of the range to validate with",
     .details = "It chooses the parameters and fits the threshold."},
    {.name = "validate-every",
     COUNT,
     AT(train.validate_every),
     .argument = "N",
     .high = 1000000000,
     .help = "steps between two validations"},
    {.name = "snapshots",
     .kind = DONUT_OPTION_STEPS,
     AT(snapshots),
     .argument = "STEP,STEP",
     .help = "also write the model after these steps",
     .details = "In rising order; 0 is the untrained network. The one after step 100 of "
                "`kpi.donut` is `kpi.100.donut`. Their thresholds are fitted quickly."},
    {.name = "seed",
     .kind = DONUT_OPTION_SEED,
     AT(train.seed),
     .argument = "N",
     .help = "seed of all random numbers"},
    DONUT_COLUMN_OPTIONS(struct donut_train_arguments, csv),
    {.name = "interval",
     .kind = DONUT_OPTION_INTERVAL,
     AT(csv.interval_ms),
     .argument = "TIME",
     .help = "distance of points, like 60s, 5m [the most common]",
     .details = "A whole number with `ms`, `s`, `m`, `h` or `d`; seconds without a unit."},
    DONUT_SPEED_OPTIONS(struct donut_train_arguments, train),
    DONUT_TALK_OPTIONS(struct donut_train_arguments, talk),
};

const struct donut_command donut_train_command = {
    .name = "train",
    .usage = "[-o MODEL] [--key COLUMN] [--init MODEL] [options] KPI.csv|-",
    .summary = "Learns what a KPI normally looks like; writes a model for 'donut score'.",
    .examples = "  donut train kpi.csv                      writes kpi.donut\n"
                "  donut train --to 70% -o web.donut kpi.csv\n"
                "  zcat kpi.csv.gz | donut train -o web.donut -\n"
                "  donut train --key host fleet.csv         a model for each host\n"
                "  donut train --init web.donut -o web.donut --epochs 20 newer.csv\n",
    .notes = "A loss is a negative log density: a negative one is normal, lower is better.\n"
             "Ctrl-C ends training early and keeps the best parameters so far; with --key,\n"
             "the models that are finished, and the same command goes on from there.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

struct donut_train_arguments donut_train_argument_defaults(void)
{
    const struct donut_train_options train = donut_train_defaults();
    return (struct donut_train_arguments){.train = train,
                                          .missing_fill = (int)train.missing_fill,
                                          .clip_by = (int)train.clip_by,
                                          .encoder = (int)train.encoder};
}

int donut_train_settle(struct donut_train_arguments *arguments)
{
    struct donut_train_options *train = &arguments->train;
    train->missing_fill = (enum donut_missing_fill)arguments->missing_fill;
    train->clip_by = (enum donut_clip_by)arguments->clip_by;
    train->sampler = arguments->sampler ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    train->encoder = (enum donut_encoder)arguments->encoder;
    train->elbo = (enum donut_elbo)arguments->elbo;
    train->windows = (enum donut_windows)arguments->windows;
    train->score_by = (enum donut_score_kind)(DONUT_SCORE_RECONSTRUCTION + arguments->score_by);
    arguments->csv.ignore_labels = train->ignore_labels;
    return donut_speed_settle(&donut_train_command, train->kernel, &train->threads);
}

int donut_train_check(const char *input, const struct donut_train_arguments *arguments)
{
    struct donut_error err = {0};
    const char *output = arguments->output;
    if (donut_is_dash(output) && isatty(STDOUT_FILENO))
        return donut_misuse(&donut_train_command,
                            "a model is not for the terminal; redirect standard output");
    if (donut_same_file(input, output))
        return donut_misuse(&donut_train_command,
                            "the model %s would overwrite the KPI it is trained on",
                            donut_output_name(output));
    if (donut_output_check(output, &err) != DONUT_OK)
        return donut_complain(output, &err);
    return donut_snapshots_check(input, arguments);
}
