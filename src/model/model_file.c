/* The model file. Everything is little-endian; u32 and u64 are unsigned, i64 is two's complement,
 * f32 and f64 are IEEE 754. Each field is 8 bytes unless said otherwise.
 *
 *   magic              "donutVAE"
 *   version            u32 = 2, then the endian mark u32 = 0x01020304 (bytes 04 03 02 01)
 *   size               u64 bytes of the whole file
 *   shape              u64 window, latent, depth, hidden[depth]; f64 std_epsilon
 *   training           u64 epochs, batch_size; f64 learning_rate, decay; u64 decay_epochs; f64 l2,
 *                      clip_norm; u64 clip_by; f64 injection; u64 missing_fill; f64 validation;
 *                      u64 validate_every; f64 risk; u64 samples, mcmc_iterations, ignore_labels,
 *                      seed, sampler (1 Sobol, 2 independent draws; version 1 has no such field
 *                      and means 2)
 *   data               f64 mean, std, fill, limit; i64 interval_ms, train_start_ms, train_end_ms;
 *                      u64 train_points
 *   result             f64 best_loss, threshold; tail: u64 n, peaks; f64 t, gamma, sigma
 *   history            f64 [window - 1], NaN (0x7ff8000000000000) = missing
 *   parameters         f32 (4 bytes each), tensor by tensor: w (in, out) and b (out) of the encoder
 *                      layers, of the mean and std heads of z, of the decoder layers, of the mean
 *                      and std heads of x
 *   checksum           u64 CRC-64 (ECMA-182, reflected, as in xz) of all bytes before it
 *
 * The first two fields and the checksum stay where they are in every version. */
#include "base/file.h"
#include "base/status.h"
#include "data/grid.h"
#include "data/timestamp.h"
#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 2u
#define ENDIAN_MARK 0x01020304u
#define SMALLEST (8 + 8 + 8 + 8) /* magic, version and mark, size, checksum */

static const char magic[8] = {'d', 'o', 'n', 'u', 't', 'V', 'A', 'E'};

static uint64_t crc64(const unsigned char *bytes, size_t size)
{
    uint64_t table[256], crc = ~(uint64_t)0;
    for (unsigned byte = 0; byte < 256; byte++) {
        table[byte] = byte;
        for (int bit = 0; bit < 8; bit++)
            table[byte] = (table[byte] >> 1) ^ (table[byte] & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    }
    for (size_t i = 0; i < size; i++)
        crc = (crc >> 8) ^ table[(crc ^ bytes[i]) & 0xFF];
    return ~crc;
}

/* One walk over all fields serves writing, reading and counting: a field is written from or read
 * into its variable, so the two directions cannot disagree. */
struct walk {
    uint32_t version;
    enum { COUNT, WRITE, READ } mode;
    unsigned char *bytes; /* NULL when counting */
    size_t size, at;
    bool bad; /* reading ran past the end, or a number does not fit */
};

static void walk_bytes(struct walk *walk, uint64_t *bits, size_t width)
{
    if (walk->mode != COUNT && (walk->bad || walk->size - walk->at < width)) {
        walk->bad = true;
        return;
    }
    if (walk->mode == READ)
        *bits = 0;
    for (size_t i = 0; i < width; i++) {
        if (walk->mode == WRITE)
            walk->bytes[walk->at + i] = (unsigned char)(*bits >> (8 * i));
        else if (walk->mode == READ)
            *bits |= (uint64_t)walk->bytes[walk->at + i] << (8 * i);
    }
    walk->at += width;
}

static void walk_u32(struct walk *walk, uint32_t *value)
{
    uint64_t bits = *value;
    walk_bytes(walk, &bits, 4);
    if (walk->mode == READ)
        *value = (uint32_t)bits;
}

static void walk_u64(struct walk *walk, uint64_t *value)
{
    walk_bytes(walk, value, 8);
}

static void walk_size(struct walk *walk, size_t *value)
{
    uint64_t bits = *value;
    walk_bytes(walk, &bits, 8);
    walk->bad = walk->bad || bits > SIZE_MAX;
    if (walk->mode == READ)
        *value = (size_t)bits;
}

static void walk_i64(struct walk *walk, int64_t *value)
{
    uint64_t bits;
    memcpy(&bits, value, 8);
    walk_bytes(walk, &bits, 8);
    if (walk->mode == READ)
        memcpy(value, &bits, 8);
}

static void walk_f64(struct walk *walk, double *value)
{
    uint64_t bits;
    memcpy(&bits, value, 8);
    if (walk->mode == WRITE && isnan(*value))
        bits = UINT64_C(0x7ff8000000000000);
    walk_bytes(walk, &bits, 8);
    if (walk->mode == READ)
        memcpy(value, &bits, 8);
}

static void walk_reals(struct walk *walk, donut_real *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float value = walk->mode == WRITE ? (float)values[i] : 0;
        uint32_t bits;
        memcpy(&bits, &value, 4);
        walk_u32(walk, &bits);
        memcpy(&value, &bits, 4);
        if (walk->mode == READ && !walk->bad) {
            walk->bad = !isfinite(value);
            values[i] = (donut_real)value;
        }
    }
}

