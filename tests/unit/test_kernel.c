/* Dense layers and their optimiser: every variant of the kernel table against plain sums in double;
 * block.h derives the bounds. */
#include "block.h"

static const struct donut_kernel *kernel;
static const struct donut_kernel *const plain = &donut_kernel_plain;
static struct draw draw;

/* Mostly around the sizes of tiles; 0, 1 and sizes of whole layers now and then. */
static size_t draw_width(void)
{
    const size_t kind = draw_below(&draw, 16);
    return kind == 0 ? draw_below(&draw, 2)
                     : draw_below(&draw, kind < 12   ? 30
                                         : kind < 15 ? 70
                                                     : 300);
}

static size_t draw_lanes(void)
{
    static const size_t lanes[] = {16, 16, 32, 32, 32, 48, 64, 128};
    return lanes[draw_below(&draw, sizeof lanes / sizeof lanes[0])];
}

/* How many of `lanes` come first when they are computed in two parts. */
static size_t draw_split(size_t lanes)
{
    return DONUT_LANES * draw_below(&draw, lanes / DONUT_LANES + 1);
}

struct dense {
    size_t in, out, lanes, ldx;
    struct block x, w, b, dy;
};

/* want (rows, lanes) += A B over `depth`, element (r, k) of A at a[r * a_row + k * a_depth] and B
 * (depth, lanes; ldb) */
static void add_product(struct want *want, size_t rows, size_t depth, size_t lanes,
                        const donut_real *a, size_t a_row, size_t a_depth, const donut_real *b,
                        size_t ldb)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < depth; k++)
            for (size_t l = 0; l < lanes; l++)
                want_add(&want[r * lanes + l],
                         (double)a[r * a_row + k * a_depth] * (double)b[k * ldb + l]);
}

static void forward(const struct donut_kernel *by, const struct dense *d, size_t first,
                    size_t lanes, bool relu, const struct block *y)
{
    by->dense_forward(d->in, d->out, lanes, d->w.at, d->b.at, d->x.at + first, d->ldx, relu, y->at);
}

/* Lanes do not depend on what they are computed together with. */
static void split_forward(const struct dense *d, bool relu, const struct block *y)
{
    const size_t first = draw_split(d->lanes), rest = d->lanes - first;
    const struct block part[] = {block_new(d->out * first), block_new(d->out * rest)};
    forward(kernel, d, 0, first, relu, &part[0]);
    forward(kernel, d, first, rest, relu, &part[1]);
    check_lanes("dense_forward", y, d->out, d->lanes, 0, &part[0], first);
    check_lanes("dense_forward", y, d->out, d->lanes, first, &part[1], rest);
    check_margins("dense_forward", &part[0]);
    check_margins("dense_forward", &part[1]);
    blocks_free(part, 2);
}

static void test_forward(const struct dense *d, bool relu)
{
    const struct block y[] = {block_new(d->out * d->lanes), block_new(d->out * d->lanes)};
    struct want *want = want_new(y[0].count);
    for (size_t i = 0; i < y[0].count; i++)
        want_add(&want[i], (double)d->b.at[i / d->lanes]);
    add_product(want, d->out, d->in, d->lanes, d->w.at, 1, d->out, d->x.at, d->ldx);
    for (size_t i = 0; relu && i < y[0].count; i++)
        want[i].value = want[i].value < 0 ? 0 : want[i].value;
    forward(kernel, d, 0, d->lanes, relu, &y[0]);
    forward(plain, d, 0, d->lanes, relu, &y[1]);
    check_block(relu ? "dense_forward with ReLU" : "dense_forward", &y[0], &y[1], want, d->in);
    split_forward(d, relu, &y[0]);
    blocks_free(y, 2);
    free(want);
}

/* Outputs of a ReLU, and what must count as none: zeros, negative numbers, NaN. */
static struct block block_gate(size_t count)
{
    static const float off[] = {0, -0.0f, -1, -FLT_MIN, -INFINITY, NAN};
    static const float on[] = {FLT_TRUE_MIN, FLT_MIN, 1, FLT_MAX, INFINITY};
    struct block gate = block_random(&draw, count);
    for (size_t i = 0; i < count; i++) {
        const size_t kind = draw_below(&draw, 4);
        if (kind == 0)
            gate.at[i] = off[draw_below(&draw, sizeof off / sizeof off[0])];
        else if (kind == 1)
            gate.at[i] = on[draw_below(&draw, sizeof on / sizeof on[0])];
    }
    return gate;
}

/* The part [first, first + lanes) of the lanes of what test_backward_input() computed as a whole.
 */
