/* The network's plan: its parameters counted by hand, what they begin with, impossible shapes; and
 * that a detector is made for one shape. */
#include "check.h"
#include "detect/score.h"
#include "variants.h"

#include <stdint.h>
#include <stdlib.h>

static const struct donut_vae_shape dense = {
    .window = 60, .latent = 3, .depth = 2, .hidden = {50, 40}, .epsilon = 1e-4f};
static const struct donut_vae_shape cnn = {.encoder = DONUT_ENCODER_CNN,
                                           .channels = {16, 24},
                                           .window = 60,
                                           .latent = 3,
                                           .depth = 2,
                                           .hidden = {50, 40},
                                           .epsilon = 1e-4f};

/* Weights that begin in U(-a, a), with a^2 = 6 / (in + out): mean square a^2 / 3 and, for the least
 * of a few hundred, none beyond a and one beyond 0.9 a. */
static void check_start(const struct donut_vae *vae, size_t tensor, size_t count, double in_and_out)
{
    const donut_real *w = vae->block + vae->tensor[tensor].offset;
    const double limit = sqrt(6 / in_and_out);
    double squares = 0, most = 0;
    CHECK_INT(vae->tensor[tensor].count, count);
    for (size_t i = 0; i < count; i++) {
        squares += (double)w[i] * (double)w[i];
        most = fmax(most, fabs((double)w[i]));
    }
    CHECK_THAT(most <= limit * 1.0000001 && (count < 100 || most > 0.9 * limit),
               "tensor %zu: %g is the most, of %g", tensor, most, limit);
    /* x^2 of U(-1, 1) has mean 1/3 and variance 4/45. */
    CHECK_NEAR(squares / (double)count / (limit * limit), 1.0 / 3,
               5 * sqrt(4.0 / 45 / (double)count));
}

/* in and out of every layer; of a convolution both counted three times for `fan`. */
struct layer {
    size_t in, out, fan;
    bool hidden;
};

static void test_network(const struct donut_vae_shape *shape, const struct layer *layer, size_t n)
{
    struct donut_vae vae;
    size_t parameters = 0;
    if (!CHECK(donut_vae_plan(shape, &vae)))
        return;
    donut_real *block = calloc(vae.size, sizeof *block);
    if (!CHECK(block != NULL))
        return;
    donut_vae_bind(&vae, block);
    donut_vae_initialise(&vae, 5);
    CHECK_INT(vae.tensors, 2 * n);
    for (size_t i = 0; i < n; i++) {
        const struct donut_tensor *b = &vae.tensor[2 * i + 1];
        check_start(&vae, 2 * i, layer[i].in * layer[i].out, (double)layer[i].fan);
        CHECK(vae.tensor[2 * i].regularised == layer[i].hidden && !b->regularised);
        CHECK_INT(b->count, layer[i].out);
        for (size_t j = 0; j < layer[i].out; j++)
            CHECK(block[b->offset + j] == 0);
        parameters += layer[i].in * layer[i].out + layer[i].out;
    }
    CHECK_INT(vae.parameters, parameters);
    free(block);
}

/* 58 positions are 29 pairs; of those 27 positions, 13 pairs of 24 channels. */
static void test_networks(void)
{
    static const struct layer of_dense[] = {
        {60, 50, 110, true}, {50, 40, 90, true}, {40, 3, 43, false},   {40, 3, 43, false},
        {3, 40, 43, true},   {40, 50, 90, true}, {50, 60, 110, false}, {50, 60, 110, false}};
    static const struct layer of_cnn[] = {
        {3, 16, 51, true}, {48, 24, 120, true}, {312, 3, 315, false}, {312, 3, 315, false},
        {3, 40, 43, true}, {40, 50, 90, true},  {50, 60, 110, false}, {50, 60, 110, false}};
    test_network(&dense, of_dense, 8);
    test_network(&cnn, of_cnn, 8);
}

static void test_impossible(void)
{
    static const struct {
        size_t window, channels[2];
        bool possible;
    } cases[] = {
        {10, {1, 1}, true},     {9, {1, 1}, false},         {0, {1, 1}, false},
        {10, {0, 1}, false},    {10, {1, 0}, false},        {10, {1024, 1024}, true},
        {10, {1025, 1}, false}, {10, {1, SIZE_MAX}, false}, {DONUT_MAX_WIDTH + 1, {1, 1}, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct donut_vae_shape shape = cnn;
        struct donut_vae vae;
        shape.window = cases[i].window;
        memcpy(shape.channels, cases[i].channels, sizeof shape.channels);
        CHECK_THAT(donut_vae_plan(&shape, &vae) == cases[i].possible, "case %zu", i);
    }
}

static void test_detector(void)
{
    struct donut_engine engine = variant_engine(variant_kernel(), 1);
    const struct donut_draws draws = {DONUT_SAMPLER_SOBOL, 16, 2, 0, DONUT_SCORE_RECONSTRUCTION};
    struct donut_vae_shape other[] = {dense, cnn, cnn, cnn, cnn, cnn};
    struct donut_detector detector;
    if (CHECK(donut_detector_new(&engine, &cnn, &draws, &detector, NULL) == DONUT_OK)) {
        CHECK(donut_detector_fits(&detector, &cnn, &draws));
        other[1].channels[0]++;
        other[2].channels[1]--;
        other[3].student_df = 3;
        other[4].window++;
        other[5].hidden[1]++;
        for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
            CHECK_THAT(!donut_detector_fits(&detector, &other[i], &draws), "shape %zu", i);
        donut_detector_free(&detector);
    }
    donut_engine_stop(&engine);
}

TEST(plan)
{
    test_networks();
    test_impossible();
    test_detector();
    return check_report("plan");
}
