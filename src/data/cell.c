#include "data/cell.h"
#include "base/status.h"
#include "data/number.h"

#include <math.h>

/* The byte at `i` of the cell, and *i behind it and behind the second of two quotes. */
static char take(const struct donut_cell *cell, size_t *i)
{
    const char c = cell->text[(*i)++];
    if (cell->quoted && c == '"' && *i < cell->size)
        ++*i;
    return c;
}

size_t donut_cell_unquote(const struct donut_cell *cell, char *out)
{
    size_t size = 0;
    for (size_t i = 0; i < cell->size;)
        out[size++] = take(cell, &i);
    return size;
}

bool donut_cell_is(const struct donut_cell *cell, const char *word, size_t size)
{
    size_t i = 0;
    for (; i < cell->size && size > 0; word++, size--) {
        const char c = take(cell, &i);
        if (!donut_text_equal(&c, 1, word, 1))
            return false;
    }
    return i == cell->size && size == 0;
}

bool donut_cell_is_missing(const struct donut_cell *cell)
{
    const char *text = cell->text;
    size_t size = cell->size;
    if (size == 0 || donut_text_is(text, size, "null"))
        return true;
    const size_t sign = *text == '-' || *text == '+';
    return donut_text_is(text + sign, size - sign, "nan");
}

enum donut_status donut_cell_number(const struct donut_cell *cell, const char *role, double *out,
                                    struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    *out = NAN;
    switch (donut_number_parse(cell->text, cell->size, out)) {
    case DONUT_NUMBER_OK:
        return DONUT_OK;
    case DONUT_NUMBER_INFINITE:
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "%s '%s' is infinite; expected a finite number, or nothing for a "
                             "missing one",
                             role, donut_quote(quoted, cell->text, cell->size));
    case DONUT_NUMBER_INVALID:
        break;
    }
    if (donut_cell_is_missing(cell))
        return DONUT_OK;
    return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                         "%s '%s' is not a decimal number such as 12.5; a missing one is written "
                         "as nothing, null or nan",
                         role, donut_quote(quoted, cell->text, cell->size));
}

enum donut_status donut_cell_flag(const struct donut_cell *cell, const char *role,
                                  unsigned char *out, struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    double x = -1;
    if (cell->size == 0 || donut_text_is(cell->text, cell->size, "false"))
        x = 0;
    else if (donut_text_is(cell->text, cell->size, "true"))
        x = 1;
    else
        (void)donut_number_parse(cell->text, cell->size, &x);
    if (x != 0 && x != 1)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "%s '%s' is neither 0 (normal) nor 1 (anomaly)", role,
                             donut_quote(quoted, cell->text, cell->size));
    *out = x == 1;
    return DONUT_OK;
}

static const char *describe_kind(const struct donut_time_format *format)
{
    return format->kind == DONUT_TIME_SECONDS        ? "epoch seconds"
           : format->kind == DONUT_TIME_MILLISECONDS ? "epoch milliseconds"
                                                     : "an ISO 8601 time";
}

enum donut_status donut_cell_time(const struct donut_cell *cell, bool first,
                                  struct donut_time_format *all, struct donut_time *out,
                                  struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    const char *wrong = donut_time_parse(cell->text, cell->size, out);
    if (wrong)
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column, "timestamp '%s' %s",
                             donut_quote(quoted, cell->text, cell->size), wrong);
    if (first && donut_time_is_compact_date(cell->text, cell->size))
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "timestamp '%s' is a date without dashes; write it as 2025-01-31, or "
                             "use epoch seconds",
                             donut_quote(quoted, cell->text, cell->size));
    if (first)
        *all = out->format;
    if (!donut_time_format_merge(all, &out->format))
        return donut_fail_at(err, DONUT_EINPUT, cell->line, cell->column,
                             "timestamp '%s' is %s, but those before it are %s; all rows must use "
                             "the same",
                             donut_quote(quoted, cell->text, cell->size),
                             describe_kind(&out->format), describe_kind(all));
    return DONUT_OK;
}
