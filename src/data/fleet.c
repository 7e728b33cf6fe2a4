#include "donut.h"
#include "base/arena.h"
#include "base/status.h"
#include "data/series.h"

#include <stdlib.h>
#include <string.h>

struct donut_fleet {
    struct donut_rows rows; /* by KPI, each one's in the order of the file */
    size_t *first;          /* (KPIs + 1) where each one's begin */
};

/* Moves every row to where its KPI's are, in the order they have, and keeps where those begin.
 * Where they are so already, as in a file that has one KPI behind the other, nothing moves. */
static bool group_rows(struct donut_fleet *fleet)
{
    struct donut_rows *rows = &fleet->rows;
    size_t *next = donut_calloc(rows->keys.n + 2, sizeof *next);
    if (!next)
        return false;
    fleet->first = next;
    bool grouped = true;
    for (size_t i = 0; i < rows->n; i++) {
        next[rows->row[i].key + 2]++;
        grouped = grouped && (i == 0 || rows->row[i - 1].key <= rows->row[i].key);
    }
    for (size_t k = 2; k < rows->keys.n + 2; k++)
        next[k] += next[k - 1];
    /* So far next[k + 1] is where KPI k begins; putting its rows there moves that to where it
     * ends. */
    struct donut_row *moved = grouped ? NULL : donut_calloc(rows->n, sizeof *moved);
    if (!grouped && !moved)
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        const size_t place = next[rows->row[i].key + 1]++;
        if (moved)
            moved[place] = rows->row[i];
    }
    if (moved) {
        free(rows->row);
        rows->row = moved;
    }
    return true;
}

enum donut_status donut_fleet_read_csv(const char *bytes, size_t size,
                                       const struct donut_csv_options *opt,
                                       struct donut_fleet **out, struct donut_error *err)
{
    *out = NULL;
    if (!opt || !opt->key_column)
        return donut_fail(err, DONUT_EARGUMENT,
                          "no key column is given (--key); without one a file is one KPI's");
    struct donut_fleet *fleet = donut_calloc(1, sizeof *fleet);
    if (!fleet)
        return donut_fail_memory(err);
    enum donut_status status = donut_rows_read_csv(bytes, size, opt, &fleet->rows, err);
    if (status == DONUT_OK && !group_rows(fleet))
        status = donut_fail_memory(err);
    if (status == DONUT_OK)
        *out = fleet;
    else
        donut_fleet_free(fleet);
    return status;
}

void donut_fleet_free(struct donut_fleet *fleet)
{
    if (!fleet)
        return;
    donut_rows_free(&fleet->rows);
    free(fleet->first);
    free(fleet);
}

size_t donut_fleet_count(const struct donut_fleet *fleet)
{
    return fleet->rows.keys.n;
}

const char *donut_fleet_key(const struct donut_fleet *fleet, size_t i, size_t *size)
{
    if (size)
        *size = fleet->rows.keys.key[i].size;
    return fleet->rows.keys.key[i].text;
}

size_t donut_fleet_rows(const struct donut_fleet *fleet, size_t i)
{
    return fleet->first[i + 1] - fleet->first[i];
}

size_t donut_fleet_line(const struct donut_fleet *fleet, size_t i)
{
    return fleet->rows.row[fleet->first[i]].line;
}

const char *donut_fleet_key_name(const struct donut_fleet *fleet)
{
    return fleet->rows.key_name;
}

bool donut_fleet_labelled(const struct donut_fleet *fleet)
{
    return fleet->rows.labelled;
}

enum donut_status donut_fleet_series(const struct donut_fleet *fleet, size_t i, int64_t interval_ms,
                                     int64_t expected_interval_ms, struct donut_series **out,
                                     struct donut_error *err)
{
    struct donut_rows rows = {.n = donut_fleet_rows(fleet, i),
                              .labelled = fleet->rows.labelled,
                              .format = fleet->rows.format};
    *out = NULL;
    rows.row = donut_calloc(rows.n, sizeof *rows.row);
    if (!rows.row)
        return donut_fail_memory(err);
    memcpy(rows.row, fleet->rows.row + fleet->first[i], rows.n * sizeof *rows.row);
    const enum donut_status status =
        donut_series_build(&rows, interval_ms, expected_interval_ms, out, err);
    donut_rows_free(&rows);
    return status;
}
