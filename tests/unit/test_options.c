/* The ranges of the options that say what method is trained. */
#include "check.h"
#include "model/model.h"

static void check(struct donut_train_options opt, const char *word)
{
    const char *complaint = donut_options_complaint(&opt);
    if (!word)
        CHECK_THAT(!complaint, "\"%s\"", complaint);
    else
        CHECK_THAT(complaint && strstr(complaint, word), "\"%s\" does not say \"%s\"",
                   complaint ? complaint : "", word);
}

#define CHECK_FIELD(field, value, word)                                                            \
    do {                                                                                           \
        struct donut_train_options opt_ = donut_train_defaults();                                  \
        opt_.field = (value);                                                                      \
        check(opt_, (word));                                                                       \
    } while (0)

/* From low to high, both of them in it. */
#define CHECK_RANGE(field, low, high, word)                                                        \
    do {                                                                                           \
        CHECK_FIELD(field, low, NULL);                                                             \
        CHECK_FIELD(field, high, NULL);                                                            \
        CHECK_FIELD(field, nextafter(low, -INFINITY), word);                                       \
        CHECK_FIELD(field, nextafter(high, INFINITY), word);                                       \
        CHECK_FIELD(field, NAN, word);                                                             \
        CHECK_FIELD(field, INFINITY, word);                                                        \
    } while (0)

static void test_encoder(void)
{
    struct donut_train_options opt = donut_train_defaults();
    opt.encoder = DONUT_ENCODER_CNN;
    check(opt, NULL);
    opt.window = DONUT_CNN_MIN_WINDOW;
    check(opt, NULL);
    opt.window--;
    check(opt, "window of at least 10");
    opt.encoder = DONUT_ENCODER_DENSE;
    check(opt, NULL);
    CHECK_FIELD(encoder, (enum donut_encoder)2, "dense or cnn");
    for (size_t i = 0; i < DONUT_CONVOLUTIONS; i++) {
        CHECK_FIELD(channels[i], 1, NULL);
        CHECK_FIELD(channels[i], DONUT_MAX_CHANNELS, NULL);
        CHECK_FIELD(channels[i], 0, "channels");
        CHECK_FIELD(channels[i], DONUT_MAX_CHANNELS + 1, "channels");
    }
}

static void test_numbers(void)
{
    CHECK_FIELD(student_df, 0, NULL);
    CHECK_RANGE(student_df, 1.0, 1e6, "degrees of freedom");
    CHECK_FIELD(student_df, -1, "degrees of freedom");
    CHECK_RANGE(reconstruction_weight, 0.0, 1000.0, "reconstruction");
    CHECK_FIELD(reconstruction_weight, DONUT_WEIGHT_BETA, "reconstruction");
    CHECK_RANGE(prior_weight, 0.0, 1000.0, "prior");
    CHECK_FIELD(prior_weight, DONUT_WEIGHT_BETA, NULL);
    CHECK_FIELD(prior_weight, -0.5, "prior");
    CHECK_RANGE(entropy_weight, 0.0, 1000.0, "entropy");
    CHECK_FIELD(entropy_weight, DONUT_WEIGHT_BETA, NULL);
    CHECK_FIELD(entropy_weight, -2, "entropy");
    CHECK_FIELD(likelihood_df, 0, NULL);
    CHECK_RANGE(likelihood_df, 1.0, 1e6, "degrees of freedom");
    CHECK_FIELD(likelihood_df, 0.5, "degrees of freedom");
    CHECK_FIELD(validation_trim, 0, NULL);
    CHECK_FIELD(validation_trim, nextafter(0.5, 0), NULL);
    CHECK_FIELD(validation_trim, 0.5, "left out in validation");
    CHECK_FIELD(validation_trim, -0.01, "left out in validation");
    CHECK_FIELD(validation_trim, NAN, "left out in validation");
    CHECK_FIELD(validation_windows, 1000000000, NULL);
    CHECK_FIELD(validation_windows, 1000000001, "0 to 1000000000");
    CHECK_RANGE(keep_labels, 0.0, 1.0, "labels");
}

