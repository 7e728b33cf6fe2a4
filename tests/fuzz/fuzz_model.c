/* libFuzzer target: any bytes with a good checksum as a model file, scored when they are accepted.
 */
#include "donut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 40

/* The fuzzer cannot guess a CRC: the target seals what it is given. */
static void seal(unsigned char *bytes, size_t size)
{
    uint64_t crc = ~(uint64_t)0;
    for (size_t i = 0; i < 8; i++)
        bytes[16 + i] = (unsigned char)((uint64_t)size >> (8 * i));
    for (size_t i = 0; i < size - 8; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    }
    for (size_t i = 0; i < 8; i++)
        bytes[size - 8 + i] = (unsigned char)(~crc >> (8 * i));
}

static void score(const struct donut_model *model)
{
    double value[POINTS];
    struct donut_score_row rows[POINTS];
    struct donut_model_info info;
    struct donut_score_options opt = donut_score_defaults();
    donut_model_get_info(model, &info);
    if (info.parameters > 100000)
        return;
    for (size_t i = 0; i < POINTS; i++)
        value[i] = i % 7 ? (double)i : NAN;
    const struct donut_series series = {.n = POINTS,
                                        .start_ms = info.train_end_ms,
                                        .interval_ms = info.interval_ms,
                                        .value = value};
    opt.samples = 3;
    opt.threads = 1; /* none to start and join for every input */
    opt.mcmc_iterations = 2;
    if (donut_score(model, &series, 0, POINTS, &opt, rows, NULL) != DONUT_OK)
        return;
    for (size_t i = 0; i < POINTS; i++)
        if (isnan(rows[i].score) != (rows[i].status == DONUT_ROW_MISSING))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct donut_model *model;
    if (size < 32)
        return 0;
    unsigned char *bytes = malloc(size);
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    seal(bytes, size);
    if (donut_model_decode(bytes, size, &model, NULL) == DONUT_OK) {
        score(model);
        donut_model_free(model);
    }
    free(bytes);
    return 0;
}
