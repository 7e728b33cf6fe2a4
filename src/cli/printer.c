#include "cli/printer.h"

#include "cli/signals.h"
#include "data/timestamp.h"

#include <math.h>
#include <stdlib.h>

int donut_value_places(double std)
{
    return 6 - (int)ceil(log10(std));
}

enum donut_status donut_track_aim(struct donut_track *track, const struct donut_model *model,
                                  const struct donut_scorer *scorer, struct donut_error *err)
{
    struct donut_model_info info;
    donut_model_get_info(model, &info);
    track->model = model;
    track->window = info.options.window;
    track->tally = (struct donut_tally){0};
    track->places = donut_value_places(info.std);
    return donut_scorer_rule(scorer, model, &track->rule, err);
}

void donut_printer_begin(struct donut_printer *printer,
                         const struct donut_score_arguments *arguments, bool labelled,
                         const char *key_name)
{
    printer->arguments = arguments;
    printer->format = donut_score_format(arguments);
    printer->format.key_name = key_name;
    printer->format.labelled = labelled;
    printer->writer =
        (struct donut_writer){.format = &printer->format, .text = &printer->output.text};
    if (arguments->events)
        donut_writer_begin_episodes(&printer->writer);
    else
        donut_writer_begin(&printer->writer);
}

void donut_printer_set_time_format(struct donut_printer *printer,
                                   const struct donut_time_format *time_format)
{
    printer->time_format = *time_format;
    printer->format.time_is_number = time_format->kind != DONUT_TIME_ISO;
}

static void put_row(struct donut_printer *printer, const struct donut_track *track,
                    const struct donut_feed_point *point)
{
    char time[DONUT_TIME_SIZE];
    const struct donut_record record = {
        .key = track->key,
        .key_size = track->key_size,
        .time = time,
        .time_size =
            donut_time_write(&printer->time_format, point->time_ms, point->offset_minutes, time),
        .time_ms = point->time_ms,
        .value = point->value,
        .row = point->row,
        .threshold = track->rule.threshold,
        .surprise_threshold = track->rule.surprise,
        .places = track->places,
        .label = printer->format.labelled ? point->label : -1,
    };
    donut_writer_record(&printer->writer, &record);
}

static void put_episode(struct donut_printer *printer, const struct donut_track *track,
                        bool ongoing)
{
    const struct donut_episode_record record = {
        .key = track->key,
        .key_size = track->key_size,
        .episode = &track->alert.episode,
        .time_format = &printer->time_format,
        .ongoing = ongoing,
        .places = track->places,
    };
    donut_writer_episode(&printer->writer, &record);
}

/* x in units of 10^-places, rounded up or down; as it is where doubles are no finer than that. */
static double round_to(double x, int places, double (*whole)(double))
{
    const double power = pow(10, abs(places));
    const double units = whole(places >= 0 ? x * power : x / power);
    if (!(fabs(units) < 0x1p53))
        return x;
    return places >= 0 ? units / power : units * power;
}

/* The band of a verdict, rounded inwards: what is printed holds no anomaly, either. */
static void round_band(struct donut_score_row *row, int places)
{
    const double lower = round_to(row->lower, places, ceil);
    const double upper = round_to(row->upper, places, floor);
    if (lower <= upper) {
        row->lower = lower;
        row->upper = upper;
    }
}

static void count(struct donut_printer *printer, const struct donut_score_row *row)
{
    const bool judged = donut_score_judges(printer->arguments, row->status);
    printer->totals.points++;
    printer->totals.missing += row->status == DONUT_ROW_MISSING;
    printer->totals.warmup += row->status == DONUT_ROW_WARMUP;
    printer->totals.anomalies += row->anomaly && judged;
    printer->totals.warmup_anomalies += row->anomaly && judged && row->status == DONUT_ROW_WARMUP;
    printer->totals.silent += row->anomaly && !judged;
}

static void tally(struct donut_track *track, const struct donut_score_arguments *arguments,
                  const struct donut_score_row *row)
{
    if (donut_score_judges(arguments, row->status))
        donut_tally_count(&track->tally, row->anomaly, row->lasting);
}

