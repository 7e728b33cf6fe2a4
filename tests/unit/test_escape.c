/* What is escaped, read back by readers of each format's own. */
#include "cli/escape.h"

#include "check.h"
#include "hostile.h"

#include "data/csv.h"

#define KEYS 20000

static void finish(struct donut_text *text)
{
    donut_text_put(text, "", 1);
    CHECK(!text->failed);
}

static void check_length(const char *bytes, size_t size)
{
    bool valid, want_valid;
    const size_t want = utf8_find(bytes, size, &want_valid),
                 got = donut_utf8_length(bytes, size, &valid);
    CHECK_THAT(got == want && valid == want_valid, "%02x %02x (%zu bytes): %zu %d, want %zu %d",
               (unsigned char)bytes[0], size > 1 ? (unsigned char)bytes[1] : 0, size, got, valid,
               want, want_valid);
}

/* Every string of two bytes, with continuations, with what is none and with nothing behind it. */
static void test_utf8(void)
{
    static const unsigned char more[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
                                         0x9F, 0xA0, 0xBF, 0xC0, 0xE2, 0xFF};
    const size_t n = sizeof more;
    for (unsigned pair = 0; pair < 65536; pair++) {
        unsigned char byte[4] = {(unsigned char)(pair / 256), (unsigned char)(pair % 256), 0, 0};
        check_length((const char *)byte, 1);
        check_length((const char *)byte, 2);
        byte[2] = more[pair % n];
        check_length((const char *)byte, 3);
        for (size_t i = 0; i < n * n; i++) {
            byte[2] = more[i / n];
            byte[3] = more[i % n];
            check_length((const char *)byte, 4);
        }
    }
}

/* The examples of the Unicode standard, section 3.9: '?' for each U+FFFD. */
static void test_replacement(void)
{
    static const struct {
        const char *bytes, *want;
    } examples[] = {
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "????????A"},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "????????A"},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "?????A??B"},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "????A"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        struct donut_text text = {0};
        struct bytes want = {.size = 0};
        for (const char *c = examples[i].want; *c; c++)
            bytes_add(&want, *c == '?' ? "\xEF\xBF\xBD" : c, *c == '?' ? 3 : 1);
        donut_escape_prometheus(&text, examples[i].bytes, strlen(examples[i].bytes));
        finish(&text);
        CHECK_TEXT(text.bytes, want.at);
        donut_text_free(&text);
    }
}

/* A JSON string and a label hold the key but for its errors; both are UTF-8 themselves. */
static void check_replacing(const struct bytes *key)
{
    const struct bytes want = utf8_replace(key);
    struct donut_text text = {0};
    struct bytes got;
    donut_escape_json(&text, key->at, key->size);
    CHECK(utf8_is_valid(text.bytes, text.size));
    finish(&text);
    const char *at = text.bytes;
    CHECK_THAT(read_json_string(&at, &got) && *at == '\0' && bytes_same(&got, &want),
               "JSON of '%s': %s", key->at, text.bytes);
    text.size = 0;
    donut_text_print(&text, "\"");
    donut_escape_prometheus(&text, key->at, key->size);
    donut_text_print(&text, "\"");
    CHECK(utf8_is_valid(text.bytes, text.size));
    finish(&text);
    at = text.bytes;
    CHECK_THAT(read_label_value(&at, &got) && *at == '\0' && bytes_same(&got, &want),
               "label of '%s': %s", key->at, text.bytes);
    donut_text_free(&text);
}

