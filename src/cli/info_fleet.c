#include "cli/info_kpi.h"
#include "cli/info_table.h"
#include "cli/io.h"
#include "cli/options.h"
#include "donut.h"
#include "data/grid.h"

#include <stdio.h>

/* What is said of one KPI. */
struct member {
    const char *key;
    size_t key_size, rows;
    struct donut_series *series; /* NULL: it cannot be put on a grid, or the range is empty */
    bool gridded;                /* it can be put on a grid */
    struct donut_error err;      /* why there is no series */
    struct donut_diagnosis diagnosis;
};

struct totals {
    size_t kpis, enough;
};

/* Why not, in few words. */
static const char *verdict(const struct member *member)
{
    if (!member->series)
        return member->gridded ? "NO: not in range" : "NO: no grid";
    switch (member->diagnosis.plan.lack) {
    case DONUT_LACK_NONE:
        return "yes";
    case DONUT_LACK_POINTS:
        return "NO: too short";
    case DONUT_LACK_VALUES:
        return "NO: too much missing";
    case DONUT_LACK_CHANGE:
        break;
    }
    return "NO: constant";
}

/* False: no memory, with err set. */
static bool examine(const struct donut_info *info, const struct donut_fleet *fleet, size_t i,
                    struct member *member)
{
    struct donut_kpi_range range;
    *member = (struct member){.rows = donut_fleet_rows(fleet, i)};
    member->key = donut_fleet_key(fleet, i, &member->key_size);
    enum donut_status status =
        donut_fleet_series(fleet, i, info->csv.interval_ms, 0, &member->series, &member->err);
    member->gridded = status == DONUT_OK;
    if (status == DONUT_OK)
        status = donut_kpi_part(member->series, info->from, info->to, &range, &member->err);
    if (status == DONUT_OK)
        status = donut_diagnose(member->series, range, &member->diagnosis, &member->err);
    if (status != DONUT_OK) {
        donut_series_free(member->series);
        member->series = NULL;
    }
    return status != DONUT_ENOMEM;
}

static void add_headings(struct donut_table *table)
{
    static const char *const names[] = {"KPI",    "rows",     "points",      "interval",  "missing",
                                        "season", "strength", "enough data", "to look at"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        donut_table_add(table, "%s", names[i]);
}

/* The words of the warnings, for what has no room for their sentences. */
static const char *list_codes(const struct donut_diagnosis *d, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < d->warnings && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? " " : "", d->warning[i].code);
    return out;
}

static void add_row(struct donut_table *table, const struct member *member)
{
    char codes[DONUT_MOST_WARNINGS * 12];
    const struct donut_diagnosis *d = &member->diagnosis;
    char quoted[DONUT_QUOTE_SIZE], every[DONUT_INTERVAL_SIZE], share[DONUT_SHARE_SIZE];
    donut_table_add(table, "%s", donut_quote(quoted, member->key, member->key_size));
    donut_table_add(table, "%zu", member->rows);
    if (!member->series) {
        for (int i = 0; i < 5; i++)
            donut_table_add(table, "-");
        donut_table_add(table, "%s", verdict(member));
        donut_table_add(table, "%s", member->err.text);
        return;
    }
    donut_table_add(table, "%zu", d->survey.n);
    donut_table_add(table, "%s", donut_interval_describe(d->series->interval_ms, every));
    donut_table_add(table, "%s",
                    donut_share_words((double)d->survey.missing / (double)d->survey.n, share));
    if (d->season.period > 0) {
        donut_table_add(
            table, "%s",
            donut_interval_describe((int64_t)d->season.period * d->series->interval_ms, every));
        donut_table_add(table, "%.2f", d->season.strength);
    } else {
        donut_table_add(table, "none");
        donut_table_add(table, "-");
    }
    donut_table_add(table, "%s", verdict(member));
    donut_table_add(table, "%s", list_codes(d, codes, sizeof codes));
}

static void add_object(struct donut_json *json, const struct member *member)
{
    donut_json_open(json, NULL, '{');
    donut_json_string(json, "key", member->key, member->key_size);
    if (member->series) {
        const struct donut_plan *plan = &member->diagnosis.plan;
        donut_json_bool(json, "enough", plan->lack == DONUT_LACK_NONE);
        donut_json_word(json, "reason", plan->reason[0] ? plan->reason : NULL);
        donut_info_kpi_members(&member->diagnosis, json);
        donut_info_warnings_json(&member->diagnosis, json);
    } else {
        donut_json_bool(json, "enough", false);
        donut_json_word(json, "reason", member->err.text);
        donut_json_count(json, "points", 0);
    }
    donut_json_close(json, '}');
}

