#define _XOPEN_SOURCE 700

#include "base/file.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum donut_status read_all(int fd, size_t hint, char **bytes, size_t *size,
                                  struct donut_error *err)
{
    size_t capacity = hint < 4096 ? 65536 : hint + 1, used = 0;
    char *block = malloc(capacity);
    for (;;) {
        if (!block)
            return donut_fail_memory(err);
        const ssize_t got = read(fd, block + used, capacity - used - 1);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(block);
            return donut_fail(err, DONUT_EIO, "cannot read: %s", strerror(errno));
        }
        used += (size_t)got;
        if (capacity - used > 1)
            continue;
        char *larger = capacity > SIZE_MAX / 2 ? NULL : realloc(block, capacity * 2);
        if (!larger)
            free(block);
        block = larger;
        capacity *= 2;
    }
    block[used] = '\0';
    *bytes = block;
    *size = used;
    return DONUT_OK;
}

enum donut_status donut_file_read(const char *path, int fd, char **bytes, size_t *size,
                                  struct donut_error *err)
{
    struct stat st;
    *bytes = NULL;
    if (path)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return donut_fail(err, DONUT_EIO, "cannot open: %s", strerror(errno));
    const size_t hint = fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size + 1 : 0;
    const enum donut_status status = read_all(fd, hint, bytes, size, err);
    if (path)
        close(fd);
    return status;
}

/* Who shares a pipe with the caller may have made it one that does not wait. */
static bool await_room(int fd)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    return poll(&room, 1, -1) > 0 || errno == EINTR;
}

bool donut_file_write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        const ssize_t put = write(fd, at, size);
        if (put < 0 && (errno == EINTR || (errno == EAGAIN && await_room(fd))))
            continue;
        if (put < 0)
            return false;
        at += put;
        size -= (size_t)put;
    }
    return true;
}

static enum donut_status write_failed(struct donut_error *err)
{
    return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
}

/* Opens a new file .donut-PID-N.tmp in the folder of `path`; its name goes to `name`, which has
 * NAME_ROOM bytes more than `path`. -1 with errno on failure. */
#define NAME_ROOM 64
static int open_beside(const char *path, char *name, size_t name_size)
{
    const char *slash = strrchr(path, '/');
    const int folder = slash ? (int)(slash - path + 1) : 0;
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const int length = snprintf(name, name_size, "%.*s.donut-%ld-%u.tmp", folder, path,
                                    (long)getpid(), attempt);
        if (length < 0 || (size_t)length >= name_size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        const int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* Syncing the folder makes the rename itself durable; some filesystems refuse it, which is fine. */
static void sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path] = '\0';
    const int fd = open(slash ? path : ".", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

bool donut_file_read_at(int fd, uint64_t offset, void *bytes, size_t size)
{
    char *to = bytes;
    while (size > 0) {
        errno = 0;
        const ssize_t got = pread(fd, to, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return true;
}

bool donut_file_copy(int from, uint64_t offset, uint64_t size, int to)
{
    char block[16384];
    while (size > 0) {
        const size_t piece = size < sizeof block ? (size_t)size : sizeof block;
        if (!donut_file_read_at(from, offset, block, piece)) {
            errno = errno ? errno : EIO;
            return false;
        }
        if (!donut_file_write_all(to, block, piece))
            return false;
        offset += piece;
        size -= piece;
    }
    return true;
}

/* What a file is to hold: what lies in `spool`, unless that is -1, and then the bytes. */
struct content {
    int spool;
    const void *bytes;
    size_t size;
};

static bool write_content(void *context, int fd)
{
    const struct content *content = context;
    struct stat st;
    if (content->spool >= 0 && (fstat(content->spool, &st) != 0 ||
                                !donut_file_copy(content->spool, 0, (uint64_t)st.st_size, fd)))
        return false;
    return donut_file_write_all(fd, content->bytes, content->size);
}

static enum donut_status write_device(const char *path, donut_file_write_fn *write_to,
                                      void *context, struct donut_error *err)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return write_failed(err);
    const bool written = write_to(context, fd);
    const int saved = errno;
    if (close(fd) == 0 && written)
        return DONUT_OK;
    if (!written)
        errno = saved;
    return write_failed(err);
}

static enum donut_status write_and_rename(char *path, const struct stat *old,
                                          donut_file_write_fn *write_to, void *context,
                                          struct donut_error *err)
{
    const size_t name_size = strlen(path) + NAME_ROOM;
    char *name = malloc(name_size);
    if (!name)
        return donut_fail_memory(err);
    enum donut_status status = DONUT_OK;
    const int fd = open_beside(path, name, name_size);
    if (fd < 0) {
        status = write_failed(err);
        free(name);
        return status;
    }
    bool good = !old || fchmod(fd, old->st_mode & 07777) == 0;
    good = good && write_to(context, fd) && fsync(fd) == 0;
    int saved = errno;
    if (close(fd) != 0 && good) {
        saved = errno;
        good = false;
    }
    if (good && rename(name, path) != 0) {
        saved = errno;
        good = false;
    }
    if (!good) {
        unlink(name);
        errno = saved;
        status = write_failed(err);
    } else {
        sync_folder(path);
    }
    free(name);
    return status;
}

enum donut_status donut_file_replace(const char *path, const void *bytes, size_t size,
                                     struct donut_error *err)
{
    return donut_file_replace_spooled(path, -1, bytes, size, err);
}

enum donut_status donut_file_replace_spooled(const char *path, int spool, const void *bytes,
                                             size_t size, struct donut_error *err)
{
    struct content content = {spool, bytes, size};
    return donut_file_replace_by(path, write_content, &content, err);
}

enum donut_status donut_file_replace_by(const char *path, donut_file_write_fn *write_to,
                                        void *context, struct donut_error *err)
{
    struct stat st;
    const bool exists = stat(path, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return donut_fail(err, DONUT_EIO, "cannot write: it is a folder");
    if (exists && !S_ISREG(st.st_mode))
        return write_device(path, write_to, context, err);
    if (!exists && lstat(path, &st) == 0)
        return donut_fail(err, DONUT_EIO, "cannot write: it is a symbolic link that leads nowhere");
    char *target = exists ? realpath(path, NULL) : strdup(path);
    if (!target)
        return write_failed(err);
    const enum donut_status status =
        write_and_rename(target, exists ? &st : NULL, write_to, context, err);
    free(target);
    return status;
}

int donut_file_spool(const char *path)
{
    struct stat st;
    int fd = -1;
    const bool exists = stat(path, &st) == 0;
    if (exists && !S_ISREG(st.st_mode))
        return -1;
    char *target = exists ? realpath(path, NULL) : strdup(path);
    const size_t name_size = target ? strlen(target) + NAME_ROOM : 0;
    char *name = target ? malloc(name_size) : NULL;
    if (name)
        fd = open_beside(target, name, name_size);
    if (fd >= 0)
        unlink(name);
    free(name);
    free(target);
    return fd;
}