/* Takes back \n, \r, \t and \xHH. */
static struct bytes from_c(const struct bytes *in)
{
    struct bytes out = {.size = 0};
    for (size_t i = 0; i < in->size; i++) {
        const char *c = in->at + i;
        char hex[3] = {0}, *end = hex;
        unsigned long code = 0;
        if (c[0] == '\\' && c[1] == 'x') {
            strncpy(hex, c + 2, 2);
            code = strtoul(hex, &end, 16);
        }
        const char byte = end == hex + 2                ? (char)code
                          : c[0] == '\\' && c[1] == 'n' ? '\n'
                          : c[0] == '\\' && c[1] == 'r' ? '\r'
                          : c[0] == '\\' && c[1] == 't' ? '\t'
                                                        : '\0';
        bytes_add(&out, byte ? &byte : c, 1);
        i += end == hex + 2 ? 3 : byte != '\0';
    }
    return out;
}

static struct bytes fold_pairs(const struct bytes *in)
{
    struct bytes out = {.size = 0};
    for (size_t i = 0; i < in->size; i++) {
        i += in->at[i] == '\\' && in->at[i + 1] == '\\';
        bytes_add(&out, in->at + i, 1);
    }
    return out;
}

/* The line has its three tags for both readers, InfluxDB's value is the key once C's escapes are
 * taken back, and VictoriaMetrics' is the same with pairs of backslashes made one. */
static void check_tag(const struct bytes *key, bool lossless)
{
    struct donut_text text = {0};
    struct bytes name, value, folded;
    donut_escape_tag(&text, key->at, key->size);
    donut_text_print(&text, "=");
    donut_escape_tag(&text, key->at, key->size);
    donut_text_print(&text, ",host=h y=1 1\n");
    finish(&text);
    const char *at = text.bytes;
    CHECK_THAT(read_influx(&at, ",= ", false, &name) && *at == '=', "name of %s", text.bytes);
    at++;
    CHECK_THAT(read_influx(&at, ",= ", false, &value) && strcmp(at, ",host=h y=1 1\n") == 0,
               "value of %s", text.bytes);
    CHECK(bytes_same(&name, &value) && utf8_is_valid(value.at, value.size));
    for (size_t i = 0; i < value.size; i++) {
        const unsigned char c = (unsigned char)value.at[i], next = (unsigned char)value.at[i + 1];
        CHECK(c >= ' ' && c != 0x7F && !(c == 0xC2 && next < 0xA0));
    }
    const struct bytes back = from_c(&value);
    CHECK_THAT(bytes_same(&back, key), "tag of '%s': %s", key->at, text.bytes);
    if (lossless)
        CHECK(bytes_same(&value, key));
    const struct bytes want = fold_pairs(&value);
    at = text.bytes;
    CHECK(read_influx(&at, ",= ", true, &folded) && *at == '=' && bytes_same(&folded, &want));
    at++;
    CHECK(read_influx(&at, ",= ", true, &folded) && strcmp(at, ",host=h y=1 1\n") == 0);
    donut_text_free(&text);
}

static void check_measurement(const struct bytes *key)
{
    struct donut_text text = {0};
    struct bytes name;
    donut_escape_measurement(&text, key->at, key->size);
    donut_text_print(&text, ",a=b y=1 1\n");
    finish(&text);
    const char *at = text.bytes;
    CHECK(read_influx(&at, ", ", false, &name) && strcmp(at, ",a=b y=1 1\n") == 0);
    const struct bytes back = from_c(&name);
    CHECK_THAT(bytes_same(&back, key), "measurement '%s': %s", key->at, text.bytes);
    donut_text_free(&text);
}

/* A key with an escape of C already in it may come back as another one. */
static bool holds_an_escape(const struct bytes *key)
{
    for (size_t i = 0; i + 1 < key->size; i++)
        if (key->at[i] == '\\' && strchr("nrtx", key->at[i + 1]))
            return true;
    return false;
}

static void test_keys(void)
{
    struct draw draw = draw_new("escape", 43);
    for (int i = 0; i < KEYS; i++) {
        const struct bytes key = hostile_key(&draw, i % 2);
        bool backslash_in_the_way = key.size > 0 && key.at[key.size - 1] == '\\';
        check_replacing(&key);
        if (key.size == 0 || holds_an_escape(&key))
            continue;
        for (size_t k = 0; k + 1 < key.size; k++)
            if (key.at[k] == '\\' && strchr(",= ", key.at[k + 1]))
                backslash_in_the_way = true;
        check_tag(&key, i % 2 && !backslash_in_the_way);
        check_measurement(&key);
    }
}

