/* The model file. Everything is little-endian; u32 and u64 are unsigned, i64 is two's complement,
 * f32 and f64 are IEEE 754. Each field is 8 bytes unless said otherwise.
 *
 *   magic              "donutVAE"
 *   version            u32 = 5, then the endian mark u32 = 0x01020304 (bytes 04 03 02 01)
 *   size               u64 bytes of the whole file
 *   shape              u64 window, latent, depth, hidden[depth]; f64 std_epsilon
 *   training           u64 epochs, batch_size; f64 learning_rate, decay; u64 decay_epochs; f64 l2,
 *                      clip_norm; u64 clip_by; f64 injection; u64 missing_fill; f64 validation;
 *                      u64 validate_every; f64 risk; u64 samples, mcmc_iterations, ignore_labels,
 *                      seed, sampler (1 Sobol, 2 independent draws; version 1 has no such field
 *                      and means 2)
 *   method             u64 encoder (0 dense, 1 cnn), channels[2]; f64 student_df; u64 elbo
 *                      (0 modified, 1 plain); f64 reconstruction_weight, prior_weight,
 *                      entropy_weight (-1 = beta); u64 windows (0 all, 1 normal); f64 keep_labels;
 *                      u64 score_by (1 reconstruction, 2 likelihood, 3 ELBO, 4 prior); versions 1
 *                      to 3 have no such fields and mean the paper's
 *   recipe             f64 likelihood_df (0 = normal); u64 hide_last, schedule (0 step, 1 cosine),
 *                      scale (0 moments, 1 robust), validation_windows (0 = all);
 *                      f64 validation_trim; u64 verdict_by (1 both, 2 shape, 3 step, 4 score);
 *                      versions 1 to 4 have no such fields and mean 0, and 4
 *   data               f64 mean, std, fill, limit; i64 interval_ms, train_start_ms, train_end_ms;
 *                      u64 train_points, wild (not in versions 1 to 4: 0)
 *   result             f64 best_loss, threshold; tail: u64 n, peaks; f64 t, gamma, sigma
 *   normal             calibrations of deviation, drift, step: u64 n and, unless it is 0, u64
 *                      knots, f64 (level, value)[knots], shape; f64 overlap; u64 judged, alarms;
 *                      not in versions 1 to 4
 *   run                f64 train_loss; u64 epochs, steps, best_epoch, best_step, stop (0 done,
 *                      1 cancelled, 2 diverged); not in versions 1 and 2, which do not tell: NaN, 0
 *   history            f64 [window - 1], NaN (0x7ff8000000000000) = missing
 *   parameters         f32 (4 bytes each), tensor by tensor: w (in, out) and b (out) of the encoder
 *                      layers, of the mean and std heads of z, of the decoder layers, of the mean
 *                      and std heads of x; a convolution has w (3, channels before it, channels)
 *   checksum           u64 CRC-64 (ECMA-182, reflected, as in xz) of all bytes before it
 *
 * The first two fields and the checksum stay where they are in every version. */
#include "base/crc64.h"
#include "base/file.h"
#include "base/status.h"
#include "data/grid.h"
#include "data/timestamp.h"
#include "donut.h"
#include "model/model.h"
#include "model/walk.h"
#include "model/walk_normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 5u
#define SMALLEST (8 + 8 + 8 + 8) /* magic, version and mark, size, checksum */

static const char magic[8] = {'d', 'o', 'n', 'u', 't', 'V', 'A', 'E'};

static void walk_shape(struct donut_walk *walk, struct donut_train_options *opt)
{
    donut_walk_size(walk, &opt->window);
    donut_walk_size(walk, &opt->latent);
    donut_walk_size(walk, &opt->depth);
    if (opt->depth > DONUT_MAX_DEPTH) {
        walk->bad = true;
        return;
    }
    for (size_t i = 0; i < opt->depth; i++)
        donut_walk_size(walk, &opt->hidden[i]);
    donut_walk_f64(walk, &opt->std_epsilon);
}

