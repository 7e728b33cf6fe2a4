#include "data/latents.h"

#include "base/arena.h"
#include "base/status.h"
#include "data/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The columns of a header; later ones are of no interest. */
struct header {
    size_t *number; /* (width) k of column z_k, 0 = another column */
    size_t width, capacity, latent;
};

/* k of a cell "z_k", 1 <= k; 0: it is none. Numbers that are too large for any K stay so. */
static size_t number_of(const struct donut_cell *cell)
{
    size_t number = 0;
    if (cell->size < 3 || (cell->text[0] != 'z' && cell->text[0] != 'Z') || cell->text[1] != '_' ||
        cell->text[2] == '0')
        return 0;
    for (size_t i = 2; i < cell->size; i++) {
        if (cell->text[i] < '0' || cell->text[i] > '9')
            return 0;
        if (number <= DONUT_MAX_WIDTH)
            number = 10 * number + (size_t)(cell->text[i] - '0');
    }
    return number;
}

/* `seen` (K + 1): the 1-based column that z_k was found in, 0 = not yet. */
static enum donut_status take_name(const struct donut_cell *cell, struct header *header,
                                   size_t *seen, struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    const size_t k = number_of(cell);
    size_t *grown =
        donut_csv_grow(header->number, header->width, &header->capacity, sizeof *header->number);
    if (!grown)
        return donut_fail_memory(err);
    header->number = grown;
    header->number[header->width++] = k;
    if (k > header->latent)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "there is a column %s, but the model's z has %zu numbers: these are "
                             "another model's",
                             donut_quote(quoted, cell->text, cell->size), header->latent);
    if (k > 0 && seen[k] > 0)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "columns %zu and %zu are both z_%zu; rename one", seen[k],
                             cell->column, k);
    seen[k] = k > 0 ? cell->column : 0;
    return DONUT_OK;
}

static enum donut_status read_header(struct donut_csv *csv, struct header *header, size_t *seen,
                                     struct donut_error *err)
{
    struct donut_cell cell;
    if (!donut_csv_more(csv))
        return donut_fail(err, DONUT_EINPUT, "the input is empty; expected a header with %s%zu",
                          header->latent > 1 ? "z_1 to z_" : "z_", header->latent);
    for (bool last = false; !last;) {
        enum donut_status status = donut_csv_cell(csv, &cell, &last, err);
        if (status == DONUT_OK)
            status = take_name(&cell, header, seen, err);
        if (status != DONUT_OK)
            return status;
    }
    for (size_t k = 1; k <= header->latent; k++)
        if (seen[k] == 0)
            return donut_fail_at(err, DONUT_EINPUT, csv->line, 0,
                                 "no column is named z_%zu; the model's z has %zu number%s, and "
                                 "the first line must name a column for each",
                                 k, header->latent, header->latent == 1 ? "" : "s");
    return DONUT_OK;
}

static enum donut_status parse_number(const struct donut_cell *cell, size_t k, double *z,
                                      struct donut_error *err)
{
    char role[32];
    snprintf(role, sizeof role, "z_%zu", k);
    const enum donut_status status = donut_cell_number(cell, role, z, err);
    if (status == DONUT_OK && isnan(*z))
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "z_%zu is missing; every row needs all of z", k);
    return status;
}

/* Reads the record that begins here.   z (K) */
static enum donut_status read_record(struct donut_csv *csv, const struct header *header, double *z,
                                     struct donut_error *err)
{
    struct donut_cell cell;
    for (bool last = false; !last;) {
        enum donut_status status = donut_csv_cell(csv, &cell, &last, err);
        const size_t k = csv->column <= header->width ? header->number[csv->column - 1] : 0;
        if (status == DONUT_OK && k > 0)
            status = parse_number(&cell, k, &z[k - 1], err);
        if (status != DONUT_OK)
            return status;
    }
    if (csv->column != header->width)
        return donut_fail_at(err, DONUT_EINPUT, csv->line, 0,
                             "expected %zu fields as in the first line, found %zu", header->width,
                             csv->column);
    return DONUT_OK;
}

static bool grow(struct donut_latents *latents, size_t latent)
{
    double *z =
        donut_csv_grow(latents->z, latents->n, &latents->z_capacity, latent * sizeof *latents->z);
    if (z)
        latents->z = z;
    size_t *line =
        donut_csv_grow(latents->line, latents->n, &latents->line_capacity, sizeof *latents->line);
    if (line)
        latents->line = line;
    return z && line;
}

static enum donut_status read_records(struct donut_csv *csv, const struct header *header,
                                      struct donut_latents *latents, struct donut_error *err)
{
    while (donut_csv_more(csv)) {
        if (!grow(latents, header->latent))
            return donut_fail_memory(err);
        const enum donut_status status =
            read_record(csv, header, latents->z + latents->n * header->latent, err);
        if (status != DONUT_OK)
            return status;
        latents->line[latents->n++] = csv->line;
    }
    if (latents->n == 0)
        return donut_fail(err, DONUT_EINPUT, "there is no row after the header");
    return DONUT_OK;
}

enum donut_status donut_latents_read_csv(const char *bytes, size_t size, size_t latent,
                                         struct donut_latents *latents, struct donut_error *err)
{
    struct donut_csv csv;
    struct header header = {.latent = latent};
    enum donut_status status = donut_csv_open(&csv, bytes, size, err);
    if (status != DONUT_OK)
        return status;
    size_t *seen = donut_calloc(latent + 1, sizeof *seen);
    status = seen ? read_header(&csv, &header, seen, err) : donut_fail_memory(err);
    free(seen);
    if (status == DONUT_OK)
        status = read_records(&csv, &header, latents, err);
    free(header.number);
    return status;
}

void donut_latents_free(struct donut_latents *latents)
{
    free(latents->z);
    free(latents->line);
    *latents = (struct donut_latents){0};
}
