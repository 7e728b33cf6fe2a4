#include "train/normal.h"

#include "base/arena.h"
#include "base/status.h"
#include "detect/calibration.h"
#include "detect/judge.h"

#include <math.h>
#include <stdlib.h>

struct fit {
    const struct donut_validated *validated;
    struct donut_normal *normal;
    struct donut_outlook *outlook; /* (n) */
    double *value;                 /* (n) of the statistic that is being fitted */
};

static double x_of(const struct fit *fit, size_t k)
{
    return (double)fit->validated->x[fit->validated->end[k]];
}

static void look_at_deviations(const struct fit *fit)
{
    for (size_t k = 0; k < fit->validated->n; k++) {
        const struct donut_verdict *verdict = &fit->validated->verdict[k];
        fit->outlook[k] = (struct donut_outlook){.mean = verdict->mean,
                                                 .sd = fmax(verdict->sd, DONUT_SMALLEST_SD),
                                                 .relief = 1,
                                                 .step_relief = 1};
        fit->value[k] = donut_outlook_deviation(&fit->outlook[k], x_of(fit, k));
    }
}

static void hide_wild(const struct fit *fit)
{
    for (size_t k = 0; k < fit->validated->n; k++)
        if (donut_calibration_surprise(&fit->normal->deviation, fit->value[k]) >
            DONUT_WILD_SURPRISE)
            fit->validated->missing[fit->validated->end[k]] = 1;
}

/* The points before number k that are among the verdicts, and not wild, as in scoring. */
static void look_back(const struct fit *fit, size_t k)
{
    const struct donut_validated *validated = fit->validated;
    struct donut_outlook *outlook = &fit->outlook[k];
    for (size_t j = k; j-- > 0 && validated->end[j] + DONUT_DRIFT_POINTS > validated->end[k];)
        if (!validated->missing[validated->end[j]]) {
            outlook->drift += (x_of(fit, j) - fit->outlook[j].mean) / fit->outlook[j].sd;
            outlook->drift_known++;
        }
    donut_outlook_look_at_step(outlook, validated->x, validated->missing, validated->end[k],
                               validated->window);
}

static enum donut_status fit_drift(const struct fit *fit, struct donut_error *err)
{
    for (size_t k = 0; k < fit->validated->n; k++)
        fit->value[k] = donut_outlook_drift(&fit->outlook[k], x_of(fit, k));
    return donut_calibration_fit(fit->value, fit->validated->n, &donut_drift_rule,
                                 &fit->normal->drift, err);
}

static enum donut_status fit_step(const struct fit *fit, struct donut_error *err)
{
    size_t n = 0;
    for (size_t k = 0; k < fit->validated->n; k++) {
        const double step = donut_outlook_step(&fit->outlook[k], x_of(fit, k));
        if (!isnan(step))
            fit->value[n++] = step;
    }
    if (n == 0)
        return DONUT_OK;
    return donut_calibration_fit(fit->value, n, &donut_step_rule, &fit->normal->step, err);
}

static void judge(const struct fit *fit, enum donut_verdict_by by)
{
    for (size_t k = 0; k < fit->validated->n; k++)
        fit->value[k] =
            donut_channels_judge(fit->normal, by, 0, &fit->outlook[k], x_of(fit, k)).surprise;
}

static void count_alarms(const struct fit *fit, double level)
{
    bool on = false;
    fit->normal->judged = fit->validated->n;
    for (size_t k = 0; k < fit->validated->n; k++) {
        const bool above = fit->value[k] > level;
        fit->normal->alarms += above && !on;
        on = above;
    }
}

static enum donut_status fit_all(const struct fit *fit, enum donut_verdict_by by, double risk,
                                 struct donut_error *err)
{
    const size_t n = fit->validated->n;
    look_at_deviations(fit);
    enum donut_status status =
        donut_calibration_fit(fit->value, n, &donut_deviation_rule, &fit->normal->deviation, err);
    if (status != DONUT_OK)
        return status;
    hide_wild(fit);
    for (size_t k = 0; k < n; k++)
        look_back(fit, k);
    status = fit_drift(fit, err);
    if (status == DONUT_OK)
        status = fit_step(fit, err);
    if (status != DONUT_OK)
        return status;
    judge(fit, DONUT_VERDICT_BOTH); /* whatever the verdicts of this model are by: others may be */
    fit->normal->overlap = donut_calibration_overlap(fit->value, n);
    judge(fit, by);
    count_alarms(fit, donut_round_surprise(-log10(risk)));
    return DONUT_OK;
}

enum donut_status donut_normal_fit(const struct donut_validated *validated,
                                   enum donut_verdict_by by, double risk,
                                   struct donut_normal *normal, struct donut_error *err)
{
    const struct fit fit = {.validated = validated,
                            .normal = normal,
                            .outlook = donut_calloc(validated->n, sizeof *fit.outlook),
                            .value = donut_calloc(validated->n, sizeof *fit.value)};
    *normal = (struct donut_normal){0};
    const enum donut_status status =
        fit.outlook && fit.value ? fit_all(&fit, by, risk, err) : donut_fail_memory(err);
    free(fit.outlook);
    free(fit.value);
    return status;
}
