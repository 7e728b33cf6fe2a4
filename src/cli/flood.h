/* Far more anomalous points than the risk allows, or a change that has lasted and raises no more
 * alarms: model and KPI may not belong together. */
#ifndef DONUT_CLI_FLOOD_H
#define DONUT_CLI_FLOOD_H

#include "cli/text.h"

/* Points of one KPI that were judged by one model. Starts zeroed. */
struct donut_tally {
    size_t judged, above; /* what decides, surprise or score */
    size_t lasting;       /* those judged by what came after a lasting change */
    bool changed;         /* so was the newest of them */
    unsigned said;        /* how many of the two reasons were */
};

/* Counts a point that is judged. */
void donut_tally_count(struct donut_tally *tally, bool anomaly, bool lasting);

/* Whether so many are no chance: at least 20 points, more than a twentieth of all, and more than
 * ten times what a risk of `risk` means. An incident in a short file can be that, too. */
bool donut_tally_floods(const struct donut_tally *tally, double risk);

/* Whether a lasting change matters: it is on, or has at least 20 points, more than a twentieth of
 * all. */
bool donut_tally_has_changed(const struct donut_tally *tally);

/* The KPIs of a run where one or the other is so. Starts zeroed; the text is freed by
 * donut_flood_free(). */
struct donut_flood {
    size_t kpis;
    struct donut_tally tally; /* of the first, */
    double risk;              /* and the risk that it was judged by */
    bool floods, changed;     /* whether any does, whether any has */
    struct donut_text keys;   /* of the first three, for a sentence; empty = an only KPI */
};

/* Takes note of a KPI if it floods or has changed; key (key_size) NULL = the only one. */
void donut_flood_note(struct donut_flood *flood, const struct donut_tally *tally, double risk,
                      const char *key, size_t key_size);

/* What is to be said of it after the name of the file, if there is any such KPI. */
void donut_flood_describe(const struct donut_flood *flood, struct donut_text *text);

void donut_flood_free(struct donut_flood *flood);

#endif
