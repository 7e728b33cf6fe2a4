/* Texts numbered 0, 1, 2.. in order of first appearance: the keys of the KPIs of a file. */
#ifndef DONUT_DATA_KEYS_H
#define DONUT_DATA_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DONUT_NO_KEY UINT32_MAX

struct donut_key {
    const char *text; /* ends in a 0 behind its `size` bytes, which may be any */
    size_t size;
    uint64_t hash;
    uint32_t child[2]; /* in the tree of its bucket: id + 1 of what sorts before and behind it */
    uint32_t level;
};

/* Zeroed, it is empty. What takes a file apart must not depend on the luck of a hash whose
 * collisions anyone can compute: a bucket is a balanced tree, so that n keys cost at most
 * O(log n) comparisons each, whatever they are. */
struct donut_keys {
    struct donut_key *key;          /* (n) */
    size_t n, capacity;             /* 0 or a power of two, >= n */
    uint32_t *bucket;               /* (capacity) id + 1 of a tree's root, 0 = empty */
    struct donut_key_block *blocks; /* that the texts are in; they never move */
    char *room;                     /* in the newest of them */
    size_t room_size;
};

void donut_keys_free(struct donut_keys *keys);

/* The number of a text, or DONUT_NO_KEY if it has none. */
uint32_t donut_keys_find(const struct donut_keys *keys, const char *text, size_t size);

/* The same, and a new one is copied and gets the next number. DONUT_NO_KEY: no memory, or 2^32 - 2
 * keys are there; nothing has changed then. */
uint32_t donut_keys_add(struct donut_keys *keys, const char *text, size_t size);

#endif
