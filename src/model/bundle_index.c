#define _XOPEN_SOURCE 700

/* The bundle file. Fields as in the model file (model_file.c), 8 bytes each unless said otherwise.
 *
 *   magic              "donutSET"
 *   version            u32 = 1, then the endian mark u32 = 0x01020304 (bytes 04 03 02 01)
 *   size               u64 bytes of the whole file
 *   index size         u64 bytes from the start of the file to the end of the index's checksum
 *   count              u64 models, at least 1
 *   key column         u64 length, at least 1, then so many bytes, none of them 0
 *   index              for each model, in the order of the keys (memcmp(), a beginning before what
 *                      it begins), each key once: u64 length of the key, its bytes, u64 offset from
 *                      the start of the file, u64 size
 *   checksum           u64 CRC-64 of all bytes before it, as in the model file
 *   models             each a complete model file with its own checksum, in the order of the index,
 *                      each at the next multiple of 64 bytes; zeros between. The file ends with the
 *                      last one.
 *
 * The fields up to the index size and the place of the checksum are the same in every version. */
#include "model/bundle_index.h"

#include "base/arena.h"
#include "base/crc64.h"
#include "base/file.h"
#include "base/status.h"
#include "model/model.h"
#include "model/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 1u
#define HEAD 32        /* bytes up to and with the index size */
#define SMALLEST 81    /* bytes of an index of one model: a column of one byte, an empty key */
#define SHORT_ENTRY 24 /* bytes of an entry with an empty key */
#define ALIGN 64       /* of the models */

static const char magic[8] = {'d', 'o', 'n', 'u', 't', 'S', 'E', 'T'};

bool donut_bundle_is(const char *bytes, size_t size)
{
    return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

int donut_bundle_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    const int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static uint64_t aligned(uint64_t at)
{
    return (at + ALIGN - 1) / ALIGN * ALIGN;
}

static void walk_head(struct donut_walk *walk, struct donut_bundle_index *index)
{
    unsigned char *place = donut_walk_text(walk, sizeof magic);
    if (place && walk->mode == DONUT_WALK_WRITE)
        memcpy(place, magic, sizeof magic);
    donut_walk_u32(walk, &index->version);
    donut_walk_u32(walk, &index->mark);
    donut_walk_u64(walk, &index->file_size);
    donut_walk_u64(walk, &index->size);
}

/* Reading makes *text point to where the bytes are. */
static void walk_text(struct donut_walk *walk, const char **text, size_t *size)
{
    donut_walk_size(walk, size);
    unsigned char *place = donut_walk_text(walk, *size);
    if (walk->mode == DONUT_WALK_READ)
        *text = (const char *)place;
    else if (walk->mode == DONUT_WALK_WRITE && place)
        memcpy(place, *text, *size);
}

static void walk_items(struct donut_walk *walk, struct donut_bundle_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        walk_text(walk, &index->item[i].key, &index->item[i].key_size);
        donut_walk_u64(walk, &index->item[i].offset);
        donut_walk_u64(walk, &index->item[i].size);
    }
}

static enum donut_status impossible(struct donut_error *err)
{
    return donut_fail(err, DONUT_EMODEL, "the bundle's index is impossible");
}

static enum donut_status check_items(const struct donut_bundle_index *index,
                                     struct donut_error *err)
{
    uint64_t end = index->size;
    for (size_t i = 0; i < index->count; i++) {
        const struct donut_bundle_item *item = &index->item[i];
        const struct donut_bundle_item *before = i > 0 ? item - 1 : item;
        if (i > 0 &&
            donut_bundle_compare(before->key, before->key_size, item->key, item->key_size) >= 0)
            return impossible(err);
        if (item->offset != aligned(end) || item->offset > index->file_size || item->size == 0 ||
            item->size > index->file_size - item->offset)
            return impossible(err);
        end = item->offset + item->size;
    }
    return end == index->file_size ? DONUT_OK : impossible(err);
}

