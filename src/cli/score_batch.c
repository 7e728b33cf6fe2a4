/* Scoring of a file that is there as a whole. */
#include "base/status.h"
#include "cli/kpi.h"
#include "cli/scoring.h"
#include "donut.h"
#include "data/series.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

/* Points scored at once: few at first, so that a pipe sees rows at once; more later, since each
 * time some windows of points before are judged again. */
#define FIRST_BLOCK 64
#define LARGEST_BLOCK 32768
#define GROWTH 4

struct batch {
    struct donut_scoring *scoring;
    struct donut_score_row *rows; /* (LARGEST_BLOCK) */
    const struct donut_series *series;
    struct donut_track track;
};

/* Scores points [begin, end) and hands the rows to the printer. */
static enum donut_status score_block(struct batch *batch, size_t begin, size_t end,
                                     struct donut_error *err)
{
    struct donut_scoring *scoring = batch->scoring;
    const struct donut_series *series = batch->series;
    const enum donut_status status = donut_scorer_score(scoring->scorer, batch->track.model, series,
                                                        begin, end, batch->rows, err);
    for (size_t i = begin; i < end && status == DONUT_OK; i++) {
        const struct donut_feed_point point = {
            .time_ms = donut_series_time_ms(series, i),
            .value = series->value[i],
            .offset_minutes = series->offset_minutes ? series->offset_minutes[i] : 0,
            .label = series->label ? series->label[i] : 0,
            .row = batch->rows[i - begin]};
        donut_printer_point(&scoring->printer, &batch->track, &point);
    }
    return status;
}

/* Alarms that take one point to raise and one to end depend on no other point with a verdict. */
static bool needs_newest_only(const struct donut_score_arguments *arguments)
{
    return arguments->last && arguments->for_points == 1 && arguments->recover_points == 1;
}

/* The newest point of [begin, end), which are scored, that has a verdict; end if none has. */
static size_t find_newest(const struct batch *batch, size_t begin, size_t end)
{
    for (size_t i = end; i-- > begin;)
        if (donut_score_judges(batch->scoring->arguments, batch->rows[i - begin].status))
            return i;
    return end;
}

/* Moves the beginning of the range to the newest point with a verdict, or as far back as an alarm
 * outlasts silence. */
static enum donut_status keep_newest(const struct batch *batch, struct donut_kpi_range *range,
                                     struct donut_error *err)
{
    const struct donut_scoring *scoring = batch->scoring;
    const size_t silence =
        donut_score_alert(scoring->arguments, batch->track.window).silence_points;
    const size_t n = range->to - range->from, most = n < silence ? n : silence;
    batch->scoring->meter.before = batch->scoring->meter.total = 0;
    range->from = range->to - most;
    for (size_t end = range->to, size = 1; end > range->from; size = FIRST_BLOCK) {
        const size_t left = end - range->from, begin = end - (size < left ? size : left);
        const enum donut_status status = donut_scorer_score(
            scoring->scorer, batch->track.model, batch->series, begin, end, batch->rows, err);
        if (status != DONUT_OK)
            return status;
        const size_t newest = find_newest(batch, begin, end);
        if (newest < end)
            range->from = newest;
        end = newest < end ? newest : begin;
    }
    return DONUT_OK;
}

/* Scores a range of the series. DONUT_ECANCELLED: the rows could not be written, which has been
 * said. */
static enum donut_status score_range(struct batch *batch, struct donut_kpi_range range,
                                     struct donut_error *err)
{
    struct donut_scoring *scoring = batch->scoring;
    enum donut_status status = DONUT_OK;
    size_t size = FIRST_BLOCK;
    if (needs_newest_only(scoring->arguments))
        status = keep_newest(batch, &range, err);
    scoring->meter.total = range.to - range.from;
    for (size_t begin = range.from; begin < range.to && status == DONUT_OK;) {
        const size_t left = range.to - begin, end = begin + (size < left ? size : left);
        scoring->meter.before = begin - range.from;
        status = score_block(batch, begin, end, err);
        if (status == DONUT_OK && donut_printer_flush(&scoring->printer) != 0)
            status = DONUT_ECANCELLED;
        begin = end;
        size = GROWTH * size < LARGEST_BLOCK ? GROWTH * size : LARGEST_BLOCK;
    }
    donut_printer_end_track(&scoring->printer, &batch->track);
    return status;
}

static void begin_meter(struct donut_scoring *scoring)
{
    struct donut_talk talk = scoring->arguments->talk;
    /* Rows and the progress line would get in each other's way. */
    if (donut_is_dash(scoring->arguments->output) && isatty(STDOUT_FILENO))
        talk.no_progress = true;
    donut_meter_begin(&scoring->meter, &talk);
}

