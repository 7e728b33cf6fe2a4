/* Gaussians on vectors; the algebra is plain.c's. */

#define HALF_LOG_TWO_PI 0.918938533f

TARGET static void softplus(size_t count, float epsilon, const float *a, float *sd)
{
    for (size_t i = 0; i < count; i += LANES) {
        const vec a_i = vec_load(a + i);
        vec_store(sd + i, vec_softplus(a_i, vec_exp(-vec_abs(a_i))) + vec_all(epsilon));
    }
}

TARGET static void sample(size_t rows, size_t lanes, const float *mu, const float *sd,
                          const float *noise, size_t ld, float *z)
{
    for (size_t k = 0; k < rows; k++)
        for (size_t l = 0; l < lanes; l += LANES)
            vec_store(z + k * lanes + l,
                      vec_fma(vec_all(sd[k]), vec_load(noise + k * ld + l), vec_all(mu[k])));
}

/* log sqrt(2 pi) + log sd + u^2 / 2 = -log N(x; mu, sd) for u = (x - mu) / sd. */
INLINE vec minus_log_normal(vec sd, vec u)
{
    return vec_fma(u * vec_all(0.5f), u, vec_log(sd) + vec_all(HALF_LOG_TWO_PI));
}

TARGET static void log_density(size_t lanes, float epsilon, float x, const float *mu,
                               const float *a, float *sd, float *density)
{
    for (size_t l = 0; l < lanes; l += LANES) {
        const vec a_l = vec_load(a + l);
        const vec sd_l = vec_softplus(a_l, vec_exp(-vec_abs(a_l))) + vec_all(epsilon);
        const vec u = (vec_all(x) - vec_load(mu + l)) / sd_l;
        vec_store(sd + l, sd_l);
        vec_store(density + l, -minus_log_normal(sd_l, u));
    }
}

TARGET static void latent_forward(size_t latent, size_t lanes, float epsilon, const float *mu,
                                  const float *a, const float *noise, float *sd, float *z,
                                  float *log_q, float *log_p)
{
    for (size_t l = 0; l < lanes; l += LANES) {
        vec q = vec_all(0.0f), p = vec_all(0.0f);
        for (size_t i = l; i < latent * lanes; i += lanes) {
            const vec a_i = vec_load(a + i), noise_i = vec_load(noise + i);
            const vec sd_i = vec_softplus(a_i, vec_exp(-vec_abs(a_i))) + vec_all(epsilon);
            const vec z_i = vec_fma(sd_i, noise_i, vec_load(mu + i));
            vec_store(sd + i, sd_i);
            vec_store(z + i, z_i);
            q = q - minus_log_normal(sd_i, noise_i);
            p = p - vec_fma(z_i * vec_all(0.5f), z_i, vec_all(HALF_LOG_TWO_PI));
        }
        vec_store(log_q + l, q);
        vec_store(log_p + l, p);
    }
}

TARGET static void latent_backward(size_t latent, size_t lanes, const float *scale,
                                   const float *beta, const float *a, const float *noise,
                                   const float *sd, const float *z, float *dz, float *da)
{
    for (size_t l = 0; l < lanes; l += LANES) {
        const vec scale_l = vec_load(scale + l), weight = scale_l * vec_load(beta + l);
        for (size_t i = l; i < latent * lanes; i += lanes) {
            const vec a_i = vec_load(a + i);
            const vec dz_i = vec_fma(weight, vec_load(z + i), vec_load(dz + i));
            const vec dsd = vec_fma(dz_i, vec_load(noise + i), -scale_l / vec_load(sd + i));
            vec_store(dz + i, dz_i);
            vec_store(da + i, dsd * vec_sigmoid(a_i, vec_exp(-vec_abs(a_i))));
        }
    }
}

/* Both directions in one pass over the window, since they share the exponential and 1 / sd; with
 * `gradient` constant the forward one alone costs no more than it must. */
INLINE void likelihood(size_t window, size_t lanes, float epsilon, const float *scale,
                       const float *x, const float *alpha, size_t ldx, const float *mu,
                       const float *a, float *log_x, float *sum_alpha, bool gradient, float *dmu,
                       float *da)
{
    const vec one = vec_all(1.0f);
    for (size_t l = 0; l < lanes; l += LANES) {
        vec total = vec_all(0.0f), weights = vec_all(0.0f);
        const vec scale_l = gradient ? vec_load(scale + l) : one;
        for (size_t w = 0; w < window; w++) {
            const size_t at = w * lanes + l;
            const vec a_w = vec_load(a + at), alpha_w = vec_load(alpha + w * ldx + l);
            const vec e = vec_exp(-vec_abs(a_w));
            const vec sd = vec_softplus(a_w, e) + vec_all(epsilon), inverse = one / sd;
            const vec u = (vec_load(x + w * ldx + l) - vec_load(mu + at)) * inverse;
            total = total - alpha_w * minus_log_normal(sd, u);
            weights = weights + alpha_w;
            if (gradient) {
                const vec weight = scale_l * alpha_w * inverse;
                vec_store(dmu + at, -weight * u);
                vec_store(da + at, vec_fma(-u, u, one) * weight * vec_sigmoid(a_w, e));
            }
        }
        vec_store(log_x + l, total);
        vec_store(sum_alpha + l, weights);
    }
}

TARGET static void likelihood_forward(size_t window, size_t lanes, float epsilon, const float *x,
                                      const float *alpha, size_t ldx, const float *mu,
                                      const float *a, float *log_x, float *sum_alpha)
{
    likelihood(window, lanes, epsilon, NULL, x, alpha, ldx, mu, a, log_x, sum_alpha, false, NULL,
               NULL);
}

TARGET static void likelihood_backward(size_t window, size_t lanes, float epsilon,
                                       const float *scale, const float *x, const float *alpha,
                                       size_t ldx, float *mu, float *a, float *log_x,
                                       float *sum_alpha)
{
    likelihood(window, lanes, epsilon, scale, x, alpha, ldx, mu, a, log_x, sum_alpha, true, mu, a);
}
