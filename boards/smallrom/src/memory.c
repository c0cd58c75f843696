// The memory functions that programs expect in the ROM. Where both sides lie on
// words, they move words: IRAM takes nothing else.

#include "rom.h"

static bool on_words(const void *a, const void *b)
{
	return (((uintptr_t)a | (uintptr_t)b) & 3) == 0;
}

void *memcpy(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (on_words(t, f))
		for (; n >= 4; n -= 4, t += 4, f += 4)
			*(uint32_t *)t = *(const uint32_t *)f;
	while (n-- > 0)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *t = (uint8_t *)to + n;
	const uint8_t *f = (const uint8_t *)from + n;

	if ((uintptr_t)to - (uintptr_t)from >= n)
		return memcpy(to, from, n);
	if (on_words(t, f))
		for (; n >= 4; n -= 4)
			t -= 4, f -= 4, *(uint32_t *)t = *(const uint32_t *)f;
	while (n-- > 0)
		*--t = *--f;
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	uint8_t *t = to;
	uint32_t word = (byte & 0xff) * 0x01010101u;

	if (on_words(t, t))
		for (; n >= 4; n -= 4, t += 4)
			*(uint32_t *)t = word;
	while (n-- > 0)
		*t++ = (uint8_t)byte;
	return to;
}

void bzero(void *to, size_t n)
{
	memset(to, 0, n);
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n > 0; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}
