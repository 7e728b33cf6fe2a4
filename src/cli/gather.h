/* The beginning of an input that may be a file in a pipe or a stream without an end. */
#ifndef DONUT_CLI_GATHER_H
#define DONUT_CLI_GATHER_H

#include "donut.h"

#include <stdbool.h>

struct donut_gathered {
    int fd; /* where there is more, unless ended; -1 = not open */
    char *bytes;
    size_t size;
    bool ended; /* that is all */
};

/* Opens the input, "-" or NULL = standard input, without reading. DONUT_EIO. */
enum donut_status donut_gather_open(const char *path, struct donut_gathered *gathered,
                                    struct donut_error *err);

/* Reads the input, which is open, for as long as bytes keep coming: until it ends, or pauses for
 * 200 ms, or has sent 64 MiB, or until there is a signal, which is left for donut_signals_await().
 * What ended by then is a file, whose rows may be sorted; what did not is a stream, whose rows must
 * not wait. Signals are held. DONUT_EIO, DONUT_ENOMEM. */
enum donut_status donut_gather(struct donut_gathered *gathered, struct donut_error *err);

/* Frees the bytes alone, or closes the input, too. */
void donut_gathered_drop(struct donut_gathered *gathered);
void donut_gathered_free(struct donut_gathered *gathered);

#endif
