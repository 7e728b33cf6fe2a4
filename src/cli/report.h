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

/* A fleet, KPI by KPI and in all; the KPIs are evaluated here, one after the other. The text lists
 * every KPI, or the first 20; JSON is one object as above, but of all KPIs. Errors, and then `text`
 * is of no use: those of donut_evaluate(), and DONUT_EINPUT if no KPI has a scored point. */
enum donut_status donut_report_fleet_text(struct donut_text *text, const char *file,
                                          const struct donut_scored_fleet *fleet,
                                          const struct donut_evaluate_options *opt, bool all,
                                          struct donut_error *err);
enum donut_status donut_report_fleet_json(struct donut_text *text,
                                          const struct donut_scored_fleet *fleet,
                                          const struct donut_evaluate_options *opt,
                                          struct donut_error *err);

/* "score" or "surprise". */
const char *donut_rank_name(enum donut_rank by);

/* Rows of score files that no figure counts. */
struct donut_rows_out {
    size_t missing, warmup, warmup_anomalous;
};

/* The line of a text that counts the rows left out; nothing if there are none. */
void donut_report_rows_out(struct donut_text *text, const struct donut_rows_out *out);

/* The lines of a text that explain adjusted, delayed, raw and segment. */
void donut_report_legend(struct donut_text *text, size_t delay, bool join_gaps,
                         double random_floor);

/* Parts of the JSON of a fleet: the object of a KPI, without what separates it from others, and the
 * members of the fleet's own object that are about all KPIs. */
void donut_report_json_kpi(struct donut_text *text, const struct donut_scored_kpi *kpi,
                           const struct donut_evaluation *evaluation);
void donut_report_json_sum(struct donut_text *text, const struct donut_evaluation_sum *sum,
                           const struct donut_rows_out *out, size_t delay);

#endif
