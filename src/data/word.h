/* What 64-bit words do for decimal text: wide products, counts of zero bits, and eight digits at
 * once. Of eight characters in a word the first is the lowest byte, whatever the machine's order.
 */
#ifndef DONUT_DATA_WORD_H
#define DONUT_DATA_WORD_H

#include <stddef.h>
#include <stdint.h>

struct donut_wide {
    uint64_t high, low;
};

/* a * b in 128 bits, from the four products of their halves. */
static inline struct donut_wide donut_multiply_plain(uint64_t a, uint64_t b)
{
    const uint64_t half = UINT32_MAX, a0 = a & half, a1 = a >> 32, b0 = b & half, b1 = b >> 32;
    const uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), middle = a0 * b1 + (cross & half);
    return (struct donut_wide){a1 * b1 + (cross >> 32) + (middle >> 32),
                               middle << 32 | (low & half)};
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 donut_uint128;

static inline struct donut_wide donut_multiply(uint64_t a, uint64_t b)
{
    const donut_uint128 product = (donut_uint128)a * b;
    return (struct donut_wide){(uint64_t)(product >> 64), (uint64_t)product};
}
#else
#define donut_multiply donut_multiply_plain
#endif

/* Zero bits above the highest and below the lowest one of x, which is not 0. */
#ifdef __GNUC__
static inline int donut_leading_zeros(uint64_t x)
{
    return __builtin_clzll(x);
}

static inline int donut_trailing_zeros(uint64_t x)
{
    return __builtin_ctzll(x);
}
#else
static inline int donut_leading_zeros(uint64_t x)
{
    int n = 0;
    for (; !(x >> 63); x <<= 1)
        n++;
    return n;
}

static inline int donut_trailing_zeros(uint64_t x)
{
    int n = 0;
    for (; !(x & 1); x >>= 1)
        n++;
    return n;
}
#endif

/* floor(x / 2^n), of negative numbers, too. */
static inline int donut_floor_shift(int x, int n)
{
    return x < 0 ? ~(~x >> n) : x >> n;
}

static inline uint64_t donut_load8(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

static inline void donut_store8(char *at, uint64_t word)
{
    unsigned char *b = (unsigned char *)at;
    b[0] = (unsigned char)word;
    b[1] = (unsigned char)(word >> 8);
    b[2] = (unsigned char)(word >> 16);
    b[3] = (unsigned char)(word >> 24);
    b[4] = (unsigned char)(word >> 32);
    b[5] = (unsigned char)(word >> 40);
    b[6] = (unsigned char)(word >> 48);
    b[7] = (unsigned char)(word >> 56);
}

#define DONUT_EACH_BYTE UINT64_C(0x0101010101010101)
#define DONUT_ZEROS ('0' * DONUT_EACH_BYTE)

/* How many of eight characters are digits before the first that is none. A byte of `digits` is at
 * most 9 if it was a digit; the sum carries out of a byte only when that one is above 9 itself. */
static inline int donut_count_digits(uint64_t text)
{
    const uint64_t digits = text ^ DONUT_ZEROS;
    const uint64_t above9 = ((digits + 0x76 * DONUT_EACH_BYTE) | digits) & 0x80 * DONUT_EACH_BYTE;
    return above9 ? donut_trailing_zeros(above9) / 8 : 8;
}

/* The number that the first n of eight characters make, all of them digits. Those are moved up,
 * behind zeros; then pairs of digits become numbers below 100, and the four of them one number. */
static inline uint32_t donut_digits_value(uint64_t text, int n)
{
    const uint64_t digits = (text ^ DONUT_ZEROS) << 4 * (8 - n) << 4 * (8 - n);
    const uint64_t pairs = digits * 10 + (digits >> 8), mask = UINT64_C(0x000000ff000000ff);
    const uint64_t first = (pairs & mask) * (100 + (UINT64_C(1000000) << 32));
    const uint64_t second = (pairs >> 16 & mask) * (1 + (UINT64_C(10000) << 32));
    return (uint32_t)((first + second) >> 32);
}

/* Appends the digits from `at` on to the integer *x, modulo 2^64; returns where they end. */
static inline const char *donut_take_digits(const char *at, const char *end, uint64_t *x)
{
    static const uint32_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    while (end - at >= 8) {
        const uint64_t text = donut_load8(at);
        const int n = donut_count_digits(text);
        *x = *x * power[n] + donut_digits_value(text, n);
        at += n;
        if (n < 8)
            return at;
    }
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        *x = *x * 10 + (uint64_t)(*at - '0');
    return at;
}

/* The eight digits of x < 10^8 as bytes 0 to 9: halved into 4 + 4, 2 + 2 and 1 + 1 digits side by
 * side, where 10486 / 2^20 is 1 / 100 below 10^4, and 103 / 2^10 is 1 / 10 below 100. */
static inline uint64_t donut_digits_of(uint32_t x)
{
    const uint64_t fours = x / 10000 | (uint64_t)(x % 10000) << 32;
    const uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

#endif
