/* Reads the tensors that scripts/reference.py saved; its head describes the format. */
#ifndef DONUT_TESTS_TENSORS_H
#define DONUT_TESTS_TENSORS_H

#include "base/file.h"
#include "base/real.h"
#include "check.h"

#include <stdint.h>
#include <stdlib.h>

#define TENSORS_MOST 100

struct tensor {
    char name[32];
    size_t rank, dims[3], count;
    double *data;
};

struct tensors {
    const char *path;
    size_t n;
    struct tensor tensor[TENSORS_MOST];
    double *data;
    bool good; /* false once anything was missing or of the wrong size */
};

struct tensor_cursor {
    const unsigned char *at;
    size_t left;
    bool good;
};

static inline uint64_t tensor_number(struct tensor_cursor *cursor, size_t bytes)
{
    uint64_t value = 0;
    if (cursor->left < bytes)
        cursor->good = false;
    if (!cursor->good)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)cursor->at[i] << (8 * i);
    cursor->at += bytes;
    cursor->left -= bytes;
    return value;
}

static inline void tensor_read(struct tensor_cursor *cursor, struct tensor *tensor, double *data)
{
    const uint64_t length = tensor_number(cursor, 4);
    cursor->good = cursor->good && length < sizeof tensor->name;
    for (uint64_t i = 0; i < length && cursor->good; i++)
        tensor->name[i] = (char)tensor_number(cursor, 1);
    tensor->rank = tensor_number(cursor, 4);
    cursor->good = cursor->good && tensor->rank <= 3;
    tensor->count = 1;
    for (size_t i = 0; i < tensor->rank && cursor->good; i++) {
        tensor->dims[i] = tensor_number(cursor, 8);
        cursor->good = cursor->good && tensor->dims[i] <= cursor->left;
        tensor->count *= tensor->dims[i];
        cursor->good = cursor->good && tensor->count <= cursor->left / 8;
    }
    tensor->data = data;
    for (size_t i = 0; i < tensor->count && cursor->good; i++) {
        const uint64_t bits = tensor_number(cursor, 8);
        memcpy(&data[i], &bits, sizeof bits);
    }
}

static inline bool tensors_read(const char *path, struct tensors *set)
{
    char *bytes;
    size_t size;
    *set = (struct tensors){.path = path, .good = true};
    if (!CHECK_THAT(donut_file_read(path, -1, &bytes, &size, NULL) == DONUT_OK, "%s: cannot read",
                    path))
        return set->good = false;
    struct tensor_cursor cursor = {(const unsigned char *)bytes, size, true};
    double *data = set->data = malloc(size + 1);
    const uint64_t magic = tensor_number(&cursor, 8), version = tensor_number(&cursor, 4);
    const uint64_t n = tensor_number(&cursor, 4);
    cursor.good = cursor.good && data && magic == 0x46455254554E4F44u /* DONUTREF */ &&
                  version == 1 && n <= TENSORS_MOST;
    for (; set->n < n && cursor.good; set->n++) {
        tensor_read(&cursor, &set->tensor[set->n], data);
        data += set->tensor[set->n].count;
    }
    free(bytes);
    set->good =
        CHECK_THAT(cursor.good && cursor.left == 0, "%s: damaged; run scripts/reference.py", path);
    return set->good;
}

static inline void tensors_free(struct tensors *set)
{
    free(set->data);
}

/* The tensor PREFIX + NAME with `count` values; where there is none, that is a failed check and an
 * empty tensor. */
static inline const struct tensor *tensors_find(struct tensors *set, const char *prefix,
                                                const char *name, size_t count)
{
    static const struct tensor none = {.name = ""};
    const size_t length = strlen(prefix);
    for (size_t i = 0; i < set->n; i++) {
        const struct tensor *tensor = &set->tensor[i];
        if (strncmp(tensor->name, prefix, length) == 0 &&
            strcmp(tensor->name + length, name) == 0 && tensor->count == count)
            return tensor;
    }
    set->good = CHECK_THAT(false, "%s: no %s%s with %zu values", set->path, prefix, name, count);
    return &none;
}

static inline void tensor_copy(const struct tensor *tensor, donut_real *out)
{
    for (size_t i = 0; i < tensor->count; i++)
        out[i] = (donut_real)tensor->data[i];
}

/* |got - want| <= tolerance * the largest |want|, everywhere */
static inline void tensors_near(const struct tensors *set, const char *what, const char *name,
                                const double *got, const double *want, size_t count,
                                double tolerance)
{
    double largest = 0, difference = 0;
    bool finite = true;
    for (size_t i = 0; i < count; i++) {
        finite = finite && isfinite(got[i]);
        largest = fmax(largest, fabs(want[i]));
        difference = fmax(difference, fabs(got[i] - want[i]));
    }
    CHECK_THAT(finite && difference <= tolerance * largest,
               "%s: %s%s: max difference %.3g of max %.3g, relative %.3g, allowed %.3g", set->path,
               what, name, difference, largest, difference / largest, tolerance);
}

#endif
