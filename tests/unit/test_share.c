/* The parameters divided among threads: the same bytes for any number of them, and a step that is
 * not finite refused. */
#include "step_net.h"

/* Pieces cover the block from end to end, shares the pieces; no share is longer than its part and
 * half of two pieces. */
static void test_pieces(const struct net *net)
{
    const struct donut_shares *s = &net->shares;
    size_t at = 0, largest = 0;
    for (size_t p = 0; p < s->pieces; p++) {
        CHECK(s->piece[p].offset == at && s->piece[p].count % DONUT_LANES == 0);
        at += s->piece[p].count;
        largest = s->piece[p].count > largest ? s->piece[p].count : largest;
    }
    CHECK_INT(at, net->vae.size);
    CHECK(s->first[0] == 0 && s->first[s->shares] == s->pieces);
    for (size_t i = 0; i < s->shares; i++) {
        size_t count = 0;
        for (size_t p = s->first[i]; p < s->first[i + 1]; p++)
            count += s->piece[p].count;
        CHECK(s->first[i] <= s->first[i + 1] && count <= net->vae.size / s->shares + 1 + largest);
    }
}

static void same_bytes(const char *what, size_t shares, const donut_real *got,
                       const donut_real *want, size_t n)
{
    CHECK_THAT(memcmp(got, want, n * sizeof *got) == 0, "%s: not the same with %zu shares", what,
               shares);
}

/* With 1, 2, 3, 7 and 64 shares, more than there are pieces. */
static void test_shares(void)
{
    static const size_t numbers[] = {1, 2, 3, 7, 64};
    struct donut_adam_options opt = donut_adam_defaults();
    struct net one, net;
    opt.l2 = 1e-2;
    opt.clip_norm = 0.5;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct draw draw = {.seed = 12};
        struct net *now = i == 0 ? &one : &net;
        if (!net_new(&draw, &opt, numbers[i], now))
            return;
        test_pieces(now);
        for (size_t step = 1; step <= 4; step++) {
            activate(now, 1.0 / WINDOWS);
            CHECK(step_shares(now, step, 1e-2, i % 2));
        }
        const struct donut_shares *a = &now->shares, *b = &one.shares;
        same_bytes("weights", numbers[i], now->block, one.block, one.vae.size);
        same_bytes("gradients", numbers[i], a->grad.block, b->grad.block, one.vae.size);
        same_bytes("m", numbers[i], a->m, b->m, one.vae.size);
        same_bytes("v", numbers[i], a->v, b->v, one.vae.size);
        same_bytes("clipping", numbers[i], a->grad_scale, b->grad_scale, one.vae.tensors);
        CHECK(a->grad_scale[0] < 1 && a->grad_scale[0] > 0);
        if (i > 0)
            net_free(&net);
    }
    net_free(&one);
}

/* The work of a share is never more than its part and two pieces. In a window of 60 points each
 * parameter of the first convolution is used 58 times and of the second 26 times, the others once.
 */
static void test_convolutions(void)
{
    static const struct donut_vae_shape convolving = {.encoder = DONUT_ENCODER_CNN,
                                                      .channels = {16, 32},
                                                      .window = 60,
                                                      .latent = 3,
                                                      .depth = 1,
                                                      .hidden = {40},
                                                      .epsilon = 1e-4f};
    const struct donut_adam_options opt = donut_adam_defaults();
    struct donut_vae vae;
    struct donut_shares s;
    if (!CHECK(donut_vae_plan(&convolving, &vae)) ||
        !CHECK(donut_shares_new(kernel, &opt, &vae, 3, &s)))
        return;
    const double whole = 58 * (3 * 16 + 16) + 26 * (48 * 32 + 32) + (double)vae.size;
    for (size_t i = 0; i < s.shares; i++) {
        double work = 0;
        for (size_t p = s.first[i]; p < s.first[i + 1]; p++) {
            const size_t uses = s.piece[p].tensor < 2 ? 58 : s.piece[p].tensor < 4 ? 26 : 1;
            work += (double)(s.piece[p].count * uses);
        }
        CHECK_THAT(work < whole / 3 + 2 * 26 * 16 * 32, "share %zu has %g of %g", i, work, whole);
    }
    donut_shares_free(&s);
}

/* A NaN or an infinite number in one window of the batch: refused. */
static void test_refusal(struct draw *draw)
{
    static const double bad[] = {NAN, INFINITY, 1e30};
    struct donut_adam_options opt = donut_adam_defaults();
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++)
        for (int clip = 0; clip < 3; clip++) {
            struct net net;
            opt.clip_norm = clip ? 10 : (double)INFINITY;
            opt.clip_global = clip == 2;
            if (!net_new(draw, &opt, 2, &net))
                return;
            activate(&net, 1.0 / WINDOWS);
            CHECK(step_shares(&net, 1, 0.01, false));
            const struct donut_vae_panel panel = donut_vae_panel(&net.work, 1);
            panel.x[5 * panel.lanes + (WINDOWS - 1) % panel.lanes] = (donut_real)bad[b];
            panel.alpha[5 * panel.lanes + (WINDOWS - 1) % panel.lanes] = 1;
            activate(&net, 1.0 / WINDOWS);
            CHECK_THAT(!step_shares(&net, 2, 0.01, false), "%g is taken", bad[b]);
            net_free(&net);
        }
}

TEST(share)
{
    for (size_t i = 0; (kernel = donut_kernel_available(i)); i++) {
        struct draw draw = draw_new(kernel->name, 12);
        test_shares();
        test_convolutions();
        test_refusal(&draw);
    }
    return check_report("share");
}
