#include "cli/escape.h"
#include "cli/format_each.h"

#include <math.h>
#include <string.h>

/* 9.2e18 ns fit in 64 bits, and in InfluxDB's own range, which is a little smaller. */
#define TIME_LIMIT_MS INT64_C(9200000000000)

void donut_influx_begin(struct donut_writer *writer)
{
    const struct donut_format *format = writer->format;
    struct donut_text *tags = &writer->tags;
    donut_escape_measurement(tags, format->measurement, strlen(format->measurement));
    writer->head = tags->size;
    for (size_t i = 0; i < format->n_tags; i++) {
        const char *tag = format->tag[i];
        const size_t size = donut_tag_name_size(tag);
        donut_text_put(tags, ",", 1);
        donut_escape_tag(tags, tag, size);
        donut_text_put(tags, "=", 1);
        donut_escape_tag(tags, tag + size + 1, strlen(tag + size + 1));
    }
}

/* Whether a field has a value, and then its name. */
static bool put_field(struct donut_text *text, const char *name, double x)
{
    if (isfinite(x))
        donut_text_put(text, name, strlen(name));
    return isfinite(x);
}

static void put_band_fields(struct donut_text *text, const struct donut_score_row *row, int places)
{
    if (put_field(text, "yhat=", row->expected)) {
        donut_text_rounded(text, row->expected, places);
        donut_text_put(text, ",", 1);
    }
    if (put_field(text, "yhat_lower=", row->lower)) {
        donut_text_rounded(text, row->lower, places);
        donut_text_put(text, ",", 1);
    }
    if (put_field(text, "yhat_upper=", row->upper)) {
        donut_text_rounded(text, row->upper, places);
        donut_text_put(text, ",", 1);
    }
}

static void put_fields(struct donut_text *text, const struct donut_record *record)
{
    const struct donut_score_row *row = &record->row;
    const double anomaly_score = donut_record_anomaly_score(record);
    if (put_field(text, "y=", record->value)) {
        donut_text_double(text, record->value);
        donut_text_put(text, ",", 1);
    }
    if (put_field(text, "anomaly_score=", anomaly_score)) {
        donut_text_float(text, anomaly_score);
        donut_text_put(text, ",", 1);
    }
    put_band_fields(text, row, record->places);
    if (put_field(text, "score=", row->score)) {
        donut_text_float(text, row->score);
        donut_text_put(text, ",", 1);
    }
    if (put_field(text, "surprise=", row->surprise)) {
        donut_text_double(text, row->surprise);
        donut_text_put(text, ",", 1);
    }
    donut_text_print(text, "anomaly=%di,status=\"%s\"", row->anomaly,
                     donut_row_status_name(row->status));
    if (row->cause != DONUT_CAUSE_NONE)
        donut_text_print(text, ",cause=\"%s\"", donut_cause_name(row->cause));
}

/* A tag without a value cannot be written; InfluxDB takes a tag that is not there for an empty
 * one. */
void donut_influx_put_record(struct donut_writer *writer, const struct donut_record *record)
{
    struct donut_text *text = writer->text;
    const struct donut_text *tags = &writer->tags;
    text->failed = text->failed || tags->failed;
    if (record->time_ms <= -TIME_LIMIT_MS || record->time_ms >= TIME_LIMIT_MS) {
        writer->left_out++;
        return;
    }
    donut_text_put(text, tags->bytes, writer->head);
    if (record->key && record->key_size > 0) {
        donut_text_put(text, ",kpi=", 5);
        donut_escape_tag(text, record->key, record->key_size);
    }
    donut_text_put(text, tags->bytes + writer->head, tags->size - writer->head);
    donut_text_put(text, " ", 1);
    put_fields(text, record);
    donut_text_put(text, " ", 1);
    donut_text_integer(text, record->time_ms * 1000000);
    donut_text_put(text, "\n", 1);
}
