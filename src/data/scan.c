#include "data/scan.h"

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum donut_scanned end_record(const struct donut_scan *scan)
{
    return scan->text ? DONUT_SCANNED_RECORD : DONUT_SCANNED_BLANK;
}

/* A CR and the LF behind it are one end. */
static enum donut_scanned end_quoted_line(struct donut_scan *scan, char c)
{
    const bool second = c == '\n' && scan->after_cr;
    if (second && scan->lines == 1)
        scan->resume = scan->size;
    if (second)
        return DONUT_SCANNED_PART;
    if (++scan->lines == 1)
        scan->resume = scan->size;
    return scan->lines > DONUT_SCAN_LINES ? DONUT_SCANNED_LOST : DONUT_SCANNED_PART;
}

static enum donut_scanned take_quoted(struct donut_scan *scan, char c)
{
    enum donut_scanned scanned = DONUT_SCANNED_PART;
    if (c == '"')
        scan->place = DONUT_AT_QUOTE;
    if (ends_line(c))
        scanned = end_quoted_line(scan, c);
    scan->after_cr = c == '\r';
    if (scanned == DONUT_SCANNED_LOST)
        scan->place = DONUT_LOST;
    return scanned;
}

/* Behind a closing quote. */
static enum donut_scanned take_behind(struct donut_scan *scan, char c)
{
    if (ends_line(c))
        return end_record(scan);
    scan->place = c == ',' ? DONUT_AT_CELL : is_blank(c) ? DONUT_BEHIND : DONUT_LOST;
    return scan->place == DONUT_LOST && scan->resume > 0 ? DONUT_SCANNED_LOST : DONUT_SCANNED_PART;
}

static enum donut_scanned take_bare(struct donut_scan *scan, char c)
{
    if (ends_line(c))
        return end_record(scan);
    if (scan->place == DONUT_AT_CELL && is_blank(c))
        return DONUT_SCANNED_PART;
    scan->text = true;
    if (scan->place == DONUT_AT_CELL && c == '"') {
        scan->place = DONUT_IN_QUOTES;
        scan->lines = scan->resume = 0;
        scan->after_cr = false;
    } else {
        scan->place = c == ',' ? DONUT_AT_CELL : DONUT_IN_BARE;
    }
    return DONUT_SCANNED_PART;
}

static enum donut_scanned take(struct donut_scan *scan, char c)
{
    scan->size++;
    switch (scan->place) {
    case DONUT_AT_CELL:
    case DONUT_IN_BARE:
        return take_bare(scan, c);
    case DONUT_IN_QUOTES:
        return take_quoted(scan, c);
    case DONUT_AT_QUOTE:
        if (c != '"')
            return take_behind(scan, c);
        scan->place = DONUT_IN_QUOTES;
        return DONUT_SCANNED_PART;
    case DONUT_BEHIND:
        return take_behind(scan, c);
    default:
        return ends_line(c) ? DONUT_SCANNED_RECORD : DONUT_SCANNED_PART;
    }
}

enum donut_scanned donut_scan(struct donut_scan *scan, const char *bytes, size_t n)
{
    enum donut_scanned scanned = DONUT_SCANNED_PART;
    for (; n > 0 && scanned == DONUT_SCANNED_PART; n--)
        scanned = take(scan, *bytes++);
    return scanned;
}

enum donut_scanned donut_scan_end(const struct donut_scan *scan)
{
    return scan->place == DONUT_IN_QUOTES ? DONUT_SCANNED_LOST : end_record(scan);
}
