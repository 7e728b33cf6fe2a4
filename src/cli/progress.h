/* The line that shows how far a long command is: one line on a terminal, rewritten in place. */
#ifndef DONUT_CLI_PROGRESS_H
#define DONUT_CLI_PROGRESS_H

#include "donut.h"

struct donut_talk { /* the options of DONUT_TALK_OPTIONS */
    bool quiet, progress, no_progress;
};

struct donut_meter {
    bool shown;
    int columns;          /* that may be written */
    int drawn;            /* that are on the line now */
    double began;         /* monotonic seconds when the present work began */
    double last_draw;     /* ... and when the line was last written */
    size_t before, total; /* scoring: points done in earlier calls, points in all; total 0 = the
                             library's own */
    enum donut_phase phase;
};

void donut_meter_begin(struct donut_meter *meter, const struct donut_talk *talk);

/* Redraws the line if it is time to. */
void donut_meter_show(struct donut_meter *meter, const struct donut_progress *progress);

/* Erases the line: before anything else is said, and at the end. */
void donut_meter_erase(struct donut_meter *meter);

/* Seconds of a clock that only runs forward. */
double donut_seconds(void);

#endif
