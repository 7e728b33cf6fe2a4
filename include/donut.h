/* SPDX-License-Identifier: MIT
 *
 * libdonut: unsupervised anomaly detection for seasonal KPIs with the Donut variational
 * auto-encoder (Xu et al., WWW 2018, "the paper" below; equations and sections are the paper's).
 *
 * CSV or arrays -> donut_series -> donut_train -> donut_model -> donut_score -> donut_evaluate
 *
 * Include this header alone; at its end it includes those of the other parts: donut_train.h for
 * training and what a model tells of it, donut_feed.h for points that arrive one by one,
 * donut_fleet.h for many KPIs, donut_alert.h, donut_evaluate.h, and donut_latent.h for what goes on
 * inside a model.
 *
 * Rules that hold for every function:
 * - Threads: no mutable globals. Objects may be read from any number of threads at once; one that
 *   is being written (an output, an error record) belongs to one thread.
 * - Errors: a function that can fail returns a donut_status and, unless `err` is NULL, fills `err`
 *   with one sentence for a human, in the words of the command line. On failure what would have
 *   been handed out is NULL and nothing is leaked; arrays of the caller may be partly written.
 * - Options: a NULL pointer to options means all defaults.
 * - Ownership: what a function hands out through a `**out` is freed by the matching _free function,
 *   all of which accept NULL. Inputs are only borrowed for the call.
 * - The library never prints, exits, reads the clock or the environment; it opens only the files
 *   it is given by name.
 * - Same inputs, same seed, same build, same instruction set: the same bytes, with any number of
 *   threads. Those that a function starts end with it, block all signals and call nothing back.
 */
#ifndef DONUT_H
#define DONUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DONUT_VERSION "0.5.0"
#define DONUT_MAX_DEPTH 8     /* hidden layers on each side */
#define DONUT_MAX_WIDTH 16384 /* window, latent size, width of a layer */
#define DONUT_MAX_CHANNELS 1024
#define DONUT_MAX_THREADS 1024

enum donut_status {
    DONUT_OK = 0,
    DONUT_ENOMEM,     /* an allocation failed */
    DONUT_EARGUMENT,  /* an option is out of its range; the sentence names it */
    DONUT_EINPUT,     /* the data cannot be used; line and column are set where there are any */
    DONUT_EIO,        /* a file could not be read or written */
    DONUT_EMODEL,     /* not a model file, or a damaged, truncated or newer one */
    DONUT_ECANCELLED, /* the progress callback asked to stop before there was a result */
    DONUT_EDIVERGED   /* loss or gradient stopped being finite before there was a result */
};

struct donut_error {
    enum donut_status status;
    size_t line;    /* 1-based line of the input, 0 = not about a line */
    size_t column;  /* 1-based CSV field of that line, 0 = the whole line */
    char text[320]; /* one sentence, UTF-8, no newline, without file name or position */
};

enum donut_time_kind { DONUT_TIME_SECONDS, DONUT_TIME_MILLISECONDS, DONUT_TIME_ISO };

/* How the timestamps of an input were written, so that outputs can be written the same way. */
struct donut_time_format {
    enum donut_time_kind kind;
    int decimals;   /* digits of a fraction of a second, 0 to 3 */
    char separator; /* ISO: 'T' or ' ' between date and time; 0 = date only */
    bool seconds;   /* ISO: the time has seconds */
    char zone;      /* ISO: 'Z', '+' (numeric offset with colon), '0' (without), 0 = naive, UTC */
};

/* What donut had to mend to make an even grid of the rows. */
struct donut_repairs {
    size_t rows;      /* rows read; n = rows - duplicate + absent */
    size_t unsorted;  /* rows older than a row before them; sorted */
    size_t duplicate; /* rows given up because another one fell on the same grid point */
    size_t snapped;   /* rows kept that were off the grid; moved to the nearest grid point */
    size_t absent;    /* grid points without a row; missing */
    size_t empty;     /* rows kept that have no value; missing */
};

