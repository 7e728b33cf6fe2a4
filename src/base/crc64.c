#include "base/crc64.h"

#define POLYNOMIAL UINT64_C(0xC96C5795D7870F42)
#define SLICES 8

/* table[s][b]: what byte b does to the checksum from s bytes further on. */
static void fill(uint64_t table[SLICES][256])
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint64_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
        table[0][byte] = crc;
    }
    for (size_t s = 1; s < SLICES; s++)
        for (unsigned byte = 0; byte < 256; byte++) {
            const uint64_t crc = table[s - 1][byte];
            table[s][byte] = (crc >> 8) ^ table[0][crc & 0xFF];
        }
}

/* Eight bytes at a time: the checksum is linear, so that each of them is looked up on its own, with
 * no look-up waiting for another. */
uint64_t donut_crc64(uint64_t before, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t table[SLICES][256], crc = ~before;
    fill(table);
    for (; size >= SLICES; size -= SLICES, at += SLICES) {
        uint64_t next = 0;
        for (size_t s = 0; s < SLICES; s++)
            next ^= table[SLICES - 1 - s][((crc >> (8 * s)) ^ at[s]) & 0xFF];
        crc = next;
    }
    for (; size > 0; size--)
        crc = (crc >> 8) ^ table[0][(crc ^ *at++) & 0xFF];
    return ~crc;
}
