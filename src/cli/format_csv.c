#include "cli/escape.h"
#include "cli/format_each.h"

#include "data/timestamp.h"

#include <string.h>

static void put_comma(struct donut_text *text)
{
    donut_text_put(text, ",", 1);
}

static void put_band(struct donut_text *text, const struct donut_score_row *row, int places)
{
    donut_text_rounded(text, row->expected, places);
    put_comma(text);
    donut_text_rounded(text, row->lower, places);
    put_comma(text);
    donut_text_rounded(text, row->upper, places);
    put_comma(text);
}

static void put_surprise(struct donut_text *text, double surprise, enum donut_cause cause)
{
    put_comma(text);
    donut_text_double(text, surprise);
    donut_text_print(text, ",%s", donut_cause_name(cause));
}

static void end_header(struct donut_writer *writer)
{
    const char *key_name = writer->format->key_name;
    if (key_name) {
        put_comma(writer->text);
        donut_escape_csv(writer->text, key_name, strlen(key_name));
    }
    donut_text_put(writer->text, "\n", 1);
}

static void end_line(struct donut_writer *writer, const char *key, size_t key_size)
{
    if (writer->format->key_name)
        put_comma(writer->text);
    if (writer->format->key_name && key)
        donut_escape_csv(writer->text, key, key_size);
    donut_text_put(writer->text, "\n", 1);
}

void donut_csv_put_header(struct donut_writer *writer)
{
    donut_text_print(writer->text,
                     "timestamp,value,score,anomaly,expected,lower,upper,status,surprise,cause%s",
                     writer->format->labelled ? ",label" : "");
    end_header(writer);
}

void donut_csv_put_record(struct donut_writer *writer, const struct donut_record *record)
{
    struct donut_text *text = writer->text;
    const char *status = donut_row_status_name(record->row.status);
    donut_text_put(text, record->time, record->time_size);
    put_comma(text);
    donut_text_double(text, record->value);
    put_comma(text);
    donut_text_float(text, record->row.score);
    donut_text_put(text, record->row.anomaly ? ",1," : ",0,", 3);
    put_band(text, &record->row, record->places);
    donut_text_put(text, status, strlen(status));
    put_surprise(text, record->row.surprise, record->row.cause);
    if (writer->format->labelled) {
        put_comma(text);
        donut_text_put(text, record->label == 1 ? "1" : "0", record->label >= 0);
    }
    end_line(writer, record->key, record->key_size);
}

void donut_csv_put_episode_header(struct donut_writer *writer)
{
    donut_text_print(writer->text, "start,end,points,peak_time,peak_score,value,expected,lower,"
                                   "upper,direction,state,peak_surprise,cause");
    end_header(writer);
}

static void put_cell_time(struct donut_text *text, const struct donut_time_format *format,
                          const struct donut_alert_point *point)
{
    char time[DONUT_TIME_SIZE];
    donut_text_put(text, time,
                   donut_time_write(format, point->time_ms, point->offset_minutes, time));
    put_comma(text);
}

void donut_csv_put_episode(struct donut_writer *writer, const struct donut_episode_record *record)
{
    struct donut_text *text = writer->text;
    const struct donut_episode *episode = record->episode;
    put_cell_time(text, record->time_format, &episode->first);
    put_cell_time(text, record->time_format, &episode->last);
    donut_text_print(text, "%zu,", episode->points);
    put_cell_time(text, record->time_format, &episode->peak);
    donut_text_float(text, episode->peak_row.score);
    put_comma(text);
    donut_text_double(text, episode->peak.value);
    put_comma(text);
    put_band(text, &episode->peak_row, record->places);
    donut_text_print(text, "%s,%s", episode->up ? "up" : "down",
                     record->ongoing ? "ongoing" : "ended");
    put_surprise(text, episode->peak_row.surprise, episode->cause);
    end_line(writer, record->key, record->key_size);
}
