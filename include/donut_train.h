/* SPDX-License-Identifier: MIT
 *
 * The part of libdonut that trains a model on a series, and the facts a model keeps about its
 * training. Included by donut.h, whose rules hold. */
#ifndef DONUT_TRAIN_H
#define DONUT_TRAIN_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

enum donut_missing_fill { DONUT_FILL_ZERO, DONUT_FILL_MEAN };
enum donut_clip_by { DONUT_CLIP_TENSOR, DONUT_CLIP_GLOBAL };

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

/* The learning rate: times `decay` after every `decay_epochs`, as in the paper, or a straight rise
 * from near 0 to `learning_rate` over the first twentieth of all steps and from there on half a
 * cosine down to a hundredth of it, another rate at every step. */
enum donut_schedule { DONUT_SCHEDULE_STEP, DONUT_SCHEDULE_COSINE };

/* What mean and std are of: all normal points, or those within a fence, so that a value of 1e25
 * among a thousand of 100 changes nothing. The fence is 10 d from the median on either side. d is
 * the larger of the distances from the median, above and below, that no more than 1 % of the normal
 * points exceed, or one point if that is more; where it is 0, 0.1 %; where that is 0, too, there is
 * no fence. Points beyond it are wild: training takes them for labelled ones, even if it ignores
 * labels. */
enum donut_scale_by { DONUT_SCALE_MOMENTS, DONUT_SCALE_ROBUST };

/* The weight of a term of the objective: a constant, or this: beta, the share of normal points in
 * the window. */
#define DONUT_WEIGHT_BETA (-1.0)

/* Called after step number `step`, 0 = before the first, with a model of the parameters as they
 * then are, its threshold fitted quickly, to at most 1024 points. It is as if training had been
 * stopped there: info.stop is DONUT_STOP_CANCELLED and the best step this one, with its loss. The
 * model is lent for the call. Where the validation loss or a score is not finite there is no
 * snapshot and no call, and training goes on. What is not DONUT_OK, with `err` (never NULL) filled,
 * ends training without a model. That they are taken changes nothing in the model that training
 * ends with. */
typedef enum donut_status donut_snapshot_fn(void *context, size_t step,
                                            const struct donut_model *model,
                                            struct donut_error *err);

/* A window that is chosen is that of `init`, if there is one. Else it covers two days, or two
 * seasons of a KPI whose season is longer, but is 120 points at most and 10 at least: 120 for up to
 * 24 minutes from point to point, 48 for an hour. Where the shorter part of the range, to learn
 * from or to validate with, is not twice as long as that, it is half of that part, and no more than
 * either part has normal points; but never below 10. Epochs that are chosen are 40, or as many more
 * as make 4000 steps over all windows of the part to learn from, but 250 at most.
 *
 * Hyper-parameters. After each: its range and its default. donut_train_paper() gives the paper's
 * (section 4.3), whatever the defaults are. */
