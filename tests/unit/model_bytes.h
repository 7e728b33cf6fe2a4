/* The bytes of donut's files, read and written without the library, and a model to write. */
#ifndef DONUT_TESTS_MODEL_BYTES_H
#define DONUT_TESTS_MODEL_BYTES_H

#include "check.h"
#include "model/model.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* CRC-64/XZ, bit by bit; its published check value is that of "123456789". */
static inline uint64_t crc64(const unsigned char *bytes, size_t size)
{
    uint64_t crc = ~(uint64_t)0;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    }
    return ~crc;
}

static inline void put_le(unsigned char *at, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (unsigned char)(bits >> (8 * i));
}

static inline uint64_t get_le(const unsigned char *at, size_t width)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++)
        bits |= (uint64_t)at[i] << (8 * i);
    return bits;
}

static inline void seal(unsigned char *bytes, size_t size)
{
    put_le(bytes + size - 8, crc64(bytes, size - 8), 8);
}

/* Every field has a value of its own, but for the encoder, which is dense. */
static inline struct donut_model *sample_model(void)
{
    struct donut_train_options opt = donut_train_paper();
    opt.window = 5;
    opt.latent = 2;
    opt.depth = 1;
    opt.hidden[0] = 3;
    opt.hidden[1] = 0;
    opt.channels[0] = 4;
    opt.channels[1] = 6;
    opt.student_df = 7.5;
    opt.elbo = DONUT_ELBO_PLAIN;
    opt.reconstruction_weight = 0.5;
    opt.prior_weight = 0.25;
    opt.entropy_weight = DONUT_WEIGHT_BETA;
    opt.windows = DONUT_WINDOWS_NORMAL;
    opt.keep_labels = 0.125;
    opt.score_by = DONUT_SCORE_LIKELIHOOD;
    opt.likelihood_df = 3.5;
    opt.hide_last = true;
    opt.schedule = DONUT_SCHEDULE_COSINE;
    opt.scale_by = DONUT_SCALE_ROBUST;
    opt.validation_windows = 640;
    opt.validation_trim = 0.0625;
    opt.verdict_by = DONUT_VERDICT_SHAPE;
    opt.seed = UINT64_C(0xFEDCBA9876543210);
    opt.clip_by = DONUT_CLIP_GLOBAL;
    opt.missing_fill = DONUT_FILL_MEAN;
    opt.ignore_labels = true;
    opt.sampler = DONUT_SAMPLER_MC;
    opt.samples = 300;
    opt.threads = 3;
    opt.kernel = "plain";
    struct donut_model *model = donut_model_new(&opt);
    struct donut_model_info *info = &model->info;
    donut_vae_initialise(&model->vae, 3);
    info->mean = 12.5;
    info->std = 3.25;
    info->fill = -1.5;
    info->limit = 12.5;
    info->interval_ms = 60000;
    info->train_start_ms = -86400000;
    info->train_end_ms = INT64_C(1700000000000);
    info->train_points = 1000;
    info->wild = 7;
    info->best_loss = -61.5;
    info->threshold = 17.25;
    info->tail =
        (struct donut_tail){.n = 900, .peaks = 50, .t = 4.5, .gamma = -0.125, .sigma = 2.5};
    info->normal =
        (struct donut_normal){.deviation = {880, 3, {0, 0.5, 1.5}, {0.25, 0.75, 2.5}, 1.25},
                              .drift = {870, 2, {0, 1.75}, {0, 3.5}, 1.125},
                              .step = {860, 2, {0, 2}, {0, 0.375}, 0.875},
                              .overlap = 0.1875,
                              .judged = 850,
                              .alarms = 9};
    info->train_loss = -58.75;
    info->epochs = 70;
    info->steps = 281;
    info->best_epoch = 60;
    info->best_step = 240;
    info->stop = DONUT_STOP_CANCELLED;
    for (size_t i = 0; i < model->n_history; i++)
        model->history[i] = i == 2 ? NAN : 10.0 + (double)i;
    return model;
}

/* As in every file of a format before the fourth. */
static inline void paper_method(struct donut_train_options *opt)
{
    opt->encoder = DONUT_ENCODER_DENSE;
    opt->channels[0] = opt->channels[1] = 16;
    opt->student_df = 0;
    opt->elbo = DONUT_ELBO_MODIFIED;
    opt->reconstruction_weight = 1;
    opt->prior_weight = DONUT_WEIGHT_BETA;
    opt->entropy_weight = 1;
    opt->windows = DONUT_WINDOWS_ALL;
    opt->keep_labels = 1;
    opt->score_by = DONUT_SCORE_RECONSTRUCTION;
}

/* Likewise before the fifth. */
static inline void paper_recipe(struct donut_train_options *opt)
{
    opt->likelihood_df = opt->validation_trim = 0;
    opt->hide_last = false;
    opt->schedule = DONUT_SCHEDULE_STEP;
    opt->scale_by = DONUT_SCALE_MOMENTS;
    opt->validation_windows = 0;
    opt->verdict_by = DONUT_VERDICT_SCORE;
}

