/* The arena: aligned, zeroed, disjoint pieces, and no size that wraps around. */
#include "base/arena.h"
#include "check.h"

#include <stdint.h>
#include <stdlib.h>

static const size_t shapes[][2] = {{1, 1}, {3, 5}, {0, 7}, {16, 1}, {17, 120}, {1, 31}};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static void cut(struct donut_arena *arena, donut_real *piece[])
{
    for (size_t i = 0; i < SHAPES; i++)
        piece[i] = donut_arena_reals(arena, shapes[i][0], shapes[i][1]);
}

static void test_pieces(void)
{
    struct donut_arena arena = {0};
    donut_real *piece[SHAPES];
    cut(&arena, piece);
    for (size_t i = 0; i < SHAPES; i++)
        CHECK_THAT(piece[i] == NULL, "piece %zu before the allocation", i);
    if (!CHECK(donut_arena_allocate(&arena)))
        return;
    cut(&arena, piece);
    CHECK_INT(arena.used, arena.size);

    for (size_t i = 0; i < SHAPES; i++) {
        const size_t count = shapes[i][0] * shapes[i][1];
        CHECK_INT((uintptr_t)piece[i] % DONUT_ALIGN, 0);
        for (size_t j = 0; j < count; j++)
            CHECK_THAT(piece[i][j] == 0, "piece %zu is not zeroed at %zu", i, j);
        for (size_t j = 0; j < count; j++)
            piece[i][j] = (donut_real)(100 * i + 1);
    }
    /* Every piece still holds its own number: they do not overlap. */
    for (size_t i = 0; i < SHAPES; i++)
        for (size_t j = 0; j < shapes[i][0] * shapes[i][1]; j++)
            CHECK_THAT(piece[i][j] == (donut_real)(100 * i + 1), "piece %zu overwritten", i);
    donut_arena_free(&arena);
    CHECK(arena.block == NULL && arena.size == 0 && arena.used == 0);
}

static bool fits(size_t pieces, size_t rows, size_t columns)
{
    struct donut_arena arena = {0};
    for (size_t i = 0; i < pieces; i++)
        donut_arena_reals(&arena, rows, columns);
    donut_arena_reals(&arena, 1, 1);
    const bool allocated = donut_arena_allocate(&arena);
    donut_arena_free(&arena);
    return allocated;
}

static void test_overflow(void)
{
    const size_t most = SIZE_MAX / sizeof(donut_real);
    CHECK(fits(0, 0, 0));
    CHECK(fits(1, 2, 3));
    CHECK(!fits(1, SIZE_MAX, 1));
    CHECK(!fits(1, most, 1));         /* rounding up to the alignment */
    CHECK(!fits(1, most / 2 + 1, 2)); /* rows * columns */
    CHECK(!fits(1, 2, most / 2 + 1));
    CHECK(!fits(1, (size_t)1 << 32, (size_t)1 << 32)); /* a product that wraps to 0 */
    CHECK(!fits(2, most / 2, 1));                      /* the sum of pieces */
    CHECK(!fits(4, most / 4 + 16, 1));                 /* a sum that wraps to something small */
}

static void test_calloc(void)
{
    unsigned char *block = donut_calloc(7, 3);
    if (CHECK(block != NULL))
        for (size_t i = 0; i < 21; i++)
            CHECK_INT(block[i], 0);
    free(block);
    block = donut_calloc(0, 8);
    CHECK(block != NULL);
    free(block);
    block = donut_calloc(8, 0);
    CHECK(block != NULL);
    free(block);
}

TEST(arena)
{
    test_pieces();
    test_overflow();
    test_calloc();
    return check_report("arena");
}
