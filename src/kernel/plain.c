/* Plain C: the truth, and the fallback everywhere. Loops are shaped so that a compiler can keep a
 * tile of sums in registers and vectorise over lanes; the order of every sum is fixed by the
 * source. */
#include "kernel/kernel.h"
#include "kernel/product.h"

#define TILE_ROWS 4
#define TILE_LANES 8

/* gcc keeps the tile in registers only when its loops are unrolled before vectorisation, and then
 * is more than twice as fast; clang does it unasked and is slower when asked. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL_TILE _Pragma("GCC unroll 8")
#else
#define UNROLL_TILE
#endif

/* A tile's shape must be a constant where it is used. */
#if defined(__GNUC__)
#define TILE_FUNCTION static inline __attribute__((always_inline))
#else
#define TILE_FUNCTION static inline
#endif

static const donut_real half_log_two_pi = (donut_real)0.91893853320467274178032973640562;
static const donut_real pi = (donut_real)3.1415926535897932384626433832795;

TILE_FUNCTION void multiply_tile(const struct product *p, size_t row, size_t lane, size_t rows)
{
    donut_real sum[TILE_ROWS][TILE_LANES];
    const donut_real *a = p->a + row * p->a_row, *b = p->b + lane;
    donut_real *c = p->c + row * p->ldc + lane;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < TILE_LANES; j++)
            sum[r][j] = p->bias ? p->bias[row + r] : p->add ? c[r * p->ldc + j] : 0;
    for (size_t k = 0; k < p->depth; k++) {
        const donut_real *a_k = a + k * p->a_depth, *b_k = b + k * p->ldb;
        UNROLL_TILE
        for (size_t r = 0; r < rows; r++) {
            const donut_real factor = a_k[r * p->a_row];
            UNROLL_TILE
            for (size_t j = 0; j < TILE_LANES; j++)
                sum[r][j] += factor * b_k[j];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < TILE_LANES; j++)
            c[r * p->ldc + j] = sum[r][j];
}

static void multiply(const struct product *p, size_t rows, size_t lanes)
{
    for (size_t lane = 0; lane < lanes; lane += TILE_LANES) {
        size_t row = 0;
        for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
            multiply_tile(p, row, lane, TILE_ROWS);
        for (; row < rows; row++)
            multiply_tile(p, row, lane, 1);
    }
}

static void dense_forward(size_t in, size_t out, size_t lanes, const donut_real *w,
                          const donut_real *b, const donut_real *x, size_t ldx, bool relu,
                          donut_real *y)
{
    const struct product p = product_forward(in, out, lanes, w, b, x, ldx, relu, y);
    multiply(&p, out, lanes);
    if (relu)
        for (size_t i = 0; i < out * lanes; i++)
            y[i] = y[i] < 0 ? 0 : y[i]; /* a NaN stays one */
}

static void dense_backward_input(size_t in, size_t out, size_t lanes, const donut_real *w,
                                 const donut_real *dy, bool add, const donut_real *x,
                                 donut_real *dx)
{
    const struct product p = product_backward(out, lanes, w, dy, add, x, dx);
    multiply(&p, in, lanes);
    for (size_t i = 0; x && i < in * lanes; i++)
        dx[i] = x[i] > 0 ? dx[i] : 0;
}

/* Row x of X against `columns` rows of dY, each lane of a tile summed apart and the lanes together
 * at the end. */
static inline void multiply_dots(const struct donut_panels *panels, const donut_real *x,
                                 const donut_real *dy, size_t columns, bool add, donut_real *dw)
{
    donut_real sum[TILE_ROWS][TILE_LANES] = {{0}};
    for (size_t panel = 0; panel < panels->count; panel++) {
        const donut_real *xp = x + panel * panels->stride, *dyp = dy + panel * panels->stride;
        for (size_t l = 0; l < panels->lanes; l += TILE_LANES) {
            UNROLL_TILE
            for (size_t o = 0; o < columns; o++) {
                UNROLL_TILE
                for (size_t j = 0; j < TILE_LANES; j++)
                    sum[o][j] += xp[l + j] * dyp[o * panels->lanes + l + j];
            }
        }
    }
    for (size_t o = 0; o < columns; o++) {
        donut_real total = 0;
        for (size_t j = 0; j < TILE_LANES; j++)
            total += sum[o][j];
        dw[o] = add ? dw[o] + total : total;
    }
}

static void dense_backward_weight(size_t in, size_t out, const struct donut_panels *panels,
                                  const donut_real *x, const donut_real *dy, bool add,
                                  donut_real *dw)
{
    const size_t lanes = panels->lanes;
    for (size_t k = 0; k < in; k++) {
        size_t o = 0;
        for (; o + TILE_ROWS <= out; o += TILE_ROWS)
            multiply_dots(panels, x + k * lanes, dy + o * lanes, TILE_ROWS, add, dw + k * out + o);
        for (; o < out; o++)
            multiply_dots(panels, x + k * lanes, dy + o * lanes, 1, add, dw + k * out + o);
    }
}

