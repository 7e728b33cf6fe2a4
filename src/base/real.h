/* The number type of the network: float. The tests build the same sources a second time with
 * DONUT_REAL_DOUBLE, so that central differences can check the gradients to many digits. */
#ifndef DONUT_BASE_REAL_H
#define DONUT_BASE_REAL_H

#include <math.h>

#ifdef DONUT_REAL_DOUBLE
typedef double donut_real;
#define REAL_EXP exp
#define REAL_LOG log
#define REAL_LOG1P log1p
#define REAL_SQRT sqrt
#define REAL_FABS fabs
#define REAL_COS cos
#define REAL_SIN sin
#else
typedef float donut_real;
#define REAL_EXP expf
#define REAL_LOG logf
#define REAL_LOG1P log1pf
#define REAL_SQRT sqrtf
#define REAL_FABS fabsf
#define REAL_COS cosf
#define REAL_SIN sinf
#endif

#endif
