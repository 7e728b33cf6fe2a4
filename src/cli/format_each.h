/* What format.c calls for each format; arguments as there. */
#ifndef DONUT_CLI_FORMAT_EACH_H
#define DONUT_CLI_FORMAT_EACH_H

#include "cli/format.h"

/* "ok", "missing", "warmup" */
const char *donut_row_status_name(enum donut_row_status status);

/* "", "shape", "step", "both" */
const char *donut_cause_name(enum donut_cause cause);

/* The part of a tag before the first '='; all of it, if there is none. */
size_t donut_tag_name_size(const char *tag);

void donut_csv_put_header(struct donut_writer *writer);
void donut_csv_put_record(struct donut_writer *writer, const struct donut_record *record);
void donut_csv_put_episode_header(struct donut_writer *writer);
void donut_csv_put_episode(struct donut_writer *writer, const struct donut_episode_record *record);

void donut_jsonl_put_record(struct donut_writer *writer, const struct donut_record *record);
void donut_jsonl_put_episode(struct donut_writer *writer,
                             const struct donut_episode_record *record);

void donut_influx_begin(struct donut_writer *writer);
void donut_influx_put_record(struct donut_writer *writer, const struct donut_record *record);

void donut_prometheus_begin(struct donut_writer *writer);
void donut_prometheus_keep(struct donut_writer *writer, const struct donut_record *record);
void donut_prometheus_end(struct donut_writer *writer);

#endif
