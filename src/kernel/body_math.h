/* Elementary functions on vectors. The polynomials are minimax fits (Remez) of the functions named,
 * weighted for relative error; bounds are of the whole function against the exact value and are
 * tested on every variant. A NaN comes out as a NaN. */

INLINE vec vec_select(ivec mask, vec yes, vec no)
{
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

/* To the nearest integer, for |v| <= 2^22: 3 2^22 + v has no room for a fraction. */
INLINE vec vec_round(vec v)
{
    const vec room = vec_all(0x1.8p23f);
    return (v + room) - room;
}

/* v 2^n for a normal result; n holds integers. */
INLINE vec vec_scale(vec v, vec n)
{
    return v * (vec)((__builtin_convertvector(n, ivec) + 127) << 23);
}

/* e^x for x <= 0, within 1.1 ulp; below -87, where e^x leaves the normal numbers, e^-87.
 * x = n ln 2 + r, |r| <= ln 2 / 2;  e^r = 1 + r + r^2 p(r). */
INLINE vec vec_exp(vec x)
{
    x = vec_max(vec_all(-87.0f), x);
    const vec n = vec_round(x * vec_all(1.44269504f));
    /* ln 2 in two parts, the first short enough for n times it to be exact. */
    vec r = vec_fma(n, vec_all(-0.693145752f), x);
    r = vec_fma(n, vec_all(-1.42860677e-6f), r);
    vec p = vec_all(1.395049156e-3f);
    p = vec_fma(p, r, vec_all(8.368889801e-3f));
    p = vec_fma(p, r, vec_all(4.166620597e-2f));
    p = vec_fma(p, r, vec_all(1.666651815e-1f));
    p = vec_fma(p, r, vec_all(0.5f));
    p = vec_fma(p, r * r, r);
    return vec_scale(p + vec_all(1.0f), n);
}

/* log x for normal x > 0, within 0.9 ulp; NaN for infinity.
 * x = 2^e m, sqrt(1/2) <= m < sqrt(2), f = m - 1;  log(1 + f) = f - f^2 / 2 + f^3 p(f). */
INLINE vec vec_log(vec x)
{
    const ivec e = ((ivec)x - 0x3f3504f3) >> 23;
    const vec n = __builtin_convertvector(e, vec);
    const vec f = (vec)((ivec)x - (e << 23)) - vec_all(1.0f);
    vec p = vec_all(-7.634498924e-2f);
    p = vec_fma(p, f, vec_all(1.276157796e-1f));
    p = vec_fma(p, f, vec_all(-1.316018254e-1f));
    p = vec_fma(p, f, vec_all(1.420175731e-1f));
    p = vec_fma(p, f, vec_all(-1.662335694e-1f));
    p = vec_fma(p, f, vec_all(2.000122666e-1f));
    p = vec_fma(p, f, vec_all(-2.500081956e-1f));
    p = vec_fma(p, f, vec_all(3.333333135e-1f));
    const vec f2 = f * f;
    vec y = vec_fma(n, vec_all(1.42860677e-6f), p * f2 * f);
    y = vec_fma(f2, vec_all(-0.5f), y);
    y = vec_fma(n, vec_all(0.693145752f), f + y);
    return y + (x - x);
}

/* log(1 + u) for 0 <= u <= 1, within 1.4 ulp: u + u^2 p(u). */
INLINE vec vec_log1p(vec u)
{
    vec p = vec_all(-3.318474628e-3f);
    p = vec_fma(p, u, vec_all(2.020459436e-2f));
    p = vec_fma(p, u, vec_all(-5.766446143e-2f));
    p = vec_fma(p, u, vec_all(1.068055704e-1f));
    p = vec_fma(p, u, vec_all(-1.535539776e-1f));
    p = vec_fma(p, u, vec_all(1.969540119e-1f));
    p = vec_fma(p, u, vec_all(-2.495858818e-1f));
    p = vec_fma(p, u, vec_all(3.333051205e-1f));
    p = vec_fma(p, u, vec_all(-4.999993145e-1f));
    return vec_fma(u * u, p, u);
}

/* log(1 + u) for u >= 0, within 1.6 ulp; NaN for infinity. Beyond 1, rounding 1 + u moves the
 * logarithm, log 2 or more, by 2^-24 at most. */
INLINE vec vec_log1p_any(vec u)
{
    const vec one = vec_all(1.0f);
    return vec_select((ivec)(u <= one), vec_log1p(u), vec_log(one + u));
}

/* sin(pi r), within 2.2 ulp, and cos(pi r), within 1.1, for |r| <= 1/4. */
INLINE vec vec_sin_pi(vec r)
{
    const vec q = r * r;
    vec p = vec_all(-5.894187689e-1f);
    p = vec_fma(p, q, vec_all(2.549805164f));
    p = vec_fma(p, q, vec_all(-5.167708874f));
    return vec_fma(p * q, r, r * vec_all(3.14159265f));
}

INLINE vec vec_cos_pi(vec r)
{
    const vec q = r * r;
    vec p = vec_all(2.313642353e-1f);
    p = vec_fma(p, q, vec_all(-1.335050583f));
    p = vec_fma(p, q, vec_all(4.058707714f));
    p = vec_fma(p, q, vec_all(-4.934802055f));
    return vec_fma(p, q, vec_all(1.0f));
}

/* log(1 + e^a) = max(a, 0) + log(1 + e^-|a|), which neither overflows nor cancels; e = e^-|a|. */
INLINE vec vec_softplus(vec a, vec e)
{
    return vec_max(vec_all(0.0f), a) + vec_log1p(e);
}

/* 1 / (1 + e^-a), from e = e^-|a|. */
INLINE vec vec_sigmoid(vec a, vec e)
{
    const vec one = vec_all(1.0f);
    return vec_select((ivec)(a < vec_all(0.0f)), e, one) / (one + e);
}
