/* Error records and quoting. */
#include "base/status.h"
#include "check.h"

static void check_quote(const char *text, const char *want)
{
    char out[DONUT_QUOTE_SIZE];
    CHECK_TEXT(donut_quote(out, text, strlen(text)), want);
}

static void test_quote(void)
{
    check_quote("", "");
    check_quote("n/a", "n/a");
    check_quote("a\tb\n\x1b[31m", "a?b??[31m");
    check_quote("v\xc3\xa4rde \xe2\x82\xac \xf0\x9f\x8d\xa9",
                "v\xc3\xa4rde \xe2\x82\xac \xf0\x9f\x8d\xa9");
    check_quote("\xc2\x9b", "??");           /* a control character of ISO 8859-1 */
    check_quote("\xe9t\xe9", "?t?");         /* ISO 8859-1 */
    check_quote("\xc0\xaf", "??");           /* overlong */
    check_quote("\xe0\x9f\x80", "???");      /* overlong */
    check_quote("\xed\xa0\x80", "???");      /* a surrogate */
    check_quote("\xf4\x90\x80\x80", "????"); /* beyond Unicode */
    check_quote("\xe2\x82", "??");           /* cut short */
    /* 47 bytes fit; of 48 the first 44 and three dots. */
    check_quote("12345678901234567890123456789012345678901234567",
                "12345678901234567890123456789012345678901234567");
    check_quote("123456789012345678901234567890123456789012345678",
                "12345678901234567890123456789012345678901234...");
    /* A character that would be cut is left out. */
    check_quote("1234567890123456789012345678901234567890123\xc3\xa4 and more",
                "1234567890123456789012345678901234567890123...");
}

static void test_record(void)
{
    struct donut_error err;
    char sentence[400];
    memset(sentence, 'x', sizeof sentence - 1);
    sentence[sizeof sentence - 1] = '\0';
    CHECK_INT(donut_fail_at(&err, DONUT_EINPUT, 3, 2, "%s", sentence), DONUT_EINPUT);
    CHECK(err.status == DONUT_EINPUT && err.line == 3 && err.column == 2);
    CHECK_INT(strlen(err.text), sizeof err.text - 1);
    /* 318 bytes and a character of two: only one byte of it would fit. */
    sentence[318] = '\0';
    CHECK_INT(donut_fail(&err, DONUT_EIO, "%s\xc3\xa4", sentence), DONUT_EIO);
    CHECK_TEXT(err.text, sentence);
    CHECK_INT(donut_fail(&err, DONUT_EIO, "no %d", 7), DONUT_EIO);
    CHECK(err.line == 0 && err.column == 0);
    CHECK_TEXT(err.text, "no 7");
    CHECK_INT(donut_fail_memory(NULL), DONUT_ENOMEM);
}

TEST(status)
{
    test_quote();
    test_record();
    return check_report("status");
}
