#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct donut_error *err, enum donut_status status, size_t line, size_t column,
                 const char *format, va_list args)
{
    if (!err)
        return;
    err->status = status;
    err->line = line;
    err->column = column;
    if (vsnprintf(err->text, sizeof err->text, format, args) < 0)
        err->text[0] = '\0';
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

const char *donut_quote(char out[DONUT_QUOTE_SIZE], const char *bytes, size_t size)
{
    const bool cut = size > DONUT_QUOTE_SIZE - 1;
    const size_t n = cut ? DONUT_QUOTE_SIZE - 4 : size;
    for (size_t i = 0; i < n; i++)
        out[i] = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '?';
    memcpy(out + n, cut ? "..." : "", cut ? 4 : 1);
    return out;
}
