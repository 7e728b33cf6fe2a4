/* Quasi-random normals: the points and what makes them a Sobol sequence, the scramble, and what
 * both are for: the error of an average. */
#include "base/sobol.h"
#include "base/quantile.h"
#include "check.h"

#include <stdlib.h>

static const struct donut_stream stream = {.seed = 0x0123456789ABCDEFu, .purpose = DONUT_DRAW_TEST};

/* By hand. In eighths, v_1 v_2 v_3 are 4 2 1 (every m_j = 1), 4 6 5 (x + 1: m_j = 2 m_(j-1) ^
 * m_(j-1)) and 4 6 3 (x^2 + x + 1: m_3 = 2 m_2 ^ 4 m_1 ^ m_1), and each point differs from the one
 * before by v_1 v_2 v_1 v_3 v_1 v_2 v_1. */
static void test_first_points(void)
{
    static const uint32_t want[3][8] = {
        {0, 4, 6, 2, 3, 7, 5, 1}, {0, 4, 2, 6, 3, 7, 1, 5}, {0, 4, 2, 6, 5, 1, 7, 3}};
    for (size_t k = 0; k < 3; k++) {
        uint32_t got[8];
        donut_sobol_points(k, 0, 8, got);
        for (size_t i = 0; i < 8; i++)
            CHECK_INT(got[i], want[k][i] << 29);
    }
}

/* All of a dimension's first 30 direction numbers in one exclusive or, in units of 2^-30: from the
 * 30-bit numbers of PyTorch's SobolEngine, another copy of the published table. */
