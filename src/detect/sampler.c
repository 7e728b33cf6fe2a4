#include "detect/sampler.h"
#include "base/arena.h"
#include "base/random.h"
#include "base/sobol.h"
#include "base/status.h"
#include "base/student.h"
#include "nn/latent.h"

#include <math.h>
#include <stdlib.h>

#define MOST_SHEARED 64  /* dimensions: the time grows with their square */
#define LEAST_SHEARED 16 /* samples for each dimension: with fewer the shear pulls in the tails */

/* An odd number of samples leaves one without its mirror image. */
static void centre(size_t samples, size_t latent, donut_real *noise, size_t ld)
{
    for (size_t k = 0; k < latent; k++) {
        double mean = 0;
        for (size_t l = 0; l < samples; l++)
            mean += (double)noise[k * ld + l] / (double)samples;
        for (size_t l = 0; l < samples; l++)
            noise[k * ld + l] = (donut_real)((double)noise[k * ld + l] - mean);
    }
}

/* Cholesky: the covariance C = R R^T, R (K, K) lower triangular, row by row. False when it is
 * singular. */
static bool factor(size_t samples, size_t latent, const donut_real *noise, size_t ld, double *r)
{
    for (size_t i = 0; i < latent; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t l = 0; l < samples; l++)
                sum += (double)noise[i * ld + l] * (double)noise[j * ld + l];
            sum /= (double)samples;
            for (size_t k = 0; k < j; k++)
                sum -= r[i * latent + k] * r[j * latent + k];
            if (i == j && !(sum > 0.01))
                return false;
            r[i * latent + j] = i == j ? sqrt(sum) : sum / r[j * latent + j];
        }
    return true;
}

/* noise := R^-1 noise, whose covariance is R^-1 C R^-T = I. */
static void shear(size_t samples, size_t latent, const double *r, donut_real *noise, size_t ld)
{
    for (size_t l = 0; l < samples; l++)
        for (size_t i = 0; i < latent; i++) {
            double sum = (double)noise[i * ld + l];
            for (size_t k = 0; k < i; k++)
                sum -= r[i * latent + k] * (double)noise[k * ld + l];
            noise[i * ld + l] = (donut_real)(sum / r[i * latent + i]);
        }
}

/* Of the same rank among draws of Student's t. */
static void to_student(double nu, size_t samples, size_t latent, donut_real *noise, size_t ld)
{
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < samples; l++)
            noise[k * ld + l] = (donut_real)donut_student_of_normal(nu, (double)noise[k * ld + l]);
}

static enum donut_status draw_sobol(struct donut_stream stream, double nu, size_t samples,
                                    size_t latent, donut_real *noise, size_t ld,
                                    struct donut_error *err)
{
    const size_t half = (samples + 1) / 2;
    donut_sobol_normals(stream, half, latent, noise, ld);
    if (nu > 0)
        to_student(nu, half, latent, noise, ld);
    for (size_t k = 0; k < latent; k++)
        for (size_t l = half; l < samples; l++)
            noise[k * ld + l] = -noise[k * ld + l - half];
    if (nu > 0 || latent > MOST_SHEARED || samples / LEAST_SHEARED < latent)
        return DONUT_OK;
    double *r = donut_calloc(latent * latent, sizeof *r);
    if (!r)
        return donut_fail_memory(err);
    centre(samples, latent, noise, ld);
    if (factor(samples, latent, noise, ld, r))
        shear(samples, latent, r, noise, ld);
    free(r);
    return DONUT_OK;
}

enum donut_status donut_sampler_draw(enum donut_sampler sampler, double nu, uint64_t seed,
                                     size_t samples, size_t latent, donut_real *noise, size_t ld,
                                     struct donut_error *err)
{
    const struct donut_stream stream = {seed, DONUT_DRAW_SCORE_Z, 0};
    if (sampler != DONUT_SAMPLER_MC)
        return draw_sobol(stream, nu, samples, latent, noise, ld, err);
    for (size_t l = 0; l < samples; l++)
        for (size_t k = 0; k < latent; k++)
            donut_latent_draws(nu, stream, l * latent + k, 1, &noise[k * ld + l]);
    return DONUT_OK;
}
