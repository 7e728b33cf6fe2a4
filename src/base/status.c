#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence that was cut may end inside a UTF-8 character: takes off its last one. */
static void drop_cut_character(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)text[n - 1] >= 0xC0)
        n--;
    text[n] = '\0';
}

static void fill(struct donut_error *err, enum donut_status status, size_t line, size_t column,
                 const char *format, va_list args)
{
    if (!err)
        return;
    err->status = status;
    err->line = line;
    err->column = column;
    const int length = vsnprintf(err->text, sizeof err->text, format, args);
    if (length < 0)
        err->text[0] = '\0';
    else if ((size_t)length >= sizeof err->text)
        drop_cut_character(err->text);
}

enum donut_status donut_fail(struct donut_error *err, enum donut_status status, const char *format,
                             ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, 0, 0, format, args);
    va_end(args);
    return status;
}

enum donut_status donut_fail_at(struct donut_error *err, enum donut_status status, size_t line,
                                size_t column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, line, column, format, args);
    va_end(args);
    return status;
}

enum donut_status donut_fail_memory(struct donut_error *err)
{
    return donut_fail(err, DONUT_ENOMEM, "out of memory");
}

/* Bytes of the printable UTF-8 character at text[0..size), 0 = none. */
static size_t printable(const char *text, size_t size)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] >= ' ' && byte[0] <= '~')
        return 1;
    const size_t length = byte[0] >= 0xF0 ? 4 : byte[0] >= 0xE0 ? 3 : 2;
    if (byte[0] < 0xC2 || byte[0] > 0xF4 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    const bool control = byte[0] == 0xC2 && byte[1] < 0xA0;
    const bool overlong =
        (byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xF0 && byte[1] < 0x90);
    const bool surrogate = byte[0] == 0xED && byte[1] > 0x9F;
    const bool beyond = byte[0] == 0xF4 && byte[1] > 0x8F;
    return control || overlong || surrogate || beyond ? 0 : length;
}

const char *donut_quote(char out[DONUT_QUOTE_SIZE], const char *bytes, size_t size)
{
    const bool cut = size > DONUT_QUOTE_SIZE - 1;
    const size_t room = cut ? DONUT_QUOTE_SIZE - 4 : size;
    size_t n = 0;
    while (n < room) {
        const size_t length = printable(bytes + n, size - n);
        if (n + length > room)
            break;
        memcpy(out + n, length ? bytes + n : "?", length ? length : 1);
        n += length ? length : 1;
    }
    memcpy(out + n, cut ? "..." : "", cut ? 4 : 1);
    return out;
}
