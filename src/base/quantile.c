#include "base/quantile.h"

#include <math.h>

/* Numerator and denominator of a quotient of polynomials of degree 7, lowest power first. */
struct quotient {
    double above[8], below[8];
};

/* In .425^2 - (p - 1/2)^2 for |p - 1/2| <= .425; times p - 1/2. */
static const struct quotient middle = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3},
};

/* In r - 1.6 for r = sqrt(-log(min(p, 1 - p))) <= 5. */
static const struct quotient tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};

/* In r - 5 for r > 5. */
static const struct quotient far_tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

static double quotient_at(const struct quotient *q, double x)
{
    double above = q->above[7], below = q->below[7];
    for (int i = 6; i >= 0; i--) {
        above = above * x + q->above[i];
        below = below * x + q->below[i];
    }
    return above / below;
}

/* log(p) for 0 < p < 1. p = f 2^e with f in [sqrt(1/2), sqrt(2)), and with s = (f - 1) / (f + 1)
 * log f = 2 (s + s^3/3 + s^5/5 + ...): |s| < .172, so that what follows s^21 is below 1e-18. */
static double logarithm(double p)
{
    static const double term[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                                  1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
    int e;
    double f = frexp(p, &e);
    if (f < 0.70710678118654752440) {
        f *= 2;
        e--;
    }
    const double s = (f - 1) / (f + 1), square = s * s;
    double sum = 0;
    for (int i = sizeof term / sizeof term[0] - 1; i >= 0; i--)
        sum = sum * square + term[i];
    return e * 0.69314718055994530942 + 2 * s * sum;
}

double donut_normal_quantile(double p)
{
    const double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * quotient_at(&middle, 0.180625 - q * q);
    const double outside = q < 0 ? p : 1 - p; /* what lies beyond x */
    if (!(outside > 0))
        return outside == 0 ? copysign(INFINITY, q) : NAN;
    const double r = sqrt(-logarithm(outside));
    const double x = r <= 5 ? quotient_at(&tail, r - 1.6) : quotient_at(&far_tail, r - 5);
    return copysign(x, q);
}
