#include "cli/escape.h"
#include "cli/format_each.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum metric {
    ANOMALY_SCORE,
    Y,
    YHAT,
    YHAT_LOWER,
    YHAT_UPPER,
    SCORE,
    THRESHOLD,
    SURPRISE,
    SURPRISE_THRESHOLD,
    ANOMALY,
    CAUSE,
    TIMESTAMP,
    N_METRICS
};

static const struct {
    const char *name, *help;
} metrics[N_METRICS] = {
    [ANOMALY_SCORE] = {"anomaly_score", "How strange the newest value is, compared with the "
                                        "threshold: near 0 is normal, above 1 is above it."},
    [Y] = {"y", "The newest value of the KPI."},
    [YHAT] = {"yhat", "The value that the model expects."},
    [YHAT_LOWER] = {"yhat_lower", "The lower end of the band around the expected value."},
    [YHAT_UPPER] = {"yhat_upper", "The upper end of the band around the expected value."},
    [SCORE] = {"donut_score", "Negative log density of the newest value in nats, higher is "
                              "stranger."},
    [THRESHOLD] = {"donut_threshold", "The score above which a value is an anomaly."},
    [SURPRISE] = {"donut_surprise", "4 if one normal value in 10^4 is at least as strange as the "
                                    "newest one, 5 if one in 10^5 is."},
    [SURPRISE_THRESHOLD] = {"donut_surprise_threshold", "The surprise above which a value is an "
                                                        "anomaly."},
    [ANOMALY] = {"donut_anomaly", "1 if an alarm is on at the newest point, else 0."},
    [CAUSE] = {"donut_cause", "What speaks for the alarm: 0 none, 1 shape, 2 step, 3 both."},
    [TIMESTAMP] = {"donut_timestamp_seconds", "When the newest point was measured, Unix time."},
};

struct donut_sample {
    struct donut_record record; /* its key and time are gone */
    size_t label, label_size;   /* in writer->labels */
    const char *labels;         /* there, once they all are in place */
    bool again;                 /* has the labels of one before */
};

void donut_prometheus_begin(struct donut_writer *writer)
{
    for (size_t i = 0; i < writer->format->n_tags; i++) {
        const char *tag = writer->format->tag[i];
        const size_t size = donut_tag_name_size(tag);
        donut_text_put(&writer->tags, i > 0 ? "," : "", i > 0);
        donut_text_put(&writer->tags, tag, size);
        donut_text_put(&writer->tags, "=\"", 2);
        donut_escape_prometheus(&writer->tags, tag + size + 1, strlen(tag + size + 1));
        donut_text_put(&writer->tags, "\"", 1);
    }
}

static void put_labels(struct donut_writer *writer, const struct donut_record *record)
{
    struct donut_text *labels = &writer->labels;
    const struct donut_text *tags = &writer->tags;
    if (!record->key && tags->size == 0)
        return;
    donut_text_put(labels, "{", 1);
    if (record->key) {
        donut_text_put(labels, "kpi=\"", 5);
        donut_escape_prometheus(labels, record->key, record->key_size);
        donut_text_put(labels, "\",", tags->size > 0 ? 2 : 1);
    }
    donut_text_put(labels, tags->size > 0 ? tags->bytes : "", tags->size);
    donut_text_put(labels, "}", 1);
    labels->failed = labels->failed || tags->failed;
}

void donut_prometheus_keep(struct donut_writer *writer, const struct donut_record *record)
{
    if (writer->n == writer->capacity) {
        const size_t capacity = 2 * writer->capacity + 16;
        struct donut_sample *sample = realloc(writer->sample, capacity * sizeof *sample);
        if (!sample) {
            writer->text->failed = true;
            return;
        }
        writer->sample = sample;
        writer->capacity = capacity;
    }
    struct donut_sample *sample = &writer->sample[writer->n++];
    *sample = (struct donut_sample){.record = *record, .label = writer->labels.size};
    sample->record.key = sample->record.time = NULL;
    put_labels(writer, record);
    sample->label_size = writer->labels.size - sample->label;
    writer->text->failed = writer->text->failed || writer->labels.failed;
}

