#include "text.h"

size_t decimal(uint8_t to[DECIMAL_SIZE], uint64_t v)
{
	uint8_t reversed[DECIMAL_SIZE];
	size_t n = 0;

	do {
		reversed[n++] = (uint8_t)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	for (size_t i = 0; i < n; i++)
		to[i] = reversed[n - 1 - i];
	return n;
}

bool parse_decimal(const uint8_t *text, size_t n, uint64_t max, uint64_t *v)
{
	if (n == 0 || n > DECIMAL_SIZE || (n > 1 && text[0] == '0'))
		return false;
	*v = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = text[i] - (unsigned)'0';
		if (digit > 9 || digit > max || *v > (max - digit) / 10)
			return false;
		*v = *v * 10 + digit;
	}
	return true;
}

char hex_digit(unsigned v)
{
	return "0123456789abcdef"[v & 15];
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int parse_hex(uint8_t *to, const uint8_t *text, size_t n)
{
	if (n == 1 && text[0] == '-')
		return 0;
	if (n == 0 || n % 2 != 0)
		return -1;
	for (size_t i = 0; i < n; i += 2) {
		int high = nibble(text[i]), low = nibble(text[i + 1]);
		if (high < 0 || low < 0)
			return -1;
		to[i / 2] = (uint8_t)(high << 4 | low);
	}
	return (int)(n / 2);
}
