// Numbers and bytes as text, both ways.
#ifndef TEXT_H
#define TEXT_H

#include "mem.h"

enum { DECIMAL_SIZE = 20 };

// decimal writes v without leading zeros or terminator and returns its length.
size_t decimal(uint8_t to[DECIMAL_SIZE], uint64_t v);

// parse_decimal accepts digits only, no sign, no leading zeros, up to max.
bool parse_decimal(const uint8_t *text, size_t n, uint64_t max, uint64_t *v);

// hex_digit returns the lower-case digit of the low four bits of v.
char hex_digit(unsigned v);

// parse_hex decodes lower-case pairs, "-" being the empty string; to may be
// text itself. It returns the number of bytes, or -1.
int parse_hex(uint8_t *to, const uint8_t *text, size_t n);

#endif
