/* Max pooling and its reverse: every variant of the kernel table against the definition, exactly.
 */
#include "block.h"

static const struct donut_kernel *kernel;
static struct draw draw;

struct pool {
    size_t pairs, count;
    struct block x, y, dy;
};

/* Outputs of a ReLU, among them zeros, equal neighbours, negative numbers that no ReLU makes, and
 * now and then infinity or NaN. */
static void fill(const struct pool *p)
{
    static const donut_real odd[] = {0, -0.0f, -1, FLT_MIN, FLT_MAX, INFINITY};
    for (size_t i = 0; i < p->x.count; i++) {
        const size_t kind = draw_below(&draw, 5), before = i >= p->count ? i - p->count : i;
        if (kind == 0)
            p->x.at[i] = odd[draw_below(&draw, sizeof odd / sizeof odd[0])];
        else if (kind == 1)
            p->x.at[i] = p->x.at[before];
        else
            p->x.at[i] = (donut_real)fabs((double)p->x.at[i]);
    }
    sprinkle(&draw, &p->x, 1);
}

static void check_same(const char *what, const struct block *got, const donut_real *want)
{
    size_t wrong = 0;
    for (size_t i = 0; i < got->count; i++) {
        const bool both = isnan(got->at[i]) && isnan(want[i]);
        wrong += !both && got->at[i] != want[i];
    }
    CHECK_THAT(wrong == 0, "%s, %s: %zu of %zu wrong", kernel->name, what, wrong, got->count);
    check_margins(what, got);
}

/* Where element i of x, of all pairs, has its neighbour. */
static size_t neighbour(const struct pool *p, size_t i)
{
    return i / p->count % 2 ? i - p->count : i + p->count;
}

static void test_forward(const struct pool *p)
{
    donut_real *want = allocate(p->y.count, sizeof *want);
    kernel->pool_forward(p->pairs, p->count, p->x.at, p->y.at);
    for (size_t i = 0; i < p->y.count; i++) {
        const size_t first = i / p->count * 2 * p->count + i % p->count;
        const donut_real a = p->x.at[first], b = p->x.at[neighbour(p, first)];
        want[i] = isnan(a) || isnan(b) ? (donut_real)NAN : a > b ? a : b;
    }
    check_same("pool_forward", &p->y, want);
    free(want);
}

static void test_backward(const struct pool *p)
{
    donut_real *want = allocate(p->x.count, sizeof *want);
    for (size_t i = 0; i < p->x.count; i++) {
        const donut_real mine = p->x.at[i], its = p->x.at[neighbour(p, i)];
        const bool second = i / p->count % 2, wins = second ? mine > its : mine >= its;
        want[i] = wins && mine > 0 ? p->dy.at[i / p->count / 2 * p->count + i % p->count] : 0;
    }
    kernel->pool_backward(p->pairs, p->count, p->dy.at, p->x.at);
    check_same("pool_backward", &p->x, want);
    check_margins("pool_backward", &p->dy);
    free(want);
}

TEST(kernel_pool)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 2011);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            struct pool p = {.pairs = draw_below(&draw, 7),
                             .count = DONUT_LANES * draw_below(&draw, 9)};
            p.x = block_random(&draw, 2 * p.pairs * p.count);
            p.y = block_new(p.pairs * p.count);
            p.dy = block_random(&draw, p.y.count);
            fill(&p);
            test_forward(&p);
            test_backward(&p);
            const struct block all[] = {p.x, p.y, p.dy};
            blocks_free(all, 3);
        }
    }
    return check_report("kernel_pool");
}
