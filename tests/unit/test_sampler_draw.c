/* The noise that scores are averaged over. */
#include "base/random.h"
#include "base/sobol.h"
#include "base/student.h"
#include "check.h"
#include "detect/sampler.h"
#include "model/model.h"
#include "nn/latent.h"

#define MOST 2048

static donut_real noise[16 * MOST], points[16 * MOST];
static const struct donut_stream stream = {7, DONUT_DRAW_SCORE_Z, 0};

static void draw(enum donut_sampler sampler, size_t samples, size_t latent)
{
    CHECK(donut_sampler_draw(sampler, 0, 7, samples, latent, noise, MOST, NULL) == DONUT_OK);
}

/* Independent draws are those of one stream, sample by sample. */
static void test_mc(void)
{
    donut_random_normals(stream, 0, 500, points);
    draw(DONUT_SAMPLER_MC, 100, 5);
    for (size_t l = 0; l < 100; l++)
        for (size_t k = 0; k < 5; k++)
            CHECK_NEAR(noise[k * MOST + l], points[l * 5 + k], 0);
}

/* Mean of coordinate i, or of its product with coordinate j. */
static double moment(size_t samples, size_t i, size_t j)
{
    double sum = 0;
    for (size_t l = 0; l < samples; l++)
        sum += (double)noise[i * MOST + l] * (j == SIZE_MAX ? 1 : (double)noise[j * MOST + l]);
    return sum / (double)samples;
}

/* Mean 0, covariance 1, and close to the points that it was made from: the shear is small. */
static void test_moments(size_t samples, size_t latent)
{
    const size_t half = (samples + 1) / 2;
    double square = 0;
    draw(DONUT_SAMPLER_SOBOL, samples, latent);
    for (size_t i = 0; i < latent; i++) {
        CHECK_NEAR(moment(samples, i, SIZE_MAX), 0, 1e-6);
        for (size_t j = 0; j <= i; j++)
            CHECK_NEAR(moment(samples, i, j), i == j, 1e-6);
    }
    donut_sobol_normals(stream, half, latent, points, MOST);
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < half; l++) {
            const double moved = (double)noise[k * MOST + l] - (double)points[k * MOST + l];
            square += moved * moved / (double)(half * latent);
        }
    CHECK_THAT(square > 0 && square < 0.1, "%zu samples of %zu: moved by %g", samples, latent,
               sqrt(square));
}

/* The mean of |x|^4 over its expectation for normal x, K (K + 2), on average over seeds: 1, less
 * the few per cent that the shear takes off. */
static void test_tails(size_t samples, size_t latent, double low)
{
    enum { SEEDS = 100 };
    double mean = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        CHECK(donut_sampler_draw(DONUT_SAMPLER_SOBOL, 0, seed, samples, latent, noise, MOST,
                                 NULL) == DONUT_OK);
        for (size_t l = 0; l < samples; l++) {
            double square = 0;
            for (size_t k = 0; k < latent; k++)
                square += (double)noise[k * MOST + l] * (double)noise[k * MOST + l];
            mean += square * square / (double)(samples * latent * (latent + 2) * SEEDS);
        }
    }
    CHECK_THAT(mean > low && mean < 1.02, "%zu samples of %zu: E|x|^4 is %g of its value", samples,
               latent, mean);
}

/* An even number of samples are points and their mirror images. */
static void test_mirror(size_t samples, size_t latent)
{
    draw(DONUT_SAMPLER_SOBOL, samples, latent);
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < samples / 2; l++)
            CHECK_NEAR(noise[k * MOST + l], -noise[k * MOST + samples / 2 + l], 1e-6);
}

/* Too few to fix the covariance of so many dimensions: the points themselves. */
static void test_few(size_t samples, size_t latent)
{
    const size_t half = (samples + 1) / 2;
    draw(DONUT_SAMPLER_SOBOL, samples, latent);
    donut_sobol_normals(stream, half, latent, points, MOST);
    for (size_t k = 0; k < latent; k++)
        for (size_t l = 0; l < samples; l++)
            CHECK_NEAR(noise[k * MOST + l],
                       l < half ? points[k * MOST + l] : -points[k * MOST + l - half], 0);
}

