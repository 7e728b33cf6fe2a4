/* A training step is one on the batch that it should be on: its loss, and its gradient by the
 * biases of p(x|z), recomputed in double from the shuffled order, the hidden points and the streams
 * of noise, for batches that fill their panels and batches that do not. Abnormal points, and those
 * that are injected, are the ones at -2: they have no weight in the modified ELBO, and that of all
 * others in the plain one. */
#include "double_net.h"
#include "panel_noise.h"
#include "small_trainer.h"

struct watch {
    struct small_trainer of;
    struct donut_vae before; /* with the parameters before the step */
    donut_real *block;
    size_t steps;
    double sum; /* of the epoch's losses so far */
    bool plain;
    size_t hidden; /* points of the windows so far that were normal and are injected */
};

/* Each 31st point is abnormal. */
static bool is_abnormal(size_t t)
{
    return t % 31 == 7;
}

/* Over the windows of a batch: the loss, and the gradient by the biases. */
struct sums {
    double loss, mu[SMALL_SEASON], sd[SMALL_SEASON];
};

/* d log N(x; mu, sd) / d mu = u / sd, / d sd = (u^2 - 1) / sd for u = (x - mu) / sd, and with
 * sd = log(1 + e^a) + epsilon, d sd / d a = 1 - e^(epsilon - sd). */
static void add_window(struct watch *watch, struct donut_stream stream, size_t panel, size_t lane,
                       size_t at, struct sums *sums)
{
    const size_t window = watch->before.shape.window, latent = watch->before.shape.latent;
    const double epsilon = (double)watch->before.shape.epsilon;
    double x[SMALL_SEASON], mu[SMALL_SEASON], sd[SMALL_SEASON], mu_z[8], sd_z[8], z[8];
    double log_x = 0, log_q = 0, log_p = 0, present = 0;
    for (size_t w = 0; w < window; w++)
        x[w] = (double)watch->of.trainer.x[at + w];
    double_encode(&watch->before, x, mu_z, sd_z);
    for (size_t k = 0; k < latent; k++) {
        z[k] = mu_z[k] + sd_z[k] * panel_noise(stream, latent, panel, k, lane);
        log_q += double_log_normal(z[k], mu_z[k], sd_z[k]);
        log_p += double_log_normal(z[k], 0, 1);
    }
    double_decode(&watch->before, z, mu, sd);
    for (size_t w = 0; w < window; w++) {
        const bool hidden = x[w] == -2;
        const double alpha = watch->plain || !hidden, u = (x[w] - mu[w]) / sd[w];
        watch->hidden += hidden && !is_abnormal(at + w);
        present += alpha;
        log_x += alpha * double_log_normal(x[w], mu[w], sd[w]);
        sums->mu[w] -= alpha * u / sd[w];
        sums->sd[w] -= alpha * (u * u - 1) / sd[w] * (1 - exp(epsilon - sd[w]));
    }
    sums->loss += log_q - log_x - present / (double)window * log_p;
}

static void check_gradient(const double *want, const donut_real *got, double windows,
                           const char *what)
{
    for (size_t w = 0; w < SMALL_SEASON; w++)
        CHECK_THAT(fabs((double)got[w] - want[w] / windows) <= 1e-5 * (1 + fabs(want[w] / windows)),
                   "gradient by the %s of point %zu: %g, want %g", what, w, (double)got[w],
                   want[w] / windows);
}

static bool on_step(void *context, const struct donut_progress *progress)
{
    struct watch *watch = context;
    const struct donut_trainer *trainer = &watch->of.trainer;
    const struct donut_stream stream = {trainer->opt->seed, DONUT_DRAW_TRAIN_Z,
                                        (uint32_t)watch->steps++};
    const size_t n = trainer->batch, lanes = n <= 16 ? 16 : 32, first = progress->done - n;
    struct sums sums = {0};
    for (size_t i = 0; i < n; i++)
        add_window(watch, stream, i / lanes, i % lanes, trainer->order[first + i], &sums);
    watch->sum = (first == 0 ? 0 : watch->sum) + sums.loss;
    const double loss = watch->sum / (double)progress->done;
    CHECK_NEAR(progress->loss, loss, 1e-5 * (1 + fabs(loss)));
    check_gradient(sums.mu, trainer->shares.grad.x.mu.b, (double)n, "mean");
    check_gradient(sums.sd, trainer->shares.grad.x.sd.b, (double)n, "standard deviation");
    memcpy(watch->block, watch->of.block, watch->before.size * sizeof *watch->block);
    return watch->steps == 30;
}

static void test_steps(const char *kernel, size_t threads, size_t batch_size, size_t latent,
                       enum donut_elbo elbo)
{
    struct donut_train_options opt = small_options();
    struct watch watch = {.plain = elbo == DONUT_ELBO_PLAIN};
    unsigned char label[TRAINER_POINTS];
    for (size_t t = 0; t < TRAINER_POINTS; t++)
        label[t] = is_abnormal(t);
    opt.elbo = elbo;
    opt.kernel = kernel;
    opt.threads = threads;
    opt.batch_size = batch_size;
    opt.latent = latent;
    opt.epochs = 2;
    opt.injection = 0.1;
    opt.clip_norm = 1e9;
    opt.progress = on_step;
    opt.progress_context = &watch;
    small_trainer_start_labelled(&opt, label, &watch.of);
    for (size_t t = 0; t < TRAINER_POINTS; t++)
        if (label[t])
            watch.of.trainer.x[t] = -2;
    watch.before = watch.of.vae;
    watch.block = calloc(watch.before.size, sizeof *watch.block);
    donut_vae_bind(&watch.before, watch.block);
    memcpy(watch.block, watch.of.block, watch.before.size * sizeof *watch.block);
    CHECK_INT(donut_trainer_run(&watch.of.trainer, NULL), DONUT_OK);
    CHECK(watch.steps >= 2);
    CHECK(watch.hidden > 0);
    free(watch.block);
    small_trainer_free(&watch.of);
}

int main(void)
{
    const char *kernel;
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++)
        for (int elbo = DONUT_ELBO_MODIFIED; elbo <= DONUT_ELBO_PLAIN; elbo++) {
            test_steps(kernel, 1, 1, 3, (enum donut_elbo)elbo);
            test_steps(kernel, 2, 16, 1, (enum donut_elbo)elbo);
            test_steps(kernel, 3, 17, 2, (enum donut_elbo)elbo);
            test_steps(kernel, 2, 32, 3, (enum donut_elbo)elbo);
            test_steps(kernel, 5, 100, 8, (enum donut_elbo)elbo);
            test_steps(kernel, 3, 65536, 3, (enum donut_elbo)elbo);
        }
    return check_report("step");
}
