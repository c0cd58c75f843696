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

// json_value is where a value stands: a scalar with its quotes, if it has some;
// of an object or an array no byte.
struct json_value {
	const uint8_t *at;
	size_t n;
};

// json_member finds the only member of that name. It returns how many there are:
// value is set if that is 1, and none counts in what is no JSON object, which is -1.
int json_member(const uint8_t *text, size_t n, const char *name, struct json_value *value);

// json_string writes what a string means and returns its length, or -1 for one
// that is longer than max, is not ASCII or has a control character, and for a
// value that is no string.
int json_string(uint8_t *to, size_t max, struct json_value value);

#endif
