/* An evaluation as text for a person or as JSON for a program. */
#ifndef DONUT_CLI_REPORT_H
#define DONUT_CLI_REPORT_H

#include "cli/text.h"

/* Within 79 columns, unless a threshold needs many digits. Lists every segment, or the first 20. */
void donut_report_text(struct donut_text *text, const char *file, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation, bool all_segments);

/* One object, keys always in the same order, null for what is undefined. */
void donut_report_json(struct donut_text *text, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation);

#endif
