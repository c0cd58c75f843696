#include "crc32.h"

uint32_t crc32(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint32_t crc = ~UINT32_C(0);

	while (n-- > 0) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (-(crc & 1) & 0xedb88320);
	}
	return ~crc;
}
