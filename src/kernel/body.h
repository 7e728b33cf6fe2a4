/* The whole kernel table, written once over the vocabulary of an instruction set. A variant defines
 *
 *   TARGET                  function attribute that lets the compiler use the instructions
 *   VARIANT, VARIANT_NAME   the table to define, and its name
 *   LANES                   floats in a vector; divides DONUT_LANES
 *   vec, ivec               vectors of LANES floats and LANES int32_t, with C's operators
 *   vec_load, vec_store     from and to any address
 *   vec_all(x)              x in every lane
 *   vec_fma(a, b, c)        a b + c, rounded once
 *   vec_max(a, b)           b where either is NaN
 *   vec_abs, vec_sqrt
 *   vec_keep(v)             v is from now on in a register, never loaded again
 *   vec_sum(v)              of all lanes
 *   dvec, dvec_zero, dvec_sum, dvec_add_squares(sum, v)    sums of squares in double
 *   TILE_ROWS, TILE_VECTORS shape of a product's tile of sums: all fit the registers
 *   DOT_ROWS, DOT_COLUMNS   likewise of a tile of dot products
 *   vec_dot_sums(v, out)    the sums of DOT_COLUMNS vectors to as many floats
 *   vec_multiply(a, m, high, low)    the halves of 64-bit products of unsigned words, in ivec
 *   quad, quad_load, quad_store, quad_transpose(a, b, c, d)    four vectors of 4 floats
 *
 * and includes this file. The sums of a product run in the same order whatever tile they are part
 * of; those of a dot product, in one that depends on the column alone. */
#include "kernel/kernel.h"
#include "kernel/product.h"

#include <string.h>

#include "kernel/body_math.h"
#include "kernel/body_dense.h"
#include "kernel/body_gauss.h"
#include "kernel/body_input.h"

const struct donut_kernel VARIANT = {
    .name = VARIANT_NAME,
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weight = dense_backward_weight,
    .dense_backward_bias = dense_backward_bias,
    .pool_forward = pool_forward,
    .pool_backward = pool_backward,
    .softplus = softplus,
    .sample = sample,
    .log_density = log_density,
    .latent_forward = latent_forward,
    .latent_backward = latent_backward,
    .likelihood_forward = likelihood_forward,
    .likelihood_backward = likelihood_backward,
    .regularise = regularise,
    .adam = adam,
    .normals = normals,
    .gather = gather,
};