static const uint32_t all_directions[DONUT_SOBOL_DIMENSIONS] = {
    0x3FFFFFFF, 0x15555555, 0x01001111, 0x1002FFEF, 0x3001DB5D, 0x001F1F1F, 0x00101C33, 0x33C18D2F,
    0x22F301DF, 0x2E91D19D, 0x3644A61D, 0x3376D183, 0x32FF03FF, 0x1D7F3CD3, 0x09CC9CFB, 0x37C23D3B,
    0x1040CF3F, 0x0C71C737, 0x1D45B027, 0x03EDDBB5, 0x19000E1D, 0x1DD05AB7, 0x051C760D, 0x2E858265,
    0x37748D15, 0x17B0AD7F, 0x2BC3241D, 0x363F1CBF, 0x31702F3D, 0x02945D77, 0x1F3FA54D, 0x3A5D92B5,
    0x28D9EBF5, 0x08AC5DD7, 0x1B00162F, 0x2A706D87, 0x0DE1C385, 0x13D02727, 0x2C89E759, 0x0ECEC111,
    0x2BB4043D, 0x35842071, 0x0A0112C5, 0x1A190435, 0x0B0B040B, 0x32BF3C1B, 0x1F790C79, 0x10B9EC37,
    0x236A4487, 0x2CA2518F, 0x30F00FB5, 0x071B171B, 0x008656DF, 0x0E8C052F, 0x222CB679, 0x37EB0C3F,
    0x3917D4DB, 0x2277191F, 0x00D41D23, 0x31C59DA3, 0x3FF43D75, 0x132B5417, 0x1852B493, 0x1F444535,
    0x3259CB83, 0x245F1765, 0x02F35B17, 0x040D1B15, 0x38854FF3, 0x3BD9CB31, 0x01275AB5, 0x0CD8B419,
    0x09143B1F, 0x2166C4CF, 0x182C0ECB, 0x32223449, 0x369408F1, 0x2168CD71, 0x1B745C75, 0x36941225,
    0x05050603, 0x1C621BC1, 0x02FB720B, 0x32E702AD, 0x367E4F7F, 0x1B7178FB, 0x0535D54F, 0x153899CF,
    0x2F70C079, 0x1E96728D, 0x3E340BCD, 0x093F4B5B, 0x011B98CF, 0x24ECC1D7, 0x14799FF7, 0x0C745B33,
    0x3B48DE33, 0x385EC457, 0x053703A1, 0x01DCDEA1, 0x05E54C87, 0x37BD4461, 0x14CAE5FD, 0x3E6503A9,
    0x0297438D, 0x2A745DC7, 0x3D55DE57, 0x0560924F, 0x3145103F, 0x36E47D43, 0x3CD86621, 0x21E9516D,
    0x13670291, 0x0123C123, 0x139F1FF7, 0x0E5A2FD7, 0x340A72A1, 0x116B0029, 0x0F6DC1B3, 0x3352D103,
    0x27C4011B, 0x01FF6739, 0x3F204277, 0x381B0395, 0x191B519B, 0x14C6A475, 0x2AFD4D0F, 0x36AFC28B,
    0x08125317, 0x3379D393, 0x3060C117, 0x31F24281, 0x10B5FC6D, 0x3EC795B7, 0x10AEA747, 0x225B05EB,
    0x29AC3E31, 0x1ACDB345, 0x35DF93B9, 0x012F02B1, 0x252EDFB1, 0x2F2344D3, 0x22AC7E4D, 0x1C2C07DF,
    0x178E424D, 0x2F94C229, 0x2DF0014F, 0x1CFBD6FB, 0x11EF76A7, 0x1C15BC1D, 0x313FC7C7, 0x35124E75,
    0x3C0C8F75, 0x084701E3, 0x0718F39B, 0x2F62401B, 0x2B44D0B9, 0x23202F91, 0x16A7ADB9, 0x116E43EB,
    0x2AD701FD, 0x3D443F55, 0x0F5A8553, 0x3143EBD3, 0x246AF719, 0x3AFE59DD, 0x369CED33, 0x1A09EB87,
    0x14CA6D6D, 0x313FF9F3, 0x15DC007B, 0x3B744029, 0x0018C099, 0x3C483027, 0x26E930A7, 0x02531C93,
    0x19A2DC47, 0x2AC8EC29, 0x04EBACFD, 0x249854A1, 0x0D372497, 0x2D36507F, 0x03F1F06D, 0x03C000D3,
    0x195900A9, 0x071DC041, 0x0376C031, 0x29EE0435, 0x2AE49C53, 0x29D3BC0B, 0x2B683497, 0x226C9429,
    0x303CDC21, 0x05A014F3, 0x2D6CDFB5, 0x3C17AD99, 0x3825416B, 0x067A6D4F, 0x040CB185, 0x3373132D,
    0x1C584983, 0x33AAEBEF, 0x372211BB, 0x038B7FC9, 0x36F615AD, 0x2EA27FCB, 0x2ED883EB, 0x0269B503,
    0x029B0BB1, 0x37C6A5B9, 0x349DD955, 0x232D3BE9, 0x223A63E7, 0x0CA190DB, 0x265D1095, 0x1802D017,
    0x045D00D3, 0x3CC00057, 0x235C40DB, 0x2AE7C075, 0x0D2EEC9D, 0x31219425, 0x1BFA0C69, 0x12189485,
    0x365CDC0F, 0x1AC32439, 0x2F36C0E1, 0x220A4037, 0x1DAC0043, 0x0DA7D0B9, 0x24E07029, 0x19610471,
    0x2740245F, 0x057CC403, 0x2ECABC0B, 0x0051F47D, 0x1D850C21, 0x2E966C19, 0x013EFFDD, 0x03AB1939,
    0x35932D1B, 0x2C1F6D65, 0x0ABB2335, 0x053F5D6F, 0x2C66FB7F, 0x10EA27AF, 0x3EBC45C7, 0x1E2E0575,
    0x05320339, 0x18345379, 0x3FB35D9F, 0x0B7EF5FB, 0x25F613FD, 0x03AE1B71, 0x1D90BF35, 0x316BB79F,
};

static void test_directions(void)
{
    for (size_t k = 0; k < DONUT_SOBOL_DIMENSIONS; k++) {
        /* i ^ i >> 1 has 30 ones */
        uint32_t got;
        donut_sobol_points(k, 0x2AAAAAAA, 1, &got);
        CHECK_THAT(got >> 2 == all_directions[k], "dimension %zu: %08x, want %08x", k,
                   (unsigned)(got >> 2), (unsigned)all_directions[k]);
    }
}

