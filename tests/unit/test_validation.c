/* Validation that looks at some of the windows, and leaves out those of the highest losses. The
 * small trainer has 247 validation windows, which begin at point 630: seven panels of 32 and one
 * of 23. */
#include "check.h"
#include "lone_loss.h"

#include <stdlib.h>

#define WINDOWS 247

static double losses[WINDOWS];

/* Starts a trainer whose points are not all alike, and computes the losses of its windows. */
static void start(const struct donut_train_options *opt, const unsigned char *label,
                  struct small_trainer *small)
{
    struct donut_vae_work work;
    small_trainer_start_labelled(opt, label, small);
    for (size_t t = TRAINER_FIRST_VALID; t < TRAINER_POINTS; t++)
        small->trainer.x[t] *= t % 50 ? 1 : 3;
    CHECK(donut_vae_work_new(&small->vae.shape, 1, false, &work));
    const struct donut_vae_panel panel = donut_vae_panel(&work, 0);
    for (size_t i = 0; i < WINDOWS; i++)
        losses[i] = lone_loss(small, &panel, i);
    donut_vae_work_free(&work);
}

static double mean(size_t first, size_t end)
{
    double sum = 0;
    for (size_t i = first; i < end; i++)
        sum += losses[i];
    return sum / (double)(end - first);
}

static void check_loss(struct small_trainer *small, size_t windows, double want)
{
    CHECK_INT(small->trainer.report.validation_windows, windows);
    CHECK_NEAR(donut_trainer_validate(&small->trainer), want, 1e-6 * fabs(want));
    CHECK_NEAR(donut_trainer_validate(&small->trainer), donut_trainer_validate(&small->trainer), 0);
    small_trainer_free(small);
}

/* Two panels of eight are the first and the fifth; three the first, third and sixth; one the first.
 */
static void test_some(size_t threads)
{
    struct donut_train_options opt = small_options();
    struct small_trainer small;
    opt.threads = threads;
    opt.validation_windows = 95;
    start(&opt, NULL, &small);
    CHECK(fabs(mean(0, 32) - mean(128, 160)) > 1e-3);
    check_loss(&small, 64, (mean(0, 32) + mean(128, 160)) / 2);
    opt.validation_windows = 96;
    start(&opt, NULL, &small);
    check_loss(&small, 96, (mean(0, 32) + mean(64, 96) + mean(160, 192)) / 3);
    opt.validation_windows = 1;
    start(&opt, NULL, &small);
    check_loss(&small, 32, mean(0, 32));
    const size_t all[] = {0, 256, 1000000000};
    for (size_t i = 0; i < 3; i++) {
        opt.validation_windows = all[i];
        start(&opt, NULL, &small);
        check_loss(&small, WINDOWS, mean(0, WINDOWS));
    }
}

/* Points 653 and 677 are in every window of the first panel: looked at alone, it has no whole
 * window, so all are looked at. They are in windows 0..23 and 24..47. Where no window is whole
 * anywhere, it stays. */
static void test_no_whole(void)
{
    struct donut_train_options opt = small_options();
    struct small_trainer small;
    unsigned char label[TRAINER_POINTS] = {[653] = 1, [677] = 1};
    opt.validation_windows = 32;
    start(&opt, label, &small);
    check_loss(&small, WINDOWS, mean(48, WINDOWS));
    opt.windows = DONUT_WINDOWS_NORMAL;
    start(&opt, label, &small);
    check_loss(&small, WINDOWS - 48, mean(48, WINDOWS));
    opt.windows = DONUT_WINDOWS_ALL;
    for (size_t t = 653; t < TRAINER_POINTS; t += 24)
        label[t] = 1;
    start(&opt, label, &small);
    check_loss(&small, 32, mean(0, 32));
}

static int by_value(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* Of the losses [first, end), but for the `out` highest. */
static double trimmed(size_t first, size_t end, size_t out)
{
    qsort(losses + first, end - first, sizeof *losses, by_value);
    return mean(first, end - out);
}

/* A tenth of 247 windows is 24 of them, of 64 it is 6; 0.29 of 100 would be 29. Labels first: of
 * the 199 windows without points 653 and 677 a tenth is 19. */
static void test_trim(size_t threads)
{
    struct donut_train_options opt = small_options();
    struct small_trainer small;
    const unsigned char label[TRAINER_POINTS] = {[653] = 1, [677] = 1};
    opt.threads = threads;
    opt.validation_trim = 0.1;
    start(&opt, NULL, &small);
    const double all = mean(0, WINDOWS);
    CHECK(trimmed(0, WINDOWS, 24) < all - 1e-3 * fabs(all));
    check_loss(&small, WINDOWS, mean(0, WINDOWS - 24));
    start(&opt, label, &small);
    check_loss(&small, WINDOWS, trimmed(48, WINDOWS, 19));
    opt.validation_windows = 64;
    start(&opt, NULL, &small);
    memmove(losses + 32, losses + 128, 32 * sizeof *losses);
    check_loss(&small, 64, trimmed(0, 64, 6));
    /* Less than one window. */
    opt.validation_windows = 32;
    opt.validation_trim = 0.03;
    start(&opt, NULL, &small);
    check_loss(&small, 32, mean(0, 32));
}

/* What is not finite is not trimmed away: training has to end there. */
static void test_not_finite(void)
{
    struct donut_train_options opt = small_options();
    struct small_trainer small;
    opt.validation_trim = 0.4;
    start(&opt, NULL, &small);
    small.trainer.x[700] = NAN;
    CHECK(!isfinite(donut_trainer_validate(&small.trainer)));
    small_trainer_free(&small);
}

TEST(validation)
{
    static const size_t threads[] = {1, 2, 7};
    for (size_t i = 0; i < 3; i++) {
        test_some(threads[i]);
        test_trim(threads[i]);
    }
    test_no_whole();
    test_not_finite();
    return check_report("validation");
}
