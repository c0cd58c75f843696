#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tests.h"

static const char *const valid[] = {
	"null", "true", "false", "0", "-0", "12", "-1.5e+10", "1E400", "\"\"", "\"a\\n\\u00e9\\\"\"", "[]", "{}", " [ 1 , 2 ] ",
	"{\"a\":{\"b\":[{}]},\"c\":[]}", "{\"\":0}", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "\"\xc3\xa9\"", "\t\r\n 1",
	"[[],{},[{}]]", "\"\x7f\"",
};

static const char *const invalid[] = {
	"", " ", "nul", "True", "01", "+1", "1.", ".5", "1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", "\"", "\"\n\"", "\"\\x\"",
	"\"\\u12g4\"", "\"\\u123\"", "'a'", "[", "]", "[1", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
	"{\"a\":1 \"b\":2}", "{1:2}", "[}", "{]", "[1}", "{\"a\":1]", "1 2", "1,", "{}{}", "\"\xc3\"", "\"\xff\"", "\xef\xbb\xbf""1", "/**/1", "1//",
	"\"\\", "{,}", "[[]", "null null",
};

// status is what json_member_is is for: only exactly "OK" will do.
static const struct {
	const char *text;
	bool ok;
} replies[] = {
	{"{\"status\":\"OK\"}", true},
	{" { \"status\" : \"OK\" } ", true},
	{"{\"a\":{\"status\":\"NOT OK\"},\"status\":\"OK\",\"b\":[]}", true},
	{"{\"st\\u0061tus\":\"\\u004f\\u004B\"}", true},
	{"{\"status\":\"NOT OK\"}", false},
	{"{\"status\":\"ok\"}", false},
	{"{\"status\":\"OK \"}", false},
	{"{\"status\":\"O\"}", false},
	{"{\"status\":\"OKO\"}", false},
	{"{\"status\":\"\"}", false},
	{"{\"status\":\"O\\nK\"}", false},
	{"{\"status\":\"\\u0000OK\"}", false},
	{"{\"Status\":\"OK\"}", false},
	{"{\"status \":\"OK\"}", false},
	{"{\"status\":[\"OK\"]}", false},
	{"{\"status\":{\"status\":\"OK\"}}", false},
	{"{\"status\":true}", false},
	{"{\"status\":\"OK\",\"status\":\"OK\"}", false},
	{"{\"status\":\"OK\",\"status\":\"NOT OK\"}", false},
	{"{\"status\":\"OK\",\"st\\u0061tus\":null}", false},
	{"{\"a\":{\"status\":\"OK\"}}", false},
	{"[{\"status\":\"OK\"}]", false},
	{"\"status\"", false},
	{"{\"status\":\"OK\"}x", false},
	{"{\"status\":\"OK\"", false},
	{"{}", false},
	{"", false},
};

// copy puts text into memory that ends where it ends, for the sanitizer to see
// every step beyond.
static uint8_t *copy(const char *text, size_t *n)
{
	uint8_t *p;

	*n = strlen(text);
	p = malloc(*n ? *n : 1);
	memcpy(p, text, *n);
	return p;
}

static bool is_valid(const char *text)
{
	size_t n;
	uint8_t *p = copy(text, &n);
	bool ok = json_valid(p, n);

	free(p);
	return ok;
}

static void test_depth(void)
{
	char text[2 * JSON_DEPTH + 3] = "";

	memset(text, '[', JSON_DEPTH);
	memset(text + JSON_DEPTH, ']', JSON_DEPTH);
	CHECK(is_valid(text));
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	CHECK(!is_valid(text));
}

void test_json(void)
{
	for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
		check_(is_valid(valid[i]), valid[i], __FILE__, __LINE__);
	for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
		check_(!is_valid(invalid[i]), invalid[i], __FILE__, __LINE__);
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		size_t n;
		uint8_t *p = copy(replies[i].text, &n);
		check_(json_member_is(p, n, "status", "OK") == replies[i].ok, replies[i].text, __FILE__, __LINE__);
		free(p);
	}
	test_depth();
}
