/* Model files of every format version there has been: today's donut reads them all. */
#include "model_bytes.h"

/* Fields one behind the other. */
struct hand {
    unsigned char bytes[1024];
    size_t size;
};

static void hand_put(struct hand *hand, uint64_t bits, size_t width)
{
    put_le(hand->bytes + hand->size, bits, width);
    hand->size += width;
}

static void hand_numbers(struct hand *hand, const double *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &numbers[i], 8);
        hand_put(hand, bits, 8);
    }
}

static void hand_counts(struct hand *hand, const int64_t *counts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hand_put(hand, (uint64_t)counts[i], 8);
}

static void hand_parameters(struct hand *hand, const struct donut_model *model)
{
    for (size_t t = 0; t < model->vae.tensors; t++)
        for (size_t i = 0; i < model->vae.tensor[t].count; i++) {
            uint32_t bits;
            const float value = (float)model->vae.block[model->vae.tensor[t].offset + i];
            memcpy(&bits, &value, 4);
            hand_put(hand, bits, 4);
        }
}

/* The sample model, of the paper's method until version 4, as a donut of format version 1 to 4
 * wrote it. */
static struct hand older(const struct donut_model *model, uint32_t version)
{
    struct hand hand = {.size = 0};
    memcpy(hand.bytes, "donutVAE", 8);
    hand.size = 8;
    hand_put(&hand, version, 4);
    hand_put(&hand, 0x01020304, 4);
    hand_put(&hand, 0, 8); /* the size, when it is known */
    hand_counts(&hand, (const int64_t[]){5, 2, 1, 3}, 4);
    hand_numbers(&hand, (const double[]){1e-4}, 1);
    hand_counts(&hand, (const int64_t[]){250, 256}, 2);
    hand_numbers(&hand, (const double[]){1e-3, 0.75}, 2);
    hand_counts(&hand, (const int64_t[]){10}, 1);
    hand_numbers(&hand, (const double[]){1e-3, 10}, 2);
    hand_counts(&hand, (const int64_t[]){1}, 1); /* clipped globally */
    hand_numbers(&hand, (const double[]){0.01}, 1);
    hand_counts(&hand, (const int64_t[]){1}, 1); /* filled with the mean */
    hand_numbers(&hand, (const double[]){0.3}, 1);
    hand_counts(&hand, (const int64_t[]){100}, 1);
    hand_numbers(&hand, (const double[]){1e-4}, 1);
    hand_counts(&hand, (const int64_t[]){300, 10, 1}, 3); /* samples, M, labels ignored */
    hand_put(&hand, UINT64_C(0xFEDCBA9876543210), 8);
    if (version >= 2)
        hand_counts(&hand, (const int64_t[]){2}, 1); /* independent draws */
    if (version >= 4) {
        hand_counts(&hand, (const int64_t[]){0, 4, 6}, 3); /* encoder, channels */
        hand_numbers(&hand, (const double[]){7.5}, 1);
        hand_counts(&hand, (const int64_t[]){1}, 1); /* plain ELBO */
        hand_numbers(&hand, (const double[]){0.5, 0.25, -1}, 3);
        hand_counts(&hand, (const int64_t[]){1}, 1); /* normal windows */
        hand_numbers(&hand, (const double[]){0.125}, 1);
        hand_counts(&hand, (const int64_t[]){2}, 1); /* by likelihood */
    }
    hand_numbers(&hand, (const double[]){12.5, 3.25, -1.5, 12.5}, 4);
    hand_counts(&hand, (const int64_t[]){60000, -86400000, INT64_C(1700000000000), 1000}, 4);
    hand_numbers(&hand, (const double[]){-61.5, 17.25}, 2);
    hand_counts(&hand, (const int64_t[]){900, 50}, 2);
    hand_numbers(&hand, (const double[]){4.5, -0.125, 2.5}, 3);
    if (version >= 3) {
        hand_numbers(&hand, &(const double){-58.75}, 1);
        hand_counts(&hand, (const int64_t[]){70, 281, 60, 240, 1}, 5);
    }
    hand_numbers(&hand, (const double[]){10, 11, NAN, 13}, 4);
    hand_parameters(&hand, model);
    hand.size += 8;
    put_le(hand.bytes + 16, hand.size, 8);
    seal(hand.bytes, hand.size);
    return hand;
}

/* Makes of the sample model what a file of an older version says of it. */
static void forget(struct donut_model *model, uint32_t version)
{
    struct donut_model_info *info = &model->info;
    paper_recipe(&info->options);
    info->wild = 0;
    info->normal = (struct donut_normal){0};
    if (version < 4)
        paper_method(&info->options);
    if (version >= 3)
        return;
    info->train_loss = NAN;
    info->epochs = info->steps = info->best_epoch = info->best_step = 0;
    info->stop = DONUT_STOP_DONE;
}

/* All that an older file says is read, and that it does not tell how training went, which it does
 * from version 3 on, nor what normal points are like: verdicts are by the score. */
static void test_older(uint32_t version)
{
    struct donut_model *model = sample_model(), *copy = NULL, *again = NULL;
    unsigned char *bytes = NULL;
    size_t size, accepted = 0;
    struct hand hand = older(model, version);
    CHECK_INT(donut_model_decode(hand.bytes, hand.size, &copy, NULL), DONUT_OK);
    forget(model, version);
    if (copy) {
        CHECK(isnan(copy->info.train_loss) == isnan(model->info.train_loss));
        copy->info.train_loss = model->info.train_loss; /* one NaN for the comparison of bits */
        check_same(model, copy);
        /* Written anew it still says no more than that. */
        CHECK_INT(donut_model_encode(copy, &bytes, &size, NULL), DONUT_OK);
        CHECK_INT(donut_model_decode(bytes, size, &again, NULL), DONUT_OK);
        if (CHECK(again != NULL))
            check_same(model, again);
    }
    for (size_t length = 0; length < hand.size; length++) {
        struct donut_model *none;
        accepted += donut_model_decode(hand.bytes, length, &none, NULL) != DONUT_EMODEL || none;
    }
    CHECK_INT(accepted, 0);
    check_mutations(hand.bytes, hand.size);
    free(bytes);
    donut_model_free(again);
    donut_model_free(copy);
    donut_model_free(model);
}

/* One version's fields with the number of another one: fields too many or too few. */
static void test_wrong_version(void)
{
    struct donut_model *model = sample_model(), *copy;
    for (uint32_t is = 1; is <= 5; is++)
        for (uint32_t says = 1; says <= 5; says++) {
            unsigned char *bytes = NULL;
            size_t size = 0;
            struct hand hand = older(model, is);
            if (is == 5)
                CHECK_INT(donut_model_encode(model, &bytes, &size, NULL), DONUT_OK);
            unsigned char *file = is == 5 ? bytes : hand.bytes;
            size = is == 5 ? size : hand.size;
            put_le(file + 8, says, 4);
            seal(file, size);
            CHECK_INT(donut_model_decode(file, size, &copy, NULL),
                      is == says ? DONUT_OK : DONUT_EMODEL);
            donut_model_free(copy);
            free(bytes);
        }
    donut_model_free(model);
}

TEST(model_versions)
{
    test_older(1);
    test_older(2);
    test_older(3);
    test_older(4);
    test_wrong_version();
    return check_report("model_versions");
}
