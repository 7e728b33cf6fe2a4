#include "data/keys.h"
#include "data/word.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 32768

struct donut_key_block {
    struct donut_key_block *next;
    char text[];
};

/* ---- hash */

static uint64_t mix(uint64_t a, uint64_t b)
{
    const struct donut_wide product = donut_multiply(a, b);
    return product.high ^ product.low;
}

/* The last word overlaps the one before it; a text of less than a word is one. */
static uint64_t hash_text(const char *text, size_t size)
{
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15), odd = UINT64_C(0xd6e8feb86659fd93);
    uint64_t hash = size * golden + 1, word = 0;
    for (size_t i = 8; i < size; i += 8)
        hash = mix(hash ^ donut_load8(text + i - 8), odd);
    if (size >= 8)
        word = donut_load8(text + size - 8);
    for (size_t i = 0; i < size && size < 8; i++)
        word = word << 8 | (unsigned char)text[i];
    return mix(hash ^ word, golden);
}

/* ---- a bucket's tree (Andersson 1993): levels fall from parent to left child, and from
 * grandparent to right grandchild; links are id + 1, 0 = none */

static struct donut_key *at(const struct donut_keys *keys, uint32_t link)
{
    return &keys->key[link - 1];
}

static int compare(const struct donut_key *a, const struct donut_key *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return a->size ? memcmp(a->text, b->text, a->size) : 0;
}

static uint32_t find(const struct donut_keys *keys, const struct donut_key *wanted)
{
    if (keys->capacity == 0)
        return DONUT_NO_KEY;
    uint32_t link = keys->bucket[wanted->hash & (keys->capacity - 1)];
    while (link) {
        const int order = compare(wanted, at(keys, link));
        if (order == 0)
            return link - 1;
        link = at(keys, link)->child[order > 0];
    }
    return DONUT_NO_KEY;
}

/* Makes the child on that side the root of the two. */
static uint32_t rotate(const struct donut_keys *keys, uint32_t root, int side)
{
    const uint32_t risen = at(keys, root)->child[side];
    at(keys, root)->child[side] = at(keys, risen)->child[!side];
    at(keys, risen)->child[!side] = root;
    return risen;
}

static uint32_t level(const struct donut_keys *keys, uint32_t link)
{
    return link ? at(keys, link)->level : 0;
}

static uint32_t balance(const struct donut_keys *keys, uint32_t root)
{
    if (level(keys, at(keys, root)->child[0]) == level(keys, root))
        root = rotate(keys, root, 0);
    const uint32_t right = at(keys, root)->child[1];
    if (right && level(keys, at(keys, right)->child[1]) == level(keys, root)) {
        root = rotate(keys, root, 1);
        at(keys, root)->level++;
    }
    return root;
}

/* Returns the root. As deep as the tree, so at most 64 calls. */
static uint32_t insert(const struct donut_keys *keys, uint32_t root, uint32_t added)
{
    if (!root)
        return added;
    const int side = compare(at(keys, added), at(keys, root)) > 0;
    const uint32_t child = insert(keys, at(keys, root)->child[side], added);
    at(keys, root)->child[side] = child;
    return balance(keys, root);
}

static void link_key(struct donut_keys *keys, uint32_t link)
{
    struct donut_key *key = at(keys, link);
    uint32_t *root = &keys->bucket[key->hash & (keys->capacity - 1)];
    key->child[0] = key->child[1] = 0;
    key->level = 1;
    *root = insert(keys, *root, link);
}

/* ---- room */

/* Room for one more key, and a bucket for each. */
static bool grow(struct donut_keys *keys)
{
    if (keys->n >= DONUT_NO_KEY - 1)
        return false;
    if (keys->n < keys->capacity)
        return true;
    const size_t wanted = keys->capacity ? 2 * keys->capacity : 64;
    if (wanted > SIZE_MAX / sizeof *keys->key)
        return false;
    uint32_t *bucket = calloc(wanted, sizeof *bucket);
    struct donut_key *key = bucket ? realloc(keys->key, wanted * sizeof *key) : NULL;
    if (!key) {
        free(bucket);
        return false;
    }
    free(keys->bucket);
    keys->key = key;
    keys->bucket = bucket;
    keys->capacity = wanted;
    for (size_t i = 0; i < keys->n; i++)
        link_key(keys, (uint32_t)(i + 1));
    return true;
}

static const char *copy_text(struct donut_keys *keys, const char *text, size_t size)
{
    if (size >= keys->room_size) {
        if (size > SIZE_MAX - BLOCK_SIZE)
            return NULL;
        const size_t room = size < BLOCK_SIZE ? BLOCK_SIZE : size + 1;
        struct donut_key_block *block = malloc(sizeof *block + room);
        if (!block)
            return NULL;
        block->next = keys->blocks;
        keys->blocks = block;
        keys->room = block->text;
        keys->room_size = room;
    }
    char *copy = keys->room;
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    keys->room += size + 1;
    keys->room_size -= size + 1;
    return copy;
}

/* ---- the table */

uint32_t donut_keys_find(const struct donut_keys *keys, const char *text, size_t size)
{
    const struct donut_key key = {.text = text, .size = size, .hash = hash_text(text, size)};
    return find(keys, &key);
}

uint32_t donut_keys_add(struct donut_keys *keys, const char *text, size_t size)
{
    struct donut_key key = {.text = text, .size = size, .hash = hash_text(text, size)};
    const uint32_t known = find(keys, &key);
    if (known != DONUT_NO_KEY)
        return known;
    if (!grow(keys))
        return DONUT_NO_KEY;
    key.text = copy_text(keys, text, size);
    if (!key.text)
        return DONUT_NO_KEY;
    keys->key[keys->n++] = key;
    link_key(keys, (uint32_t)keys->n);
    return (uint32_t)(keys->n - 1);
}

void donut_keys_free(struct donut_keys *keys)
{
    while (keys->blocks) {
        struct donut_key_block *next = keys->blocks->next;
        free(keys->blocks);
        keys->blocks = next;
    }
    free(keys->key);
    free(keys->bucket);
    *keys = (struct donut_keys){0};
}
