#define _XOPEN_SOURCE 700

#include "cli/gather.h"

#include "base/status.h"
#include "cli/io.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#define PAUSE_MS 200
#define MOST ((size_t)64 << 20)
#define FIRST 65536

enum donut_status donut_gather_open(const char *path, struct donut_gathered *gathered,
                                    struct donut_error *err)
{
    *gathered = (struct donut_gathered){.fd = STDIN_FILENO};
    if (!donut_is_dash(path))
        gathered->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (gathered->fd < 0)
        return donut_fail(err, DONUT_EIO, "cannot open: %s", strerror(errno));
    if (gathered->fd >= FD_SETSIZE)
        return donut_fail(err, DONUT_EIO, "cannot wait for it: too many files are open");
    return DONUT_OK;
}

/* Reads what is there. */
static enum donut_status read_some(struct donut_gathered *gathered, size_t *capacity,
                                   struct donut_error *err)
{
    if (gathered->size == *capacity) {
        const size_t larger = *capacity ? 2 * *capacity : FIRST;
        char *moved = realloc(gathered->bytes, larger);
        if (!moved)
            return donut_fail_memory(err);
        gathered->bytes = moved;
        *capacity = larger;
    }
    const ssize_t got =
        read(gathered->fd, gathered->bytes + gathered->size, *capacity - gathered->size);
    if (got < 0 && errno != EINTR && errno != EAGAIN)
        return donut_fail(err, DONUT_EIO, "cannot read: %s", strerror(errno));
    gathered->ended = got == 0;
    gathered->size += got > 0 ? (size_t)got : 0;
    return DONUT_OK;
}

enum donut_status donut_gather(struct donut_gathered *gathered, struct donut_error *err)
{
    size_t capacity = 0;
    enum donut_status status = DONUT_OK;
    while (status == DONUT_OK && !gathered->ended && gathered->size < MOST &&
           donut_signals_peek(gathered->fd, gathered->size > 0 ? PAUSE_MS : -1) == DONUT_WAIT_INPUT)
        status = read_some(gathered, &capacity, err);
    return status;
}

void donut_gathered_drop(struct donut_gathered *gathered)
{
    free(gathered->bytes);
    gathered->bytes = NULL;
    gathered->size = 0;
}

void donut_gathered_free(struct donut_gathered *gathered)
{
    donut_gathered_drop(gathered);
    if (gathered->fd > STDIN_FILENO)
        close(gathered->fd);
    gathered->fd = -1;
}
