#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_encode(uint8_t *to, const uint8_t *from, size_t n)
{
	uint8_t *start = to;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)from[i] << 16;
		if (left > 1)
			v |= (uint32_t)from[i + 1] << 8;
		if (left > 2)
			v |= from[i + 2];
		*to++ = (uint8_t)alphabet[v >> 18];
		*to++ = (uint8_t)alphabet[v >> 12 & 63];
		*to++ = left > 1 ? (uint8_t)alphabet[v >> 6 & 63] : '=';
		*to++ = left > 2 ? (uint8_t)alphabet[v & 63] : '=';
	}
	return (size_t)(to - start);
}
