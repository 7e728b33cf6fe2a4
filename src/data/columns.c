#include "data/columns.h"
#include "base/status.h"

#include <stdio.h>
#include <string.h>

#define LIST_SIZE 140

/* The header's cells from a bookmark at its start; false at its end. It was read once before, so
 * that nothing can fail any more. */
static bool next_name(struct donut_csv *header, struct donut_cell *cell)
{
    bool last;
    return header->column < header->width && donut_csv_cell(header, cell, &last, NULL) == DONUT_OK;
}

/* The names of the header for a sentence, cut where there are too many. */
static const char *list_names(struct donut_csv header, char out[LIST_SIZE])
{
    struct donut_cell cell;
    size_t used = 0;
    out[0] = '\0';
    while (next_name(&header, &cell)) {
        char quoted[DONUT_QUOTE_SIZE];
        donut_quote(quoted, cell.text, cell.size);
        if (used + strlen(quoted) + 8 > LIST_SIZE) {
            snprintf(out + used, LIST_SIZE - used, ",...");
            break;
        }
        used += (size_t)snprintf(out + used, LIST_SIZE - used, "%s%s", used ? "," : "", quoted);
    }
    return out;
}

static bool has_usual_name(const struct donut_cell *cell, const struct donut_column *column)
{
    for (const char *name = column->names; *name; name += *name == '|') {
        const size_t size = strcspn(name, "|");
        if (donut_cell_is(cell, name, size))
            return true;
        name += size;
    }
    return false;
}

static bool goes_by(const struct donut_cell *cell, const struct donut_column *column)
{
    return column->given ? donut_cell_is(cell, column->given, strlen(column->given))
                         : has_usual_name(cell, column);
}

/* The 1-based number that `given` is; 0 = it is a name. */
static size_t given_number(const char *given)
{
    size_t number = 0;
    if (!given || !*given)
        return 0;
    for (; *given; given++) {
        if (*given < '0' || *given > '9')
            return 0;
        number = number > SIZE_MAX / 10 - 1 ? SIZE_MAX / 10 : number * 10 + (size_t)(*given - '0');
    }
    return number;
}

/* Whether another column than `self` has this index. */
static bool is_taken(const struct donut_column *columns, size_t n, size_t index,
                     const struct donut_column *self)
{
    for (size_t i = 0; i < n; i++)
        if (&columns[i] != self && columns[i].index == index)
            return true;
    return false;
}

static bool has_name(const struct donut_csv *header, const char *name)
{
    struct donut_csv at = *header;
    struct donut_cell cell;
    while (next_name(&at, &cell))
        if (donut_cell_is(&cell, name, strlen(name)))
            return true;
    return false;
}

/* Whether the cell's name means something else in this header. */
static bool is_result(const struct donut_csv *header, const struct donut_column *column,
                      const struct donut_cell *cell)
{
    return !column->given && column->result &&
           donut_cell_is(cell, column->result, strlen(column->result)) &&
           has_name(header, column->beside);
}

/* The column that goes by this one's names but has another role already; NULL if there is none. */
static const struct donut_column *find_rival(const struct donut_csv *header,
                                             const struct donut_column *columns, size_t n,
                                             const struct donut_column *column)
{
    struct donut_csv at = *header;
    struct donut_cell cell;
    while (next_name(&at, &cell))
        for (size_t i = 0; goes_by(&cell, column) && i < n; i++)
            if (&columns[i] != column && columns[i].index == cell.column - 1)
                return &columns[i];
    return NULL;
}

static enum donut_status fail_absent(const struct donut_csv *header,
                                     const struct donut_column *columns, size_t n,
                                     const struct donut_column *column, struct donut_error *err)
{
    char names[LIST_SIZE], quoted[DONUT_QUOTE_SIZE];
    list_names(*header, names);
    if (column->given)
        return donut_fail_at(
            err, DONUT_EINPUT, header->line, 0, "no column is named '%s' (%s); the header is '%s'",
            donut_quote(quoted, column->given, strlen(column->given)), column->option, names);
    const struct donut_column *rival = find_rival(header, columns, n, column);
    if (rival && rival->option)
        return donut_fail_at(err, DONUT_EINPUT, header->line, rival->index + 1,
                             "no %s column: column %zu is named so but is already the %s (%s)",
                             column->role, rival->index + 1, rival->role, rival->option);
    return donut_fail_at(err, DONUT_EINPUT, header->line, 0,
                         "no %s column: none of '%s' is named %s%s%s%s", column->role, names,
                         column->names, column->option ? "; name it with " : "",
                         column->option ? column->option : "",
                         column->place == 1 ? " (a file without a header begins with an epoch or "
                                              "ISO 8601 time)"
                                            : "");
}

