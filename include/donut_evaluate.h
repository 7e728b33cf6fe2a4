/* SPDX-License-Identifier: MIT
 *
 * The part of libdonut that compares scores with labels. Included by donut.h, whose rules hold. */
#ifndef DONUT_EVALUATE_H
#define DONUT_EVALUATE_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the points are ranked by. */
enum donut_rank {
    DONUT_RANK_DEFAULT, /* surprise where every point has one, else score */
    DONUT_RANK_SCORE,
    DONUT_RANK_SURPRISE
};

/* Scored and labelled points in time order. An anomaly segment is a run of anomalous points at
 * consecutive grid positions: a position without a scored point ends it, as in the AIOps challenge
 * of 2018, where a missing point has the label 0. Missing and warm-up rows have no point here. No
 * alarm was possible at a missing row. At a warm-up row the detector knows too little of the past
 * to be judged; the paper ignores these outputs, too. In the scores of donut_score() a warm-up row
 * follows only the start of the data, a missing row or another warm-up row, so that it never splits
 * what missing rows do not: it moves the start of a segment to the first point that is judged. */
struct donut_scored {
    size_t n;
    double *score;           /* (n) finite; higher = stranger: what `by` says */
    unsigned char *label;    /* (n) 0 or 1 */
    unsigned char *verdict;  /* (n) 0 or 1, or NULL: the file has no `anomaly` column */
    int64_t *position;       /* (n) strictly increasing grid positions, in points */
    double interval_seconds; /* of one position; NaN = unknown, or the rows fit on no grid: the
                                positions then just count them */
    size_t missing, warmup;  /* rows left out */
    size_t warmup_anomalous; /* warm-up rows labelled 1 */
    char **time;             /* (n) timestamps as written, or NULL */
    enum donut_rank by;      /* score or surprise; at most DONUT_MOST_SURPRISE */
};

/* A column is given by its name, any case, or its number from 1; a name in the header comes before
 * a number. All NULL and zero: the defaults. */
struct donut_scored_options {
    enum donut_rank by;       /* the same for all KPIs of a fleet. Surprise: the file needs no
                                 score, and every point must have a surprise (DONUT_EINPUT) */
    const char *score_column; /* NULL = score|anomaly_score; if given, the default is to rank by it
                               */
    const char *label_column; /* NULL = label|is_anomaly */
    const char *key_column;   /* of a fleet: says whose a row is */
};

/* Reads a score file: header with score and label, and optionally surprise, timestamp, status and
 * anomaly (the verdict). Errors as donut_series_read_csv. */
enum donut_status donut_scored_read_csv(const char *bytes, size_t size,
                                        const struct donut_scored_options *opt,
                                        struct donut_scored **out, struct donut_error *err);
void donut_scored_free(struct donut_scored *scored);

struct donut_scored_kpi {
    const char *key; /* any bytes but 0; ends in a 0 behind its `key_size` >= 1 */
    size_t key_size;
    struct donut_scored *scored; /* n = 0: none of its rows has a score */
};

/* The score file of a fleet: its KPIs, each with points, grid and rows left out of its own. */
struct donut_scored_fleet {
    size_t n;                     /* >= 1 */
    struct donut_scored_kpi *kpi; /* (n) in order of first appearance in the file */
};

/* Reads a score file with one more column that says whose a row is; the rows of a KPI may lie
 * anywhere among the others'. Two KPIs are the same if their keys are to the byte, after
 * quotes and the blanks around them are taken off. Takes memory for the rows and the keys, and
 * keeps nothing of `bytes`; *out is the caller's to free. Errors: DONUT_EARGUMENT (no key column is
 * given), DONUT_EINPUT with line and column, DONUT_ENOMEM. */
enum donut_status donut_scored_fleet_read_csv(const char *bytes, size_t size,
                                              const struct donut_scored_options *opt,
                                              struct donut_scored_fleet **out,
                                              struct donut_error *err);
void donut_scored_fleet_free(struct donut_scored_fleet *fleet);

