#include "nn/gauss.h"

void donut_gauss_forward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                         donut_real epsilon, size_t n, const donut_real *h, donut_real *mu,
                         donut_real *a, donut_real *sd)
{
    donut_dense_forward(kernel, &heads->mu, n, h, heads->mu.in, false, mu);
    donut_dense_forward(kernel, &heads->sd, n, h, heads->sd.in, false, a);
    kernel->softplus_forward(n * heads->sd.out, epsilon, a, sd);
}

void donut_gauss_backward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                          struct donut_gauss *grad, size_t n, const donut_real *h,
                          const donut_real *a, donut_real *dmu, donut_real *dsd, donut_real *dh)
{
    kernel->softplus_backward(n * heads->sd.out, a, dsd);
    donut_dense_backward(kernel, &heads->sd, &grad->sd, n, h, heads->sd.in, false, NULL, dsd, dh);
    donut_dense_backward(kernel, &heads->mu, &grad->mu, n, h, heads->mu.in, false, NULL, dmu, dh);
}

void donut_gauss_sample(size_t count, const donut_real *mu, const donut_real *sd,
                        const donut_real *noise, donut_real *z)
{
    for (size_t i = 0; i < count; i++)
        z[i] = mu[i] + sd[i] * noise[i];
}

void donut_gauss_sample_backward(size_t count, const donut_real *dz, const donut_real *noise,
                                 donut_real *dmu, donut_real *dsd)
{
    for (size_t i = 0; i < count; i++) {
        dmu[i] += dz[i];
        dsd[i] += dz[i] * noise[i];
    }
}
