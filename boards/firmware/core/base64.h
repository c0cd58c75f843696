// Base64 (RFC 4648 section 4), padded.
#ifndef BASE64_H
#define BASE64_H

#include "mem.h"

#define BASE64_SIZE(n) (((n) + 2) / 3 * 4)

// base64_encode writes BASE64_SIZE(n) characters, no terminator, and returns
// their number.
size_t base64_encode(uint8_t *to, const uint8_t *from, size_t n);

// base64_decode takes what base64_encode writes, and nothing else: it returns the
// number of bytes, or -1. to may be from itself.
int base64_decode(uint8_t *to, const uint8_t *from, size_t n);

#endif
