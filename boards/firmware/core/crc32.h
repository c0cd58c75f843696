// CRC-32 as of IEEE 802.3, which tells a torn flash record from a whole one.
#ifndef CRC32_H
#define CRC32_H

#include "mem.h"

uint32_t crc32(const void *bytes, size_t n);

#endif
