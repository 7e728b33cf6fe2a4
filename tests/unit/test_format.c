/* Lines of every format, written by hand; what is refused on the command line; the anomaly score
 * against its algebra. */
#include "writers.h"

#include <float.h>

/* A point with a value, one without, and one in warm-up with a hostile key. */
static void take_three(struct donut_record record[3])
{
    record[0] = plain_record();
    record[1] = missing_record();
    record[2] = plain_record();
    record[2].key = "a \"b\",\nc\\";
    record[2].key_size = 9;
    record[2].value = -0.5;
    record[2].row.status = DONUT_ROW_WARMUP;
    record[2].row.score = -0.0001;
    record[2].row.anomaly = false;
    record[2].row.surprise = 0.125;
    record[2].row.cause = DONUT_CAUSE_NONE;
    record[2].label = 0;
}

static void test_csv(void)
{
    struct donut_record record[3];
    take_three(record);
    struct donut_format format = {.kind = DONUT_FORMAT_CSV};
    check_records(&format, record, 2,
                  "timestamp,value,score,anomaly,expected,lower,upper,status,surprise,cause\n"
                  "1469385600,812,9.5,1,640.123,595.1,685.147,ok,6.0206,shape\n"
                  "1469385660,,,0,640.123,595.1,685.147,missing,,\n",
                  0);
    format.labelled = true;
    format.key_name = "KPI, ID";
    record[1].label = -1;
    record[1].key = NULL;
    check_records(&format, record, 3,
                  "timestamp,value,score,anomaly,expected,lower,upper,status,surprise,cause,label,"
                  "\"KPI, ID\"\n"
                  "1469385600,812,9.5,1,640.123,595.1,685.147,ok,6.0206,shape,1,web\n"
                  "1469385660,,,0,640.123,595.1,685.147,missing,,,,\n"
                  "1469385600,-0.5,-0.0001,0,640.123,595.1,685.147,warmup,0.125,,0,"
                  "\"a \"\"b\"\",\nc\\\"\n",
                  0);
}

static void test_jsonl(void)
{
    struct donut_record record[3];
    take_three(record);
    struct donut_format format = {.kind = DONUT_FORMAT_JSONL, .time_is_number = true};
    record[0].key = NULL;
    record[1].places = -1;
    check_records(
        &format, record, 3,
        "{\"timestamp\":1469385600,\"value\":812,\"score\":9.5,\"anomaly\":1,\"expected\":640.123,"
        "\"lower\":595.1,\"upper\":685.147,\"status\":\"ok\",\"surprise\":6.0206,"
        "\"cause\":\"shape\"}\n"
        "{\"timestamp\":1469385660,\"value\":null,\"score\":null,\"anomaly\":0,\"expected\":640,"
        "\"lower\":600,\"upper\":690,\"status\":\"missing\",\"surprise\":null,"
        "\"cause\":null,\"key\":\"web\"}\n"
        "{\"timestamp\":1469385600,\"value\":-0.5,\"score\":-0.0001,\"anomaly\":0,"
        "\"expected\":640.123,\"lower\":595.1,\"upper\":685.147,\"status\":\"warmup\",\"surprise\":"
        "0.125,\"cause\":null,"
        "\"key\":\"a \\\"b\\\",\\nc\\\\\"}\n",
        0);
    format.time_is_number = false;
    format.labelled = true;
    record[0].time = "2016-07-24T18:40:00+02:00";
    record[0].time_size = 25;
    record[0].value = 1e300;
    record[0].row.expected = INFINITY;
    record[0].label = -1;
    check_records(&format, record, 1,
                  "{\"timestamp\":\"2016-07-24T18:40:00+02:00\",\"value\":1e+300,\"score\":9.5,"
                  "\"anomaly\":1,\"expected\":null,\"lower\":595.1,\"upper\":685.147,"
                  "\"status\":\"ok\",\"surprise\":6.0206,\"cause\":\"shape\",\"label\":null}\n",
                  0);
}

/* A time that claims to be a number is one only if JSON agrees. */
static void test_json_numbers(void)
{
    static const struct {
        const char *time;
        bool is_number;
    } cases[] = {
        {"0", true},        {"-0", true},    {"-12.5", true},  {"1469385600.000", true},
        {"0.5", true},      {"", false},     {"-", false},     {"01", false},
        {"+1", false},      {".5", false},   {"1.", false},    {"1e3", false},
        {"1 ", false},      {"-.5", false},  {"nan", false},   {"1469385600000", true},
        {"2016-07", false}, {"1..5", false}, {"1.5.5", false},
    };
    const struct donut_format format = {.kind = DONUT_FORMAT_JSONL, .time_is_number = true};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct donut_record record = plain_record();
        char want[64];
        size_t left_out;
        record.time = cases[i].time;
        record.time_size = strlen(record.time);
        snprintf(want, sizeof want,
                 cases[i].is_number ? "{\"timestamp\":%s," : "{\"timestamp\":\"%s\",", record.time);
        struct donut_text text = write_records(&format, &record, 1, &left_out);
        CHECK_THAT(strncmp(text.bytes, want, strlen(want)) == 0, "'%s': %s", record.time,
                   text.bytes);
        donut_text_free(&text);
    }
}

