/* libFuzzer target: any bytes as a series, as a score file and as a table of z.
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 -Iinclude -Isrc \
 *       tests/fuzz/fuzz_csv.c src/base/[a-z]*.c src/data/[a-z]*.c src/eval/scored.c -lm
 * The first byte chooses the options, the rest is the file. */
#include "data/latents.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool good)
{
    if (!good)
        abort();
}

static void check_error(enum donut_status status, const struct donut_error *err)
{
    require(err->status == status);
    require(memchr(err->text, '\0', sizeof err->text) && err->text[0] != '\0');
    for (const char *c = err->text; *c; c++)
        require((*c >= ' ' && *c <= '~') || (unsigned char)*c >= 0x80);
}

static void check_position(const struct donut_series *s, size_t i)
{
    char text[DONUT_TIME_SIZE];
    struct donut_error err;
    size_t index = SIZE_MAX;
    require(donut_series_format_time(s, i, text) == strlen(text));
    const enum donut_status status = donut_series_position(s, text, &index, &err);
    if (status != DONUT_OK)
        check_error(status, &err);
    else
        require(index <= s->n);
    if (s->time_format.kind == DONUT_TIME_ISO && s->time_format.separator && status == DONUT_OK)
        require(index == i);
}

static void check_series(const struct donut_series *s)
{
    const struct donut_repairs *r = &s->repairs;
    size_t missing = 0;
    require(s->n >= 1 && s->interval_ms > 0);
    for (size_t i = 0; i < s->n; i++) {
        require(!isinf(s->value[i]));
        require(!s->label || s->label[i] <= 1);
        require(!s->offset_minutes || abs(s->offset_minutes[i]) < 24 * 60);
        missing += isnan(s->value[i]) != 0;
    }
    require(missing == r->absent + r->empty);
    require(r->rows >= 1 && r->unsorted < r->rows && r->duplicate < r->rows);
    require(s->n == r->rows - r->duplicate + r->absent);
    require(r->snapped + r->duplicate <= r->rows && r->empty + r->duplicate <= r->rows);
    check_position(s, 0);
    check_position(s, s->n - 1);
    check_position(s, SIZE_MAX);
}

static void try_series(const char *bytes, size_t size, unsigned choice)
{
    static const struct donut_csv_options options[] = {
        {0},
        {.ignore_labels = true},
        {.interval_ms = 60000},
        {.expected_interval_ms = 60000},
        {.timestamp_column = "2", .value_column = "1"},
        {.timestamp_column = "t", .label_column = "value"},
        {.value_column = "3", .interval_ms = 1},
        {.label_column = "x", .ignore_labels = true, .interval_ms = 86400000},
    };
    struct donut_series *s;
    struct donut_error err;
    const enum donut_status status =
        donut_series_read_csv(bytes, size, &options[choice % 8], &s, &err);
    require((status == DONUT_OK) == (s != NULL));
    if (s)
        check_series(s);
    else
        check_error(status, &err);
    donut_series_free(s);
}

static void try_scored(const char *bytes, size_t size, unsigned choice)
{
    static const struct donut_scored_options options[] = {
        {.by = DONUT_RANK_DEFAULT},
        {.label_column = "anomaly", .by = DONUT_RANK_SURPRISE},
        {.label_column = "2", .by = DONUT_RANK_SCORE},
        {.label_column = "truth", .score_column = "1"}};
    struct donut_scored *s;
    struct donut_error err;
    const enum donut_status status =
        donut_scored_read_csv(bytes, size, &options[choice % 4], &s, &err);
    require((status == DONUT_OK) == (s != NULL));
    if (!s) {
        check_error(status, &err);
        return;
    }
    require(s->n + s->missing + s->warmup >= 1);
    require(isnan(s->interval_seconds) || s->interval_seconds > 0);
    for (size_t i = 0; i < s->n; i++) {
        require(isfinite(s->score[i]) && s->label[i] <= 1);
        require(!s->verdict || s->verdict[i] <= 1);
        require(i == 0 ? s->position[i] >= 0 : s->position[i] > s->position[i - 1]);
        require(!s->time || strlen(s->time[i]) <= size);
    }
    donut_scored_free(s);
}

static void try_latents(const char *bytes, size_t size, size_t latent)
{
    struct donut_latents latents = {0};
    struct donut_error err;
    const enum donut_status status = donut_latents_read_csv(bytes, size, latent, &latents, &err);
    if (status != DONUT_OK)
        check_error(status, &err);
    require(status != DONUT_OK || latents.n >= 1);
    for (size_t i = 0; i < latents.n; i++) {
        require(latents.line[i] >= 2);
        for (size_t k = 0; k < latent; k++)
            require(isfinite(latents.z[i * latent + k]));
    }
    donut_latents_free(&latents);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    try_series((const char *)data + 1, size - 1, data[0]);
    try_scored((const char *)data + 1, size - 1, data[0] / 8);
    try_latents((const char *)data + 1, size - 1, 1 + data[0] % 4);
    return 0;
}
