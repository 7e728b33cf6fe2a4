/* Whole records with hostile keys and any numbers, read back by parsers of each format. */
#include "drawn.h"

#include "data/csv.h"

#define ROUNDS 2500
#define FIELDS 16

struct field {
    struct bytes name, text;
    bool quoted;
};

/* Field by field, in the order of `names` but for those that have no value. */
static const struct field *next_field(const struct field *field, size_t n, size_t *at,
                                      const char *name, bool has_value)
{
    if (!has_value)
        return NULL;
    if (!CHECK_THAT(*at < n && strcmp(field[*at].name.at, name) == 0, "no field '%s'", name))
        return NULL;
    return &field[(*at)++];
}

static void check_word(const struct field *field, const char *want)
{
    CHECK_THAT(field && strcmp(field->text.at, want) == 0, "'%s', want '%s'",
               field ? field->text.at : "nothing", want);
}

static const char *status_word(enum donut_row_status status)
{
    return status == DONUT_ROW_OK ? "ok" : status == DONUT_ROW_WARMUP ? "warmup" : "missing";
}

/* An object of strings and bare words, to the end of the line. */
static size_t read_object(const char **at, struct field *field)
{
    size_t n = 0;
    for (; n < FIELDS && (**at == '{' || **at == ','); n++) {
        (*at)++;
        field[n].text.size = 0;
        if (!read_json_string(at, &field[n].name) || *(*at)++ != ':')
            return 0;
        field[n].quoted = **at == '"';
        if (field[n].quoted && !read_json_string(at, &field[n].text))
            return 0;
        for (; !field[n].quoted && **at && !strchr(",}", **at); (*at)++)
            bytes_add(&field[n].text, *at, 1);
    }
    if (**at != '}' || (*at)[1] != '\n')
        return 0;
    *at += 2;
    return n;
}

static void check_json_number(const struct field *field, double want, bool is_float)
{
    if (!field)
        return;
    CHECK(!field->quoted);
    if (!isfinite(want))
        check_word(field, "null");
    else if (is_float)
        check_float(field->text.at, want);
    else
        check_number(field->text.at, want);
}

static void check_json_rounded(const struct field *field, double want, int places)
{
    if (field && isfinite(want))
        check_rounded(field->text.at, want, places);
    else
        check_json_number(field, want, false);
}

static const char *const causes[] = {"", "shape", "step", "both"};

static void check_cause(const struct field *field, enum donut_cause want)
{
    if (field && want == DONUT_CAUSE_NONE)
        CHECK(!field->quoted);
    check_word(field, want == DONUT_CAUSE_NONE ? "null" : causes[want]);
}

static void check_jsonl(const struct drawn *drawn, bool iso)
{
    const struct donut_record *record = &drawn->record;
    const struct donut_format format = {
        .kind = DONUT_FORMAT_JSONL, .labelled = true, .time_is_number = !iso};
    static struct field field[FIELDS];
    const struct bytes want_key = utf8_replace(&drawn->key);
    size_t left_out, at = 0;
    struct donut_text text = write_records(&format, record, 1, &left_out);
    const char *line = text.bytes;
    const size_t n = read_object(&line, field);
    CHECK_THAT(n == 12 && *line == '\0', "%s", text.bytes);
    const struct field *time = next_field(field, n, &at, "timestamp", true);
    check_word(time, drawn->time);
    CHECK(time && time->quoted == iso);
    check_json_number(next_field(field, n, &at, "value", true), record->value, false);
    check_json_number(next_field(field, n, &at, "score", true), record->row.score, true);
    check_word(next_field(field, n, &at, "anomaly", true), record->row.anomaly ? "1" : "0");
    check_json_rounded(next_field(field, n, &at, "expected", true), record->row.expected,
                       record->places);
    check_json_rounded(next_field(field, n, &at, "lower", true), record->row.lower, record->places);
    check_json_rounded(next_field(field, n, &at, "upper", true), record->row.upper, record->places);
    check_word(next_field(field, n, &at, "status", true), status_word(record->row.status));
    check_json_number(next_field(field, n, &at, "surprise", true), record->row.surprise, false);
    check_cause(next_field(field, n, &at, "cause", true), record->row.cause);
    check_word(next_field(field, n, &at, "label", true), record->label ? "1" : "0");
    const struct field *key = next_field(field, n, &at, "key", true);
    CHECK(key && key->quoted && bytes_same(&key->text, &want_key));
    donut_text_free(&text);
}

