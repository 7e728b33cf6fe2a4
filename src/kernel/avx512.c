/* x86-64 with AVX-512F: 32 registers of 16 floats. */
#if defined(__x86_64__) && !defined(DONUT_REAL_DOUBLE)
#include "kernel/kernel.h"
#include "kernel/vector.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))
#define VARIANT donut_kernel_avx512
#define VARIANT_NAME "avx512"
#define LANES 16
typedef __m512 vec;
typedef int ivec __attribute__((vector_size(64)));
#define vec_load(p) _mm512_loadu_ps(p)
#define vec_store(p, v) _mm512_storeu_ps(p, v)
#define vec_all(x) _mm512_set1_ps(x)
#define vec_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define vec_max(a, b) _mm512_max_ps(a, b)
#define vec_abs(v) _mm512_abs_ps(v)
#define vec_sqrt(v) _mm512_sqrt_ps(v)
#define vec_keep(v) __asm__("" : "+v"(v))
#define vec_sum(v) _mm512_reduce_add_ps(v)

typedef __m512d dvec;
#define dvec_zero() _mm512_setzero_pd()
#define dvec_sum(v) _mm512_reduce_add_pd(v)

INLINE dvec dvec_add_squares(dvec sum, vec v)
{
    const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v));
    const __m512d high =
        _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1)));
    return _mm512_fmadd_pd(high, high, _mm512_fmadd_pd(low, low, sum));
}

#define TILE_ROWS 12
#define TILE_VECTORS 2
#define DOT_ROWS 3
#define DOT_COLUMNS 8

/* Halves the vectors three times: first 256 bits of one beside 256 of another, then 128, then
 * neighbouring lanes. Before the last line vector i has lanes 2 [0 4 2 6 1 5 3 7]^-1(i) and the
 * next one; the permutation puts them in order. */
INLINE void vec_dot_sums(const vec v[DOT_COLUMNS], float *out)
{
    vec s[4], t[2];
    UNROLL
    for (int i = 0; i < 4; i++)
        s[i] =
            _mm512_shuffle_f32x4(v[i], v[i + 4], 0x44) + _mm512_shuffle_f32x4(v[i], v[i + 4], 0xee);
    UNROLL
    for (int i = 0; i < 2; i++)
        t[i] =
            _mm512_shuffle_f32x4(s[i], s[i + 2], 0x88) + _mm512_shuffle_f32x4(s[i], s[i + 2], 0xdd);
    vec u = _mm512_unpacklo_ps(t[0], t[1]) + _mm512_unpackhi_ps(t[0], t[1]);
    u += _mm512_permute_ps(u, 0x4e);
    const __m512i order = _mm512_set_epi64(0, 0, 0, 0, 6, 2, 4, 0);
    const __m512d sums = _mm512_permutexvar_pd(order, _mm512_castps_pd(u));
    _mm256_storeu_ps(out, _mm512_castps512_ps256(_mm512_castpd_ps(sums)));
}

INLINE void vec_multiply(ivec a, uint32_t m, ivec *high, ivec *low)
{
    const __m512i factor = _mm512_set1_epi32((int)m), bits = (__m512i)a;
    const __m512i even = _mm512_mul_epu32(bits, factor);
    const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(bits, 32), factor);
    *low = (ivec)_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
    *high = (ivec)_mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd);
}

typedef __m128 quad;
#define quad_load(p) _mm_loadu_ps(p)
#define quad_store(p, v) _mm_storeu_ps(p, v)
#define quad_transpose(a, b, c, d) _MM_TRANSPOSE4_PS(a, b, c, d)

#include "kernel/body.h"
#else
typedef int donut_no_avx512;
#endif
