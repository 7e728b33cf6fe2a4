/* Training and scoring as a whole, for each kernel and one and two threads; what the second thread
 * adds; and how both grow with the series. */
#include "measure.h"
#include "peak.h"
#include "sections.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_KERNELS 8
#define MOST_WORKERS 2
#define PEAK_SECONDS 0.02
#define TRAIN_SECONDS 0.25
#define SCORE_SECONDS 0.25

static void start_pools(struct donut_pool *pool[MOST_WORKERS])
{
    struct donut_error err;
    for (size_t t = 0; t < MOST_WORKERS; t++)
        need_ok(donut_pool_new(t + 1, &pool[t], &err), &err);
}

static void stop_pools(struct donut_pool *pool[MOST_WORKERS])
{
    for (size_t t = 0; t < MOST_WORKERS; t++)
        donut_pool_free(pool[t]);
}

void section_peak(size_t rounds, char **argument)
{
    static struct figures peak[MOST_KERNELS][MOST_WORKERS];
    struct donut_pool *pool[MOST_WORKERS];
    (void)argument;
    start_pools(pool);
    for (size_t r = 0; r < rounds; r++)
        for (size_t k = 0; donut_kernel_name(k); k++)
            for (size_t t = 0; t < MOST_WORKERS; t++)
                figures_add(&peak[k][t],
                            peak_gflops(donut_kernel_name(k), pool[t], PEAK_SECONDS, seconds_now));
    for (size_t k = 0; donut_kernel_name(k); k++)
        for (size_t t = 0; t < MOST_WORKERS; t++)
            row_print(&(struct row){"peak", "multiply-adds in registers", donut_kernel_name(k),
                                    t + 1, "GFLOP/s", NULL},
                      &peak[k][t]);
    stop_pools(pool);
}

/* What one kind of work comes to with one kernel: by threads, and two threads against one. */
struct account {
    struct figures rate[MOST_WORKERS], gflops[MOST_WORKERS], share[MOST_WORKERS], gain;
};

static void account_add(struct account *account, size_t threads, double rate, double operations,
                        double peak)
{
    const size_t t = threads - 1;
    const double gflops = 1e-9 * rate * operations;
    figures_add(&account->rate[t], rate);
    figures_add(&account->gflops[t], gflops);
    figures_add(&account->share[t], 100 * gflops / peak);
    if (threads == 2)
        figures_add(&account->gain, rate / account->rate[0].value[account->rate[0].n - 1]);
}

static void account_print(const struct account *account, const char *section, const char *what,
                          const char *kernel, const char *unit)
{
    char text[80];
    for (size_t t = 0; t < MOST_WORKERS; t++) {
        struct row row = {section, what, kernel, t + 1, unit, NULL};
        row_print(&row, &account->rate[t]);
        row.unit = "GFLOP/s";
        row.share = &account->share[t];
        row_print(&row, &account->gflops[t]);
    }
    snprintf(text, sizeof text, "%s: two threads against one", what);
    row_print(&(struct row){section, text, kernel, 2, "x", NULL}, &account->gain);
}

void section_training(size_t rounds, char **argument)
{
    static struct account account[MOST_KERNELS];
    struct donut_series series = series_make(PAPER_POINTS);
    struct donut_pool *pool[MOST_WORKERS];
    (void)argument;
    row_print_one(&(struct row){.section = "training",
                                .what = "matrix products of a window",
                                .unit = "MFLOP"},
                  1e-6 * training_operations());
    start_pools(pool);
    for (size_t r = 0; r < rounds; r++)
        for (size_t k = 0; donut_kernel_name(k); k++)
            for (size_t t = 0; t < MOST_WORKERS; t++) {
                const char *kernel = donut_kernel_name(k);
                const double before = peak_gflops(kernel, pool[t], PEAK_SECONDS, seconds_now);
                const double rate = train_rate(&series, kernel, t + 1, TRAIN_SECONDS);
                const double after = peak_gflops(kernel, pool[t], PEAK_SECONDS, seconds_now);
                account_add(&account[k], t + 1, rate, training_operations(), (before + after) / 2);
            }
    for (size_t k = 0; donut_kernel_name(k); k++)
        account_print(&account[k], "training", "steps", donut_kernel_name(k), "windows/s");
    stop_pools(pool);
    series_drop(&series);
}

