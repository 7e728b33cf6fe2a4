/* Bundle files made field by field, as src/model/bundle_index.c documents them, without the
 * library. */
#ifndef DONUT_TESTS_BUNDLE_BYTES_H
#define DONUT_TESTS_BUNDLE_BYTES_H

#include "donut.h"
#include "model_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is to be in the file; a hostile one says something else than is there. */
struct hand_item {
    const char *key;
    size_t key_size;
    const unsigned char *model;
    size_t model_size;
    uint64_t says_key_size, says_offset, says_size; /* 0 = the truth */
};

struct hand_bundle {
    uint32_t version;
    const char *column;
    size_t column_size;
    const struct hand_item *item;
    size_t n;
    uint64_t says_count, says_index_size, says_size, says_column_size;
    size_t more; /* bytes after the last model */
};

static inline size_t hand_index_size(const struct hand_bundle *hand)
{
    size_t size = 40 + 8 + hand->column_size + 8;
    for (size_t i = 0; i < hand->n; i++)
        size += 24 + hand->item[i].key_size;
    return size;
}

static inline size_t next_64(size_t at)
{
    return (at + 63) & ~(size_t)63;
}

static inline size_t hand_size(const struct hand_bundle *hand)
{
    size_t size = hand_index_size(hand);
    for (size_t i = 0; i < hand->n; i++)
        size = next_64(size) + hand->item[i].model_size;
    return size + hand->more;
}

static inline unsigned char *hand_field(unsigned char *at, uint64_t says, uint64_t truth)
{
    put_le(at, says ? says : truth, 8);
    return at + 8;
}

/* *size bytes, to be freed. */
static inline unsigned char *hand_make(const struct hand_bundle *hand, size_t *size)
{
    const size_t index_size = hand_index_size(hand);
    *size = hand_size(hand);
    unsigned char *bytes = calloc(*size, 1), *at = bytes + 16;
    memcpy(bytes, "donutSET", 8);
    put_le(bytes + 8, hand->version, 4);
    memcpy(bytes + 12, "\x04\x03\x02\x01", 4);
    at = hand_field(at, hand->says_size, *size);
    at = hand_field(at, hand->says_index_size, index_size);
    at = hand_field(at, hand->says_count, hand->n);
    at = hand_field(at, hand->says_column_size, hand->column_size);
    memcpy(at, hand->column, hand->column_size);
    at += hand->column_size;
    size_t end = index_size;
    for (size_t i = 0; i < hand->n; i++) {
        const struct hand_item *item = &hand->item[i];
        at = hand_field(at, item->says_key_size, item->key_size);
        memcpy(at, item->key, item->key_size);
        at = hand_field(at + item->key_size, item->says_offset, next_64(end));
        at = hand_field(at, item->says_size, item->model_size);
        memcpy(bytes + next_64(end), item->model, item->model_size);
        end = next_64(end) + item->model_size;
    }
    seal(bytes, index_size);
    return bytes;
}

static inline void file_put(const char *path, const unsigned char *bytes, size_t size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
}

#define MODELS 3

/* Three different models as files, one behind the other in models.at. */
struct models {
    char folder[40], path[64], at[64];
    unsigned char *bytes[MODELS];
    size_t size[MODELS], offset[MODELS];
    int fd;
};

static inline void models_make(struct models *models)
{
    snprintf(models->folder, sizeof models->folder, "%s/donut-test-XXXXXX", P_tmpdir);
    CHECK(mkdtemp(models->folder) != NULL);
    snprintf(models->path, sizeof models->path, "%s/fleet.donut", models->folder);
    snprintf(models->at, sizeof models->at, "%s/models.at", models->folder);
    models->fd = open(models->at, O_RDWR | O_CREAT, 0666);
    size_t offset = 5; /* anywhere */
    for (size_t i = 0; i < MODELS; i++) {
        struct donut_model *model = sample_model();
        model->info.mean = 100.0 + (double)i;
        CHECK_INT(donut_model_encode(model, &models->bytes[i], &models->size[i], NULL), DONUT_OK);
        models->offset[i] = offset;
        CHECK(pwrite(models->fd, models->bytes[i], models->size[i], (off_t)offset) ==
              (ssize_t)models->size[i]);
        offset += models->size[i];
        donut_model_free(model);
    }
}

static inline void models_free(struct models *models)
{
    for (size_t i = 0; i < MODELS; i++)
        free(models->bytes[i]);
    close(models->fd);
    unlink(models->path);
    unlink(models->at);
    CHECK_INT(rmdir(models->folder), 0); /* nothing else is left over */
}

/* The keys of the small bundle, as memcmp() sorts them: the empty one first. */
static const struct {
    const char *key;
    size_t size;
} keys[MODELS] = {{"", 0}, {"a\0\xff\n", 4}, {"b,\"c", 4}};

static inline struct hand_bundle small_hand(const struct models *models,
                                            struct hand_item item[MODELS])
{
    for (size_t i = 0; i < MODELS; i++)
        item[i] = (struct hand_item){.key = keys[i].key,
                                     .key_size = keys[i].size,
                                     .model = models->bytes[i],
                                     .model_size = models->size[i]};
    return (struct hand_bundle){
        .version = 1, .column = "KPI ID", .column_size = 6, .item = item, .n = MODELS};
}

static inline enum donut_status open_bytes(const struct models *models, const unsigned char *bytes,
                                           size_t size, struct donut_bundle **out,
                                           struct donut_error *err)
{
    file_put(models->path, bytes, size);
    return donut_bundle_open(models->path, out, err);
}

/* The mean tells which model it is. */
static inline void check_model(const struct donut_bundle *bundle, size_t i, double mean)
{
    struct donut_model *model;
    CHECK_INT(donut_bundle_model(bundle, i, &model, NULL), DONUT_OK);
    if (!model)
        return;
    CHECK(model->info.mean == mean);
    donut_model_free(model);
}

#endif
