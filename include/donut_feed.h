/* SPDX-License-Identifier: MIT
 *
 * The part of libdonut that scores again and again, and points that arrive one by one. Included by
 * donut.h, whose rules hold. */
#ifndef DONUT_FEED_H
#define DONUT_FEED_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Threads, draws of z and room to work in, for who scores again and again: donut_score() makes all
 * that anew in every call. One call at a time. Errors of _new: DONUT_EARGUMENT (options),
 * DONUT_ENOMEM. */
struct donut_scorer;
enum donut_status donut_scorer_new(const struct donut_score_options *opt, struct donut_scorer **out,
                                   struct donut_error *err);
void donut_scorer_free(struct donut_scorer *scorer);

/* donut_score() with the scorer's options. */
enum donut_status donut_scorer_score(struct donut_scorer *scorer, const struct donut_model *model,
                                     const struct donut_series *series, size_t from, size_t to,
                                     struct donut_score_row *rows, struct donut_error *err);

/* The threshold that its options mean for a model. Errors as donut_model_threshold, and
 * DONUT_EARGUMENT where `score_by` is not the model's kind and no threshold is given. */
enum donut_status donut_scorer_threshold(const struct donut_scorer *scorer,
                                         const struct donut_model *model, double *threshold,
                                         struct donut_error *err);

/* When a point is an alarm. */
struct donut_rule {
    double threshold; /* its score is above this, unless its surprise decides */
    double surprise;  /* its surprise is above this, -log10(risk); NaN = the score decides */
    enum donut_verdict_by by; /* the channels whose surprise it is; SCORE = the score decides */
    bool by_tail; /* the score decides, and the model's tail says how surprising it is */
};

/* The rule for a model's points. Errors as donut_scorer_threshold(), and DONUT_EARGUMENT where
 * channels are asked for that the model knows nothing of, or a risk outside [1e-12, 0.5]. */
enum donut_status donut_scorer_rule(const struct donut_scorer *scorer,
                                    const struct donut_model *model, struct donut_rule *rule,
                                    struct donut_error *err);

/* A KPI whose points arrive one by one. Memory: some 20 bytes for each of W - 1 + room points, 123
 * W for what verdicts take from the points before, one column of the model's last layers, and 8 L
 * bytes where scores are by the prior. The rows are
 * those that donut_score() gives for the same points as a series. */
struct donut_feed;

/* `room`: points that may wait to be scored, >= 1. The model is borrowed until donut_feed_free() or
 * donut_feed_renew(). DONUT_ENOMEM. */
enum donut_status donut_feed_new(const struct donut_model *model, size_t room,
                                 struct donut_feed **out, struct donut_error *err);
void donut_feed_free(struct donut_feed *feed);

/* Goes on with another model of the same KPI, and the points that it has seen, as far as a window
 * holds them. What the old model made of them is forgotten: which ones were far off, and a change
 * that was taken for normal, of which the new model alarms until it has lasted anew. Nothing may
 * wait to be scored. DONUT_EARGUMENT: the model has another interval; DONUT_ENOMEM; the old model
 * is still in use then. */
enum donut_status donut_feed_renew(struct donut_feed *feed, const struct donut_model *model,
                                   struct donut_error *err);

struct donut_feed_point {
    int64_t time_ms; /* in: any; out: of the grid point */
    double value;    /* NaN = missing */
    int16_t offset_minutes;
    unsigned char label;
    struct donut_score_row row; /* out */
};

enum donut_arrival {
    DONUT_ARRIVAL_TAKEN,
    DONUT_ARRIVAL_FULL,     /* not taken: score what waits, then come again */
    DONUT_ARRIVAL_REPEATED, /* dropped: falls on the newest grid point again */
    DONUT_ARRIVAL_LATE,     /* dropped: older than that */
    DONUT_ARRIVAL_FAR       /* dropped: more than 100,000 points ahead; its time may be wrong */
};

/* A point arrives; grid points that it leaves out are missing. The grid is the training range's if
 * the first point lies within a tenth of an interval of it, else the first point is on it, unless
 * one of the next three lies so on the training range's. Later ones are moved to the nearest grid
 * point. When three in a row are too far ahead, but not of each other, they are believed: the feed
 * begins anew with the third. So it does when three in a row and in order
 * lie in what at most three points before them left out, a window or more, or came before all else:
 * those were wrong. */
enum donut_arrival donut_feed_push(struct donut_feed *feed, const struct donut_feed_point *point);

/* Scores up to `capacity` of the points that wait, in time order: *n = 0 when there are none left.
 * Errors as donut_score. */
enum donut_status donut_feed_score(struct donut_scorer *scorer, struct donut_feed *feed,
                                   struct donut_feed_point *points, size_t capacity, size_t *n,
                                   struct donut_error *err);

#ifdef __cplusplus
}
#endif
#endif