static void put_end(const struct donut_info *info, const struct totals *totals, size_t shown,
                    struct donut_text *text)
{
    if (shown < totals->kpis)
        donut_text_print(text, "  ... and %zu more; --all shows them all\n", totals->kpis - shown);
    donut_text_print(text, "\n");
    donut_info_line(text, "enough data", "%zu of %zu KPI%s", totals->enough, totals->kpis,
                    donut_plural(totals->kpis));
    donut_info_label(text, "command");
    donut_info_command(info, NULL, text);
    donut_text_print(text, "\n");
}

static void put_heading(const struct donut_info *info, const struct donut_fleet *fleet,
                        struct donut_text *text)
{
    size_t rows = 0;
    const size_t n = donut_fleet_count(fleet);
    for (size_t i = 0; i < n; i++)
        rows += donut_fleet_rows(fleet, i);
    donut_info_name(info, text);
    donut_text_print(text, ": %zu KPI%s in %zu row%s\n\n", n, donut_plural(n), rows,
                     donut_plural(rows));
}

static int put_text(const struct donut_info *info, const struct donut_fleet *fleet,
                    struct donut_text *text)
{
    struct donut_table table = {.columns = 9, .align = "lrrrrrrll"};
    struct totals totals = {.kpis = donut_fleet_count(fleet)};
    const size_t shown =
        info->all || totals.kpis <= DONUT_INFO_SHOWN ? totals.kpis : DONUT_INFO_SHOWN;
    struct member member = {0};
    put_heading(info, fleet, text);
    add_headings(&table);
    bool good = true;
    for (size_t i = 0; i < totals.kpis && good; i++) {
        good = examine(info, fleet, i, &member);
        totals.enough += member.series && member.diagnosis.plan.lack == DONUT_LACK_NONE;
        if (good && i < shown)
            add_row(&table, &member);
        donut_series_free(member.series);
    }
    donut_table_put(&table, text);
    put_end(info, &totals, shown, text);
    return good ? 0 : donut_complain(donut_input_name(info->path), &member.err);
}

static int put_json(const struct donut_info *info, const struct donut_fleet *fleet,
                    const struct donut_info_columns *columns, struct donut_text *text)
{
    struct donut_json json = {.text = text};
    struct member member = {0};
    const size_t n = donut_fleet_count(fleet);
    size_t enough = 0;
    bool good = true;
    donut_json_open(&json, NULL, '{');
    donut_json_word(&json, "type", "fleet");
    donut_json_word(&json, "file", info->path);
    donut_info_columns_json(columns, &json);
    donut_json_count(&json, "count", n);
    donut_json_open(&json, "kpis", '[');
    for (size_t i = 0; i < n && good; i++) {
        good = examine(info, fleet, i, &member);
        enough += member.series && member.diagnosis.plan.lack == DONUT_LACK_NONE;
        if (good)
            add_object(&json, &member);
        donut_series_free(member.series);
    }
    donut_json_close(&json, ']');
    donut_json_count(&json, "enough", enough);
    donut_json_close(&json, '}');
    return good ? 0 : donut_complain(donut_input_name(info->path), &member.err);
}

int donut_info_fleet(const struct donut_info *info, struct donut_text *text)
{
    struct donut_fleet *fleet = NULL;
    struct donut_info_columns columns = {0};
    struct donut_error err = {0};
    int exit_status;
    if (!donut_kpi_check_positions(info->from, info->to, &exit_status))
        return exit_status;
    if (donut_fleet_read_csv(info->bytes, info->size, &info->csv, &fleet, &err) != DONUT_OK ||
        donut_info_columns_find(info, &columns, &err) != DONUT_OK)
        exit_status = donut_complain(donut_input_name(info->path), &err);
    else if (info->json)
        exit_status = put_json(info, fleet, &columns, text);
    else
        exit_status = put_text(info, fleet, text);
    donut_info_columns_free(&columns);
    donut_fleet_free(fleet);
    return exit_status;
}
