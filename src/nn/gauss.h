/* A diagonal Gaussian whose mean is linear in the features and whose standard deviation is
 * softplus of a linear layer plus epsilon (paper 3.1), with reparameterised samples. */
#ifndef DONUT_NN_GAUSS_H
#define DONUT_NN_GAUSS_H

#include "nn/dense.h"

/* The two heads on the same features h (n, in); views, owns nothing. */
struct donut_gauss {
    struct donut_dense mu, sd;
};

/* h (n, in) -> mu (n, out), the logits a (n, out) of sd, and sd = log(1 + e^a) + epsilon */
void donut_gauss_forward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                         donut_real epsilon, size_t n, const donut_real *h, donut_real *mu,
                         donut_real *a, donut_real *sd);

/* dmu, dsd (n, out) -> adds to grad and dh (n, in). dsd is overwritten by the gradient of a. */
void donut_gauss_backward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                          struct donut_gauss *grad, size_t n, const donut_real *h,
                          const donut_real *a, donut_real *dmu, donut_real *dsd, donut_real *dh);

/* z = mu + sd noise, all (count) */
void donut_gauss_sample(size_t count, const donut_real *mu, const donut_real *sd,
                        const donut_real *noise, donut_real *z);

/* dz -> adds dmu += dz and dsd += dz noise, all (count) */
void donut_gauss_sample_backward(size_t count, const donut_real *dz, const donut_real *noise,
                                 donut_real *dmu, donut_real *dsd);

#endif
