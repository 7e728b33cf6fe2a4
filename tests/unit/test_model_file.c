/* The model file: everything comes back, and nothing but the exact bytes is accepted. */
#define _XOPEN_SOURCE 700

#include "check.h"
#include "model_bytes.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
    METHOD = SAMPLER + 8,        /* new in version 4 */
    RECIPE = METHOD + 8 * 11,    /* new in version 5 */
    DATA = RECIPE + 8 * 7,
    RESULT = DATA + 8 * 9,   /* its last field is new in version 5 */
    NORMAL = RESULT + 8 * 7, /* new in version 5: three calibrations of 3, 2 and 2 knots */
    DRIFT = NORMAL + 8 * (2 + 2 * 3 + 1),
    STEP = DRIFT + 8 * (2 + 2 * 2 + 1),
    OVERLAP = STEP + 8 * (2 + 2 * 2 + 1),
    RUN = OVERLAP + 8 * 3, /* new in version 3 */
    HISTORY = RUN + 8 * 6,
    PARAMETERS = HISTORY + 8 * 4,
    /* Encoder 5x3+3, z heads 2(3x2+2), decoder 2x3+3, x heads 2(3x5+5): 83 of them. */
    CHECKSUM = PARAMETERS + 4 * 83
};

static void check_method(const unsigned char *at)
{
    const uint64_t want[] = {0,
                             4,
                             6,
                             UINT64_C(0x401E000000000000), /* 7.5 */
                             1,
                             UINT64_C(0x3FE0000000000000), /* 0.5 */
                             UINT64_C(0x3FD0000000000000), /* 0.25 */
                             UINT64_C(0xBFF0000000000000), /* -1 */
                             1,
                             UINT64_C(0x3FC0000000000000), /* 0.125 */
                             2};
    for (size_t i = 0; i < 11; i++)
        CHECK_THAT(get_le(at + 8 * i, 8) == want[i], "method field %zu", i);
}

static void check_recipe(const unsigned char *at)
{
    const uint64_t want[] = {UINT64_C(0x400C000000000000), /* 3.5 */
                             1,
                             1,
                             1,
                             640,
                             UINT64_C(0x3FB0000000000000), /* 0.0625 */
                             2};
    for (size_t i = 0; i < 7; i++)
        CHECK_THAT(get_le(at + 8 * i, 8) == want[i], "recipe field %zu", i);
}

static void check_normal(const unsigned char *bytes)
{
    const uint64_t deviation[] = {880,
                                  3,
                                  0,
                                  UINT64_C(0x3FD0000000000000),  /* 0.25 */
                                  UINT64_C(0x3FE0000000000000),  /* 0.5 */
                                  UINT64_C(0x3FE8000000000000),  /* 0.75 */
                                  UINT64_C(0x3FF8000000000000),  /* 1.5 */
                                  UINT64_C(0x4004000000000000),  /* 2.5 */
                                  UINT64_C(0x3FF4000000000000)}; /* 1.25 */
    for (size_t i = 0; i < 9; i++)
        CHECK_THAT(get_le(bytes + NORMAL + 8 * i, 8) == deviation[i], "deviation's field %zu", i);
    CHECK_INT(get_le(bytes + DRIFT, 8), 870);
    CHECK_INT(get_le(bytes + DRIFT + 8, 8), 2);
    CHECK_INT(get_le(bytes + STEP, 8), 860);
    CHECK(get_le(bytes + STEP + 48, 8) == UINT64_C(0x3FEC000000000000)); /* 0.875 */
    CHECK(get_le(bytes + OVERLAP, 8) == UINT64_C(0x3FC8000000000000));   /* 0.1875 */
    CHECK_INT(get_le(bytes + OVERLAP + 8, 8), 850);
    CHECK_INT(get_le(bytes + OVERLAP + 16, 8), 9);
}

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
    CHECK_INT(get_le(bytes + 8, 4), 5);
    CHECK_INT(memcmp(bytes + 12, "\x04\x03\x02\x01", 4), 0);
    CHECK_INT(get_le(bytes + 16, 8), size);
    CHECK_INT(get_le(bytes + SHAPE, 8), 5);
    CHECK_INT(get_le(bytes + SHAPE + 8, 8), 2);
    CHECK_INT(get_le(bytes + SHAPE + 16, 8), 1);
    CHECK_INT(get_le(bytes + SHAPE + 24, 8), 3);
    CHECK_INT(get_le(bytes + SAMPLER - 32, 8), 300);
    CHECK(get_le(bytes + SAMPLER - 8, 8) == UINT64_C(0xFEDCBA9876543210));
    CHECK_INT(get_le(bytes + SAMPLER, 8), 2);
    check_method(bytes + METHOD);
    check_recipe(bytes + RECIPE);
    check_normal(bytes);
    CHECK_INT(get_le(bytes + RESULT - 16, 8), 1000);
    CHECK_INT(get_le(bytes + RESULT - 8, 8), 7);
    CHECK(get_le(bytes + DATA, 8) == UINT64_C(0x4029000000000000)); /* 12.5 */
    CHECK(get_le(bytes + RUN, 8) == UINT64_C(0xC04D600000000000));  /* -58.75 */
    CHECK_INT(get_le(bytes + RUN + 8, 8), 70);
    CHECK_INT(get_le(bytes + RUN + 16, 8), 281);
    CHECK_INT(get_le(bytes + RUN + 24, 8), 60);
    CHECK_INT(get_le(bytes + RUN + 32, 8), 240);
    CHECK_INT(get_le(bytes + RUN + 40, 8), 1);
    CHECK(get_le(bytes + HISTORY + 16, 8) == UINT64_C(0x7ff8000000000000));
    CHECK(get_le(bytes + size - 8, 8) == crc64(bytes, size - 8));
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
    check_refused(8, 6, 4, "version 6");
    check_refused(8, 0, 4, "version 0");
    check_refused(SHAPE, UINT64_MAX, 8, "impossible");
    check_refused(SHAPE, 0, 8, "impossible"); /* a window that is still to be chosen */
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
    check_refused(RUN, infinity, 8, "impossible");
    check_refused(RUN + 8, 251, 8, "impossible");  /* epochs begun of 250 */
    check_refused(RUN + 16, 239, 8, "impossible"); /* steps; the best is number 240 */
    check_refused(RUN + 24, 71, 8, "impossible");
    check_refused(RUN + 40, 3, 8, "impossible");
    check_refused(RUN + 40, UINT64_C(0x100000000), 8, "impossible");
    check_refused(HISTORY, infinity, 8, "impossible");
    check_refused(PARAMETERS, 0x7fc00000, 4, "impossible");
    check_refused(PARAMETERS + 4 * 82, 0x7f800000, 4, "impossible");
}