/* One detector setting against the labels. NaN where undefined (no anomaly, nothing detected). */
struct donut_operating_point {
    double f, precision, recall;
    double threshold; /* verdict = score > threshold, of what is ranked by; at the best F the
                         decimal with the fewest digits that separates; NaN for a given verdict */
    size_t detected_segments;   /* segments with at least one alarm */
    size_t true_positives;      /* anomalous points found, as the metric counts them */
    size_t false_negatives;     /* the other anomalous points */
    size_t false_alarms;        /* normal points with an alarm, the false positives */
    double alert_delay_points;  /* grid points from the start of a segment to its first alarm, of
                                   the unadjusted alarms; mean over detected segments */
    double alert_delay_seconds; /* NaN = interval unknown */
};

struct donut_curve {
    struct donut_operating_point best; /* at the best F over all distinct scores */
    double auc;                        /* average precision: sum (R_k - R_{k-1}) P_k */
};

struct donut_segment {
    size_t first, length; /* index into donut_scored; scored points in it */
    double peak;          /* highest score inside */
    bool detected;        /* at the setting asked for, see donut_evaluate_options */
    double delay_points;  /* in grid points; NaN = not detected */
};

struct donut_evaluate_options {
    size_t delay;      /* of the k-delay metric, in grid points; 7 */
    bool join_gaps;    /* positions without a scored point do not end a segment; false */
    double threshold;  /* also judge score > threshold; NaN = do not */
    size_t floor_runs; /* random score vectors behind the floor; 20 */
    uint64_t seed;
};

struct donut_evaluate_options donut_evaluate_defaults(void);

struct donut_evaluation {
    size_t points, anomalous_points, segments;
    struct donut_curve adjusted; /* section 4.2: a segment counts as found whole if any point is */
    struct donut_curve delayed;  /* ... only if found at most `delay` points after its start */
    size_t delay;                /* these two as in the options */
    bool join_gaps;
    struct donut_curve raw; /* point by point */
    double random_floor;    /* mean adjusted best F of random scores on these labels */
    bool has_verdict, has_threshold;
    struct donut_operating_point verdict[3];      /* the file's own: adjusted, delayed, raw */
    struct donut_operating_point at_threshold[3]; /* likewise at options.threshold */
    struct donut_segment *segment; /* (segments) detected at: the threshold if given, else the
                                      verdict if there is one, else the adjusted best F */
};

/* Errors: DONUT_EINPUT (no scored point), DONUT_EARGUMENT, DONUT_ENOMEM. Without any anomalous
 * point the F scores are NaN and only false_alarms means something. */
enum donut_status donut_evaluate(const struct donut_scored *scored,
                                 const struct donut_evaluate_options *opt,
                                 struct donut_evaluation *out, struct donut_error *err);
void donut_evaluation_free(struct donut_evaluation *evaluation);

struct donut_mean_figures {
    double f, precision, recall;
};

/* What the evaluations of many KPIs come to. A best threshold for several models means nothing, so
 * there are two summaries: given alarms by the counts of all points of all KPIs, in which a long
 * KPI weighs more than a short one, as the AIOps challenge of 2018 has it; and means over the KPIs
 * with anomalies, in which all weigh the same. Arrays are adjusted, delayed, raw. */
struct donut_evaluation_sum {
    size_t kpis, anomalous_kpis; /* added so far; those of them with an anomalous point */
    size_t points, anomalous_points, segments;
    bool has_verdict, has_threshold; /* every one added has it */
    struct donut_operating_point verdict[3], at_threshold[3];
    struct donut_mean_figures mean_best[3], mean_verdict[3], mean_at_threshold[3];
    double mean_random_floor;
};

/* Adds the evaluation of one more KPI to a sum that starts zeroed. Counts are added, also the false
 * alarms of a KPI without anomalies; F, precision and recall are computed from the sums, alert
 * delays are means over all segments detected, and the threshold is NaN where KPIs differ in it.
 * What is undefined is NaN, as in the evaluation of one KPI. */
void donut_evaluation_add(struct donut_evaluation_sum *sum,
                          const struct donut_evaluation *evaluation);

#ifdef __cplusplus
}
#endif
#endif
