/* Student's t distribution with nu degrees of freedom, nu >= 1 any real number. The density at t is
 *   c (1 + t^2 / nu)^(-(nu + 1) / 2),   c = Gamma((nu + 1) / 2) / (Gamma(nu / 2) sqrt(nu pi)),
 * Cauchy's for nu = 1, and it tends to the standard normal one as nu grows. */
#ifndef DONUT_BASE_STUDENT_H
#define DONUT_BASE_STUDENT_H

/* Draws and quantiles stay within this, so that what a network makes of them, up to the fifth
 * power, is far from overflowing a float. Of Cauchy's distribution, 6.4e-7 lie beyond. */
#define DONUT_STUDENT_LARGEST 1e6

/* log c, to 15 digits. */
double donut_student_log_peak(double nu);

/* log of the density at t. */
double donut_student_log_density(double nu, double t);

/* A draw, made of the two independent standard normal ones of a Box-Muller pair; another one needs
 * another pair. R. W. Bailey, "Polar generation of random variates with the t-distribution",
 * Mathematics of Computation 62, 779-781 (1994). */
double donut_student_draw(double nu, double normal, double partner);

/* The t below which a draw lies as likely as one of the standard normal distribution lies below
 * `normal`, for |normal| <= 9: to 12 digits for nu <= 1000, to 9 beyond. Odd and rising. */
double donut_student_of_normal(double nu, double normal);

#endif