static const struct sampling {
    const char *name;
    enum donut_sampler sampler;
    size_t samples;
} samplings[] = {
    {"sobol L=128", DONUT_SAMPLER_SOBOL, 128},
    {"mc L=1024", DONUT_SAMPLER_MC, 1024},
};

static void score_one(const struct sampling *sampling, const struct donut_model *model,
                      const struct donut_series *series, size_t rounds)
{
    struct account *account = calloc(MOST_KERNELS, sizeof *account);
    struct scoring scoring[MOST_KERNELS][MOST_WORKERS] = {0};
    struct donut_pool *pool[MOST_WORKERS];
    char what[80];
    need(account != NULL, "not enough memory");
    snprintf(what, sizeof what, "%s: matrix products of a point", sampling->name);
    row_print_one(&(struct row){.section = "scoring", .what = what, .unit = "MFLOP"},
                  1e-6 * scoring_operations(sampling->samples));
    start_pools(pool);
    for (size_t r = 0; r < rounds; r++)
        for (size_t k = 0; donut_kernel_name(k); k++)
            for (size_t t = 0; t < MOST_WORKERS; t++) {
                struct scoring *its = &scoring[k][t];
                its->sampler = sampling->sampler;
                its->samples = sampling->samples;
                its->kernel = donut_kernel_name(k);
                its->threads = t + 1;
                its->seconds = SCORE_SECONDS;
                const double before = peak_gflops(its->kernel, pool[t], PEAK_SECONDS, seconds_now);
                const double rate = score_rate(model, series, its);
                const double after = peak_gflops(its->kernel, pool[t], PEAK_SECONDS, seconds_now);
                account_add(&account[k], t + 1, rate, scoring_operations(sampling->samples),
                            (before + after) / 2);
            }
    for (size_t k = 0; donut_kernel_name(k); k++)
        account_print(&account[k], "scoring", sampling->name, donut_kernel_name(k), "points/s");
    stop_pools(pool);
    free(account);
}

void section_scoring(size_t rounds, char **argument)
{
    struct donut_series series = series_make(PAPER_POINTS);
    struct donut_model *model;
    size_t windows;
    (void)argument;
    train_epoch(&series, 0, &windows, &model);
    for (size_t i = 0; i < sizeof samplings / sizeof samplings[0]; i++)
        score_one(&samplings[i], model, &series, rounds);
    donut_model_free(model);
    series_drop(&series);
}

/* One size: the shorter it takes, the more often. */
static void grow(const struct donut_series *series, size_t rounds)
{
    static const size_t threads = MOST_WORKERS;
    struct figures seconds = {0}, trained = {0}, scored = {0};
    char train[80], score[80];
    for (size_t r = 0; r < rounds; r++) {
        struct scoring scoring = {.sampler = DONUT_SAMPLER_SOBOL,
                                  .samples = 128,
                                  .threads = threads,
                                  .points = series->n};
        struct donut_model *model;
        size_t windows;
        const double time = train_epoch(series, threads, &windows, &model);
        figures_add(&seconds, time);
        figures_add(&trained, (double)windows / time);
        figures_add(&scored, score_rate(model, series, &scoring));
        donut_model_free(model);
    }
    const char *kernel = donut_kernel_name(0);
    snprintf(train, sizeof train, "%zu points: one epoch of training", series->n);
    snprintf(score, sizeof score, "%zu points: scoring (sobol L=128)", series->n);
    row_print(&(struct row){"growth", train, kernel, threads, "s", NULL}, &seconds);
    row_print(&(struct row){"growth", train, kernel, threads, "windows/s", NULL}, &trained);
    row_print(&(struct row){"growth", score, kernel, threads, "points/s", NULL}, &scored);
}

void section_growth(size_t rounds, char **argument)
{
    static const size_t sizes[] = {10000, 30000, 100000, 300000, 1000000, 3000000};
    const size_t most = parse_count(argument[0], sizes[0], 100000000);
    struct donut_series all = series_make(most);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && sizes[i] <= most; i++) {
        struct donut_series series = all;
        const size_t fit = 300000 / sizes[i];
        series.n = sizes[i];
        grow(&series, fit < 1 ? 1 : fit < rounds ? fit : rounds);
        fflush(stdout);
    }
    series_drop(&all);
}
