#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/io.h"

#include <stdio.h>
#include <string.h>

static const struct donut_option options[] = {DONUT_HELP_OPTION};

static const struct donut_command command = {
    .name = "completion",
    .usage = "bash|zsh|fish",
    .summary = "Prints a script that completes the words of a donut command line in a shell.",
    .examples = "  . <(donut completion bash)                          here and now, in bash\n"
                "  donut completion bash > ~/.local/share/bash-completion/completions/donut\n"
                "  donut completion zsh > /usr/local/share/zsh/site-functions/_donut\n"
                "  donut completion fish > ~/.config/fish/completions/donut.fish\n",
    .notes = "Completed are commands, options, choices and the names of files: models are\n"
             "named *.donut, KPIs *.csv.\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
};

/* Each table is its subcommand's own: it prints its part of the script itself. */
static void print_parts(const char *shell)
{
    char form[16];
    snprintf(form, sizeof form, "--help=%s", shell);
    for (const struct donut_subcommand *at = donut_subcommands; at->name; at++) {
        char name[16];
        snprintf(name, sizeof name, "%s", at->name);
        at->run(2, (char *[]){name, form, NULL});
    }
}

int donut_command_completion(int argc, char **argv)
{
    const char *operand;
    int exit_status = donut_options_parse(&command, argc, argv, NULL, NULL, &operand);
    if (exit_status != DONUT_GO_ON)
        return exit_status;
    if (!operand)
        return donut_misuse(&command, "for which shell? There are bash, zsh and fish");
    const struct donut_shell *shell = donut_shell_find(operand);
    if (!shell) {
        char quoted[DONUT_QUOTE_SIZE];
        return donut_misuse(&command, "no completion for '%s'; there is one for bash, zsh and fish",
                            donut_quote(quoted, operand, strlen(operand)));
    }
    shell->begin();
    print_parts(shell->name);
    shell->end();
    return donut_close_stdout();
}
