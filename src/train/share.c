#include "train/share.h"

#include <stdlib.h>

/* A multiple of DONUT_LANES, so that every piece but a tensor's last has whole vectors. */
#define PIECE_ROWS 16

static size_t rows_of(const struct donut_vae *vae, size_t tensor)
{
    return tensor % 2 ? 1 : donut_vae_layer(vae, tensor)->in;
}

static size_t count_pieces(const struct donut_vae *vae)
{
    size_t pieces = 0;
    for (size_t t = 0; t < vae->tensors; t++)
        pieces += (rows_of(vae, t) + PIECE_ROWS - 1) / PIECE_ROWS;
    return pieces;
}

static size_t uses_of(const struct donut_vae *vae, size_t tensor)
{
    const struct donut_conv *conv = donut_vae_conv(vae, tensor);
    return conv ? 2 * conv->pairs : 1;
}

static size_t whole_vectors(size_t count)
{
    return (count + DONUT_LANES - 1) / DONUT_LANES * DONUT_LANES;
}

static void cut_pieces(struct donut_shares *shares)
{
    struct donut_piece *piece = shares->piece;
    for (size_t t = 0; t < shares->vae->tensors; t++) {
        const size_t rows = rows_of(shares->vae, t), out = donut_vae_layer(shares->vae, t)->out;
        const size_t uses = uses_of(shares->vae, t);
        for (size_t first = 0; first < rows; first += PIECE_ROWS) {
            const size_t n = rows - first < PIECE_ROWS ? rows - first : PIECE_ROWS;
            *piece++ = (struct donut_piece){.tensor = t,
                                            .first = first,
                                            .rows = n,
                                            .offset = shares->vae->tensor[t].offset + first * out,
                                            .count = whole_vectors(n * out),
                                            .work = whole_vectors(n * out) * uses};
        }
    }
}

/* Pieces in order, to each share as many as bring it closest to an equal part of the work. */
static void deal(struct donut_shares *shares)
{
    size_t piece = 0;
    double dealt = 0, whole = 0;
    for (size_t p = 0; p < shares->pieces; p++)
        whole += (double)shares->piece[p].work;
    for (size_t s = 0; s < shares->shares; s++) {
        const double goal = whole * (double)(s + 1) / (double)shares->shares;
        shares->first[s] = piece;
        while (piece < shares->pieces && dealt + (double)shares->piece[piece].work / 2 < goal)
            dealt += (double)shares->piece[piece++].work;
    }
    shares->first[shares->shares] = shares->pieces;
}

static void cut(struct donut_shares *shares)
{
    const size_t size = shares->vae->size;
    donut_real *gradients = donut_arena_reals(&shares->arena, 1, size);
    if (gradients)
        donut_vae_bind(&shares->grad, gradients);
    shares->m = donut_arena_reals(&shares->arena, 1, size);
    shares->v = donut_arena_reals(&shares->arena, 1, size);
}

bool donut_shares_new(const struct donut_kernel *kernel, const struct donut_adam_options *adam,
                      struct donut_vae *vae, size_t shares, struct donut_shares *out)
{
    const size_t pieces = count_pieces(vae);
    *out = (struct donut_shares){.kernel = kernel,
                                 .adam = *adam,
                                 .vae = vae,
                                 .grad = *vae,
                                 .pieces = pieces,
                                 .shares = shares,
                                 .piece = donut_calloc(pieces, sizeof *out->piece),
                                 .squares = donut_calloc(pieces, sizeof *out->squares),
                                 .first = donut_calloc(shares + 1, sizeof *out->first)};
    cut(out);
    if (!out->piece || !out->squares || !out->first || !donut_arena_allocate(&out->arena)) {
        donut_shares_free(out);
        return false;
    }
    cut(out);
    cut_pieces(out);
    deal(out);
    return true;
}

void donut_shares_free(struct donut_shares *shares)
{
    free(shares->piece);
    free(shares->squares);
    free(shares->first);
    donut_arena_free(&shares->arena);
    *shares = (struct donut_shares){0};
}

/* Neighbouring pieces of a tensor go to the kernel together; returns the piece after them. */
static size_t sum_pieces(struct donut_shares *shares, size_t from, size_t to,
                         const struct donut_vae_work *work)
{
    const struct donut_piece *piece = &shares->piece[from];
    size_t rows = 0, p = from;
    for (; p < to && shares->piece[p].tensor == piece->tensor; p++)
        rows += shares->piece[p].rows;
    if (piece->tensor % 2)
        donut_vae_backward_bias(shares->kernel, &shares->grad, work, piece->tensor);
    else
        donut_vae_backward_weight(shares->kernel, &shares->grad, work, piece->tensor, piece->first,
                                  rows);
    return p;
}

/* d (l2 sum w^2) / dw = 2 l2 w */
void donut_shares_gradient(struct donut_shares *shares, size_t share,
                           const struct donut_vae_work *work)
{
    const size_t from = shares->first[share], to = shares->first[share + 1];
    for (size_t p = from; p < to;)
        p = sum_pieces(shares, p, to, work);
    for (size_t p = from; p < to; p++) {
        const struct donut_piece *piece = &shares->piece[p];
        const bool regularised = shares->vae->tensor[piece->tensor].regularised;
        shares->squares[p] = shares->kernel->regularise(
            piece->count, regularised ? (donut_real)(2 * shares->adam.l2) : 0,
            shares->vae->block + piece->offset, shares->grad.block + piece->offset);
    }
}

bool donut_shares_clip(struct donut_shares *shares, size_t step, double rate)
{
    double squared_norm[DONUT_VAE_MAX_TENSORS] = {0};
    for (size_t p = 0; p < shares->pieces; p++)
        squared_norm[shares->piece[p].tensor] += shares->squares[p];
    shares->step = donut_adam_step(&shares->adam, step, rate);
    return donut_adam_clip(&shares->adam, shares->vae->tensors, squared_norm, shares->grad_scale);
}

void donut_shares_update(const struct donut_shares *shares, size_t share)
{
    for (size_t p = shares->first[share]; p < shares->first[share + 1]; p++) {
        const struct donut_piece *piece = &shares->piece[p];
        const size_t at = piece->offset;
        shares->kernel->adam(piece->count, &shares->step, shares->grad_scale[piece->tensor],
                             shares->grad.block + at, shares->m + at, shares->v + at,
                             shares->vae->block + at);
    }
}
