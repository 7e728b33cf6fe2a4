/* Whole files: read at once, written beside and renamed. */
#ifndef DONUT_BASE_FILE_H
#define DONUT_BASE_FILE_H

#include "donut.h"

/* Reads all of `path`, or of file descriptor `fd` when path is NULL, into a malloc()ed block with
 * a terminating 0 that *size does not count. DONUT_EIO or DONUT_ENOMEM. */
enum donut_status donut_file_read(const char *path, int fd, char **bytes, size_t *size,
                                  struct donut_error *err);

/* Replaces the file `path` (through symbolic links) by `size` bytes: a temporary file in the same
 * folder is written, synced and renamed over it, and removed on failure. The permissions of a file
 * that was there are kept. What exists and is no regular file is written directly. */
enum donut_status donut_file_replace(const char *path, const void *bytes, size_t size,
                                     struct donut_error *err);

/* For a file that is better not held in memory until it is whole: a file without a name, in the
 * folder of `path`, to write the beginning to; it is gone when closed. -1 if there can be none.
 * donut_file_replace_spooled() then takes the beginning from there, unless `spool` is -1. */
int donut_file_spool(const char *path);
enum donut_status donut_file_replace_spooled(const char *path, int spool, const void *bytes,
                                             size_t size, struct donut_error *err);

/* donut_file_replace() with what `write_to` writes to the descriptor that it is given, the content
 * of the file from its start; it returns false with errno on failure. */
typedef bool donut_file_write_fn(void *context, int fd);
enum donut_status donut_file_replace_by(const char *path, donut_file_write_fn *write_to,
                                        void *context, struct donut_error *err);

/* write() until everything is out; false with errno on failure. */
bool donut_file_write_all(int fd, const void *bytes, size_t size);

/* pread() of `size` bytes at `offset`; false with errno on failure, which is 0 when the file ends
 * before them. */
bool donut_file_read_at(int fd, uint64_t offset, void *bytes, size_t size);

/* Writes the `size` bytes from `offset` of one descriptor to another one; false with errno. */
bool donut_file_copy(int from, uint64_t offset, uint64_t size, int to);

#endif
