/* CRC-64 (ECMA-182, reflected, as in xz): the checksum of donut's files. */
#ifndef DONUT_BASE_CRC64_H
#define DONUT_BASE_CRC64_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what has the checksum `before` (0 = nothing yet) and of `size` bytes after it. */
uint64_t donut_crc64(uint64_t before, const void *bytes, size_t size);

#endif
