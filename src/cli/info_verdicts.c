#include "cli/info_verdicts.h"

#include "cli/doubts.h"
#include "cli/info_table.h"
#include "cli/times.h"
#include "detect/calibration.h"

#include <math.h>
#include <stdio.h>

const char *donut_verdict_word(enum donut_verdict_by by)
{
    static const char *const words[] = {[DONUT_VERDICT_DEFAULT] = "score",
                                        [DONUT_VERDICT_BOTH] = "both",
                                        [DONUT_VERDICT_SHAPE] = "shape",
                                        [DONUT_VERDICT_STEP] = "step",
                                        [DONUT_VERDICT_SCORE] = "score"};
    return words[by];
}

const char *donut_doubt_word(const struct donut_model_info *facts)
{
    static const char *const words[] = {[DONUT_DOUBT_NONE] = NULL,
                                        [DONUT_DOUBT_FEW] = "few",
                                        [DONUT_DOUBT_FLAT] = "flat",
                                        [DONUT_DOUBT_ALARMS] = "alarms"};
    return words[donut_doubt_of(facts)];
}

const char *donut_alarms_words(const struct donut_model_info *facts, char out[DONUT_ALARMS_SIZE])
{
    char span[DONUT_DURATION_SIZE];
    snprintf(out, DONUT_ALARMS_SIZE, "%llu in %s", (unsigned long long)facts->normal.alarms,
             donut_duration_words(donut_judged_seconds(facts), span));
    return out;
}

/* What must be exceeded by a statistic alone. */
struct donut_surprise_risk donut_surprise_risk(const struct donut_model_info *facts, double risk)
{
    const struct donut_normal *normal = &facts->normal;
    const enum donut_verdict_by by = facts->options.verdict_by;
    struct donut_surprise_risk out = {donut_surprise_at(risk), NAN, NAN};
    const double needed = out.surprise + (by == DONUT_VERDICT_STEP ? 0 : normal->overlap);
    if (by != DONUT_VERDICT_STEP)
        out.deviation = donut_calibration_value(&normal->deviation, needed);
    if (by != DONUT_VERDICT_SHAPE && normal->step.n > 0)
        out.step = facts->std * donut_calibration_value(&normal->step, needed);
    return out;
}

static void add_number(struct donut_table *table, double x)
{
    if (isfinite(x))
        donut_table_add(table, "%.4g", x);
    else
        donut_table_add(table, "-");
}

static void put_risks(const struct donut_model *model, const struct donut_model_info *facts,
                      struct donut_text *text)
{
    static const char *const names[] = {"risk", "surprise",           "deviation, in sd",
                                        "step", "one false alarm in", ""};
    struct donut_table table = {.columns = 6, .align = "rrrrrl"};
    struct donut_risk risks[DONUT_RISKS];
    char apart[DONUT_DURATION_SIZE];
    const size_t n = donut_model_risks(model, facts, risks);
    donut_text_print(text, "\nAlarms by risk, and what deviation or step takes if it is alone\n");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        donut_table_add(&table, "%s", names[i]);
    for (size_t i = 0; i < n; i++) {
        const struct donut_surprise_risk at = donut_surprise_risk(facts, risks[i].risk);
        donut_table_add(&table, "%g", risks[i].risk);
        donut_table_add(&table, "%.4g", at.surprise);
        add_number(&table, at.deviation);
        add_number(&table, at.step);
        donut_table_add(&table, "about %s", donut_duration_words(risks[i].apart, apart));
        donut_table_add(&table, "%s", risks[i].own ? "<- the model's" : "");
    }
    donut_table_put(&table, text);
}

static void put_doubt(const struct donut_model_info *facts, struct donut_text *text)
{
    const enum donut_doubt doubt = donut_doubt_of(facts);
    if (doubt == DONUT_DOUBT_NONE)
        return;
    donut_info_label(text, "to look at");
    donut_doubt_put(facts, doubt, text);
    donut_text_print(text, "\n");
}

void donut_info_verdicts(const struct donut_model *model, const struct donut_model_info *facts,
                         struct donut_text *text)
{
    static const char *const channels[] = {[DONUT_VERDICT_BOTH] = "both channels, shape and step",
                                           [DONUT_VERDICT_SHAPE] = "shape alone",
                                           [DONUT_VERDICT_STEP] = "step alone"};
    const struct donut_normal *normal = &facts->normal;
    char span[DONUT_DURATION_SIZE];
    donut_text_print(text, "\nVerdicts\n");
    donut_info_line(text, "verdicts by", "%s", channels[facts->options.verdict_by]);
    donut_info_line(text, "alarms", "above surprise %.6g, the risk %g",
                    donut_surprise_at(facts->options.risk), facts->options.risk);
    donut_info_line(text, "tried on", "%llu points of the validation part = %s, %llu alarm%s",
                    (unsigned long long)normal->judged,
                    donut_duration_words(donut_judged_seconds(facts), span),
                    (unsigned long long)normal->alarms, donut_plural((size_t)normal->alarms));
    donut_info_line(text, "overlap", "%.4g, taken off a surprise because several have a say",
                    normal->overlap);
    put_doubt(facts, text);
    put_risks(model, facts, text);
}

static void put_calibration(struct donut_json *json, const char *key,
                            const struct donut_calibration *calibration)
{
    if (calibration->n == 0) {
        donut_json_null(json, key);
        return;
    }
    donut_json_open(json, key, '{');
    donut_json_count(json, "points", calibration->n);
    donut_json_open(json, "level", '[');
    for (size_t i = 0; i < calibration->knots; i++)
        donut_json_number(json, NULL, fabs(calibration->level[i])); /* the first is -0 */
    donut_json_close(json, ']');
    donut_json_open(json, "value", '[');
    for (size_t i = 0; i < calibration->knots; i++)
        donut_json_number(json, NULL, calibration->value[i]);
    donut_json_close(json, ']');
    donut_json_number(json, "shape", calibration->shape);
    donut_json_close(json, '}');
}

static void put_risks_json(struct donut_json *json, const struct donut_model *model,
                           const struct donut_model_info *facts)
{
    struct donut_risk risks[DONUT_RISKS];
    const size_t n = donut_model_risks(model, facts, risks);
    donut_json_open(json, "risks", '[');
    for (size_t i = 0; i < n; i++) {
        const struct donut_surprise_risk at = donut_surprise_risk(facts, risks[i].risk);
        donut_json_open(json, NULL, '{');
        donut_json_number(json, "risk", risks[i].risk);
        donut_json_number(json, "surprise", at.surprise);
        donut_json_number(json, "deviation_sd", at.deviation);
        donut_json_number(json, "step_value", at.step);
        donut_json_close(json, '}');
    }
    donut_json_close(json, ']');
}

void donut_info_verdicts_json(struct donut_json *json, const struct donut_model *model,
                              const struct donut_model_info *facts)
{
    const struct donut_normal *normal = &facts->normal;
    donut_json_word(json, "verdict_by", donut_verdict_word(facts->options.verdict_by));
    if (!donut_verdicts_by_surprise(facts)) {
        donut_json_null(json, "normal");
        return;
    }
    donut_json_open(json, "normal", '{');
    donut_json_count(json, "points", normal->judged);
    donut_json_count(json, "alarms", normal->alarms);
    donut_json_word(json, "doubt", donut_doubt_word(facts));
    donut_json_number(json, "overlap", normal->overlap);
    put_risks_json(json, model, facts);
    put_calibration(json, "deviation", &normal->deviation);
    put_calibration(json, "drift", &normal->drift);
    put_calibration(json, "step", &normal->step);
    donut_json_close(json, '}');
}
