/* Powers of ten as binary numbers of 128 bits. */
#ifndef DONUT_DATA_POWER_H
#define DONUT_DATA_POWER_H

#include "data/word.h"

#define DONUT_POWER_MIN (-342)
#define DONUT_POWER_MAX 324
#define DONUT_POWER_EXACT 55 /* the largest whose 128 bits are all; from 0 on */

/* 10^e / 2^donut_power_exponent(e), cut down to 127 bits behind the point: in units of 2^-127,
 * with the highest bit set. */
struct donut_wide donut_power(int e);

/* floor(log2(10^e)); 217706 / 2^16 is log2(10) closely enough for |e| <= 350. */
static inline int donut_power_exponent(int e)
{
    return donut_floor_shift(217706 * e, 16);
}

#endif
