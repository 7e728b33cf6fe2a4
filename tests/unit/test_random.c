/* Random numbers: the published vectors of Philox4x32-10, and what the draws promise. */
#include "base/random.h"
#include "check.h"

#include <stdlib.h>

static const struct donut_stream stream = {.seed = 0x0123456789ABCDEFu, .purpose = DONUT_DRAW_TEST};

/* kat_vectors of Random123 (D. E. Shaw Research), philox4x32 with 10 rounds. */
static void test_known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], want[4];
    } vectors[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}},
        {{0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF},
         {0xFFFFFFFF, 0xFFFFFFFF},
         {0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}},
        {{0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344},
         {0xA4093822, 0x299F31D0},
         {0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const uint32_t *c = vectors[i].counter, *k = vectors[i].key;
        const struct donut_stream s = {
            .seed = (uint64_t)k[1] << 32 | k[0], .part = c[2], .purpose = c[3]};
        uint32_t got[4];
        donut_random_block(s, (uint64_t)c[1] << 32 | c[0], got);
        for (int w = 0; w < 4; w++)
            CHECK_THAT(got[w] == vectors[i].want[w], "vector %zu, word %d: %08x, want %08x", i, w,
                       (unsigned)got[w], (unsigned)vectors[i].want[w]);
    }
}

static double uniform_of(uint32_t high, uint32_t low)
{
    return ((double)high * 0x1p20 + floor((double)low / 0x1p12) + 0.5) / 0x1p52;
}

/* Each kind of draw by its definition in the header, from the blocks. */
static void test_definitions(void)
{
    for (uint64_t index = 0; index < 64; index++) {
        uint32_t by2[4];
        donut_random_block(stream, index / 2, by2);
        const double u[2] = {uniform_of(by2[0], by2[1]), uniform_of(by2[2], by2[3])};
        CHECK_NEAR(donut_random_uniform(stream, index), u[index % 2], 0);
        CHECK_INT(donut_random_below(stream, index, 1000), floor(1000 * u[index % 2]));
        CHECK_INT(donut_random_below(stream, index, 1), 0);
        CHECK(donut_random_below(stream, index, (uint64_t)1 << 40) < (uint64_t)1 << 40);

        donut_real normal;
        donut_random_normals(stream, index, 1, &normal);
        const double angle = 2 * acos(-1) * u[1], radius = sqrt(-2 * log(u[0]));
        CHECK_NEAR(normal, radius * (index % 2 ? sin(angle) : cos(angle)), 1e-6);
    }
}

/* 2^18 uniforms: inside (0, 1), and in 256 equal bins with chi^2 near its mean 255 (sd 22.6). */
static void test_uniform(void)
{
    enum { draws = 1 << 18, bins = 256 };
    int count[bins] = {0}, below[bins] = {0};
    for (uint64_t i = 0; i < draws; i++) {
        const double u = donut_random_uniform(stream, i);
        if (!CHECK_THAT(u > 0 && u < 1, "draw %llu is %.17g", (unsigned long long)i, u))
            return;
        count[(int)(u * bins)]++;
        below[donut_random_below((struct donut_stream){7, DONUT_DRAW_SHUFFLE, 3}, i, bins)]++;
    }
    const double want = (double)draws / bins;
    double chi2 = 0, chi2_below = 0;
    for (int b = 0; b < bins; b++) {
        chi2 += (count[b] - want) * (count[b] - want) / want;
        chi2_below += (below[b] - want) * (below[b] - want) / want;
    }
    CHECK_NEAR(chi2, bins - 1, 4 * sqrt(2.0 * (bins - 1)));
    CHECK_NEAR(chi2_below, bins - 1, 4 * sqrt(2.0 * (bins - 1)));
}

/* Sampling errors of n normals: mean 1/sqrt(n), variance sqrt(2/n), third moment sqrt(15/n),
 * fourth sqrt(96/n), products of independent ones 1/sqrt(n); four times that is allowed. */
