/* The part of a bundle that says which models it holds and where: see bundle_index.c for the
 * format. */
#ifndef DONUT_MODEL_BUNDLE_INDEX_H
#define DONUT_MODEL_BUNDLE_INDEX_H

#include "donut.h"

struct donut_bundle_index {
    uint32_t version, mark;
    uint64_t file_size;   /* bytes of the whole file */
    uint64_t size;        /* bytes of the index, everything before the first model */
    unsigned char *bytes; /* (size) which the keys of one that was read point into */
    char *key_column;
    struct donut_bundle_item *item; /* (count) sorted by key */
    size_t count;
};

/* Negative, 0 or positive as key a comes before b, is b, or comes after it. */
int donut_bundle_compare(const char *a, size_t a_size, const char *b, size_t b_size);

/* Reads and checks the index of a file of `file_size` bytes into `index`, which is zeroed before
 * and freed afterwards in any case. Errors as donut_bundle_open(). */
enum donut_status donut_bundle_index_read(int fd, uint64_t file_size,
                                          struct donut_bundle_index *index,
                                          struct donut_error *err);

/* The index of a bundle with these models: places them in the file and makes index->bytes. Its
 * items' offsets are those in the bundle, while item[i] of `sorted`, an array (n) that the caller
 * provides, is where the model comes from. DONUT_EARGUMENT, DONUT_ENOMEM. */
enum donut_status donut_bundle_index_make(const struct donut_bundle_content *content,
                                          struct donut_bundle_item *sorted,
                                          struct donut_bundle_index *index,
                                          struct donut_error *err);

void donut_bundle_index_free(struct donut_bundle_index *index);

#endif
