/* Prometheus documents: two written by hand, and many of hostile keys and any numbers, read back.
 */
#include "drawn.h"

#define DOCUMENTS 12
#define KEYS 150
#define METRICS 12

#define HELP_SCORE                                                                                 \
    "# HELP anomaly_score How strange the newest value is, compared with the threshold: near 0 "   \
    "is normal, above 1 is above it.\n# TYPE anomaly_score gauge\n"
#define HELP_BAND(a, b, c)                                                                         \
    "# HELP yhat The value that the model expects.\n# TYPE yhat gauge\n" a                         \
    "# HELP yhat_lower The lower end of the band around the expected value.\n"                     \
    "# TYPE yhat_lower gauge\n" b                                                                  \
    "# HELP yhat_upper The upper end of the band around the expected value.\n"                     \
    "# TYPE yhat_upper gauge\n" c
#define HELP_VALUE "# HELP y The newest value of the KPI.\n# TYPE y gauge\n"
#define HELP_RAW                                                                                   \
    "# HELP donut_score Negative log density of the newest value in nats, higher is stranger.\n"   \
    "# TYPE donut_score gauge\n"
#define HELP_THRESHOLD                                                                             \
    "# HELP donut_threshold The score above which a value is an anomaly.\n"                        \
    "# TYPE donut_threshold gauge\n"
#define HELP_SURPRISE                                                                              \
    "# HELP donut_surprise 4 if one normal value in 10^4 is at least as strange as the newest "    \
    "one, 5 if one in 10^5 is.\n# TYPE donut_surprise gauge\n"
#define HELP_CAUSE                                                                                 \
    "# HELP donut_cause What speaks for the alarm: 0 none, 1 shape, 2 step, 3 both.\n"             \
    "# TYPE donut_cause gauge\n"
#define HELP_ANOMALY                                                                               \
    "# HELP donut_anomaly 1 if an alarm is on at the newest point, else 0.\n"                      \
    "# TYPE donut_anomaly gauge\n"
#define HELP_TIME                                                                                  \
    "# HELP donut_timestamp_seconds When the newest point was measured, Unix time.\n"              \
    "# TYPE donut_timestamp_seconds gauge\n"

/* Three KPIs, of which one has no value and one the labels of another one after replacement. */
static void test_prometheus(void)
{
    static const char *const tags[] = {"host=a\"b"};
    struct donut_record record[3] = {plain_record(), missing_record(), plain_record()};
    const struct donut_format format = {.kind = DONUT_FORMAT_PROMETHEUS, .tag = tags, .n_tags = 1};
    record[0].key = "w\xFF";
    record[0].key_size = 2;
    record[0].time_ms += 250;
    record[1].key = "";
    record[1].key_size = 0;
    record[2].key = "w\xFE";
    record[2].key_size = 2;
#define W "{kpi=\"w\xEF\xBF\xBD\",host=\"a\\\"b\"} "
#define E "{kpi=\"\",host=\"a\\\"b\"} "
    check_records(
        &format, record, 3,
        HELP_SCORE "anomaly_score" W "7.2231636\n" HELP_VALUE "y" W "812\n" HELP_BAND(
            "yhat" W "640.123\nyhat" E "640.123\n", "yhat_lower" W "595.1\nyhat_lower" E "595.1\n",
            "yhat_upper" W "685.147\nyhat_upper" E "685.147\n") HELP_RAW
        "donut_score" W "9.5\n" HELP_THRESHOLD "donut_threshold" W "4.5\ndonut_threshold" E
        "4.5\n" HELP_SURPRISE "donut_surprise" W "6.0206\n" HELP_ANOMALY "donut_anomaly" W
        "1\ndonut_anomaly" E "0\n" HELP_CAUSE "donut_cause" W "1\ndonut_cause" E "0\n" HELP_TIME
        "donut_timestamp_seconds" W "1469385600.25\ndonut_timestamp_seconds" E "1469385660\n",
        1);
#undef W
#undef E
}

/* Neither key nor tags: no braces. No record: nothing at all. */
static void test_prometheus_plain(void)
{
    const struct donut_format format = {.kind = DONUT_FORMAT_PROMETHEUS};
    struct donut_record record[2] = {missing_record(), plain_record()};
    record[0].key = record[1].key = NULL;
    check_records(&format, record, 1,
                  HELP_BAND("yhat 640.123\n", "yhat_lower 595.1\n", "yhat_upper 685.147\n")
                      HELP_THRESHOLD "donut_threshold 4.5\n" HELP_ANOMALY
                                     "donut_anomaly 0\n" HELP_CAUSE "donut_cause 0\n" HELP_TIME
                                     "donut_timestamp_seconds 1469385660\n",
                  0);
    check_records(&format, record, 0, "", 0);
    size_t left_out;
    struct donut_text text = write_records(&format, record, 2, &left_out);
    CHECK_INT(left_out, 1);
    CHECK(strstr(text.bytes, "anomaly_score") == NULL);
    donut_text_free(&text);
    record[1].key = "web";
    text = write_records(&format, record, 2, &left_out);
    CHECK_INT(left_out, 0);
    CHECK(strstr(text.bytes, "\nanomaly_score{kpi=\"web\"} 7.2231636\n") != NULL);
    donut_text_free(&text);
}

