/* From scored points to what `donut score` writes: alarms, rows or episodes, and the counts for the
 * summary. Used alike for whole files and for streams. */
#ifndef DONUT_CLI_PRINTER_H
#define DONUT_CLI_PRINTER_H

#include "cli/flood.h"
#include "cli/format.h"
#include "cli/io.h"
#include "cli/score_options.h"

/* A KPI that is being scored. Starts zeroed but for key and model. */
struct donut_track {
    const char *key; /* (key_size) NULL = the only KPI */
    size_t key_size;
    const struct donut_model *model;
    struct donut_rule rule;
    size_t window;
    int places; /* after the point, of what the model expects */
    struct donut_alert alert;
    struct donut_tally tally;
    struct donut_feed_point newest; /* row.anomaly: the verdict that was printed */
    bool has_newest;
};

struct donut_printer {
    const struct donut_score_arguments *arguments;
    struct donut_output output;
    struct donut_format format;
    struct donut_writer writer;
    struct donut_time_format time_format; /* of what is written next */
    bool announces;                       /* episodes also when their alarm is raised, as ongoing */
    struct {
        size_t points, missing, warmup, anomalies, warmup_anomalies;
        size_t silent;   /* points without a verdict at which an alarm was on */
        size_t alarming; /* KPIs with an alarm on at the newest point */
        size_t aged;     /* KPIs whose model is old */
        size_t left_out; /* points that the format cannot hold, known at the end */
    } totals;
    struct donut_flood flood; /* of tracks that have ended */
};

/* Places after the point that resolve a millionth of the KPI's standard deviation: more digits of
 * what the model expects would be noise, and a float's would be too few far from 0. */
int donut_value_places(double std);

/* `arguments` and key_name are borrowed. Whether the input has labels is known, and the key
 * column's name (NULL = a single KPI). Writes the header. */
void donut_printer_begin(struct donut_printer *printer,
                         const struct donut_score_arguments *arguments, bool labelled,
                         const char *key_name);

/* How the times of all that is written next are written. */
void donut_printer_set_time_format(struct donut_printer *printer,
                                   const struct donut_time_format *time_format);

/* Sets what follows from the model. DONUT_EARGUMENT: the risk asked for is out of its reach. */
enum donut_status donut_track_aim(struct donut_track *track, const struct donut_model *model,
                                  const struct donut_scorer *scorer, struct donut_error *err);

/* The track's next point. */
void donut_printer_point(struct donut_printer *printer, struct donut_track *track,
                         const struct donut_feed_point *point);

/* The track has no more points; another model may give it some again. */
void donut_printer_end_track(struct donut_printer *printer, struct donut_track *track);

/* The risk that a track's verdicts are for; NaN = a threshold was given, and nothing is known of a
 * risk. */
double donut_printer_risk(const struct donut_printer *printer, const struct donut_track *track);

/* Hands on what has been written so far, and ends it. Both return the exit status and have said
 * what was wrong. */
int donut_printer_flush(struct donut_printer *printer);
int donut_printer_end(struct donut_printer *printer);

void donut_printer_free(struct donut_printer *printer);

/* "120 of 124 points scored, 3 of them in warm-up; 2 anomalies above surprise 4"; "above the
 * threshold 3.2" where the rule is of scores; without what they are above where it is NULL. */
void donut_printer_describe(const struct donut_printer *printer, const struct donut_rule *rule,
                            struct donut_text *text);

#endif