/* By hand: backslashes before anything else stay, as in the name of a Windows counter. */
static void test_tag_examples(void)
{
    static const struct {
        const char *key, *want;
    } examples[] = {
        {"\\\\HOST\\Processor(_Total)\\% Time", "\\\\HOST\\Processor(_Total)\\%\\ Time"},
        {"a,b=c d", "a\\,b\\=c\\ d"},
        {"two\nlines\r\n", "two\\nlines\\r\\n"},
        {"\ttab", "\\ttab"},
        {"end\\", "end\\x5c"},
        {"end\\\\", "end\\\\x5c"},
        {"a\\,b\\ c\\=d\\\"", "a\\x5c\\,b\\x5c\\ c\\x5c\\=d\\\""},
        {"\xFF\xC2\x9F\x7F\x01", "\\xff\\xc2\\x9f\\x7f\\x01"},
        {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        struct donut_text text = {0};
        donut_escape_tag(&text, examples[i].key, strlen(examples[i].key));
        finish(&text);
        CHECK_TEXT(text.bytes, examples[i].want);
        donut_text_free(&text);
    }
}

static void test_measurement_example(void)
{
    struct donut_text text = {0};
    donut_escape_measurement(&text, "my kpis,a=b\\=", 13);
    finish(&text);
    CHECK_TEXT(text.bytes, "my\\ kpis\\,a=b\\x5c=");
    donut_text_free(&text);
}

/* Cells as the project's own reader has them, "" still doubled. */
static struct bytes undouble(const struct donut_cell *cell)
{
    struct bytes out = {.size = 0};
    for (size_t i = 0; i < cell->size; i++) {
        bytes_add(&out, cell->text + i, 1);
        i += cell->text[i] == '"';
    }
    return out;
}

static void test_csv(void)
{
    struct draw draw = draw_new("csv", 44);
    for (int i = 0; i < KEYS; i++) {
        const struct bytes key = hostile_key(&draw, false);
        struct donut_text text = {0};
        struct donut_csv csv;
        struct donut_cell cell;
        bool last = true;
        donut_text_print(&text, "1,");
        donut_escape_csv(&text, key.at, key.size);
        donut_text_print(&text, ",2,");
        donut_escape_csv(&text, key.at, key.size);
        donut_text_print(&text, "\n");
        CHECK(donut_csv_open(&csv, text.bytes, text.size, NULL) == DONUT_OK);
        for (size_t column = 0; column < 4; column++) {
            CHECK(donut_csv_cell(&csv, &cell, &last, NULL) == DONUT_OK);
            CHECK_INT(last, column == 3);
            const struct bytes got = undouble(&cell);
            if (column % 2)
                CHECK_THAT(bytes_same(&got, &key), "CSV of '%s'", key.at);
        }
        CHECK(!donut_csv_more(&csv));
        donut_text_free(&text);
    }
}

static void test_csv_quotes_only_where_needed(void)
{
    static const char *const plain[] = {"", "a", "a b", "a\\b", "a;b", "a'b", "\xFF", "#a", "a=b"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        struct donut_text text = {0};
        donut_escape_csv(&text, plain[i], strlen(plain[i]));
        finish(&text);
        CHECK_TEXT(text.bytes, plain[i]);
        donut_text_free(&text);
    }
}

TEST(escape)
{
    utf8_enumerate();
    test_utf8();
    test_replacement();
    test_tag_examples();
    test_measurement_example();
    test_keys();
    test_csv();
    test_csv_quotes_only_where_needed();
    return check_report("escape");
}