/* measurement[,tag=value]... field=value[,...] time; strings hold no commas here. */
static size_t read_line(const char **at, struct field *tag, size_t *n_tags, struct field *field)
{
    size_t n = 0;
    struct bytes measurement;
    *n_tags = 0;
    if (!read_influx(at, ", ", false, &measurement) || strcmp(measurement.at, "a,b c") != 0)
        return 0;
    for (; **at == ',' && *n_tags < FIELDS; ++*n_tags) {
        ++*at;
        if (!read_influx(at, ",= ", false, &tag[*n_tags].name) || *(*at)++ != '=' ||
            !read_influx(at, ", ", false, &tag[*n_tags].text) || tag[*n_tags].text.size == 0)
            return 0;
    }
    do {
        ++*at;
        if (!read_influx(at, "=", false, &field[n].name) || *(*at)++ != '=' ||
            !read_influx(at, ", ", false, &field[n].text))
            return 0;
    } while (++n < FIELDS && **at == ',');
    return n;
}

static void check_influx(const struct drawn *drawn)
{
    static const char *const tags[] = {"host=h 1"};
    const struct donut_record *record = &drawn->record;
    const struct donut_score_row *row = &record->row;
    const double anomaly_score =
        isnan(record->surprise_threshold)
            ? donut_anomaly_score(row->score, record->threshold)
            : donut_anomaly_surprise(row->surprise, record->surprise_threshold);
    const struct donut_format format = {
        .kind = DONUT_FORMAT_INFLUX, .measurement = "a,b c", .tag = tags, .n_tags = 1};
    static struct field field[FIELDS], tag[FIELDS];
    const struct field *found;
    char status[16], time[32];
    size_t left_out, n_tags, at = 0;
    struct donut_text text = write_records(&format, record, 1, &left_out);
    const char *line = text.bytes;
    const size_t n = read_line(&line, tag, &n_tags, field);
    CHECK_THAT(n_tags == (drawn->key.size > 0 ? 2 : 1), "%s", text.bytes);
    CHECK(n_tags > 0 && strcmp(tag[n_tags - 1].name.at, "host") == 0);
    CHECK(n_tags > 0 && strcmp(tag[n_tags - 1].text.at, "h 1") == 0);
    CHECK(n_tags < 2 || strcmp(tag[0].name.at, "kpi") == 0);
    if ((found = next_field(field, n, &at, "y", isfinite(record->value))))
        check_number(found->text.at, record->value);
    if ((found = next_field(field, n, &at, "anomaly_score", isfinite(anomaly_score))))
        check_float(found->text.at, anomaly_score);
    if ((found = next_field(field, n, &at, "yhat", isfinite(row->expected))))
        check_rounded(found->text.at, row->expected, record->places);
    if ((found = next_field(field, n, &at, "yhat_lower", isfinite(row->lower))))
        check_rounded(found->text.at, row->lower, record->places);
    if ((found = next_field(field, n, &at, "yhat_upper", isfinite(row->upper))))
        check_rounded(found->text.at, row->upper, record->places);
    if ((found = next_field(field, n, &at, "score", isfinite(row->score))))
        check_float(found->text.at, row->score);
    if ((found = next_field(field, n, &at, "surprise", isfinite(row->surprise))))
        check_number(found->text.at, row->surprise);
    check_word(next_field(field, n, &at, "anomaly", true), row->anomaly ? "1i" : "0i");
    snprintf(status, sizeof status, "\"%s\"", status_word(row->status));
    check_word(next_field(field, n, &at, "status", true), status);
    snprintf(status, sizeof status, "\"%s\"", causes[row->cause]);
    if (row->cause != DONUT_CAUSE_NONE)
        check_word(next_field(field, n, &at, "cause", true), status);
    CHECK_INT(at, n);
    snprintf(time, sizeof time, " %lld\n", (long long)record->time_ms * 1000000);
    CHECK_TEXT(line, time);
    donut_text_free(&text);
}

static void check_csv(const struct drawn *drawn)
{
    const struct donut_format format = {.kind = DONUT_FORMAT_CSV, .key_name = drawn->key.at};
    size_t left_out;
    struct donut_text text = write_records(&format, &drawn->record, 1, &left_out);
    struct donut_csv csv;
    struct donut_cell cell = {0};
    CHECK(donut_csv_open(&csv, text.bytes, text.size - 1, NULL) == DONUT_OK);
    for (int line = 0; line < 2; line++) {
        struct bytes got = {.size = 0};
        bool last = false;
        CHECK(donut_csv_more(&csv));
        for (size_t column = 0; column < 11; column++) {
            CHECK(donut_csv_cell(&csv, &cell, &last, NULL) == DONUT_OK);
            CHECK_INT(last, column == 10);
        }
        for (size_t i = 0; i < cell.size; i++) {
            bytes_add(&got, cell.text + i, 1);
            i += cell.text[i] == '"';
        }
        CHECK(bytes_same(&got, &drawn->key));
    }
    CHECK(!donut_csv_more(&csv));
    donut_text_free(&text);
}

TEST(format_keys)
{
    struct draw draw = draw_new("format keys", 45);
    static struct drawn drawn;
    utf8_enumerate();
    for (int i = 0; i < ROUNDS; i++) {
        draw_record(&draw, i % 2, &drawn);
        check_jsonl(&drawn, i % 2);
        check_influx(&drawn);
        check_csv(&drawn);
    }
    return check_report("format keys");
}