/* Any piece, from any offset, holds what the whole holds there; the points repeat after 2^32. */
static void test_pieces(void)
{
    enum { n = 600 };
    const uint64_t ends[] = {0, 1, 1000, 0xFFFFFFFFu - 300, (uint64_t)5 << 32};
    for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
        uint32_t whole[n], piece[n];
        donut_sobol_points(5, ends[e], n, whole);
        for (size_t first = 0; first < n; first += 37) {
            donut_sobol_points(5, ends[e] + first, n - first, piece);
            CHECK(memcmp(piece, whole + first, (n - first) * sizeof *piece) == 0);
        }
        donut_sobol_points(5, ends[e] + ((uint64_t)1 << 32), n, piece);
        CHECK(memcmp(piece, whole, sizeof piece) == 0);
    }
}

enum { NET_BITS = 10, NET = 1 << NET_BITS };

/* Do 2^m points lie one in each of the 2^m boxes of 2^-a times 2^-(m - a)? */
static bool one_in_each_box(int m, int a, const uint32_t *x, const uint32_t *y)
{
    bool taken[NET] = {false};
    for (size_t i = 0; i < (size_t)1 << m; i++) {
        const uint64_t column = (uint64_t)x[i] >> (32 - a), row = (uint64_t)y[i] >> (32 - m + a);
        const size_t box = (size_t)(column << (m - a) | row);
        if (taken[box])
            return false;
        taken[box] = true;
    }
    return true;
}

static void points_of(uint64_t seed, size_t dimension, uint64_t first, uint32_t out[NET])
{
    donut_sobol_points(dimension, first, NET, out);
    for (size_t i = 0; seed && i < NET; i++)
        out[i] = donut_sobol_scramble(seed, out[i]);
}

/* Every dimension is a (0,m,1)-net, and the first two together are a (0,m,2)-net: also those 2^m
 * points that start at a multiple of 2^m, and also when scrambled (seed other than 0). */
static void test_nets(uint64_t seed, uint64_t first)
{
    uint32_t x[NET], y[NET];
    for (size_t k = 0; k < DONUT_SOBOL_DIMENSIONS; k++) {
        points_of(seed + (seed != 0) * k, k, first, x);
        for (int m = 0; m <= NET_BITS; m++)
            CHECK_THAT(one_in_each_box(m, m, x, x), "dimension %zu, 2^%d points", k, m);
    }
    points_of(seed, 0, first, x);
    points_of(seed + (seed != 0), 1, first, y);
    for (int m = 0; m <= NET_BITS; m++)
        for (int a = 0; a <= m; a++)
            CHECK_THAT(one_in_each_box(m, a, x, y), "boxes 2^-%d by 2^-%d", a, m - a);
}

/* The coin for bit d of a point, from its definition: for d < 21, bit 1 b b .. b of the block of
 * those before in whole sevens, where b b .. b are the d mod 7 bits just before it. */
static uint32_t coin(uint64_t seed, uint32_t point, int d)
{
    const int part = d < 21 ? d / 7 : 3, inside = d - 7 * part;
    uint32_t words[4];
    donut_random_block((struct donut_stream){seed, DONUT_DRAW_SOBOL, (uint32_t)part},
                       (uint64_t)point >> (32 - 7 * part), words);
    if (d >= 21)
        return words[0] >> (52 - d) & 1;
    uint32_t bit = 1;
    for (int b = 0; b < inside; b++)
        bit = 2 * bit + (point >> (31 - 7 * part - b) & 1);
    return words[bit / 32] >> bit % 32 & 1;
}

/* The scramble, bit by bit; and numbers with a common beginning keep just that. */
static void test_scramble(void)
{
    for (uint64_t index = 0; index < 200; index++) {
        uint32_t words[4];
        donut_random_block(stream, index, words);
        const uint64_t seed = (uint64_t)words[0] << 32 | words[1];
        const uint32_t point = words[2], got = donut_sobol_scramble(seed, point);
        uint32_t want = 0;
        for (int d = 0; d < 32; d++)
            want = 2 * want + ((point >> (31 - d) & 1) ^ coin(seed, point, d));
        CHECK_INT(got, want);
        for (int d = 0; d < 32; d++) {
            const uint32_t first = 0x80000000u >> d; /* the first bit in which the other differs */
            const uint32_t other = point ^ first ^ (words[3] & (first - 1));
            const uint32_t apart = got ^ donut_sobol_scramble(seed, other);
            CHECK_THAT(apart >= first && apart < (uint64_t)first * 2, "bit %d: %08x", d,
                       (unsigned)apart);
        }
    }
}

