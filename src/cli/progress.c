#define _XOPEN_SOURCE 700

#include "cli/progress.h"

#include "cli/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_SECONDS 0.16
#define MAX_COLUMNS 79

double donut_seconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One less than the terminal has: writing into the last column would wrap on some. */
static int usable_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return MAX_COLUMNS;
    return size.ws_col - 1 < MAX_COLUMNS ? size.ws_col - 1 : MAX_COLUMNS;
}

void donut_meter_begin(struct donut_meter *meter, const struct donut_talk *talk)
{
    const bool wanted = talk->progress || (!talk->quiet && isatty(STDERR_FILENO));
    *meter = (struct donut_meter){.shown = wanted && !talk->no_progress,
                                  .columns = usable_columns(),
                                  .began = donut_seconds()};
}

struct line {
    char bytes[MAX_COLUMNS + 1];
    int used, columns;
};

/* Adds a piece if all of it still fits; if not, neither it nor what follows it. */
static void DONUT_PRINTF(2, 3) add(struct line *line, const char *format, ...)
{
    char piece[96];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    if (length < 0 || line->used + length > line->columns) {
        line->columns = line->used;
        return;
    }
    snprintf(line->bytes + line->used, sizeof line->bytes - (size_t)line->used, "%s", piece);
    line->used += length;
}

static void add_time_left(struct line *line, double elapsed, double share)
{
    if (share <= 0 || elapsed < 1)
        return;
    const double left = elapsed / share - elapsed;
    if (left > 359999)
        return;
    const int seconds = (int)ceil(left);
    if (seconds >= 3600)
        add(line, ", %d:%02d:%02d left", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        add(line, ", %d:%02d left", seconds / 60, seconds % 60);
}

static void draw_training(struct line *line, const struct donut_progress *progress, double elapsed)
{
    const double epochs_done =
        (double)(progress->epoch - 1) +
        (progress->total ? (double)progress->done / (double)progress->total : 0);
    add(line, "epoch %zu/%zu", progress->epoch, progress->epochs);
    add_time_left(line, elapsed, epochs_done / (double)progress->epochs);
    if (isfinite(progress->loss))
        add(line, ", loss %.2f", progress->loss);
    if (isfinite(progress->validation_loss))
        add(line, ", validation %.2f", progress->validation_loss);
    if (elapsed > 0.5)
        add(line, ", %.0f windows/s", epochs_done * (double)progress->total / elapsed);
}

static void draw_scoring(struct line *line, const struct donut_meter *meter,
                         const struct donut_progress *progress, double elapsed)
{
    const size_t total = meter->total ? meter->total : progress->total;
    const double done = (double)(meter->before + progress->done);
    const double share = total ? done / (double)total : 0;
    add(line, "%s %.0f %%", meter->phase == DONUT_PHASE_SCORE ? "scoring" : "fitting the verdicts",
        100 * share);
    add_time_left(line, elapsed, share);
    if (elapsed > 0.5)
        add(line, ", %.0f points/s", done / elapsed);
}

void donut_meter_show(struct donut_meter *meter, const struct donut_progress *progress)
{
    const double now = donut_seconds();
    if (!meter->shown)
        return;
    if (progress->phase != meter->phase) {
        meter->phase = progress->phase;
        meter->began = now;
    }
    if (now - meter->last_draw < REDRAW_SECONDS)
        return;
    meter->last_draw = now;
    struct line line = {.columns = meter->columns};
    if (progress->phase == DONUT_PHASE_TRAIN)
        draw_training(&line, progress, now - meter->began);
    else
        draw_scoring(&line, meter, progress, now - meter->began);
    const int padding = meter->drawn > line.used ? meter->drawn - line.used : 0;
    fprintf(stderr, "\r%s%*s", line.bytes, padding, "");
    fflush(stderr);
    meter->drawn = line.used;
}

void donut_meter_erase(struct donut_meter *meter)
{
    if (meter->drawn > 0)
        fprintf(stderr, "\r%*s\r", meter->drawn, "");
    meter->drawn = 0;
}