static void walk_training(struct donut_walk *walk, struct donut_train_options *opt)
{
    size_t clip_by = (size_t)opt->clip_by, fill = (size_t)opt->missing_fill;
    size_t ignore_labels = opt->ignore_labels, sampler = (size_t)opt->sampler;
    donut_walk_size(walk, &opt->epochs);
    donut_walk_size(walk, &opt->batch_size);
    donut_walk_f64(walk, &opt->learning_rate);
    donut_walk_f64(walk, &opt->decay);
    donut_walk_size(walk, &opt->decay_epochs);
    donut_walk_f64(walk, &opt->l2);
    donut_walk_f64(walk, &opt->clip_norm);
    donut_walk_size(walk, &clip_by);
    donut_walk_f64(walk, &opt->injection);
    donut_walk_size(walk, &fill);
    donut_walk_f64(walk, &opt->validation);
    donut_walk_size(walk, &opt->validate_every);
    donut_walk_f64(walk, &opt->risk);
    donut_walk_size(walk, &opt->samples);
    donut_walk_size(walk, &opt->mcmc_iterations);
    donut_walk_size(walk, &ignore_labels);
    donut_walk_u64(walk, &opt->seed);
    if (walk->version >= 2)
        donut_walk_size(walk, &sampler);
    else
        sampler = DONUT_SAMPLER_MC;
    if (walk->mode != DONUT_WALK_READ)
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

/* One of 0 .. last. */
static unsigned walk_choice(struct donut_walk *walk, size_t value, size_t last)
{
    donut_walk_size(walk, &value);
    if (value > last)
        walk->bad = true;
    return walk->bad ? 0 : (unsigned)value;
}

static void paper_method(struct donut_train_options *opt)
{
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        opt->channels[i] = DONUT_USUAL_CHANNELS;
    opt->reconstruction_weight = 1;
    opt->prior_weight = DONUT_WEIGHT_BETA;
    opt->entropy_weight = 1;
    opt->keep_labels = 1;
    opt->score_by = DONUT_SCORE_RECONSTRUCTION;
}

static void walk_method(struct donut_walk *walk, struct donut_train_options *opt)
{
    const unsigned encoder = walk_choice(walk, opt->encoder, DONUT_ENCODER_CNN);
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++)
        donut_walk_size(walk, &opt->channels[i]);
    donut_walk_f64(walk, &opt->student_df);
    const unsigned elbo = walk_choice(walk, opt->elbo, DONUT_ELBO_PLAIN);
    donut_walk_f64(walk, &opt->reconstruction_weight);
    donut_walk_f64(walk, &opt->prior_weight);
    donut_walk_f64(walk, &opt->entropy_weight);
    const unsigned windows = walk_choice(walk, opt->windows, DONUT_WINDOWS_NORMAL);
    donut_walk_f64(walk, &opt->keep_labels);
    const unsigned score_by = walk_choice(walk, opt->score_by, DONUT_SCORE_PRIOR);
    if (walk->mode != DONUT_WALK_READ)
        return;
    walk->bad = walk->bad || score_by == DONUT_SCORE_DEFAULT;
    opt->encoder = (enum donut_encoder)encoder;
    opt->elbo = (enum donut_elbo)elbo;
    opt->windows = (enum donut_windows)windows;
    opt->score_by = (enum donut_score_kind)score_by;
}

static void walk_recipe(struct donut_walk *walk, struct donut_train_options *opt)
{
    donut_walk_f64(walk, &opt->likelihood_df);
    const unsigned hide_last = walk_choice(walk, opt->hide_last, 1);
    const unsigned schedule = walk_choice(walk, opt->schedule, DONUT_SCHEDULE_COSINE);
    const unsigned scale_by = walk_choice(walk, opt->scale_by, DONUT_SCALE_ROBUST);
    donut_walk_size(walk, &opt->validation_windows);
    donut_walk_f64(walk, &opt->validation_trim);
    const unsigned verdict_by = walk_choice(walk, opt->verdict_by, DONUT_VERDICT_SCORE);
    if (walk->mode != DONUT_WALK_READ)
        return;
    opt->hide_last = hide_last != 0;
    opt->schedule = (enum donut_schedule)schedule;
    opt->scale_by = (enum donut_scale_by)scale_by;
    opt->verdict_by = (enum donut_verdict_by)verdict_by;
    walk->bad = walk->bad || verdict_by == DONUT_VERDICT_DEFAULT;
}

static void walk_run(struct donut_walk *walk, struct donut_model_info *info)
{
    size_t stop = (size_t)info->stop;
    donut_walk_f64(walk, &info->train_loss);
    donut_walk_size(walk, &info->epochs);
    donut_walk_size(walk, &info->steps);
    donut_walk_size(walk, &info->best_epoch);
    donut_walk_size(walk, &info->best_step);
    donut_walk_size(walk, &stop);
    if (walk->mode != DONUT_WALK_READ)
        return;
    walk->bad = walk->bad || stop > DONUT_STOP_DIVERGED;
    if (!walk->bad)
        info->stop = (enum donut_stop)stop;
}

static void walk_rest(struct donut_walk *walk, struct donut_model *model)
{
    struct donut_model_info *info = &model->info;
    donut_walk_f64(walk, &info->mean);
    donut_walk_f64(walk, &info->std);
    donut_walk_f64(walk, &info->fill);
    donut_walk_f64(walk, &info->limit);
    donut_walk_i64(walk, &info->interval_ms);
    donut_walk_i64(walk, &info->train_start_ms);
    donut_walk_i64(walk, &info->train_end_ms);
    donut_walk_size(walk, &info->train_points);
    if (walk->version >= 5)
        donut_walk_size(walk, &info->wild);
    donut_walk_f64(walk, &info->best_loss);
    donut_walk_f64(walk, &info->threshold);
    donut_walk_u64(walk, &info->tail.n);
    donut_walk_u64(walk, &info->tail.peaks);
    donut_walk_f64(walk, &info->tail.t);
    donut_walk_f64(walk, &info->tail.gamma);
    donut_walk_f64(walk, &info->tail.sigma);
    if (walk->version >= 5)
        donut_walk_normal(walk, &info->normal);
    if (walk->version >= 3)
        walk_run(walk, info);
    for (size_t i = 0; i < model->n_history; i++)
        donut_walk_f64(walk, &model->history[i]);
    for (size_t i = 0; i < model->vae.tensors; i++)
        donut_walk_reals(walk, model->vae.block + model->vae.tensor[i].offset,
                         model->vae.tensor[i].count);
}

