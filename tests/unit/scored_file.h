/* Small score files for the tests of the evaluation. */
#ifndef DONUT_TESTS_SCORED_FILE_H
#define DONUT_TESTS_SCORED_FILE_H

#include "check.h"

#include "donut.h"

enum { ADJUSTED, DELAYED, RAW };
enum { MOST = 40 };

/* A score file of at most MOST points, at positions 0, 1, ... unless changed. */
struct file {
    double score[MOST];
    unsigned char label[MOST], verdict[MOST];
    int64_t position[MOST];
    struct donut_scored scored;
};

static inline void fill(struct file *file, size_t n, const char *labels, const double *score)
{
    *file = (struct file){.scored = {.n = n, .interval_seconds = 60}};
    for (size_t i = 0; i < n; i++) {
        file->score[i] = score[i];
        file->label[i] = labels[i] == '1';
        file->position[i] = (int64_t)i;
    }
    file->scored.score = file->score;
    file->scored.label = file->label;
    file->scored.position = file->position;
}

static inline struct donut_evaluation evaluate(const struct file *file, size_t delay,
                                               double threshold)
{
    struct donut_evaluate_options opt = donut_evaluate_defaults();
    struct donut_evaluation evaluation;
    opt.delay = delay;
    opt.threshold = threshold;
    opt.floor_runs = 2;
    CHECK(donut_evaluate(&file->scored, &opt, &evaluation, NULL) == DONUT_OK);
    return evaluation;
}

#endif