static void dense_backward_bias(size_t out, const struct donut_panels *panels, const donut_real *dy,
                                bool add, donut_real *db)
{
    for (size_t o = 0; o < out; o++) {
        donut_real total = 0;
        for (size_t panel = 0; panel < panels->count; panel++)
            for (size_t l = 0; l < panels->lanes; l++)
                total += dy[panel * panels->stride + o * panels->lanes + l];
        db[o] = add ? db[o] + total : total;
    }
}

static void pool_forward(size_t pairs, size_t count, const donut_real *x, donut_real *y)
{
    for (size_t p = 0; p < pairs; p++, x += 2 * count, y += count)
        for (size_t i = 0; i < count; i++) {
            const donut_real first = x[i], second = x[count + i];
            y[i] = first >= second || first != first ? first : second;
        }
}

static void pool_backward(size_t pairs, size_t count, const donut_real *dy, donut_real *x)
{
    for (size_t p = 0; p < pairs; p++, x += 2 * count, dy += count)
        for (size_t i = 0; i < count; i++) {
            const donut_real first = x[i], second = x[count + i];
            x[i] = first >= second && first > 0 ? dy[i] : 0;
            x[count + i] = second > first && second > 0 ? dy[i] : 0;
        }
}

/* log(1 + e^a) = max(a, 0) + log(1 + e^-|a|), which neither overflows nor cancels. */
static donut_real softplus_of(donut_real a)
{
    return (a < 0 ? 0 : a) + REAL_LOG1P(REAL_EXP(-REAL_FABS(a)));
}

static donut_real sigmoid(donut_real a)
{
    const donut_real e = REAL_EXP(-REAL_FABS(a));
    return (a < 0 ? e : 1) / (1 + e);
}

static void softplus(size_t count, donut_real epsilon, const donut_real *a, donut_real *sd)
{
    for (size_t i = 0; i < count; i++)
        sd[i] = softplus_of(a[i]) + epsilon;
}

static void sample(size_t rows, size_t lanes, const donut_real *mu, const donut_real *sd,
                   const donut_real *noise, size_t ld, donut_real *z)
{
    for (size_t k = 0; k < rows; k++)
        for (size_t l = 0; l < lanes; l++)
            z[k * lanes + l] = mu[k] + sd[k] * noise[k * ld + l];
}

static void log_density(size_t lanes, donut_real epsilon, donut_real x, const donut_real *mu,
                        const donut_real *a, donut_real *sd, donut_real *density)
{
    for (size_t l = 0; l < lanes; l++) {
        sd[l] = softplus_of(a[l]) + epsilon;
        const donut_real u = (x - mu[l]) / sd[l];
        density[l] = -half_log_two_pi - REAL_LOG(sd[l]) - u * u / 2;
    }
}

/* log f(0) - log f(t), and its derivative by t. For large nu, u = t^2 / nu is small and the
 * logarithm nearly u: nothing cancels. */
static donut_real log_drop(const struct donut_law *law, donut_real t)
{
    return law->nu == 0 ? t * t / 2 : (law->nu + 1) / 2 * REAL_LOG1P(t * t / law->nu);
}

static donut_real log_drop_slope(const struct donut_law *law, donut_real t)
{
    return law->nu == 0 ? t : (law->nu + 1) * t / (law->nu + t * t);
}

static void latent_forward(const struct donut_law *law, size_t latent, size_t lanes,
                           donut_real epsilon, const donut_real *mu, const donut_real *a,
                           const donut_real *noise, donut_real *sd, donut_real *z,
                           donut_real *log_q, donut_real *log_p)
{
    for (size_t l = 0; l < lanes; l++) {
        log_q[l] = log_p[l] = 0;
        for (size_t i = l; i < latent * lanes; i += lanes) {
            sd[i] = softplus_of(a[i]) + epsilon;
            z[i] = mu[i] + sd[i] * noise[i];
            log_q[l] -= law->minus_log_peak + REAL_LOG(sd[i]) + log_drop(law, noise[i]);
            log_p[l] -= law->minus_log_peak + log_drop(law, z[i]);
        }
    }
}

/* log q at fixed noise is -log sd and constants, so d log q / d sd = -1 / sd and nothing in mu.
 * With z = mu + sd noise: dmu = dz, dsd = dz noise - scale_q / sd. */
static void latent_backward(const struct donut_law *law, size_t latent, size_t lanes,
                            const donut_real *scale_p, const donut_real *scale_q,
                            const donut_real *a, const donut_real *noise, const donut_real *sd,
                            const donut_real *z, donut_real *dz, donut_real *da)
{
    for (size_t l = 0; l < lanes; l++)
        for (size_t i = l; i < latent * lanes; i += lanes) {
            dz[i] += scale_p[l] * log_drop_slope(law, z[i]);
            da[i] = (dz[i] * noise[i] - scale_q[l] / sd[i]) * sigmoid(a[i]);
        }
}

