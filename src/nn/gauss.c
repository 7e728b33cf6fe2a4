#include "nn/gauss.h"

#include <string.h>

void donut_gauss_forward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                         size_t lanes, const donut_real *h, donut_real *mu, donut_real *a)
{
    donut_dense_forward(kernel, &heads->mu, lanes, h, lanes, false, mu);
    donut_dense_forward(kernel, &heads->sd, lanes, h, lanes, false, a);
}

void donut_gauss_backward_input(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                                size_t lanes, const donut_real *dmu, const donut_real *da,
                                const donut_real *h, donut_real *dh)
{
    donut_dense_backward_input(kernel, &heads->mu, lanes, dmu, false, NULL, dh);
    donut_dense_backward_input(kernel, &heads->sd, lanes, da, true, h, dh);
}

/* 16 blocks of the stream are two rows of a panel. */
void donut_gauss_noise(const struct donut_kernel *kernel, struct donut_stream stream, size_t panel,
                       size_t rows, size_t lanes, donut_real *out)
{
    donut_real normal[2][DONUT_PANEL];
    const uint64_t groups = (rows + 1) / 2, first = panel * groups;
    for (size_t k = 0; k < rows; k++) {
        if (k % 2 == 0)
            kernel->normals(stream, (first + k / 2) * DONUT_LANES, normal[0]);
        memcpy(out + k * lanes, normal[k % 2], lanes * sizeof *out);
    }
}
