#include "nn/latent.h"
#include "base/student.h"
#include "nn/gauss.h"

#include <math.h>

struct donut_law donut_law(double nu)
{
    const double half_log_two_pi = 0.91893853320467274178032973640562;
    return (struct donut_law){
        .nu = (donut_real)nu,
        .minus_log_peak = (donut_real)(nu == 0 ? half_log_two_pi : -donut_student_log_peak(nu)),
    };
}

double donut_latent_log_density(const struct donut_law *law, double t)
{
    const double nu = (double)law->nu, square = t * t;
    const double fall = nu > 0 ? (nu + 1) / 2 * log1p(square / nu) : square / 2;
    return -(double)law->minus_log_peak - fall;
}

void donut_latent_draws(double nu, struct donut_stream stream, uint64_t first, size_t n,
                        donut_real *out)
{
    if (nu == 0) {
        donut_random_normals(stream, first, n, out);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        donut_real pair[2];
        donut_random_normals(stream, 2 * (first + i), 2, pair);
        out[i] = (donut_real)donut_student_draw(nu, (double)pair[0], (double)pair[1]);
    }
}

/* 16 blocks of the stream are a row: two pairs of normals each, a pair for lanes l and l + 16. */
void donut_latent_noise(const struct donut_kernel *kernel, double nu, struct donut_stream stream,
                        size_t panel, size_t rows, size_t lanes, donut_real *out)
{
    donut_real normal[4 * DONUT_LANES];
    if (nu == 0) {
        donut_gauss_noise(kernel, stream, panel, rows, lanes, out);
        return;
    }
    for (size_t k = 0; k < rows; k++) {
        kernel->normals(stream, ((uint64_t)panel * rows + k) * DONUT_LANES, normal);
        for (size_t l = 0; l < lanes; l++) {
            const donut_real *pair = normal + l / DONUT_LANES * 2 * DONUT_LANES + l % DONUT_LANES;
            out[k * lanes + l] =
                (donut_real)donut_student_draw(nu, (double)pair[0], (double)pair[DONUT_LANES]);
        }
    }
}
