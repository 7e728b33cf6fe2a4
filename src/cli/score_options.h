/* The command line of `donut score`. */
#ifndef DONUT_CLI_SCORE_OPTIONS_H
#define DONUT_CLI_SCORE_OPTIONS_H

#include "cli/format.h"
#include "cli/options.h"
#include "cli/progress.h"

struct donut_score_arguments {
    struct donut_score_options score;
    struct donut_csv_options csv;
    struct donut_talk talk;
    const char *model, *output, *from, *to;
    int sampler;              /* as the choice of the table stands; -1: as trained */
    int score_by, verdict_by; /* likewise */
    int unknown;              /* a KPI without a model: 0 skip, 1 error; -1: not said, skip */
    bool follow, batch, last, events, exit_code;
    int format;              /* enum donut_format_kind */
    const char *measurement; /* NULL = donut */
    struct donut_option_words tags;
    int direction; /* enum donut_alert_direction */
    double min_delta;
    size_t for_points, recover_points;
    size_t silence_points; /* 0 = the model's window */
    int64_t max_age_ms;    /* 0 = not given */
};

extern const struct donut_command donut_score_command;

struct donut_score_arguments donut_score_argument_defaults(void);

/* Whether the command line makes sense, before anything is read. Returns DONUT_GO_ON, or the exit
 * status when it has been said what is wrong. */
int donut_score_check(const char *input, const struct donut_score_arguments *arguments);

/* Whether the input is read as a whole first, or row by row: by --follow or --batch; else a regular
 * file, and all that something asks for the end of, is a whole, and what comes through a pipe
 * decides itself: see donut_gather(). */
enum donut_score_mode { DONUT_SCORE_BATCH, DONUT_SCORE_FOLLOW, DONUT_SCORE_EITHER };
enum donut_score_mode donut_score_mode(const char *input,
                                       const struct donut_score_arguments *arguments);

/* How much newer than its model's training range a point may be, in milliseconds, and whether to
 * warn of more: who has asked for it wants to know in spite of --quiet. */
int64_t donut_score_max_age(const struct donut_score_arguments *arguments);
bool donut_score_warns_of_age(const struct donut_score_arguments *arguments);

/* Whether there is a verdict where a row has such a status. */
bool donut_score_judges(const struct donut_score_arguments *arguments,
                        enum donut_row_status status);

/* What the options say of the format, and of alarms of a KPI whose model has such a window. */
struct donut_format donut_score_format(const struct donut_score_arguments *arguments);
struct donut_alert_options donut_score_alert(const struct donut_score_arguments *arguments,
                                             size_t window);

#endif
