/* The vector code of donut behind one table of function pointers, so that a variant for another
 * instruction set replaces all of it at once and no caller changes. Everything else in src/ is
 * bookkeeping. The plain C variant is the truth that others are held against.
 *
 * Layout: a batch of windows is cut into panels of `lanes` windows, a multiple of DONUT_LANES, and
 * what a layer makes of a panel is a matrix (features, lanes): one row for a feature, one lane for
 * a window. So a vector register holds one feature of neighbouring windows, whatever the widths of
 * the layers are: no tails, no padding, and no weight is ever packed or transposed. Rows are
 * `lanes` apart; those of the input x are `ldx` apart, which may be 1: the windows that begin at
 * consecutive points of a series are the lanes of a matrix whose rows overlap.
 *
 * No output overlaps an input unless it says "in place". Every element of an output depends on its
 * own lane alone (or, for gradients of weights, is a sum in an order that the panels fix), so
 * results do not depend on what is computed together or by which thread. */
#ifndef DONUT_KERNEL_KERNEL_H
#define DONUT_KERNEL_KERNEL_H

#include "base/random.h"
#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DONUT_LANES 16 /* the widest vector; elementwise functions take multiples of it */
#define DONUT_PANEL 32 /* lanes at which the matrix products are at their best */

/* `count` panels of `lanes` lanes, DONUT_LANES or DONUT_PANEL; the same matrix of each is `stride`
 * elements apart. */
struct donut_panels {
    size_t count, lanes, stride;
};

struct donut_adam_step {
    donut_real rate;         /* learning rate with both bias corrections folded in, see adam() */
    donut_real beta1, beta2; /* decay of the first and second moment */
    donut_real rest1, rest2; /* 1 - beta1, 1 - beta2, rounded once */
    donut_real epsilon;      /* likewise scaled */
};

/* The law of t, in each latent dimension or at each point of a window: log f(t) = -minus_log_peak -
 * t^2 / 2 for the standard normal, or -minus_log_peak - (nu + 1) / 2 log(1 + t^2 / nu) for
 * Student's t. */
struct donut_law {
    donut_real nu;             /* degrees of freedom, >= 1; 0 = normal */
    donut_real minus_log_peak; /* -log f(0) */
};

struct donut_kernel {
    const char *name;

    /* Y = W^T X + b, then max(0, .) if relu.
     * w (in, out), b (out), x (in, lanes; ldx) -> y (out, lanes) */
    void (*dense_forward)(size_t in, size_t out, size_t lanes, const donut_real *w,
                          const donut_real *b, const donut_real *x, size_t ldx, bool relu,
                          donut_real *y);

    /* dX = W dY, or dX += W dY if add; then 0 where the ReLU output `x` is not positive, unless x
     * is NULL.   w (in, out), dy (out, lanes), x (in, lanes) -> dx (in, lanes) */
    void (*dense_backward_input)(size_t in, size_t out, size_t lanes, const donut_real *w,
                                 const donut_real *dy, bool add, const donut_real *x,
                                 donut_real *dx);

    /* dW = sum over panels of X dY^T, or dW += that if add.
     * x (panels: in, lanes), dy (panels: out, lanes) -> dw (in, out) */
    void (*dense_backward_weight)(size_t in, size_t out, const struct donut_panels *panels,
                                  const donut_real *x, const donut_real *dy, bool add,
                                  donut_real *dw);

    /* db = sum over panels and lanes of dY, or db += that if add.
     * dy (panels: out, lanes) -> db (out) */
    void (*dense_backward_bias)(size_t out, const struct donut_panels *panels, const donut_real *dy,
                                bool add, donut_real *db);

    /* The greater of each two neighbours; NaN where one is.
     * x (pairs, 2, count) -> y (pairs, count), count a multiple of DONUT_LANES */
    void (*pool_forward)(size_t pairs, size_t count, const donut_real *x, donut_real *y);

    /* From dy on through the pooling and the ReLU whose output x is: to the greater of two
     * neighbours, the first of equal ones, if it is positive; the other one gets 0.
     * dy (pairs, count); in place: x (pairs, 2, count) becomes dx. */
    void (*pool_backward)(size_t pairs, size_t count, const donut_real *dy, donut_real *x);

    /* sd = log(1 + exp(a)) + epsilon.   (count, a multiple of DONUT_LANES) */
    void (*softplus)(size_t count, donut_real epsilon, const donut_real *a, donut_real *sd);

    /* z = mu + sd noise of one window, a lane for each sample.
     * mu, sd (rows), noise (rows, lanes; ld) -> z (rows, lanes) */
    void (*sample)(size_t rows, size_t lanes, const donut_real *mu, const donut_real *sd,
                   const donut_real *noise, size_t ld, donut_real *z);

