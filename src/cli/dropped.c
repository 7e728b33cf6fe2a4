#include "cli/dropped.h"

#include "cli/io.h"
#include "data/grid.h"

#define BAD_SAID 20
#define SUSPICIOUS 10

static void suspect_clock(struct donut_dropped *dropped, const char *input)
{
    dropped->in_a_row++;
    if (dropped->in_a_row == SUSPICIOUS)
        donut_say("donut: %s: %d rows in a row are older than the newest one, or far ahead of it, "
                  "and not scored: is a clock wrong, or a file read again?",
                  input, SUSPICIOUS);
}

static void suspect_interval(struct donut_dropped *dropped, const char *input, int64_t interval_ms)
{
    char interval[DONUT_INTERVAL_SIZE];
    if (dropped->said_repeated || dropped->repeated < SUSPICIOUS ||
        dropped->repeated < dropped->taken)
        return;
    dropped->said_repeated = true;
    donut_say("donut: %s: most rows come on a point that has one already, and are not scored: the "
              "model has points %s apart",
              input, donut_interval_describe(interval_ms, interval));
}

void donut_dropped_count(struct donut_dropped *dropped, enum donut_arrival arrival,
                         const char *input, int64_t interval_ms)
{
    if (arrival == DONUT_ARRIVAL_TAKEN) {
        dropped->taken++;
        dropped->in_a_row = 0;
        return;
    }
    dropped->repeated += arrival == DONUT_ARRIVAL_REPEATED;
    dropped->late += arrival == DONUT_ARRIVAL_LATE;
    dropped->far += arrival == DONUT_ARRIVAL_FAR;
    if (arrival == DONUT_ARRIVAL_REPEATED)
        suspect_interval(dropped, input, interval_ms);
    else
        suspect_clock(dropped, input);
}

void donut_dropped_bad(struct donut_dropped *dropped, const char *input,
                       const struct donut_error *err)
{
    dropped->bad++;
    if (dropped->bad <= BAD_SAID)
        donut_complain(input, err);
    if (dropped->bad == BAD_SAID)
        donut_say("donut: %s: further rows that cannot be read are only counted", input);
}

void donut_dropped_describe(const struct donut_dropped *dropped, const char *input)
{
    const struct {
        size_t n;
        const char *what;
    } counts[] = {{dropped->repeated, "repeated"},
                  {dropped->late, "late (--batch sorts a whole input first)"},
                  {dropped->far, "far ahead of the one before"},
                  {dropped->bad, "not readable"}};
    struct donut_text text = {0};
    const char *comma = "";
    if (dropped->repeated + dropped->late + dropped->far + dropped->bad == 0)
        return;
    donut_text_print(&text, "%s: not scored:", input);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i].n == 0)
            continue;
        donut_text_print(&text, "%s %zu %s", comma, counts[i].n, counts[i].what);
        comma = ",";
    }
    donut_say_text(&text);
}