static enum donut_status parse(struct donut_bundle_index *index, struct donut_error *err)
{
    struct donut_walk walk = donut_walk_reading(index->bytes, (size_t)index->size - 8);
    const char *column = "";
    size_t column_size = 0;
    walk_head(&walk, index);
    donut_walk_size(&walk, &index->count);
    walk_text(&walk, &column, &column_size);
    if (walk.bad || column_size == 0 || memchr(column, 0, column_size) || index->count == 0 ||
        index->count > (walk.size - walk.at) / SHORT_ENTRY)
        return impossible(err);
    index->key_column = malloc(column_size + 1);
    index->item = donut_calloc(index->count, sizeof *index->item);
    if (!index->key_column || !index->item)
        return donut_fail_memory(err);
    memcpy(index->key_column, column, column_size);
    index->key_column[column_size] = '\0';
    walk_items(&walk, index);
    if (walk.bad || walk.at != walk.size)
        return impossible(err);
    return check_items(index, err);
}

static enum donut_status check_magic(const unsigned char *bytes, size_t size,
                                     struct donut_error *err)
{
    if (donut_bundle_is((const char *)bytes, size))
        return DONUT_OK;
    if (donut_model_is((const char *)bytes, size))
        return donut_fail(err, DONUT_EMODEL,
                          "this is the model of one KPI, where a bundle with a model for each is "
                          "wanted, as donut train --key makes it");
    return donut_fail(err, DONUT_EMODEL, "not a donut bundle; make one with donut train --key");
}

static enum donut_status cannot_read(struct donut_error *err)
{
    if (errno == 0)
        return donut_fail(err, DONUT_EMODEL, "the bundle was cut short while it was read");
    return donut_fail(err, DONUT_EIO, "cannot read: %s", strerror(errno));
}

/* The head, and whether the file can have the sizes that it says. */
static enum donut_status read_head(int fd, uint64_t size, struct donut_bundle_index *index,
                                   struct donut_error *err)
{
    unsigned char bytes[HEAD] = {0};
    const size_t head = size < HEAD ? (size_t)size : HEAD;
    if (!donut_file_read_at(fd, 0, bytes, head))
        return cannot_read(err);
    const enum donut_status status = check_magic(bytes, head, err);
    if (status != DONUT_OK)
        return status;
    if (size < SMALLEST)
        return donut_fail(err, DONUT_EMODEL, "the bundle is cut short after %llu bytes",
                          (unsigned long long)size);
    struct donut_walk walk = donut_walk_reading(bytes, sizeof bytes);
    walk_head(&walk, index);
    if (index->file_size > size)
        return donut_fail(err, DONUT_EMODEL,
                          "the bundle is cut short or damaged: it has %llu bytes and says it "
                          "should have %llu",
                          (unsigned long long)size, (unsigned long long)index->file_size);
    if (index->file_size < size || index->size < SMALLEST || index->size > size ||
        size > INT64_MAX || index->size > SIZE_MAX)
        return donut_fail(err, DONUT_EMODEL,
                          "the bundle is damaged: its sizes are not what they were");
    return DONUT_OK;
}

static enum donut_status check_frame(const struct donut_bundle_index *index,
                                     struct donut_error *err)
{
    const size_t size = (size_t)index->size - 8;
    struct donut_walk walk = donut_walk_reading(index->bytes + size, 8);
    uint64_t checksum = 0;
    donut_walk_u64(&walk, &checksum);
    if (checksum != donut_crc64(0, index->bytes, size) || index->mark != DONUT_ENDIAN_MARK)
        return donut_fail(err, DONUT_EMODEL,
                          "the bundle is damaged: the checksum of its index does not match");
    if (index->version < 1)
        return donut_fail(err, DONUT_EMODEL,
                          "the bundle has format version 0, which no donut writes: train again");
    if (index->version > VERSION)
        return donut_fail(err, DONUT_EMODEL,
                          "the bundle has format version %u and this donut reads up to %u: use a "
                          "newer donut or train again",
                          index->version, VERSION);
    return DONUT_OK;
}

