/* What `donut info` says of a file, by what the file is. */
#ifndef DONUT_CLI_INFO_H
#define DONUT_CLI_INFO_H

#include "cli/text.h"

#include <stdbool.h>

/* What is asked for. The file has `size` bytes, which are at `bytes`; of a bundle that lies in a
 * file only the first few. */
struct donut_info {
    const char *path; /* "-" = standard input */
    const char *bytes;
    size_t size;
    struct donut_csv_options csv;
    const char *from, *to; /* of a CSV; NULL = all */
    bool json, all, quiet;
};

#define DONUT_INFO_SHOWN 20 /* models or KPIs in a table for a reader, unless all are asked for */

/* Each writes its report to `text` and returns the exit status; what is wrong has been said. A
 * bundle is read from `path`, or is all at info->bytes if that is NULL. */
int donut_info_model(const struct donut_info *info, struct donut_text *text);
int donut_info_bundle(const struct donut_info *info, const char *path, struct donut_text *text);
int donut_info_kpi(const struct donut_info *info, struct donut_text *text);
int donut_info_fleet(const struct donut_info *info, struct donut_text *text);

/* The file's name, fit for a terminal. */
void donut_info_name(const struct donut_info *info, struct donut_text *text);

/* A line "  label            " of a group, to be continued. */
void donut_info_label(struct donut_text *text, const char *label);

/* The whole line. */
void donut_info_line(struct donut_text *text, const char *label, const char *format, ...)
    DONUT_PRINTF(3, 4);

/* "1.23 %", or "12 %"; "under 0.01 %" rather than 0 for what is more than none. */
#define DONUT_SHARE_SIZE 24
const char *donut_share_words(double share, char out[DONUT_SHARE_SIZE]);

#endif
