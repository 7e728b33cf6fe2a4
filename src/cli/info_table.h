/* A table for a reader: each column as wide as its widest cell. */
#ifndef DONUT_CLI_INFO_TABLE_H
#define DONUT_CLI_INFO_TABLE_H

#include "cli/text.h"

/* Starts with its columns; cells are added row by row, the headings first. Widths are counted in
 * characters of UTF-8. */
struct donut_table {
    size_t columns;
    const char *align;       /* (columns) 'l' or 'r' */
    struct donut_text cells; /* each ends in a 0 */
};

void donut_table_add(struct donut_table *table, const char *format, ...) DONUT_PRINTF(2, 3);

/* Adds the rows to `text`, indented by two, and frees the cells. */
void donut_table_put(struct donut_table *table, struct donut_text *text);

#endif