enum donut_status donut_bundle_index_read(int fd, uint64_t file_size,
                                          struct donut_bundle_index *index, struct donut_error *err)
{
    enum donut_status status = read_head(fd, file_size, index, err);
    if (status != DONUT_OK)
        return status;
    index->bytes = malloc((size_t)index->size);
    if (!index->bytes)
        return donut_fail_memory(err);
    if (!donut_file_read_at(fd, 0, index->bytes, (size_t)index->size))
        return cannot_read(err);
    status = check_frame(index, err);
    return status == DONUT_OK ? parse(index, err) : status;
}

static int compare_items(const void *a, const void *b)
{
    const struct donut_bundle_item *p = a, *q = b;
    return donut_bundle_compare(p->key, p->key_size, q->key, q->key_size);
}

static enum donut_status check_content(const struct donut_bundle_content *content,
                                       const struct donut_bundle_item *sorted,
                                       struct donut_error *err)
{
    char key[DONUT_QUOTE_SIZE];
    if (content->n == 0)
        return donut_fail(err, DONUT_EARGUMENT, "there is no model to put into a bundle");
    if (content->key_column[0] == '\0')
        return donut_fail(err, DONUT_EARGUMENT, "the key column of a bundle must have a name");
    for (size_t i = 1; i < content->n; i++)
        if (compare_items(&sorted[i - 1], &sorted[i]) == 0)
            return donut_fail(err, DONUT_EARGUMENT, "two models of a bundle have the key '%s'",
                              donut_quote(key, sorted[i].key, sorted[i].key_size));
    return DONUT_OK;
}

static void walk_index(struct donut_walk *walk, struct donut_bundle_index *index)
{
    const char *column = index->key_column;
    size_t column_size = strlen(column);
    walk_head(walk, index);
    donut_walk_size(walk, &index->count);
    walk_text(walk, &column, &column_size);
    walk_items(walk, index);
}

/* Sets the sizes of index and file, and where the models go. */
static void place(const struct donut_bundle_item *sorted, struct donut_bundle_index *index)
{
    struct donut_walk walk = {.mode = DONUT_WALK_COUNT};
    memcpy(index->item, sorted, index->count * sizeof *sorted);
    walk_index(&walk, index);
    index->size = walk.at + 8;
    uint64_t end = index->size;
    for (size_t i = 0; i < index->count; i++) {
        index->item[i].offset = aligned(end);
        end = index->item[i].offset + index->item[i].size;
    }
    index->file_size = end;
}

enum donut_status donut_bundle_index_make(const struct donut_bundle_content *content,
                                          struct donut_bundle_item *sorted,
                                          struct donut_bundle_index *index, struct donut_error *err)
{
    *index = (struct donut_bundle_index){
        .version = VERSION, .mark = DONUT_ENDIAN_MARK, .count = content->n};
    if (content->n > 0)
        memcpy(sorted, content->item, content->n * sizeof *sorted);
    qsort(sorted, content->n, sizeof *sorted, compare_items);
    const enum donut_status status = check_content(content, sorted, err);
    if (status != DONUT_OK)
        return status;
    index->key_column = strdup(content->key_column);
    index->item = donut_calloc(index->count, sizeof *index->item);
    if (!index->key_column || !index->item)
        return donut_fail_memory(err);
    place(sorted, index);
    index->bytes = malloc((size_t)index->size);
    if (!index->bytes)
        return donut_fail_memory(err);
    struct donut_walk walk = {
        .mode = DONUT_WALK_WRITE, .bytes = index->bytes, .size = (size_t)index->size};
    walk_index(&walk, index);
    uint64_t checksum = donut_crc64(0, index->bytes, walk.at);
    donut_walk_u64(&walk, &checksum);
    return DONUT_OK;
}

void donut_bundle_index_free(struct donut_bundle_index *index)
{
    free(index->bytes);
    free(index->key_column);
    free(index->item);
    *index = (struct donut_bundle_index){0};
}