static void walk_shape(struct walk *walk, struct donut_train_options *opt)
{
    walk_size(walk, &opt->window);
    walk_size(walk, &opt->latent);
    walk_size(walk, &opt->depth);
    if (opt->depth > DONUT_MAX_DEPTH) {
        walk->bad = true;
        return;
    }
    for (size_t i = 0; i < opt->depth; i++)
        walk_size(walk, &opt->hidden[i]);
    walk_f64(walk, &opt->std_epsilon);
}

static void walk_training(struct walk *walk, struct donut_train_options *opt)
{
    size_t clip_by = (size_t)opt->clip_by, fill = (size_t)opt->missing_fill;
    size_t ignore_labels = opt->ignore_labels, sampler = (size_t)opt->sampler;
    walk_size(walk, &opt->epochs);
    walk_size(walk, &opt->batch_size);
    walk_f64(walk, &opt->learning_rate);
    walk_f64(walk, &opt->decay);
    walk_size(walk, &opt->decay_epochs);
    walk_f64(walk, &opt->l2);
    walk_f64(walk, &opt->clip_norm);
    walk_size(walk, &clip_by);
    walk_f64(walk, &opt->injection);
    walk_size(walk, &fill);
    walk_f64(walk, &opt->validation);
    walk_size(walk, &opt->validate_every);
    walk_f64(walk, &opt->risk);
    walk_size(walk, &opt->samples);
    walk_size(walk, &opt->mcmc_iterations);
    walk_size(walk, &ignore_labels);
    walk_u64(walk, &opt->seed);
    if (walk->version >= 2)
        walk_size(walk, &sampler);
    else
        sampler = DONUT_SAMPLER_MC;
    if (walk->mode != READ)
        return;
    if (clip_by > 1 || fill > 1 || ignore_labels > 1 || opt->samples < 1 ||
        (sampler != DONUT_SAMPLER_SOBOL && sampler != DONUT_SAMPLER_MC)) {
        walk->bad = true;
        return;
    }
    opt->clip_by = clip_by ? DONUT_CLIP_GLOBAL : DONUT_CLIP_TENSOR;
    opt->missing_fill = fill ? DONUT_FILL_MEAN : DONUT_FILL_ZERO;
    opt->ignore_labels = ignore_labels != 0;
    opt->sampler = (enum donut_sampler)sampler;
}

static void walk_rest(struct walk *walk, struct donut_model *model)
{
    struct donut_model_info *info = &model->info;
    walk_f64(walk, &info->mean);
    walk_f64(walk, &info->std);
    walk_f64(walk, &info->fill);
    walk_f64(walk, &info->limit);
    walk_i64(walk, &info->interval_ms);
    walk_i64(walk, &info->train_start_ms);
    walk_i64(walk, &info->train_end_ms);
    walk_size(walk, &info->train_points);
    walk_f64(walk, &info->best_loss);
    walk_f64(walk, &info->threshold);
    walk_u64(walk, &info->tail.n);
    walk_u64(walk, &info->tail.peaks);
    walk_f64(walk, &info->tail.t);
    walk_f64(walk, &info->tail.gamma);
    walk_f64(walk, &info->tail.sigma);
    for (size_t i = 0; i < model->n_history; i++)
        walk_f64(walk, &model->history[i]);
    for (size_t i = 0; i < model->vae.tensors; i++)
        walk_reals(walk, model->vae.block + model->vae.tensor[i].offset,
                   model->vae.tensor[i].count);
}

static void walk_head(struct walk *walk, uint32_t *version, uint32_t *mark, uint64_t *size)
{
    walk->at += sizeof magic;
    walk_u32(walk, version);
    walk_u32(walk, mark);
    walk_u64(walk, size);
}

static void walk_model(struct walk *walk, struct donut_model *model, uint64_t size)
{
    uint32_t version = VERSION, mark = ENDIAN_MARK;
    walk_head(walk, &version, &mark, &size);
    walk_shape(walk, &model->info.options);
    walk_training(walk, &model->info.options);
    walk_rest(walk, model);
}

enum donut_status donut_model_encode(const struct donut_model *model, unsigned char **bytes,
                                     size_t *size, struct donut_error *err)
{
    /* Counting and writing store nothing, so that others may read the model meanwhile. */
    struct donut_model *source = (struct donut_model *)(uintptr_t)model;
    struct walk walk = {.mode = COUNT, .version = VERSION};
    *bytes = NULL;
    walk_model(&walk, source, 0);
    *size = walk.at + 8;
    *bytes = malloc(*size);
    if (!*bytes)
        return donut_fail_memory(err);
    walk = (struct walk){.mode = WRITE, .version = VERSION, .bytes = *bytes, .size = *size};
    memcpy(*bytes, magic, sizeof magic);
    walk_model(&walk, source, *size);
    uint64_t checksum = crc64(*bytes, walk.at);
    walk_u64(&walk, &checksum);
    return DONUT_OK;
}

