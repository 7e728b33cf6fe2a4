/* What the verdict on a point takes from the points before it. All of it is gone after
 * donut_recent_reach() points, so that it can be had anywhere by going back so far. */
#ifndef DONUT_DETECT_RECENT_H
#define DONUT_DETECT_RECENT_H

#include "detect/channels.h"
#include "detect/ring.h"
#include "detect/score.h"

/* A change that fills 7 of 8 points of so many windows is the new normal: 10 h at one minute. */
#define DONUT_LASTING_WINDOWS 6

/* A point that is far off in the window as it is. An echo is so because of wild ones before it;
 * later windows see it. They do not see wild ones. */
enum donut_mark { DONUT_MARK_NONE, DONUT_MARK_ECHO, DONUT_MARK_WILD };

struct donut_recent {
    size_t window;                     /* W */
    double z[DONUT_DRIFT_POINTS - 1];  /* of the points before, oldest first; NaN = not known, or
                                          the point is wild */
    struct donut_ring deviation, step; /* x - mean in sd and the step, without shift and relief */
    unsigned char *mark;               /* (W - 1) enum donut_mark, oldest first */
    struct donut_arena arena;
};

/* False: no memory; free it all the same. */
bool donut_recent_new(size_t window, struct donut_recent *recent);
void donut_recent_free(struct donut_recent *recent);

/* Forgets everything. */
void donut_recent_begin(struct donut_recent *recent, const struct donut_normal *normal);

/* How many points before those whose verdict is wanted are to be judged first. */
size_t donut_recent_reach(size_t window);

/* What is known of x[i], a point of the passage, before its value is, from the verdict of the model
 * and the points before. missing says which of x are not to be used. */
struct donut_outlook donut_recent_outlook(const struct donut_recent *recent,
                                          const struct donut_normal *normal,
                                          const struct donut_verdict *verdict, const donut_real *x,
                                          const unsigned char *missing, size_t i);

/* Takes in a point with this outlook. `known`: it is observed, and its window no warm-up. */
void donut_recent_push(struct donut_recent *recent, const struct donut_outlook *outlook, double x,
                       bool known, unsigned char mark);

#endif