struct donut_train_options {
    size_t window;                        /* W, 1..DONUT_MAX_WIDTH; 0 = chosen; 0 */
    size_t latent;                        /* K, 1..DONUT_MAX_WIDTH; 8 */
    size_t depth;                         /* hidden layers on each side, 1..DONUT_MAX_DEPTH; 2 */
    size_t hidden[DONUT_MAX_DEPTH];       /* their widths, from x to z and mirrored, each
                                             1..DONUT_MAX_WIDTH; 100, 100 */
    double std_epsilon;                   /* epsilon of the std heads, (0, 1]; 1e-4 */
    enum donut_encoder encoder;           /* with CNN, `hidden` is the decoder's alone and the
                                             window at least DONUT_CNN_MIN_WINDOW; dense */
    size_t channels[DONUT_CONVOLUTIONS];  /* of its convolutions, 1..DONUT_MAX_CHANNELS; 16, 16 */
    bool hide_last;                       /* a dense encoder, with a window of 2 at least, does not
                                             see the last point of a window, which is the one that
                                             is scored: its weights are 0. Else without effect; true
                                           */
    double student_df;                    /* degrees of freedom of a Student-t p(z) and q(z|x), in
                                             [1, 1e6]; 0 = Gaussian; 0 */
    double likelihood_df;                 /* likewise of p(x|z) in the objective and in validation;
                                             scores are by a Gaussian one; 5 */
    enum donut_elbo elbo;                 /* modified */
    double reconstruction_weight;         /* of log p(x|z), [0, 1000]; 1 */
    double prior_weight;                  /* of log p(z), [0, 1000] or DONUT_WEIGHT_BETA; beta */
    double entropy_weight;                /* of -log q(z|x), likewise; 1 */
    enum donut_windows windows;           /* all */
    size_t epochs;                        /* 1..1e6; 0 = chosen; 0 */
    size_t batch_size;                    /* 1..65536; 256 */
    double learning_rate;                 /* (0, 1]; 2e-3 */
    enum donut_schedule schedule;         /* cosine */
    double decay;                         /* factor of the learning rate ..., (0, 1]; 0.75 */
    size_t decay_epochs;                  /* ... after every so many epochs, 1..1e6; 10. Neither
                                             has an effect with another schedule */
    double l2;                            /* times sum w^2 over hidden kernels, [0, 1000]; 1e-3 */
    double clip_norm;                     /* limit of the gradient norm, > 0; 10 */
    enum donut_clip_by clip_by;           /* per tensor (as the authors' release) or over all */
    double injection;                     /* lambda: share of normal points hidden, [0, 1); 0.01 */
    enum donut_missing_fill missing_fill; /* what stands for a missing point; zero */
    enum donut_scale_by scale_by;         /* what mean and std are of; robust */
    double validation;                    /* share of the range kept for validation, (0, 1); 0.3 */
    size_t validate_every;                /* steps, 1..1e9; 100 */
    size_t validation_windows;            /* that are looked at, at most, but 32 at least; 0..1e9,
                                             0 = all. They are groups of 32 neighbouring windows,
                                             spread evenly, the same ones every time; all after all
                                             where none of these windows is without a missing or
                                             labelled point but others are; 2048 */
    double validation_trim;               /* share of the windows averaged over that is left out,
                                             those of the highest losses, [0, 0.5); .05 */
    double risk;                          /* false alarms per normal point, [1e-12, .01]; 1e-4 */
    enum donut_sampler sampler;           /* of z, for the threshold; Sobol */
    size_t samples;                       /* L, likewise, 1..2^20; 0 = the sampler's usual; 0 */
    size_t mcmc_iterations;               /* M used for the threshold, 0..10000; 10 */
    enum donut_score_kind score_by;       /* likewise; reconstruction */
    enum donut_verdict_by verdict_by;     /* default: both channels, or by the score where score_by
                                             is not reconstruction */
    bool ignore_labels;                   /* treat labelled anomalies as normal */
    double keep_labels;                   /* share of the labelled points that keep their label,
                                             [0, 1]: whole anomalies lose it, at random in
                                             proportion to their length, until what is left is
                                             nearest to that share (section 4.3); 1 */
    uint64_t seed;                        /* any; 0 */
    const struct donut_model *init;       /* begin with the parameters of this model, of the same
                                             interval, W, K, hidden layers, encoder, channels of
                                             a cnn, student_df and std_epsilon, and keep them if
                                             none better are found; NULL = at random; NULL. With
                                             hide_last the weights of the last point become 0 */
    size_t threads;                       /* 1..DONUT_MAX_THREADS; 0 = one for each processor that
                                             the calling thread may run on; 0 */
    const char *kernel;                   /* see donut_kernel_name(); NULL = the fastest; NULL */
    const size_t *snapshot_step;          /* (n_snapshots) steps to call `snapshot` after, each
                                             more than the one before; in vain if there are not so
                                             many, or what is then there is not finite */
    size_t n_snapshots;                   /* 0 */
    donut_snapshot_fn *snapshot;          /* or NULL */
    void *snapshot_context;
    donut_progress_fn *progress; /* or NULL */
    void *progress_context;
};

struct donut_train_options donut_train_defaults(void);

/* Those of the paper and of version 0.4: training with them is the same in every version. */
struct donut_train_options donut_train_paper(void);

/* DONUT_STOP_DIVERGED: loss or gradient was not finite; the model is the best from before that. */
enum donut_stop { DONUT_STOP_DONE, DONUT_STOP_CANCELLED, DONUT_STOP_DIVERGED };

struct donut_train_report {
    enum donut_stop stop;
    size_t epochs, steps;               /* begun / taken */
    size_t best_epoch, best_step;       /* where the kept parameters stood */
    size_t windows, validation_windows; /* that are learnt from; that are looked at in validation,
                                           and learnt from with DONUT_WINDOWS_NORMAL */
    size_t window, usual_window;        /* W; what a longer range would have had for W, 0 = W was
                                           given, or is that of the model to begin with */
    size_t labelled, labels_kept;       /* points of the range with a label that is not ignored;
                                           those that keep it */
    size_t wild;                        /* points beyond the fence of DONUT_SCALE_ROBUST ... */
    double fence_low, fence_high;       /* ... which is here, in the KPI's units; -INFINITY and
                                           INFINITY = none */
    double loss;                        /* last epoch's mean training loss */
    double best_loss; /* validation loss that the kept parameters were chosen by */
};

