/* Tables of z: the columns by their names, wherever they stand, and what is wrong with a file. */
#include "check.h"
#include "data/latents.h"
#include "draw.h"

#include <stdlib.h>

static enum donut_status read(const char *text, size_t latent, struct donut_latents *latents,
                              struct donut_error *err)
{
    *latents = (struct donut_latents){0};
    *err = (struct donut_error){0};
    return donut_latents_read_csv(text, strlen(text), latent, latents, err);
}

static void test_good(void)
{
    static const char *const same[] = {
        "z_1,z_2,z_3\n1,-2.5,3e2\n4,5,6\n",
        "z_3,z_1,z_2\r\n300,1,-2.5\r\n6,4,5",
        "\xEF\xBB\xBF"
        "timestamp,Z_2,sd_1,\"z_1\",z_0,z_01,z_,z,z_1x,z_3\n"
        "a,-2.5,,1,x,\"y,\n\",7,8,9, 300 \n\n"
        "b,\"5\",,4,x,y,7,8,9,6\n",
    };
    static const double want[] = {1, -2.5, 300, 4, 5, 6};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct donut_latents latents;
        struct donut_error err;
        CHECK_THAT(read(same[i], 3, &latents, &err) == DONUT_OK, "%s", err.text);
        CHECK_INT(latents.n, 2);
        for (size_t j = 0; j < 6 && latents.n == 2; j++)
            CHECK_NEAR(latents.z[j], want[j], 0);
        if (latents.n == 2) {
            CHECK_INT(latents.line[0], 2);
            CHECK_INT(latents.line[1], i == 2 ? 5 : 3);
        }
        donut_latents_free(&latents);
    }
}

static void test_one_column(void)
{
    struct donut_latents latents;
    struct donut_error err;
    CHECK_INT(read("z_1\n7\n8\n9", 1, &latents, &err), DONUT_OK);
    CHECK_INT(latents.n, 3);
    CHECK(latents.n == 3 && latents.z[2] == 9);
    donut_latents_free(&latents);
}

static void test_bad(void)
{
    static const struct {
        const char *text, *sentence;
        size_t line, column;
    } bad[] = {
        {"", "the input is empty; expected a header with z_1 to z_2", 0, 0},
        {" \n\n", "the input is empty", 0, 0},
        {"z_1,z_2\n", "there is no row", 0, 0},
        {"z_1,x\n1,2\n", "no column is named z_2", 1, 0},
        {"\n1,2\n3,4\n", "no column is named z_1", 2, 0},
        {"z_1,z_2,z_1\n1,2,3\n", "columns 1 and 3 are both z_1", 1, 3},
        {"z_1,z_2,z_3\n1,2,3\n", "there is a column z_3, but the model's z has 2 numbers", 1, 3},
        {"z_1,z_2,z_99999999999999999999999\n1,2,3\n", "another model's", 1, 3},
        {"z_1,z_2\n1,2\n3\n", "expected 2 fields as in the first line, found 1", 3, 0},
        {"z_1,z_2\n1,2,3\n", "found 3", 2, 0},
        {"z_1,z_2\n1,2\n3,\n", "z_2 is missing", 3, 2},
        {"z_2,z_1\n1,nan\n", "z_1 is missing", 2, 2},
        {"z_1,z_2\n1e999,2\n", "z_1 '1e999' is infinite", 2, 1},
        {"z_1,z_2\n1,0x7\n", "z_2 '0x7' is not a decimal number", 2, 2},
        {"z_1,z_2\n1,\"2\n", "never closes", 2, 2},
        {"\x1f\x8b", "gzip", 0, 0},
        {"donutVAE", "donut model", 0, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct donut_latents latents;
        struct donut_error err;
        CHECK_INT(read(bad[i].text, 2, &latents, &err), DONUT_EINPUT);
        CHECK_THAT(strstr(err.text, bad[i].sentence) != NULL, "%s: %s", bad[i].text, err.text);
        CHECK_INT(err.line, bad[i].line);
        CHECK_INT(err.column, bad[i].column);
        donut_latents_free(&latents);
    }
}

/* Any columns in any order, with as many rows as make the arrays move. */
static void test_random(void)
{
    struct draw draw = draw_new("latents", 11);
    for (size_t round = 0; round < 20; round++) {
        const size_t latent = 1 + draw_below(&draw, 9), width = latent + draw_below(&draw, 4);
        const size_t rows = 1 + draw_below(&draw, 1500);
        size_t number[16] = {0}, size = 0;
        char *text = malloc((rows + 1) * width * 12);
        struct donut_latents latents;
        struct donut_error err;
        for (size_t k = 1; k <= latent; k++) {
            size_t place = draw_below(&draw, width);
            while (number[place] > 0)
                place = (place + 1) % width;
            number[place] = k;
        }
        for (size_t i = 0; i <= rows; i++)
            for (size_t c = 0; c < width; c++) {
                const char *end = c + 1 < width ? "," : "\n";
                if (number[c] == 0)
                    size += (size_t)sprintf(text + size, "x%s", end);
                else if (i == 0)
                    size += (size_t)sprintf(text + size, "z_%zu%s", number[c], end);
                else
                    size += (size_t)sprintf(text + size, "%zu.%zu%s", i, number[c], end);
            }
        CHECK_THAT(read(text, latent, &latents, &err) == DONUT_OK, "%s", err.text);
        CHECK_INT(latents.n, rows);
        size_t wrong = 0;
        for (size_t i = 0; i < latents.n; i++)
            for (size_t k = 0; k < latent; k++)
                wrong += !(fabs(latents.z[i * latent + k] - (double)(i + 1) -
                                (double)(k + 1) / 10) < 1e-9);
        CHECK_INT(wrong, 0);
        donut_latents_free(&latents);
        free(text);
    }
}

TEST(latents)
{
    test_good();
    test_one_column();
    test_bad();
    test_random();
    return check_report("latents");
}