/* log2(1 + exp(5)) = 7.2231634... (bc: l(1+e(5))/l(2)), log2(1 + exp(-4.5001)) = 0.0159369417...,
 * both to the nearest float. */
static void test_influx(void)
{
    static const char *const tags[] = {"host=a b", "data center=x=\\"};
    struct donut_record record[3];
    take_three(record);
    struct donut_format format = {.kind = DONUT_FORMAT_INFLUX, .measurement = "donut"};
    check_records(&format, record, 3,
                  "donut,kpi=web y=812,anomaly_score=7.2231636,yhat=640.123,yhat_lower=595.1,"
                  "yhat_upper=685.147,score=9.5,surprise=6.0206,anomaly=1i,status=\"ok\",cause="
                  "\"shape\" 1469385600000000000\n"
                  "donut,kpi=web yhat=640.123,yhat_lower=595.1,yhat_upper=685.147,anomaly=0i,"
                  "status=\"missing\" 1469385660000000000\n"
                  "donut,kpi=a\\ \"b\"\\,\\nc\\x5c y=-0.5,anomaly_score=0.01593694,yhat=640.123,"
                  "yhat_lower=595.1,yhat_upper=685.147,score=-0.0001,surprise=0.125,anomaly=0i,"
                  "status=\"warmup\" 1469385600000000000\n",
                  0);
    format.measurement = "my kpis";
    format.tag = tags;
    format.n_tags = 2;
    record[0].key_size = 0;
    record[0].row.expected = record[0].row.lower = record[0].row.upper = NAN;
    record[0].time_ms = -1;
    record[1].key = NULL;
    check_records(&format, record, 2,
                  "my\\ kpis,host=a\\ b,data\\ center=x\\=\\x5c y=812,anomaly_score=7.2231636,"
                  "score=9.5,surprise=6.0206,anomaly=1i,status=\"ok\",cause=\"shape\" -1000000\n"
                  "my\\ kpis,host=a\\ b,data\\ center=x\\=\\x5c yhat=640.123,yhat_lower=595.1,"
                  "yhat_upper=685.147,anomaly=0i,status=\"missing\" 1469385660000000000\n",
                  0);
}

/* Nanoseconds have 64 bits. */
static void test_influx_times(void)
{
    static const int64_t inside[] = {INT64_C(9199999999999), -INT64_C(9199999999999), 0};
    static const int64_t outside[] = {INT64_C(9200000000000), -INT64_C(9200000000000),
                                      INT64_C(999999999999999), INT64_C(-999999999999999)};
    const struct donut_format format = {.kind = DONUT_FORMAT_INFLUX, .measurement = "m"};
    struct donut_record record[7];
    size_t left_out;
    for (size_t i = 0; i < 7; i++) {
        record[i] = missing_record();
        record[i].time_ms = i < 3 ? inside[i] : outside[i - 3];
    }
    struct donut_text text = write_records(&format, record, 7, &left_out);
    CHECK_INT(left_out, 4);
    CHECK(strstr(text.bytes, "\" 9199999999999000000\n") != NULL);
    CHECK(strstr(text.bytes, "\" -9199999999999000000\n") != NULL);
    CHECK(strstr(text.bytes, "\" 0\n") != NULL);
    donut_text_free(&text);
}

static void check_episode(struct donut_format *format, const struct donut_episode_record *record,
                          const char *want)
{
    struct donut_text text = {0};
    struct donut_writer writer = {.format = format, .text = &text};
    donut_writer_begin_episodes(&writer);
    donut_writer_episode(&writer, record);
    donut_text_put(&text, "", 1);
    CHECK_TEXT(text.bytes, want);
    donut_writer_free(&writer);
    donut_text_free(&text);
}

