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

static double log_student(double nu, double t)
{
    return lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(nu * acos(-1)) -
           (nu + 1) / 2 * log1p(t * t / nu);
}

static double weight_of(double weight, double beta)
{
    return weight < 0 ? beta : weight;
}

/* d log p(x; mu, sd) / d mu = psi / sd, / d sd = (u psi - 1) / sd for u = (x - mu) / sd, and with
 * sd = log(1 + e^a) + epsilon, d sd / d a = 1 - e^(epsilon - sd). */
static void add_window(struct watch *watch, struct donut_stream stream, size_t panel, size_t lane,
                       size_t at, struct sums *sums)
{
    const size_t window = watch->before.shape.window, latent = watch->before.shape.latent;
    const double epsilon = (double)watch->before.shape.epsilon;
    const struct donut_train_options *opt = watch->of.trainer.opt;
    const double nu = opt->student_df, of_x = opt->reconstruction_weight;
    double x[SMALL_SEASON], mu[SMALL_SEASON], sd[SMALL_SEASON], mu_z[8], sd_z[8], z[8];
    double log_x = 0, log_q = 0, log_p = 0, present = 0;
    for (size_t w = 0; w < window; w++)
        x[w] = (double)watch->of.trainer.x[at + w];
    double_encode(&watch->before, x, mu_z, sd_z);
    for (size_t k = 0; k < latent; k++) {
        const double noise = nu > 0 ? panel_student(stream, nu, latent, panel, k, lane)
                                    : panel_noise(stream, latent, panel, k, lane);
        z[k] = mu_z[k] + sd_z[k] * noise;
        log_q += nu > 0 ? log_student(nu, noise) - log(sd_z[k])
                        : double_log_normal(z[k], mu_z[k], sd_z[k]);
        log_p += nu > 0 ? log_student(nu, z[k]) : double_log_normal(z[k], 0, 1);
    }
    double_decode(&watch->before, z, mu, sd);
    for (size_t w = 0; w < window; w++) {
        const bool hidden = x[w] == -2;
        const double alpha = watch->plain || !hidden, u = (x[w] - mu[w]) / sd[w];
        watch->hidden += hidden && !is_abnormal(at + w);
        present += alpha;
        const double psi = nu > 0 ? (nu + 1) * u / (nu + u * u) : u;
        log_x += alpha *
                 (nu > 0 ? log_student(nu, u) - log(sd[w]) : double_log_normal(x[w], mu[w], sd[w]));
        sums->mu[w] -= of_x * alpha * psi / sd[w];
        sums->sd[w] -= of_x * alpha * (u * psi - 1) / sd[w] * (1 - exp(epsilon - sd[w]));
    }
    const double beta = present / (double)window;
    sums->loss += weight_of(opt->entropy_weight, beta) * log_q - of_x * log_x -
                  weight_of(opt->prior_weight, beta) * log_p;
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

/* `nu` 0: a normal z and x; `weights` NULL: those of eqn (3). */
static void test_steps(const char *kernel, size_t threads, size_t batch_size, size_t latent,
                       enum donut_elbo elbo, double nu, const struct donut_objective *weights)
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
    opt.student_df = opt.likelihood_df = nu;
    if (weights) {
        opt.reconstruction_weight = weights->reconstruction;
        opt.prior_weight = weights->prior;
        opt.entropy_weight = weights->entropy;
    }
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

TEST(step)
{
    static const struct donut_objective weighted = {0.5, 2, DONUT_WEIGHT_BETA};
    static const struct donut_objective constant = {1.5, 0.25, 0};
    const char *kernel;
    for (size_t i = 0; (kernel = donut_kernel_name(i)) != NULL; i++) {
        for (int elbo = DONUT_ELBO_MODIFIED; elbo <= DONUT_ELBO_PLAIN; elbo++) {
            test_steps(kernel, 1, 1, 3, (enum donut_elbo)elbo, 0, NULL);
            test_steps(kernel, 2, 16, 1, (enum donut_elbo)elbo, 0, NULL);
            test_steps(kernel, 3, 17, 2, (enum donut_elbo)elbo, 0, NULL);
            test_steps(kernel, 2, 32, 3, (enum donut_elbo)elbo, 0, NULL);
            test_steps(kernel, 5, 100, 8, (enum donut_elbo)elbo, 0, NULL);
            test_steps(kernel, 3, 65536, 3, (enum donut_elbo)elbo, 0, NULL);
        }
        test_steps(kernel, 2, 33, 3, DONUT_ELBO_MODIFIED, 10, NULL);
        test_steps(kernel, 1, 16, 2, DONUT_ELBO_PLAIN, 3, &weighted);
        test_steps(kernel, 2, 64, 3, DONUT_ELBO_MODIFIED, 0, &weighted);
        test_steps(kernel, 2, 64, 3, DONUT_ELBO_MODIFIED, 0, &constant);
    }
    return check_report("step");
}
