/* The rows of a stream that are not scored: counted, and said when it looks like more than chance.
 */
#ifndef DONUT_CLI_DROPPED_H
#define DONUT_CLI_DROPPED_H

#include "donut.h"

struct donut_dropped {
    size_t taken, late, repeated, far, bad;
    size_t in_a_row; /* late or far since one was taken */
    bool said_repeated;
};

/* What came of a row that could be read. `input`: the stream's name; interval_ms: of the
 * KPI's model. */
void donut_dropped_count(struct donut_dropped *dropped, enum donut_arrival arrival,
                         const char *input, int64_t interval_ms);

/* A row that could not be read: says why, of the first 20. */
void donut_dropped_bad(struct donut_dropped *dropped, const char *input,
                       const struct donut_error *err);

/* How many of each kind, in one line, if there were any. */
void donut_dropped_describe(const struct donut_dropped *dropped, const char *input);

#endif
