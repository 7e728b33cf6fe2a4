/* Plain C: the truth, and the fallback everywhere. Loops are shaped so that a compiler can keep a
 * tile of sums in registers and vectorise over columns; the order of every sum is fixed by the
 * source. */
#include "kernel/kernel.h"

#include <string.h>

#define TILE_ROWS 4
#define TILE_COLUMNS 8
#define PACK_DEPTH 256

/* gcc keeps the tile in registers only when its loops are unrolled before vectorisation, and then
 * is more than twice as fast; clang does it unasked and is slower when asked. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL_TILE _Pragma("GCC unroll 8")
#else
#define UNROLL_TILE
#endif

static const double log_two_pi = 1.8378770664093454835606594728112;

/* The one matrix product: C (rows, columns; ldc) += A B over `depth`, where element (r, k) of A is
 * a[r * a_row + k * a_depth] and B is (depth, columns; ldb). */
struct product {
    size_t depth;
    const donut_real *a;
    size_t a_row, a_depth;
    const donut_real *b;
    size_t ldb;
    donut_real *c;
    size_t ldc;
};

static inline void multiply_tile(const struct product *p, size_t row, size_t column, size_t rows,
                                 size_t columns)
{
    donut_real sum[TILE_ROWS][TILE_COLUMNS];
    const donut_real *a = p->a + row * p->a_row, *b = p->b + column;
    donut_real *c = p->c + row * p->ldc + column;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++)
            sum[r][j] = c[r * p->ldc + j];
    for (size_t k = 0; k < p->depth; k++) {
        const donut_real *a_k = a + k * p->a_depth, *b_k = b + k * p->ldb;
        UNROLL_TILE
        for (size_t r = 0; r < rows; r++) {
            const donut_real factor = a_k[r * p->a_row];
            UNROLL_TILE
            for (size_t j = 0; j < columns; j++)
                sum[r][j] += factor * b_k[j];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++)
            c[r * p->ldc + j] = sum[r][j];
}

static inline void multiply_rows(const struct product *p, size_t row, size_t rows, size_t columns)
{
    size_t column = 0;
    for (; column + TILE_COLUMNS <= columns; column += TILE_COLUMNS)
        multiply_tile(p, row, column, rows, TILE_COLUMNS);
    for (; column + 4 <= columns; column += 4)
        multiply_tile(p, row, column, rows, 4);
    for (; column < columns; column++)
        multiply_tile(p, row, column, rows, 1);
}

static void multiply_add(const struct product *p, size_t rows, size_t columns)
{
    size_t row = 0;
    for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
        multiply_rows(p, row, TILE_ROWS, columns);
    for (; row < rows; row++)
        multiply_rows(p, row, 1, columns);
}

static void dense_forward(size_t n, size_t in, size_t out, const donut_real *x, size_t ldx,
                          const donut_real *w, const donut_real *b, bool relu, donut_real *y)
{
    for (size_t i = 0; i < n; i++)
        memcpy(y + i * out, b, out * sizeof *y);
    /* Y (n, out) += X (n, in) W (in, out) */
    multiply_add(&(struct product){in, x, ldx, 1, w, out, y, out}, n, out);
    if (relu)
        for (size_t i = 0; i < n * out; i++)
            y[i] = y[i] < 0 ? 0 : y[i]; /* a NaN stays one */
}

static void dense_backward_input(size_t n, size_t in, size_t out, const donut_real *dy,
                                 const donut_real *w, donut_real *dx)
{
    /* dX (n, in) += dY (n, out) W^T (out, in), a strip of W^T at a time in contiguous memory. */
    donut_real strip[PACK_DEPTH * TILE_COLUMNS];
    for (size_t column = 0; column < in; column += TILE_COLUMNS) {
        const size_t columns = in - column < TILE_COLUMNS ? in - column : TILE_COLUMNS;
        for (size_t k = 0; k < out; k += PACK_DEPTH) {
            const size_t depth = out - k < PACK_DEPTH ? out - k : PACK_DEPTH;
            for (size_t j = 0; j < columns; j++)
                for (size_t o = 0; o < depth; o++)
                    strip[o * TILE_COLUMNS + j] = w[(column + j) * out + k + o];
            multiply_add(
                &(struct product){depth, dy + k, out, 1, strip, TILE_COLUMNS, dx + column, in}, n,
                columns);
        }
    }
}