/* A KPI on an even time grid. Made by the functions below; read-only for the caller. */
struct donut_series {
    size_t n;                      /* grid points, >= 1 */
    int64_t start_ms;              /* time of point 0, milliseconds since 1970-01-01 UTC */
    int64_t interval_ms;           /* > 0 */
    const double *value;           /* (n) in the KPI's own units, NaN = missing */
    const unsigned char *label;    /* (n) 1 = anomaly, or NULL: the input has no labels */
    const int16_t *offset_minutes; /* (n) of the written local time, or NULL: UTC throughout */
    struct donut_time_format time_format;
    struct donut_repairs repairs;
};

struct donut_csv_options {
    const char *timestamp_column; /* header name, else 1-based number; NULL = find it by name */
    const char *value_column;     /* likewise */
    const char *label_column;     /* likewise; NULL = find it by name, none is fine */
    const char *key_column;       /* likewise, of a file with several KPIs: says whose a row is;
                                     NULL = the file is one KPI's */
    bool ignore_labels;           /* do not even read the label column */
    int64_t interval_ms;          /* grid interval; 0 = infer: the most common distance of rows */
    int64_t expected_interval_ms; /* a model's interval: use it, and refuse rows that are clearly
                                     spaced otherwise; 0 = none */
};

/* Parses a whole CSV file in memory. `size` bytes, no terminator needed, any content is safe.
 * Header or not; comma; quotes; lines end in LF, CRLF or CR; UTF-8 BOM; last newline optional;
 * blank lines skipped. Columns by name, any case: timestamp|time|ts|date, value,
 * label|anomaly|is_anomaly. Without a header the order is timestamp, value[, label]. A header with
 * exactly one column that is neither timestamp nor label needs no `value` in it: that column is the
 * value. Timestamps: epoch seconds (fraction allowed) or milliseconds (from 1e11 on), or ISO 8601
 * with Z, an offset, or naive (= UTC). Values: a finite decimal number; empty, null, nan = missing.
 * Labels: 0, 1 (also 0.0, 1.0), true, false, or empty (= 0).
 * Errors: DONUT_EINPUT with line and column, DONUT_ENOMEM. */
enum donut_status donut_series_read_csv(const char *bytes, size_t size,
                                        const struct donut_csv_options *opt,
                                        struct donut_series **out, struct donut_error *err);

/* The same from arrays, in any order: timestamp_ms (n), value (n; NaN = missing, infinities are
 * refused), label (n; 0 or 1) or NULL. interval_ms 0 = infer. Sorting, merging (the last of two
 * rows on one grid point wins, but a row on the grid beats one that was moved there) and snapping
 * are as for a CSV. Timestamps are written as epoch seconds. */
enum donut_status donut_series_from_rows(const int64_t *timestamp_ms, const double *value,
                                         const unsigned char *label, size_t n, int64_t interval_ms,
                                         struct donut_series **out, struct donut_error *err);

void donut_series_free(struct donut_series *series);

/* Writes the time of grid point `i` (may be beyond the end) as the input wrote its timestamps.
 * Returns the length; buf is always terminated. */
#define DONUT_TIME_SIZE 40
size_t donut_series_format_time(const struct donut_series *series, size_t i,
                                char buf[DONUT_TIME_SIZE]);

/* A place in the series, as text: a percentage of the grid ("70%"), a count of grid points
 * ("1200"), an epoch in seconds (from 1e8 on) or milliseconds (from 1e11 on), or an ISO 8601 time.
 * *index is the number of grid points before it, 0..n, so that [0, i) and [i, n) split the series
 * with the point AT a given time in the second part. Times outside the series clamp; percentages
 * and counts beyond it are errors (DONUT_EARGUMENT). */
enum donut_status donut_series_position(const struct donut_series *series, const char *text,
                                        size_t *index, struct donut_error *err);

/* How the L values of z that a score is averaged over are drawn: Owen-scrambled Sobol points and
 * their mirror images, with covariance 1 (for L >= 16 K, K <= 64, and a Gaussian z), whose average
 * is several times closer to the expectation, or independent draws as in the paper. */
enum donut_sampler {
    DONUT_SAMPLER_DEFAULT, /* training: Sobol; scoring: as trained */
    DONUT_SAMPLER_SOBOL, /* usually L = 128, and for K > 8 the least power of two from 16 K on, but
                            at most 1024; best a power of two */
    DONUT_SAMPLER_MC     /* usually L = 1024 */
};

