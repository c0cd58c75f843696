#include "check.h"

#include <stdio.h>
#include <string.h>

unsigned check_failures, check_count;

static uint32_t seed, state;

void check_seed(uint32_t s)
{
	seed = state = s ? s : 1; // zero would stay zero
}

// xorshift32, Marsaglia 2003.
uint32_t check_random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static bool count(bool ok, const char *file, int line)
{
	check_count++;
	if (!ok && ++check_failures <= 20)
		fprintf(stderr, "%s:%d (seed %u): ", file, line, seed);
	return !ok && check_failures <= 20;
}

void check_(bool ok, const char *what, const char *file, int line)
{
	if (count(ok, file, line))
		fprintf(stderr, "not so: %s\n", what);
}

void check_text_(const void *got, size_t n, const char *want, const char *file, int line)
{
	if (count(n == strlen(want) && memcmp(got, want, n) == 0, file, line))
		fprintf(stderr, "got  %.*s\n\twant %s\n", (int)n, (const char *)got, want);
}

void check_hex_(const uint8_t *got, size_t n, const char *want, const char *file, int line)
{
	char text[2 * 256 + 1] = "";

	for (size_t i = 0; i < n && i < 256; i++)
		snprintf(text + 2 * i, 3, "%02x", got[i]);
	check_text_(text, strlen(text), want, file, line);
}

void check_number_(uint64_t got, uint64_t want, const char *file, int line)
{
	if (count(got == want, file, line))
		fprintf(stderr, "got %llu, want %llu\n", (unsigned long long)got, (unsigned long long)want);
}

size_t unhex(uint8_t *to, const char *hex)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned v = 0;
		sscanf(hex + 2 * i, "%2x", &v);
		to[i] = (uint8_t)v;
	}
	return n;
}