static void part_backward_input(const struct dense *d, bool add, const struct block *start,
                                const struct block *gate, const struct block *dx, size_t first,
                                size_t lanes)
{
    const struct block part[] = {block_lanes(start, d->in, d->lanes, first, lanes),
                                 block_lanes(&d->dy, d->out, d->lanes, first, lanes),
                                 gate ? block_lanes(gate, d->in, d->lanes, first, lanes)
                                      : block_new(0)};
    kernel->dense_backward_input(d->in, d->out, lanes, d->w.at, part[1].at, add,
                                 gate ? part[2].at : NULL, part[0].at);
    check_lanes("dense_backward_input", dx, d->in, d->lanes, first, &part[0], lanes);
    check_margins("dense_backward_input", &part[0]);
    blocks_free(part, 3);
}

/* `gate`: the ReLU outputs, or NULL. */
static void test_backward_input(const struct dense *d, bool add, const struct block *gate)
{
    const struct block start = block_rows(&draw, d->in, d->lanes, d->lanes);
    const struct block dx[] = {add ? block_copy(&start) : block_new(start.count),
                               add ? block_copy(&start) : block_new(start.count)};
    struct want *want = add ? want_start(&start) : want_new(start.count);
    add_product(want, d->in, d->out, d->lanes, d->w.at, d->out, 1, d->dy.at, d->lanes);
    for (size_t i = 0; gate && i < start.count; i++)
        if (!(gate->at[i] > 0))
            want[i] = (struct want){0};
    for (int i = 0; i < 2; i++)
        (i ? plain : kernel)
            ->dense_backward_input(d->in, d->out, d->lanes, d->w.at, d->dy.at, add,
                                   gate ? gate->at : NULL, dx[i].at);
    check_block("dense_backward_input", &dx[0], &dx[1], want, d->out);
    const size_t first = draw_split(d->lanes);
    part_backward_input(d, add, &start, gate, &dx[0], 0, first);
    part_backward_input(d, add, &start, gate, &dx[0], first, d->lanes - first);
    blocks_free(dx, 2);
    block_free(&start);
    free(want);
}

static void test_dense(void)
{
    struct dense d = {.in = draw_width(), .out = draw_width(), .lanes = draw_lanes()};
    const size_t stride[] = {1, 1 + draw_below(&draw, 2 * d.lanes), d.lanes,
                             d.lanes + 1 + draw_below(&draw, 40)};
    d.ldx = stride[draw_below(&draw, 4)];
    d.x = block_rows(&draw, d.in, d.lanes, d.ldx);
    d.w = block_random(&draw, d.in * d.out);
    d.b = block_random(&draw, d.out);
    d.dy = block_random(&draw, d.out * d.lanes);
    const struct block gate = block_gate(d.in * d.lanes), all[] = {d.x, d.w, d.b, d.dy, gate};
    sprinkle(&draw, all, 4);
    test_forward(&d, false);
    test_forward(&d, true);
    test_backward_input(&d, false, NULL);
    test_backward_input(&d, true, NULL);
    test_backward_input(&d, false, &gate);
    test_backward_input(&d, true, &gate);
    blocks_free(all, 5);
}

/* What is added to, or room. */
static struct block block_start(const struct block *start, bool add)
{
    return add ? block_copy(start) : block_new(start->count);
}

/* 0 to 5 panels of 16 or 32 lanes, anywhere in their blocks: odd strides, overlapping ones. */
static void test_backward_weight(void)
{
    const size_t in = draw_width(), out = draw_width(), widest = in > out ? in : out;
    struct donut_panels panels = {.count = draw_below(&draw, 6),
                                  .lanes = draw_below(&draw, 2) ? DONUT_LANES : DONUT_PANEL};
    const size_t lanes = panels.lanes, n = panels.count * lanes;
    panels.stride = draw_below(&draw, 4) ? widest * lanes + draw_below(&draw, 100)
                                         : draw_below(&draw, widest * lanes + 1);
    const bool add = draw_below(&draw, 2);
    const struct block x = block_rows(&draw, panels.count, in * lanes, panels.stride);
    const struct block dy = block_rows(&draw, panels.count, out * lanes, panels.stride);
    const struct block start = block_random(&draw, in * out);
    const struct block all[] = {
        x, dy, block_start(&start, add), block_start(&start, add), block_start(&start, add), start};
    const struct block *dw = &all[2];
    struct want *want = add ? want_start(&start) : want_new(in * out);
    sprinkle(&draw, all, 2);
    for (size_t i = 0; i < in * out; i++)
        for (size_t j = 0; j < n; j++) {
            const size_t at = j / lanes * panels.stride + j % lanes;
            want_add(&want[i],
                     (double)x.at[at + i / out * lanes] * (double)dy.at[at + i % out * lanes]);
        }
    kernel->dense_backward_weight(in, out, &panels, x.at, dy.at, add, dw[0].at);
    plain->dense_backward_weight(in, out, &panels, x.at, dy.at, add, dw[1].at);
    check_block("dense_backward_weight", &dw[0], &dw[1], want, n);

    /* Rows do not depend on what they are computed together with. */
    const size_t first = draw_below(&draw, in + 1);
    kernel->dense_backward_weight(first, out, &panels, x.at, dy.at, add, dw[2].at);
    kernel->dense_backward_weight(in - first, out, &panels, x.at + first * lanes, dy.at, add,
                                  dw[2].at + first * out);
    check_lanes("dense_backward_weight", &dw[0], in, out, 0, &dw[2], out);
    check_margins("dense_backward_weight", &dw[2]);
    blocks_free(all, 6);
    free(want);
}