/* What the score of the last point x_t of a window x is (section 3.3). z_l are L draws, of q(z|x)
 * or, for the prior, of p(z). */
enum donut_score_kind {
    DONUT_SCORE_DEFAULT,        /* training: reconstruction; scoring: as trained */
    DONUT_SCORE_RECONSTRUCTION, /* -(1/L) sum log p(x_t|z_l), the reconstruction probability */
    DONUT_SCORE_LIKELIHOOD,     /* -log (1/L) sum p(x_t|z_l), of E_q[p(x|z)]; at most the former */
    DONUT_SCORE_ELBO,           /* -(1/L) sum log p(x_t|z_l) + log p(z_l) - log q(z_l|x) */
    DONUT_SCORE_PRIOR           /* as the first, with z_l of the prior: section 4.4, Donut-Prior;
                                   what comes before x_t, missing or not, plays no part */
};

/* What makes a point an anomaly. The channel shape holds a point against what the model makes of
 * its window, the channel step against the last few steps; see struct donut_normal. */
enum donut_verdict_by {
    DONUT_VERDICT_DEFAULT, /* training: both; scoring: as trained */
    DONUT_VERDICT_BOTH,    /* a surprise of either channel above -log10(risk) */
    DONUT_VERDICT_SHAPE,   /* of shape alone */
    DONUT_VERDICT_STEP,    /* of step alone */
    DONUT_VERDICT_SCORE    /* a score above the threshold, by peaks over threshold */
};

/* Name of instruction set number i of those that this machine can run, fastest first; NULL after
 * the last. Results of two of them differ by rounding. */
const char *donut_kernel_name(size_t i);

enum donut_phase {
    DONUT_PHASE_TRAIN,
    DONUT_PHASE_THRESHOLD, /* scoring the validation range */
    DONUT_PHASE_SCORE
};

struct donut_progress {
    enum donut_phase phase;
    size_t epoch, epochs;   /* 1-based; training only */
    size_t done, total;     /* training: windows of this epoch; else points */
    double loss;            /* mean -M-ELBO per window of this epoch so far, nats; NaN = none yet */
    double validation_loss; /* the latest; NaN = none yet */
    double best_loss;       /* validation loss of the best parameters; NaN = none yet */
};

/* Called after every step of training and every few points of scoring; returns true to stop.
 * donut_train(): the first true ends training, or shortens the threshold's fit to 1024 points, and
 * there will be a model; true after a false since then: there will be none. donut_score(): ends. */
typedef bool donut_progress_fn(void *context, const struct donut_progress *progress);

struct donut_model;

void donut_model_free(struct donut_model *model);

/* The score that a normal point exceeds with probability `risk`, from the model's tail (see
 * donut_tail). DONUT_EARGUMENT unless 1e-12 <= risk < peaks / n, or 1 without peaks, and the score
 * is finite. */
enum donut_status donut_model_threshold(const struct donut_model *model, double risk,
                                        double *threshold, struct donut_error *err);

/* The model file (format: src/model/model_file.c), to and from memory; *bytes is freed by the
 * caller with free(). Decoding checks everything: any changed or missing byte is DONUT_EMODEL. */
enum donut_status donut_model_encode(const struct donut_model *model, unsigned char **bytes,
                                     size_t *size, struct donut_error *err);
enum donut_status donut_model_decode(const unsigned char *bytes, size_t size,
                                     struct donut_model **out, struct donut_error *err);

/* To and from a named file. Saving writes beside `path`, syncs and renames, so that the file is
 * there whole or not at all; a symbolic link is followed; what is no regular file (a pipe, a
 * device) is written directly. */
enum donut_status donut_model_save(const struct donut_model *model, const char *path,
                                   struct donut_error *err);
enum donut_status donut_model_load(const char *path, struct donut_model **out,
                                   struct donut_error *err);

