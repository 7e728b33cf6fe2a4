#include "model/walk.h"

#include <math.h>
#include <string.h>

struct donut_walk donut_walk_reading(const void *bytes, size_t size)
{
    return (struct donut_walk){
        .mode = DONUT_WALK_READ, .bytes = (unsigned char *)(uintptr_t)bytes, .size = size};
}

bool donut_walk_has(const struct donut_walk *walk, size_t size)
{
    return !walk->bad && walk->size - walk->at >= size;
}

unsigned char *donut_walk_text(struct donut_walk *walk, size_t size)
{
    unsigned char *text = NULL;
    if (walk->mode != DONUT_WALK_COUNT) {
        if (!donut_walk_has(walk, size)) {
            walk->bad = true;
            return NULL;
        }
        text = walk->bytes + walk->at;
    }
    walk->at += size;
    return text;
}

void donut_walk_bytes(struct donut_walk *walk, uint64_t *bits, size_t width)
{
    unsigned char *bytes = donut_walk_text(walk, width);
    if (walk->mode == DONUT_WALK_READ)
        *bits = 0;
    for (size_t i = 0; bytes && i < width; i++) {
        if (walk->mode == DONUT_WALK_WRITE)
            bytes[i] = (unsigned char)(*bits >> (8 * i));
        else
            *bits |= (uint64_t)bytes[i] << (8 * i);
    }
}

void donut_walk_u32(struct donut_walk *walk, uint32_t *value)
{
    uint64_t bits = *value;
    donut_walk_bytes(walk, &bits, 4);
    if (walk->mode == DONUT_WALK_READ)
        *value = (uint32_t)bits;
}

void donut_walk_u64(struct donut_walk *walk, uint64_t *value)
{
    donut_walk_bytes(walk, value, 8);
}

void donut_walk_size(struct donut_walk *walk, size_t *value)
{
    uint64_t bits = *value;
    donut_walk_bytes(walk, &bits, 8);
    walk->bad = walk->bad || bits > SIZE_MAX;
    if (walk->mode == DONUT_WALK_READ)
        *value = (size_t)bits;
}

void donut_walk_i64(struct donut_walk *walk, int64_t *value)
{
    uint64_t bits;
    memcpy(&bits, value, 8);
    donut_walk_bytes(walk, &bits, 8);
    if (walk->mode == DONUT_WALK_READ)
        memcpy(value, &bits, 8);
}

void donut_walk_f64(struct donut_walk *walk, double *value)
{
    uint64_t bits;
    memcpy(&bits, value, 8);
    if (walk->mode == DONUT_WALK_WRITE && isnan(*value))
        bits = UINT64_C(0x7ff8000000000000);
    donut_walk_bytes(walk, &bits, 8);
    if (walk->mode == DONUT_WALK_READ)
        memcpy(value, &bits, 8);
}

void donut_walk_reals(struct donut_walk *walk, donut_real *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float value = walk->mode == DONUT_WALK_WRITE ? (float)values[i] : 0;
        uint32_t bits;
        memcpy(&bits, &value, 4);
        donut_walk_u32(walk, &bits);
        memcpy(&value, &bits, 4);
        if (walk->mode == DONUT_WALK_READ && !walk->bad) {
            walk->bad = !isfinite(value);
            values[i] = (donut_real)value;
        }
    }
}
