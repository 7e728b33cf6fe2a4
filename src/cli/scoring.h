/* One run of `donut score`: over a whole file, or over a stream. */
#ifndef DONUT_CLI_SCORING_H
#define DONUT_CLI_SCORING_H

#include "cli/gather.h"
#include "cli/models.h"
#include "cli/printer.h"
#include "cli/progress.h"

struct donut_scoring {
    const char *input;
    const struct donut_score_arguments *arguments;
    struct donut_gathered gathered; /* of the input, unless it is a file to be read as a whole */
    struct donut_models models;
    const struct donut_model *only; /* the model of the only KPI; NULL = a fleet */
    struct donut_scorer *scorer;
    struct donut_meter meter;
    struct donut_printer printer;
    struct donut_text unknown; /* the first few keys without a model, for a sentence */
    size_t unknown_keys, unknown_rows;
    bool partly;   /* something was left out, and it was said */
    bool age_said; /* that the model is old */
};

/* Both return the exit status, and have said what was wrong. A whole file is read anew unless it
 * has been gathered; a stream goes on behind what has. */
int donut_score_batch(struct donut_scoring *scoring);
int donut_score_follow(struct donut_scoring *scoring);

/* A KPI that has no model; `rows`: how many of its rows that concerns. */
void donut_scoring_unknown(struct donut_scoring *scoring, const char *key, size_t size, size_t rows,
                           bool first);

/* Says that the KPI with the key cannot be scored, and goes on; `file`: where the trouble is. */
void donut_scoring_leave_out(struct donut_scoring *scoring, const char *file, const char *key,
                             size_t size, const struct donut_error *err);

/* Says of which KPIs far too many points are anomalous or a change has lasted, if of any, unless
 * quiet. */
void donut_scoring_say_flood(const struct donut_scoring *scoring, const struct donut_flood *flood);

/* What was scored, and what was not, for a reader, unless quiet; and whether a model is old. */
void donut_scoring_summarise(const struct donut_scoring *scoring);

/* 0, or what is to be said by the exit status of a run that has not failed. */
int donut_scoring_status(const struct donut_scoring *scoring);

#endif