static void likelihood_forward(const struct donut_law *law, size_t window, size_t lanes,
                               donut_real epsilon, const donut_real *x, const donut_real *alpha,
                               size_t ldx, const donut_real *mu, const donut_real *a,
                               donut_real *log_x, donut_real *sum_alpha)
{
    for (size_t l = 0; l < lanes; l++) {
        log_x[l] = sum_alpha[l] = 0;
        for (size_t w = 0; w < window; w++) {
            const donut_real sd = softplus_of(a[w * lanes + l]) + epsilon;
            const donut_real u = (x[w * ldx + l] - mu[w * lanes + l]) / sd;
            log_x[l] -=
                alpha[w * ldx + l] * (law->minus_log_peak + REAL_LOG(sd) + log_drop(law, u));
            sum_alpha[l] += alpha[w * ldx + l];
        }
    }
}

/* With u = (x - mu) / sd and psi = -d log f / d u:  d log p / d mu = psi / sd,
 * d log p / d sd = (u psi - 1) / sd, and d sd / d a = 1 / (1 + e^-a). */
static void likelihood_backward(const struct donut_law *law, size_t window, size_t lanes,
                                donut_real epsilon, const donut_real *scale, const donut_real *x,
                                const donut_real *alpha, size_t ldx, donut_real *mu, donut_real *a,
                                donut_real *log_x, donut_real *sum_alpha)
{
    likelihood_forward(law, window, lanes, epsilon, x, alpha, ldx, mu, a, log_x, sum_alpha);
    for (size_t w = 0; w < window; w++)
        for (size_t l = 0; l < lanes; l++) {
            const size_t at = w * lanes + l;
            const donut_real sd = softplus_of(a[at]) + epsilon;
            const donut_real u = (x[w * ldx + l] - mu[at]) / sd;
            const donut_real weight = scale[l] * alpha[w * ldx + l] / sd;
            const donut_real psi = log_drop_slope(law, u);
            mu[at] = -weight * psi;
            a[at] = weight * (1 - u * psi) * sigmoid(a[at]);
        }
}

static double regularise(size_t count, donut_real twice_l2, const donut_real *w, donut_real *g)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        g[i] += twice_l2 * w[i];
        total += (double)g[i] * (double)g[i];
    }
    return total;
}

/* Moments of a weight that has no gradient any more shrink to denormal numbers, which some
 * processors compute with a hundred times slower: far above those they become 0. */
static donut_real settle(donut_real x)
{
    return REAL_FABS(x) < (donut_real)1e-30 ? 0 : x;
}

static void adam(size_t count, const struct donut_adam_step *step, donut_real grad_scale,
                 const donut_real *g, donut_real *m, donut_real *v, donut_real *w)
{
    for (size_t i = 0; i < count; i++) {
        const donut_real gradient = grad_scale * g[i];
        m[i] = settle(step->beta1 * m[i] + step->rest1 * gradient);
        v[i] = settle(step->beta2 * v[i] + step->rest2 * gradient * gradient);
        w[i] -= step->rate * m[i] / (REAL_SQRT(v[i]) + step->epsilon);
    }
}

static void box_muller(uint32_t radius, uint32_t angle, donut_real *r_cos, donut_real *r_sin)
{
    const donut_real u = ((donut_real)(radius >> 1) + (donut_real)0.5) * (donut_real)0x1p-31;
    const donut_real r = REAL_SQRT(-2 * REAL_LOG(u));
    const donut_real t = pi * (donut_real)((double)(int32_t)angle * 0x1p-31);
    *r_cos = r * REAL_COS(t);
    *r_sin = r * REAL_SIN(t);
}

static void normals(struct donut_stream stream, uint64_t first, donut_real out[4 * DONUT_LANES])
{
    for (size_t i = 0; i < DONUT_LANES; i++) {
        uint32_t word[4];
        donut_random_block(stream, first + i, word);
        box_muller(word[0], word[1], &out[i], &out[DONUT_LANES + i]);
        box_muller(word[2], word[3], &out[2 * DONUT_LANES + i], &out[3 * DONUT_LANES + i]);
    }
}

static void gather(size_t window, size_t lanes, const donut_real *series, const size_t *first,
                   size_t n, donut_real *out)
{
    for (size_t w = 0; w < window; w++)
        for (size_t l = 0; l < lanes; l++)
            out[w * lanes + l] = l < n ? series[first[l] + w] : 0;
}

const struct donut_kernel donut_kernel_plain = {
    .name = "plain",
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weight = dense_backward_weight,
    .dense_backward_bias = dense_backward_bias,
    .pool_forward = pool_forward,
    .pool_backward = pool_backward,
    .softplus = softplus,
    .sample = sample,
    .log_density = log_density,
    .latent_forward = latent_forward,
    .latent_backward = latent_backward,
    .likelihood_forward = likelihood_forward,
    .likelihood_backward = likelihood_backward,
    .regularise = regularise,
    .adam = adam,
    .normals = normals,
    .gather = gather,
};
