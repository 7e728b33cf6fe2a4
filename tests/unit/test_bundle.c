/* Bundles: what is written is what the format says, and everything is found again. */
#define _XOPEN_SOURCE 700

#include "bundle_bytes.h"
#include "draw.h"

static void check_small(const struct donut_bundle *bundle)
{
    CHECK_INT(donut_bundle_count(bundle), MODELS);
    CHECK_TEXT(donut_bundle_key_column(bundle), "KPI ID");
    for (size_t i = 0; i < MODELS; i++) {
        size_t size, found = MODELS;
        const char *key = donut_bundle_key(bundle, i, &size);
        CHECK(size == keys[i].size && memcmp(key, keys[i].key, size) == 0);
        CHECK(donut_bundle_find(bundle, keys[i].key, keys[i].size, &found) && found == i);
        check_model(bundle, i, 100.0 + (double)i);
    }
    size_t found;
    CHECK(!donut_bundle_find(bundle, "a", 1, &found));
    CHECK(!donut_bundle_find(bundle, "a\0\xff\n!", 5, &found));
}

static struct donut_bundle_content content_of(const struct models *models,
                                              struct donut_bundle_item item[MODELS],
                                              const size_t order[MODELS])
{
    for (size_t i = 0; i < MODELS; i++)
        item[i] = (struct donut_bundle_item){keys[order[i]].key, keys[order[i]].size,
                                             models->offset[order[i]], models->size[order[i]]};
    return (struct donut_bundle_content){"KPI ID", models->fd, item, MODELS};
}

static void check_file(const char *path, const unsigned char *want, size_t size)
{
    unsigned char *bytes = malloc(size + 1);
    const int fd = open(path, O_RDONLY);
    CHECK(read(fd, bytes, size + 1) == (ssize_t)size && memcmp(bytes, want, size) == 0);
    close(fd);
    free(bytes);
}

/* In whatever order the models come, the file is the one made by hand. */
static void test_written(const struct models *models)
{
    static const size_t orders[][MODELS] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    struct hand_item hand_item[MODELS];
    const struct hand_bundle hand = small_hand(models, hand_item);
    size_t size;
    unsigned char *want = hand_make(&hand, &size);
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct donut_bundle_item item[MODELS];
        const struct donut_bundle_content content = content_of(models, item, orders[i]);
        struct donut_bundle *bundle = NULL;
        CHECK_INT(donut_bundle_save(models->path, &content, NULL), DONUT_OK);
        check_file(models->path, want, size);
        const int fd = open(models->path, O_WRONLY | O_TRUNC);
        CHECK_INT(donut_bundle_put(fd, &content, NULL), DONUT_OK);
        close(fd);
        check_file(models->path, want, size);
        CHECK_INT(donut_bundle_open(models->path, &bundle, NULL), DONUT_OK);
        if (bundle)
            check_small(bundle);
        donut_bundle_close(bundle);
    }
    free(want);
}

static void test_not_written(const struct models *models)
{
    static const size_t order[MODELS] = {0, 1, 2};
    struct donut_bundle_item item[MODELS];
    struct donut_bundle_content content = content_of(models, item, order);
    struct donut_error err = {0};
    file_put(models->path, (const unsigned char *)"old", 3);
    item[2].key = item[1].key;
    CHECK_INT(donut_bundle_save(models->path, &content, &err), DONUT_EARGUMENT);
    CHECK(strstr(err.text, "'a??") != NULL);
    content.n = 0;
    CHECK_INT(donut_bundle_save(models->path, &content, &err), DONUT_EARGUMENT);
    content = content_of(models, item, order);
    content.key_column = "";
    CHECK_INT(donut_bundle_save(models->path, &content, &err), DONUT_EARGUMENT);
    /* A model that is not all there. */
    content = content_of(models, item, order);
    item[1].size = 1000000;
    CHECK_INT(donut_bundle_save(models->path, &content, &err), DONUT_EIO);
    check_file(models->path, (const unsigned char *)"old", 3);
    content = content_of(models, item, order);
    CHECK_INT(donut_bundle_save("/dev/full", &content, &err), DONUT_EIO);
    CHECK(strstr(err.text, "No space") != NULL);
}

