/* AArch64, whose NEON is always there: 32 registers of 4 floats. */
#if defined(__aarch64__) && !defined(DONUT_REAL_DOUBLE)
#include "kernel/kernel.h"
#include "kernel/vector.h"

#include <arm_neon.h>

#define TARGET
#define VARIANT donut_kernel_neon
#define VARIANT_NAME "neon"
#define LANES 4
typedef float32x4_t vec;
typedef int32x4_t ivec;
#define vec_load(p) vld1q_f32(p)
#define vec_store(p, v) vst1q_f32(p, v)
#define vec_all(x) vdupq_n_f32(x)
#define vec_fma(a, b, c) vfmaq_f32(c, a, b)
#define vec_max(a, b) vmaxq_f32(a, b)
#define vec_abs(v) vabsq_f32(v)
#define vec_sqrt(v) vsqrtq_f32(v)
#define vec_keep(v) __asm__("" : "+w"(v))
#define vec_sum(v) vaddvq_f32(v)

typedef float64x2_t dvec;
#define dvec_zero() vdupq_n_f64(0)
#define dvec_sum(v) vaddvq_f64(v)

INLINE dvec dvec_add_squares(dvec sum, vec v)
{
    const float64x2_t low = vcvt_f64_f32(vget_low_f32(v)), high = vcvt_high_f64_f32(v);
    return vfmaq_f64(vfmaq_f64(sum, low, low), high, high);
}

#define TILE_ROWS 6
#define TILE_VECTORS 4
#define DOT_ROWS 3
#define DOT_COLUMNS 8

INLINE void vec_dot_sums(const vec v[DOT_COLUMNS], float *out)
{
    UNROLL
    for (int i = 0; i < DOT_COLUMNS; i += 4)
        vst1q_f32(out + i, vpaddq_f32(vpaddq_f32(v[i], v[i + 1]), vpaddq_f32(v[i + 2], v[i + 3])));
}

INLINE void vec_multiply(ivec a, uint32_t m, ivec *high, ivec *low)
{
    const uint32x4_t bits = vreinterpretq_u32_s32(a);
    const uint32x4_t first = vreinterpretq_u32_u64(vmull_n_u32(vget_low_u32(bits), m));
    const uint32x4_t second = vreinterpretq_u32_u64(vmull_high_n_u32(bits, m));
    *low = vreinterpretq_s32_u32(vuzp1q_u32(first, second));
    *high = vreinterpretq_s32_u32(vuzp2q_u32(first, second));
}

typedef float32x4_t quad;
#define quad_load(p) vld1q_f32(p)
#define quad_store(p, v) vst1q_f32(p, v)

INLINE void transpose(quad *a, quad *b, quad *c, quad *d)
{
    const float32x4x2_t ab = vtrnq_f32(*a, *b), cd = vtrnq_f32(*c, *d);
    *a = vcombine_f32(vget_low_f32(ab.val[0]), vget_low_f32(cd.val[0]));
    *b = vcombine_f32(vget_low_f32(ab.val[1]), vget_low_f32(cd.val[1]));
    *c = vcombine_f32(vget_high_f32(ab.val[0]), vget_high_f32(cd.val[0]));
    *d = vcombine_f32(vget_high_f32(ab.val[1]), vget_high_f32(cd.val[1]));
}
#define quad_transpose(a, b, c, d) transpose(&(a), &(b), &(c), &(d))

#include "kernel/body.h"
#else
typedef int donut_no_neon;
#endif
