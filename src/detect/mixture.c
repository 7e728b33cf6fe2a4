#include "detect/mixture.h"

#include <math.h>

/* Samples of z from `first` on that are treated together. */
struct chunk {
    size_t first, lanes; /* lanes: a multiple of DONUT_LANES ... */
    size_t n;            /* ... of which so many are samples */
};

static struct chunk chunk_at(const struct donut_detector *detector, size_t first)
{
    const size_t lanes = detector->ld - first, n = detector->draws.samples - first;
    return (struct chunk){.first = first,
                          .lanes = lanes < DONUT_CHUNK ? lanes : DONUT_CHUNK,
                          .n = n < DONUT_CHUNK ? n : DONUT_CHUNK};
}

double donut_mixture_noise_log_density(const struct donut_law *law, size_t samples, size_t latent,
                                       const donut_real *noise, size_t ld)
{
    double sum = 0;
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < samples; l++)
            sum += donut_latent_log_density(law, (double)noise[k * ld + l]);
    return sum / (double)samples;
}

/* p(x_t|z) for samples of z (K, lanes) -> head (2, lanes). Only the last of the W outputs is
 * evaluated. */
static void decode_last(const struct donut_detector *detector, const struct donut_scratch *scratch,
                        const donut_real *z, size_t lanes, donut_real *head)
{
    const struct donut_vae *vae = &detector->target->model->vae;
    const struct donut_dense last = {vae->x.mu.in, 2, detector->target->last_w,
                                     detector->target->last_b};
    const donut_real *x = z;
    for (size_t i = 0; i < vae->shape.depth; i++) {
        donut_dense_forward(detector->kernel, &vae->decoder[i], lanes, x, lanes, true,
                            scratch->hidden[i]);
        x = scratch->hidden[i];
    }
    donut_dense_forward(detector->kernel, &last, lanes, x, lanes, false, head);
}

/* The heads of a chunk, with z drawn from q(z|x) into the scratch. */
static const donut_real *decode_posterior(const struct donut_detector *detector,
                                          const struct donut_scratch *scratch,
                                          const struct chunk *chunk)
{
    detector->kernel->sample(detector->shape.latent, chunk->lanes, scratch->mu_z, scratch->sd_z,
                             detector->noise_z + chunk->first, detector->ld, scratch->z);
    decode_last(detector, scratch, scratch->z, chunk->lanes, scratch->head);
    return scratch->head;
}

void donut_mixture_decode_prior(const struct donut_detector *detector,
                                const struct donut_scratch *scratch, donut_real *heads)
{
    for (size_t first = 0; first < detector->draws.samples; first += DONUT_CHUNK) {
        const struct chunk chunk = chunk_at(detector, first);
        for (size_t k = 0; k < detector->shape.latent; k++)
            for (size_t l = 0; l < chunk.lanes; l++)
                scratch->z[k * chunk.lanes + l] = detector->noise_z[k * detector->ld + first + l];
        decode_last(detector, scratch, scratch->z, chunk.lanes, heads + 2 * first);
    }
}

/* Sums over samples. mu is counted from the first one, so that the variance does not cancel. */
struct sums {
    double log_density, mu, mu_squared, sd_squared, shift;
    double log_prior;        /* of log p(z_l) */
    double highest, density; /* of p(x_t|z_l), in units of the highest one, whose log that is */
};

static void add_chunk(const struct donut_scratch *scratch, const donut_real *head, size_t n,
                      struct sums *sums)
{
    for (size_t l = 0; l < n; l++) {
        const double mu = (double)head[l] - sums->shift, sd = (double)scratch->sd[l];
        sums->log_density += (double)scratch->log_density[l];
        sums->mu += mu;
        sums->mu_squared += mu * mu;
        sums->sd_squared += sd * sd;
    }
}

static void add_densities(const struct donut_scratch *scratch, size_t n, struct sums *sums)
{
    for (size_t l = 0; l < n; l++) {
        const double log_density = (double)scratch->log_density[l];
        if (log_density == -INFINITY)
            continue;
        if (log_density > sums->highest) {
            sums->density *= exp(sums->highest - log_density);
            sums->highest = log_density;
        }
        sums->density += exp(log_density - sums->highest);
    }
}

static void add_priors(const struct donut_detector *detector, const struct donut_scratch *scratch,
                       const struct chunk *chunk, struct sums *sums)
{
    for (size_t k = 0; k < detector->shape.latent; k++)
        for (size_t l = 0; l < chunk->n; l++)
            sums->log_prior +=
                donut_latent_log_density(&detector->law, (double)scratch->z[k * chunk->lanes + l]);
}

static double score_of(const struct donut_detector *detector, const struct donut_scratch *scratch,
                       const struct sums *sums)
{
    const double count = (double)detector->draws.samples;
    if (detector->draws.score_by == DONUT_SCORE_LIKELIHOOD)
        return -(sums->highest + log(sums->density / count));
    if (detector->draws.score_by != DONUT_SCORE_ELBO)
        return -sums->log_density / count;
    double log_q = detector->noise_log_density;
    for (size_t k = 0; k < detector->shape.latent; k++)
        log_q -= log((double)scratch->sd_z[k]);
    return -((sums->log_density + sums->log_prior) / count - log_q);
}

struct donut_verdict donut_mixture_judge(const struct donut_detector *detector,
                                         const struct donut_scratch *scratch, donut_real x_t,
                                         bool missing)
{
    const enum donut_score_kind kind = detector->draws.score_by;
    struct sums sums = {.highest = -INFINITY};
    for (size_t first = 0; first < detector->draws.samples; first += DONUT_CHUNK) {
        const struct chunk chunk = chunk_at(detector, first);
        const donut_real *head = kind == DONUT_SCORE_PRIOR
                                     ? detector->target->prior.heads + 2 * first
                                     : decode_posterior(detector, scratch, &chunk);
        detector->kernel->log_density(chunk.lanes, detector->shape.epsilon, x_t, head,
                                      head + chunk.lanes, scratch->sd, scratch->log_density);
        if (first == 0)
            sums.shift = (double)head[0];
        add_chunk(scratch, head, chunk.n, &sums);
        if (kind == DONUT_SCORE_LIKELIHOOD)
            add_densities(scratch, chunk.n, &sums);
        else if (kind == DONUT_SCORE_ELBO)
            add_priors(detector, scratch, &chunk, &sums);
    }
    const double count = (double)detector->draws.samples, shifted = sums.mu / count;
    const double variance =
        sums.sd_squared / count + fmax(0, sums.mu_squared / count - shifted * shifted);
    return (struct donut_verdict){.score = missing ? NAN : score_of(detector, scratch, &sums),
                                  .mean = sums.shift + shifted,
                                  .sd = sqrt(variance)};
}
