/* What goes into the network, in every variant of the kernel table: random draws against Box-Muller
 * in double on the words of base/random.h, gathered windows against the series. */
#include "block.h"

static const struct donut_kernel *kernel;
static struct draw draw;

#define NORMALS (4 * DONUT_LANES)

/* In float, u next to 1 is off by 2^-25, and so is -r^2 / 2: r by at most 6e-8 / r. The rest is
 * rounding of numbers up to 6.7. */
static void want_pair(uint32_t radius, uint32_t angle, struct want *r_cos, struct want *r_sin)
{
    const double r = sqrt(-2 * log(((double)(radius >> 1) + 0.5) / 2147483648.0));
    const double t = acos(-1) * (double)(int32_t)angle / 2147483648.0;
    *r_cos = (struct want){.value = r * cos(t), .slack = 2e-6 + 6e-8 / r};
    *r_sin = (struct want){.value = r * sin(t), .slack = 2e-6 + 6e-8 / r};
}

static void test_normals(struct donut_stream stream, uint64_t first)
{
    const struct block out[] = {block_new(NORMALS), block_new(NORMALS)};
    struct want *want = want_new(NORMALS);
    for (size_t i = 0; i < DONUT_LANES; i++) {
        uint32_t word[4];
        donut_random_block(stream, first + i, word);
        want_pair(word[0], word[1], &want[i], &want[DONUT_LANES + i]);
        want_pair(word[2], word[3], &want[2 * DONUT_LANES + i], &want[3 * DONUT_LANES + i]);
    }
    kernel->normals(stream, first, out[0].at);
    donut_kernel_plain.normals(stream, first, out[1].at);
    check_block("normals", &out[0], &out[1], want, 0);
    blocks_free(out, 2);
    free(want);
}

/* Blocks on both sides of where the counter's lower half ends; every bit of a stream in use. */
static void test_streams(void)
{
    static const uint64_t firsts[] = {0,           16,           0x7FFFFFF0u,
                                      0xFFFFFFF0u, 0x100000000u, 0xFFFFFFFFFFFFFFF0u};
    const struct donut_stream stream = {draw_bits((struct donut_stream){3, 0, 0}, draw.next++) *
                                            (uint64_t)0x9E3779B97F4A7C15u,
                                        draw_bits((struct donut_stream){4, 0, 0}, draw.next++),
                                        draw_bits((struct donut_stream){5, 0, 0}, draw.next++)};
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++)
        test_normals(stream, firsts[i]);
    test_normals(stream, 16 * (uint64_t)draw_below(&draw, (size_t)1 << 40));
    test_normals((struct donut_stream){0, DONUT_DRAW_TRAIN_Z, 7}, 0);
}

/* From exactly between the first and the last element of the series. */
static void test_gather(void)
{
    const size_t window = draw_below(&draw, draw_below(&draw, 4) ? 20 : 150);
    const size_t lanes = DONUT_LANES * (1 + draw_below(&draw, 8)), n = draw_below(&draw, lanes + 1);
    const size_t places = 1 + draw_below(&draw, 100);
    const struct block series = block_random(&draw, window + places - 1);
    const struct block out = block_new(window * lanes);
    size_t *first = allocate(n, sizeof *first), wrong = 0;
    sprinkle(&draw, &series, 1);
    for (size_t l = 0; l < n; l++)
        first[l] =
            draw_below(&draw, 3) ? draw_below(&draw, places) : (places - 1) * draw_below(&draw, 2);
    kernel->gather(window, lanes, series.at, first, n, out.at);
    for (size_t w = 0; w < window; w++)
        for (size_t l = 0; l < lanes; l++) {
            const float want = l < n ? series.at[first[l] + w] : 0;
            wrong += !same_bits(out.at[w * lanes + l], want);
        }
    CHECK_THAT(wrong == 0, "gather: %zu wrong of window %zu, %zu of %zu lanes", wrong, window, n,
               lanes);
    check_margins("gather", &out);
    block_free(&series);
    block_free(&out);
    free(first);
}

TEST(kernel_input)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 2011);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            test_streams();
            test_gather();
        }
    }
    return check_report("kernel_input");
}
