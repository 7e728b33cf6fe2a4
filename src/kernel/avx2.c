/* x86-64 with AVX2 and FMA: 16 registers of 8 floats. */
#if defined(__x86_64__) && !defined(DONUT_REAL_DOUBLE)
#include "kernel/kernel.h"
#include "kernel/vector.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define VARIANT donut_kernel_avx2
#define VARIANT_NAME "avx2"
#define LANES 8
typedef __m256 vec;
typedef int ivec __attribute__((vector_size(32)));
#define vec_load(p) _mm256_loadu_ps(p)
#define vec_store(p, v) _mm256_storeu_ps(p, v)
#define vec_all(x) _mm256_set1_ps(x)
#define vec_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define vec_max(a, b) _mm256_max_ps(a, b)
#define vec_abs(v) _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v)
#define vec_sqrt(v) _mm256_sqrt_ps(v)
#define vec_keep(v) __asm__("" : "+x"(v))

INLINE float vec_sum(vec v)
{
    __m128 s = _mm256_castps256_ps128(v) + _mm256_extractf128_ps(v, 1);
    s += _mm_movehl_ps(s, s);
    return _mm_cvtss_f32(s) + _mm_cvtss_f32(_mm_movehdup_ps(s));
}

typedef __m256d dvec;
#define dvec_zero() _mm256_setzero_pd()

INLINE double dvec_sum(dvec v)
{
    const __m128d s = _mm256_castpd256_pd128(v) + _mm256_extractf128_pd(v, 1);
    return _mm_cvtsd_f64(s) + _mm_cvtsd_f64(_mm_unpackhi_pd(s, s));
}

INLINE dvec dvec_add_squares(dvec sum, vec v)
{
    const __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(v));
    const __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
    return _mm256_fmadd_pd(high, high, _mm256_fmadd_pd(low, low, sum));
}

#define TILE_ROWS 6
#define TILE_VECTORS 2
#define DOT_ROWS 3
#define DOT_COLUMNS 4

INLINE void vec_dot_sums(const vec v[DOT_COLUMNS], float *out)
{
    const vec s = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
    _mm_storeu_ps(out, _mm256_castps256_ps128(s) + _mm256_extractf128_ps(s, 1));
}

INLINE void vec_multiply(ivec a, uint32_t m, ivec *high, ivec *low)
{
    const __m256i factor = _mm256_set1_epi32((int)m), bits = (__m256i)a;
    const __m256i even = _mm256_mul_epu32(bits, factor);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(bits, 32), factor);
    *low = (ivec)_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
    *high = (ivec)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
}

typedef __m128 quad;
#define quad_load(p) _mm_loadu_ps(p)
#define quad_store(p, v) _mm_storeu_ps(p, v)
#define quad_transpose(a, b, c, d) _MM_TRANSPOSE4_PS(a, b, c, d)

#include "kernel/body.h"
#else
typedef int donut_no_avx2;
#endif
