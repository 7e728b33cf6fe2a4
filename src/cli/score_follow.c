/* Scoring of a stream: each row as it comes. */
#define _XOPEN_SOURCE 700

#include "base/status.h"
#include "cli/dropped.h"
#include "cli/members.h"
#include "cli/signals.h"
#include "cli/times.h"
#include "data/reader.h"
#include "data/timestamp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536
#define POINTS 256 /* scored in one call */
#define FLOODS_SAID 3

struct follow {
    struct donut_scoring *scoring;
    struct donut_reader *reader;
    struct donut_members members; /* by the reader's number of the key */
    struct donut_member *current; /* the only one that may have rows waiting to be scored */
    struct donut_dropped dropped;
    struct donut_time_format time_format; /* of the rows that wait to be scored */
    size_t floods;                        /* KPIs of which something was said */
    bool begun;                           /* the header of the output is written */
    struct donut_feed_point points[POINTS];
    char bytes[READ_SIZE];
};

static const char *input_name(const struct follow *follow)
{
    return donut_input_name(follow->scoring->input);
}

static void warn_of_age(struct follow *follow, const struct donut_member *member)
{
    const struct donut_score_arguments *arguments = follow->scoring->arguments;
    char age[DONUT_DURATION_SIZE], until[DONUT_TIME_SIZE];
    struct donut_model_info info;
    donut_model_get_info(member->model, &info);
    if (follow->scoring->age_said || !donut_score_warns_of_age(arguments) ||
        member->track.newest.time_ms - info.train_end_ms <= donut_score_max_age(arguments))
        return;
    follow->scoring->age_said = true;
    donut_say("donut: %s: the model has seen nothing after %s, and the points are more than %s "
              "newer: train again, with --init to go on from there",
              donut_input_name(arguments->model), donut_date_words(info.train_end_ms, until),
              donut_duration_words((double)donut_score_max_age(arguments) / 1000, age));
}

/* Says at once, of the first few KPIs, that far too many points are anomalous, or that a change has
 * lasted. */
static void warn_of_flood(struct follow *follow, struct donut_member *member)
{
    const struct donut_scoring *scoring = follow->scoring;
    struct donut_track *track = &member->track;
    const double risk = donut_printer_risk(&scoring->printer, track);
    const unsigned reasons = (donut_tally_floods(&track->tally, risk) ? 1u : 0u) +
                             (donut_tally_has_changed(&track->tally) ? 1u : 0u);
    struct donut_flood flood = {0};
    if (reasons <= track->tally.said || (track->tally.said == 0 && follow->floods == FLOODS_SAID))
        return;
    donut_flood_note(&flood, &track->tally, risk, track->key, track->key_size);
    follow->floods += track->tally.said == 0;
    track->tally.said = reasons;
    donut_scoring_say_flood(scoring, &flood);
    donut_flood_free(&flood);
}

static void set_time_format(struct follow *follow, const struct donut_member *member,
                            int64_t time_ms)
{
    struct donut_time_format format = follow->time_format;
    struct donut_model_info info;
    donut_model_get_info(member->model, &info);
    donut_time_format_widen(&format, time_ms);
    donut_time_format_widen(&format, info.interval_ms);
    donut_printer_set_time_format(&follow->scoring->printer, &format);
}

/* Scores and prints what the current KPI has waiting. One of several that cannot be scored is said,
 * and does without a model from then on. */
static enum donut_status drain(struct follow *follow, struct donut_error *err)
{
    struct donut_scoring *scoring = follow->scoring;
    struct donut_member *member = follow->current;
    size_t n = 0;
    if (!member || !member->feed)
        return DONUT_OK;
    do {
        const enum donut_status status =
            donut_feed_score(scoring->scorer, member->feed, follow->points, POINTS, &n, err);
        if (n > 0)
            set_time_format(follow, member, follow->points[0].time_ms);
        for (size_t i = 0; i < n; i++)
            donut_printer_point(&scoring->printer, &member->track, &follow->points[i]);
        if (n > 0)
            warn_of_age(follow, member);
        if (n > 0)
            warn_of_flood(follow, member);
        if (status == DONUT_OK)
            continue;
        if (!member->track.key)
            return status;
        donut_members_leave_out(&follow->members, member, scoring->input, err);
        return DONUT_OK;
    } while (n > 0);
    return DONUT_OK;
}

/* The KPI that a row belongs to, with its model if there is one. What waits of another KPI is
 * scored first, so that rows come out as they came in. DONUT_EINPUT: there should be a model. */