static void test_kinds(void)
{
    CHECK_FIELD(elbo, DONUT_ELBO_PLAIN, NULL);
    CHECK_FIELD(elbo, (enum donut_elbo)2, "ELBO");
    CHECK_FIELD(windows, DONUT_WINDOWS_NORMAL, NULL);
    CHECK_FIELD(windows, (enum donut_windows)2, "windows");
    CHECK_FIELD(schedule, DONUT_SCHEDULE_COSINE, NULL);
    CHECK_FIELD(schedule, (enum donut_schedule)2, "step or cosine");
    CHECK_FIELD(scale_by, DONUT_SCALE_ROBUST, NULL);
    CHECK_FIELD(scale_by, (enum donut_scale_by)2, "moments or robust");
    CHECK_FIELD(score_by, DONUT_SCORE_DEFAULT, NULL);
    CHECK_FIELD(score_by, DONUT_SCORE_PRIOR, NULL);
    CHECK_FIELD(score_by, (enum donut_score_kind)5, "reconstruction, likelihood, elbo or prior");
    CHECK_FIELD(verdict_by, DONUT_VERDICT_DEFAULT, NULL);
    CHECK_FIELD(verdict_by, DONUT_VERDICT_SCORE, NULL);
    CHECK_FIELD(verdict_by, (enum donut_verdict_by)5, "both, shape, step or score");
}

/* Where the encoder cannot do without the last point hiding it has no effect. */
static void test_hide_last(void)
{
    struct donut_train_options opt = donut_train_paper();
    opt.hide_last = true;
    check(opt, NULL);
    CHECK(donut_options_shape(&opt).hide_last);
    opt.window = 2;
    check(opt, NULL);
    CHECK(donut_options_shape(&opt).hide_last);
    opt.window = 1;
    check(opt, NULL);
    CHECK(!donut_options_shape(&opt).hide_last);
    opt.window = 120;
    opt.encoder = DONUT_ENCODER_CNN;
    check(opt, NULL);
    CHECK(!donut_options_shape(&opt).hide_last);
}

/* Section 4.3 of the paper, and what version 0.4 added to it. */
static void test_paper(void)
{
    const struct donut_train_options opt = donut_train_paper();
    check(opt, NULL);
    CHECK(opt.window == 120 && opt.latent == 8 && opt.depth == 2);
    CHECK(opt.hidden[0] == 100 && opt.hidden[1] == 100 && opt.std_epsilon == 1e-4);
    CHECK(opt.encoder == DONUT_ENCODER_DENSE && !opt.hide_last);
    CHECK(opt.student_df == 0 && opt.likelihood_df == 0 && opt.elbo == DONUT_ELBO_MODIFIED);
    CHECK(opt.reconstruction_weight == 1 && opt.prior_weight == DONUT_WEIGHT_BETA);
    CHECK(opt.entropy_weight == 1 && opt.windows == DONUT_WINDOWS_ALL);
    CHECK(opt.epochs == 250 && opt.batch_size == 256 && opt.learning_rate == 1e-3);
    CHECK(opt.schedule == DONUT_SCHEDULE_STEP && opt.decay == 0.75 && opt.decay_epochs == 10);
    CHECK(opt.l2 == 1e-3 && opt.clip_norm == 10 && opt.clip_by == DONUT_CLIP_TENSOR);
    CHECK(opt.injection == 0.01 && opt.missing_fill == DONUT_FILL_ZERO);
    CHECK(opt.scale_by == DONUT_SCALE_MOMENTS && opt.validation == 0.3);
    CHECK(opt.validate_every == 100 && opt.validation_windows == 0 && opt.validation_trim == 0);
    CHECK(opt.risk == 1e-4 && opt.sampler == DONUT_SAMPLER_SOBOL && opt.samples == 0);
    CHECK(opt.mcmc_iterations == 10 && opt.score_by == DONUT_SCORE_RECONSTRUCTION);
    CHECK(opt.verdict_by == DONUT_VERDICT_SCORE);
    CHECK(!opt.ignore_labels && opt.keep_labels == 1 && opt.seed == 0 && !opt.init);
}

TEST(options)
{
    check(donut_train_defaults(), NULL);
    test_encoder();
    test_hide_last();
    test_paper();
    test_numbers();
    test_kinds();
    return check_report("options");
}
