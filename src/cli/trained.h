/* What is said when training has ended. */
#ifndef DONUT_CLI_TRAINED_H
#define DONUT_CLI_TRAINED_H

#include "donut.h"

struct donut_trained {
    const char *output; /* the model's file */
    const char *init;   /* that of the model that was begun with; NULL = at random */
    const struct donut_model *model;
    struct donut_train_report report;
    enum donut_phase stopped_in; /* what a signal ended, with DONUT_STOP_CANCELLED */
    double seconds;              /* that it took */
    size_t snapshots;            /* written */
    bool labelled;               /* there were labels, and they were used */
};

/* What came out, in one line, and what is doubtful about it. */
void donut_trained_describe(const struct donut_trained *trained);

/* Why training ended early, if it did. Returns the exit status. */
int donut_trained_conclude(const struct donut_trained *trained);

#endif