static void test_hostile_method(void)
{
    const uint64_t nan = UINT64_C(0x7ff8000000000000), half = UINT64_C(0x3FE0000000000000);
    const uint64_t two = UINT64_C(0x4000000000000000), minus_half = UINT64_C(0xBFE0000000000000);
    const size_t kinds[] = {0, 4, 8}, weights[] = {5, 6, 7, 9};
    for (size_t i = 0; i < 3; i++) {
        check_refused(METHOD + 8 * kinds[i], 2, 8, "impossible");
        check_refused(METHOD + 8 * kinds[i], UINT64_C(0x100000000), 8, "impossible");
    }
    check_refused(METHOD, 1, 8, "impossible"); /* a cnn with a window of 5 */
    for (size_t i = 1; i <= 2; i++) {
        check_refused(METHOD + 8 * i, 0, 8, "impossible");
        check_refused(METHOD + 8 * i, 1025, 8, "impossible");
    }
    check_refused(METHOD + 24, half, 8, "impossible");
    check_refused(METHOD + 24, nan, 8, "impossible");
    for (size_t i = 0; i < 4; i++) {
        check_refused(METHOD + 8 * weights[i], minus_half, 8, "impossible");
        check_refused(METHOD + 8 * weights[i], nan, 8, "impossible");
    }
    check_refused(METHOD + 40, UINT64_C(0xBFF0000000000000), 8, "impossible"); /* no beta */
    check_refused(METHOD + 72, two, 8, "impossible");
    check_refused(METHOD + 80, 0, 8, "impossible");
    check_refused(METHOD + 80, 5, 8, "impossible");
}

static void test_hostile_recipe(void)
{
    const uint64_t nan = UINT64_C(0x7ff8000000000000), half = UINT64_C(0x3FE0000000000000);
    check_refused(RECIPE, half, 8, "impossible");
    check_refused(RECIPE, nan, 8, "impossible");
    for (size_t i = 1; i <= 3; i++) {
        check_refused(RECIPE + 8 * i, 2, 8, "impossible");
        check_refused(RECIPE + 8 * i, UINT64_C(0x100000000), 8, "impossible");
    }
    check_refused(RECIPE + 32, 1000000001, 8, "impossible");
    check_refused(RECIPE + 40, half, 8, "impossible");
    check_refused(RECIPE + 40, nan, 8, "impossible");
    check_refused(RECIPE + 48, 0, 8, "impossible"); /* verdicts by a default to be settled ... */
    check_refused(RECIPE + 48, 4, 8, "impossible"); /* ... or the score, beside a calibration */
    check_refused(RECIPE + 48, 5, 8, "impossible");
    check_refused(RECIPE + 48, UINT64_C(0x100000001), 8, "impossible");
    check_refused(RESULT - 8, 1001, 8, "impossible"); /* wild points of 1000 */
}

/* The other encoder comes back, too, with what it is made of. */
static void test_cnn(void)
{
    struct donut_train_options opt = donut_train_paper();
    struct donut_model *copy = NULL;
    unsigned char *bytes = NULL;
    size_t size;
    opt.window = 12;
    opt.encoder = DONUT_ENCODER_CNN;
    opt.channels[1] = 3;
    struct donut_model *model = donut_model_new(&opt);
    donut_vae_initialise(&model->vae, 3);
    model->info.std = model->info.limit = 1;
    model->info.interval_ms = 1;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    CHECK_INT(donut_model_decode(bytes, size, &copy, NULL), DONUT_OK);
    if (copy)
        check_same(model, copy);
    free(bytes);
    donut_model_free(copy);
    donut_model_free(model);
}

static void test_mutations(void)
{
    struct donut_model *model = sample_model();
    unsigned char *bytes = NULL;
    size_t size;
    CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
    check_mutations(bytes, size);
    free(bytes);
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

TEST(model_file)
{
    test_round_trip();
    test_layout();
    test_far_times();
    test_damage();
    test_hostile();
    test_hostile_method();
    test_hostile_recipe();
    test_cnn();
    test_mutations();
    test_save();
    return check_report("model_file");
}