static void walk_head(struct donut_walk *walk, uint32_t *version, uint32_t *mark, uint64_t *size)
{
    walk->at += sizeof magic;
    donut_walk_u32(walk, version);
    donut_walk_u32(walk, mark);
    donut_walk_u64(walk, size);
}

static void walk_model(struct donut_walk *walk, struct donut_model *model, uint64_t size)
{
    uint32_t version = VERSION, mark = DONUT_ENDIAN_MARK;
    walk_head(walk, &version, &mark, &size);
    walk_shape(walk, &model->info.options);
    walk_training(walk, &model->info.options);
    walk_method(walk, &model->info.options);
    walk_recipe(walk, &model->info.options);
    walk_rest(walk, model);
}

enum donut_status donut_model_encode(const struct donut_model *model, unsigned char **bytes,
                                     size_t *size, struct donut_error *err)
{
    /* Counting and writing store nothing, so that others may read the model meanwhile. */
    struct donut_model *source = (struct donut_model *)(uintptr_t)model;
    struct donut_walk walk = {.mode = DONUT_WALK_COUNT, .version = VERSION};
    *bytes = NULL;
    walk_model(&walk, source, 0);
    *size = walk.at + 8;
    *bytes = malloc(*size);
    if (!*bytes)
        return donut_fail_memory(err);
    walk = (struct donut_walk){
        .mode = DONUT_WALK_WRITE, .version = VERSION, .bytes = *bytes, .size = *size};
    memcpy(*bytes, magic, sizeof magic);
    walk_model(&walk, source, *size);
    uint64_t checksum = donut_crc64(0, *bytes, walk.at);
    donut_walk_u64(&walk, &checksum);
    return DONUT_OK;
}

bool donut_model_is(const char *bytes, size_t size)
{
    return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

static enum donut_status check_frame(const unsigned char *bytes, size_t size,
                                     struct donut_error *err)
{
    if (donut_bundle_is((const char *)bytes, size))
        return donut_fail(
            err, DONUT_EMODEL,
            "this is a bundle, which has a model for each KPI, where the model of one "
            "is wanted: give --key COLUMN");
    if (!donut_model_is((const char *)bytes, size))
        return donut_fail(err, DONUT_EMODEL, "not a donut model; make one with donut train");
    if (size < SMALLEST)
        return donut_fail(err, DONUT_EMODEL, "the model file is cut short after %zu bytes", size);
    struct donut_walk walk = donut_walk_reading(bytes, size);
    uint32_t version = 0, mark = 0;
    uint64_t length = 0, checksum = 0;
    walk_head(&walk, &version, &mark, &length);
    walk.at = size - 8;
    donut_walk_u64(&walk, &checksum);
    if (checksum != donut_crc64(0, bytes, size - 8) || length != size ||
        mark != DONUT_ENDIAN_MARK) {
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
          info->limit > 0 && info->limit <= DONUT_WIDEST_LIMIT))
        return false;
    if (!(info->interval_ms > 0 && info->interval_ms <= DONUT_MAX_INTERVAL_MS &&
          info->train_start_ms >= -latest && info->train_start_ms <= info->train_end_ms &&
          info->train_end_ms <= latest && info->wild <= info->train_points))
        return false;
    if (isinf(info->train_loss) || info->epochs > info->options.epochs ||
        info->best_epoch > info->epochs || info->best_step > info->steps)
        return false;
    if (!donut_normal_is_plausible(&info->normal, info->options.verdict_by))
        return false;
    return isfinite(info->best_loss) && isfinite(info->threshold) && isfinite(tail->t) &&
           isfinite(tail->gamma) && isfinite(tail->sigma) && tail->sigma >= 0 &&
           tail->peaks <= tail->n;
}

static enum donut_status decode_body(struct donut_walk *walk, struct donut_model **out,
                                     struct donut_error *err)
{
    struct donut_train_options opt = {0};
    walk_shape(walk, &opt);
    walk_training(walk, &opt);
    if (walk->version >= 4)
        walk_method(walk, &opt);
    else
        paper_method(&opt);
    if (walk->version >= 5)
        walk_recipe(walk, &opt);
    else
        opt.verdict_by = DONUT_VERDICT_SCORE;
    if (walk->bad || opt.window == 0 || opt.epochs == 0 || donut_options_complaint(&opt))
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
    struct donut_walk walk = donut_walk_reading(bytes, size);
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
