/* Which columns of a CSV are read. */
#ifndef DONUT_CLI_INFO_COLUMNS_H
#define DONUT_CLI_INFO_COLUMNS_H

#include "cli/info.h"
#include "cli/info_json.h"
#include "data/record.h"

struct donut_info_column {
    size_t number; /* from 1; 0 = there is none, or it is not read */
    char *name;    /* (size) as the header has it, owned; NULL = there is no header */
    size_t size;
};

struct donut_info_columns {
    bool header;
    size_t n; /* columns of the file */
    struct donut_info_column column[DONUT_ROLES];
};

/* Of a file that can be read; free it also after a failure. */
enum donut_status donut_info_columns_find(const struct donut_info *info,
                                          struct donut_info_columns *columns,
                                          struct donut_error *err);
void donut_info_columns_free(struct donut_info_columns *columns);

void donut_info_columns_text(const struct donut_info_columns *columns, struct donut_text *text);
void donut_info_columns_json(const struct donut_info_columns *columns, struct donut_json *json);

#endif
