/* The manual page's list of options, for texts that mdoc would misread. */
#define _XOPEN_SOURCE 700

#include "cli/manual.c"
#include "cli/option_words.c"

#include "check.h"

#include <stdlib.h>
#include <unistd.h>

static const struct donut_option options[] = {
    {.group = "First; and what else",
     .name = "plain",
     .letter = 'p',
     .kind = DONUT_OPTION_COUNT,
     .argument = "N",
     .help = "points, at least",
     .low = 1,
     .high = 9,
     .offset = 0},
    {.name = "choice",
     .kind = DONUT_OPTION_CHOICE,
     .no_default = true,
     .argument = "one|two",
     .help = "which [the first]",
     .details = ".5 of 'em (see --plain, or `a b`) C:\\temp. Next --plain. Last."},
    {.group = "Second",
     .name = "flag",
     .kind = DONUT_OPTION_FLAG,
     .help = "what '--plain' is not ..."},
};

static const char wanted[] = ".Ss First\n"
                             ".Bl -tag -width Ds\n"
                             ".It Fl p , -plain Ar N\n"
                             "Points, at least.\n"
                             "A whole number from 1 to 9.\n"
                             "Default: 5.\n"
                             ".It Fl -choice Cm one | two\n"
                             "Which.\n"
                             "\\&.5 of 'em (see\n"
                             ".Fl -plain ,\n"
                             "or\n"
                             ".Cm a b )\n"
                             "C:\\etemp.\n"
                             "Next\n"
                             ".Fl -plain .\n"
                             "Last.\n"
                             "Default: the first.\n"
                             ".El\n"
                             ".Ss Second\n"
                             ".Bl -tag -width Ds\n"
                             ".It Fl -flag\n"
                             "What '--plain' is not ....\n"
                             ".El\n";

TEST(manual)
{
    const struct donut_command command = {.options = options, .n_options = 3};
    const size_t five = 5;
    char path[] = P_tmpdir "/donut-test-XXXXXX", got[2 * sizeof wanted] = "";
    const int screen = dup(STDOUT_FILENO), file = mkstemp(path);
    CHECK(screen >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
    donut_options_manual(&command, &five);
    CHECK(fflush(stdout) == 0 && dup2(screen, STDOUT_FILENO) >= 0);
    CHECK(pread(file, got, sizeof got - 1, 0) > 0);
    CHECK_TEXT(got, wanted);
    CHECK(close(file) == 0 && unlink(path) == 0);
    return check_report("manual");
}