/* By labels, and equal ones as they came: they stand in that order in memory. */
static int by_labels(const void *a, const void *b)
{
    const struct donut_sample *x = *(struct donut_sample *const *)a;
    const struct donut_sample *y = *(struct donut_sample *const *)b;
    const size_t size = x->label_size < y->label_size ? x->label_size : y->label_size;
    const int order = size > 0 ? memcmp(x->labels, y->labels, size) : 0;
    if (order != 0)
        return order;
    if (x->label_size != y->label_size)
        return x->label_size < y->label_size ? -1 : 1;
    return (x > y) - (x < y);
}

static bool same_labels(const struct donut_sample *a, const struct donut_sample *b)
{
    return a->label_size == b->label_size &&
           (a->label_size == 0 || memcmp(a->labels, b->labels, a->label_size) == 0);
}

/* A label set may stand once in a metric; of several the first stays. */
static void mark_repeated(struct donut_writer *writer)
{
    struct donut_sample **sorted = calloc(writer->n, sizeof *sorted);
    if (!sorted) {
        writer->text->failed = true;
        return;
    }
    for (size_t i = 0; i < writer->n; i++) {
        sorted[i] = &writer->sample[i];
        sorted[i]->labels = writer->labels.bytes ? writer->labels.bytes + sorted[i]->label : "";
    }
    qsort(sorted, writer->n, sizeof *sorted, by_labels);
    for (size_t i = 1; i < writer->n; i++) {
        sorted[i]->again = same_labels(sorted[i - 1], sorted[i]);
        writer->left_out += sorted[i]->again;
    }
    free(sorted);
}

static double value_of(enum metric metric, const struct donut_record *record)
{
    const struct donut_score_row *row = &record->row;
    const double of[N_METRICS] = {
        [ANOMALY_SCORE] = donut_record_anomaly_score(record),
        [Y] = record->value,
        [YHAT] = row->expected,
        [YHAT_LOWER] = row->lower,
        [YHAT_UPPER] = row->upper,
        [SCORE] = row->score,
        [THRESHOLD] = record->threshold,
        [SURPRISE] = row->surprise,
        [SURPRISE_THRESHOLD] = record->surprise_threshold,
        [ANOMALY] = row->anomaly,
        [CAUSE] = row->cause,
        [TIMESTAMP] = (double)record->time_ms / 1000,
    };
    return of[metric];
}

static void put_sample(struct donut_text *text, enum metric metric,
                       const struct donut_sample *sample, double x)
{
    donut_text_put(text, metrics[metric].name, strlen(metrics[metric].name));
    donut_text_put(text, sample->labels, sample->label_size);
    donut_text_put(text, " ", 1);
    if (metric == YHAT || metric == YHAT_LOWER || metric == YHAT_UPPER)
        donut_text_rounded(text, x, sample->record.places);
    else if (metric == SCORE || metric == ANOMALY_SCORE)
        donut_text_float(text, x);
    else
        donut_text_double(text, x);
    donut_text_put(text, "\n", 1);
}

static void put_metric(struct donut_writer *writer, enum metric metric)
{
    bool described = false;
    for (size_t i = 0; i < writer->n; i++) {
        const struct donut_sample *sample = &writer->sample[i];
        const double x = value_of(metric, &sample->record);
        if (sample->again || !isfinite(x))
            continue;
        if (!described)
            donut_text_print(writer->text, "# HELP %s %s\n# TYPE %s gauge\n", metrics[metric].name,
                             metrics[metric].help, metrics[metric].name);
        described = true;
        put_sample(writer->text, metric, sample, x);
    }
}

void donut_prometheus_end(struct donut_writer *writer)
{
    if (writer->text->failed || writer->n == 0)
        return;
    mark_repeated(writer);
    for (int metric = 0; metric < N_METRICS; metric++)
        put_metric(writer, (enum metric)metric);
}
