#include "cli/nearest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MOST_EDITS 2
#define LONGEST 32

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Fewest edits from a to b, where no character is edited twice (optimal string alignment). Row i
 * has the edits from the first i characters of a to the first j of b; a swap looks two rows back.
 */
static int distance(const char *a, size_t n, const char *b, size_t m)
{
    int rows[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        const int *before = rows[(i + 1) % 3], *above = rows[(i + 2) % 3];
        int *row = rows[i % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

void donut_nearest_try(struct donut_nearest *nearest, const char *name, size_t length)
{
    const size_t n = nearest->length;
    if (n == 0 || n > LONGEST || length > LONGEST)
        return;
    /* Short words are all within two edits of each other: half of the word must be right. */
    int edits = distance(nearest->word, n, name, length);
    if (edits > MOST_EDITS || 2 * (size_t)edits > n)
        edits = MOST_EDITS + 1;
    if (n < length && distance(nearest->word, n, name, n) == 0)
        edits = least(edits, 1);
    if (edits > MOST_EDITS || (nearest->n > 0 && edits > nearest->edits))
        return;
    if (edits < nearest->edits)
        nearest->n = 0;
    nearest->edits = edits;
    if (nearest->n < DONUT_NEAREST_MOST) {
        nearest->found[nearest->n].name = name;
        nearest->found[nearest->n].length = length;
    }
    nearest->n++;
}

void donut_nearest_words(const struct donut_nearest *nearest, const char *dashes,
                         char out[DONUT_NEAREST_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    if (nearest->n > DONUT_NEAREST_MOST)
        return;
    for (size_t i = 0; i < nearest->n; i++) {
        const char *before = i == 0 ? "; did you mean" : i + 1 < nearest->n ? "," : " or";
        used += (size_t)snprintf(out + used, DONUT_NEAREST_SIZE - used, "%s '%s%.*s'%s", before,
                                 dashes, (int)nearest->found[i].length, nearest->found[i].name,
                                 i + 1 < nearest->n ? "" : "?");
    }
}