static void test_backward_bias(void)
{
    const size_t out = draw_width(), panel_lanes[] = {16, 32, 48, 128};
    struct donut_panels panels = {.count = draw_below(&draw, 6),
                                  .lanes = panel_lanes[draw_below(&draw, 4)]};
    panels.stride = out * panels.lanes + draw_below(&draw, 100);
    const bool add = draw_below(&draw, 2);
    const struct block dy = block_rows(&draw, panels.count, out * panels.lanes, panels.stride);
    const struct block start = block_random(&draw, out);
    const struct block all[] = {dy, block_start(&start, add), block_start(&start, add),
                                block_start(&start, add), start};
    const struct block *db = &all[1];
    struct want *want = add ? want_start(&start) : want_new(out);
    sprinkle(&draw, all, 1);
    for (size_t o = 0; o < out; o++)
        for (size_t j = 0; j < panels.count * panels.lanes; j++)
            want_add(&want[o], (double)dy.at[j / panels.lanes * panels.stride + o * panels.lanes +
                                             j % panels.lanes]);
    kernel->dense_backward_bias(out, &panels, dy.at, add, db[0].at);
    plain->dense_backward_bias(out, &panels, dy.at, add, db[1].at);
    check_block("dense_backward_bias", &db[0], &db[1], want, panels.count * panels.lanes);
    const size_t first = draw_below(&draw, out + 1);
    kernel->dense_backward_bias(first, &panels, dy.at, add, db[2].at);
    kernel->dense_backward_bias(out - first, &panels, dy.at + first * panels.lanes, add,
                                db[2].at + first);
    check_lanes("dense_backward_bias", &db[0], out, 1, 0, &db[2], 1);
    blocks_free(all, 5);
    free(want);
}

/* The sum in double: each square is rounded at most once and takes part in at most count
 * additions. */
static void test_regularise(void)
{
    const size_t count = DONUT_LANES * draw_below(&draw, 20);
    const float twice_l2 = draw_below(&draw, 3) ? (float)draw_between(&draw, 0, 2) : 0;
    const struct block w = block_random(&draw, count), g = block_random(&draw, count);
    const struct block all[] = {w, g, block_copy(&g), block_copy(&g)};
    struct want *want = want_start(&g);
    double sum = 0;
    sprinkle(&draw, all, 1);
    for (size_t i = 0; i < count; i++) {
        if (i % 7 == 0) /* 1e30 squared is beyond float */
            want[i].value = want[i].size = (double)(g.at[i] = all[2].at[i] = all[3].at[i] = 1e30f);
        want_add(&want[i], (double)twice_l2 * (double)w.at[i]);
    }
    const double got = kernel->regularise(count, twice_l2, w.at, g.at);
    (void)plain->regularise(count, twice_l2, w.at, all[2].at);
    check_block("regularise", &g, &all[2], want, 1);
    for (size_t i = 0; i < count; i++)
        sum += (double)g.at[i] * (double)g.at[i];
    CHECK_THAT(isnan(sum) ? isnan(got) : fabs(got - sum) <= (double)count * DBL_EPSILON * sum,
               "regularise: %.17g, want %.17g", got, sum);

    const size_t first = draw_split(count);
    (void)kernel->regularise(first, twice_l2, w.at, all[3].at);
    (void)kernel->regularise(count - first, twice_l2, w.at + first, all[3].at + first);
    check_lanes("regularise", &g, 1, count, 0, &all[3], count);
    blocks_free(all, 4);
    free(want);
}

struct adam {
    struct donut_adam_step step;
    float scale;
    struct block g, m[3], v[3], w[3];
};

