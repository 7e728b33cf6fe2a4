/* The table of keys against a list that is searched from its start. */
#include "check.h"
#include "draw.h"

#include "data/keys.h"
#include "data/word.h"

#include <stdlib.h>

enum { LONGEST = 40, MOST = 3000 };

struct text {
    char bytes[LONGEST];
    size_t size;
};

static size_t list_find(const struct text *list, size_t n, const struct text *text)
{
    size_t i = 0;
    while (i < n &&
           (list[i].size != text->size || memcmp(list[i].bytes, text->bytes, text->size) != 0))
        i++;
    return i;
}

/* Few letters, so that texts come again, are each other's beginnings, and hold zero bytes. */
static struct text draw_text(struct draw *draw, size_t letters)
{
    struct text text = {.size = draw_below(draw, letters == 2 ? 11 : LONGEST + 1)};
    for (size_t i = 0; i < text.size; i++)
        text.bytes[i] = (char)(draw_below(draw, letters) * (letters == 2 ? 255 : 1));
    return text;
}

static void test_against_list(struct draw *draw, size_t letters)
{
    static struct text list[MOST];
    static const char *address[MOST];
    struct donut_keys keys = {.n = 0};
    size_t n = 0;
    for (int round = 0; round < 6000 && n < MOST; round++) {
        const struct text text = draw_text(draw, letters);
        const size_t place = list_find(list, n, &text);
        CHECK_INT(donut_keys_find(&keys, text.bytes, text.size), place < n ? place : DONUT_NO_KEY);
        CHECK_INT(donut_keys_add(&keys, text.bytes, text.size), place);
        if (place == n) {
            address[n] = keys.key[n].text;
            list[n++] = text;
        }
    }
    CHECK(n > 1000);
    CHECK_INT(keys.n, n);
    for (size_t i = 0; i < n; i++)
        CHECK(keys.key[i].text == address[i] && keys.key[i].size == list[i].size &&
              memcmp(address[i], list[i].bytes, list[i].size) == 0 &&
              address[i][list[i].size] == '\0');
    donut_keys_free(&keys);
    CHECK(keys.n == 0 && donut_keys_find(&keys, "", 0) == DONUT_NO_KEY);
}

/* Longer than a block of texts, between short ones. */
static void test_long(void)
{
    enum { SIZE = 100000 };
    char *text = malloc(SIZE);
    struct donut_keys keys = {.n = 0};
    if (!CHECK(text != NULL))
        return;
    memset(text, 'x', SIZE);
    for (size_t i = 0; i < 100; i++)
        CHECK_INT(donut_keys_add(&keys, text, i % 2 ? i : SIZE - i), i);
    for (size_t i = 0; i < 100; i++)
        CHECK(donut_keys_find(&keys, text, i % 2 ? i : SIZE - i) == i &&
              strlen(keys.key[i].text) == keys.key[i].size);
    donut_keys_free(&keys);
    free(text);
}

static size_t depth(const struct donut_keys *keys, uint32_t link)
{
    if (!link)
        return 0;
    const size_t a = depth(keys, keys->key[link - 1].child[0]);
    const size_t b = depth(keys, keys->key[link - 1].child[1]);
    return 1 + (a > b ? a : b);
}

/* Number i of texts that all have one hash, as anyone can make them who has read it: whatever the
 * first word is, the second makes the next product 0, and the third is always the same. */
static void make_colliding(size_t i, char text[24])
{
    const struct donut_wide product =
        donut_multiply((24 * UINT64_C(0x9e3779b97f4a7c15) + 1) ^ i, UINT64_C(0xd6e8feb86659fd93));
    donut_store8(text, i);
    donut_store8(text + 8, product.high ^ product.low);
    donut_store8(text + 16, 0);
}

static void test_collisions(void)
{
    enum { N = 20000 };
    struct donut_keys keys = {.n = 0};
    char text[24];
    size_t different = 0, deepest = 0, lost = 0;
    for (size_t i = 0; i < N; i++) {
        make_colliding(i * 7919 % N, text);
        lost += donut_keys_add(&keys, text, sizeof text) != i;
    }
    for (size_t i = 0; i < N; i++) {
        make_colliding(i * 7919 % N, text);
        lost += donut_keys_find(&keys, text, sizeof text) != i;
        different += keys.key[i].hash != keys.key[0].hash;
    }
    for (size_t i = 0; i < keys.capacity; i++) {
        const size_t d = depth(&keys, keys.bucket[i]);
        deepest = d > deepest ? d : deepest;
    }
    CHECK_INT(lost, 0);
    CHECK_INT(different, 0);
    CHECK_THAT((double)deepest <= 2 * log2(N + 1), "a tree is %zu deep", deepest);
    donut_keys_free(&keys);
}

TEST(keys)
{
    struct draw draw = draw_new("keys", 41);
    test_against_list(&draw, 2);
    test_against_list(&draw, 256);
    test_long();
    test_collisions();
    return check_report("keys");
}
