/* What scoring runs on, kept from call to call: threads, draws of z, and room to work in. */
#ifndef DONUT_DETECT_SCORER_H
#define DONUT_DETECT_SCORER_H

#include "detect/channels.h"
#include "detect/score.h"

#define DONUT_SCORER_DETECTORS 4

struct donut_scorer {
    struct donut_score_options opt;
    struct donut_engine engine;
    struct donut_detector detector[DONUT_SCORER_DETECTORS]; /* (n) for models of other shapes, or
                                                               trained with other draws */
    size_t n, next;                /* next: the one to give up for another, once all are in use */
    size_t *end;                   /* (batch) windows of one call of the detector */
    struct donut_verdict *verdict; /* (batch) */
    struct donut_verdict *again;   /* (batch) of windows that are judged twice */
    struct donut_score_row *rows;  /* (batch) */
    size_t batch;
    donut_real *x;          /* (room + DONUT_PANEL) for who has points, not windows: standardised */
    donut_real *wide;       /* (room) */
    unsigned char *missing; /* (room) */
    unsigned char *warmup;  /* (room) */
    size_t room;
    unsigned char *mark;           /* (hidden_room) enum donut_mark */
    donut_real *hidden;            /* (hidden_room + DONUT_PANEL) x without hidden points */
    unsigned char *hidden_missing; /* (hidden_room) */
    size_t hidden_room;
};

/* Starts the threads. DONUT_EARGUMENT: an option is out of its range; DONUT_ENOMEM. */
enum donut_status donut_scorer_start(const struct donut_score_options *opt,
                                     struct donut_scorer *scorer, struct donut_error *err);
void donut_scorer_stop(struct donut_scorer *scorer);

/* The detector for a target, aimed at it; scorer->batch windows may be judged in one call. The
 * target is borrowed until the next call. DONUT_ENOMEM. */
enum donut_status donut_scorer_aim(struct donut_scorer *scorer, struct donut_target *target,
                                   struct donut_detector **detector, struct donut_error *err);

/* Makes x, wide, missing and warmup hold n points. DONUT_ENOMEM. */
enum donut_status donut_scorer_reserve(struct donut_scorer *scorer, size_t n,
                                       struct donut_error *err);

/* A verdict in standardised units -> a row in the KPI's own, judged by its score; where the rule is
 * by surprise it is not judged. */
struct donut_score_row donut_scorer_row(const struct donut_scorer *scorer,
                                        const struct donut_model *model,
                                        const struct donut_verdict *verdict,
                                        const struct donut_rule *rule, bool missing, bool warmup);

/* Judges a row: the surprise is NaN where the value is missing. lower and upper are standardised on
 * entry. */
void donut_scorer_conclude(const struct donut_scorer *scorer, const struct donut_model *model,
                           const struct donut_judgement *judgement, struct donut_score_row *row);

#endif
