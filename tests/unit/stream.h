/* A reader of streams, made and fed. */
#ifndef DONUT_TESTS_STREAM_H
#define DONUT_TESTS_STREAM_H

#include "check.h"

#include "data/reader.h"

#include <stdlib.h>

static inline struct donut_reader *new_reader(const struct donut_csv_options *opt)
{
    struct donut_reader *reader;
    CHECK(donut_reader_new(opt, &reader, NULL) == DONUT_OK);
    return reader;
}

/* A copy that ends where the bytes end, for the sanitizers to see what is read behind it. */
static inline void feed(struct donut_reader *reader, const char *bytes, size_t size)
{
    char *copy = malloc(size + !size);
    if (!CHECK(copy != NULL))
        return;
    memcpy(copy, bytes, size);
    CHECK(donut_reader_feed(reader, copy, size, NULL) == DONUT_OK);
    free(copy);
}

#endif
