/* The parts of a report on a model. */
#ifndef DONUT_CLI_INFO_MODEL_H
#define DONUT_CLI_INFO_MODEL_H

#include "cli/info.h"

/* A risk and what it means for a model. */
struct donut_risk {
    double risk, threshold; /* NaN: more common than the tail that the model knows */
    double apart;           /* seconds from one false alarm to the next, on average */
    bool own;               /* what the model decides by unless told otherwise */
};

/* The model's own and the powers of ten around it, the largest first. */
#define DONUT_RISKS 6
size_t donut_model_risks(const struct donut_model *model, const struct donut_model_info *facts,
                         struct donut_risk risks[DONUT_RISKS]);

/* Why training ended: "done", "cancelled" or "diverged"; NULL = the file does not tell. */
const char *donut_stop_word(const struct donut_model_info *facts);

/* The words of the options. */
const char *donut_elbo_word(enum donut_elbo elbo);
const char *donut_windows_word(enum donut_windows windows);
const char *donut_schedule_word(enum donut_schedule schedule);
const char *donut_scale_word(enum donut_scale_by scale_by);
const char *donut_score_word(enum donut_score_kind kind);
const char *donut_verdict_word(enum donut_verdict_by by);

/* What stands for a missing point, in the KPI's units. */
double donut_missing_value(const struct donut_model_info *facts);

/* Of the model or bundle file. */
unsigned donut_info_version(const struct donut_info *info);

void donut_info_model_json(const struct donut_info *info, const struct donut_model *model,
                           const struct donut_model_info *facts, struct donut_text *text);

#endif
