#include "cli/commands.h"
#include "cli/io.h"
#include "cli/nearest.h"
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

const struct donut_subcommand donut_subcommands[] = {
    {"train", "[-o MODEL] [options] KPI.csv|-", "learn what a KPI normally looks like",
     donut_command_train},
    {"score", "-m MODEL [options] [KPI.csv|-]", "score every point of a KPI, or its stream",
     donut_command_score},
    {"info", "[options] MODEL|BUNDLE|KPI.csv|-",
     "tell what is in a model, or whether a KPI is fit to be learnt", donut_command_info},
    {"encode", "-m MODEL [options] [KPI.csv|-]", "show where windows lie in the space of z",
     donut_command_encode},
    {"decode", "-m MODEL [options] [Z.csv|-]", "show what the model makes of a z",
     donut_command_decode},
    {"impute", "-m MODEL [options] [KPI.csv|-]",
     "show how missing points are imputed, step by step", donut_command_impute},
    {"evaluate", "[options] [SCORES.csv|-]", "compare scores with labels", donut_command_evaluate},
    {"completion", "bash|zsh|fish", "print a completion script for a shell",
     donut_command_completion},
    {"help", "[COMMAND]", "show this, or a command's options", donut_command_help},
    {0}};

static const struct donut_option options[] = {DONUT_HELP_OPTION};

static const struct donut_command command = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "Shows what there is, or what 'donut COMMAND --help' shows.",
    .examples = "  donut help\n"
                "  donut help score\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

void donut_usage(FILE *stream)
{
    const char *before = "Usage:";
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++) {
        fprintf(stream, "%s donut %-10s %s\n", before, at->name, at->usage);
        before = "      ";
    }
}

int donut_help(void)
{
    donut_usage(stdout);
    fputs("Finds anomalies in seasonal KPIs with the Donut variational auto-encoder.\n"
          "\n"
          "Examples:\n"
          "  donut info kpi.csv                  is it fit to be learnt?\n"
          "  donut train kpi.csv                 writes kpi.donut\n"
          "  donut score -m kpi.donut kpi.csv > scores.csv\n"
          "  tail -n +1 -F kpi.csv | donut score -m kpi.donut --follow\n"
          "  donut evaluate scores.csv           if the KPI has labels\n"
          "\n"
          "Commands:\n",
          stdout);
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++)
        printf("  %-10s %s\n", at->name, at->brief);
    fputs("\n"
          "'donut COMMAND --help' lists a command's options; donut(1) explains it all.\n"
          "Exit status: 0 done; 1 failed; 2 misuse; 3 the newest point is anomalous, only\n"
          "with score --exit-code; 4 done in part, the rest was said.\n",
          stdout);
    return donut_close_stdout();
}

const struct donut_subcommand *donut_subcommand_find(const char *name)
{
    char quoted[DONUT_QUOTE_SIZE], meant[DONUT_NEAREST_SIZE];
    struct donut_nearest nearest = {.word = name, .length = strlen(name)};
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++) {
        if (strcmp(name, at->name) == 0)
            return at;
        donut_nearest_try(&nearest, at->name, strlen(at->name));
    }
    donut_nearest_words(&nearest, "", meant);
    donut_say("donut: unknown command '%s'%s", donut_quote(quoted, name, strlen(name)), meant);
    donut_say("Try 'donut --help'.");
    return NULL;
}

int donut_command_help(int argc, char **argv)
{
    const char *operand;
    const int exit_status = donut_options_parse(&command, argc, argv, NULL, NULL, &operand);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (!operand)
        return donut_help();
    const struct donut_subcommand *found = donut_subcommand_find(operand);
    if (!found)
        return DONUT_EXIT_MISUSE;
    char name[16], form[] = "--help";
    snprintf(name, sizeof name, "%s", found->name);
    return found->run(2, (char *[]){name, form, NULL});
}
