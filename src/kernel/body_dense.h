/* Dense layers, pooling and their optimiser on vectors. */

INLINE void start_tile(const struct product *p, size_t row, size_t lane, size_t rows,
                       size_t vectors, vec sum[TILE_ROWS][TILE_VECTORS])
{
    const float *c = p->c + row * p->ldc + lane;
    UNROLL
    for (size_t r = 0; r < rows; r++) {
        const vec bias = vec_all(p->bias ? p->bias[row + r] : 0.0f);
        UNROLL
        for (size_t v = 0; v < vectors; v++)
            sum[r][v] = p->add ? vec_load(c + r * p->ldc + v * LANES) : bias;
    }
}

INLINE void finish_tile(const struct product *p, size_t row, size_t lane, size_t rows,
                        size_t vectors, vec sum[TILE_ROWS][TILE_VECTORS])
{
    const vec zero = vec_all(0.0f);
    UNROLL
    for (size_t r = 0; r < rows; r++) {
        UNROLL
        for (size_t v = 0; v < vectors; v++) {
            const size_t at = (row + r) * p->ldc + lane + v * LANES;
            vec y = sum[r][v];
            if (p->relu)
                y = vec_max(zero, y);
            if (p->gate)
                y = vec_select((ivec)(vec_load(p->gate + at) > zero), y, zero);
            vec_store(p->c + at, y);
        }
    }
}

INLINE void multiply_tile(const struct product *p, size_t row, size_t lane, size_t rows,
                          size_t vectors)
{
    vec sum[TILE_ROWS][TILE_VECTORS], b_k[TILE_VECTORS];
    const float *a = p->a + row * p->a_row, *b = p->b + lane;
    const size_t a_row = p->a_row, a_depth = p->a_depth, ldb = p->ldb;
    start_tile(p, row, lane, rows, vectors, sum);
    for (size_t k = p->depth; k > 0; k--, a += a_depth, b += ldb) {
        UNROLL
        for (size_t v = 0; v < vectors; v++)
            b_k[v] = vec_load(b + v * LANES);
        UNROLL
        for (size_t r = 0; r < rows; r++) {
            const vec factor = vec_all(a[r * a_row]);
            UNROLL
            for (size_t v = 0; v < vectors; v++)
                sum[r][v] = vec_fma(factor, b_k[v], sum[r][v]);
        }
    }
    finish_tile(p, row, lane, rows, vectors, sum);
}

INLINE void multiply_lanes(const struct product *p, size_t rows, size_t lane, size_t vectors)
{
    size_t row = 0;
    for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
        multiply_tile(p, row, lane, TILE_ROWS, vectors);
    for (; row + 4 <= rows; row += 4)
        multiply_tile(p, row, lane, 4, vectors);
    for (; row + 2 <= rows; row += 2)
        multiply_tile(p, row, lane, 2, vectors);
    if (row < rows)
        multiply_tile(p, row, lane, 1, vectors);
}

TARGET static void multiply(const struct product *p, size_t rows, size_t lanes)
{
    size_t lane = 0;
    for (; lane + TILE_VECTORS * LANES <= lanes; lane += TILE_VECTORS * LANES)
        multiply_lanes(p, rows, lane, TILE_VECTORS);
    for (; lane < lanes; lane += LANES)
        multiply_lanes(p, rows, lane, 1);
}

TARGET static void dense_forward(size_t in, size_t out, size_t lanes, const float *w,
                                 const float *b, const float *x, size_t ldx, bool relu, float *y)
{
    const struct product p = product_forward(in, out, lanes, w, b, x, ldx, relu, y);
    multiply(&p, out, lanes);
}

TARGET static void dense_backward_input(size_t in, size_t out, size_t lanes, const float *w,
                                        const float *dy, bool add, const float *x, float *dx)
{
    const struct product p = product_backward(out, lanes, w, dy, add, x, dx);
    multiply(&p, in, lanes);
}

/* The sums of vectors' lanes to, or onto, `columns` elements of dW. */
INLINE void finish_dots(vec sum[DOT_COLUMNS], size_t columns, bool add, float *dw)
{
    float total[DOT_COLUMNS], *out = add ? total : dw;
    if (columns == DOT_COLUMNS) {
        vec_dot_sums(sum, out);
    } else {
        UNROLL
        for (size_t c = 0; c < columns; c++)
            out[c] = vec_sum(sum[c]);
    }
    for (size_t c = 0; add && c < columns; c++)
        dw[c] += total[c];
}

/* `rows` rows of X, from x on, against `columns` rows of dY, from dy on. Every lane is summed apart
 * and the lanes together at the end. `lanes` is panels->lanes, as a constant. */
INLINE void multiply_dots(const struct donut_panels *panels, size_t lanes, const float *x,
                          const float *dy, size_t rows, size_t columns, size_t out, bool add,
                          float *dw)
{
    vec sum[DOT_ROWS][DOT_COLUMNS], x_l[DOT_ROWS];
    UNROLL
    for (size_t r = 0; r < rows; r++) {
        UNROLL
        for (size_t c = 0; c < columns; c++)
            sum[r][c] = vec_all(0.0f);
    }
    for (size_t j = panels->count; j > 0; j--, x += panels->stride, dy += panels->stride) {
        UNROLL
        for (size_t l = 0; l < lanes; l += LANES) {
            UNROLL
            for (size_t r = 0; r < rows; r++)
                x_l[r] = vec_load(x + r * lanes + l);
            UNROLL
            for (size_t c = 0; c < columns; c++) {
                vec dy_l = vec_load(dy + c * lanes + l);
                vec_keep(dy_l);
                UNROLL
                for (size_t r = 0; r < rows; r++)
                    sum[r][c] = vec_fma(x_l[r], dy_l, sum[r][c]);
            }
        }
    }
    UNROLL
    for (size_t r = 0; r < rows; r++) {
        finish_dots(sum[r], columns, add, dw + r * out);
    }
}