/* Ends a run whose scoring ended with `status`. */
static int conclude(struct donut_scoring *scoring, enum donut_status status,
                    const struct donut_error *err)
{
    donut_meter_erase(&scoring->meter);
    if (status == DONUT_ECANCELLED)
        return DONUT_EXIT_FAILED;
    if (status != DONUT_OK)
        return donut_complain(status == DONUT_EINPUT ? donut_input_name(scoring->input) : NULL,
                              err);
    const int exit_status = donut_printer_end(&scoring->printer);
    if (exit_status != 0)
        return exit_status;
    donut_scoring_summarise(scoring);
    return donut_scoring_status(scoring);
}

static int score_series(struct batch *batch)
{
    struct donut_scoring *scoring = batch->scoring;
    const struct donut_score_arguments *arguments = scoring->arguments;
    struct donut_error err = {0};
    struct donut_kpi_range range;
    int exit_status = 0;
    if (!donut_kpi_range(scoring->input, batch->series, arguments->from, arguments->to, &range,
                         &exit_status))
        return exit_status;
    enum donut_status status =
        donut_track_aim(&batch->track, scoring->models.single, scoring->scorer, &err);
    if (status != DONUT_OK)
        return donut_complain(NULL, &err);
    begin_meter(scoring);
    donut_printer_begin(&scoring->printer, arguments, batch->series->label != NULL, NULL);
    donut_printer_set_time_format(&scoring->printer, &batch->series->time_format);
    status = score_range(batch, range, &err);
    return conclude(scoring, status, &err);
}

static int score_single(struct batch *batch)
{
    struct donut_scoring *scoring = batch->scoring;
    struct donut_csv_options csv = scoring->arguments->csv;
    struct donut_model_info info;
    int exit_status = 0;
    donut_model_get_info(scoring->models.single, &info);
    csv.expected_interval_ms = info.interval_ms;
    const struct donut_gathered *gathered = &scoring->gathered;
    struct donut_series *series =
        gathered->ended
            ? donut_kpi_parse(scoring->input, gathered->bytes, gathered->size, &csv, &exit_status)
            : donut_kpi_open(scoring->input, scoring->arguments->talk.quiet, &csv, &exit_status);
    if (!series)
        return exit_status;
    if (!scoring->arguments->talk.quiet)
        donut_kpi_describe(scoring->input, series);
    batch->series = series;
    exit_status = score_series(batch);
    donut_series_free(series);
    return exit_status;
}

/* The range of one KPI of many; it may be empty. */
static enum donut_status range_of(const struct donut_series *series,
                                  const struct donut_score_arguments *arguments,
                                  struct donut_kpi_range *range, struct donut_error *err)
{
    enum donut_status status = DONUT_OK;
    *range = (struct donut_kpi_range){0, series->n};
    if (arguments->from)
        status = donut_series_position(series, arguments->from, &range->from, err);
    if (status == DONUT_OK && arguments->to)
        status = donut_series_position(series, arguments->to, &range->to, err);
    if (status == DONUT_OK && range->to < range->from)
        return donut_fail(err, DONUT_EINPUT, "in its %zu points --from %s lies behind --to %s",
                          series->n, arguments->from, arguments->to);
    return status;
}

/* Scores one KPI of a fleet with its model. */
static enum donut_status score_member(struct batch *batch, const struct donut_fleet *fleet,
                                      size_t i, const struct donut_model *model,
                                      struct donut_error *err)
{
    struct donut_scoring *scoring = batch->scoring;
    struct donut_series *series = NULL;
    struct donut_model_info info;
    struct donut_kpi_range range;
    donut_model_get_info(model, &info);
    batch->track = (struct donut_track){0};
    batch->track.key = donut_fleet_key(fleet, i, &batch->track.key_size);
    enum donut_status status = donut_track_aim(&batch->track, model, scoring->scorer, err);
    if (status == DONUT_OK)
        status = donut_fleet_series(fleet, i, 0, info.interval_ms, &series, err);
    if (status == DONUT_OK)
        status = range_of(series, scoring->arguments, &range, err);
    if (status == DONUT_OK) {
        donut_printer_set_time_format(&scoring->printer, &series->time_format);
        batch->series = series;
        status = score_range(batch, range, err);
    }
    donut_series_free(series);
    return status;
}

