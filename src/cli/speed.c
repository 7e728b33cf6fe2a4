#include "cli/speed.h"
#include "cli/cores.h"
#include "cli/text.h"
#include "cli/words.h"

#include "donut.h"

#include <stdio.h>
#include <string.h>

void donut_speed_list(char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; donut_kernel_name(i) && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s%s", i == 0 ? "" : ", ",
                                   donut_kernel_name(i), i == 0 ? " (used)" : "");
}

static bool is_known(const char *kernel)
{
    for (size_t i = 0; donut_kernel_name(i); i++)
        if (strcmp(kernel, donut_kernel_name(i)) == 0)
            return true;
    return false;
}

int donut_speed_settle(const struct donut_command *command, const char *kernel, size_t *threads)
{
    char quoted[DONUT_QUOTE_SIZE], known[80];
    if (kernel && !is_known(kernel)) {
        donut_speed_list(known, sizeof known);
        return donut_misuse(command, "this machine has no kernel '%s'; it has %s",
                            donut_quote(quoted, kernel, strlen(kernel)), known);
    }
    if (*threads == 0)
        *threads = donut_cores();
    if (*threads > DONUT_MAX_THREADS)
        *threads = DONUT_MAX_THREADS;
    return DONUT_GO_ON;
}
