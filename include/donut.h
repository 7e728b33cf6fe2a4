/* SPDX-License-Identifier: MIT
 *
 * libdonut: unsupervised anomaly detection for seasonal KPIs with the Donut variational
 * auto-encoder (Xu et al., WWW 2018, "the paper" below; equations and sections are the paper's).
 *
 * CSV or arrays -> donut_series -> donut_train -> donut_model -> donut_score -> donut_evaluate
 *
 * Include this header alone; at its end it includes those of the other parts: donut_feed.h for
 * points that arrive one by one, donut_fleet.h for many KPIs, donut_alert.h, donut_evaluate.h, and
 * donut_latent.h for what goes on inside a model.
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

#define DONUT_VERSION "0.4.0"
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

enum donut_missing_fill { DONUT_FILL_ZERO, DONUT_FILL_MEAN };
enum donut_clip_by { DONUT_CLIP_TENSOR, DONUT_CLIP_GLOBAL };

/* How the L values of z that a score is averaged over are drawn: Owen-scrambled Sobol points and
 * their mirror images, with covariance 1 (for L >= 4 K, K <= 64, and a Gaussian z), whose average
 * is several times closer to the expectation, or independent draws as in the paper. */
enum donut_sampler {
    DONUT_SAMPLER_DEFAULT, /* training: Sobol; scoring: as trained */
    DONUT_SAMPLER_SOBOL,   /* usually L = 128, or 256 for K > 8; best a power of two */
    DONUT_SAMPLER_MC       /* usually L = 1024 */
};

/* The encoder q(z|x): as many dense layers as the decoder has, as in the paper, or two
 * 1-dimensional convolutions (kernel 3, stride 1, no padding), each with ReLU and max pooling of 2
 * (stride 2; an odd last position is dropped). */
enum donut_encoder { DONUT_ENCODER_DENSE, DONUT_ENCODER_CNN };
#define DONUT_CONVOLUTIONS 2
#define DONUT_CNN_MIN_WINDOW 10 /* the least W that the two leave something of */

/* The objective: eqn (3), or eqn (1), which takes missing and labelled points for what is written
 * in their place. */
enum donut_elbo { DONUT_ELBO_MODIFIED, DONUT_ELBO_PLAIN };

/* The windows that are learnt from: all, or those without a missing or labelled point. */
enum donut_windows { DONUT_WINDOWS_ALL, DONUT_WINDOWS_NORMAL };

/* The weight of a term of the objective: a constant, or this: beta, the share of normal points in
 * the window. */
#define DONUT_WEIGHT_BETA (-1.0)

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

/* Called after step number `step`, 0 = before the first, with a model of the parameters as they
 * then are, its threshold fitted quickly, to at most 1024 points. It is as if training had been
 * stopped there: info.stop is DONUT_STOP_CANCELLED and the best step this one, with its loss. The
 * model is lent for the call. What is not DONUT_OK, with `err` (never NULL) filled, ends training
 * without a model. That they are taken changes nothing in the model that training ends with. */
typedef enum donut_status donut_snapshot_fn(void *context, size_t step,
                                            const struct donut_model *model,
                                            struct donut_error *err);

/* Hyper-parameters; donut_train_defaults() gives the paper's (section 4.3). After each: its range
 * and its default. */
