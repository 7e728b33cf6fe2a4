/* What goes into the network, on vectors: random draws and windows. */

/* base/random.h's generator, LANES blocks at once: word j of the blocks is c[j]. */
INLINE void philox_round(ivec c[4], uint32_t k0, uint32_t k1)
{
    ivec high0, low0, high1, low1;
    vec_multiply(c[0], 0xD2511F53u, &high0, &low0);
    vec_multiply(c[2], 0xCD9E8D57u, &high1, &low1);
    c[0] = high1 ^ c[1] ^ (int32_t)k0;
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ (int32_t)k1;
    c[3] = low0;
}

/* `first` is a multiple of LANES, so that the lower half of a counter does not overflow. */
INLINE void philox(struct donut_stream stream, uint64_t first, ivec c[4])
{
    uint32_t k0 = (uint32_t)stream.seed, k1 = (uint32_t)(stream.seed >> 32);
    const ivec zero = {0};
    int32_t low[LANES];
    for (size_t i = 0; i < LANES; i++)
        low[i] = (int32_t)((uint32_t)first + (uint32_t)i);
    memcpy(&c[0], low, sizeof low);
    c[1] = zero + (int32_t)(uint32_t)(first >> 32);
    c[2] = zero + (int32_t)stream.part;
    c[3] = zero + (int32_t)stream.purpose;
    for (int round = 0; round < 10; round++) {
        philox_round(c, k0, k1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Each normal is within 1.5e-6 + 6e-8 / r of the exact one: u is rounded to 2^-25 next to 1, where
 * r is small, so that one in 40,000 draws is off by more than 4e-6 and none by 2.5e-4. With t = pi
 * x, x in [-1, 1), and q = 2 x rounded, the rest of the angle is at most pi / 4. */
INLINE void box_muller(ivec radius, ivec angle, float *r_cos, float *r_sin)
{
    const ivec half = (radius >> 1) & INT32_MAX;
    const vec u = (__builtin_convertvector(half, vec) + vec_all(0.5f)) * vec_all(0x1p-31f);
    const vec r = vec_sqrt(vec_all(-2.0f) * vec_log(u));
    const vec x = __builtin_convertvector(angle, vec) * vec_all(0x1p-31f);
    const vec q = vec_round(x + x);
    const vec rest = vec_fma(q, vec_all(-0.5f), x);
    const ivec quadrant = __builtin_convertvector(q, ivec);
    const vec s = vec_sin_pi(rest), c = vec_cos_pi(rest);
    const ivec odd = -(quadrant & 1);
    const ivec flip_sin = (quadrant & 2) << 30, flip_cos = ((quadrant + 1) & 2) << 30;
    vec_store(r_cos, r * (vec)((ivec)vec_select(odd, s, c) ^ flip_cos));
    vec_store(r_sin, r * (vec)((ivec)vec_select(odd, c, s) ^ flip_sin));
}

TARGET static void normals(struct donut_stream stream, uint64_t first, float out[4 * DONUT_LANES])
{
    for (size_t i = 0; i < DONUT_LANES; i += LANES) {
        ivec word[4];
        philox(stream, first + i, word);
        box_muller(word[0], word[1], out + i, out + DONUT_LANES + i);
        box_muller(word[2], word[3], out + 2 * DONUT_LANES + i, out + 3 * DONUT_LANES + i);
    }
}

INLINE void gather_four(size_t window, size_t lanes, const float *series, const size_t *first,
                        float *out)
{
    const float *a = series + first[0], *b = series + first[1];
    const float *c = series + first[2], *d = series + first[3];
    size_t w = 0;
    for (; w + 4 <= window; w += 4) {
        quad row[4] = {quad_load(a + w), quad_load(b + w), quad_load(c + w), quad_load(d + w)};
        quad_transpose(row[0], row[1], row[2], row[3]);
        UNROLL
        for (size_t i = 0; i < 4; i++)
            quad_store(out + (w + i) * lanes, row[i]);
    }
    for (; w < window; w++) {
        out[w * lanes] = a[w];
        out[w * lanes + 1] = b[w];
        out[w * lanes + 2] = c[w];
        out[w * lanes + 3] = d[w];
    }
}

TARGET static void gather(size_t window, size_t lanes, const float *series, const size_t *first,
                          size_t n, float *out)
{
    size_t l = 0;
    for (; l + 4 <= n; l += 4)
        gather_four(window, lanes, series, first + l, out + l);
    for (; l < lanes; l++)
        for (size_t w = 0; w < window; w++)
            out[w * lanes + l] = l < n ? series[first[l] + w] : 0.0f;
}