static const char *const names[METRICS] = {"anomaly_score",
                                           "y",
                                           "yhat",
                                           "yhat_lower",
                                           "yhat_upper",
                                           "donut_score",
                                           "donut_threshold",
                                           "donut_surprise",
                                           "donut_surprise_threshold",
                                           "donut_anomaly",
                                           "donut_cause",
                                           "donut_timestamp_seconds"};

/* KPIs, some with the labels of one before. */
struct document {
    struct drawn drawn[KEYS];
    struct bytes label[KEYS];
    bool again[KEYS];
    double value[METRICS][KEYS];
};

static void take_values(struct document *document, size_t i)
{
    const struct donut_record *record = &document->drawn[i].record;
    const double of[METRICS] = {
        isnan(record->surprise_threshold)
            ? donut_anomaly_score(record->row.score, record->threshold)
            : donut_anomaly_surprise(record->row.surprise, record->surprise_threshold),
        record->value,
        record->row.expected,
        record->row.lower,
        record->row.upper,
        record->row.score,
        record->threshold,
        record->row.surprise,
        record->surprise_threshold,
        record->row.anomaly,
        record->row.cause,
        (double)record->time_ms / 1000,
    };
    for (size_t metric = 0; metric < METRICS; metric++)
        document->value[metric][i] = of[metric];
}

/* Returns how many have labels that were there before. */
static size_t draw_document(struct draw *draw, struct document *document)
{
    size_t repeated = 0;
    for (size_t i = 0; i < KEYS; i++) {
        struct drawn *drawn = &document->drawn[i];
        draw_record(draw, false, drawn);
        if (i > 0 && i % 10 == 0) {
            drawn->key = document->drawn[i / 2].key;
            drawn->record.key_size = drawn->key.size;
        }
        document->label[i] = utf8_replace(&drawn->key);
        document->again[i] = false;
        for (size_t k = 0; k < i && !document->again[i]; k++)
            document->again[i] = bytes_same(&document->label[k], &document->label[i]);
        repeated += document->again[i];
        take_values(document, i);
    }
    return repeated;
}

/* Goes behind `want`, which must stand there. */
static bool take(const char **at, const char *want)
{
    const size_t size = strlen(want);
    if (!CHECK_THAT(strncmp(*at, want, size) == 0, "no '%s' at '%.40s'", want, *at))
        return false;
    *at += size;
    return true;
}

static void check_sample(const char **at, size_t metric, const struct document *document, size_t i)
{
    char number[64];
    struct bytes got;
    const double want = document->value[metric][i];
    if (!take(at, names[metric]) || !take(at, "{kpi="))
        return;
    CHECK(read_label_value(at, &got) && bytes_same(&got, &document->label[i]));
    if (!take(at, "} "))
        return;
    snprintf(number, sizeof number, "%.*s", (int)strcspn(*at, "\n"), *at);
    *at += strlen(number);
    take(at, "\n");
    if (metric >= 2 && metric <= 4)
        check_rounded(number, want, document->drawn[i].record.places);
    else if (metric == 0 || metric == 5)
        check_float(number, want);
    else
        check_number(number, want);
}

/* Every metric is described once, then has one sample for each KPI that has a value and was not
 * there before. */
static void check_document(struct draw *draw)
{
    static struct document document;
    struct donut_record record[KEYS];
    size_t left_out;
    const size_t repeated = draw_document(draw, &document);
    const struct donut_format format = {.kind = DONUT_FORMAT_PROMETHEUS};
    for (size_t i = 0; i < KEYS; i++)
        record[i] = document.drawn[i].record;
    struct donut_text text = write_records(&format, record, KEYS, &left_out);
    const char *at = text.bytes;
    CHECK_INT(left_out, repeated);
    for (size_t metric = 0; metric < METRICS; metric++) {
        char type[64], help[64];
        snprintf(help, sizeof help, "# HELP %s ", names[metric]);
        snprintf(type, sizeof type, "\n# TYPE %s gauge\n", names[metric]);
        take(&at, help);
        at += strcspn(at, "\n");
        take(&at, type);
        for (size_t i = 0; i < KEYS; i++)
            if (!document.again[i] && isfinite(document.value[metric][i]))
                check_sample(&at, metric, &document, i);
    }
    CHECK_TEXT(at, "");
    donut_text_free(&text);
}

TEST(format_prometheus)
{
    struct draw draw = draw_new("format prometheus", 46);
    utf8_enumerate();
    test_prometheus();
    test_prometheus_plain();
    for (int i = 0; i < DOCUMENTS; i++)
        check_document(&draw);
    return check_report("format prometheus");
}
