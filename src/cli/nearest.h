/* Which of the words that there are a mistyped one may have been meant to be. */
#ifndef DONUT_CLI_NEAREST_H
#define DONUT_CLI_NEAREST_H

#include <stddef.h>

#define DONUT_NEAREST_MOST 3

/* Starts with `word` and `length` alone; they and the names are not copied. */
struct donut_nearest {
    const char *word;
    size_t length;
    struct {
        const char *name;
        size_t length;
    } found[DONUT_NEAREST_MOST]; /* the nearest so far, equally near */
    size_t n;                    /* how many those are: may be more than there is room for */
    int edits;
};

/* Considers one of the words that there are. It is near if the word is its beginning, or at most
 * two edits away (a character too many, too few or wrong, or two swapped) and not made of little
 * else; capital letters count as small ones. */
void donut_nearest_try(struct donut_nearest *nearest, const char *name, size_t length);

/* Writes "; did you mean '--from' or '--for'?", with `dashes` before each name; "" when nothing is
 * near, or too much. */
#define DONUT_NEAREST_SIZE 256
void donut_nearest_words(const struct donut_nearest *nearest, const char *dashes,
                         char out[DONUT_NEAREST_SIZE]);

#endif