static void test_episodes(void)
{
    const struct donut_record at_peak = plain_record();
    const struct donut_episode episode = {
        .first = {.time_ms = INT64_C(1469385480000), .offset_minutes = 120, .value = 700},
        .last = {.time_ms = INT64_C(1469385660500), .offset_minutes = 60, .value = 699},
        .points = 3,
        .peak = {.time_ms = at_peak.time_ms, .offset_minutes = 120, .value = 812},
        .peak_row = at_peak.row,
        .up = true,
        .cause = DONUT_CAUSE_BOTH,
    };
    struct donut_time_format iso = {
        .kind = DONUT_TIME_ISO, .separator = 'T', .seconds = true, .decimals = 1, .zone = '+'};
    struct donut_time_format epoch = {.kind = DONUT_TIME_SECONDS, .decimals = 1};
    struct donut_episode_record record = {.episode = &episode, .time_format = &iso, .places = 3};
    struct donut_format format = {.kind = DONUT_FORMAT_CSV};
    check_episode(
        &format, &record,
        "start,end,points,peak_time,peak_score,value,expected,lower,upper,direction,"
        "state,peak_surprise,cause\n2016-07-24T20:38:00.0+02:00,2016-07-24T19:41:00.5+01:00,3,"
        "2016-07-24T20:40:00.0+02:00,9.5,812,640.123,595.1,685.147,up,ended,6.0206,both\n");
    format.kind = DONUT_FORMAT_JSONL;
    check_episode(&format, &record,
                  "{\"start\":\"2016-07-24T20:38:00.0+02:00\",\"end\":"
                  "\"2016-07-24T19:41:00.5+01:00\",\"points\":3,\"peak_time\":"
                  "\"2016-07-24T20:40:00.0+02:00\",\"peak_score\":9.5,\"value\":812,"
                  "\"expected\":640.123,\"lower\":595.1,\"upper\":685.147,\"direction\":\"up\","
                  "\"state\":\"ended\",\"peak_surprise\":6.0206,\"cause\":\"both\"}\n");
    struct donut_episode below = episode;
    below.up = false;
    record.episode = &below;
    record.time_format = &epoch;
    record.ongoing = true;
    record.key = "a,\"";
    record.key_size = 3;
    format.time_is_number = true;
    check_episode(&format, &record,
                  "{\"start\":1469385480.0,\"end\":1469385660.5,\"points\":3,\"peak_time\":"
                  "1469385600.0,\"peak_score\":9.5,\"value\":812,\"expected\":640.123,"
                  "\"lower\":595.1,\"upper\":685.147,\"direction\":\"down\",\"state\":\"ongoing\","
                  "\"peak_surprise\":6.0206,\"cause\":\"both\","
                  "\"key\":\"a,\\\"\"}\n");
    format.kind = DONUT_FORMAT_CSV;
    format.key_name = " id";
    check_episode(&format, &record,
                  "start,end,points,peak_time,peak_score,value,expected,lower,upper,direction,"
                  "state,peak_surprise,cause,\" "
                  "id\"\n1469385480.0,1469385660.5,3,1469385600.0,9.5,812,640.123,595.1,"
                  "685.147,down,ongoing,6.0206,both,\"a,\"\"\"\n");
}

/* `want`: a part of the sentence; NULL = all is well. */
static void check_tags(enum donut_format_kind kind, const char *first, const char *second,
                       const char *want)
{
    const char *const tags[] = {first, second};
    const struct donut_format format = {
        .kind = kind, .measurement = "m", .tag = tags, .n_tags = second ? 2 : 1};
    struct donut_error err = {.text = ""};
    const enum donut_status status = donut_format_check(&format, &err);
    CHECK_THAT(status == (want ? DONUT_EARGUMENT : DONUT_OK), "%s: status %d", first, status);
    CHECK_THAT(strstr(err.text, want ? want : "") != NULL, "%s: %s", first, err.text);
}

static void test_check(void)
{
    static const char *const influx_words[] = {
        "time=1",   "_field=1",     "_measurement=1", "y=1",     "anomaly_score=1",
        "yhat=1",   "yhat_lower=1", "yhat_upper=1",   "score=1", "anomaly=1",
        "status=1", "surprise=1",   "cause=1"};
    static const char *const no_labels[] = {"a-b=1", "1a=1",  "__a=1", "\xC3\xBC=1",
                                            "a b=1", "a:b=1", "a.b=1"};
    for (int kind = DONUT_FORMAT_INFLUX; kind <= DONUT_FORMAT_PROMETHEUS; kind++) {
        const enum donut_format_kind each = (enum donut_format_kind)kind;
        check_tags(each, "host=a b", "_=c=\n", NULL);
        check_tags(each, "host", NULL, "NAME=VALUE");
        check_tags(each, "host=", NULL, "NAME=VALUE");
        check_tags(each, "=a", NULL, "NAME=VALUE");
        check_tags(each, "", NULL, "NAME=VALUE");
        check_tags(each, "a=b", "kpi=b", "'kpi'");
        check_tags(each, "a=b", "a=c", "twice");
        check_tags(each, "a=b", "ab=c", NULL);
    }
    for (size_t i = 0; i < sizeof influx_words / sizeof influx_words[0]; i++) {
        check_tags(DONUT_FORMAT_INFLUX, influx_words[i], NULL, "InfluxDB");
        check_tags(DONUT_FORMAT_PROMETHEUS, influx_words[i], NULL, NULL);
    }
    for (size_t i = 0; i < sizeof no_labels / sizeof no_labels[0]; i++) {
        check_tags(DONUT_FORMAT_PROMETHEUS, no_labels[i], NULL, "Prometheus");
        check_tags(DONUT_FORMAT_INFLUX, no_labels[i], NULL, NULL);
    }
    check_tags(DONUT_FORMAT_PROMETHEUS, "_a9Z=1", NULL, NULL);
    check_tags(DONUT_FORMAT_CSV, "a=b", NULL, "have tags");
    check_tags(DONUT_FORMAT_JSONL, "a=b", NULL, "have tags");
    struct donut_format format = {.kind = DONUT_FORMAT_INFLUX, .measurement = ""};
    struct donut_error err;
    CHECK(donut_format_check(&format, &err) == DONUT_EARGUMENT && strstr(err.text, "empty"));
    format.measurement = "#m";
    CHECK(donut_format_check(&format, &err) == DONUT_EARGUMENT && strstr(err.text, "comment"));
    format.measurement = "m#";
    CHECK(donut_format_check(&format, &err) == DONUT_OK);
}

