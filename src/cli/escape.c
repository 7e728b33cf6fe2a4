#include "cli/escape.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Table 3-7 of the Unicode standard: only the second byte's range depends on the first one. */
size_t donut_utf8_length(const char *bytes, size_t size, bool *valid)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    const unsigned char first = byte[0];
    const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    const bool leads = first >= 0xC2 && first <= 0xF4;
    const size_t wanted = !leads ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    size_t n = 1;
    if (wanted > 1 && size > 1 && byte[1] >= low && byte[1] <= high)
        for (n = 2; n < wanted && n < size && (byte[n] & 0xC0) == 0x80;)
            n++;
    *valid = n == wanted && (leads || first < 0x80);
    return n;
}

static bool needs_quotes(const char *bytes, size_t size)
{
    static const char blanks[] = {' ', '\t'};
    if (size == 0)
        return false;
    for (size_t i = 0; i < size; i++)
        if (memchr(",\"\r\n", bytes[i], 4))
            return true;
    return memchr(blanks, bytes[0], 2) || memchr(blanks, bytes[size - 1], 2);
}

void donut_escape_csv(struct donut_text *text, const char *bytes, size_t size)
{
    if (!needs_quotes(bytes, size)) {
        donut_text_put(text, bytes, size);
        return;
    }
    donut_text_put(text, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '"')
            donut_text_put(text, "\"", 1);
        donut_text_put(text, bytes + i, 1);
    }
    donut_text_put(text, "\"", 1);
}

static void put_escaped_control(struct donut_text *text, unsigned char c)
{
    const char *letter = memchr("\bb\ff\nn\rr\tt", c, 10);
    if (letter)
        donut_text_print(text, "\\%c", letter[1]);
    else
        donut_text_print(text, "\\u%04x", c);
}

void donut_escape_json(struct donut_text *text, const char *bytes, size_t size)
{
    donut_text_put(text, "\"", 1);
    for (size_t i = 0, n; i < size; i += n) {
        const unsigned char c = (unsigned char)bytes[i];
        bool valid;
        n = donut_utf8_length(bytes + i, size - i, &valid);
        if (c < ' ') {
            put_escaped_control(text, c);
            continue;
        }
        if (c == '"' || c == '\\')
            donut_text_put(text, "\\", 1);
        donut_text_put(text, valid ? bytes + i : REPLACEMENT, valid ? n : 3);
    }
    donut_text_put(text, "\"", 1);
}

void donut_escape_prometheus(struct donut_text *text, const char *bytes, size_t size)
{
    for (size_t i = 0, n; i < size; i += n) {
        bool valid;
        n = donut_utf8_length(bytes + i, size - i, &valid);
        if (bytes[i] == '\n') {
            donut_text_put(text, "\\n", 2);
            continue;
        }
        if (bytes[i] == '"' || bytes[i] == '\\')
            donut_text_put(text, "\\", 1);
        donut_text_put(text, valid ? bytes + i : REPLACEMENT, valid ? n : 3);
    }
}

static void put_as_in_c(struct donut_text *text, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char *letter = memchr("\nn\rr\tt", bytes[i], 6);
        if (letter)
            donut_text_print(text, "\\%c", letter[1]);
        else
            donut_text_print(text, "\\x%02x", (unsigned char)bytes[i]);
    }
}

static bool is_control(const char *bytes, size_t size)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    return byte[0] < ' ' || byte[0] == 0x7F || (size == 2 && byte[0] == 0xC2 && byte[1] < 0xA0);
}

/* special (n): what a backslash goes before. */
static void escape_influx(struct donut_text *text, const char *bytes, size_t size,
                          const char *special, size_t n_special)
{
    for (size_t i = 0, n; i < size; i += n) {
        bool valid;
        n = donut_utf8_length(bytes + i, size - i, &valid);
        const bool backslash = bytes[i] == '\\';
        if (!valid || is_control(bytes + i, n) ||
            (backslash && (i + 1 == size || memchr(",= ", bytes[i + 1], 3)))) {
            put_as_in_c(text, bytes + i, n);
            continue;
        }
        if (memchr(special, bytes[i], n_special))
            donut_text_put(text, "\\", 1);
        donut_text_put(text, bytes + i, n);
    }
}

void donut_escape_measurement(struct donut_text *text, const char *bytes, size_t size)
{
    escape_influx(text, bytes, size, ", ", 2);
}

void donut_escape_tag(struct donut_text *text, const char *bytes, size_t size)
{
    escape_influx(text, bytes, size, ",= ", 3);
}
