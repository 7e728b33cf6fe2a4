#include "cli/cores.h"

#include "base/file.h"
#include "base/pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_LIMIT SIZE_MAX
#define PATH_SIZE 4096

/* The number above 0 that `text` begins with, followed by a space, a newline or the end; else 0. */
static uint64_t leading_number(const char *text)
{
    uint64_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        const uint64_t digit = (uint64_t)(*text - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return 0;
        number = 10 * number + digit;
    }
    return *text == ' ' || *text == '\n' || *text == '\0' ? number : 0;
}

/* CPUs, rounded up, that `quota` microseconds of CPU time in every `period` are; a quota of "max"
 * or "-1" is no limit. */
static size_t whole_cpus(const char *quota, const char *period)
{
    const uint64_t q = leading_number(quota), p = leading_number(period);
    if (q == 0 || p == 0)
        return NO_LIMIT;
    const uint64_t cpus = q / p + (q % p != 0);
    return cpus < NO_LIMIT ? (size_t)cpus : NO_LIMIT;
}

/* The text of the file FOLDER/NAME or NULL; freed with free(). */
static char *read_text(const char *folder, const char *name)
{
    char path[PATH_SIZE + 32], *text;
    size_t size;
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return NULL;
    return donut_file_read(path, -1, &text, &size, NULL) == DONUT_OK ? text : NULL;
}

/* cpu.max of version 2 holds "QUOTA PERIOD". */
static size_t limit_v2(const char *folder)
{
    char *text = read_text(folder, "cpu.max");
    const char *space = text ? strchr(text, ' ') : NULL;
    const size_t cpus = space ? whole_cpus(text, space + 1) : NO_LIMIT;
    free(text);
    return cpus;
}

static size_t limit_v1(const char *folder)
{
    char *quota = read_text(folder, "cpu.cfs_quota_us");
    char *period = read_text(folder, "cpu.cfs_period_us");
    const size_t cpus = quota && period ? whole_cpus(quota, period) : NO_LIMIT;
    free(quota);
    free(period);
    return cpus;
}

static bool is_listed(const char *list, size_t size, const char *word)
{
    const char *end = list + size;
    for (;;) {
        const char *comma = memchr(list, ',', (size_t)(end - list));
        const size_t length = (size_t)((comma ? comma : end) - list);
        if (length == strlen(word) && memcmp(list, word, length) == 0)
            return true;
        if (!comma)
            return false;
        list = comma + 1;
    }
}

/* Appends to `folder` (PATH_SIZE) the path of the line "NUMBER:CONTROLLERS:PATH" of
 * /proc/self/cgroup that lists the controller; version 2 lists none, which is "". False: there is
 * no such line. Nothing is appended when the path is too long or leads out of the mount, as that of
 * a process which was moved into its container from outside. */
static bool append_group(char *folder, const char *text, const char *controller)
{
    const size_t before = strlen(folder);
    const char *next;
    for (const char *line = text; *line != '\0'; line = next) {
        const size_t size = strcspn(line, "\n");
        const char *end = line + size;
        next = *end == '\n' ? end + 1 : end;
        const char *list = memchr(line, ':', size);
        const char *path = list ? memchr(list + 1, ':', (size_t)(end - list - 1)) : NULL;
        if (!path || !is_listed(list + 1, (size_t)(path - list - 1), controller))
            continue;
        const size_t length = (size_t)(end - path - 1);
        if (before + length < PATH_SIZE) {
            memcpy(folder + before, path + 1, length);
            folder[before + length] = '\0';
        }
        if (folder[before] != '/' || strstr(folder + before, "/.."))
            folder[before] = '\0';
        return true;
    }
    return false;
}

/* The lowest limit of the group and all above it, up to the mount's own, which inside a container
 * is where the container's limit stands. */
static size_t quota_cores(const char *text, const char *controller, const char *mount,
                          size_t (*limit)(const char *folder))
{
    char folder[PATH_SIZE];
    const size_t root = (size_t)snprintf(folder, sizeof folder, "%s", mount);
    if (!append_group(folder, text, controller))
        return NO_LIMIT;
    size_t lowest = NO_LIMIT;
    for (;;) {
        const size_t cpus = limit(folder);
        lowest = cpus < lowest ? cpus : lowest;
        char *slash = strrchr(folder + root, '/');
        if (!slash)
            return lowest;
        *slash = '\0';
    }
}

size_t donut_cores(void)
{
    size_t cores = donut_pool_cores();
    char *groups = read_text("/proc/self", "cgroup");
    if (!groups)
        return cores;
    const size_t v2 = quota_cores(groups, "", "/sys/fs/cgroup", limit_v2);
    const size_t v1 = quota_cores(groups, "cpu", "/sys/fs/cgroup/cpu", limit_v1);
    free(groups);
    cores = v2 < cores ? v2 : cores;
    return v1 < cores ? v1 : cores;
}
