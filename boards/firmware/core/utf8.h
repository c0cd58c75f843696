// UTF-8 (RFC 3629).
#ifndef UTF8_H
#define UTF8_H

#include "mem.h"

// utf8_length returns the bytes of the well-formed character at p, 0 if there
// is none: overlong forms, surrogates and what lies above U+10FFFF are none.
size_t utf8_length(const uint8_t *p, const uint8_t *end);

#endif
