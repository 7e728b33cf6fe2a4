#include "data/csv.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

static size_t count_newlines(const char *at, const char *end)
{
    size_t n = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        n++;
    }
    return n;
}

static bool begins_with(const struct donut_csv *csv, const char *magic, size_t size)
{
    return (size_t)(csv->end - csv->at) >= size && memcmp(csv->at, magic, size) == 0;
}

enum donut_status donut_csv_open(struct donut_csv *csv, const char *bytes, size_t size,
                                 struct donut_error *err)
{
    if (size == 0)
        bytes = "";
    *csv = (struct donut_csv){.at = bytes, .end = bytes + size, .line = 1, .next_line = 1};
    if (begins_with(csv, "\x1f\x8b", 2))
        return donut_fail(err, DONUT_EINPUT,
                          "the input is compressed with gzip; decompress it first, with zcat for "
                          "example");
    if (begins_with(csv, "donutVAE", 8))
        return donut_fail(err, DONUT_EINPUT,
                          "the input is a donut model, no CSV; donut score takes it with -m");
    if (begins_with(csv, "donutSET", 8))
        return donut_fail(err, DONUT_EINPUT,
                          "the input is a bundle of donut models, no CSV; donut score takes it "
                          "with -m");
    if (begins_with(csv, "\xff\xfe", 2) || begins_with(csv, "\xfe\xff", 2))
        return donut_fail(err, DONUT_EINPUT,
                          "the input is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE");
    const char *nul = memchr(csv->at, '\0', size);
    if (nul)
        return donut_fail_at(err, DONUT_EINPUT, 1 + count_newlines(csv->at, nul), 0,
                             "there is a NUL byte, so the input is no CSV text; expected lines of "
                             "timestamp,value");
    if (begins_with(csv, "\xef\xbb\xbf", 3))
        csv->at += 3;
    return DONUT_OK;
}

static void end_line(struct donut_csv *csv)
{
    if (csv->at == csv->end)
        return;
    if (*csv->at++ == '\r' && csv->at < csv->end && *csv->at == '\n')
        csv->at++;
    csv->next_line++;
}

bool donut_csv_more(struct donut_csv *csv)
{
    for (;;) {
        const char *at = skip_blanks(csv->at, csv->end);
        if (at == csv->end)
            return false;
        if (!ends_line(*at))
            break;
        csv->at = at;
        end_line(csv);
    }
    csv->line = csv->next_line;
    csv->column = 0;
    return true;
}

/* `start` is behind the opening quote. */
static enum donut_status read_quoted(struct donut_csv *csv, const char *start,
                                     struct donut_cell *cell, struct donut_error *err)
{
    const char *quote = start;
    for (;; quote += 2) {
        quote = memchr(quote, '"', (size_t)(csv->end - quote));
        if (!quote)
            return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                                 "a quote (\") opens here and never closes");
        if (csv->end - quote < 2 || quote[1] != '"')
            break;
    }
    cell->text = start;
    cell->size = (size_t)(quote - start);
    cell->quoted = true;
    csv->next_line += count_newlines(start, quote);
    csv->at = skip_blanks(quote + 1, csv->end);
    if (csv->at < csv->end && *csv->at != ',' && !ends_line(*csv->at))
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "there is text behind the closing quote (\"); a quote inside a quoted "
                             "field is written twice");
    return DONUT_OK;
}

static void read_bare(struct donut_csv *csv, const char *start, struct donut_cell *cell)
{
    const char *at = start;
    while (at < csv->end && *at != ',' && !ends_line(*at))
        at++;
    csv->at = at;
    while (at > start && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    cell->text = start;
    cell->size = (size_t)(at - start);
    cell->quoted = false;
}

enum donut_status donut_csv_cell(struct donut_csv *csv, struct donut_cell *cell, bool *last,
                                 struct donut_error *err)
{
    const char *start = skip_blanks(csv->at, csv->end);
    cell->line = csv->line;
    cell->column = ++csv->column;
    if (start < csv->end && *start == '"') {
        const enum donut_status status = read_quoted(csv, start + 1, cell, err);
        if (status != DONUT_OK)
            return status;
    } else {
        read_bare(csv, start, cell);
    }
    *last = csv->at == csv->end || *csv->at != ',';
    if (*last)
        end_line(csv);
    else
        csv->at++;
    return DONUT_OK;
}

enum donut_status donut_csv_record(struct donut_csv *csv, const size_t *wanted, size_t n,
                                   struct donut_cell *cells, struct donut_error *err)
{
    for (bool last = false; !last;) {
        struct donut_cell cell;
        const enum donut_status status = donut_csv_cell(csv, &cell, &last, err);
        if (status != DONUT_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            if (wanted[i] == cell.column - 1)
                cells[i] = cell;
    }
    if (csv->column != csv->width)
        return donut_fail_at(err, DONUT_EINPUT, csv->line, 0,
                             "expected %zu fields as in the first line, found %zu", csv->width,
                             csv->column);
    return DONUT_OK;
}

/* Returns where a bare cell ends; NULL if it is quoted or begins with a blank. */
static const char *skip_bare(const char *at, const char *end)
{
    if (at < end && (*at == '"' || *at == ' ' || *at == '\t'))
        return NULL;
    while (at < end && *at != ',' && !ends_line(*at))
        at++;
    return at;
}

const char *donut_csv_skip_bare(const char *at, const char *end, size_t n)
{
    for (; n > 0; n--) {
        at = skip_bare(at, end);
        if (!at || at == end || *at++ != ',')
            return NULL;
    }
    return at;
}

bool donut_csv_end_bare(struct donut_csv *csv, const char *at, size_t n)
{
    if (n > 0)
        at = donut_csv_skip_bare(at, csv->end, n - 1);
    if (n > 0 && at)
        at = skip_bare(at, csv->end);
    if (!at || (at < csv->end && !ends_line(*at)))
        return false;
    csv->at = at;
    end_line(csv);
    return true;
}

void *donut_csv_grow(void *array, size_t n, size_t *capacity, size_t item_size)
{
    if (n < *capacity)
        return array;
    if (n > SIZE_MAX / 2 / item_size - 512)
        return NULL;
    const size_t wanted = 2 * n + 512;
    void *moved = realloc(array, wanted * item_size);
    if (moved)
        *capacity = wanted;
    return moved;
}