static enum donut_status turn_to(struct follow *follow, const struct donut_row *row,
                                 struct donut_error *err)
{
    struct donut_scoring *scoring = follow->scoring;
    struct donut_key key = {0};
    if (scoring->models.bundle)
        key = donut_reader_records(follow->reader)->keys.key[row->key];
    struct donut_member *member = donut_members_get(&follow->members, row->key, key.text, key.size);
    if (!member)
        return donut_fail_memory(err);
    const enum donut_status status = member == follow->current ? DONUT_OK : drain(follow, err);
    if (status != DONUT_OK)
        return status;
    follow->current = member;
    if (member->generation != follow->members.generation)
        donut_members_refresh(&follow->members, member);
    if (member->feed || member->left_out)
        return DONUT_OK;
    if (scoring->arguments->unknown == 1) {
        char quoted[DONUT_QUOTE_SIZE];
        return donut_fail_at(err, DONUT_EINPUT, row->line, 0,
                             "there is no model for KPI '%s'; train one, or leave such KPIs out "
                             "with --unknown skip",
                             donut_quote(quoted, key.text, key.size));
    }
    donut_scoring_unknown(scoring, key.text, key.size, 1, !member->unknown_counted);
    member->unknown_counted = true;
    return DONUT_OK;
}

static bool same_format(const struct donut_time_format *a, const struct donut_time_format *b)
{
    return a->kind == b->kind && a->decimals == b->decimals && a->separator == b->separator &&
           a->seconds == b->seconds && a->zone == b->zone;
}

static enum donut_status take_row(struct follow *follow, const struct donut_row *row,
                                  struct donut_error *err)
{
    const struct donut_time_format *format = &donut_reader_records(follow->reader)->format;
    const struct donut_feed_point point = {.time_ms = row->time_ms,
                                           .value = row->value,
                                           .offset_minutes = row->offset_minutes,
                                           .label = row->label};
    enum donut_arrival arrival = DONUT_ARRIVAL_FULL;
    struct donut_model_info info;
    enum donut_status status = DONUT_OK;
    /* Rows before the first one with a fraction of a second come out without one, however many of
     * them are read at once. */
    if (!same_format(&follow->time_format, format))
        status = drain(follow, err);
    follow->time_format = *format;
    if (status == DONUT_OK)
        status = turn_to(follow, row, err);
    while (status == DONUT_OK && follow->current->feed && arrival == DONUT_ARRIVAL_FULL) {
        arrival = donut_feed_push(follow->current->feed, &point);
        if (arrival == DONUT_ARRIVAL_FULL)
            status = drain(follow, err);
    }
    if (status != DONUT_OK || !follow->current->model)
        return status;
    donut_model_get_info(follow->current->model, &info);
    donut_dropped_count(&follow->dropped, arrival, input_name(follow), info.interval_ms);
    return DONUT_OK;
}

/* Writes the header as soon as it is known what the input has. */
static void begin(struct follow *follow)
{
    struct donut_scoring *scoring = follow->scoring;
    const struct donut_records *records = donut_reader_records(follow->reader);
    const char *key_name = NULL;
    if (follow->begun || !records)
        return;
    follow->begun = true;
    if (scoring->models.bundle)
        key_name = records->key_name ? records->key_name : "key";
    donut_printer_begin(&scoring->printer, scoring->arguments, records->labelled, key_name);
}

/* Complains, but not before what is there is out. Returns the exit status. */
static int give_up(struct follow *follow, const struct donut_error *why)
{
    struct donut_error again;
    (void)drain(follow, &again);
    if (follow->begun)
        donut_printer_flush(&follow->scoring->printer);
    return donut_complain(input_name(follow), why);
}

/* Scores all rows that are there. Returns the exit status. */
static int take_rows(struct follow *follow)
{
    struct donut_error err = {0};
    struct donut_row row;
    for (;;) {
        const enum donut_reading reading = donut_reader_next(follow->reader, &row, &err);
        begin(follow);
        if (reading == DONUT_READING_FAILED)
            return give_up(follow, &err);
        if (reading == DONUT_READING_MORE)
            break;
        if (reading == DONUT_READING_BAD) {
            donut_dropped_bad(&follow->dropped, input_name(follow), &err);
            follow->scoring->partly = true;
        } else if (take_row(follow, &row, &err) != DONUT_OK) {
            return give_up(follow, &err);
        }
    }
    if (drain(follow, &err) != DONUT_OK)
        return give_up(follow, &err);
    return donut_printer_flush(&follow->scoring->printer);
}

/* Opens the models again, as the file is now. If that fails, the old ones stay in use. */
static void reload(struct follow *follow)
{
    struct donut_scoring *scoring = follow->scoring;
    const char *path = scoring->arguments->model;
    struct donut_models models = {0};
    struct donut_error err = {0};
    enum donut_status status =
        donut_is_dash(path) ? donut_fail(&err, DONUT_EIO,
                                         "the model came from standard input: it cannot be read "
                                         "again")
                            : donut_models_open(path, true, &models, &err);
    if (status == DONUT_OK && !models.bundle != !scoring->models.bundle)
        status = donut_fail(&err, DONUT_EMODEL, "it is %s now",
                            models.bundle ? "a bundle" : "the model of one KPI");
    if (status == DONUT_OK && models.single) {
        status = donut_members_give(&follow->members, follow->members.at[0], models.single, &err);
        models.single = NULL;
    }
    if (status != DONUT_OK) {
        donut_complain(donut_input_name(path), &err);
        donut_say("donut: %s: the old model stays in use", donut_input_name(path));
        donut_models_close(&models);
        return;
    }
    if (models.bundle) {
        donut_models_close(&scoring->models);
        scoring->models = models;
        follow->members.generation++;
    }
    follow->scoring->age_said = false;
    if (!scoring->arguments->talk.quiet)
        donut_say("donut: %s: read again", path);
}