static void test_normal_moments(size_t n, const donut_real *x)
{
    double moment[5] = {0}, neighbours = 0, squares = 0;
    size_t tail = 0;
    for (size_t i = 0; i < n; i++) {
        double power = 1;
        for (int k = 1; k <= 4; k++)
            moment[k] += (power *= (double)x[i]);
        tail += fabs((double)x[i]) > 3;
        if (i % 2)
            continue;
        const double a = (double)x[i], b = (double)x[i + 1];
        neighbours += a * b;
        squares += (a * a - 1) * (b * b - 1) / 2;
    }
    const double count = (double)n;
    CHECK_NEAR(moment[1] / count, 0, 4 / sqrt(count));
    CHECK_NEAR(moment[2] / count, 1, 4 * sqrt(2 / count));
    CHECK_NEAR(moment[3] / count, 0, 4 * sqrt(15 / count));
    CHECK_NEAR(moment[4] / count, 3, 4 * sqrt(96 / count));
    CHECK_NEAR(neighbours / (count / 2), 0, 4 / sqrt(count / 2));
    CHECK_NEAR(squares / (count / 2), 0, 4 / sqrt(count / 2));
    CHECK_NEAR((double)tail / count, 0.0026998, 4 * sqrt(0.0027 / count));
}

/* Any piece, from any offset, holds what the whole holds there. */
static void test_normal_pieces(size_t n, const donut_real *whole)
{
    donut_real piece[40];
    for (size_t first = 0; first < 9; first++)
        for (size_t length = 0; length < 32 && first + length <= n; length++) {
            for (size_t i = 0; i < 40; i++)
                piece[i] = 77;
            donut_random_normals(stream, first, length, piece);
            CHECK(memcmp(piece, whole + first, length * sizeof *piece) == 0);
            CHECK(piece[length] == 77);
        }
    donut_random_normals(stream, n - 13, 13, piece);
    CHECK(memcmp(piece, whole + n - 13, 13 * sizeof *piece) == 0);
}

/* Streams that differ in seed, purpose or part alone are uncorrelated, also when shifted. */
static void test_streams(size_t n, const donut_real *x)
{
    const struct donut_stream others[] = {
        {stream.seed + 1, stream.purpose, stream.part},
        {stream.seed ^ (uint64_t)1 << 63, stream.purpose, stream.part},
        {stream.seed, stream.purpose + 1, stream.part},
        {stream.seed, DONUT_DRAW_SCORE_Z, stream.part},
        {stream.seed, stream.purpose, stream.part + 1},
        {stream.seed, stream.purpose, 0x80000000u},
    };
    donut_real *y = malloc(n * sizeof *y);
    if (!CHECK(y != NULL))
        return;
    for (size_t s = 0; s < sizeof others / sizeof others[0]; s++) {
        donut_random_normals(others[s], 0, n, y);
        for (size_t shift = 0; shift < 3; shift++) {
            double sum = 0;
            for (size_t i = shift; i < n; i++)
                sum += (double)x[i] * (double)y[i - shift];
            CHECK_NEAR(sum / (double)n, 0, 4.5 / sqrt((double)n));
        }
    }
    free(y);
}

/* Draws in one go are those drawn singly, from an even or an odd one on. */
static void test_uniforms(void)
{
    double many[9];
    for (uint64_t first = 0; first < 5; first++)
        for (size_t n = 0; n <= 9; n++) {
            donut_random_uniforms(stream, first, n, many);
            for (size_t i = 0; i < n; i++)
                CHECK_NEAR(many[i], donut_random_uniform(stream, first + i), 0);
        }
}

TEST(random)
{
    test_uniforms();
    enum { n = 1 << 18 };
    donut_real *x = malloc(n * sizeof *x);
    if (CHECK(x != NULL)) {
        donut_random_normals(stream, 0, n, x);
        test_normal_moments(n, x);
        test_normal_pieces(n, x);
        test_streams(n, x);
    }
    free(x);
    test_known_answers();
    test_definitions();
    test_uniform();
    return check_report("random");
}