/* Scores all KPIs that have a model; one that cannot be scored does not keep the others. */
static int score_members(struct batch *batch, const struct donut_fleet *fleet)
{
    struct donut_scoring *scoring = batch->scoring;
    const struct donut_bundle *bundle = scoring->models.bundle;
    enum donut_status status = DONUT_OK;
    struct donut_error err = {0};
    for (size_t i = 0; i < donut_fleet_count(fleet) && status != DONUT_ECANCELLED; i++) {
        struct donut_model *model;
        size_t size, place;
        const char *key = donut_fleet_key(fleet, i, &size);
        if (!donut_bundle_find(bundle, key, size, &place))
            continue;
        const char *file = scoring->models.path;
        status = donut_bundle_model(bundle, place, &model, &err);
        if (status == DONUT_OK) {
            file = scoring->input;
            status = score_member(batch, fleet, i, model, &err);
        }
        donut_model_free(model);
        if (status == DONUT_ENOMEM)
            break;
        if (status == DONUT_OK || status == DONUT_ECANCELLED)
            continue;
        donut_meter_erase(&scoring->meter);
        donut_scoring_leave_out(scoring, file, key, size, &err);
        status = DONUT_OK;
    }
    return conclude(scoring, status, &err);
}

/* Counts the KPIs without a model, or refuses them. */
static int find_unknown(struct donut_scoring *scoring, const struct donut_fleet *fleet)
{
    for (size_t i = 0; i < donut_fleet_count(fleet); i++) {
        size_t size, place;
        const char *key = donut_fleet_key(fleet, i, &size);
        if (donut_bundle_find(scoring->models.bundle, key, size, &place))
            continue;
        if (scoring->arguments->unknown == 1) {
            char quoted[DONUT_QUOTE_SIZE];
            struct donut_error err;
            donut_fail_at(&err, DONUT_EINPUT, donut_fleet_line(fleet, i), 0,
                          "there is no model for KPI '%s'; train one, or leave such KPIs out with "
                          "--unknown skip",
                          donut_quote(quoted, key, size));
            return donut_complain(donut_input_name(scoring->input), &err);
        }
        donut_scoring_unknown(scoring, key, size, donut_fleet_rows(fleet, i), true);
    }
    return 0;
}

static void describe_fleet(const char *input, const struct donut_fleet *fleet)
{
    const size_t n = donut_fleet_count(fleet);
    size_t rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += donut_fleet_rows(fleet, i);
    donut_say("%s: %zu KPI%s, %zu row%s", donut_input_name(input), n, donut_plural(n), rows,
              donut_plural(rows));
}

static enum donut_status read_fleet(const struct donut_scoring *scoring, struct donut_fleet **fleet,
                                    struct donut_error *err)
{
    const struct donut_gathered *gathered = &scoring->gathered;
    struct donut_csv_options csv = scoring->arguments->csv;
    char *bytes = NULL;
    size_t size = 0;
    if (!csv.key_column)
        csv.key_column = donut_bundle_key_column(scoring->models.bundle);
    if (gathered->ended)
        return donut_fleet_read_csv(gathered->bytes, gathered->size, &csv, fleet, err);
    enum donut_status status =
        donut_input_read(scoring->input, scoring->arguments->talk.quiet, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_fleet_read_csv(bytes, size, &csv, fleet, err);
    free(bytes);
    return status;
}

static int score_fleet(struct batch *batch)
{
    struct donut_scoring *scoring = batch->scoring;
    const struct donut_score_arguments *arguments = scoring->arguments;
    struct donut_fleet *fleet = NULL;
    struct donut_error err = {0};
    if (read_fleet(scoring, &fleet, &err) != DONUT_OK)
        return donut_complain(donut_input_name(scoring->input), &err);
    if (!arguments->talk.quiet)
        describe_fleet(scoring->input, fleet);
    int exit_status = find_unknown(scoring, fleet);
    if (exit_status == 0) {
        const char *name = donut_fleet_key_name(fleet);
        begin_meter(scoring);
        donut_printer_begin(&scoring->printer, arguments, donut_fleet_labelled(fleet),
                            name ? name : "key");
        exit_status = score_members(batch, fleet);
    }
    donut_fleet_free(fleet);
    return exit_status;
}

int donut_score_batch(struct donut_scoring *scoring)
{
    struct batch batch = {.scoring = scoring, .rows = malloc(LARGEST_BLOCK * sizeof *batch.rows)};
    struct donut_error err = {0};
    if (!batch.rows) {
        donut_fail_memory(&err);
        return donut_complain(NULL, &err);
    }
    const int exit_status = scoring->models.bundle ? score_fleet(&batch) : score_single(&batch);
    free(batch.rows);
    return exit_status;
}