enum { COINS = 32 + 20 };

/* The flips of all bits of one point and, for 20 numbers that leave it at one of its first 20 bits,
 * of the bit after that. */
static void toss(uint64_t seed, bool flips[COINS])
{
    const uint32_t point = 0x5A0F33C9;
    const uint32_t all = point ^ donut_sobol_scramble(seed, point);
    for (int d = 0; d < 32; d++)
        flips[d] = all >> (31 - d) & 1;
    for (int d = 0; d < 20; d++) {
        const uint32_t other = point ^ 0x80000000u >> d;
        flips[32 + d] = (other ^ donut_sobol_scramble(seed, other)) >> (30 - d) & 1;
    }
}

/* Over 4096 seeds each flip is fair and no two agree more or less often than not: a count's
 * standard deviation is 32, and 4.5 of them are allowed in 1378 counts. */
static void test_coins(void)
{
    static int equal[COINS][COINS], ones[COINS];
    for (size_t s = 0; s < 4096; s++) {
        bool flips[COINS];
        toss(donut_sobol_seed(stream, s), flips);
        for (int a = 0; a < COINS; a++) {
            ones[a] += flips[a];
            for (int b = 0; b < a; b++)
                equal[a][b] += flips[a] == flips[b];
        }
    }
    for (int a = 0; a < COINS; a++) {
        CHECK_NEAR(ones[a], 2048, 4.5 * 32);
        for (int b = 0; b < a; b++)
            CHECK_NEAR(equal[a][b], 2048, 4.5 * 32);
    }
}

/* No two of these share a dimension's seed. */
static void test_seeds(void)
{
    const struct donut_stream streams[] = {
        stream,
        {stream.seed + 1, stream.purpose, 0},
        {stream.seed ^ (uint64_t)1 << 63, stream.purpose, 0},
        {stream.seed, DONUT_DRAW_SCORE_Z, 0},
        {stream.seed, stream.purpose, 1},
    };
    enum { each = 300, n = 5 * each };
    static uint64_t seeds[n];
    for (size_t i = 0; i < n; i++) {
        seeds[i] = donut_sobol_seed(streams[i / each], i % each);
        bool fresh = true;
        for (size_t j = 0; j < i; j++)
            fresh = fresh && seeds[j] != seeds[i];
        CHECK_THAT(fresh, "stream %zu, dimension %zu", i / each, i % each);
    }
}

/* Each normal from its point, and nothing past the n of a row; beyond the table, Philox's. */
static void test_normals(void)
{
    enum { K = DONUT_SOBOL_DIMENSIONS + 2, ld = 310 };
    static donut_real got[K * ld], fewer[K * ld];
    donut_sobol_normals(stream, 300, K, got, ld);
    donut_sobol_normals(stream, 1, K, fewer, 1);
    for (size_t k = 0; k < K; k++) {
        const uint64_t seed = donut_sobol_seed(stream, k);
        uint32_t points[300];
        donut_real want[300];
        if (k < DONUT_SOBOL_DIMENSIONS)
            donut_sobol_points(k, 0, 300, points);
        else
            donut_random_normals((struct donut_stream){seed, DONUT_DRAW_SOBOL, 4}, 0, 300, want);
        for (size_t i = 0; k < DONUT_SOBOL_DIMENSIONS && i < 300; i++) {
            const double p = ((double)donut_sobol_scramble(seed, points[i]) + 0.5) / 0x1p32;
            want[i] = (donut_real)donut_normal_quantile(p);
        }
        CHECK(memcmp(got + k * ld, want, sizeof want) == 0);
        CHECK_NEAR(fewer[k], want[0], 0);
        for (size_t i = 300; i < ld; i++)
            CHECK_NEAR(got[k * ld + i], 0, 0);
    }
}

/* Moments over 4096 points, each in units of the error that as many independent draws would have:
 * those of a dimension alone, and products of two of the first eight. */