static inline void check_same_recipe(const struct donut_train_options *p,
                                     const struct donut_train_options *q)
{
    CHECK(p->likelihood_df == q->likelihood_df && p->hide_last == q->hide_last);
    CHECK(p->schedule == q->schedule && p->scale_by == q->scale_by);
    CHECK(p->validation_windows == q->validation_windows);
    CHECK(p->validation_trim == q->validation_trim);
    CHECK_INT(q->verdict_by, p->verdict_by);
}

static inline void check_same_method(const struct donut_train_options *p,
                                     const struct donut_train_options *q)
{
    CHECK_INT(q->encoder, p->encoder);
    CHECK(p->channels[0] == q->channels[0] && p->channels[1] == q->channels[1]);
    CHECK(p->student_df == q->student_df && p->keep_labels == q->keep_labels);
    CHECK(p->reconstruction_weight == q->reconstruction_weight);
    CHECK(p->prior_weight == q->prior_weight && p->entropy_weight == q->entropy_weight);
    CHECK_INT(q->elbo, p->elbo);
    CHECK_INT(q->windows, p->windows);
    CHECK_INT(q->score_by, p->score_by);
}

static inline bool same_calibration(const struct donut_calibration *a,
                                    const struct donut_calibration *b)
{
    bool same = a->n == b->n && a->knots == b->knots && a->shape == b->shape;
    for (size_t i = 0; i < a->knots; i++)
        same = same && a->level[i] == b->level[i] && a->value[i] == b->value[i];
    return same;
}

static inline void check_same_normal(const struct donut_normal *a, const struct donut_normal *b)
{
    CHECK(same_calibration(&a->deviation, &b->deviation));
    CHECK(same_calibration(&a->drift, &b->drift));
    CHECK(same_calibration(&a->step, &b->step));
    CHECK(a->overlap == b->overlap && a->judged == b->judged && a->alarms == b->alarms);
}

static inline void check_same(const struct donut_model *a, const struct donut_model *b)
{
    const struct donut_train_options *p = &a->info.options, *q = &b->info.options;
    CHECK(p->window == q->window && p->latent == q->latent && p->depth == q->depth);
    CHECK(p->hidden[0] == q->hidden[0] && p->seed == q->seed && p->clip_by == q->clip_by);
    CHECK(p->missing_fill == q->missing_fill && p->ignore_labels == q->ignore_labels);
    CHECK(p->epochs == q->epochs && p->risk == q->risk && p->samples == q->samples);
    CHECK(p->batch_size == q->batch_size && p->learning_rate == q->learning_rate);
    CHECK(p->decay == q->decay && p->decay_epochs == q->decay_epochs && p->l2 == q->l2);
    CHECK(p->clip_norm == q->clip_norm && p->injection == q->injection);
    CHECK(p->validation == q->validation && p->validate_every == q->validate_every);
    CHECK(p->mcmc_iterations == q->mcmc_iterations && p->std_epsilon == q->std_epsilon);
    CHECK_INT(q->sampler, p->sampler);
    check_same_method(p, q);
    check_same_recipe(p, q);
    CHECK(p->threads == 0 && p->kernel == NULL); /* of one run only */
    CHECK(q->threads == 0 && q->kernel == NULL && q->progress == NULL);
    CHECK(a->info.mean == b->info.mean && a->info.std == b->info.std);
    CHECK(a->info.fill == b->info.fill && a->info.limit == b->info.limit);
    CHECK(a->info.interval_ms == b->info.interval_ms);
    CHECK(a->info.train_start_ms == b->info.train_start_ms);
    CHECK(a->info.train_end_ms == b->info.train_end_ms);
    CHECK(a->info.best_loss == b->info.best_loss && a->info.threshold == b->info.threshold);
    CHECK(a->info.tail.gamma == b->info.tail.gamma && a->info.tail.peaks == b->info.tail.peaks);
    check_same_normal(&a->info.normal, &b->info.normal);
    CHECK(memcmp(&a->info.train_loss, &b->info.train_loss, 8) == 0);
    CHECK(a->info.epochs == b->info.epochs && a->info.steps == b->info.steps);
    CHECK(a->info.best_epoch == b->info.best_epoch && a->info.best_step == b->info.best_step);
    CHECK_INT(a->info.stop, b->info.stop);
    CHECK(a->info.train_points == b->info.train_points && a->info.wild == b->info.wild);
    CHECK_INT(a->info.parameters, b->info.parameters);
    CHECK_INT(memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof(donut_real)), 0);
    for (size_t i = 0; i < a->n_history; i++)
        CHECK(isnan(a->history[i]) ? isnan(b->history[i]) : a->history[i] == b->history[i]);
}

/* Decodes 5000 files of a good checksum in which three bytes after the head are any; that nothing
 * breaks, under the sanitizers too, is the test. */
static inline void check_mutations(const unsigned char *bytes, size_t size)
{
    unsigned char *mutant = malloc(size);
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 5000; round++) {
        struct donut_model *copy;
        memcpy(mutant, bytes, size);
        for (int change = 0; change < 3; change++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            mutant[24 + (state >> 33) % (size - 32)] = (unsigned char)(state >> 20);
        }
        seal(mutant, size);
        if (donut_model_decode(mutant, size, &copy, NULL) == DONUT_OK)
            donut_model_free(copy);
    }
    CHECK(true);
    free(mutant);
}

#endif
