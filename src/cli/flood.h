/* Far more anomalous points than the risk allows: model and KPI may not belong together. */
#ifndef DONUT_CLI_FLOOD_H
#define DONUT_CLI_FLOOD_H

#include "cli/text.h"

/* Points of one KPI that were judged by one model. Starts zeroed. */
struct donut_tally {
    size_t judged, above; /* what decides, surprise or score */
    bool said;            /* that they are far too many */
};

/* Whether so many are no chance: at least 20 points, more than a twentieth of all, and more than
 * ten times what a risk of `risk` means. An incident in a short file can be that, too. */
bool donut_tally_floods(const struct donut_tally *tally, double risk);

/* The KPIs of a run where that is so. Starts zeroed; the text is freed by donut_flood_free(). */
struct donut_flood {
    size_t kpis;
    struct donut_tally tally; /* of the first, */
    double risk;              /* and the risk that it was judged by */
    struct donut_text keys;   /* of the first three, for a sentence; empty = an only KPI */
};

/* Takes note of a KPI if it floods; key (key_size) NULL = the only one. */
void donut_flood_note(struct donut_flood *flood, const struct donut_tally *tally, double risk,
                      const char *key, size_t key_size);

/* What is to be said of it after the name of the file, if there is any such KPI. */
void donut_flood_describe(const struct donut_flood *flood, struct donut_text *text);

void donut_flood_free(struct donut_flood *flood);

#endif
