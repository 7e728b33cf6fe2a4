#include "cli/escape.h"
#include "cli/format_each.h"

#include "data/timestamp.h"

#include <string.h>

/* `name` is what stands before the value: ",\"score\":". */
static void put_name(struct donut_text *text, const char *name)
{
    donut_text_put(text, name, strlen(name));
}

/* Ends what may be a number: null, if nothing has come since `begin`. */
static void end_number(struct donut_text *text, size_t begin)
{
    if (text->size == begin)
        donut_text_put(text, "null", 4);
}

static void put_double(struct donut_text *text, const char *name, double x)
{
    put_name(text, name);
    const size_t begin = text->size;
    donut_text_double(text, x);
    end_number(text, begin);
}

static void put_float(struct donut_text *text, const char *name, double x)
{
    put_name(text, name);
    const size_t begin = text->size;
    donut_text_float(text, x);
    end_number(text, begin);
}

static void put_rounded(struct donut_text *text, const char *name, double x, int places)
{
    put_name(text, name);
    const size_t begin = text->size;
    donut_text_rounded(text, x, places);
    end_number(text, begin);
}

static void put_expected(struct donut_text *text, const struct donut_score_row *row, int places)
{
    put_rounded(text, ",\"expected\":", row->expected, places);
    put_rounded(text, ",\"lower\":", row->lower, places);
    put_rounded(text, ",\"upper\":", row->upper, places);
}

static void put_cause(struct donut_text *text, enum donut_cause cause)
{
    if (cause == DONUT_CAUSE_NONE)
        put_name(text, ",\"cause\":null");
    else
        donut_text_print(text, ",\"cause\":\"%s\"", donut_cause_name(cause));
}

static size_t count_digits(const char *bytes, size_t size)
{
    size_t n = 0;
    while (n < size && bytes[n] >= '0' && bytes[n] <= '9')
        n++;
    return n;
}

/* [-] digits [. digits], without a zero in front of other digits: what JSON takes and an epoch may
 * look like. */
static bool is_json_number(const char *bytes, size_t size)
{
    const size_t sign = size > 0 && bytes[0] == '-';
    size_t n = count_digits(bytes + sign, size - sign);
    if (n == 0 || (n > 1 && bytes[sign] == '0'))
        return false;
    n += sign;
    if (n == size || bytes[n] != '.')
        return n == size;
    return n + 1 < size && count_digits(bytes + n + 1, size - n - 1) == size - n - 1;
}

static void put_timestamp(struct donut_writer *writer, const char *name, const char *time,
                          size_t size)
{
    put_name(writer->text, name);
    if (writer->format->time_is_number && is_json_number(time, size))
        donut_text_put(writer->text, time, size);
    else
        donut_escape_json(writer->text, time, size);
}

static void end_object(struct donut_text *text, const char *key, size_t key_size)
{
    if (key) {
        put_name(text, ",\"key\":");
        donut_escape_json(text, key, key_size);
    }
    donut_text_put(text, "}\n", 2);
}

void donut_jsonl_put_record(struct donut_writer *writer, const struct donut_record *record)
{
    struct donut_text *text = writer->text;
    put_timestamp(writer, "{\"timestamp\":", record->time, record->time_size);
    put_double(text, ",\"value\":", record->value);
    put_float(text, ",\"score\":", record->row.score);
    put_name(text, record->row.anomaly ? ",\"anomaly\":1" : ",\"anomaly\":0");
    put_expected(text, &record->row, record->places);
    donut_text_print(text, ",\"status\":\"%s\"", donut_row_status_name(record->row.status));
    put_double(text, ",\"surprise\":", record->row.surprise);
    put_cause(text, record->row.cause);
    if (writer->format->labelled)
        put_name(text, record->label < 0    ? ",\"label\":null"
                       : record->label == 0 ? ",\"label\":0"
                                            : ",\"label\":1");
    end_object(text, record->key, record->key_size);
}

static void put_point_time(struct donut_writer *writer, const char *name,
                           const struct donut_time_format *format,
                           const struct donut_alert_point *point)
{
    char time[DONUT_TIME_SIZE];
    put_timestamp(writer, name, time,
                  donut_time_write(format, point->time_ms, point->offset_minutes, time));
}

void donut_jsonl_put_episode(struct donut_writer *writer, const struct donut_episode_record *record)
{
    struct donut_text *text = writer->text;
    const struct donut_episode *episode = record->episode;
    put_point_time(writer, "{\"start\":", record->time_format, &episode->first);
    put_point_time(writer, ",\"end\":", record->time_format, &episode->last);
    donut_text_print(text, ",\"points\":%zu", episode->points);
    put_point_time(writer, ",\"peak_time\":", record->time_format, &episode->peak);
    put_float(text, ",\"peak_score\":", episode->peak_row.score);
    put_double(text, ",\"value\":", episode->peak.value);
    put_expected(text, &episode->peak_row, record->places);
    donut_text_print(text, ",\"direction\":\"%s\",\"state\":\"%s\"", episode->up ? "up" : "down",
                     record->ongoing ? "ongoing" : "ended");
    put_double(text, ",\"peak_surprise\":", episode->peak_row.surprise);
    put_cause(text, episode->cause);
    end_object(text, record->key, record->key_size);
}