struct donut_score_options {
    enum donut_sampler sampler; /* of z */
    size_t samples;         /* L values of z per point, 1..2^20; 0 = as the model was trained, or
                               as usual if that was with another sampler */
    size_t mcmc_iterations; /* M for windows with missing points; SIZE_MAX = as trained; 0 = none */
    enum donut_score_kind score_by; /* other than as trained, the model's threshold and tail are not
                                       for it: `threshold` must be given (DONUT_EARGUMENT) */
    double threshold;               /* a score above it is an anomaly; NaN = as `verdict_by` says */
    double risk;                    /* false alarms per normal point; 0 = as trained */
    enum donut_verdict_by verdict_by; /* what the model was not trained for: DONUT_EARGUMENT */
    bool keep_anomalies; /* later windows see anomalous points as they are, instead of imputing them
                            as if missing; see donut_score() */
    bool warmup_alarms;  /* warm-up rows may be anomalous, too */
    size_t threads;      /* as for training */
    const char *kernel;  /* likewise */
    donut_progress_fn *progress;
    void *progress_context;
};

struct donut_score_options donut_score_defaults(void);

enum donut_row_status {
    DONUT_ROW_OK,
    DONUT_ROW_MISSING, /* no value: no score; expected and band are still given */
    DONUT_ROW_WARMUP /* too little is known: the window reaches back before all data, or fewer than
                        a quarter of its points are observed. Scored with the rest imputed, but not
                        judged: far more of these scores are high */
};

/* What spoke for an alarm; those of several points come together by |. */
enum donut_cause {
    DONUT_CAUSE_NONE = 0,  /* no alarm */
    DONUT_CAUSE_SHAPE = 1, /* the network: the value does not go with the window */
    DONUT_CAUSE_STEP = 2,  /* the jump against the last few points */
    DONUT_CAUSE_BOTH = 3
};

#define DONUT_MOST_SURPRISE 300 /* beyond it nothing gets any more surprising */

struct donut_score_row {
    double score;                  /* in nats, higher = stranger; NaN = none */
    double expected, lower, upper; /* mean of x_t in the KPI's units, of the mixture
                                      (1/L) sum p(x_t|z_l): by the prior the same for every point;
                                      with what donut_score() says of a level that has changed for
                                      good; and the band, in which no value is an anomaly: with
                                      verdicts by STEP it need not hold the mean, and is NaN where
                                      no step is known. By SCORE it is 3 sigma, without a part in
                                      the verdict */
    /* -log10 of the probability that a normal point is at least as strange, 0 to
     * DONUT_MOST_SURPRISE in steps of 1e-4: 4 = one normal point in ten thousand is. NaN = not
     * known: no score, a threshold given as a score, a model without a calibration and a score not
     * above its tail.t */
    double surprise;
    bool anomaly; /* surprise > -log10(risk), or score > threshold without a calibration; false
                     where nothing is to be judged: at missing rows, and at warm-up rows unless
                     asked for */
    bool lasting; /* a change has lasted for so long that the verdict is about what came after it:
                     verdicts by surprise alone */
    enum donut_cause cause; /* of the anomaly */
    enum donut_row_status status;
};

/* Scores grid points [from, to) into rows (to - from). Windows reach back before `from` into the
 * series and, before its start, into the last W - 1 training points kept in the model where those
 * are in reach; points between the two are missing.
 *
 * With verdicts by the score, a score is a function of the window's content, the model and the
 * options alone. Else a row is one of the last 8 W + 4 points, the W - 1 before them, the model and
 * the options. Of the points before, those with a surprise of shape above 4, whatever the risk is,
 * are imputed in the window, unless they are more than half of it or leave less than a quarter of
 * it, keep_anomalies says not to, or they look strange only beside others. And where more than 7
 * of 8 among 6 W points deviate as one normal point in ten does, that is the new normal: their
 * median deviation moves `expected`, and their spread widens the band. Either way a row does not
 * depend on the place in the file, nor on `from`, unless the series begins less than so many points
 * before.
 *
 * The series must have the model's interval (DONUT_EINPUT). Other errors: DONUT_EARGUMENT,
 * DONUT_ENOMEM, DONUT_ECANCELLED, and DONUT_EMODEL when a score would not be finite. */
enum donut_status donut_score(const struct donut_model *model, const struct donut_series *series,
                              size_t from, size_t to, const struct donut_score_options *opt,
                              struct donut_score_row *rows, struct donut_error *err);

#ifdef __cplusplus
}
#endif

#include "donut_alert.h"
#include "donut_evaluate.h"
#include "donut_feed.h"
#include "donut_fleet.h"
#include "donut_latent.h"
#include "donut_train.h"

#endif
