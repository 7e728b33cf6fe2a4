/* Gaussians and the latent law on vectors; the algebra is plain.c's. */

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

/* `more` - log f(t) of the law. `student` is law->nu > 0, as a constant. */
INLINE vec minus_log_law(const struct donut_law *law, bool student, vec t, vec more)
{
    more = more + vec_all(law->minus_log_peak);
    if (!student)
        return vec_fma(t * vec_all(0.5f), t, more);
    return vec_fma(vec_all((law->nu + 1) / 2), vec_log1p_any(t * t / vec_all(law->nu)), more);
}

INLINE void latent(const struct donut_law *law, bool student, size_t rows, size_t lanes,
                   float epsilon, const float *mu, const float *a, const float *noise, float *sd,
                   float *z, float *log_q, float *log_p)
{
    for (size_t l = 0; l < lanes; l += LANES) {
        vec q = vec_all(0.0f), p = vec_all(0.0f);
        for (size_t i = l; i < rows * lanes; i += lanes) {
            const vec a_i = vec_load(a + i), noise_i = vec_load(noise + i);
            const vec sd_i = vec_softplus(a_i, vec_exp(-vec_abs(a_i))) + vec_all(epsilon);
            const vec z_i = vec_fma(sd_i, noise_i, vec_load(mu + i));
            vec_store(sd + i, sd_i);
            vec_store(z + i, z_i);
            q = q - minus_log_law(law, student, noise_i, vec_log(sd_i));
            p = p - minus_log_law(law, student, z_i, vec_all(0.0f));
        }
        vec_store(log_q + l, q);
        vec_store(log_p + l, p);
    }
}

TARGET static void latent_forward(const struct donut_law *law, size_t rows, size_t lanes,
                                  float epsilon, const float *mu, const float *a,
                                  const float *noise, float *sd, float *z, float *log_q,
                                  float *log_p)
{
    if (law->nu > 0)
        latent(law, true, rows, lanes, epsilon, mu, a, noise, sd, z, log_q, log_p);
    else
        latent(law, false, rows, lanes, epsilon, mu, a, noise, sd, z, log_q, log_p);
}

/* -d log f(t) / dt of the law. */
INLINE vec minus_log_slope(const struct donut_law *law, bool student, vec t)
{
    if (student)
        return vec_all(law->nu + 1) * t / vec_fma(t, t, vec_all(law->nu));
    return t;
}

TARGET static void latent_backward(const struct donut_law *law, size_t rows, size_t lanes,
                                   const float *scale_p, const float *scale_q, const float *a,
                                   const float *noise, const float *sd, const float *z, float *dz,
                                   float *da)
{
    for (size_t l = 0; l < lanes; l += LANES) {
        const vec weight_p = vec_load(scale_p + l), weight_q = vec_load(scale_q + l);
        for (size_t i = l; i < rows * lanes; i += lanes) {
            const vec a_i = vec_load(a + i),
                      slope = minus_log_slope(law, law->nu > 0, vec_load(z + i));
            const vec dz_i = vec_fma(weight_p, slope, vec_load(dz + i));
            const vec dsd = vec_fma(dz_i, vec_load(noise + i), -weight_q / vec_load(sd + i));
            vec_store(dz + i, dz_i);
            vec_store(da + i, dsd * vec_sigmoid(a_i, vec_exp(-vec_abs(a_i))));
        }
    }
}

/* Both directions in one pass over the window, since they share the exponential and 1 / sd; with
 * `student`, which is law->nu > 0, and `gradient` constant, none costs more than it must. */
INLINE void likelihood(const struct donut_law *law, bool student, size_t window, size_t lanes,
                       float epsilon, const float *scale, const float *x, const float *alpha,
                       size_t ldx, const float *mu, const float *a, float *log_x, float *sum_alpha,
                       bool gradient, float *dmu, float *da)
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
            total = total - alpha_w * minus_log_law(law, student, u, vec_log(sd));
            weights = weights + alpha_w;
            if (gradient) {
                const vec weight = scale_l * alpha_w * inverse;
                const vec psi = minus_log_slope(law, student, u);
                vec_store(dmu + at, -weight * psi);
                vec_store(da + at, vec_fma(-u, psi, one) * weight * vec_sigmoid(a_w, e));
            }
        }
        vec_store(log_x + l, total);
        vec_store(sum_alpha + l, weights);
    }
}

TARGET static void likelihood_forward(const struct donut_law *law, size_t window, size_t lanes,
                                      float epsilon, const float *x, const float *alpha, size_t ldx,
                                      const float *mu, const float *a, float *log_x,
                                      float *sum_alpha)
{
    if (law->nu > 0)
        likelihood(law, true, window, lanes, epsilon, NULL, x, alpha, ldx, mu, a, log_x, sum_alpha,
                   false, NULL, NULL);
    else
        likelihood(law, false, window, lanes, epsilon, NULL, x, alpha, ldx, mu, a, log_x, sum_alpha,
                   false, NULL, NULL);
}

TARGET static void likelihood_backward(const struct donut_law *law, size_t window, size_t lanes,
                                       float epsilon, const float *scale, const float *x,
                                       const float *alpha, size_t ldx, float *mu, float *a,
                                       float *log_x, float *sum_alpha)
{
    if (law->nu > 0)
        likelihood(law, true, window, lanes, epsilon, scale, x, alpha, ldx, mu, a, log_x, sum_alpha,
                   true, mu, a);
    else
        likelihood(law, false, window, lanes, epsilon, scale, x, alpha, ldx, mu, a, log_x,
                   sum_alpha, true, mu, a);
}
