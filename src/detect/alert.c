#include "donut.h"

#include <math.h>

struct donut_alert_options donut_alert_defaults(void)
{
    return (struct donut_alert_options){.for_points = 1, .recover_points = 1};
}

static bool qualifies(const struct donut_alert_options *opt, double value,
                      const struct donut_score_row *row)
{
    if (!row->anomaly || fabs(value - row->expected) < opt->min_delta)
        return false;
    switch (opt->direction) {
    case DONUT_ALERT_UP:
        return value > row->expected;
    case DONUT_ALERT_DOWN:
        return value < row->expected;
    case DONUT_ALERT_BOTH:
        break;
    }
    return true;
}

/* By surprise, which tells apart what scores of two channels cannot; by score where one of the two
 * has none, or both have the same. */
static bool is_stranger(const struct donut_score_row *row, const struct donut_score_row *than)
{
    const double more = row->surprise - than->surprise;
    return isnan(more) || more == 0 ? row->score > than->score : more > 0;
}

static void extend(struct donut_episode *episode, const struct donut_alert_point *point,
                   const struct donut_score_row *row)
{
    if (episode->points == 0) {
        episode->first = *point;
        episode->cause = DONUT_CAUSE_NONE;
    }
    if (episode->points == 0 || is_stranger(row, &episode->peak_row)) {
        episode->peak = *point;
        episode->peak_row = *row;
        episode->up = !(point->value < row->expected);
    }
    episode->cause |= row->cause;
    episode->last = *point;
    episode->points++;
}

static bool is_silent(const struct donut_alert_options *opt, const struct donut_score_row *row)
{
    return row->status == DONUT_ROW_MISSING ||
           (row->status == DONUT_ROW_WARMUP && !opt->warmup_alarms);
}

static void bear_silence(const struct donut_alert_options *opt, struct donut_alert *alert)
{
    alert->silent++;
    if (opt->silence_points == 0 || alert->silent < opt->silence_points)
        return;
    alert->ended = alert->on;
    alert->on = false;
    if (!alert->ended)
        alert->episode.points = 0;
}

bool donut_alert_step(const struct donut_alert_options *opt, struct donut_alert *alert,
                      const struct donut_alert_point *point, const struct donut_score_row *row)
{
    if (alert->ended)
        *alert = (struct donut_alert){0};
    if (is_silent(opt, row)) {
        bear_silence(opt, alert);
        return alert->on;
    }
    alert->silent = 0;
    if (qualifies(opt, point->value, row)) {
        alert->normal = 0;
        extend(&alert->episode, point, row);
        alert->on = alert->on || alert->episode.points >= opt->for_points;
    } else if (alert->on) {
        alert->normal++;
        alert->ended = alert->normal >= opt->recover_points;
        alert->on = !alert->ended;
    } else {
        alert->episode.points = 0;
    }
    return alert->on;
}