static enum donut_status check_frame(const unsigned char *bytes, size_t size,
                                     struct donut_error *err)
{
    if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return donut_fail(err, DONUT_EMODEL, "not a donut model; make one with donut train");
    if (size < SMALLEST)
        return donut_fail(err, DONUT_EMODEL, "the model file is cut short after %zu bytes", size);
    struct walk walk = {.mode = READ, .bytes = (unsigned char *)(uintptr_t)bytes, .size = size};
    uint32_t version = 0, mark = 0;
    uint64_t length = 0, checksum = 0;
    walk_head(&walk, &version, &mark, &length);
    walk.at = size - 8;
    walk_u64(&walk, &checksum);
    if (checksum != crc64(bytes, size - 8) || length != size || mark != ENDIAN_MARK) {
        if (length > size)
            return donut_fail(err, DONUT_EMODEL,
                              "the model file is cut short or damaged: it has %zu bytes and says "
                              "it should have %llu",
                              size, (unsigned long long)length);
        return donut_fail(err, DONUT_EMODEL,
                          "the model file is damaged: its checksum does not match its content");
    }
    if (version < 1)
        return donut_fail(
            err, DONUT_EMODEL,
            "the model file has format version 0, which no donut writes: train again");
    if (version > VERSION)
        return donut_fail(err, DONUT_EMODEL,
                          "the model file has format version %u and this donut reads up to %u: "
                          "use a newer donut or train again",
                          version, VERSION);
    return DONUT_OK;
}

/* Everything a checksum cannot promise about a file that somebody made on purpose. */
static bool plausible(const struct donut_model *model)
{
    const struct donut_model_info *info = &model->info;
    const struct donut_tail *tail = &info->tail;
    const int64_t latest = DONUT_TIME_LIMIT_MS + DONUT_MAX_INTERVAL_MS;
    for (size_t i = 0; i < model->n_history; i++)
        if (isinf(model->history[i]))
            return false;
    if (!(isfinite(info->mean) && isfinite(info->std) && info->std > 0 && isfinite(info->fill) &&
          info->limit > 0 && info->limit <= 1e9))
        return false;
    if (!(info->interval_ms > 0 && info->interval_ms <= DONUT_MAX_INTERVAL_MS &&
          info->train_start_ms >= -latest && info->train_start_ms <= info->train_end_ms &&
          info->train_end_ms <= latest))
        return false;
    return isfinite(info->best_loss) && isfinite(info->threshold) && isfinite(tail->t) &&
           isfinite(tail->gamma) && isfinite(tail->sigma) && tail->sigma >= 0 &&
           tail->peaks <= tail->n;
}

static enum donut_status decode_body(struct walk *walk, struct donut_model **out,
                                     struct donut_error *err)
{
    struct donut_train_options opt = {0};
    walk_shape(walk, &opt);
    walk_training(walk, &opt);
    if (walk->bad || donut_options_complaint(&opt))
        return donut_fail(err, DONUT_EMODEL, "the model file holds impossible settings");
    struct donut_vae vae;
    const struct donut_vae_shape shape = donut_options_shape(&opt);
    /* Compare sizes before allocating what the file asks for. */
    if (!donut_vae_plan(&shape, &vae) || vae.parameters > walk->size / 4)
        return donut_fail(err, DONUT_EMODEL, "the model file is too short for its own settings");
    struct donut_model *model = donut_model_new(&opt);
    if (!model)
        return donut_fail_memory(err);
    walk_rest(walk, model);
    if (walk->bad || walk->at + 8 != walk->size || !plausible(model)) {
        donut_model_free(model);
        return donut_fail(err, DONUT_EMODEL, "the model file holds impossible numbers");
    }
    *out = model;
    return DONUT_OK;
}

enum donut_status donut_model_decode(const unsigned char *bytes, size_t size,
                                     struct donut_model **out, struct donut_error *err)
{
    *out = NULL;
    const enum donut_status status = check_frame(bytes, size, err);
    if (status != DONUT_OK)
        return status;
    struct walk walk = {.mode = READ, .bytes = (unsigned char *)(uintptr_t)bytes, .size = size};
    uint32_t mark = 0;
    uint64_t length = 0;
    walk_head(&walk, &walk.version, &mark, &length);
    return decode_body(&walk, out, err);
}

enum donut_status donut_model_save(const struct donut_model *model, const char *path,
                                   struct donut_error *err)
{
    unsigned char *bytes;
    size_t size;
    enum donut_status status = donut_model_encode(model, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_file_replace(path, bytes, size, err);
    free(bytes);
    return status;
}

enum donut_status donut_model_load(const char *path, struct donut_model **out,
                                   struct donut_error *err)
{
    char *bytes;
    size_t size;
    *out = NULL;
    enum donut_status status = donut_file_read(path, -1, &bytes, &size, err);
    if (status == DONUT_OK)
        status = donut_model_decode((const unsigned char *)bytes, size, out, err);
    free(bytes);
    return status;
}