struct donut_train_options {
    size_t window;                        /* W, 1..DONUT_MAX_WIDTH; 120 */
    size_t latent;                        /* K, 1..DONUT_MAX_WIDTH; 8 */
    size_t depth;                         /* hidden layers on each side, 1..DONUT_MAX_DEPTH; 2 */
    size_t hidden[DONUT_MAX_DEPTH];       /* their widths, from x to z and mirrored, each
                                             1..DONUT_MAX_WIDTH; 100, 100 */
    double std_epsilon;                   /* epsilon of the std heads, (0, 1]; 1e-4 */
    enum donut_encoder encoder;           /* with CNN, `hidden` is the decoder's alone and the
                                             window at least DONUT_CNN_MIN_WINDOW; dense */
    size_t channels[DONUT_CONVOLUTIONS];  /* of its convolutions, 1..DONUT_MAX_CHANNELS; 16, 16 */
    double student_df;                    /* degrees of freedom of a Student-t p(z) and q(z|x), in
                                             [1, 1e6]; 0 = Gaussian; 0 */
    enum donut_elbo elbo;                 /* modified */
    double reconstruction_weight;         /* of log p(x|z), [0, 1000]; 1 */
    double prior_weight;                  /* of log p(z), [0, 1000] or DONUT_WEIGHT_BETA; beta */
    double entropy_weight;                /* of -log q(z|x), likewise; 1 */
    enum donut_windows windows;           /* all */
    size_t epochs;                        /* 1..1e6; 250 */
    size_t batch_size;                    /* 1..65536; 256 */
    double learning_rate;                 /* (0, 1]; 1e-3 */
    double decay;                         /* factor of the learning rate ..., (0, 1]; 0.75 */
    size_t decay_epochs;                  /* ... after every so many epochs, 1..1e6; 10 */
    double l2;                            /* times sum w^2 over hidden kernels, [0, 1000]; 1e-3 */
    double clip_norm;                     /* limit of the gradient norm, > 0; 10 */
    enum donut_clip_by clip_by;           /* per tensor (as the authors' release) or over all */
    double injection;                     /* lambda: share of normal points hidden, [0, 1); 0.01 */
    enum donut_missing_fill missing_fill; /* what stands for a missing point; zero */
    double validation;                    /* share of the range kept for validation, (0, 1); 0.3 */
    size_t validate_every;                /* steps, 1..1e9; 100 */
    double risk;                          /* false alarms per normal point, [1e-12, .01]; 1e-4 */
    enum donut_sampler sampler;           /* of z, for the threshold; Sobol */
    size_t samples;                       /* L, likewise, 1..2^20; 0 = the sampler's usual; 0 */
    size_t mcmc_iterations;               /* M used for the threshold, 0..10000; 10 */
    enum donut_score_kind score_by;       /* likewise; reconstruction */
    bool ignore_labels;                   /* treat labelled anomalies as normal */
    double keep_labels;                   /* share of the labelled points that keep their label,
                                             [0, 1]: whole anomalies lose it, at random in
                                             proportion to their length (section 4.3); 1 */
    uint64_t seed;                        /* any; 0 */
    const struct donut_model *init;       /* begin with the parameters of this model, of the same
                                             interval, W, K, hidden layers and std_epsilon, and
                                             keep them if none better are found; NULL = at random;
                                             NULL */
    size_t threads;                       /* 1..DONUT_MAX_THREADS; 0 = one for each processor that
                                             the calling thread may run on; 0 */
    const char *kernel;                   /* see donut_kernel_name(); NULL = the fastest; NULL */
    const size_t *snapshot_step;          /* (n_snapshots) steps to call `snapshot` after, each
                                             more than the one before; in vain if there are not so
                                             many */
    size_t n_snapshots;                   /* 0 */
    donut_snapshot_fn *snapshot;          /* or NULL */
    void *snapshot_context;
    donut_progress_fn *progress; /* or NULL */
    void *progress_context;
};

struct donut_train_options donut_train_defaults(void);

/* DONUT_STOP_DIVERGED: loss or gradient was not finite; the model is the best from before that. */
enum donut_stop { DONUT_STOP_DONE, DONUT_STOP_CANCELLED, DONUT_STOP_DIVERGED };

struct donut_train_report {
    enum donut_stop stop;
    size_t epochs, steps;               /* begun / taken */
    size_t best_epoch, best_step;       /* where the kept parameters stood */
    size_t windows, validation_windows; /* that are learnt from, that count in validation */
    size_t labelled, labels_kept;       /* points of the range with a label that is not ignored;
                                           those that keep it */
    double loss;                        /* last epoch's mean training loss */
    double best_loss;                   /* validation loss of the parameters kept */
};

