/* Names and keys, which may be any bytes, inside other languages. */
#ifndef DONUT_CLI_ESCAPE_H
#define DONUT_CLI_ESCAPE_H

#include "cli/text.h"

/* How many bytes of bytes (size >= 1) are the UTF-8 character that begins there; or, and then
 * *valid is false, how many the Unicode standard counts as one error: the longest beginning of a
 * character, at least one byte. */
size_t donut_utf8_length(const char *bytes, size_t size, bool *valid);

/* A field of CSV, in quotes where it could be misread without them. Lossless. */
void donut_escape_csv(struct donut_text *text, const char *bytes, size_t size);

/* A JSON string in its quotes. Lossless but for what is no UTF-8: one U+FFFD for each error. */
void donut_escape_json(struct donut_text *text, const char *bytes, size_t size);

/* The value of a Prometheus label, without its quotes; else like JSON. */
void donut_escape_prometheus(struct donut_text *text, const char *bytes, size_t size);

/* A measurement of InfluxDB's line protocol, or the name or value of a tag. The protocol has no way
 * to write a line feed or a backslash at the end, and readers disagree about backslashes before a
 * comma, an equals sign or a space, about other control characters and about what is no UTF-8.
 * These become what C calls them, in plain characters: \n, \r, \t, and \xHH for any other byte.
 * Lossless otherwise; other backslashes stay as they are, which is how InfluxDB reads them. */
void donut_escape_measurement(struct donut_text *text, const char *bytes, size_t size);
void donut_escape_tag(struct donut_text *text, const char *bytes, size_t size);

#endif
