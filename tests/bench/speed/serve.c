/* Does a piece of work when it is told to, so that a script can let several programs work in turn.
 * Lines of standard input, and what answers them on standard output:
 *
 *   train THREADS SECONDS                    training windows per second
 *   score THREADS SAMPLER SAMPLES SECONDS    points per second; SAMPLER is sobol or mc
 *   quit */
#include "measure.h"
#include "sections.h"
#include "work.h"

#include <stdio.h>
#include <string.h>

static double answer(const char *line, const struct donut_series *series,
                     const struct donut_model *model)
{
    struct scoring scoring = {0};
    char sampler[8];
    size_t threads;
    double seconds;
    if (sscanf(line, "train %zu %lf", &threads, &seconds) == 2)
        return train_rate(series, NULL, threads, seconds);
    need(sscanf(line, "score %zu %7s %zu %lf", &scoring.threads, sampler, &scoring.samples,
                &scoring.seconds) == 4,
         "serve: a line that is no request");
    scoring.sampler = strcmp(sampler, "mc") == 0 ? DONUT_SAMPLER_MC : DONUT_SAMPLER_SOBOL;
    return score_rate(model, series, &scoring);
}

void section_serve(size_t rounds, char **argument)
{
    struct donut_series series = series_make(PAPER_POINTS);
    struct donut_model *model;
    size_t windows;
    char line[200];
    (void)rounds;
    (void)argument;
    train_epoch(&series, 0, &windows, &model);
    while (fgets(line, sizeof line, stdin) && strcmp(line, "quit\n") != 0) {
        printf("%.6g\n", answer(line, &series, model));
        fflush(stdout);
    }
    donut_model_free(model);
    series_drop(&series);
}
