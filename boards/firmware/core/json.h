// JSON texts (RFC 8259), judged and never copied.
#ifndef JSON_H
#define JSON_H

#include "mem.h"

enum { JSON_DEPTH = 32 }; // nested deeper than this, a text is refused

// json_valid tells whether text is exactly one JSON value in valid UTF-8.
bool json_valid(const uint8_t *text, size_t n);

// json_member_is tells whether text is a JSON object with exactly one member
// of that name, and that member is the string value. Both are plain ASCII.
bool json_member_is(const uint8_t *text, size_t n, const char *name, const char *value);

#endif