/* m, v and w to start with, three times the same; some all but vanished. */
static struct adam adam_new(size_t count)
{
    struct adam a = {.step = {.rate = (float)draw_between(&draw, 1e-4, 1e-2),
                              .beta1 = 0.9f,
                              .beta2 = 0.999f,
                              .rest1 = 0.1f,
                              .rest2 = 0.001f,
                              .epsilon = (float)draw_between(&draw, 1e-9, 1e-3)},
                     .scale = draw_below(&draw, 2) ? (float)draw_between(&draw, 0.1, 1) : 1,
                     .g = block_random(&draw, count)};
    for (int i = 0; i < 3; i++) {
        a.m[i] = i ? block_copy(&a.m[0]) : block_random(&draw, count);
        a.v[i] = i ? block_copy(&a.v[0]) : block_random(&draw, count);
        a.w[i] = i ? block_copy(&a.w[0]) : block_random(&draw, count);
        for (size_t j = 0; j < count && i == 0; j++) {
            const size_t kind = draw_below(&draw, 8);
            a.v[0].at[j] = kind == 0 ? 0 : a.v[0].at[j] * a.v[0].at[j];
            a.g.at[j] *= kind == 1 ? 0 : kind >= 4 ? 1 : 1e-28f;
            a.m[0].at[j] *= kind == 2 ? 1e-33f : kind == 3 ? 1e-26f : 1;
            a.v[0].at[j] *= kind == 2 ? 1e-33f : kind == 3 ? 1e-24f : 1;
        }
    }
    return a;
}

static void adam_run(const struct donut_kernel *by, const struct adam *a, int i, size_t first,
                     size_t count)
{
    by->adam(count, &a->step, a->scale, a->g.at + first, a->m[i].at + first, a->v[i].at + first,
             a->w[i].at + first);
}

/* One step from a random state. Bounds: m and v are two-term sums of products of three factors;
 * of the move, with cancellation possible in m, the quotient adds 4 eps to the errors of m and of
 * sqrt(v), the latter half of v's; then w is rounded. */
static void test_adam(void)
{
    const size_t count = DONUT_LANES * draw_below(&draw, 20), first = draw_split(count);
    const struct adam a = adam_new(count);
    const struct donut_adam_step *s = &a.step;
    struct want *want[] = {want_new(count), want_new(count), want_new(count)};
    sprinkle(&draw, &a.g, 1);
    for (size_t i = 0; i < count; i++) {
        const double gradient = (double)a.scale * (double)a.g.at[i], w = (double)a.w[0].at[i];
        want_add(&want[0][i], (double)s->beta1 * (double)a.m[0].at[i]);
        want_add(&want[0][i], (double)s->rest1 * gradient);
        want_add(&want[1][i], (double)s->beta2 * (double)a.v[0].at[i]);
        want_add(&want[1][i], (double)s->rest2 * gradient * gradient);
        for (int j = 0; j < 2; j++) /* none is 1e-30 itself */
            if (fabs(want[j][i].value) < 1e-30)
                want[j][i] = (struct want){0};
        const double unit = (double)s->rate / (sqrt(want[1][i].value) + (double)s->epsilon);
        want[2][i].value = w - unit * want[0][i].value;
        want[2][i].size = fabs(w) + unit * want[0][i].size;
    }
    adam_run(kernel, &a, 0, 0, count);
    adam_run(plain, &a, 1, 0, count);
    adam_run(kernel, &a, 2, 0, first);
    adam_run(kernel, &a, 2, first, count - first);
    check_block("adam: m", &a.m[0], &a.m[1], want[0], 3);
    check_block("adam: v", &a.v[0], &a.v[1], want[1], 4);
    check_block("adam: w", &a.w[0], &a.w[1], want[2], 10);
    check_lanes("adam: m", &a.m[0], 1, count, 0, &a.m[2], count);
    check_lanes("adam: v", &a.v[0], 1, count, 0, &a.v[2], count);
    check_lanes("adam: w", &a.w[0], 1, count, 0, &a.w[2], count);
    block_free(&a.g);
    blocks_free(a.m, 3);
    blocks_free(a.v, 3);
    blocks_free(a.w, 3);
    for (int i = 0; i < 3; i++)
        free(want[i]);
}

TEST(kernel)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        draw = draw_new(kernel->name, 20180423);
        for (size_t round = 0; round < 192; round++) {
            place_set(round);
            test_dense();
            test_backward_weight();
            test_backward_bias();
            test_regularise();
            test_adam();
        }
    }
    return check_report("kernel");
}
