/* Bundles that are damaged, cut short or made on purpose: an index of which a byte is not as it was
 * is refused, and so is one that says what cannot be. */
#define _XOPEN_SOURCE 700

#include "bundle_bytes.h"

/* Every bit of the index, and every length. */
static void test_damage(const struct models *models)
{
    struct hand_item item[MODELS];
    const struct hand_bundle hand = small_hand(models, item);
    struct donut_bundle *bundle;
    size_t size, accepted = 0;
    unsigned char *bytes = hand_make(&hand, &size);
    for (size_t at = 0; at < hand_index_size(&hand); at++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (unsigned char)(1 << bit);
            accepted += open_bytes(models, bytes, size, &bundle, NULL) != DONUT_EMODEL || bundle;
            bytes[at] ^= (unsigned char)(1 << bit);
        }
    CHECK_INT(accepted, 0);
    for (size_t length = 0; length < size; length++)
        accepted += open_bytes(models, bytes, length, &bundle, NULL) != DONUT_EMODEL || bundle;
    CHECK_INT(accepted, 0);
    free(bytes);
}

/* A damaged model is found when it is asked for, and is the only one that cannot be had. */
static void test_damaged_model(const struct models *models)
{
    struct hand_item item[MODELS];
    const struct hand_bundle hand = small_hand(models, item);
    struct donut_bundle *bundle = NULL;
    struct donut_model *model;
    struct donut_error err = {0};
    size_t size;
    unsigned char *bytes = hand_make(&hand, &size);
    const size_t second = next_64(next_64(hand_index_size(&hand)) + models->size[0]);
    bytes[second + 100] ^= 4;
    CHECK_INT(open_bytes(models, bytes, size, &bundle, &err), DONUT_OK);
    if (bundle) {
        CHECK_INT(donut_bundle_model(bundle, 1, &model, &err), DONUT_EMODEL);
        CHECK(model == NULL && strstr(err.text, "checksum") != NULL);
        check_model(bundle, 0, 100);
        check_model(bundle, 2, 102);
        /* Cut short by somebody else: those before the cut are still there. */
        CHECK_INT(truncate(models->path, (off_t)(size - 1)), 0);
        CHECK_INT(donut_bundle_model(bundle, 2, &model, &err), DONUT_EMODEL);
        CHECK(model == NULL && strstr(err.text, "cut short") != NULL);
        check_model(bundle, 0, 100);
        /* Replaced: the one that was opened is still there. */
        CHECK_INT(unlink(models->path), 0);
        check_model(bundle, 0, 100);
    }
    donut_bundle_close(bundle);
    free(bytes);
}

static void check_refused(const struct models *models, const struct hand_bundle *hand,
                          const char *word)
{
    struct donut_bundle *bundle;
    struct donut_error err = {0};
    size_t size;
    unsigned char *bytes = hand_make(hand, &size);
    CHECK_INT(open_bytes(models, bytes, size, &bundle, &err), DONUT_EMODEL);
    CHECK(bundle == NULL);
    CHECK_THAT(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
    free(bytes);
}

#define REFUSED(field, value, word)                                                                \
    do {                                                                                           \
        struct hand_item item[MODELS];                                                             \
        struct hand_bundle hand = small_hand(models, item);                                        \
        hand.field = (value);                                                                      \
        check_refused(models, &hand, word);                                                        \
    } while (0)

#define REFUSED_ITEM(i, field, value)                                                              \
    do {                                                                                           \
        struct hand_item item[MODELS];                                                             \
        const struct hand_bundle hand = small_hand(models, item);                                  \
        item[i].field = (value);                                                                   \
        check_refused(models, &hand, "impossible");                                                \
    } while (0)

/* Made on purpose, with a good checksum. */
static void test_hostile(const struct models *models)
{
    struct hand_item its_item[MODELS];
    const struct hand_bundle good = small_hand(models, its_item);
    const size_t first = next_64(hand_index_size(&good));
    const struct hand_bundle none = {
        .version = 1, .column = "a column with a long name", .column_size = 25};
    check_refused(models, &none, "impossible");
    REFUSED(version, 0, "version 0");
    REFUSED(version, 2, "version 2");
    REFUSED(says_count, 2, "impossible");
    REFUSED(says_count, 4, "impossible");
    REFUSED(says_count, UINT64_MAX, "impossible");
    REFUSED(says_count, UINT64_MAX / 32 + 2, "impossible");
    REFUSED(n, 0, "cut short"); /* which is all there is to say of so few bytes */
    REFUSED(says_size, 1, "sizes");
    REFUSED(says_size, UINT64_MAX, "cut short");
    REFUSED(says_index_size, UINT64_MAX, "sizes");
    REFUSED(says_index_size, 1, "sizes");
    REFUSED(says_index_size, hand_index_size(&good) + 1, "checksum");
    REFUSED(says_column_size, UINT64_MAX, "impossible");
    REFUSED(says_column_size, 1000, "impossible");
    REFUSED(column, "KPI\0ID", "impossible");
    REFUSED(column_size, 0, "impossible");
    REFUSED(more, 1, "impossible");
    REFUSED_ITEM(1, says_key_size, UINT64_MAX);
    REFUSED_ITEM(1, says_key_size, UINT64_MAX - 7);
    REFUSED_ITEM(2, says_key_size, 29);
    REFUSED_ITEM(0, says_offset, first + 64);
    REFUSED_ITEM(0, says_offset, first - 64);
    REFUSED_ITEM(1, says_offset, first); /* over the first one */
    REFUSED_ITEM(2, says_offset, UINT64_MAX - 63);
    REFUSED_ITEM(0, says_size, UINT64_MAX);
    REFUSED_ITEM(0, says_size, UINT64_MAX - first);
    REFUSED_ITEM(2, says_size, models->size[2] + 1);
    REFUSED_ITEM(2, says_size, models->size[2] - 1);
    REFUSED_ITEM(2, model_size, 0);
    REFUSED_ITEM(2, key, "a\0\xff\n"); /* twice */
    REFUSED_ITEM(2, key, "a\0\xff\0"); /* out of order */
}

TEST(bundle_damage)
{
    struct models models;
    models_make(&models);
    test_damage(&models);
    test_damaged_model(&models);
    test_hostile(&models);
    models_free(&models);
    return check_report("bundle_damage");
}
