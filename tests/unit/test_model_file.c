/* The model file: everything comes back, and nothing but the exact bytes is accepted. */
#define _XOPEN_SOURCE 700

#include "check.h"
#include "model/model.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* CRC-64/XZ, bit by bit; its published check value is that of "123456789". */
static uint64_t crc64(const unsigned char *bytes, size_t size)
{
    uint64_t crc = ~(uint64_t)0;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    }
    return ~crc;
}

static void put_le(unsigned char *at, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (unsigned char)(bits >> (8 * i));
}

static uint64_t get_le(const unsigned char *at, size_t width)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++)
        bits |= (uint64_t)at[i] << (8 * i);
    return bits;
}

static void seal(unsigned char *bytes, size_t size)
{
    put_le(bytes + size - 8, crc64(bytes, size - 8), 8);
}

static struct donut_model *sample_model(void)
{
    struct donut_train_options opt = donut_train_defaults();
    opt.window = 5;
    opt.latent = 2;
    opt.depth = 1;
    opt.hidden[0] = 3;
    opt.hidden[1] = 0;
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
    info->best_loss = -61.5;
    info->threshold = 17.25;
    info->tail =
        (struct donut_tail){.n = 900, .peaks = 50, .t = 4.5, .gamma = -0.125, .sigma = 2.5};
    for (size_t i = 0; i < model->n_history; i++)
        model->history[i] = i == 2 ? NAN : 10.0 + (double)i;
    return model;
}

static void check_same(const struct donut_model *a, const struct donut_model *b)
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
    CHECK(p->threads == 0 && p->kernel == NULL); /* of one run only */
    CHECK(q->threads == 0 && q->kernel == NULL && q->progress == NULL);
    CHECK(a->info.mean == b->info.mean && a->info.std == b->info.std);
    CHECK(a->info.fill == b->info.fill && a->info.limit == b->info.limit);
    CHECK(a->info.interval_ms == b->info.interval_ms);
    CHECK(a->info.train_start_ms == b->info.train_start_ms);
    CHECK(a->info.train_end_ms == b->info.train_end_ms);
    CHECK(a->info.best_loss == b->info.best_loss && a->info.threshold == b->info.threshold);
    CHECK(a->info.tail.gamma == b->info.tail.gamma && a->info.tail.peaks == b->info.tail.peaks);
    CHECK_INT(a->info.parameters, b->info.parameters);
    CHECK_INT(memcmp(a->vae.block, b->vae.block, a->vae.size * sizeof(donut_real)), 0);
    for (size_t i = 0; i < a->n_history; i++)
        CHECK(isnan(a->history[i]) ? isnan(b->history[i]) : a->history[i] == b->history[i]);
}

static void test_round_trip(void)
{
    struct donut_model *model = sample_model(), *copy = NULL;
    unsigned char *bytes = NULL, *again = NULL;
    size_t size, size_again;
    struct donut_error err = {0};
    CHECK_INT(donut_model_encode(model, &bytes, &size, &err), DONUT_OK);
    CHECK_INT(donut_model_decode(bytes, size, &copy, &err), DONUT_OK);
    if (copy) {
        check_same(model, copy);
        CHECK_INT(donut_model_encode(copy, &again, &size_again, &err), DONUT_OK);
        CHECK(size == size_again && memcmp(bytes, again, size) == 0);
    }
    free(bytes);
    free(again);
    donut_model_free(copy);
    donut_model_free(model);
}

/* Where the fields of the sample model begin. */
enum {
    SHAPE = 24,
    TRAINING = SHAPE + 8 * 5,
    SAMPLER = TRAINING + 8 * 17, /* the last of training, new in version 2 */
    DATA = SAMPLER + 8,
    RESULT = DATA + 8 * 8,
    HISTORY = RESULT + 8 * 7,
    PARAMETERS = HISTORY + 8 * 4,
    /* Encoder 5x3+3, z heads 2(3x2+2), decoder 2x3+3, x heads 2(3x5+5): 83 of them. */
    CHECKSUM = PARAMETERS + 4 * 83
};

/* The layout as its comment documents it, read without the library. */
static void test_layout(void)
{
    CHECK(crc64((const unsigned char *)"123456789", 9) == UINT64_C(0x995DC9BBDF1939FA));
    struct donut_model *model = sample_model();
    unsigned char *bytes = NULL;
    size_t size;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    CHECK_INT(model->info.parameters, 83);
    CHECK_INT(size, CHECKSUM + 8);
    CHECK_INT(memcmp(bytes, "donutVAE", 8), 0);
    CHECK_INT(get_le(bytes + 8, 4), 2);
    CHECK_INT(memcmp(bytes + 12, "\x04\x03\x02\x01", 4), 0);
    CHECK_INT(get_le(bytes + 16, 8), size);
    CHECK_INT(get_le(bytes + SHAPE, 8), 5);
    CHECK_INT(get_le(bytes + SHAPE + 8, 8), 2);
    CHECK_INT(get_le(bytes + SHAPE + 16, 8), 1);
    CHECK_INT(get_le(bytes + SHAPE + 24, 8), 3);
    CHECK_INT(get_le(bytes + SAMPLER - 32, 8), 300);
    CHECK(get_le(bytes + SAMPLER - 8, 8) == UINT64_C(0xFEDCBA9876543210));
    CHECK_INT(get_le(bytes + SAMPLER, 8), 2);
    CHECK(get_le(bytes + DATA, 8) == UINT64_C(0x4029000000000000)); /* 12.5 */
    CHECK(get_le(bytes + HISTORY + 16, 8) == UINT64_C(0x7ff8000000000000));
    CHECK(get_le(bytes + size - 8, 8) == crc64(bytes, size - 8));
    free(bytes);
    donut_model_free(model);
}