/* Rows [first, last) of dY, few enough to stay in the first-level cache, against all of X. */
INLINE void multiply_strip(const struct donut_panels *panels, size_t lanes, const float *x,
                           const float *dy, size_t rows, size_t first, size_t last, size_t out,
                           bool add, float *dw)
{
    size_t o = first;
    for (; o + DOT_COLUMNS <= last; o += DOT_COLUMNS)
        multiply_dots(panels, lanes, x, dy + o * lanes, rows, DOT_COLUMNS, out, add, dw + o);
    for (; o + 4 <= last; o += 4)
        multiply_dots(panels, lanes, x, dy + o * lanes, rows, 4, out, add, dw + o);
    for (; o < last; o++)
        multiply_dots(panels, lanes, x, dy + o * lanes, rows, 1, out, add, dw + o);
}

#define STRIP 24

INLINE void multiply_panels(const struct donut_panels *panels, size_t lanes, size_t in, size_t out,
                            const float *x, const float *dy, bool add, float *dw)
{
    for (size_t first = 0; first < out; first += STRIP) {
        const size_t last = out - first < STRIP ? out : first + STRIP;
        size_t k = 0;
        for (; k + DOT_ROWS <= in; k += DOT_ROWS)
            multiply_strip(panels, lanes, x + k * lanes, dy, DOT_ROWS, first, last, out, add,
                           dw + k * out);
        for (; k < in; k++)
            multiply_strip(panels, lanes, x + k * lanes, dy, 1, first, last, out, add,
                           dw + k * out);
    }
}

TARGET static void dense_backward_weight(size_t in, size_t out, const struct donut_panels *panels,
                                         const float *x, const float *dy, bool add, float *dw)
{
    if (panels->lanes == DONUT_PANEL)
        multiply_panels(panels, DONUT_PANEL, in, out, x, dy, add, dw);
    else
        multiply_panels(panels, DONUT_LANES, in, out, x, dy, add, dw);
}

TARGET static void dense_backward_bias(size_t out, const struct donut_panels *panels,
                                       const float *dy, bool add, float *db)
{
    for (size_t o = 0; o < out; o++) {
        const float *row = dy + o * panels->lanes;
        vec sum = vec_all(0.0f);
        for (size_t j = 0; j < panels->count; j++)
            for (size_t l = 0; l < panels->lanes; l += LANES)
                sum = sum + vec_load(row + j * panels->stride + l);
        db[o] = add ? db[o] + vec_sum(sum) : vec_sum(sum);
    }
}

TARGET static void pool_forward(size_t pairs, size_t count, const float *x, float *y)
{
    for (size_t p = 0; p < pairs; p++, x += 2 * count, y += count)
        for (size_t i = 0; i < count; i += LANES) {
            const vec first = vec_load(x + i), second = vec_load(x + count + i);
            const ivec mine = (ivec)(first >= second) | (ivec)(first != first);
            vec_store(y + i, vec_select(mine, first, second));
        }
}

TARGET static void pool_backward(size_t pairs, size_t count, const float *dy, float *x)
{
    const vec zero = vec_all(0.0f);
    for (size_t p = 0; p < pairs; p++, x += 2 * count, dy += count)
        for (size_t i = 0; i < count; i += LANES) {
            const vec first = vec_load(x + i), second = vec_load(x + count + i);
            const vec dy_i = vec_load(dy + i);
            const ivec mine = (ivec)(first >= second) & (ivec)(first > zero);
            const ivec its = (ivec)(second > first) & (ivec)(second > zero);
            vec_store(x + i, vec_select(mine, dy_i, zero));
            vec_store(x + count + i, vec_select(its, dy_i, zero));
        }
}

TARGET static double regularise(size_t count, float twice_l2, const float *w, float *g)
{
    const vec factor = vec_all(twice_l2);
    dvec sum = dvec_zero();
    for (size_t i = 0; i < count; i += LANES) {
        const vec gradient = vec_fma(factor, vec_load(w + i), vec_load(g + i));
        vec_store(g + i, gradient);
        sum = dvec_add_squares(sum, gradient);
    }
    return dvec_sum(sum);
}

/* plain.c's settle() */
INLINE vec settle(vec x)
{
    const vec zero = vec_all(0.0f);
    return vec_select((ivec)(vec_abs(x) < vec_all(1e-30f)), zero, x);
}

TARGET static void adam(size_t count, const struct donut_adam_step *step, float grad_scale,
                        const float *g, float *m, float *v, float *w)
{
    const vec scale = vec_all(grad_scale), epsilon = vec_all(step->epsilon);
    const vec beta1 = vec_all(step->beta1), beta2 = vec_all(step->beta2);
    const vec rest1 = vec_all(step->rest1), rest2 = vec_all(step->rest2);
    const vec rate = vec_all(step->rate);
    for (size_t i = 0; i < count; i += LANES) {
        const vec gradient = scale * vec_load(g + i);
        const vec m_i = settle(vec_fma(beta1, vec_load(m + i), rest1 * gradient));
        const vec v_i = settle(vec_fma(beta2, vec_load(v + i), rest2 * gradient * gradient));
        vec_store(m + i, m_i);
        vec_store(v + i, v_i);
        vec_store(w + i, vec_load(w + i) - rate * m_i / (vec_sqrt(v_i) + epsilon));
    }
}
