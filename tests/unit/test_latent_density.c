/* The log density of a dimension of z: closed forms, lgamma(), and the normal law as the limit. */
#include "nn/latent_density.h"
#include "check.h"

#define PI 3.14159265358979323846

static const double points[] = {0, 1e-9, -0.3, 1, -2.5, 7, 40, -1e5, 1e15};
#define POINTS (sizeof points / sizeof points[0])

static void check_density(double df, double t, double want)
{
    const struct donut_latent_density law = donut_latent_density(df);
    const double got = donut_latent_log_density(&law, t);
    CHECK_THAT(fabs(got - want) <= 4e-15 * (1 + fabs(want)), "df %g at %g: %.17g, want %.17g", df,
               t, got, want);
}

/* nu = 1: 1 / (pi (1 + t^2)); 2: 2^(-3/2) (1 + t^2 / 2)^(-3/2); 3: 6 sqrt(3) / (pi (3 + t^2)^2). */
static void test_closed_forms(void)
{
    for (size_t i = 0; i < POINTS; i++) {
        const double t = points[i], square = t * t;
        check_density(0, t, -0.5 * log(2 * PI) - 0.5 * square);
        check_density(1, t, -log(PI) - log1p(square));
        check_density(2, t, -1.5 * log(2) - 1.5 * log1p(square / 2));
        check_density(3, t, log(6 * sqrt(3) / PI / 9) - 2 * log1p(square / 3));
    }
}

/* Whatever the degrees of freedom; two values of lgamma() leave an error of their last place. */
static void test_gamma(void)
{
    for (double df = 1; df <= 1e6; df *= 1.37) {
        const struct donut_latent_density law = donut_latent_density(df);
        const double above = lgamma((df + 1) / 2), below = lgamma(df / 2);
        CHECK_NEAR(law.log_scale, above - below - 0.5 * log(df * PI), 1e-14 + 1e-15 * above);
    }
}

/* log f_nu(t) - log phi(t) = (t^4 - 2 t^2 - 1) / (4 nu) + O(t^6 / nu^2), by Taylor's series. */
static void test_limit(void)
{
    const struct donut_latent_density normal = donut_latent_density(0),
                                      law = donut_latent_density(1e6);
    for (double t = -3; t <= 3; t += 0.25) {
        const double difference =
            donut_latent_log_density(&law, t) - donut_latent_log_density(&normal, t);
        CHECK_NEAR(difference, (t * t * t * t - 2 * t * t - 1) / 4e6, 3e-10);
    }
}

int main(void)
{
    test_closed_forms();
    test_gamma();
    test_limit();
    return check_report("latent_density");
}