/* The least that shears: mean 0 and covariance 1 from there on, and the points themselves below. */
static void test_least(size_t latent)
{
    test_moments(16 * latent, latent);
    test_few(16 * latent - 1, latent);
}

/* The usual number is enough for the shear, and the paper's for independent draws. */
static void test_usual(void)
{
    static const size_t usual[][2] = {{1, 128},  {8, 128},   {9, 256},   {16, 256},       {17, 512},
                                      {32, 512}, {33, 1024}, {64, 1024}, {SIZE_MAX, 1024}};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        CHECK_INT(donut_usual_samples(DONUT_SAMPLER_SOBOL, usual[i][0]), usual[i][1]);
        CHECK_INT(donut_usual_samples(DONUT_SAMPLER_MC, usual[i][0]), 1024);
    }
}

/* Of a quadratic function the average is exact: E[(c . n + 1)^2] = |c|^2 + 1, and with
 * c = (1, ..., 8) / 4 the square of c is 204 / 16. */
static void test_quadratic(void)
{
    double sum = 0;
    draw(DONUT_SAMPLER_SOBOL, 128, 8);
    for (size_t l = 0; l < 128; l++) {
        double linear = 1;
        for (size_t k = 0; k < 8; k++)
            linear += (double)(k + 1) / 4 * (double)noise[k * MOST + l];
        sum += linear * linear / 128;
    }
    CHECK_NEAR(sum, 204.0 / 16 + 1, 1e-5);
}

/* Student's t: independent draws are those of the stream, Sobol points the quantiles of the normal
 * ones, unsheared, and their mirror images. */
static void test_student(size_t samples, size_t latent)
{
    const size_t half = (samples + 1) / 2;
    for (int i = 0; i < 2; i++) {
        const double nu = i ? 3.5 : 1;
        CHECK(donut_sampler_draw(DONUT_SAMPLER_MC, nu, 7, samples, latent, noise, MOST, NULL) ==
              DONUT_OK);
        donut_latent_draws(nu, stream, 0, samples * latent, points);
        for (size_t l = 0; l < samples; l++)
            for (size_t k = 0; k < latent; k++)
                CHECK_NEAR(noise[k * MOST + l], points[l * latent + k], 0);
        CHECK(donut_sampler_draw(DONUT_SAMPLER_SOBOL, nu, 7, samples, latent, noise, MOST, NULL) ==
              DONUT_OK);
        donut_sobol_normals(stream, half, latent, points, MOST);
        for (size_t k = 0; k < latent; k++)
            for (size_t l = 0; l < samples; l++) {
                const double of = (double)points[k * MOST + l % half];
                const double want = donut_student_of_normal(nu, l < half ? of : -of);
                CHECK_NEAR(noise[k * MOST + l], want, 1e-7 * fabs(want));
            }
    }
}

/* The quantiles of the Sobol sample are those of the law: of 2048 draws of Cauchy's distribution,
 * in every dimension as many lie in each of 16 parts of equal probability. */
static void test_parts(void)
{
    CHECK(donut_sampler_draw(DONUT_SAMPLER_SOBOL, 1, 7, MOST, 8, noise, MOST, NULL) == DONUT_OK);
    for (size_t k = 0; k < 8; k++) {
        size_t count[16] = {0};
        for (size_t l = 0; l < MOST; l++)
            count[(size_t)(16 * (0.5 + atan((double)noise[k * MOST + l]) / acos(-1)))]++;
        for (size_t i = 0; i < 16; i++)
            CHECK_INT(count[i], MOST / 16);
    }
}

TEST(sampler_draw)
{
    test_student(100, 5);
    test_student(101, 3);
    test_parts();
    test_mc();
    test_moments(128, 8);
    test_moments(256, 16);
    test_moments(1024, 3);
    test_moments(101, 5);
    test_tails(128, 8, .96);
    test_tails(256, 16, .97);
    test_tails(32, 8, .98); /* not sheared */
    test_tails(128, 3, .96);
    test_tails(128, 1, .96);
    test_tails(16, 1, .75); /* of so few points the raw ones have .91 */
    test_least(1);
    test_least(8);
    test_mirror(128, 8);
    test_mirror(64, 16);
    test_few(1, 3);
    test_few(11, 3);
    test_few(63, 16);
    test_usual();
    test_quadratic();
    return check_report("sampler_draw");
}
