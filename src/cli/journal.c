/* The journal. Fields as in the model file; 8 bytes each unless said otherwise.
 *
 *   magic              "donutLOG"
 *   version            u32 = 1, then the endian mark u32
 *   records            each: u64 length of the key, fingerprint, size of the model; the key's
 *                      bytes; u64 CRC-64 of the record so far; the model, a complete model file
 *
 * What follows the last good record is a record that was being written: it is dropped. */
#define _XOPEN_SOURCE 700

#include "cli/journal.h"

#include "base/crc64.h"
#include "base/file.h"
#include "base/status.h"
#include "model/bundle_index.h"
#include "model/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION 1u
#define HEAD 16        /* bytes before the first record */
#define RECORD_HEAD 24 /* bytes of a record before its key */

static const char magic[8] = {'d', 'o', 'n', 'u', 't', 'L', 'O', 'G'};

struct record {
    char *key; /* (item.key_size) what item.key is, to be freed */
    struct donut_bundle_item item;
    uint64_t fingerprint;
};

struct donut_journal {
    int fd;
    char *path; /* NULL = without a name */
    bool ready; /* it has been read, and can be added to */
    bool done;
    uint64_t end;          /* of the last record */
    struct record *record; /* (n) found when it was opened, sorted by key, the newest first */
    size_t n, capacity;
    pthread_mutex_t adding;
};

static enum donut_status fail_errno(struct donut_error *err, const char *what)
{
    return donut_fail(err, DONUT_EIO, "%s: %s", what, errno ? strerror(errno) : "it was cut short");
}

/* A lock ends with the process, however that ends. The process that had it may just have removed
 * the file: then it is another one that has the name, or none. */