static void dense_backward_weight(size_t n, size_t in, size_t out, const donut_real *x, size_t ldx,
                                  const donut_real *dy, donut_real *dw, donut_real *db)
{
    /* dW (in, out) += X^T (in, n) dY (n, out) */
    multiply_add(&(struct product){n, x, 1, ldx, dy, out, dw, out}, in, out);
    for (size_t i = 0; i < n; i++)
        for (size_t o = 0; o < out; o++)
            db[o] += dy[i * out + o];
}

static void relu_backward(size_t count, const donut_real *y, donut_real *dy)
{
    for (size_t i = 0; i < count; i++)
        dy[i] = y[i] > 0 ? dy[i] : 0;
}

/* log(1 + e^a) = max(a, 0) + log(1 + e^-|a|), which neither overflows nor cancels. */
static void softplus_forward(size_t count, donut_real epsilon, const donut_real *a, donut_real *y)
{
    for (size_t i = 0; i < count; i++)
        y[i] = REAL_FMAX(a[i], 0) + REAL_LOG1P(REAL_EXP(-REAL_FABS(a[i]))) + epsilon;
}

static void softplus_backward(size_t count, const donut_real *a, donut_real *dy)
{
    for (size_t i = 0; i < count; i++)
        dy[i] /= 1 + REAL_EXP(-a[i]);
}

static void gauss_forward(size_t n, size_t width, const donut_real *x, const donut_real *alpha,
                          size_t ldx, const donut_real *mu, const donut_real *sd, double *sum)
{
    for (size_t i = 0; i < n; i++) {
        double total = 0;
        for (size_t j = 0; j < width; j++) {
            const size_t at = i * width + j;
            const donut_real u = (x[i * ldx + j] - mu[at]) / sd[at];
            const double log_density =
                -0.5 * log_two_pi - (double)REAL_LOG(sd[at]) - 0.5 * (double)u * (double)u;
            total += (double)alpha[i * ldx + j] * log_density;
        }
        sum[i] = total;
    }
}

/* With u = (x - mu) / sd:  d log N / d mu = u / sd,  d log N / d sd = (u^2 - 1) / sd. */
static void gauss_backward(size_t n, size_t width, const donut_real *x, const donut_real *alpha,
                           size_t ldx, const donut_real *mu, const donut_real *sd, donut_real scale,
                           donut_real *dmu, donut_real *dsd)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < width; j++) {
            const size_t at = i * width + j;
            const donut_real u = (x[i * ldx + j] - mu[at]) / sd[at];
            const donut_real weight = scale * alpha[i * ldx + j] / sd[at];
            dmu[at] += weight * u;
            dsd[at] += weight * (u * u - 1);
        }
}

static double sum_squares(size_t count, const donut_real *g)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += (double)g[i] * (double)g[i];
    return total;
}

static void adam(size_t count, const struct donut_adam_step *step, const donut_real *g,
                 donut_real *m, donut_real *v, donut_real *w)
{
    for (size_t i = 0; i < count; i++) {
        const donut_real gradient = step->grad_scale * g[i];
        m[i] = step->beta1 * m[i] + step->rest1 * gradient;
        v[i] = step->beta2 * v[i] + step->rest2 * gradient * gradient;
        w[i] -= step->rate * m[i] / (REAL_SQRT(v[i]) + step->epsilon);
    }
}

const struct donut_kernel donut_kernel_plain = {
    .name = "plain",
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weight = dense_backward_weight,
    .relu_backward = relu_backward,
    .softplus_forward = softplus_forward,
    .softplus_backward = softplus_backward,
    .gauss_forward = gauss_forward,
    .gauss_backward = gauss_backward,
    .sum_squares = sum_squares,
    .adam = adam,
};
