/* How the variants talk to the compiler. */
#ifndef DONUT_KERNEL_VECTOR_H
#define DONUT_KERNEL_VECTOR_H

/* Before a loop whose bounds are constants: unrolls it whole, so that arrays of vectors that it
 * indexes become registers. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

/* A function that a call of would spill vectors. */
#define INLINE TARGET static inline __attribute__((always_inline))

#endif