/* What a donut before the samplers wrote: no such field, and independent draws. */
static unsigned char *version_1(const struct donut_model *model, size_t *size)
{
    unsigned char *bytes = NULL;
    CHECK_INT(donut_model_encode(model, &bytes, size, NULL), DONUT_OK);
    memmove(bytes + SAMPLER, bytes + SAMPLER + 8, *size - SAMPLER - 8);
    *size -= 8;
    put_le(bytes + 8, 1, 4);
    put_le(bytes + 16, *size, 8);
    seal(bytes, *size);
    return bytes;
}

static void test_version_1(void)
{
    struct donut_model *model = sample_model(), *copy = NULL;
    unsigned char *again = NULL, *want = NULL;
    size_t size, size_again, size_want, accepted = 0;
    model->info.options.sampler = DONUT_SAMPLER_SOBOL; /* which its bytes do not say */
    unsigned char *bytes = version_1(model, &size);
    model->info.options.sampler = DONUT_SAMPLER_MC;
    CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_OK);
    if (copy) {
        check_same(model, copy);
        CHECK_INT(donut_model_encode(model, &want, &size_want, NULL), DONUT_OK);
        CHECK_INT(donut_model_encode(copy, &again, &size_again, NULL), DONUT_OK);
        CHECK(size_want == size_again && memcmp(want, again, size_want) == 0);
    }
    for (size_t length = 0; length < size; length++) {
        struct donut_model *none;
        accepted += donut_model_decode(bytes, length, &none, NULL) != DONUT_EMODEL || none;
    }
    CHECK_INT(accepted, 0);
    free(bytes);
    free(again);
    free(want);
    donut_model_free(copy);
    donut_model_free(model);
}

/* One version's fields with the other one's number, all else in order: one field too many or too
 * few. */
static void test_wrong_version(void)
{
    struct donut_model *model = sample_model(), *copy;
    unsigned char *bytes = NULL;
    size_t size;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    put_le(bytes + 8, 1, 4);
    seal(bytes, size);
    CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_EMODEL);
    free(bytes);
    bytes = version_1(model, &size);
    put_le(bytes + 8, 2, 4);
    seal(bytes, size);
    CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_EMODEL);
    free(bytes);
    donut_model_free(model);
}

/* Any time that a series can have comes back. */
static void test_far_times(void)
{
    struct donut_model *model = sample_model(), *copy = NULL;
    unsigned char *bytes = NULL;
    size_t size;
    model->info.train_start_ms = INT64_C(-999999999999999);
    model->info.train_end_ms = INT64_C(999999999999999);
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_OK);
    free(bytes);
    donut_model_free(copy);
    donut_model_free(model);
}

static void test_damage(void)
{
    struct donut_model *model = sample_model(), *copy;
    unsigned char *bytes = NULL;
    size_t size, accepted = 0;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    for (size_t at = 0; at < size; at++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (unsigned char)(1 << bit);
            accepted += donut_model_decode(bytes, size, &copy, NULL) != DONUT_EMODEL || copy;
            bytes[at] ^= (unsigned char)(1 << bit);
        }
    CHECK_INT(accepted, 0);
    for (size_t length = 0; length < size; length++)
        accepted += donut_model_decode(bytes, length, &copy, NULL) != DONUT_EMODEL || copy;
    CHECK_INT(accepted, 0);
    unsigned char *longer = calloc(1, size + 1);
    memcpy(longer, bytes, size);
    CHECK_INT(donut_model_decode(longer, size + 1, &copy, NULL), DONUT_EMODEL);
    free(longer);
    free(bytes);
    donut_model_free(model);
}