/* 2^x = 1 + exp(d) at exact places: x = 0.5, 1, 2, 3 have d = log(2^x - 1). */
static void test_anomaly_score(void)
{
    for (double t = -1e6; t <= 1e6; t += 12345.678)
        CHECK(donut_anomaly_score(t, t) == 1);
    CHECK_NEAR(donut_anomaly_score(log(sqrt(2) - 1), 0), 0.5, 1e-7);
    CHECK_NEAR(donut_anomaly_score(5 + log(3), 5), 2, 2e-7);
    CHECK_NEAR(donut_anomaly_score(log(7) - 2, -2), 3, 2e-7);
    /* Far above the line d / log(2), far below exp(d) / log(2). */
    CHECK_NEAR(donut_anomaly_score(1000, 0) * log(2), 1000, 1e-4);
    CHECK_NEAR(donut_anomaly_score(0, 20) / (exp(-20) / log(2)), 1, 1e-6);
    CHECK(donut_anomaly_score(0, 1e5) == 0);
    CHECK(isnan(donut_anomaly_score(NAN, 1)));
    CHECK(donut_anomaly_score(DBL_MAX, -DBL_MAX) == DBL_MAX);
    CHECK(donut_anomaly_score(1, -DBL_MAX) == DBL_MAX);
    CHECK(donut_anomaly_score(-DBL_MAX, DBL_MAX) == 0);
    CHECK_NEAR(donut_anomaly_score(1e39, 0) / 1e39, 1 / log(2), 1e-12);
}

/* Rising everywhere, and above 1 exactly where the score is above the threshold. */
static void test_anomaly_score_order(void)
{
    static const double thresholds[] = {0, 1e-9, 4.5, -3.25, 1e4};
    for (size_t k = 0; k < sizeof thresholds / sizeof thresholds[0]; k++) {
        const double t = thresholds[k];
        CHECK(donut_anomaly_score(nextafter(t, INFINITY), t) > 1);
        CHECK(donut_anomaly_score(nextafter(t, -INFINITY), t) <= 1);
        double before = 0;
        for (double d = -200; d < 200; d += 0.01) {
            const double x = donut_anomaly_score(t + d, t);
            CHECK_THAT(x >= before && (x > 1) == (t + d > t), "at %g + %g: %.9g after %.9g", t, d,
                       x, before);
            before = x;
        }
    }
}

/* Linear in the surprise, and above 1 exactly where it is above the threshold. */
static void test_anomaly_surprise(void)
{
    struct donut_record record = plain_record();
    CHECK(donut_anomaly_surprise(4, 4) == 1);
    CHECK(donut_anomaly_surprise(0, 4) == 0);
    CHECK(donut_anomaly_surprise(3, 4) == 0.75);
    CHECK(donut_anomaly_surprise(300, 4) == 75);
    CHECK(donut_anomaly_surprise(nextafter(3.3, 4), 3.3) > 1);
    CHECK(donut_anomaly_surprise(nextafter(3.3, 3), 3.3) <= 1);
    CHECK(isnan(donut_anomaly_surprise(NAN, 4)));
    CHECK(donut_record_anomaly_score(&record) == donut_anomaly_score(9.5, 4.5));
    record.surprise_threshold = 3.0103;
    CHECK(donut_record_anomaly_score(&record) == 2);
    record.row.surprise = NAN;
    CHECK(isnan(donut_record_anomaly_score(&record)));
}

TEST(format)
{
    test_csv();
    test_jsonl();
    test_json_numbers();
    test_influx();
    test_influx_times();
    test_episodes();
    test_check();
    test_anomaly_score();
    test_anomaly_score_order();
    test_anomaly_surprise();
    return check_report("format");
}
