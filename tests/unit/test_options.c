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
    CHECK_RANGE(keep_labels, 0.0, 1.0, "labels");
}

static void test_kinds(void)
{
    CHECK_FIELD(elbo, DONUT_ELBO_PLAIN, NULL);
    CHECK_FIELD(elbo, (enum donut_elbo)2, "ELBO");
    CHECK_FIELD(windows, DONUT_WINDOWS_NORMAL, NULL);
    CHECK_FIELD(windows, (enum donut_windows)2, "windows");
    CHECK_FIELD(score_by, DONUT_SCORE_DEFAULT, NULL);
    CHECK_FIELD(score_by, DONUT_SCORE_PRIOR, NULL);
    CHECK_FIELD(score_by, (enum donut_score_kind)5, "reconstruction, likelihood, elbo or prior");
}

TEST(options)
{
    check(donut_train_defaults(), NULL);
    test_encoder();
    test_numbers();
    test_kinds();
    return check_report("options");
}
