#define _XOPEN_SOURCE 700

#include "cli/commands.h"
#include "cli/io.h"
#include "cli/options.h"
#include "cli/speed.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"train", "learn what a KPI normally looks like", donut_command_train},
    {"score", "score every point of a KPI with a trained model", donut_command_score},
    {"evaluate", "compare scores with labels", donut_command_evaluate},
};

#define N_COMMANDS (sizeof commands / sizeof commands[0])

static void print_usage(FILE *stream)
{
    fputs("Usage: donut train    [-o MODEL] [--from POS] [--to POS] [options] KPI.csv|-\n"
          "       donut score    -m MODEL   [--from POS] [--to POS] [options] [KPI.csv|-]\n"
          "       donut evaluate [options] [SCORES.csv|-]\n",
          stream);
}

static int help(void)
{
    print_usage(stdout);
    fputs("Finds anomalies in a seasonal KPI with the Donut variational auto-encoder.\n"
          "\n"
          "Examples:\n"
          "  donut train kpi.csv\n"
          "  donut score -m kpi.donut kpi.csv > scores.csv\n"
          "  donut evaluate scores.csv\n"
          "\n"
          "Commands:\n",
          stdout);
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n"
          "'donut COMMAND --help' lists a command's options; donut(1) explains it all.\n"
          "Exit status: 0 done, 1 failed, 2 misuse.\n",
          stdout);
    return donut_close_stdout();
}

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

int main(int argc, char **argv)
{
    occupy_standard_streams();
    if (argc < 2) {
        print_usage(stderr);
        return DONUT_EXIT_MISUSE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help();
    if (strcmp(argv[1], "--version") == 0)
        return version();
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    char quoted[DONUT_QUOTE_SIZE];
    donut_say("donut: unknown %s '%s'", argv[1][0] == '-' ? "option" : "command",
              donut_quote(quoted, argv[1], strlen(argv[1])));
    donut_say("Try 'donut --help'.");
    return DONUT_EXIT_MISUSE;
}
