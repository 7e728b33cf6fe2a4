#include "cli/info_table.h"

#include <stdlib.h>
#include <string.h>

void donut_table_add(struct donut_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    donut_text_print_list(&table->cells, format, args);
    va_end(args);
    donut_text_put(&table->cells, "", 1);
}

static size_t width_of(const char *cell)
{
    size_t width = 0;
    for (; *cell; cell++)
        width += ((unsigned char)*cell & 0xc0) != 0x80;
    return width;
}

static void put_cell(struct donut_text *text, const char *cell, size_t width, char align, bool last)
{
    const int room = (int)(width - width_of(cell));
    if (align == 'r')
        donut_text_print(text, "  %*s%s", room, "", cell);
    else
        donut_text_print(text, "  %s%*s", cell, last ? 0 : room, "");
}

/* An empty last cell leaves blanks before it. */
static void end_row(struct donut_text *text)
{
    while (text->size > 0 && text->bytes[text->size - 1] == ' ')
        text->size--;
    donut_text_put(text, "\n", 1);
}

void donut_table_put(struct donut_table *table, struct donut_text *text)
{
    const struct donut_text *cells = &table->cells;
    size_t *width = calloc(table->columns, sizeof *width);
    if (!width || cells->failed) {
        text->failed = true;
    } else {
        const char *end = cells->bytes + cells->size;
        size_t column = 0;
        for (const char *cell = cells->bytes; cell < end; cell += strlen(cell) + 1) {
            const size_t w = width_of(cell);
            width[column] = w > width[column] ? w : width[column];
            column = (column + 1) % table->columns;
        }
        for (const char *cell = cells->bytes; cell < end; cell += strlen(cell) + 1) {
            const bool last = column == table->columns - 1;
            put_cell(text, cell, width[column], table->align[column], last);
            column = last ? 0 : column + 1;
            if (last)
                end_row(text);
        }
    }
    free(width);
    donut_text_free(&table->cells);
}
