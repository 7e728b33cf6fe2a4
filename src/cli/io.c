#define _XOPEN_SOURCE 700

#include "cli/io.h"

#include "base/file.h"
#include "cli/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a file that is being made: more goes to the disk before its end. */
#define MOST_HELD 1048576

bool donut_is_dash(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

const char *donut_input_name(const char *path)
{
    return donut_is_dash(path) ? "standard input" : path;
}

const char *donut_output_name(const char *path)
{
    return donut_is_dash(path) ? "standard output" : path;
}

void donut_say_text(struct donut_text *text)
{
    donut_text_tame(text, 0);
    if (text->failed)
        fputs("donut: out of memory\n", stderr);
    else
        fprintf(stderr, "%.*s\n", (int)text->size, text->bytes);
    donut_text_free(text);
}

void donut_say(const char *format, ...)
{
    struct donut_text text = {0};
    va_list args;
    va_start(args, format);
    donut_text_print_list(&text, format, args);
    va_end(args);
    donut_say_text(&text);
}

int donut_complain(const char *file, const struct donut_error *err)
{
    struct donut_text text = {0};
    donut_text_print(&text, "donut:");
    if (file)
        donut_text_print(&text, " %s:", file);
    if (file && err->line)
        donut_text_print(&text, "%zu:", err->line);
    if (file && err->column)
        donut_text_print(&text, "%zu:", err->column);
    donut_text_print(&text, " %s", err->text);
    if (err->text[0] != '\0')
        donut_say_text(&text);
    donut_text_free(&text);
    return err->status == DONUT_EARGUMENT ? DONUT_EXIT_MISUSE : DONUT_EXIT_FAILED;
}

enum donut_status donut_input_read(const char *path, bool quiet, char **bytes, size_t *size,
                                   struct donut_error *err)
{
    if (!donut_is_dash(path))
        return donut_file_read(path, -1, bytes, size, err);
    if (!quiet && isatty(STDIN_FILENO))
        donut_say("donut: reading from the terminal; end with Ctrl-D");
    return donut_file_read(NULL, STDIN_FILENO, bytes, size, err);
}

bool donut_same_file(const char *input, const char *output)
{
    struct stat in, out;
    if ((donut_is_dash(input) ? fstat(STDIN_FILENO, &in) : stat(input, &in)) != 0)
        return false;
    if ((donut_is_dash(output) ? fstat(STDOUT_FILENO, &out) : stat(output, &out)) != 0)
        return false;
    return S_ISREG(in.st_mode) && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

bool donut_output_is_file(const char *path)
{
    struct stat st;
    return !donut_is_dash(path) && (stat(path, &st) != 0 || S_ISREG(st.st_mode));
}

static enum donut_status check_folder(char *path, struct donut_error *err)
{
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path] = '\0';
    const char *folder = slash ? path : ".";
    struct stat st;
    if (stat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
        errno = ENOTDIR;
    else if (access(folder, W_OK | X_OK) == 0)
        return DONUT_OK;
    return donut_fail(err, DONUT_EIO, "cannot write into its folder: %s", strerror(errno));
}

enum donut_status donut_output_check(const char *path, struct donut_error *err)
{
    struct stat st;
    if (donut_is_dash(path))
        return DONUT_OK;
    const bool exists = stat(path, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return donut_fail(err, DONUT_EIO, "cannot write: it is a folder");
    if (exists && access(path, W_OK) != 0)
        return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
    if (exists && !S_ISREG(st.st_mode))
        return DONUT_OK;
    char *target = exists ? realpath(path, NULL) : strdup(path);
    if (!target)
        return donut_fail_memory(err);
    const enum donut_status status = check_folder(target, err);
    free(target);
    return status;
}

/* A reader that has gone away is no news. */
static enum donut_status fail_to_write(struct donut_error *err)
{
    if (errno == EPIPE)
        return donut_fail(err, DONUT_EIO, "%s", "");
    if (errno == EINTR)
        return donut_fail(err, DONUT_EIO, "stopped while nobody read it: the last rows are lost");
    return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
}

enum donut_status donut_stdout_write(const void *bytes, size_t size, struct donut_error *err)
{
    return donut_file_write_all(STDOUT_FILENO, bytes, size) ? DONUT_OK : fail_to_write(err);
}

int donut_close_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    if (errno != EPIPE)
        donut_say("donut: standard output: cannot write: %s", strerror(errno));
    return DONUT_EXIT_FAILED;
}

/* A pipe that has room at all has room for so many bytes. */
#define PIECE 4096

static bool write_pieces(const struct donut_output *output, int fd)
{
    const char *at = output->text.bytes;
    for (size_t left = output->text.size; left > 0;) {
        const size_t n = left < PIECE ? left : PIECE;
        if (!output->await_room(fd)) {
            errno = EINTR;
            return false;
        }
        if (!donut_file_write_all(fd, at, n))
            return false;
        at += n;
        left -= n;
    }
    return true;
}

/* Writes the text, and forgets it. */
static enum donut_status write_text(struct donut_output *output, int fd, struct donut_error *err)
{
    const bool written = output->await_room
                             ? write_pieces(output, fd)
                             : donut_file_write_all(fd, output->text.bytes, output->text.size);
    output->text.size = 0;
    if (written)
        return DONUT_OK;
    return fail_to_write(err);
}

/* Moves the text to a file without a name, if there can be one. */
static enum donut_status spool(struct donut_output *output, struct donut_error *err)
{
    if (!output->is_open) {
        output->fd = donut_file_spool(output->path);
        output->is_open = output->fd >= 0;
    }
    return output->is_open ? write_text(output, output->fd, err) : DONUT_OK;
}

enum donut_status donut_output_open(struct donut_output *output, struct donut_error *err)
{
    if (output->kind != DONUT_OUTPUT_NEW)
        return DONUT_OK;
    output->kind = donut_output_is_file(output->path) ? DONUT_OUTPUT_FILE : DONUT_OUTPUT_STREAM;
    if (output->kind == DONUT_OUTPUT_FILE)
        return DONUT_OK;
    output->fd = STDOUT_FILENO;
    if (donut_is_dash(output->path))
        return DONUT_OK;
    output->fd = open(output->path, O_WRONLY | O_CLOEXEC);
    output->is_open = output->fd >= 0;
    if (!output->is_open)
        return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
    if (output->fd >= FD_SETSIZE)
        return donut_fail(err, DONUT_EIO, "cannot wait for it: too many files are open");
    return DONUT_OK;
}

enum donut_status donut_output_flush(struct donut_output *output, struct donut_error *err)
{
    const enum donut_status status = donut_output_open(output, err);
    if (status != DONUT_OK)
        return status;
    if (output->text.failed)
        return donut_fail_memory(err);
    if (output->kind == DONUT_OUTPUT_STREAM)
        return write_text(output, output->fd, err);
    return output->text.size < MOST_HELD ? DONUT_OK : spool(output, err);
}

enum donut_status donut_output_end(struct donut_output *output, struct donut_error *err)
{
    const enum donut_status status = donut_output_open(output, err);
    if (status != DONUT_OK || output->kind == DONUT_OUTPUT_STREAM || output->text.failed)
        return status == DONUT_OK ? donut_output_flush(output, err) : status;
    return donut_file_replace_spooled(output->path, output->is_open ? output->fd : -1,
                                      output->text.bytes, output->text.size, err);
}

void donut_output_free(struct donut_output *output)
{
    if (output->is_open)
        close(output->fd);
    donut_text_free(&output->text);
    *output = (struct donut_output){0};
}
