#include "cli/info_json.h"

#include "cli/escape.h"
#include "cli/times.h"

#include <math.h>
#include <string.h>

/* Up to its colon; members of an array within another value follow on the same line. */
static void begin(struct donut_json *json, const char *key)
{
    if (json->behind)
        donut_text_put(json->text, ",", 1);
    if (json->depth > 0)
        donut_text_print(json->text, "\n%*s", 2 * json->depth, "");
    if (key)
        donut_text_print(json->text, "\"%s\": ", key);
    json->behind = true;
}

void donut_json_open(struct donut_json *json, const char *key, char bracket)
{
    begin(json, key);
    donut_text_put(json->text, &bracket, 1);
    json->depth++;
    json->behind = false;
}

void donut_json_close(struct donut_json *json, char bracket)
{
    json->depth--;
    if (json->behind)
        donut_text_print(json->text, "\n%*s", 2 * json->depth, "");
    donut_text_put(json->text, &bracket, 1);
    json->behind = true;
    if (json->depth == 0)
        donut_text_put(json->text, "\n", 1);
}

void donut_json_number(struct donut_json *json, const char *key, double x)
{
    if (!isfinite(x)) {
        donut_json_null(json, key);
        return;
    }
    begin(json, key);
    donut_text_double(json->text, x);
}

void donut_json_count(struct donut_json *json, const char *key, uint64_t n)
{
    begin(json, key);
    donut_text_print(json->text, "%llu", (unsigned long long)n);
}

void donut_json_bool(struct donut_json *json, const char *key, bool b)
{
    begin(json, key);
    donut_text_print(json->text, b ? "true" : "false");
}

void donut_json_null(struct donut_json *json, const char *key)
{
    begin(json, key);
    donut_text_put(json->text, "null", 4);
}

void donut_json_string(struct donut_json *json, const char *key, const char *bytes, size_t size)
{
    begin(json, key);
    donut_escape_json(json->text, bytes, size);
}

void donut_json_word(struct donut_json *json, const char *key, const char *word)
{
    if (word)
        donut_json_string(json, key, word, strlen(word));
    else
        donut_json_null(json, key);
}

void donut_json_time(struct donut_json *json, const char *key, int64_t ms)
{
    char date[DONUT_TIME_SIZE];
    donut_json_word(json, key, donut_date_words(ms, date));
}
