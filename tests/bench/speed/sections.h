/* The sections of the benchmark; each prints its rows. */
#ifndef DONUT_BENCH_SECTIONS_H
#define DONUT_BENCH_SECTIONS_H

#include <stddef.h>

/* `rounds` of each measurement; `argument` what the command line gives to the section. */
void section_machine(size_t rounds, char **argument);
void section_peak(size_t rounds, char **argument);
void section_products(size_t rounds, char **argument);
void section_training(size_t rounds, char **argument);
void section_scoring(size_t rounds, char **argument);
void section_latency(size_t rounds, char **argument);
void section_growth(size_t rounds, char **argument);  /* MOST_POINTS */
void section_csv(size_t rounds, char **argument);     /* KPI.csv */
void section_command(size_t rounds, char **argument); /* SECTION WHAT COMMAND [ARGUMENT...] */
void section_serve(size_t rounds, char **argument);

#endif
