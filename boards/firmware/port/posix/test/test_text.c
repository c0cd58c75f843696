#include "text.h"

#include <string.h>

#include "base64.h"
#include "check.h"
#include "tests.h"
#include "utf8.h"

// RFC 4648, section 10.
static const char *const base64_answers[][2] = {
	{"", ""},	   {"f", "Zg=="},	  {"fo", "Zm8="},	  {"foo", "Zm9v"},
	{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf", "+/+/"},
};

static bool parses(const char *text, uint64_t max, uint64_t want)
{
	uint64_t v = ~want;

	return parse_decimal((const uint8_t *)text, strlen(text), max, &v) && v == want;
}

static int decoded(const char *text, uint8_t *to)
{
	return base64_decode(to, (const uint8_t *)text, strlen(text));
}

static int hexed(const char *text)
{
	uint8_t bytes[64];

	return parse_hex(bytes, (const uint8_t *)text, strlen(text));
}

static size_t first_character(const char *text)
{
	return utf8_length((const uint8_t *)text, (const uint8_t *)text + strlen(text));
}

void test_text(void)
{
	uint8_t to[64];
	uint64_t v;

	for (size_t i = 0; i < sizeof base64_answers / sizeof base64_answers[0]; i++) {
		const char *from = base64_answers[i][0];
		CHECK_TEXT(to, base64_encode(to, (const uint8_t *)from, strlen(from)), base64_answers[i][1]);
		CHECK(decoded(base64_answers[i][1], to) == (int)strlen(from) && memcmp(to, from, strlen(from)) == 0);
	}
	const char *const loose[] = {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "Zm9v====", "Z===", "====", "Zg==Zg==", "Zm9\n", "Zm9v\n",
				     "Zm 9", "-_-_", "Z=g=", "Zm9vZ"};
	for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++)
		check_(decoded(loose[i], to) == -1, loose[i], __FILE__, __LINE__);

	CHECK_TEXT(to, decimal(to, 0), "0");
	CHECK_TEXT(to, decimal(to, 9007199254740990), "9007199254740990");
	CHECK_TEXT(to, decimal(to, UINT64_MAX), "18446744073709551615");
	CHECK(parses("0", 0, 0));
	CHECK(parses("255", 255, 255));
	CHECK(parses("9007199254740991", (UINT64_C(1) << 53) - 1, 9007199254740991));
	CHECK(parses("18446744073709551615", UINT64_MAX, UINT64_MAX));
	const char *const bad[] = {"", "256", "01", "00", "+1", "-1", "1 ", " 1", "1.0", "1e2", "0x1", "184467440737095516160"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!parse_decimal((const uint8_t *)bad[i], strlen(bad[i]), 255, &v));
	CHECK(!parse_decimal((const uint8_t *)"18446744073709551616", 20, UINT64_MAX, &v));
	CHECK(!parse_decimal((const uint8_t *)"1", 1, 0, &v));

	CHECK(hexed("-") == 0);
	CHECK(hexed("00ff7a") == 3);
	CHECK(hexed("") == -1 && hexed("0") == -1 && hexed("0g") == -1 && hexed("AB") == -1 && hexed("--") == -1);

	CHECK(first_character("a") == 1);
	CHECK(first_character("\xc3\xa9") == 2);	 // é
	CHECK(first_character("\xe2\x82\xac") == 3);	 // €
	CHECK(first_character("\xf0\x9f\x8c\xb1") == 4); // seedling
	CHECK(first_character("\xf4\x8f\xbf\xbf") == 4); // U+10FFFF
	const char *const ill[] = {
		"\x80",		"\xc0\x80", "\xc1\xbf",		"\xc3",		    "\xe0\x9f\xbf",	"\xed\xa0\x80",
		"\xe2\x82",	"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",	"\xc3(",
		"\xe2\x82(",	"",
	};
	for (size_t i = 0; i < sizeof ill / sizeof ill[0]; i++)
		CHECK(first_character(ill[i]) == 0);
}