static void check_refused(size_t at, uint64_t bits, size_t width, const char *word)
{
    struct donut_model *model = sample_model(), *copy;
    struct donut_error err = {0};
    unsigned char *bytes = NULL;
    size_t size;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    put_le(bytes + at, bits, width);
    seal(bytes, size);
    CHECK_INT(donut_model_decode(bytes, size, &copy, &err), DONUT_EMODEL);
    CHECK_THAT(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
    free(bytes);
    donut_model_free(model);
}

/* Files made on purpose, with a good checksum. */
static void test_hostile(void)
{
    const uint64_t nan = UINT64_C(0x7ff8000000000000), infinity = UINT64_C(0x7ff0000000000000);
    check_refused(8, 3, 4, "version 3");
    check_refused(8, 0, 4, "version 0");
    check_refused(SHAPE, UINT64_MAX, 8, "impossible");
    check_refused(SHAPE, 16384, 8, "too short");
    check_refused(SHAPE + 16, 9, 8, "impossible");
    check_refused(SHAPE + 16, 0, 8, "impossible");
    check_refused(SHAPE + 24, 4, 8, "impossible");
    check_refused(TRAINING + 7 * 8, 2, 8, "impossible");
    check_refused(SAMPLER - 32, 0, 8, "impossible"); /* samples */
    check_refused(SAMPLER - 32, 1048577, 8, "impossible");
    check_refused(SAMPLER, DONUT_SAMPLER_DEFAULT, 8, "impossible");
    check_refused(SAMPLER, 3, 8, "impossible");
    check_refused(SAMPLER, UINT64_C(0x100000001), 8, "impossible");
    check_refused(DATA + 8, 0, 8, "impossible");
    check_refused(DATA + 8, nan, 8, "impossible");
    check_refused(DATA + 24, 0, 8, "impossible");        /* limit */
    check_refused(DATA + 24, infinity, 8, "impossible"); /* limit */
    check_refused(DATA + 32, 0, 8, "impossible");        /* interval */
    check_refused(DATA + 32, UINT64_MAX, 8, "impossible");
    check_refused(RESULT + 16, 10, 8, "impossible"); /* 10 scores cannot have 50 peaks */
    check_refused(HISTORY, infinity, 8, "impossible");
    check_refused(PARAMETERS, 0x7fc00000, 4, "impossible");
    check_refused(PARAMETERS + 4 * 82, 0x7f800000, 4, "impossible");
}

/* Of both versions. Takes the model. */
static void test_mutations(struct donut_model *model)
{
    size_t size[2];
    unsigned char *bytes[2] = {NULL, version_1(model, &size[1])};
    CHECK_INT(donut_model_encode(model, &bytes[0], &size[0], NULL), DONUT_OK);
    unsigned char *mutant = malloc(size[0]);
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 10000; round++) {
        struct donut_model *copy;
        memcpy(mutant, bytes[round % 2], size[round % 2]);
        for (int change = 0; change < 3; change++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            mutant[24 + (state >> 33) % (size[round % 2] - 32)] = (unsigned char)(state >> 20);
        }
        seal(mutant, size[round % 2]);
        if (donut_model_decode(mutant, size[round % 2], &copy, NULL) == DONUT_OK)
            donut_model_free(copy);
    }
    CHECK(true); /* reaching this line under the sanitizers is the test */
    free(mutant);
    free(bytes[0]);
    free(bytes[1]);
    donut_model_free(model);
}

static size_t files_in(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        n += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

static void test_save(void)
{
    char folder[] = P_tmpdir "/donut-test-XXXXXX", path[64], missing[80], link[64];
    struct donut_model *model = sample_model(), *copy = NULL;
    struct donut_error err = {0};
    struct stat st;
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/m.donut", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(missing, sizeof missing, "%s/none/m.donut", folder);

    CHECK_INT(donut_model_save(model, path, &err), DONUT_OK);
    CHECK_INT(files_in(folder), 1);
    CHECK_INT(donut_model_load(path, &copy, &err), DONUT_OK);
    if (copy)
        check_same(model, copy);
    donut_model_free(copy);

    /* Replacing keeps the permissions and goes through a link. */
    CHECK_INT(chmod(path, 0640), 0);
    CHECK_INT(symlink(path, link), 0);
    CHECK_INT(donut_model_save(model, link, &err), DONUT_OK);
    CHECK(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
    CHECK_INT(files_in(folder), 2);

    CHECK_INT(unlink(path), 0);
    CHECK_INT(donut_model_save(model, link, &err), DONUT_EIO); /* which now leads nowhere */
    CHECK_INT(files_in(folder), 1);
    CHECK_INT(donut_model_save(model, missing, &err), DONUT_EIO);
    CHECK_INT(donut_model_save(model, folder, &err), DONUT_EIO);
    CHECK_INT(donut_model_save(model, "/dev/full", &err), DONUT_EIO);
    CHECK(strstr(err.text, "No space") != NULL);
    CHECK_INT(donut_model_load(missing, &copy, &err), DONUT_EIO);
    CHECK(copy == NULL);
    unlink(link);
    unlink(path);
    rmdir(folder);
    donut_model_free(model);
}

int main(void)
{
    test_round_trip();
    test_layout();
    test_version_1();
    test_wrong_version();
    test_far_times();
    test_damage();
    test_hostile();
    test_mutations(sample_model());
    test_save();
    return check_report("model_file");
}
