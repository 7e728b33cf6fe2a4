/* A CSV of latent vectors z: columns z_1 to z_K, found by name, in any order and among others. */
#ifndef DONUT_DATA_LATENTS_H
#define DONUT_DATA_LATENTS_H

#include "donut.h"

struct donut_latents {
    double *z;    /* (n, K), owned; finite */
    size_t *line; /* (n), owned: of the input */
    size_t n, z_capacity, line_capacity;
};

/* K = latent. `latents` must be zeroed; free it also after a failure. DONUT_EINPUT with line and
 * column, DONUT_ENOMEM. */
enum donut_status donut_latents_read_csv(const char *bytes, size_t size, size_t latent,
                                         struct donut_latents *latents, struct donut_error *err);

void donut_latents_free(struct donut_latents *latents);

#endif