static bool is_current(const struct donut_journal *journal)
{
    struct stat here, there;
    return fstat(journal->fd, &here) == 0 && lstat(journal->path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static enum donut_status open_locked(struct donut_journal *journal, struct donut_error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat st;
    for (;;) {
        journal->fd =
            open(journal->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
        if (journal->fd < 0 && errno == ELOOP)
            return donut_fail(err, DONUT_EIO, "cannot write: it is a symbolic link");
        if (journal->fd < 0 || fstat(journal->fd, &st) != 0)
            return fail_errno(err, "cannot open");
        if (!S_ISREG(st.st_mode))
            return donut_fail(err, DONUT_EIO, "cannot write: it is no regular file");
        if (fcntl(journal->fd, F_SETLK, &lock) != 0) {
            if (errno != EACCES && errno != EAGAIN)
                return fail_errno(err, "cannot lock");
            return donut_fail(err, DONUT_EIO,
                              "another donut is training into it: wait until it has ended, or give "
                              "another --output");
        }
        if (is_current(journal))
            return DONUT_OK;
        close(journal->fd);
    }
}

static void walk_head(struct donut_walk *walk, uint32_t *version, uint32_t *mark)
{
    (void)donut_walk_text(walk, sizeof magic);
    donut_walk_u32(walk, version);
    donut_walk_u32(walk, mark);
}

static void make_head(unsigned char head[HEAD])
{
    struct donut_walk walk = {.mode = DONUT_WALK_WRITE, .bytes = head, .size = HEAD};
    uint32_t version = VERSION, mark = DONUT_ENDIAN_MARK;
    memcpy(head, magic, sizeof magic);
    walk_head(&walk, &version, &mark);
}

/* Makes a new file a journal, as well as one that was torn while that happened. */
static enum donut_status begin(struct donut_journal *journal, uint64_t size,
                               struct donut_error *err)
{
    unsigned char want[HEAD], got[HEAD];
    const size_t common = size < HEAD ? (size_t)size : HEAD;
    make_head(want);
    if (!donut_file_read_at(journal->fd, 0, got, common))
        return fail_errno(err, "cannot read");
    if (memcmp(got, want, common) != 0)
        return donut_fail(err, DONUT_EIO,
                          "it is in the way, and not what this donut train left when it was "
                          "interrupted: remove it, or give another --output");
    journal->end = HEAD;
    if (size >= HEAD)
        return DONUT_OK;
    if (lseek(journal->fd, 0, SEEK_SET) == 0 &&
        donut_file_write_all(journal->fd, want, sizeof want))
        return DONUT_OK;
    return fail_errno(err, "cannot write");
}

static void walk_record_head(struct donut_walk *walk, struct record *record)
{
    donut_walk_size(walk, &record->item.key_size);
    donut_walk_u64(walk, &record->fingerprint);
    donut_walk_u64(walk, &record->item.size);
}

/* The checksum of a record without its model. */
static uint64_t record_checksum(const unsigned char head[RECORD_HEAD], const char *key, size_t size)
{
    return donut_crc64(donut_crc64(0, head, RECORD_HEAD), key, size);
}

static struct record *new_record(struct donut_journal *journal)
{
    if (journal->n == journal->capacity) {
        const size_t capacity = 2 * journal->capacity + 64;
        struct record *larger = realloc(journal->record, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        journal->record = larger;
        journal->capacity = capacity;
    }
    journal->record[journal->n] = (struct record){0};
    return &journal->record[journal->n];
}

/* Reads the record at journal->end, of a file with so many bytes, and counts it. False: there is
 * none, or not all of it, or *status is an error. */
static bool read_record(struct donut_journal *journal, uint64_t size, enum donut_status *status,
                        struct donut_error *err)
{
    unsigned char head[RECORD_HEAD], tail[8];
    const uint64_t left = size - journal->end;
    struct record *record = new_record(journal);
    if (!record) {
        *status = donut_fail_memory(err);
        return false;
    }
    if (left < sizeof head + sizeof tail ||
        !donut_file_read_at(journal->fd, journal->end, head, sizeof head))
        return false;
    struct donut_walk walk = donut_walk_reading(head, sizeof head);
    walk_record_head(&walk, record);
    const uint64_t room = left - sizeof head - sizeof tail, key_size = record->item.key_size;
    if (walk.bad || key_size > room || record->item.size > room - key_size)
        return false;
    record->key = malloc((size_t)key_size + 1);
    if (!record->key) {
        *status = donut_fail_memory(err);
        return false;
    }
    const uint64_t at = journal->end + sizeof head;
    uint64_t checksum = 0;
    walk = donut_walk_reading(tail, sizeof tail);
    const bool good = donut_file_read_at(journal->fd, at, record->key, (size_t)key_size) &&
                      donut_file_read_at(journal->fd, at + key_size, tail, sizeof tail);
    donut_walk_u64(&walk, &checksum);
    if (!good || checksum != record_checksum(head, record->key, (size_t)key_size)) {
        free(record->key);
        return false;
    }
    record->item.key = record->key;
    record->item.offset = at + key_size + sizeof tail;
    journal->end = record->item.offset + record->item.size;
    journal->n++;
    return true;
}

static int compare_keys(const struct donut_bundle_item *a, const struct donut_bundle_item *b)
{
    return donut_bundle_compare(a->key, a->key_size, b->key, b->key_size);
}

static int compare_records(const void *a, const void *b)
{
    const struct record *p = a, *q = b;
    const int order = compare_keys(&p->item, &q->item);
    return order != 0 ? order
                      : (p->item.offset < q->item.offset) - (p->item.offset > q->item.offset);
}

static enum donut_status read_records(struct donut_journal *journal, struct donut_error *err)
{
    struct stat st;
    enum donut_status status = DONUT_OK;
    if (fstat(journal->fd, &st) != 0)
        return fail_errno(err, "cannot read");
    const uint64_t size = (uint64_t)st.st_size;
    status = begin(journal, size, err);
    if (status != DONUT_OK)
        return status;
    while (journal->end < size && read_record(journal, size, &status, err))
        continue;
    if (status != DONUT_OK)
        return status;
    if (journal->end < size && ftruncate(journal->fd, (off_t)journal->end) != 0)
        return fail_errno(err, "cannot write");
    if (journal->n > 0)
        qsort(journal->record, journal->n, sizeof *journal->record, compare_records);
    return DONUT_OK;
}

static enum donut_status open_named(struct donut_journal *journal, const char *output,
                                    struct donut_error *err)
{
    static const char ending[] = ".part";
    const size_t length = strlen(output);
    journal->path = malloc(length + sizeof ending);
    if (!journal->path)
        return donut_fail_memory(err);
    memcpy(journal->path, output, length);
    memcpy(journal->path + length, ending, sizeof ending);
    const enum donut_status status = open_locked(journal, err);
    return status == DONUT_OK ? read_records(journal, err) : status;
}

/* The descriptor outlives the stream. */
static enum donut_status open_nameless(struct donut_journal *journal, struct donut_error *err)
{
    FILE *file = tmpfile();
    journal->fd = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 3) : -1;
    if (file)
        (void)fclose(file);
    if (journal->fd < 0)
        return fail_errno(err, "cannot make a temporary file for the models; give an --output");
    return DONUT_OK;
}

enum donut_status donut_journal_open(const char *output, struct donut_journal **out,
                                     struct donut_error *err)
{
    *out = NULL;
    struct donut_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return donut_fail_memory(err);
    journal->fd = -1;
    if (pthread_mutex_init(&journal->adding, NULL) != 0) {
        free(journal);
        return donut_fail_memory(err);
    }
    const enum donut_status status =
        output ? open_named(journal, output, err) : open_nameless(journal, err);
    journal->ready = status == DONUT_OK;
    if (journal->ready)
        *out = journal;
    else
        donut_journal_close(journal);
    return status;
}

void donut_journal_done(struct donut_journal *journal)
{
    journal->done = true;
}

void donut_journal_close(struct donut_journal *journal)
{
    if (!journal)
        return;
    /* While it is still locked, and only if it is this one. */
    if (journal->path && journal->ready && (journal->done || donut_journal_is_empty(journal)) &&
        is_current(journal))
        unlink(journal->path);
    if (journal->fd >= 0)
        close(journal->fd);
    for (size_t i = 0; i < journal->n; i++)
        free(journal->record[i].key);
    free(journal->record);
    free(journal->path);
    pthread_mutex_destroy(&journal->adding);
    free(journal);
}

const char *donut_journal_path(const struct donut_journal *journal)
{
    return journal->path;
}

bool donut_journal_is_empty(const struct donut_journal *journal)
{
    return journal->end <= HEAD;
}

int donut_journal_descriptor(const struct donut_journal *journal)
{
    return journal->fd;
}

static struct donut_model *read_model(const struct donut_journal *journal,
                                      const struct donut_bundle_item *item)
{
    struct donut_model *model = NULL;
    unsigned char *bytes = item->size <= SIZE_MAX ? malloc((size_t)item->size) : NULL;
    if (bytes && donut_file_read_at(journal->fd, item->offset, bytes, (size_t)item->size))
        (void)donut_model_decode(bytes, (size_t)item->size, &model, NULL);
    free(bytes);
    return model;
}

struct donut_model *donut_journal_find(const struct donut_journal *journal, uint64_t fingerprint,
                                       struct donut_bundle_item *item)
{
    size_t low = 0, high = journal->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_keys(&journal->record[middle].item, item) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < journal->n; i++) {
        const struct record *record = &journal->record[i];
        if (compare_keys(&record->item, item) != 0)
            break;
        struct donut_model *model =
            record->fingerprint == fingerprint ? read_model(journal, &record->item) : NULL;
        if (model) {
            item->offset = record->item.offset;
            item->size = record->item.size;
            return model;
        }
    }
    return NULL;
}

static bool append(struct donut_journal *journal, const struct record *record,
                   const unsigned char *bytes)
{
    unsigned char head[RECORD_HEAD], tail[8];
    struct record copy = *record;
    struct donut_walk walk = {.mode = DONUT_WALK_WRITE, .bytes = head, .size = sizeof head};
    walk_record_head(&walk, &copy);
    uint64_t checksum = record_checksum(head, record->item.key, record->item.key_size);
    walk = (struct donut_walk){.mode = DONUT_WALK_WRITE, .bytes = tail, .size = sizeof tail};
    donut_walk_u64(&walk, &checksum);
    return lseek(journal->fd, (off_t)journal->end, SEEK_SET) >= 0 &&
           donut_file_write_all(journal->fd, head, sizeof head) &&
           donut_file_write_all(journal->fd, record->item.key, record->item.key_size) &&
           donut_file_write_all(journal->fd, tail, sizeof tail) &&
           donut_file_write_all(journal->fd, bytes, (size_t)record->item.size);
}

enum donut_status donut_journal_add(struct donut_journal *journal, uint64_t fingerprint,
                                    const unsigned char *bytes, size_t size,
                                    struct donut_bundle_item *item, struct donut_error *err)
{
    const struct record record = {
        .item = {.key = item->key, .key_size = item->key_size, .size = size},
        .fingerprint = fingerprint};
    enum donut_status status = DONUT_OK;
    pthread_mutex_lock(&journal->adding);
    if (append(journal, &record, bytes)) {
        item->offset = journal->end + RECORD_HEAD + item->key_size + 8;
        item->size = size;
        journal->end = item->offset + size;
    } else {
        status = fail_errno(err, "cannot write");
        /* If this fails, too, the torn record is dropped when it is opened next. */
        (void)!ftruncate(journal->fd, (off_t)journal->end);
    }
    pthread_mutex_unlock(&journal->adding);
    return status;
}
