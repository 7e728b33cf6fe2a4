#include "train/validate.h"

#include "base/sort.h"

#include <math.h>
#include <string.h>

/* A share like 0.29 is not exact in binary: 0.29 of 100 windows are 29, not 28.999... */
static const double rounding = 1e-9;

static size_t windows_of(const struct donut_trainer *trainer)
{
    return donut_windows_between(&trainer->windows, trainer->n_train, trainer->n);
}

static size_t panels_of(const struct donut_trainer *trainer)
{
    return (windows_of(trainer) + DONUT_PANEL - 1) / DONUT_PANEL;
}

/* A panel of neighbouring windows: its place among all of the validation part, its first window and
 * how many it has. */
struct look {
    size_t number, at, n;
};

/* Panel i of those that are looked at. Its number among all settles its noise, so that a window has
 * the same loss whatever else is looked at. */
static struct look look(const struct donut_trainer *trainer, size_t i)
{
    const size_t number = i * panels_of(trainer) / trainer->looked_at;
    const size_t first = number * DONUT_PANEL, left = windows_of(trainer) - first;
    return (struct look){number, trainer->n_train + first, left < DONUT_PANEL ? left : DONUT_PANEL};
}

/* How many windows are looked at; *whole: of them, those without a missing or labelled point. */
static size_t count(const struct donut_trainer *trainer, size_t *whole)
{
    size_t windows = 0;
    *whole = 0;
    for (size_t i = 0; i < trainer->looked_at; i++) {
        const struct look panel = look(trainer, i);
        windows += panel.n;
        for (size_t l = 0; l < panel.n; l++)
            *whole += trainer->windows.whole[panel.at + l];
    }
    return windows;
}

void donut_validation_plan(struct donut_trainer *trainer)
{
    const size_t all = panels_of(trainer), most = trainer->opt->validation_windows;
    const size_t wanted = most < DONUT_PANEL ? 1 : most / DONUT_PANEL;
    size_t whole;
    trainer->looked_at = most == 0 || wanted > all ? all : wanted;
    size_t windows = count(trainer, &whole);
    if (whole == 0 && memchr(trainer->windows.whole + trainer->n_train, 1, windows_of(trainer))) {
        trainer->looked_at = all;
        windows = count(trainer, &whole);
    }
    trainer->report.validation_windows = trainer->windows.only_whole ? whole : windows;
}

struct validation {
    struct donut_trainer *trainer;
    struct donut_counter next;
};

/* The windows are the lanes of a matrix with row stride 1. */
static void validate_panel(struct donut_trainer *trainer, const struct donut_vae_panel *panel,
                           size_t i)
{
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_VALIDATE_Z, 0};
    const struct look here = look(trainer, i);
    const unsigned char *whole = trainer->windows.whole + here.at;
    struct donut_trainer_panel *sums = &trainer->panel[i];
    double loss[DONUT_PANEL];
    *sums = (struct donut_trainer_panel){0};
    if (trainer->windows.only_whole && !memchr(whole, 1, here.n))
        return;
    donut_latent_noise(trainer->kernel, trainer->opt->student_df, stream, here.number,
                       trainer->opt->latent, DONUT_PANEL, panel->noise);
    donut_vae_loss(trainer->kernel, trainer->vae, panel, trainer->x + here.at,
                   trainer->alpha + here.at, 1, loss);
    for (size_t l = 0; l < here.n; l++) {
        sums->loss += loss[l];
        sums->whole_loss += whole[l] ? loss[l] : 0;
        sums->whole += whole[l];
    }
    if (trainer->window_loss)
        memcpy(trainer->window_loss + i * DONUT_PANEL, loss, here.n * sizeof *loss);
}

static void validate_task(void *context, size_t worker, size_t workers)
{
    struct validation *validation = context;
    struct donut_trainer *trainer = validation->trainer;
    const struct donut_vae_panel panel = donut_vae_panel(&trainer->validation_work, worker);
    (void)workers;
    for (size_t i; (i = donut_counter_next(&validation->next)) < trainer->looked_at;)
        validate_panel(trainer, &panel, i);
}

/* The mean of the losses but for the share of the highest, over the whole windows or over all. They
 * are finite. */
static double trimmed_mean(const struct donut_trainer *trainer, bool only_whole)
{
    double *loss = trainer->window_loss, sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < trainer->looked_at; i++) {
        const struct look panel = look(trainer, i);
        for (size_t l = 0; l < panel.n; l++)
            if (!only_whole || trainer->windows.whole[panel.at + l])
                loss[n++] = loss[i * DONUT_PANEL + l];
    }
    const size_t kept = n - (size_t)(trainer->opt->validation_trim * (double)n + rounding);
    donut_sort(loss, n);
    for (size_t i = 0; i < kept; i++)
        sum += loss[i];
    return sum / (double)kept;
}

double donut_trainer_validate(struct donut_trainer *trainer)
{
    struct validation validation = {.trainer = trainer};
    struct donut_trainer_panel sum = {0};
    size_t windows = 0;
    donut_pool_run(trainer->pool, validate_task, &validation);
    for (size_t i = 0; i < trainer->looked_at; i++) {
        windows += look(trainer, i).n;
        sum.loss += trainer->panel[i].loss;
        sum.whole_loss += trainer->panel[i].whole_loss;
        sum.whole += trainer->panel[i].whole;
    }
    const double all = sum.loss / (double)windows;
    const bool only_whole =
        trainer->windows.only_whole || (isfinite(all) && 10 * sum.whole >= windows);
    const double mean = only_whole ? sum.whole_loss / (double)sum.whole : all;
    if (!trainer->window_loss || !isfinite(mean))
        return mean;
    return trimmed_mean(trainer, only_whole);
}