static int fail_to_read(const struct follow *follow)
{
    struct donut_error err;
    donut_fail(&err, DONUT_EIO, "cannot read: %s", strerror(errno));
    return donut_complain(input_name(follow), &err);
}

/* Scores `size` more bytes of the input; 0: it has ended. Returns the exit status. */
static int take_bytes(struct follow *follow, const char *bytes, size_t size)
{
    struct donut_error err = {0};
    if (size == 0)
        donut_reader_end(follow->reader);
    else if (donut_reader_feed(follow->reader, bytes, size, &err) != DONUT_OK)
        return give_up(follow, &err);
    return take_rows(follow);
}

/* Bytes of the input, *n of them: what was gathered first, in pieces. *n = 0: it has ended. */
static const char *next_bytes(struct follow *follow, size_t *at, ssize_t *n)
{
    struct donut_gathered *gathered = &follow->scoring->gathered;
    const size_t left = gathered->size - *at;
    if (left > 0) {
        const char *bytes = gathered->bytes + *at;
        *n = (ssize_t)(left < READ_SIZE ? left : READ_SIZE);
        *at += (size_t)*n;
        return bytes;
    }
    donut_gathered_drop(gathered);
    *at = 0;
    *n = read(gathered->fd, follow->bytes, READ_SIZE);
    return follow->bytes;
}

/* Reads and scores until the input ends or a signal asks to stop. Returns the exit status. */
static int read_on(struct follow *follow)
{
    const struct donut_gathered *gathered = &follow->scoring->gathered;
    int exit_status = 0;
    size_t at = 0;
    while (exit_status == 0) {
        const enum donut_wait wait =
            donut_signals_await(gathered->fd, at < gathered->size ? 0 : -1);
        if (wait == DONUT_WAIT_STOP)
            return 0;
        if (wait == DONUT_WAIT_RELOAD) {
            reload(follow);
            continue;
        }
        ssize_t n;
        const char *bytes = next_bytes(follow, &at, &n);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return fail_to_read(follow);
        if (n >= 0)
            exit_status = take_bytes(follow, bytes, (size_t)n);
        if (n == 0)
            return exit_status;
    }
    return exit_status;
}

static void summarise(const struct follow *follow)
{
    donut_scoring_summarise(follow->scoring);
    if (!follow->scoring->arguments->talk.quiet)
        donut_dropped_describe(&follow->dropped, input_name(follow));
}

static int finish(struct follow *follow)
{
    struct donut_scoring *scoring = follow->scoring;
    for (size_t i = 0; i < follow->members.n; i++) {
        struct donut_member *member = follow->members.at[i];
        if (member && member->model)
            donut_printer_end_track(&scoring->printer, &member->track);
    }
    const int exit_status = follow->begun ? donut_printer_end(&scoring->printer) : 0;
    if (exit_status != 0)
        return exit_status;
    summarise(follow);
    /* Who did not ask for a stream expects all rows to be scored. */
    const struct donut_dropped *dropped = &follow->dropped;
    if (!scoring->arguments->follow && dropped->repeated + dropped->late + dropped->far > 0)
        scoring->partly = true;
    return donut_scoring_status(scoring);
}

/* Makes the reader, and gives the only member its model. */
static enum donut_status prepare(struct follow *follow, struct donut_error *err)
{
    struct donut_scoring *scoring = follow->scoring;
    struct donut_csv_options csv = scoring->arguments->csv;
    if (scoring->models.bundle && !csv.key_column)
        csv.key_column = donut_bundle_key_column(scoring->models.bundle);
    enum donut_status status = donut_reader_new(&csv, &follow->reader, err);
    if (status != DONUT_OK || !scoring->models.single)
        return status;
    struct donut_member *member = donut_members_get(&follow->members, 0, NULL, 0);
    if (!member)
        return donut_fail_memory(err);
    member->generation = follow->members.generation;
    struct donut_model *model = scoring->models.single;
    scoring->models.single = NULL;
    return donut_members_give(&follow->members, member, model, err);
}

static void release(struct follow *follow)
{
    donut_members_free(&follow->members);
    donut_reader_free(follow->reader);
    free(follow);
}

int donut_score_follow(struct donut_scoring *scoring)
{
    struct donut_error err = {0};
    struct follow *follow = calloc(1, sizeof *follow);
    if (!follow) {
        donut_fail_memory(&err);
        return donut_complain(NULL, &err);
    }
    follow->scoring = scoring;
    scoring->printer.announces = true;
    scoring->printer.output.await_room = donut_signals_await_room;
    follow->members = (struct donut_members){.scoring = scoring, .generation = 1};
    enum donut_status status = prepare(follow, &err);
    int exit_status = status == DONUT_OK ? read_on(follow)
                                         : donut_complain(donut_input_name(scoring->input), &err);
    if (exit_status == 0)
        exit_status = finish(follow);
    release(follow);
    return exit_status;
}
