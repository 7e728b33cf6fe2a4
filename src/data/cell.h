/* One field of a CSV record and what it can stand for. Errors carry its place. */
#ifndef DONUT_DATA_CELL_H
#define DONUT_DATA_CELL_H

#include "data/timestamp.h"

struct donut_cell {
    const char *text; /* into the input; blanks around and quotes taken off, "" left doubled */
    size_t size;
    size_t line, column; /* 1-based; a record that spans lines counts from its first */
    bool quoted;         /* it was in quotes, so that "" in it stands for one */
};

/* Writes the content, "" as ", to `out`, which holds cell->size bytes. Returns how many it took. */
size_t donut_cell_unquote(const struct donut_cell *cell, char *out);

/* Whether the content is `word` but for the case of ASCII letters. */
bool donut_cell_is(const struct donut_cell *cell, const char *word, size_t size);

/* Empty, null or nan (any case, nan with any sign): there is no value. */
bool donut_cell_is_missing(const struct donut_cell *cell);

/* A finite number, or NaN for a missing one. `role` names the cell in the sentence: "value". */
enum donut_status donut_cell_number(const struct donut_cell *cell, const char *role, double *out,
                                    struct donut_error *err);

/* 0, 1 (also as 0.0, 1.0), true, false (any case); empty is 0. */
enum donut_status donut_cell_flag(const struct donut_cell *cell, const char *role,
                                  unsigned char *out, struct donut_error *err);

/* A timestamp. `all` becomes its format if it is the first, and is merged with it if not; another
 * kind than before is an error. */
enum donut_status donut_cell_time(const struct donut_cell *cell, bool first,
                                  struct donut_time_format *all, struct donut_time *out,
                                  struct donut_error *err);

#endif
