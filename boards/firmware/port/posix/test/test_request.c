#include "request.h"

#include <string.h>

#include "check.h"
#include "tests.h"

static struct bytes text(const char *s)
{
	return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static bool parses(const char *s, uint32_t want)
{
	uint32_t v;

	return parse_ipv4((const uint8_t *)s, strlen(s), &v) && v == want;
}

static void test_ipv4(void)
{
	static const char *const bad[] = {"",	     "1",	  "1.2.3",     "1.2.3.4.5", "1.2.3.",	 ".1.2.3", "1..2.3",
					  "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.0x4", "1.2.3.-4", "::1"};
	uint8_t to[IPV4_TEXT];
	uint32_t v;

	CHECK(parses("0.0.0.0", 0) && parses("127.0.0.1", 0x7f000001) && parses("255.255.255.255", 0xffffffff));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		check_(!parse_ipv4((const uint8_t *)bad[i], strlen(bad[i]), &v), bad[i], __FILE__, __LINE__);
	CHECK_TEXT(to, ipv4_text(to, 0x0a000180), "10.0.1.128");
	CHECK_TEXT(to, ipv4_text(to, 0xffffffff), "255.255.255.255");
}

// The id in the path, as it must arrive.
static const char *const paths[][2] = {
	{"12FA", "12FA"},   {"a-z.A_Z~0", "a-z.A_Z~0"}, {"a/b", "a%2Fb"}, {".", "%2E"},	 {"..", "%2E%2E"},
	{"...", "%2E%2E%2E"}, {"..a", "..a"},		  {"%", "%25"},	  {" \r\n", "%20%0D%0A"}, {"\xc3\xa9", "%C3%A9"},
};

static void test_paths(void)
{
	static uint8_t to[REQUEST_SIZE];
	struct server server = {0x7f000001, 80};

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		size_t n = request_write(to, server, text(paths[i][0]), text("m")), start = strlen("POST /data/");
		uint8_t *end = memchr(to + start, ' ', n - start);
		CHECK_TEXT(to + start, (size_t)(end - to) - start, paths[i][1]);
	}
}

static void test_whole(void)
{
	static uint8_t to[REQUEST_SIZE], msg[ENVELOPE_MSG];
	uint8_t id[LIMIT_ID];
	struct server server = {0xffffffff, 65535};

	CHECK_TEXT(to, request_write(to, (struct server){0x0a000001, 8080}, text("12FA"), text("QUJD")),
		   "POST /data/12FA HTTP/1.1\r\n"
		   "Host: 10.0.0.1:8080\r\n"
		   "Content-Type: application/json\r\n"
		   "Content-Length: 14\r\n"
		   "Connection: close\r\n"
		   "\r\n"
		   "{\"msg\":\"QUJD\"}");
	CHECK_TEXT(to, request_next(to, (struct server){0x0a000001, 8080}, text("a/b"), "0123456789abcdef"),
		   "GET /sqn/a%2Fb?nonce=0123456789abcdef HTTP/1.1\r\n"
		   "Host: 10.0.0.1:8080\r\n"
		   "Connection: close\r\n"
		   "\r\n");
	memset(id, 0xff, sizeof id);
	CHECK(request_next(to, server, (struct bytes){id, sizeof id}, "0123456789abcdef") <= REQUEST_HEAD);
	memset(msg, 'A', sizeof msg);
	CHECK(request_write(to, server, (struct bytes){id, sizeof id}, (struct bytes){msg, sizeof msg}) <= REQUEST_SIZE);
}

void test_request(void)
{
	test_ipv4();
	test_paths();
	test_whole();
}
