#include "cli/format_each.h"

#include "base/status.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const char *donut_row_status_name(enum donut_row_status status)
{
    static const char *const names[] = {
        [DONUT_ROW_OK] = "ok", [DONUT_ROW_MISSING] = "missing", [DONUT_ROW_WARMUP] = "warmup"};
    return names[status];
}

const char *donut_cause_name(enum donut_cause cause)
{
    static const char *const names[] = {[DONUT_CAUSE_NONE] = "",
                                        [DONUT_CAUSE_SHAPE] = "shape",
                                        [DONUT_CAUSE_STEP] = "step",
                                        [DONUT_CAUSE_BOTH] = "both"};
    return names[cause];
}

size_t donut_tag_name_size(const char *tag)
{
    return strcspn(tag, "=");
}

static bool is_name(const char *tag, size_t size, const char *name)
{
    return strlen(name) == size && memcmp(tag, name, size) == 0;
}

/* What InfluxDB refuses or reserves, and what would be read as one of the fields. */
static bool is_influx_word(const char *tag, size_t size)
{
    static const char *const words[] = {
        "time",       "_field", "_measurement", "y",      "anomaly_score", "yhat", "yhat_lower",
        "yhat_upper", "score",  "anomaly",      "status", "surprise",      "cause"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is_name(tag, size, words[i]))
            return true;
    return false;
}

static bool is_label_name(const char *tag, size_t size)
{
    const bool reserved = size >= 2 && tag[0] == '_' && tag[1] == '_';
    return !reserved && strchr(LETTERS "_", tag[0]) && strspn(tag, LETTERS "_0123456789") == size;
}

/* What is wrong with the name of a tag, to be read after it; NULL = nothing. */
static const char *name_fault(const struct donut_format *format, size_t i)
{
    const char *tag = format->tag[i];
    const size_t size = donut_tag_name_size(tag);
    if (is_name(tag, size, "kpi"))
        return "is the key's, so no tag can have it";
    if (format->kind == DONUT_FORMAT_INFLUX && is_influx_word(tag, size))
        return "is a field's or reserved in InfluxDB; choose another one";
    if (format->kind == DONUT_FORMAT_PROMETHEUS && !is_label_name(tag, size))
        return "is none that Prometheus can have: letters, digits and _, no digit at the start and "
               "not two _";
    for (size_t k = 0; k < i; k++)
        if (donut_tag_name_size(format->tag[k]) == size && memcmp(format->tag[k], tag, size) == 0)
            return "is given twice";
    return NULL;
}

static enum donut_status check_tag(const struct donut_format *format, size_t i,
                                   struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    const char *tag = format->tag[i];
    const size_t size = donut_tag_name_size(tag);
    if (size == 0 || tag[size] == '\0' || tag[size + 1] == '\0')
        return donut_fail(err, DONUT_EARGUMENT, "tag '%s' is not NAME=VALUE, both not empty",
                          donut_quote(quoted, tag, strlen(tag)));
    const char *fault = name_fault(format, i);
    if (fault)
        return donut_fail(err, DONUT_EARGUMENT, "the tag name '%s' %s",
                          donut_quote(quoted, tag, size), fault);
    return DONUT_OK;
}

enum donut_status donut_format_check(const struct donut_format *format, struct donut_error *err)
{
    const bool influx = format->kind == DONUT_FORMAT_INFLUX;
    if (format->n_tags > 0 && !influx && format->kind != DONUT_FORMAT_PROMETHEUS)
        return donut_fail(err, DONUT_EARGUMENT, "only the formats influx and prometheus have tags");
    if (influx && format->measurement[0] == '\0')
        return donut_fail(err, DONUT_EARGUMENT, "the name of the measurement is empty");
    if (influx && format->measurement[0] == '#')
        return donut_fail(err, DONUT_EARGUMENT,
                          "the name of the measurement begins with #, which InfluxDB takes for a "
                          "comment");
    for (size_t i = 0; i < format->n_tags; i++) {
        const enum donut_status status = check_tag(format, i, err);
        if (status != DONUT_OK)
            return status;
    }
    return DONUT_OK;
}

void donut_writer_begin(struct donut_writer *writer)
{
    switch (writer->format->kind) {
    case DONUT_FORMAT_CSV:
        donut_csv_put_header(writer);
        break;
    case DONUT_FORMAT_JSONL:
        break;
    case DONUT_FORMAT_INFLUX:
        donut_influx_begin(writer);
        break;
    case DONUT_FORMAT_PROMETHEUS:
        donut_prometheus_begin(writer);
        break;
    }
}

void donut_writer_record(struct donut_writer *writer, const struct donut_record *record)
{
    switch (writer->format->kind) {
    case DONUT_FORMAT_CSV:
        donut_csv_put_record(writer, record);
        break;
    case DONUT_FORMAT_JSONL:
        donut_jsonl_put_record(writer, record);
        break;
    case DONUT_FORMAT_INFLUX:
        donut_influx_put_record(writer, record);
        break;
    case DONUT_FORMAT_PROMETHEUS:
        donut_prometheus_keep(writer, record);
        break;
    }
}

void donut_writer_end(struct donut_writer *writer)
{
    if (writer->format->kind == DONUT_FORMAT_PROMETHEUS)
        donut_prometheus_end(writer);
}

void donut_writer_begin_episodes(struct donut_writer *writer)
{
    if (writer->format->kind == DONUT_FORMAT_CSV)
        donut_csv_put_episode_header(writer);
}

void donut_writer_episode(struct donut_writer *writer, const struct donut_episode_record *record)
{
    if (writer->format->kind == DONUT_FORMAT_CSV)
        donut_csv_put_episode(writer, record);
    else
        donut_jsonl_put_episode(writer, record);
}

void donut_writer_free(struct donut_writer *writer)
{
    donut_text_free(&writer->tags);
    donut_text_free(&writer->labels);
    free(writer->sample);
    writer->sample = NULL;
    writer->n = writer->capacity = 0;
}

/* Rounded to a float x is not above 1 up to the threshold; nor may it fall to 1 above it, so that
 * "> 1" is the verdict. */
static double round_anomaly_score(double x, bool above)
{
    if (x > FLT_MAX)
        return fmin(x, DBL_MAX);
    x = (double)(float)x;
    return above ? fmax(x, 1 + FLT_EPSILON) : fmin(x, 1);
}

/* With d = score - threshold, log(1 + exp(d)) = max(d, 0) + log(1 + exp(-|d|)), which cannot
 * overflow. */
double donut_anomaly_score(double score, double threshold)
{
    static const double log2_e = 1.4426950408889634;
    const double d = score - threshold;
    if (isnan(d))
        return NAN;
    return round_anomaly_score(log2_e * (fmax(d, 0) + log1p(exp(-fabs(d)))), score > threshold);
}

double donut_anomaly_surprise(double surprise, double threshold)
{
    if (isnan(surprise) || isnan(threshold))
        return NAN;
    return round_anomaly_score(surprise / threshold, surprise > threshold);
}

double donut_record_anomaly_score(const struct donut_record *record)
{
    if (isnan(record->surprise_threshold))
        return donut_anomaly_score(record->row.score, record->threshold);
    return donut_anomaly_surprise(record->row.surprise, record->surprise_threshold);
}