static enum donut_status fail_ambiguous(const struct donut_csv *header,
                                        const struct donut_column *column, size_t second,
                                        struct donut_error *err)
{
    return donut_fail_at(err, DONUT_EINPUT, header->line, second + 1,
                         "columns %zu and %zu could both be the %s; %s%s", column->index + 1,
                         second + 1, column->role,
                         column->option ? "choose one by its number with " : "rename one",
                         column->option ? column->option : "");
}

/* Finds the column by the names it goes by; one that is not given leaves out those taken. */
static enum donut_status find_by_name(const struct donut_csv *header, struct donut_column *columns,
                                      size_t n, struct donut_column *column,
                                      struct donut_error *err)
{
    struct donut_csv at = *header;
    struct donut_cell cell;
    while (next_name(&at, &cell)) {
        const size_t index = cell.column - 1;
        if (!goes_by(&cell, column) || (!column->given && is_taken(columns, n, index, column)) ||
            is_result(header, column, &cell))
            continue;
        if (column->index != DONUT_NO_COLUMN)
            return fail_ambiguous(header, column, index, err);
        column->index = index;
    }
    return DONUT_OK;
}

/* The only column that is not taken and has a name, but none of another role's usual ones. */
static void find_only_other(const struct donut_csv *header, struct donut_column *columns, size_t n,
                            struct donut_column *column)
{
    struct donut_csv at = *header;
    struct donut_cell cell;
    size_t found = 0, index = DONUT_NO_COLUMN;
    while (next_name(&at, &cell)) {
        bool known = cell.size == 0 || is_taken(columns, n, cell.column - 1, column);
        for (size_t i = 0; i < n && !known; i++)
            known = &columns[i] != column && has_usual_name(&cell, &columns[i]);
        if (!known) {
            index = cell.column - 1;
            found++;
        }
    }
    if (found == 1)
        column->index = index;
}

/* A name wins over a number: a bundle keeps the name of its key column, which may be "3". */
static enum donut_status find_given(const struct donut_csv *first, bool header,
                                    struct donut_column *columns, size_t n,
                                    struct donut_column *column, struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    const size_t number = given_number(column->given);
    const enum donut_status status =
        header ? find_by_name(first, columns, n, column, err) : DONUT_OK;
    if (status != DONUT_OK)
        return status;
    if (column->index == DONUT_NO_COLUMN && number == 0)
        return fail_absent(first, columns, n, column, err);
    if (column->index == DONUT_NO_COLUMN && number > first->width)
        return donut_fail_at(err, DONUT_EINPUT, first->line, 0,
                             "there is no column %s (%s); the first line has %zu columns",
                             donut_quote(quoted, column->given, strlen(column->given)),
                             column->option, first->width);
    if (column->index == DONUT_NO_COLUMN)
        column->index = number - 1;
    if (is_taken(columns, n, column->index, column))
        return donut_fail_at(err, DONUT_EINPUT, first->line, column->index + 1,
                             "column %zu cannot also be the %s (%s)", column->index + 1,
                             column->role, column->option);
    return DONUT_OK;
}

/* Without a header: the usual place, or for what is required the first that is free. */
static void find_by_place(const struct donut_csv *first, struct donut_column *columns, size_t n,
                          struct donut_column *column)
{
    size_t index = column->place - 1;
    if (column->required && is_taken(columns, n, index, column))
        for (index = 0; is_taken(columns, n, index, column);)
            index++;
    if (index < first->width && !is_taken(columns, n, index, column))
        column->index = index;
}

/* Fills in the name of every column that was found. */
static void keep_names(struct donut_csv header, struct donut_column *columns, size_t n)
{
    struct donut_cell cell;
    while (next_name(&header, &cell))
        for (size_t i = 0; i < n; i++)
            if (columns[i].index == cell.column - 1)
                columns[i].name = cell;
}

