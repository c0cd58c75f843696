// The least that a test needs: a check that says what was expected, and goes on.
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern unsigned check_failures, check_count;

void check_(bool ok, const char *what, const char *file, int line);
void check_text_(const void *got, size_t got_len, const char *want, const char *file, int line);
void check_hex_(const uint8_t *got, size_t got_len, const char *want, const char *file, int line);
void check_number_(uint64_t got, uint64_t want, const char *file, int line);

#define CHECK(condition) check_(condition, #condition, __FILE__, __LINE__)
#define CHECK_TEXT(got, n, want) check_text_(got, n, want, __FILE__, __LINE__)
#define CHECK_HEX(got, n, want) check_hex_(got, n, want, __FILE__, __LINE__)
#define CHECK_NUMBER(got, want) check_number_(got, want, __FILE__, __LINE__)

// check_random is seeded by main, once, and says its seed when a check fails.
uint32_t check_random(void);
void check_seed(uint32_t seed);

// unhex decodes lower-case hex, for tables that are read by eye.
size_t unhex(uint8_t *to, const char *hex);

#endif
