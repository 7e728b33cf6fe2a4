#include "train/inject.h"
#include "base/arena.h"

#include <stdlib.h>

#define CHUNK 512 /* draws made in one go */

bool donut_injection_new(size_t capacity, struct donut_injection *injection)
{
    *injection =
        (struct donut_injection){.index = donut_calloc(capacity, sizeof *injection->index),
                                 .value = donut_calloc(capacity, sizeof *injection->value)};
    if (injection->index && injection->value)
        return true;
    donut_injection_free(injection);
    return false;
}

void donut_injection_free(struct donut_injection *injection)
{
    free(injection->index);
    free(injection->value);
    *injection = (struct donut_injection){0};
}

void donut_inject(struct donut_injection *injection, struct donut_stream stream, double rate,
                  donut_real fill, size_t n, const unsigned char *normal, donut_real *x,
                  donut_real *alpha)
{
    double uniform[CHUNK];
    injection->n = 0;
    if (rate <= 0)
        return;
    for (size_t i = 0; i < n; i++) {
        if (i % CHUNK == 0)
            donut_random_uniforms(stream, i, n - i < CHUNK ? n - i : CHUNK, uniform);
        if (!normal[i] || uniform[i % CHUNK] >= rate)
            continue;
        injection->index[injection->n] = i;
        injection->value[injection->n++] = x[i];
        x[i] = fill;
        if (alpha)
            alpha[i] = 0;
    }
}

void donut_inject_undo(struct donut_injection *injection, donut_real *x, donut_real *alpha)
{
    for (size_t i = 0; i < injection->n; i++) {
        x[injection->index[i]] = injection->value[i];
        if (alpha)
            alpha[injection->index[i]] = 1;
    }
    injection->n = 0;
}
