#define _XOPEN_SOURCE 700

#include "cli/io.h"

#include "base/file.h"
#include "cli/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

int donut_complain(const char *file, const struct donut_error *err)
{
    if (err->text[0] != '\0') {
        fputs("donut:", stderr);
        if (file)
            fprintf(stderr, " %s:", file);
        if (file && err->line)
            fprintf(stderr, "%zu:", err->line);
        if (file && err->column)
            fprintf(stderr, "%zu:", err->column);
        fprintf(stderr, " %s\n", err->text);
    }
    return err->status == DONUT_EARGUMENT ? DONUT_EXIT_MISUSE : DONUT_EXIT_FAILED;
}

void donut_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
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

enum donut_status donut_stdout_write(const void *bytes, size_t size, struct donut_error *err)
{
    if (donut_file_write_all(STDOUT_FILENO, bytes, size))
        return DONUT_OK;
    if (errno == EPIPE)
        return donut_fail(err, DONUT_EIO, "%s", "");
    return donut_fail(err, DONUT_EIO, "cannot write: %s", strerror(errno));
}

int donut_close_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    if (errno != EPIPE)
        donut_say("donut: standard output: cannot write: %s", strerror(errno));
    return DONUT_EXIT_FAILED;
}

enum donut_status donut_output_flush(struct donut_output *output, struct donut_error *err)
{
    if (output->text.failed)
        return donut_fail_memory(err);
    if (!donut_is_dash(output->path))
        return DONUT_OK;
    const size_t size = output->text.size;
    output->text.size = 0;
    return donut_stdout_write(output->text.bytes, size, err);
}

enum donut_status donut_output_end(struct donut_output *output, struct donut_error *err)
{
    if (donut_is_dash(output->path) || output->text.failed)
        return donut_output_flush(output, err);
    return donut_file_replace(output->path, output->text.bytes, output->text.size, err);
}