/* Trains on grid points [from, to) of `series`. The last `validation` share of them chooses the
 * parameters (lowest value of the objective, of either ELBO, over the windows without a missing or
 * labelled point unless those are less than a tenth and not all that is learnt from) and fits the
 * threshold (peaks over threshold on the scores); each of the two parts must hold a window that is
 * learnt from and at least W normal points. Memory: some 22 bytes per grid point and 20 per
 * parameter, and at most 60 (W + K + sum of hidden) + 8 W (sum of the channels of a cnn encoder)
 * per window of a batch, rounded up to 32, and of 32 more for each thread. When the callback
 * cancels, or loss or gradient stop being finite after the first validation, the best parameters
 * so far become the model and the status is DONUT_OK: look at report->stop. Errors:
 * DONUT_EARGUMENT (options, range), DONUT_EINPUT (too little data, constant), DONUT_ENOMEM,
 * DONUT_ECANCELLED (at once, or twice), DONUT_EDIVERGED. `report` may be NULL; it is always
 * filled. */
enum donut_status donut_train(const struct donut_series *series, size_t from, size_t to,
                              const struct donut_train_options *opt, struct donut_model **out,
                              struct donut_train_report *report, struct donut_error *err);

/* Generalised Pareto tail of the validation scores: P(score > t + y | score > t) for y > 0. */
#define DONUT_HEAVIEST_TAIL 0.5
struct donut_tail {
    uint64_t n, peaks;   /* scores looked at; those above t */
    double t;            /* where the tail begins, nats */
    double gamma, sigma; /* shape above -0.5, scale >= 0. The shape is held at DONUT_HEAVIEST_TAIL,
                            from where on the variance is infinite: it gets there when there are
                            anomalies among the scores that nobody labelled */
};

struct donut_model_info {
    struct donut_train_options options; /* that it was trained with; without callbacks, snapshots,
                                           threads, kernel and init */
    size_t parameters;
    double mean, std; /* of the training points neither missing nor labelled, KPI's units */
    double fill;      /* what stands for a missing point, standardised */
    double limit;     /* values further from the mean, in std, are held there */
    int64_t interval_ms;
    int64_t train_start_ms, train_end_ms; /* first and last point of the training range */
    size_t train_points;                  /* grid points in it */
    double best_loss; /* validation loss of the parameters, over all windows or, where those alone
                         are learnt from, the normal ones: the objective of each, nats */
    double threshold; /* at options.risk; tail.t if that is not below peaks / n */
    struct donut_tail tail;
    /* How training went, as in donut_train_report; epochs 0 and DONUT_STOP_DONE = not known
     * (train_loss is NaN, the others are 0): the model comes from a file of format version 1 or 2.
     */
    double train_loss;            /* mean training loss of the last epoch; NaN = none yet */
    size_t epochs, steps;         /* begun / taken */
    size_t best_epoch, best_step; /* where the kept parameters stood */
    enum donut_stop stop;
};

void donut_model_free(struct donut_model *model);
void donut_model_get_info(const struct donut_model *model, struct donut_model_info *info);

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
    double threshold;               /* verdict above it; NaN = from the model and `risk` */
    double risk;                    /* 0 = as trained */
    size_t threads;                 /* as for training */
    const char *kernel;             /* likewise */
    donut_progress_fn *progress;
    void *progress_context;
};

struct donut_score_options donut_score_defaults(void);

enum donut_row_status {
    DONUT_ROW_OK,
    DONUT_ROW_MISSING, /* no value: no score, no alarm; expected and band are still given */
    DONUT_ROW_WARMUP /* too little is known: the window reaches back before all data, or fewer than
                        a quarter of its points are observed. Scored with the rest imputed */
};

struct donut_score_row {
    double score;                  /* in nats, higher = stranger; NaN = none */
    double expected, lower, upper; /* mean and 3-sigma band of x_t in the KPI's units, of the
                                      mixture (1/L) sum p(x_t|z_l): by the prior the same for every
                                      point */
    bool anomaly;                  /* score > threshold */
    enum donut_row_status status;
};

/* Scores grid points [from, to) into rows (to - from). Windows reach back before `from` into the
 * series and, before its start, into the last W - 1 training points kept in the model where those
 * are in reach; points between the two are missing. A score is a function of the window's content,
 * the model and the options alone: not of the place in the file. The series must have the model's
 * interval (DONUT_EINPUT). Other errors: DONUT_EARGUMENT, DONUT_ENOMEM, DONUT_ECANCELLED, and
 * DONUT_EMODEL when a score would not be finite. */
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

#endif