    /* log N(x; mu, sd) with sd = softplus(a) + epsilon.
     * mu, a (lanes) -> sd, log_density (lanes) */
    void (*log_density)(size_t lanes, donut_real epsilon, donut_real x, const donut_real *mu,
                        const donut_real *a, donut_real *sd, donut_real *log_density);

    /* z = mu + sd noise with sd = softplus(a) + epsilon, and at it log q(z|x), where the noise is
     * of the law, and log p(z), where z is, summed over the K latent rows.
     * mu, a, noise (K, lanes) -> sd, z (K, lanes), log_q, log_p (lanes) */
    void (*latent_forward)(const struct donut_law *law, size_t latent, size_t lanes,
                           donut_real epsilon, const donut_real *mu, const donut_real *a,
                           const donut_real *noise, donut_real *sd, donut_real *z,
                           donut_real *log_q, donut_real *log_p);

    /* The gradient of scale_q log q(z|x) - scale_p log p(z) in z joins the decoder's dz, and both
     * go on to mu and a.   scale_p, scale_q (lanes), a, noise, sd, z (K, lanes);
     * in place: dz (K, lanes) becomes dmu.   -> da (K, lanes) */
    void (*latent_backward)(const struct donut_law *law, size_t latent, size_t lanes,
                            const donut_real *scale_p, const donut_real *scale_q,
                            const donut_real *a, const donut_real *noise, const donut_real *sd,
                            const donut_real *z, donut_real *dz, donut_real *da);

    /* log_x = sum over w of alpha (log f(u) - log sd) with u = (x - mu) / sd of the law and
     * sd = softplus(a) + epsilon, and the sum of alpha.
     * x, alpha (W, lanes; ldx), mu, a (W, lanes) -> log_x, sum_alpha (lanes) */
    void (*likelihood_forward)(const struct donut_law *law, size_t window, size_t lanes,
                               donut_real epsilon, const donut_real *x, const donut_real *alpha,
                               size_t ldx, const donut_real *mu, const donut_real *a,
                               donut_real *log_x, donut_real *sum_alpha);

    /* The same, and in place mu and a become the gradients of -scale log_x in them.
     * scale (lanes) */
    void (*likelihood_backward)(const struct donut_law *law, size_t window, size_t lanes,
                                donut_real epsilon, const donut_real *scale, const donut_real *x,
                                const donut_real *alpha, size_t ldx, donut_real *mu, donut_real *a,
                                donut_real *log_x, donut_real *sum_alpha);

    /* g += twice_l2 w; returns the sum of squares of g, summed in double.   (count, as above) */
    double (*regularise)(size_t count, donut_real twice_l2, const donut_real *w, donut_real *g);

    /* With g' = grad_scale g:  m = beta1 m + rest1 g';  v = beta2 v + rest2 g'^2;
     * w -= rate m / (sqrt(v) + epsilon). Below 1e-30 m and v become 0.   (count, as above) */
    void (*adam)(size_t count, const struct donut_adam_step *step, donut_real grad_scale,
                 const donut_real *g, donut_real *m, donut_real *v, donut_real *w);

    /* Standard normal draws from blocks first .. first + 15 of a stream; first is a multiple of
     * 16. Of words w0 .. w3 of block first + i,
     *   r = sqrt(-2 log((w0 / 2 + 1/2) / 2^31)), t = pi w1 / 2^31 with w1 read as a signed number
     * give out[i] = r cos t and out[16 + i] = r sin t (Box-Muller), and w2 and w3 out[32 + i] and
     * out[48 + i]. */
    void (*normals)(struct donut_stream stream, uint64_t first, donut_real out[4 * DONUT_LANES]);

    /* Windows side by side: out (window, lanes), lane l < n is series[first[l]] and the window - 1
     * elements after it, the other lanes 0. */
    void (*gather)(size_t window, size_t lanes, const donut_real *series, const size_t *first,
                   size_t n, donut_real *out);
};

/* The fastest variant for this processor. */
const struct donut_kernel *donut_kernel_choose(void);

/* The variant of that name, the fastest one for NULL; NULL when this machine cannot run it or there
 * is none. */
const struct donut_kernel *donut_kernel_named(const char *name);

/* Variant number i of those that this machine can run, fastest first; NULL after the last. */
const struct donut_kernel *donut_kernel_available(size_t i);

extern const struct donut_kernel donut_kernel_plain;
#ifndef DONUT_REAL_DOUBLE
#if defined(__x86_64__)
extern const struct donut_kernel donut_kernel_avx2, donut_kernel_avx512;
#elif defined(__aarch64__)
extern const struct donut_kernel donut_kernel_neon;
#endif
#endif

#endif
