/* A command as its user sees it: from its start to its end, and the most memory it held. */
#define _DEFAULT_SOURCE

#include "measure.h"
#include "sections.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its output goes nowhere. */
static void run(char **command, double *seconds, double *mebibytes)
{
    struct rusage usage;
    int status = -1;
    const double begin = seconds_now();
    const pid_t child = fork();
    need(child >= 0, "cannot start a process");
    if (child == 0) {
        const int nowhere = open("/dev/null", O_RDWR);
        if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)
            _exit(126);
        execv(command[0], command);
        _exit(127);
    }
    need(wait4(child, &status, 0, &usage) == child, "cannot wait for a process");
    *seconds = seconds_now() - begin;
    *mebibytes = (double)usage.ru_maxrss / 1024;
    need(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a command that is measured failed");
}

/* Until it executes the command, a child counts the memory that this program holds: next to none,
 * which is why nothing else is measured in the same process. */
void section_command(size_t rounds, char **argument)
{
    struct row row = {.section = argument[0], .what = argument[1]};
    struct figures time = {0}, memory = {0};
    double seconds = 0, mebibytes;
    for (size_t r = 0; r < rounds; r++) {
        run(argument + 2, &seconds, &mebibytes);
        figures_add(&time, seconds);
        figures_add(&memory, mebibytes);
    }
    row.unit = "s";
    if (seconds < 0.1) {
        for (size_t i = 0; i < time.n; i++)
            time.value[i] *= 1000;
        row.unit = "ms";
    }
    row_print(&row, &time);
    row.unit = "MiB";
    row_print(&row, &memory);
}