/* Trains on grid points [from, to) of `series`. The last `validation` share of them chooses the
 * parameters (lowest value of the objective, of either ELBO, over the windows without a missing or
 * labelled point unless those are less than a tenth and not all that is learnt from; with
 * validation_windows and validation_trim, over some of them) and fits the
 * threshold (peaks over threshold on the scores); each of the two parts must hold a window that is
 * learnt from and at least W normal points. Memory: some 22 bytes per grid point and 20 per
 * parameter, 8 per validation window looked at if some are trimmed, and at most 60 (W + K + sum of
 * hidden) + 8 W (sum of the channels of a cnn encoder) per window of a batch, rounded up to 32, and
 * of 32 more for each thread. After that, in its place, the threshold takes 6 bytes per grid point
 * and 128 per validation point, or 48 with verdicts by the score, 4 K L and 4 M (W + K), and what
 * 32 windows take for each thread; while a snapshot is taken this, and 4 bytes per parameter for
 * its copy of the model, is on top of the former. Before all that, where a window is chosen for
 * points more than 24 minutes apart, 24 bytes per point. When the callback cancels, or loss or
 * gradient stop being finite after the first validation, the best parameters so far become the
 * model and the status is DONUT_OK: look at report->stop. Errors: DONUT_EARGUMENT (options, range),
 * DONUT_EINPUT (too little data, constant), DONUT_ENOMEM, DONUT_ECANCELLED (at once, or twice),
 * DONUT_EDIVERGED. `report` may be NULL; it is always filled. */
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

/* How rare a value is among normal points: its surprise, -log10 of the probability that a normal
 * point has at least this value, at some values. Between them it is linear, beyond the last one
 *   value = value[knots - 1] (surprise / level[knots - 1])^shape. */
#define DONUT_CALIBRATION_KNOTS 16
struct donut_calibration {
    uint64_t n;                            /* values it was fitted to; 0 = there is none */
    size_t knots;                          /* 2..DONUT_CALIBRATION_KNOTS */
    double level[DONUT_CALIBRATION_KNOTS]; /* (knots) surprise, from 0, rising */
    double value[DONUT_CALIBRATION_KNOTS]; /* (knots) >= 0, not falling */
    double shape;                          /* > 0; 1/2 a Gaussian's tail, 1 an exponential one */
};

/* What is known of the normal points of a KPI, from the validation part. With x_t standardised and
 * its mean and sd by the model (sd at least .02), z_t = (x_t - mean) / sd: */
struct donut_normal {
    struct donut_calibration deviation; /* |z_t|: the last point against its window; shape */
    struct donut_calibration drift;     /* |sum of z_t .. z_{t-4}| / sqrt(5 n), of the n <= 5 that
                                           are known; shape, too */
    struct donut_calibration step;      /* |d_t - mean of d_t .. d_{t-15}|, d_t = x_t - x_{t-1} */
    double overlap; /* by so much the largest of three surprises is too large: the chance that at
                       least one of them is that large is greater than that of a single one */
    uint64_t judged, alarms; /* points of the validation part; and alarms, which are runs of
                                anomalous points, that the verdict at options.risk has among them */
};

struct donut_model_info {
    struct donut_train_options options; /* that it was trained with; without callbacks, snapshots,
                                           threads, kernel and init */
    size_t parameters;
    double mean, std; /* of the training points not missing, labelled or wild; KPI's units */
    double fill;      /* what stands for a missing point, standardised */
    double limit;     /* values further from the mean, in std, are held there */
    int64_t interval_ms;
    int64_t train_start_ms, train_end_ms; /* first and last point of the training range */
    size_t train_points;                  /* grid points in it */
    size_t wild;                          /* of them, as in donut_train_report; 0 in files of format
                                             version 4 and older */
    double best_loss; /* validation loss that the parameters were chosen by: mean objective, nats,
                         of the windows without a missing or labelled point, or of all as
                         donut_train() says. Until version 0.4.0 it was that of all windows */
    double threshold; /* at options.risk; tail.t if that is not below peaks / n */
    struct donut_tail tail;
    struct donut_normal normal; /* deviation.n 0: not known, the model comes from a file of an older
                                   format, or its verdicts are by the score */
    /* How training went, as in donut_train_report; epochs 0 and DONUT_STOP_DONE = not known
     * (train_loss is NaN, the others are 0): the model comes from a file of format version 1 or 2.
     */
    double train_loss;            /* mean training loss of the last epoch; NaN = none yet */
    size_t epochs, steps;         /* begun / taken */
    size_t best_epoch, best_step; /* where the kept parameters stood */
    enum donut_stop stop;
};

void donut_model_get_info(const struct donut_model *model, struct donut_model_info *info);

#ifdef __cplusplus
}
#endif
#endif
