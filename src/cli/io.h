/* Files, standard streams and what is said on standard error. "-" is standard input or output. */
#ifndef DONUT_CLI_IO_H
#define DONUT_CLI_IO_H

#include "cli/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What a file is called in sentences: its path, or "standard input" / "standard output". */
const char *donut_input_name(const char *path);
const char *donut_output_name(const char *path);
bool donut_is_dash(const char *path);

/* Prints "donut: FILE:LINE:COLUMN: sentence"; file may be NULL. Returns the exit status: misuse for
 * an argument out of its range, else failed. */
int donut_complain(const char *file, const struct donut_error *err);

/* Prints one formatted line to standard error. What it quotes from outside, such as the name of a
 * file, cannot steer the terminal: see donut_text_tame(). */
void donut_say(const char *format, ...) DONUT_PRINTF(1, 2);

/* The same with a text, which is freed. */
void donut_say_text(struct donut_text *text);

/* Reads a whole file, "-" or NULL = standard input; *bytes is freed with free(). Unless quiet,
 * reminds a user at a terminal that input is waited for. */
enum donut_status donut_input_read(const char *path, bool quiet, char **bytes, size_t *size,
                                   struct donut_error *err);

/* True if writing to `output` would destroy `input`: both are the same regular file. */
bool donut_same_file(const char *input, const char *output);

/* True if `path` is or becomes a regular file, which is replaced at once: no stream, pipe or
 * device. */
bool donut_output_is_file(const char *path);

/* Finds out before the work, not after it, that the file `path` could not be replaced. */
enum donut_status donut_output_check(const char *path, struct donut_error *err);

/* Standard output (path NULL or "-") and what is no regular file, written with each flush, or a
 * file that appears whole at donut_output_end() or not at all. Both return DONUT_OK or fill `err`.
 * Starts zeroed but for its path; what is flushed of a long file does not stay in memory. */
struct donut_output {
    const char *path;
    struct donut_text text;
    enum { DONUT_OUTPUT_NEW, DONUT_OUTPUT_FILE, DONUT_OUTPUT_STREAM } kind; /* once it has begun */
    bool is_open; /* `fd` is: a device, or a file without a name for the beginning of a long one */
    int fd;
    bool (*await_room)(int fd); /* NULL, or asked before each piece that a pipe takes without
                                   waiting; false: the rest is not to be written */
};

/* Finds out which it is, and opens a device, which may wait for its reader: for who wants that to
 * happen before the first flush does it. */
enum donut_status donut_output_open(struct donut_output *output, struct donut_error *err);

enum donut_status donut_output_flush(struct donut_output *output, struct donut_error *err);
enum donut_status donut_output_end(struct donut_output *output, struct donut_error *err);
void donut_output_free(struct donut_output *output);

/* Writes to standard output at once. A reader that has gone away is no news: err->text is empty. */
enum donut_status donut_stdout_write(const void *bytes, size_t size, struct donut_error *err);

/* Ends what stdio printed on standard output; complains, and returns the exit status. */
int donut_close_stdout(void);

#endif