void donut_printer_point(struct donut_printer *printer, struct donut_track *track,
                         const struct donut_feed_point *point)
{
    const struct donut_score_arguments *arguments = printer->arguments;
    const struct donut_alert_options opt = donut_score_alert(arguments, track->window);
    const struct donut_alert_point arrival = {
        .time_ms = point->time_ms, .offset_minutes = point->offset_minutes, .value = point->value};
    const bool was_on = track->alert.on;
    struct donut_feed_point shaped = *point;
    if (!isnan(track->rule.surprise))
        round_band(&shaped.row, track->places);
    shaped.row.anomaly = donut_alert_step(&opt, &track->alert, &arrival, &shaped.row);
    if (!shaped.row.anomaly)
        shaped.row.cause = DONUT_CAUSE_NONE;
    track->newest = shaped;
    track->has_newest = true;
    if (arguments->last)
        return;
    count(printer, &shaped.row);
    tally(track, arguments, &point->row);
    if (!arguments->events)
        put_row(printer, track, &shaped);
    else if (track->alert.ended)
        put_episode(printer, track, false);
    else if (printer->announces && track->alert.on && !was_on)
        put_episode(printer, track, true);
}

double donut_printer_risk(const struct donut_printer *printer, const struct donut_track *track)
{
    const struct donut_score_options *opt = &printer->arguments->score;
    struct donut_model_info info;
    donut_model_get_info(track->model, &info);
    if (!isnan(opt->threshold))
        return NAN;
    return opt->risk > 0 ? opt->risk : info.options.risk;
}

void donut_printer_end_track(struct donut_printer *printer, struct donut_track *track)
{
    const struct donut_score_arguments *arguments = printer->arguments;
    struct donut_model_info info;
    if (!track->has_newest)
        return;
    if (arguments->last) {
        count(printer, &track->newest.row);
        tally(track, arguments, &track->newest.row);
    }
    if (arguments->events && track->alert.on)
        put_episode(printer, track, true);
    else if (arguments->last && !arguments->events)
        put_row(printer, track, &track->newest);
    donut_model_get_info(track->model, &info);
    track->has_newest = false;
    track->alert = (struct donut_alert){0};
    donut_flood_note(&printer->flood, &track->tally, donut_printer_risk(printer, track), track->key,
                     track->key_size);
    printer->totals.alarming += track->newest.row.anomaly;
    printer->totals.aged +=
        track->newest.time_ms - info.train_end_ms > donut_score_max_age(arguments);
}

int donut_printer_flush(struct donut_printer *printer)
{
    struct donut_error err = {0};
    if (donut_output_flush(&printer->output, &err) == DONUT_OK)
        return 0;
    return donut_complain(donut_output_name(printer->output.path), &err);
}

int donut_printer_end(struct donut_printer *printer)
{
    struct donut_error err = {0};
    if (!printer->arguments->events)
        donut_writer_end(&printer->writer);
    printer->totals.left_out = printer->writer.left_out;
    const size_t left_out = printer->writer.left_out;
    if (left_out > 0 && printer->format.kind == DONUT_FORMAT_PROMETHEUS)
        donut_say("donut: %zu KPI%s left out: the name%s is another one's in this format, which is "
                  "UTF-8",
                  left_out, left_out == 1 ? " was" : "s were", donut_plural(left_out));
    else if (left_out > 0)
        donut_say("donut: %zu point%s left out: this format has no times so far from 1970",
                  left_out, left_out == 1 ? " was" : "s were");
    /* A signal now would leave a half-written file beside the old one. */
    if (donut_output_is_file(printer->output.path))
        donut_signals_count();
    if (donut_output_end(&printer->output, &err) == DONUT_OK)
        return 0;
    return donut_complain(donut_output_name(printer->output.path), &err);
}

void donut_printer_free(struct donut_printer *printer)
{
    donut_writer_free(&printer->writer);
    donut_output_free(&printer->output);
    donut_flood_free(&printer->flood);
}

static void put_rule(const struct donut_rule *rule, struct donut_text *text)
{
    if (isnan(rule->surprise))
        donut_text_print(text, " above the threshold %.6g", rule->threshold);
    else
        donut_text_print(text, " above surprise %.6g", rule->surprise);
}

void donut_printer_describe(const struct donut_printer *printer, const struct donut_rule *rule,
                            struct donut_text *text)
{
    const size_t points = printer->totals.points, anomalies = printer->totals.anomalies;
    donut_text_print(text, "%zu of %zu point%s scored", points - printer->totals.missing, points,
                     donut_plural(points));
    if (printer->totals.warmup > 0)
        donut_text_print(text, ", %zu of them in warm-up", printer->totals.warmup);
    donut_text_print(text, "; %zu anomal%s", anomalies, anomalies == 1 ? "y" : "ies");
    if (rule)
        put_rule(rule, text);
    if (printer->totals.warmup_anomalies > 0)
        donut_text_print(text, ", %zu of them in warm-up", printer->totals.warmup_anomalies);
    if (printer->totals.silent > 0)
        donut_text_print(text, "; an alarm was on at %zu point%s without a verdict",
                         printer->totals.silent, donut_plural(printer->totals.silent));
}
