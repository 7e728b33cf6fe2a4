#include "cli/doubts.h"

#include "detect/calibration.h"
#include "detect/channels.h"

#include <math.h>

#define FEW_PEAKS 30
#define TIMES 20    /* what the risk means are far more alarms than it allows ... */
#define IN_VAIN 1e4 /* nats above the tail's beginning: 140 of the model's standard deviations */
#define SPARE 3     /* ... if there are so many on top, which a few incidents explain */

bool donut_verdicts_by_surprise(const struct donut_model_info *info)
{
    return info->normal.deviation.n > 0 && info->options.verdict_by != DONUT_VERDICT_SCORE;
}

double donut_surprise_at(double risk)
{
    return donut_round_surprise(-log10(risk));
}

double donut_judged_seconds(const struct donut_model_info *info)
{
    return (double)info->normal.judged * (double)info->interval_ms / 1000;
}

static double allowed(const struct donut_model_info *info)
{
    return info->options.risk * (double)info->normal.judged;
}

/* Whether what 19 of 20 points stay below is no more than the least that is taken for it. */
static bool is_flat(const struct donut_calibration *deviation)
{
    static const double usual = 1.30102999566398119521; /* -log10 of 1/20 */
    return donut_calibration_value(deviation, usual) <= donut_deviation_rule.least * (1 + 1e-9);
}

enum donut_doubt donut_doubt_of(const struct donut_model_info *info)
{
    const struct donut_normal *normal = &info->normal;
    if (!donut_verdicts_by_surprise(info))
        return DONUT_DOUBT_NONE;
    if (normal->judged < DONUT_FEW_JUDGED)
        return DONUT_DOUBT_FEW;
    if (is_flat(&normal->deviation))
        return DONUT_DOUBT_FLAT;
    if ((double)normal->alarms > TIMES * allowed(info) + SPARE)
        return DONUT_DOUBT_ALARMS;
    return DONUT_DOUBT_NONE;
}

void donut_doubt_put(const struct donut_model_info *info, enum donut_doubt doubt,
                     struct donut_text *text)
{
    const double last = 100 * info->options.validation;
    const unsigned long long judged = info->normal.judged, alarms = info->normal.alarms;
    switch (doubt) {
    case DONUT_DOUBT_NONE:
        break;
    case DONUT_DOUBT_FEW:
        donut_text_print(text, "what is normal rests on only %llu point%s: expect it to be rough",
                         judged, judged == 1 ? "" : "s");
        break;
    case DONUT_DOUBT_FLAT:
        donut_text_print(
            text,
            "the last %g %% of the range are flatter than what was learnt from: expect "
            "alarms once it varies again as before",
            last);
        break;
    case DONUT_DOUBT_ALARMS:
        donut_text_print(
            text,
            "the last %g %% of the range hold %llu alarms, where the risk allows about "
            "%.1g: incidents that nobody labelled, or a change that the model has not "
            "learnt",
            last, alarms, ceil(allowed(info)));
        break;
    }
}

bool donut_trained_roughly(const struct donut_tail *tail)
{
    return tail->n < DONUT_FEW_JUDGED || tail->peaks < FEW_PEAKS;
}

bool donut_trained_on_anomalies(const struct donut_tail *tail)
{
    return tail->gamma >= DONUT_HEAVIEST_TAIL;
}

bool donut_trained_in_vain(const struct donut_model_info *info)
{
    return !donut_verdicts_by_surprise(info) && info->threshold - info->tail.t > IN_VAIN;
}
