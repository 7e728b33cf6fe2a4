#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/io.h"
#include "cli/nearest.h"
#include "cli/options.h"
#include "cli/speed.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int version(void)
{
    char kernels[80];
    donut_speed_list(kernels, sizeof kernels);
    printf("donut " DONUT_VERSION "\nkernels: %s\n", kernels);
    return donut_close_stdout();
}

/* A standard stream that the caller has closed must not become the next file that is opened: it
 * gets a descriptor that fails when it is used. */
static void occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int unknown_option(const char *word)
{
    char quoted[DONUT_QUOTE_SIZE], meant[DONUT_NEAREST_SIZE];
    struct donut_nearest nearest = {.word = word + strspn(word, "-")};
    nearest.length = strlen(nearest.word);
    donut_nearest_try(&nearest, "help", strlen("help"));
    donut_nearest_try(&nearest, "version", strlen("version"));
    donut_nearest_words(&nearest, "--", meant);
    donut_say("donut: unknown option '%s'%s", donut_quote(quoted, word, strlen(word)),
              *meant ? meant : "; a command's options follow the command");
    donut_say("Try 'donut --help'.");
    return DONUT_EXIT_MISUSE;
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    if (argc < 2) {
        donut_usage(stderr);
        return DONUT_EXIT_MISUSE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return donut_help();
    if (strcmp(argv[1], "--version") == 0)
        return version();
    if (argv[1][0] == '-')
        return unknown_option(argv[1]);
    const struct donut_subcommand *found = donut_subcommand_find(argv[1]);
    return found ? found->run(argc - 1, argv + 1) : DONUT_EXIT_MISUSE;
}
