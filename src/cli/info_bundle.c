#define _XOPEN_SOURCE 700

#include "cli/doubts.h"
#include "cli/info_json.h"
#include "cli/info_table.h"
#include "cli/info_verdicts.h"
#include "cli/io.h"
#include "cli/options.h"
#include "cli/times.h"
#include "data/grid.h"
#include "donut.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One report in either form. */
struct listing {
    const struct donut_info *info;
    const struct donut_bundle *bundle;
    struct donut_text *text;
    struct donut_table table;
    struct donut_json json;
    size_t n, damaged, listed;
    bool failed; /* for want of memory */
};

static void add_headings(struct donut_table *table)
{
    static const char *const names[] = {"KPI",          "interval", "trained from",
                                        "to",           "points",   "validation loss",
                                        "alarms above", "alarms",   "to look at"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        donut_table_add(table, "%s", names[i]);
}

/* What decides, what it found in the validation part, and what is doubtful of that. */
static void add_verdicts(struct donut_table *table, const struct donut_model_info *facts)
{
    const char *doubt = donut_doubt_word(facts);
    char alarms[DONUT_ALARMS_SIZE];
    if (donut_verdicts_by_surprise(facts)) {
        donut_table_add(table, "surprise %.6g", donut_surprise_at(facts->options.risk));
        donut_table_add(table, "%s", donut_alarms_words(facts, alarms));
    } else {
        donut_table_add(table, "score %.6g", facts->threshold);
        donut_table_add(table, "-");
    }
    donut_table_add(table, "%s", doubt ? doubt : "");
}

static void add_row(struct donut_table *table, const char *key, size_t size,
                    const struct donut_model_info *facts)
{
    char quoted[DONUT_QUOTE_SIZE], every[DONUT_INTERVAL_SIZE], time[DONUT_TIME_SIZE];
    donut_table_add(table, "%s", donut_quote(quoted, key, size));
    donut_table_add(table, "%s", donut_interval_describe(facts->interval_ms, every));
    donut_table_add(table, "%.16s", donut_date_words(facts->train_start_ms, time));
    donut_table_add(table, "%.16s", donut_date_words(facts->train_end_ms, time));
    donut_table_add(table, "%zu", facts->train_points);
    donut_table_add(table, "%.6g", facts->best_loss);
    add_verdicts(table, facts);
}

static void add_verdict_members(struct donut_json *json, const struct donut_model_info *facts)
{
    donut_json_word(json, "verdict_by", donut_verdict_word(facts->options.verdict_by));
    if (donut_verdicts_by_surprise(facts)) {
        donut_json_count(json, "judged", facts->normal.judged);
        donut_json_count(json, "alarms", facts->normal.alarms);
    } else {
        donut_json_null(json, "judged");
        donut_json_null(json, "alarms");
    }
    donut_json_word(json, "doubt", donut_doubt_word(facts));
}

static void add_object(struct donut_json *json, const char *key, size_t size,
                       const struct donut_model_info *facts)
{
    donut_json_open(json, NULL, '{');
    donut_json_string(json, "key", key, size);
    donut_json_bool(json, "sound", facts != NULL);
    if (facts) {
        donut_json_number(json, "interval_seconds", (double)facts->interval_ms / 1000);
        donut_json_count(json, "window", facts->options.window);
        donut_json_time(json, "start", facts->train_start_ms);
        donut_json_time(json, "end", facts->train_end_ms);
        donut_json_count(json, "points", facts->train_points);
        donut_json_number(json, "validation_loss", facts->best_loss);
        donut_json_number(json, "risk", facts->options.risk);
        donut_json_number(json, "threshold", facts->threshold);
        add_verdict_members(json, facts);
    }
    donut_json_close(json, '}');
}

static void complain(struct listing *listing, const char *key, size_t size,
                     const struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    listing->damaged++;
    listing->failed = err->status == DONUT_ENOMEM;
    donut_say("donut: %s: KPI '%s': %s", donut_input_name(listing->info->path),
              donut_quote(quoted, key, size), err->text);
}

static void check_model(struct listing *listing, size_t i)
{
    struct donut_model *model = NULL;
    struct donut_model_info facts;
    struct donut_error err = {0};
    size_t size;
    const char *key = donut_bundle_key(listing->bundle, i, &size);
    const bool sound = donut_bundle_model(listing->bundle, i, &model, &err) == DONUT_OK;
    if (sound)
        donut_model_get_info(model, &facts);
    else
        complain(listing, key, size, &err);
    donut_model_free(model);
    if (listing->info->json)
        add_object(&listing->json, key, size, sound ? &facts : NULL);
    else if (sound && (listing->info->all || listing->listed < DONUT_INFO_SHOWN)) {
        add_row(&listing->table, key, size, &facts);
        listing->listed++;
    }
}

static void check_models(struct listing *listing)
{
    for (size_t i = 0; i < listing->n && !listing->failed; i++)
        check_model(listing, i);
}

static void put_text(struct listing *listing)
{
    const struct donut_info *info = listing->info;
    struct donut_text *text = listing->text;
    const char *column = donut_bundle_key_column(listing->bundle);
    char quoted[DONUT_QUOTE_SIZE];
    listing->table = (struct donut_table){.columns = 9, .align = "lrllrrrrl"};
    add_headings(&listing->table);
    check_models(listing);
    donut_info_name(info, text);
    donut_text_print(text, ": a bundle of %zu model%s by the column '%s'\n\n", listing->n,
                     donut_plural(listing->n), donut_quote(quoted, column, strlen(column)));
    donut_info_line(text, "file", "%zu bytes, format version %u", info->size,
                    donut_info_version(info));
    if (listing->damaged > 0)
        donut_info_line(text, "file check", "DAMAGED: %zu of %zu models", listing->damaged,
                        listing->n);
    else
        donut_info_line(text, "file check", "ok");
    if (listing->listed > 0) {
        donut_text_print(text, "\n");
        donut_table_put(&listing->table, text);
    }
    donut_text_free(&listing->table.cells);
    const size_t sound = listing->n - listing->damaged;
    if (listing->listed < sound)
        donut_text_print(text, "  ... and %zu more; --all shows them all\n",
                         sound - listing->listed);
}

static void put_json(struct listing *listing)
{
    struct donut_json *json = &listing->json;
    *json = (struct donut_json){.text = listing->text};
    donut_json_open(json, NULL, '{');
    donut_json_word(json, "type", "bundle");
    donut_json_word(json, "file", listing->info->path);
    donut_json_count(json, "bytes", listing->info->size);
    donut_json_count(json, "format_version", donut_info_version(listing->info));
    donut_json_word(json, "key_column", donut_bundle_key_column(listing->bundle));
    donut_json_count(json, "count", listing->n);
    donut_json_open(json, "models", '[');
    check_models(listing);
    donut_json_close(json, ']');
    donut_json_count(json, "damaged", listing->damaged);
    donut_json_close(json, '}');
}

static int list(const struct donut_info *info, const struct donut_bundle *bundle,
                struct donut_text *text)
{
    struct listing listing = {
        .info = info, .bundle = bundle, .text = text, .n = donut_bundle_count(bundle)};
    if (info->json)
        put_json(&listing);
    else
        put_text(&listing);
    if (listing.failed || listing.damaged == listing.n)
        return DONUT_EXIT_FAILED;
    return listing.damaged > 0 ? DONUT_EXIT_PARTLY : 0;
}

/* Bundles are read from files: what came through a pipe becomes one, without a name. */
static enum donut_status spool(const struct donut_info *info, FILE *file, struct donut_error *err)
{
    if (file && fwrite(info->bytes, 1, info->size, file) == info->size && fflush(file) == 0)
        return DONUT_OK;
    return donut_fail(err, DONUT_EIO, "cannot keep the bundle in a temporary file: %s",
                      strerror(errno));
}

int donut_info_bundle(const struct donut_info *info, const char *path, struct donut_text *text)
{
    struct donut_bundle *bundle = NULL;
    struct donut_error err = {0};
    enum donut_status status = DONUT_OK;
    char spooled[32];
    FILE *file = NULL;
    int exit_status;
    if (!path) {
        file = tmpfile();
        status = spool(info, file, &err);
        snprintf(spooled, sizeof spooled, "/dev/fd/%d", file ? fileno(file) : -1);
        path = spooled;
    }
    if (status == DONUT_OK)
        status = donut_bundle_open(path, &bundle, &err);
    if (status != DONUT_OK)
        exit_status = donut_complain(donut_input_name(info->path), &err);
    else
        exit_status = list(info, bundle, text);
    donut_bundle_close(bundle);
    if (file)
        fclose(file);
    return exit_status;
}
