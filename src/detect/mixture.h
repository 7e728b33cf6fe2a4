/* p(x_t|z_l) for the last point x_t of a window and L values of z, of q(z|x) or of the prior, and
 * what the kinds of score make of them. */
#ifndef DONUT_DETECT_MIXTURE_H
#define DONUT_DETECT_MIXTURE_H

#include "detect/score.h"

#define DONUT_CHUNK 64 /* samples of z decoded at a time: their activations stay in cache */

/* One thread's room for decoding the last point only, for a chunk of samples at a time. */
struct donut_scratch {
    struct donut_vae_panel panel;
    donut_real *mu_z, *sd_z;             /* (K) of the window being judged */
    donut_real *z;                       /* (K, chunk) */
    donut_real *hidden[DONUT_MAX_DEPTH]; /* (h, chunk) */
    donut_real *head;                    /* (2, chunk) mean and logit of sd */
    donut_real *sd, *log_density;        /* (chunk) */
};

/* log q(z|x) = sum_k log f((z_k - mu_k) / sd_k) - log sd_k with f the latent law: the mean over the
 * samples of the first part, which is the same for all windows.   noise (K, L; ld) */
double donut_mixture_noise_log_density(const struct donut_law *law, size_t samples, size_t latent,
                                       const donut_real *noise, size_t ld);

/* The heads of the last point with the noise itself for z, mu_z 0 and sd_z 1: heads (2 ld), for
 * chunk after chunk of samples its (2, chunk). */
void donut_mixture_decode_prior(const struct donut_detector *detector,
                                const struct donut_scratch *scratch, donut_real *heads);

/* One window, whose q(z|x) is in scratch->mu_z and sd_z unless it is scored by the prior. */
struct donut_verdict donut_mixture_judge(const struct donut_detector *detector,
                                         const struct donut_scratch *scratch, donut_real x_t,
                                         bool missing);

#endif
