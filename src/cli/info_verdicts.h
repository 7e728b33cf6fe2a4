/* The part of a report on a model that is about its verdicts by surprise. */
#ifndef DONUT_CLI_INFO_VERDICTS_H
#define DONUT_CLI_INFO_VERDICTS_H

#include "cli/info_json.h"
#include "cli/info_model.h"
#include "cli/times.h"

/* A risk and what it means for verdicts by surprise. */
struct donut_surprise_risk {
    double surprise;
    double
        deviation; /* in the model's standard deviations, where step says nothing; NaN = no part */
    double step;   /* against the mean of the last ones, in the KPI's units; NaN = no part */
};

struct donut_surprise_risk donut_surprise_risk(const struct donut_model_info *facts, double risk);

void donut_info_verdicts(const struct donut_model *model, const struct donut_model_info *facts,
                         struct donut_text *text);

/* The members verdict_by and normal, which is null for verdicts by the score. */
void donut_info_verdicts_json(struct donut_json *json, const struct donut_model *model,
                              const struct donut_model_info *facts);

/* "few", "flat" or "alarms"; NULL = no doubt. */
const char *donut_doubt_word(const struct donut_model_info *facts);

/* "3 in 4.2 d". */
#define DONUT_ALARMS_SIZE (DONUT_DURATION_SIZE + 32)
const char *donut_alarms_words(const struct donut_model_info *facts, char out[DONUT_ALARMS_SIZE]);

#endif
