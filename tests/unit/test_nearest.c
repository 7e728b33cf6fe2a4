/* What a mistyped word is taken for, with distances worked out by hand and by a slower way. */
#include "cli/nearest.c"

#include "check.h"

static const char *meant(const char *word, const char *names)
{
    static char out[DONUT_NEAREST_SIZE];
    struct donut_nearest nearest = {.word = word, .length = strlen(word)};
    for (size_t length; *names; names += length + (names[length] == ' ')) {
        length = strcspn(names, " ");
        donut_nearest_try(&nearest, names, length);
    }
    donut_nearest_words(&nearest, "--", out);
    return out;
}

static void test_words(void)
{
    CHECK_TEXT(meant("treshold", "threads threshold tag"), "; did you mean '--threshold'?");
    CHECK_TEXT(meant("josn", "csv jsonl"), "; did you mean '--jsonl'?");
    CHECK_TEXT(meant("josn", "csv json jsonl"), "; did you mean '--json'?");
    CHECK_TEXT(meant("epoch", "epochs decay-epochs"), "; did you mean '--epochs'?");
    CHECK_TEXT(meant("ZERO", "zero mean"), "; did you mean '--zero'?");
    CHECK_TEXT(meant("max_age", "max-age min-delta"), "; did you mean '--max-age'?");
    /* A beginning counts as one edit: "from" is as near as "for". */
    CHECK_TEXT(meant("fr", "for from follow"), "; did you mean '--for' or '--from'?");
    CHECK_TEXT(meant("val", "validation value-column validate-every"),
               "; did you mean '--validation', '--value-column' or '--validate-every'?");
    /* Too many are none. */
    CHECK_TEXT(meant("t", "to tag threads threshold"), "");
    CHECK_TEXT(meant("", "to tag"), "");
    /* Two wrong letters of three are another word, and so are three of nine. */
    CHECK_TEXT(meant("tig", "tag"), "; did you mean '--tag'?");
    CHECK_TEXT(meant("tix", "tag"), "");
    CHECK_TEXT(meant("thrashild", "threshold"), "; did you mean '--threshold'?");
    CHECK_TEXT(meant("thrashilt", "threshold"), "");
    CHECK_TEXT(meant("0123456789012345678901234567890123456789", "0123456789"), "");
    CHECK_TEXT(meant("0123456789", "0123456789012345678901234567890123456789"), "");
}

/* The distance by its definition, all edits tried; a swap takes two characters at once. */
static int slow(const char *a, const char *b)
{
    if (!*a || !*b)
        return (int)(strlen(a) + strlen(b));
    int best = slow(a + 1, b + 1) + (*a != *b);
    best = least(best, slow(a + 1, b) + 1);
    best = least(best, slow(a, b + 1) + 1);
    if (a[1] && b[1] && a[0] == b[1] && a[1] == b[0])
        best = least(best, slow(a + 2, b + 2) + 1);
    return best;
}

/* All pairs of words of up to four of three letters. */
static void test_distance(void)
{
    enum { WORDS = 1 + 3 + 9 + 27 + 81 };
    static char words[WORDS][5];
    int n = 1;
    for (int i = 0; n < WORDS; i++)
        for (char letter = 'a'; letter <= 'c'; letter++, n++) {
            memcpy(words[n], words[i], strlen(words[i]));
            words[n][strlen(words[i])] = letter;
        }
    for (int i = 0; i < WORDS; i++)
        for (int j = 0; j < WORDS; j++)
            CHECK_THAT(distance(words[i], strlen(words[i]), words[j], strlen(words[j])) ==
                           slow(words[i], words[j]),
                       "%s to %s", words[i], words[j]);
}

TEST(nearest)
{
    test_words();
    test_distance();
    return check_report("nearest");
}
