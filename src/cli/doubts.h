/* What is doubtful about the verdicts of a model, as its file tells. */
#ifndef DONUT_CLI_DOUBTS_H
#define DONUT_CLI_DOUBTS_H

#include "cli/text.h"
#include "donut.h"

/* Whether verdicts are by surprise, and not by a score above the threshold. */
bool donut_verdicts_by_surprise(const struct donut_model_info *info);

/* The surprise above which there is an alarm at that risk, as scoring has it. */
double donut_surprise_at(double risk);

/* Of verdicts by surprise. The first that holds is told. */
enum donut_doubt {
    DONUT_DOUBT_NONE,
    DONUT_DOUBT_FEW,   /* they rest on few points */
    DONUT_DOUBT_FLAT,  /* the validation part is flatter than what the network learnt from */
    DONUT_DOUBT_ALARMS /* it has far more alarms than the risk allows */
};

/* NONE where verdicts are by the score. */
enum donut_doubt donut_doubt_of(const struct donut_model_info *info);

/* Adds the doubt as a sentence without an end, nothing for NONE. */
void donut_doubt_put(const struct donut_model_info *info, enum donut_doubt doubt,
                     struct donut_text *text);

/* Seconds that the points which the model's verdicts were tried on cover. */
double donut_judged_seconds(const struct donut_model_info *info);

/* Of verdicts by the score: whether a threshold from this tail can only be rough, because it rests
 * on few scores; and whether there seem to be anomalies among them. */
#define DONUT_FEW_JUDGED 500
bool donut_trained_roughly(const struct donut_tail *tail);
bool donut_trained_on_anomalies(const struct donut_tail *tail);

/* Likewise: whether the threshold is so high, for what the model takes for impossible among the
 * scores, that a rate of false alarms means nothing. */
bool donut_trained_in_vain(const struct donut_model_info *info);

#endif
