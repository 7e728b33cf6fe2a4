/* A diagonal Gaussian whose mean is linear in the features and whose standard deviation is
 * softplus of a linear layer plus epsilon (paper 3.1). The kernel's latent and likelihood functions
 * take it from there. */
#ifndef DONUT_NN_GAUSS_H
#define DONUT_NN_GAUSS_H

#include "base/random.h"
#include "nn/dense.h"

/* The two heads on the same features h (in, lanes); views, owns nothing. */
struct donut_gauss {
    struct donut_dense mu, sd;
};

/* h (in, lanes) -> mu and the logits a of sd = log(1 + e^a) + epsilon, both (out, lanes) */
void donut_gauss_forward(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                         size_t lanes, const donut_real *h, donut_real *mu, donut_real *a);

/* dmu, da (out, lanes) -> dh (in, lanes), taken on through the ReLU whose output h is */
void donut_gauss_backward_input(const struct donut_kernel *kernel, const struct donut_gauss *heads,
                                size_t lanes, const donut_real *dmu, const donut_real *da,
                                const donut_real *h, donut_real *dh);

/* Standard normal draws of a stream for panel number `panel` of DONUT_PANEL windows: out
 * (rows, lanes), lanes DONUT_LANES or DONUT_PANEL. The draws of a panel and of a lane are the same
 * whatever else is drawn, for the same `rows`. */
void donut_gauss_noise(const struct donut_kernel *kernel, struct donut_stream stream, size_t panel,
                       size_t rows, size_t lanes, donut_real *out);

#endif
