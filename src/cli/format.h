/* Scores and episodes as CSV, JSON lines, InfluxDB line protocol or Prometheus text. Keys are any
 * bytes; what a format cannot hold is replaced as escape.h has it. */
#ifndef DONUT_CLI_FORMAT_H
#define DONUT_CLI_FORMAT_H

#include "cli/text.h"
#include "donut.h"

enum donut_format_kind {
    DONUT_FORMAT_CSV,
    DONUT_FORMAT_JSONL,
    DONUT_FORMAT_INFLUX,
    DONUT_FORMAT_PROMETHEUS
};

struct donut_format {
    enum donut_format_kind kind;
    const char *measurement; /* influx: not empty */
    const char *const *tag;  /* (n_tags) NAME=VALUE; influx and prometheus */
    size_t n_tags;
    const char *key_name; /* csv: what the key's column is called; NULL = the KPIs have no keys */
    bool labelled;        /* csv, jsonl: there is a label in every row */
    bool time_is_number;  /* jsonl: times are epochs */
};

/* One scored point, ready to be printed. What it points to is needed during the call only. */
struct donut_record {
    const char *key; /* (key_size) NULL = none */
    size_t key_size;
    const char *time; /* (time_size) as the input writes it */
    size_t time_size;
    int64_t time_ms;
    double value;               /* NaN = missing */
    struct donut_score_row row; /* anomaly: the verdict to print */
    double threshold;           /* of the KPI's model; NaN = none */
    double surprise_threshold;  /* above it is an anomaly; NaN = a score above `threshold` is */
    int places; /* after the point, of expected, lower and upper: donut_text_rounded() */
    int label;  /* 0, 1, or -1: none */
};

struct donut_episode_record {
    const char *key; /* (key_size) NULL = none */
    size_t key_size;
    const struct donut_episode *episode;
    const struct donut_time_format *time_format; /* of the input */
    bool ongoing;                                /* not recovered when the input ended */
    int places;                                  /* as above */
};

/* Says what is wrong with measurement and tags, DONUT_EARGUMENT: a tag that is not NAME=VALUE, a
 * name that is given twice, is `kpi` or that the format cannot have, an empty measurement. For the
 * command line, before anything is read. */
enum donut_status donut_format_check(const struct donut_format *format, struct donut_error *err);

/* What is kept of one record until the metrics can be printed one after the other. */
struct donut_sample;

/* Zeroed but for `format` and `text`. What is written goes to the end of `text`, whole lines with
 * each call; when memory runs out, text->failed says so. */
struct donut_writer {
    const struct donut_format *format;
    struct donut_text *text;
    size_t left_out; /* records that could not be printed: influx, a time beyond nanoseconds in 64
                        bits; prometheus, at donut_writer_end(), a second record with one key */
    struct donut_text tags;      /* influx: what stands before and behind the key; prometheus:
                                    what stands behind it */
    size_t head;                 /* influx: bytes of `tags` before the key */
    struct donut_sample *sample; /* prometheus: (n), owned */
    size_t n, capacity;
    struct donut_text labels; /* prometheus: of all samples, one after the other */
};

/* For rows: begin, any number of records, end. The header of CSV comes with begin; all of
 * Prometheus comes with end. */
void donut_writer_begin(struct donut_writer *writer);
void donut_writer_record(struct donut_writer *writer, const struct donut_record *record);
void donut_writer_end(struct donut_writer *writer);

/* For episodes, csv and jsonl only: begin, any number of them; they need no end. */
void donut_writer_begin_episodes(struct donut_writer *writer);
void donut_writer_episode(struct donut_writer *writer, const struct donut_episode_record *record);

/* Frees all but the text. */
void donut_writer_free(struct donut_writer *writer);

/* What makes KPIs comparable: near 0 for most normal points, 1 at the threshold, above it more than
 * 1 always; finite, as a float if it is in a float's range. NaN if one of the two is.
 * By score: log2(1 + exp(score - threshold)), which far above the threshold grows by 1 / log(2)
 * with each nat. By surprise: surprise / threshold. By what decides for a record. */
double donut_anomaly_score(double score, double threshold);
double donut_anomaly_surprise(double surprise, double threshold);
double donut_record_anomaly_score(const struct donut_record *record);

#endif
