/* Keys made to break formats, and readers of those formats that know nothing of the writers. */
#ifndef DONUT_TESTS_HOSTILE_H
#define DONUT_TESTS_HOSTILE_H

#include "draw.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE_SIZE 64

struct bytes {
    char at[8 * HOSTILE_SIZE]; /* (size), and a 0 behind them */
    size_t size;
};

static inline void bytes_add(struct bytes *bytes, const char *more, size_t size)
{
    if (bytes->size + size >= sizeof bytes->at)
        abort();
    memcpy(bytes->at + bytes->size, more, size);
    bytes->size += size;
    bytes->at[bytes->size] = '\0';
}

static inline bool bytes_same(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

/* A key without NUL of up to 12 pieces: what formats treat in a special way, broken UTF-8, letters
 * that look like escapes, and any byte. `tame`: only what is UTF-8 and no control character. */
static inline struct bytes hostile_key(struct draw *draw, bool tame)
{
    static const char *const pieces[] = {
        "\\", "\\", ",", ", ", " ", "=", "\"", "'", "a", "bc", "\xC3\xBC", "\xE2\x86\x92",
        "\xF0\x9F\x98\x80", "#", "{", "}", "\xC2\xA0", "\xEF\xBF\xBD", "\xEF\xBB\xBF", ";", "0",
        "N", "n", "xff",
        /* from here on not tame */
        "\n", "\r", "\t", "\r\n", "\x01", "\x1B", "\x7F", "\xC2\x85", "\xFF", "\xC0\xAF",
        "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F", "\xF4\x90\x80\x80", "\x80"};
    const size_t n_pieces = sizeof pieces / sizeof pieces[0], n_tame = 24;
    struct bytes key = {.size = 0};
    for (size_t n = draw_below(draw, 13); n > 0; n--) {
        const size_t i = draw_below(draw, tame ? n_tame : n_pieces + 3);
        const char any = (char)(1 + draw_below(draw, 255));
        bytes_add(&key, i < n_pieces ? pieces[i] : &any, i < n_pieces ? strlen(pieces[i]) : 1);
    }
    return key;
}

/* UTF-8 by enumeration: which strings begin a character, and which are one. */
static struct {
    unsigned char begins[3][1 << 21], whole[3][1 << 21]; /* [bytes - 1], a bit for each string */
} utf8;

static inline size_t utf8_encode(unsigned long c, unsigned char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c /= 64)
        out[i] = (unsigned char)(0x80 + c % 64);
    out[0] = (unsigned char)(lead[n] + c);
    return n;
}

static inline unsigned long utf8_index(const unsigned char *byte, size_t n)
{
    unsigned long index = 0;
    for (size_t i = 0; i < n; i++)
        index = index << 8 | byte[i];
    return index;
}

static inline void utf8_enumerate(void)
{
    for (unsigned long c = 0; c <= 0x10FFFF; c++) {
        unsigned char byte[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        const size_t length = utf8_encode(c, byte);
        for (size_t n = 1; n <= length && n <= 3; n++) {
            const unsigned long index = utf8_index(byte, n);
            utf8.begins[n - 1][index / 8] |= (unsigned char)(1 << index % 8);
            if (n == length)
                utf8.whole[n - 1][index / 8] |= (unsigned char)(1 << index % 8);
        }
    }
}

/* The character at `bytes`, or the longest beginning of one, at least a byte. */
static inline size_t utf8_find(const char *bytes, size_t size, bool *valid)
{
    unsigned char byte[4] = {0};
    size_t n = 0;
    memcpy(byte, bytes, size < 4 ? size : 4);
    for (*valid = false; n < 3 && n < size; n++) {
        const unsigned long index = utf8_index(byte, n + 1);
        if (!(utf8.begins[n][index / 8] >> index % 8 & 1))
            return n > 0 ? n : 1;
        *valid = utf8.whole[n][index / 8] >> index % 8 & 1;
        if (*valid)
            return n + 1;
    }
    *valid = n == 3 && size > 3 && byte[3] >= 0x80 && byte[3] <= 0xBF;
    return *valid ? 4 : n;
}

/* One U+FFFD for each error. */
static inline struct bytes utf8_replace(const struct bytes *key)
{
    struct bytes out = {.size = 0};
    for (size_t i = 0, n; i < key->size; i += n) {
        bool valid;
        n = utf8_find(key->at + i, key->size - i, &valid);
        bytes_add(&out, valid ? key->at + i : "\xEF\xBF\xBD", valid ? n : 3);
    }
    return out;
}

static inline bool utf8_is_valid(const char *bytes, size_t size)
{
    bool valid = true;
    for (size_t i = 0; i < size && valid;)
        i += utf8_find(bytes + i, size - i, &valid);
    return valid;
}

/* Reads the JSON string at *at and goes behind it; false if it is none. */
static inline bool read_json_string(const char **at, struct bytes *out)
{
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *c = *at;
    out->size = 0;
    if (*c++ != '"')
        return false;
    for (; *c != '"'; c++) {
        const char *letter;
        if ((unsigned char)*c < ' ')
            return false;
        if (*c != '\\') {
            bytes_add(out, c, 1);
        } else if (*++c == 'u') {
            char hex[5] = {0}, *end;
            unsigned char utf[4];
            strncpy(hex, c + 1, 4);
            const unsigned long code = strtoul(hex, &end, 16);
            if (end != hex + 4 || (code >= 0xD800 && code <= 0xDFFF))
                return false;
            bytes_add(out, (const char *)utf, utf8_encode(code, utf));
            c += 4;
        } else if (*c && (letter = strchr(plain, *c))) {
            bytes_add(out, &meant[letter - plain], 1);
        } else {
            return false;
        }
    }
    *at = c + 1;
    return true;
}

/* The quoted value of a Prometheus label. */
static inline bool read_label_value(const char **at, struct bytes *out)
{
    const char *c = *at;
    out->size = 0;
    if (*c++ != '"')
        return false;
    for (; *c != '"'; c++) {
        if (*c == '\n' || *c == '\0')
            return false;
        const bool escaped = *c == '\\';
        c += escaped;
        if (escaped && (*c == '\0' || !strchr("\\\"n", *c)))
            return false;
        bytes_add(out, escaped && *c == 'n' ? "\n" : c, 1);
    }
    *at = c + 1;
    return true;
}

/* A piece of line protocol up to one of `ends` that no backslash escapes. InfluxDB takes off a
 * backslash only before comma, equals sign and space, and minds only the one before an end;
 * VictoriaMetrics reads in pairs, where a backslash escapes another one, too. */
static inline bool read_influx(const char **at, const char *ends, bool pairs, struct bytes *out)
{
    const char *c = *at;
    for (out->size = 0; *c && *c != '\n' && !strchr(ends, *c); c++) {
        const bool escapes = *c == '\\' && c[1] && strchr(pairs ? ",= \\" : ",= ", c[1]);
        bytes_add(out, escapes ? ++c : c, 1);
    }
    *at = c;
    return *c && *c != '\n';
}

#endif
