#define _XOPEN_SOURCE 700

#include "donut.h"

#include "base/file.h"
#include "base/status.h"
#include "model/bundle_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct donut_bundle {
    int fd;
    struct donut_bundle_index index;
};

static enum donut_status open_bundle(struct donut_bundle *bundle, const char *path,
                                     struct donut_error *err)
{
    struct stat st;
    /* To open a pipe without O_NONBLOCK could wait for ever. */
    bundle->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (bundle->fd < 0 || fstat(bundle->fd, &st) != 0)
        return donut_fail(err, DONUT_EIO, "cannot open: %s", strerror(errno));
    if (S_ISREG(st.st_mode))
        return donut_bundle_index_read(bundle->fd, (uint64_t)st.st_size, &bundle->index, err);
    return donut_fail(err, DONUT_EIO,
                      "cannot read: a bundle must be a regular file, because its models are read "
                      "when they are needed");
}

enum donut_status donut_bundle_open(const char *path, struct donut_bundle **out,
                                    struct donut_error *err)
{
    *out = NULL;
    struct donut_bundle *bundle = calloc(1, sizeof *bundle);
    if (!bundle)
        return donut_fail_memory(err);
    const enum donut_status status = open_bundle(bundle, path, err);
    if (status == DONUT_OK)
        *out = bundle;
    else
        donut_bundle_close(bundle);
    return status;
}

void donut_bundle_close(struct donut_bundle *bundle)
{
    if (!bundle)
        return;
    if (bundle->fd >= 0)
        close(bundle->fd);
    donut_bundle_index_free(&bundle->index);
    free(bundle);
}

bool donut_bundle_is_file(const char *path)
{
    struct stat st;
    char bytes[8];
    /* A pipe must not even be opened: whoever writes to it would lose its reader. */
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    const bool is =
        donut_file_read_at(fd, 0, bytes, sizeof bytes) && donut_bundle_is(bytes, sizeof bytes);
    close(fd);
    return is;
}

size_t donut_bundle_count(const struct donut_bundle *bundle)
{
    return bundle->index.count;
}

const char *donut_bundle_key_column(const struct donut_bundle *bundle)
{
    return bundle->index.key_column;
}

const char *donut_bundle_key(const struct donut_bundle *bundle, size_t i, size_t *size)
{
    *size = bundle->index.item[i].key_size;
    return bundle->index.item[i].key;
}

bool donut_bundle_find(const struct donut_bundle *bundle, const char *key, size_t size, size_t *i)
{
    size_t low = 0, high = bundle->index.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct donut_bundle_item *item = &bundle->index.item[middle];
        const int order = donut_bundle_compare(item->key, item->key_size, key, size);
        if (order == 0) {
            *i = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

enum donut_status donut_bundle_model(const struct donut_bundle *bundle, size_t i,
                                     struct donut_model **out, struct donut_error *err)
{
    const struct donut_bundle_item *item = &bundle->index.item[i];
    enum donut_status status;
    *out = NULL;
    unsigned char *bytes = item->size <= SIZE_MAX ? malloc((size_t)item->size) : NULL;
    if (!bytes)
        return donut_fail_memory(err);
    if (donut_file_read_at(bundle->fd, item->offset, bytes, (size_t)item->size))
        status = donut_model_decode(bytes, (size_t)item->size, out, err);
    else if (errno == 0)
        status = donut_fail(err, DONUT_EMODEL, "the bundle has been cut short since it was opened");
    else
        status = donut_fail(err, DONUT_EIO, "cannot read: %s", strerror(errno));
    free(bytes);
    return status;
}

/* What a bundle is made of: the index, and for each of its models where that comes from. */
struct source {
    const struct donut_bundle_index *index;
    const struct donut_bundle_item *item;
    int models;
};

static bool write_bundle(void *context, int fd)
{
    static const char zeros[64];
    const struct source *source = context;
    const struct donut_bundle_index *index = source->index;
    uint64_t at = index->size;
    if (!donut_file_write_all(fd, index->bytes, (size_t)index->size))
        return false;
    for (size_t i = 0; i < index->count; i++) {
        const uint64_t gap = index->item[i].offset - at;
        if (!donut_file_write_all(fd, zeros, (size_t)gap) ||
            !donut_file_copy(source->models, source->item[i].offset, source->item[i].size, fd))
            return false;
        at = index->item[i].offset + index->item[i].size;
    }
    return true;
}

static enum donut_status put(int fd, struct source *source, struct donut_error *err)
{
    if (write_bundle(source, fd))
        return DONUT_OK;
    if (errno == EPIPE)
        return donut_fail(err, DONUT_EIO, "%s", "");
    return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
}

/* To the file `path`, or to the descriptor when that is NULL. */
static enum donut_status make(const char *path, int fd, const struct donut_bundle_content *content,
                              struct donut_error *err)
{
    struct donut_bundle_index index;
    struct donut_bundle_item *sorted = calloc(content->n + 1, sizeof *sorted);
    struct source source = {.index = &index, .item = sorted, .models = content->models};
    if (!sorted)
        return donut_fail_memory(err);
    enum donut_status status = donut_bundle_index_make(content, sorted, &index, err);
    if (status == DONUT_OK)
        status =
            path ? donut_file_replace_by(path, write_bundle, &source, err) : put(fd, &source, err);
    donut_bundle_index_free(&index);
    free(sorted);
    return status;
}

enum donut_status donut_bundle_save(const char *path, const struct donut_bundle_content *content,
                                    struct donut_error *err)
{
    return make(path, -1, content, err);
}

enum donut_status donut_bundle_put(int fd, const struct donut_bundle_content *content,
                                   struct donut_error *err)
{
    return make(NULL, fd, content, err);
}
