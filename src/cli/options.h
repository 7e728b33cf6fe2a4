/* Command-line options: one const table per subcommand makes parsing, --help, the option lists of
 * the manual page and the completions of the shells. */
#ifndef DONUT_CLI_OPTIONS_H
#define DONUT_CLI_OPTIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define DONUT_EXIT_FAILED 1
#define DONUT_EXIT_MISUSE 2
#define DONUT_EXIT_ANOMALOUS 3
#define DONUT_EXIT_PARTLY 4

/* What an option stores, and where: the type at `offset` of the subcommand's arguments. */
enum donut_option_kind {
    DONUT_OPTION_FLAG,     /* bool; takes no argument */
    DONUT_OPTION_TEXT,     /* const char *, not empty */
    DONUT_OPTION_LIST,     /* struct donut_option_words: as TEXT, but may be given again */
    DONUT_OPTION_COUNT,    /* size_t in [low, high] */
    DONUT_OPTION_NUMBER,   /* double between low and high */
    DONUT_OPTION_OR_ZERO,  /* likewise, or 0 */
    DONUT_OPTION_WEIGHT,   /* as NUMBER, or the word beta: DONUT_WEIGHT_BETA */
    DONUT_OPTION_SEED,     /* uint64_t */
    DONUT_OPTION_CHOICE,   /* int: the index of the word in `argument`, "zero|mean" */
    DONUT_OPTION_WIDTHS,   /* struct donut_train_options: its depth and hidden */
    DONUT_OPTION_CHANNELS, /* size_t [DONUT_CONVOLUTIONS] */
    DONUT_OPTION_STEPS,    /* struct donut_option_steps, each more than the one before */
    DONUT_OPTION_INTERVAL, /* int64_t milliseconds, from 60, 60s, 5m, 1h, 1d, 500ms */
    DONUT_OPTION_HELP      /* prints the help and ends */
};

#define DONUT_MAX_WORDS 32
struct donut_option_words {
    const char *word[DONUT_MAX_WORDS];
    size_t n;
};

#define DONUT_MAX_STEPS 64
struct donut_option_steps {
    size_t step[DONUT_MAX_STEPS];
    size_t n;
};

struct donut_option {
    const char *group; /* heading that begins here in --help, or NULL */
    const char *name;  /* without the dashes */
    char letter;       /* 0 = none */
    bool no_default;   /* do not show the default in --help */
    enum donut_option_kind kind;
    const char *argument; /* its name in --help; NULL = none. Tells what completes it, too: see
                             donut_completes() */
    const char *help;     /* a sentence without its period; "[...]" at its end is the default */
    const char *details;  /* further sentences, for the manual page; NULL = none. A word --name
                             and `words` between backquotes are set as what one types */
    size_t offset;
    double low, high;         /* range of a count or number; high = 0: no upper end */
    bool low_open, high_open; /* that end itself is not allowed */
};

struct donut_command {
    const char *name;
    const char *usage; /* what follows "donut NAME"; its last word is the operand, like
                          "[KPI.csv|-]" */
    const char *summary;
    const char *examples; /* indented lines, each ending in a newline */
    const char *notes;    /* likewise, after the options */
    const struct donut_option *options;
    size_t n_options; /* <= 64 */
};

/* Parses argv[1..] into `arguments`, which begin as a copy of `defaults`, and the one optional
 * operand into *operand (NULL: none). Returns DONUT_GO_ON, or the exit status when everything has
 * been said: the help, or what is wrong. The build and `donut completion` ask every table for its
 * other forms by --help=FORM, with mdoc, bash, zsh or fish. */
#define DONUT_GO_ON (-1)
int donut_options_parse(const struct donut_command *command, int argc, char **argv,
                        const void *defaults, void *arguments, const char **operand);

/* Prints --help of a subcommand to stdout. */
void donut_options_help(const struct donut_command *command, const void *defaults);

/* Prints the options of a subcommand as lists of the manual page, in mdoc, to stdout. */
void donut_options_manual(const struct donut_command *command, const void *defaults);

/* What a value must be: "a whole number from 1 to 16384"; "" if any text will do. */
#define DONUT_WANTED_SIZE 128
void donut_option_wanted(const struct donut_option *option, char out[DONUT_WANTED_SIZE]);

/* The default in words: "120", "sobol", or what stands in brackets at the end of the help; "" if
 * there is none. `defaults` are the subcommand's. */
#define DONUT_DEFAULT_SIZE 128
void donut_option_default(const struct donut_option *option, const void *defaults,
                          char out[DONUT_DEFAULT_SIZE]);

/* Bytes of the help sentence without a default in brackets. */
size_t donut_option_sentence(const struct donut_option *option);

/* Says what is wrong with the command line, points to --help and returns the exit status. */
int donut_misuse(const struct donut_command *command, const char *format, ...) DONUT_PRINTF(2, 3);

/* What a POS may be, in the heading of --help. */
#define DONUT_POSITION_WORDS "70%, a number of points, an epoch or an ISO 8601 time"

/* Rows that several subcommands share. */
#define DONUT_VALUE_COLUMN_OPTIONS(type, field)                                                    \
    {.group = "Input",                                                                             \
     .name = "timestamp-column",                                                                   \
     .kind = DONUT_OPTION_TEXT,                                                                    \
     .argument = "COLUMN",                                                                         \
     .help = "name or number of the column of times",                                              \
     .details = "Columns are counted from 1; a name in the header comes before a number.",         \
     .offset = offsetof(type, field.timestamp_column)},                                            \
    {                                                                                              \
        .name = "value-column", .kind = DONUT_OPTION_TEXT, .argument = "COLUMN",                   \
        .help = "name or number of the column of values",                                          \
        .offset = offsetof(type, field.value_column)                                               \
    }

#define DONUT_COLUMN_OPTIONS(type, field)                                                          \
    DONUT_VALUE_COLUMN_OPTIONS(type, field),                                                       \
    {                                                                                              \
        .name = "label-column", .kind = DONUT_OPTION_TEXT, .argument = "COLUMN",                   \
        .help = "name or number of the column of labels, 0 or 1",                                  \
        .offset = offsetof(type, field.label_column)                                               \
    }

#define DONUT_TALK_OPTIONS(type, field)                                                            \
    {.group = "Talk, on standard error",                                                           \
     .name = "quiet",                                                                              \
     .letter = 'q',                                                                                \
     .kind = DONUT_OPTION_FLAG,                                                                    \
     .help = "say nothing but errors",                                                             \
     .offset = offsetof(type, field.quiet)},                                                       \
        {.name = "progress",                                                                       \
         .kind = DONUT_OPTION_FLAG,                                                                \
         .help = "show progress without a terminal, too",                                          \
         .offset = offsetof(type, field.progress)},                                                \
        {.name = "no-progress",                                                                    \
         .kind = DONUT_OPTION_FLAG,                                                                \
         .help = "never show progress",                                                            \
         .offset = offsetof(type, field.no_progress)},                                             \
        DONUT_HELP_OPTION

#define DONUT_HELP_OPTION                                                                          \
    {                                                                                              \
        .name = "help", .letter = 'h', .kind = DONUT_OPTION_HELP, .help = "show this help",        \
        .details = "It lists the options with their defaults."                                     \
    }

#endif
