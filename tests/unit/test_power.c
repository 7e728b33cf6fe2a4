/* 64-bit words against plain loops, and every power of ten against exact integers. */
#include "check.h"
#include "draw.h"

#include "data/power.h"

#include <stdlib.h>

static const struct donut_stream draws = {.seed = 17, .purpose = DONUT_DRAW_TEST};

static uint64_t draw64(uint64_t i)
{
    return (uint64_t)draw_bits(draws, 2 * i) << 32 | draw_bits(draws, 2 * i + 1);
}

static void test_multiply(void)
{
    const uint64_t most = UINT64_MAX;
    struct donut_wide square = donut_multiply(most, most); /* (2^64 - 1)^2 */
    CHECK(square.high == most - 1 && square.low == 1);
    square = donut_multiply_plain(most, most);
    CHECK(square.high == most - 1 && square.low == 1);
    size_t wrong = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        const uint64_t a = draw64(i) >> i % 64, b = draw64(i + 1000) >> i / 64 % 64;
        const struct donut_wide fast = donut_multiply(a, b), plain = donut_multiply_plain(a, b);
        wrong += fast.high != plain.high || fast.low != plain.low || plain.low != a * b;
    }
    CHECK_INT(wrong, 0);
}

static void test_bits(void)
{
    for (int i = 0; i < 64; i++) {
        CHECK_INT(donut_leading_zeros(UINT64_MAX >> i), i);
        CHECK_INT(donut_trailing_zeros(UINT64_MAX << i), i);
    }
    for (int x = -40; x <= 40; x++)
        CHECK_INT(donut_floor_shift(x, 3), (x + 800) / 8 - 100);
}

/* Every character in every place, behind digits. */
static void test_digits(void)
{
    for (int place = 0; place < 8; place++) {
        for (int c = 0; c < 256; c++) {
            char text[] = "98765432";
            text[place] = (char)c;
            const int n = c >= '0' && c <= '9' ? 8 : place;
            char number[9] = "";
            memcpy(number, text, (size_t)n);
            const uint64_t word = donut_load8(text);
            CHECK_INT(donut_count_digits(word), n);
            CHECK_INT(donut_digits_value(word, n), atoi(number));
        }
    }
    for (uint32_t x = 0; x < 100000000; x += 1 + draw_bits(draws, x) % 5000) {
        char text[9] = "", want[9];
        donut_store8(text, donut_digits_of(x) + DONUT_ZEROS);
        snprintf(want, sizeof want, "%08u", x);
        if (strcmp(text, want) != 0)
            CHECK_TEXT(text, want);
    }
}

static void test_take_digits(void)
{
    static const char text[] = "1234567890123456789x";
    uint64_t want = 0;
    for (size_t n = 0; n <= 19; n++) {
        uint64_t x = 0;
        CHECK(donut_take_digits(text, text + n, &x) == text + n && x == want);
        want = want * 10 + (uint64_t)(text[n] - '0');
    }
    uint64_t x = 7;
    CHECK(donut_take_digits(text, text + 20, &x) == text + 19);
    CHECK(x == UINT64_C(7) * UINT64_C(10000000000000000000) + UINT64_C(1234567890123456789));
}

/* ---- integers of many 32-bit limbs, the lowest first */

#define LIMBS 80

struct big {
    uint32_t limb[LIMBS];
};

static struct big product(struct big a, uint32_t b)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (uint64_t)a.limb[i] * b;
        a.limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return a;
}

static struct big times_power(struct big a, uint32_t base, int n)
{
    for (; n > 0; n--)
        a = product(a, base);
    return a;
}

static struct big from_wide(struct donut_wide x)
{
    return (struct big){
        {(uint32_t)x.low, (uint32_t)(x.low >> 32), (uint32_t)x.high, (uint32_t)(x.high >> 32)}};
}

static int compare(const struct big *a, const struct big *b)
{
    for (size_t i = LIMBS; i-- > 0;)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* p = floor(10^e 2^-s) with the highest of 128 bits set: p 2^s <= 10^e < (p + 1) 2^s, where what
 * has a negative exponent moves to the other side. */
static void test_powers(void)
{
    size_t wrong = 0, exact = 0;
    for (int e = DONUT_POWER_MIN; e <= DONUT_POWER_MAX; e++) {
        const struct donut_wide p = donut_power(e);
        const struct donut_wide next = {p.high + (p.low == UINT64_MAX), p.low + 1};
        const int s = donut_power_exponent(e) - 127;
        const struct big one = {{1}};
        const struct big right =
            times_power(times_power(one, 10, e > 0 ? e : 0), 2, s < 0 ? -s : 0);
        struct big left =
            times_power(times_power(from_wide(p), 10, e < 0 ? -e : 0), 2, s > 0 ? s : 0);
        struct big above =
            times_power(times_power(from_wide(next), 10, e < 0 ? -e : 0), 2, s > 0 ? s : 0);
        const int order = compare(&left, &right);
        wrong += !(p.high >> 63) || order > 0 || compare(&above, &right) <= 0;
        wrong += (order == 0) != (e >= 0 && e <= DONUT_POWER_EXACT);
        wrong += p.low == UINT64_MAX || above.limb[LIMBS - 1] || right.limb[LIMBS - 1];
        exact += order == 0;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(exact, DONUT_POWER_EXACT + 1);
}

TEST(power)
{
    test_multiply();
    test_bits();
    test_digits();
    test_take_digits();
    test_powers();
    return check_report("power");
}