/* Each of the two says what the other one is. */
static void test_confused(const struct models *models)
{
    struct hand_item item[MODELS];
    const struct hand_bundle hand = small_hand(models, item);
    struct donut_bundle *bundle = NULL;
    struct donut_model *model = NULL;
    struct donut_error err = {0};
    size_t size;
    unsigned char *bytes = hand_make(&hand, &size);
    CHECK_INT(donut_model_decode(bytes, size, &model, &err), DONUT_EMODEL);
    CHECK(strstr(err.text, "bundle") && strstr(err.text, "--key"));
    CHECK(donut_bundle_is((const char *)bytes, 8) && !donut_bundle_is((const char *)bytes, 7));
    file_put(models->path, bytes, size);
    CHECK(donut_bundle_is_file(models->path));
    CHECK_INT(donut_model_load(models->path, &model, &err), DONUT_EMODEL);
    CHECK(strstr(err.text, "bundle") && strstr(err.text, "--key"));
    CHECK_INT(open_bytes(models, models->bytes[0], models->size[0], &bundle, &err), DONUT_EMODEL);
    CHECK(strstr(err.text, "the model of one KPI") && strstr(err.text, "--key"));
    CHECK(!donut_bundle_is_file(models->path));
    CHECK_INT(open_bytes(models, (const unsigned char *)"timestamp", 9, &bundle, &err),
              DONUT_EMODEL);
    CHECK(strstr(err.text, "not a donut bundle") != NULL);
    CHECK_INT(donut_bundle_open("/dev/null", &bundle, &err), DONUT_EIO);
    CHECK(strstr(err.text, "regular") && !donut_bundle_is_file("/dev/null"));
    CHECK_INT(donut_bundle_open(models->folder, &bundle, &err), DONUT_EIO);
    CHECK_INT(unlink(models->path), 0);
    CHECK_INT(donut_bundle_open(models->path, &bundle, &err), DONUT_EIO);
    CHECK(!donut_bundle_is_file(models->path) && !donut_bundle_is_file(models->folder));
    free(bytes);
}

#define MANY 10000
#define KEY_BYTES 24

struct many_keys {
    char key[MANY][KEY_BYTES];
    size_t size[MANY];
};

/* Any bytes, each key once: the number, which makes it so, stands at its end. */
static void many_draw(struct draw *draw, struct many_keys *many)
{
    for (size_t i = 0; i < MANY; i++) {
        many->size[i] = 2 + draw_below(draw, KEY_BYTES - 1);
        for (size_t j = 0; j < many->size[i]; j++)
            many->key[i][j] = (char)draw_below(draw, draw_below(draw, 2) ? 256 : 2);
        put_le((unsigned char *)many->key[i] + many->size[i] - 2, i, 2);
    }
}

/* Whether a key is there, by looking at each; *which is its number. */
static bool many_find(const struct many_keys *many, const char *key, size_t size, size_t *which)
{
    for (*which = 0; *which < MANY; ++*which)
        if (many->size[*which] == size && memcmp(many->key[*which], key, size) == 0)
            return true;
    return false;
}

static void check_many(const struct donut_bundle *bundle, const struct many_keys *many)
{
    size_t wrong = 0, disorder = 0;
    for (size_t i = 0; i < MANY; i++) {
        size_t found = MANY, size = 0;
        if (!donut_bundle_find(bundle, many->key[i], many->size[i], &found)) {
            wrong++;
            continue;
        }
        const char *key = donut_bundle_key(bundle, found, &size);
        wrong += size != many->size[i] || memcmp(key, many->key[i], size) != 0;
        if (i % 500 == 0)
            check_model(bundle, found, 100.0 + (double)(i % MODELS));
    }
    CHECK_INT(wrong, 0);
    for (size_t i = 1; i < MANY; i++) {
        size_t a_size, b_size;
        const char *a = donut_bundle_key(bundle, i - 1, &a_size);
        const char *b = donut_bundle_key(bundle, i, &b_size);
        const int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
        disorder += order > 0 || (order == 0 && a_size >= b_size);
    }
    CHECK_INT(disorder, 0);
}

static void test_many(const struct models *models)
{
    static struct many_keys many;
    static struct donut_bundle_item item[MANY];
    struct donut_bundle *bundle = NULL;
    struct draw draw = draw_new("bundle", 20240517);
    size_t wrong = 0, there = 0;
    many_draw(&draw, &many);
    for (size_t i = 0; i < MANY; i++)
        item[i] = (struct donut_bundle_item){many.key[i], many.size[i], models->offset[i % MODELS],
                                             models->size[i % MODELS]};
    const struct donut_bundle_content content = {"4", models->fd, item, MANY};
    CHECK_INT(donut_bundle_save(models->path, &content, NULL), DONUT_OK);
    CHECK_INT(donut_bundle_open(models->path, &bundle, NULL), DONUT_OK);
    if (!bundle)
        return;
    CHECK_INT(donut_bundle_count(bundle), MANY);
    check_many(bundle, &many);
    /* Keys nearly like those that are there: shortened, or with one byte of another. */
    for (int round = 0; round < 2000; round++) {
        char key[KEY_BYTES];
        size_t found, which = draw_below(&draw, MANY), size = many.size[which];
        memcpy(key, many.key[which], size);
        if (round % 2)
            size -= draw_below(&draw, size);
        else
            key[draw_below(&draw, size)] = (char)draw_below(&draw, 256);
        const bool is = many_find(&many, key, size, &which);
        wrong += donut_bundle_find(bundle, key, size, &found) != is;
        there += is;
    }
    CHECK_INT(wrong, 0);
    CHECK(there > 0 && there < 2000);
    donut_bundle_close(bundle);
}

TEST(bundle)
{
    struct models models;
    models_make(&models);
    test_written(&models);
    test_not_written(&models);
    test_confused(&models);
    test_many(&models);
    models_free(&models);
    return check_report("bundle");
}