static enum donut_status find_unnamed(const struct donut_csv *first, bool header,
                                      struct donut_column *columns, size_t n,
                                      struct donut_column *column, struct donut_error *err)
{
    if (!header) {
        find_by_place(first, columns, n, column);
        if (column->required && column->index == DONUT_NO_COLUMN)
            return donut_fail_at(err, DONUT_EINPUT, first->line, 0,
                                 "no %s column: all %zu columns of the first line are something "
                                 "else",
                                 column->role, first->width);
        return DONUT_OK;
    }
    const enum donut_status status = find_by_name(first, columns, n, column, err);
    if (status == DONUT_OK && column->or_only_other && column->index == DONUT_NO_COLUMN)
        find_only_other(first, columns, n, column);
    if (status == DONUT_OK && column->required && column->index == DONUT_NO_COLUMN)
        return fail_absent(first, columns, n, column, err);
    return status;
}

/* Whether a column is given by this number. */
static bool is_given(const struct donut_column *columns, size_t n, size_t number)
{
    for (size_t i = 0; i < n; i++)
        if (given_number(columns[i].given) == number)
            return true;
    return false;
}

/* The 1-based column that is columns[0] if there is no header; 0 = none. */
static size_t find_first_place(const struct donut_column *columns, size_t n)
{
    const size_t number = given_number(columns[0].given);
    size_t place = number > 0 ? number : columns[0].place;
    if (number == 0 && place > 0 && is_given(columns, n, place))
        for (place = 1; is_given(columns, n, place);)
            place++;
    return place;
}

/* Measures the first record and decides whether it is a header. */
static enum donut_status survey(struct donut_csv *csv, const struct donut_column *columns, size_t n,
                                bool *header, struct donut_error *err)
{
    const size_t place = find_first_place(columns, n);
    bool resembles = false;
    for (bool last = false; !last;) {
        struct donut_cell cell;
        const enum donut_status status = donut_csv_cell(csv, &cell, &last, err);
        if (status != DONUT_OK)
            return status;
        if (cell.column == place)
            resembles = donut_time_resembles(cell.text, cell.size);
    }
    csv->width = csv->column;
    for (size_t i = 0; i < n; i++)
        *header |= columns[i].given && given_number(columns[i].given) == 0;
    *header |= !resembles;
    return DONUT_OK;
}

static enum donut_status fail_one_column(struct donut_csv first, const struct donut_column *columns,
                                         struct donut_error *err)
{
    struct donut_cell cell = {.text = ""};
    char quoted[DONUT_QUOTE_SIZE];
    next_name(&first, &cell);
    donut_quote(quoted, cell.text, cell.size);
    for (size_t i = 0; i < cell.size; i++)
        if (strchr(";\t|", cell.text[i]))
            return donut_fail_at(err, DONUT_EINPUT, cell.line, 0,
                                 "there is only one column, '%s'; columns must be separated by "
                                 "commas",
                                 quoted);
    return donut_fail_at(err, DONUT_EINPUT, cell.line, 0,
                         "there is only one column, '%s'; every row needs a %s and a %s", quoted,
                         columns[0].role, columns[1].role);
}

enum donut_status donut_columns_find(struct donut_csv *csv, struct donut_column *columns, size_t n,
                                     bool header_only, struct donut_error *err)
{
    bool header = header_only;
    if (!donut_csv_more(csv))
        return donut_fail(err, DONUT_EINPUT, "the input is empty; expected rows with %s and %s",
                          columns[0].role, columns[1].role);
    struct donut_csv first = *csv;
    enum donut_status status = survey(csv, columns, n, &header, err);
    if (status != DONUT_OK)
        return status;
    first.width = csv->width;
    if (csv->width < 2)
        return fail_one_column(first, columns, err);
    for (size_t i = 0; i < n; i++) {
        columns[i].index = DONUT_NO_COLUMN;
        columns[i].name = (struct donut_cell){0};
    }
    for (size_t i = 0; i < n && status == DONUT_OK; i++)
        if (columns[i].given)
            status = find_given(&first, header, columns, n, &columns[i], err);
    for (size_t i = 0; i < n && status == DONUT_OK; i++)
        if (!columns[i].given && !columns[i].unread)
            status = find_unnamed(&first, header, columns, n, &columns[i], err);
    if (header)
        keep_names(first, columns, n);
    else
        *csv = first;
    return status;
}
