// Everything that comes from outside, bent at random: the sanitizers look for
// steps outside, the checks for what must hold whatever comes.

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "control.h"
#include "fake.h"
#include "json.h"
#include "nor.h"
#include "reply.h"
#include "tests.h"

enum { ROOM = 6000 };

static const char *pick(const char *const *from, size_t n)
{
	return from[check_random() % n];
}

#define PICK(from) pick(from, sizeof from / sizeof from[0])

// bend changes text in a few places: bytes flip, go, come, or come again.
static size_t bend(uint8_t *text, size_t n)
{
	for (unsigned times = check_random() % 4; times > 0 && n > 0; times--) {
		size_t at = check_random() % n, part = check_random() % (n - at) + 1;
		switch (check_random() % 4) {
		case 0:
			text[at] ^= (uint8_t)(1 << check_random() % 8);
			break;
		case 1:
			memmove(text + at, text + at + part, n - at - part);
			n -= part;
			break;
		case 2:
			text[at] = (uint8_t)check_random();
			break;
		default:
			if (n + part > ROOM)
				break;
			memmove(text + at + part, text + at, n - at);
			n += part;
		}
	}
	return n;
}

// fresh bends a seed and returns it in memory of just its size.
static uint8_t *fresh(const char *seed, size_t *n)
{
	static uint8_t text[ROOM];
	uint8_t *p;

	*n = strlen(seed);
	memcpy(text, seed, *n);
	*n = bend(text, *n);
	p = malloc(*n ? *n : 1);
	memcpy(p, text, *n);
	return p;
}

static const char *const jsons[] = {
	"{\"status\":\"OK\"}", "{\"status\":\"NOT OK\"}", " [1, -2.5e+3, {\"a\":[true,false,null]}, \"\\u00e9\\\"\xc3\xa9\"] ",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "{\"st\\u0061tus\":\"O\\u004b\",\"x\":{}}", "0",
};

static void fuzz_json(void)
{
	for (unsigned i = 0; i < 200000; i++) {
		size_t n;
		uint8_t *p = fresh(PICK(jsons), &n);
		bool valid = json_valid(p, n);
		CHECK(!json_member_is(p, n, "status", "OK") || valid);
		free(p);
	}
}

static const char *const answers[] = {
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}",
	"HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: close\r\n\r\n{\"status\":\"NOT OK\"}",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8;x\r\n{\"status\r\n7\r\n\":\"OK\"}\r\n0\r\nA: b\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n{\"status\":\"OK\"}",
	"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops",
};

static void fuzz_reply(void)
{
	for (unsigned i = 0; i < 100000; i++) {
		size_t n;
		uint8_t *p = fresh(PICK(answers), &n);
		struct reply r;
		reply_init(&r);
		for (size_t at = 0; at < n; at++) {
			enum reply_state before = r.state;
			reply_byte(&r, p[at]);
			CHECK(before == REPLY_READING || before == r.state); // an end is an end
		}
		CHECK(r.state == REPLY_COMPLETE || !reply_accepts(&r));
		reply_end(&r);
		CHECK(r.state != REPLY_READING);
		if (reply_accepts(&r))
			CHECK(r.status == 200 && json_valid(r.body, r.body_len));
		free(p);
	}
}

static const char *const lines[] = {
	"1 hello 00ff", "2 provision 31 736563726574206f6e65 7", "3 provision 3132 736563726574206f6e65 9007199254740990",
	"4 server 127.0.0.1 80", "5 link virtual", "6 link serial", "7 send 7b2276223a317d", "8 send 2278", "9 seqn", "10 seqn +2",
	"11 seal 736563726574206f6e65 0102030405060708 12 31", "12 derive 736563726574206f6e65 0102030405060708", "13 digest -",
	"14 bench 1", "15 reply 485454502f312e3120", "17 resync", "16 reply timeout 1", "999999999 nothing", "", "\xff\x1e{}",
};

// judge_said wants whole records, and no secret, in either spelling.
static void judge_said(void)
{
	char *at = fake_said;

	while ((at = strchr(at, 0x1e)) != NULL) {
		char *end = strchr(++at, '\n');
		CHECK(end && json_valid((uint8_t *)at, (size_t)(end - at)));
	}
	CHECK(strstr(fake_said, "secret one") == NULL);
	CHECK(strstr(fake_said, "736563726574206f6e65") == NULL);
}

static void type_line(const uint8_t *text, size_t n)
{
	fake_forget();
	fake_type_bytes(text, n);
	fake_type("\n");
	if (setjmp(fake_after_reset) == 0)
		fake_lines();
}

static void fuzz_lines(void)
{
	for (unsigned i = 0; i < 60000; i++) {
		size_t n;
		uint8_t *p;
		if (i % 500 == 0) {
			nor_blank();
			fake_reset();
			control_boot();
		}
		p = fresh(PICK(lines), &n);
		type_line(p, n);
		judge_said();
		free(p);
	}
}

void test_fuzz(void)
{
	fuzz_json();
	fuzz_reply();
	fuzz_lines();
}
