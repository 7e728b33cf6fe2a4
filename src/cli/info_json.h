/* Writes JSON member by member: commas, line ends and indentation come by themselves. */
#ifndef DONUT_CLI_INFO_JSON_H
#define DONUT_CLI_INFO_JSON_H

#include "cli/text.h"

#include <stdint.h>

/* Starts with its text alone. */
struct donut_json {
    struct donut_text *text;
    int depth;   /* brackets that are open */
    bool behind; /* a member stands before the next one */
};

/* The key is plain ASCII; NULL in an array and for what stands outside everything. */
void donut_json_open(struct donut_json *json, const char *key, char bracket);
void donut_json_close(struct donut_json *json, char bracket);

/* null for what is not finite. */
void donut_json_number(struct donut_json *json, const char *key, double x);
void donut_json_count(struct donut_json *json, const char *key, uint64_t n);
void donut_json_bool(struct donut_json *json, const char *key, bool b);
void donut_json_null(struct donut_json *json, const char *key);

/* Any bytes; donut_json_word() ends at a 0, and NULL is null. */
void donut_json_string(struct donut_json *json, const char *key, const char *bytes, size_t size);
void donut_json_word(struct donut_json *json, const char *key, const char *word);

/* Milliseconds since 1970 as "2025-01-06T00:00:00Z". */
void donut_json_time(struct donut_json *json, const char *key, int64_t ms);

#endif
