/* The inverse of the standard normal distribution function. */
#ifndef DONUT_BASE_QUANTILE_H
#define DONUT_BASE_QUANTILE_H

/* x with P(Z <= x) = p for a standard normal Z, to 15 digits; odd about p = 1/2. -INFINITY at 0,
 * INFINITY at 1, NAN outside [0, 1]. Only + - * / and sqrt() take part, no other function of the
 * C library: the same bits on every machine with IEEE doubles.
 * Rational approximations: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
 * distribution", Applied Statistics 37, 477-484 (1988), function PPND16. */
double donut_normal_quantile(double p);

#endif
