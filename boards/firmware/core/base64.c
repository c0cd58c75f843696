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

static int value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

int base64_decode(uint8_t *to, const uint8_t *from, size_t n)
{
	uint8_t *start = to;
	size_t pad = 0;

	if (n % 4 != 0)
		return -1;
	while (pad < 2 && pad < n && from[n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < n; i += 4) {
		size_t chars = i + 4 == n ? 4 - pad : 4;
		uint32_t v = 0;
		for (size_t j = 0; j < 4; j++) {
			int six = j < chars ? value(from[i + j]) : 0;
			if (six < 0)
				return -1;
			v = v << 6 | (uint32_t)six;
		}
		// The bits that the last character has left over are zero.
		if ((chars == 3 && (v & 0xff)) || (chars == 2 && (v & 0xffff)))
			return -1;
		*to++ = (uint8_t)(v >> 16);
		if (chars > 2)
			*to++ = (uint8_t)(v >> 8);
		if (chars > 3)
			*to++ = (uint8_t)v;
	}
	return (int)(to - start);
}