static void test_moments(void)
{
    enum { n = 4096, K = DONUT_SOBOL_DIMENSIONS };
    donut_real *x = malloc(K * n * sizeof *x);
    if (!CHECK(x != NULL))
        return;
    donut_sobol_normals(stream, n, K, x, n);
    for (size_t k = 0; k < K; k++) {
        double moment[5] = {0};
        for (size_t i = 0; i < n; i++)
            for (int j = 1; j <= 4; j++)
                moment[j] += pow((double)x[k * n + i], j) / n;
        CHECK_NEAR(moment[1], 0, 0.05 / sqrt(n));
        CHECK_NEAR(moment[2], 1, 0.3 * sqrt(2.0 / n));
        CHECK_NEAR(moment[3], 0, 0.5 * sqrt(15.0 / n));
        CHECK_NEAR(moment[4], 3, 1.0 * sqrt(96.0 / n));
        for (size_t other = 0; other < k && k < 8; other++) {
            double product = 0;
            for (size_t i = 0; i < n; i++)
                product += (double)x[k * n + i] * (double)x[other * n + i] / n;
            CHECK_NEAR(product, 0, 0.3 / sqrt(n));
        }
    }
    free(x);
}

/* Two smooth functions of K normals, with the mean and the variance of each. */
static double slope(const donut_real *z, size_t ld, size_t K)
{
    double sum = 0;
    for (size_t k = 0; k < K; k++)
        sum += (double)z[k * ld];
    return exp(sum / sqrt(2 * (double)K));
}

static double hill(const donut_real *z, size_t ld, size_t K)
{
    double sum = 0;
    for (size_t k = 0; k < K; k++)
        sum += (double)z[k * ld] * (double)z[k * ld];
    return exp(-sum / 8);
}

/* Root-mean-square error of the average over n points, over `runs` scrambles; its mean error too.
 */
static double average_error(double (*f)(const donut_real *, size_t, size_t), double mean, size_t n,
                            size_t K, double *bias)
{
    enum { runs = 100 };
    static donut_real z[8 * 1024];
    double sum = 0, squares = 0;
    for (uint32_t run = 0; run < runs; run++) {
        const struct donut_stream scramble = {stream.seed, stream.purpose, run};
        donut_sobol_normals(scramble, n, K, z, n);
        double error = -mean;
        for (size_t i = 0; i < n; i++)
            error += f(z + i, n, K) / (double)n;
        sum += error;
        squares += error * error;
    }
    *bias = sum / sqrt(squares); /* in its own standard error */
    return sqrt(squares / runs);
}

/* 128 points beat 1024 independent draws, 1024 points have half the error of 8192 draws, the error
 * falls faster than that of draws (by sqrt(1/8) = .354), and no bias is seen. */
static void test_integrals(void)
{
    static const size_t sizes[] = {3, 5, 8};
    for (size_t s = 0; s < 6; s++) {
        const size_t K = sizes[s / 2];
        const double half = 0.5 * (double)K;
        const double mean = s % 2 ? pow(1.25, -half) : exp(0.25);
        const double square = s % 2 ? pow(1.5, -half) : exp(1);
        const double sd = sqrt(square - mean * mean);
        double bias128, bias1024;
        const double at128 = average_error(s % 2 ? hill : slope, mean, 128, K, &bias128);
        const double at1024 = average_error(s % 2 ? hill : slope, mean, 1024, K, &bias1024);
        CHECK_THAT(at128 < 0.8 * sd / sqrt(1024), "K = %zu: %g of %g", K, at128, sd / sqrt(1024));
        CHECK_THAT(at1024 < 0.5 * sd / sqrt(8192), "K = %zu: %g of %g", K, at1024, sd / sqrt(8192));
        CHECK_THAT(at1024 < 0.25 * at128, "K = %zu: %g, then %g", K, at128, at1024);
        CHECK_NEAR(bias128, 0, 3.5);
        CHECK_NEAR(bias1024, 0, 3.5);
    }
}

TEST(sobol)
{
    test_first_points();
    test_directions();
    test_pieces();
    test_nets(0, 0);
    test_nets(0, 5 * NET);
    test_nets(7, 0);
    test_nets(stream.seed, 2 * NET);
    test_scramble();
    test_coins();
    test_seeds();
    test_normals();
    test_moments();
    test_integrals();
    return check_report("sobol");
}
