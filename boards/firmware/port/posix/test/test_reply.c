#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tests.h"

// What a reply comes to: C complete and accepted, N complete and not, B broken,
// R still reading after the peer has said all this and stays silent.
static const struct {
	char then, at_end; // while the connection is open, and once it was closed
	const char *text;
} replies[] = {
	{'C', 'C', "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"},
	{'C', 'C', "HTTP/1.1 200 \r\ncontent-length:15\r\n\r\n{\"status\":\"OK\"}and more"},
	{'C', 'C', "HTTP/1.1 200\r\nCONTENT-LENGTH: \t15 \r\n\r\n{\"status\":\"OK\"}"},
	{'N', 'N', "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":\"NOT OK\"}"},
	{'N', 'N', "HTTP/1.1 201 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"},
	{'N', 'N', "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"},
	{'N', 'N', "HTTP/1.1 204 No\r\n\r\n"},
	{'N', 'N', "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	// Not all of it is there.
	{'R', 'B', ""},
	{'R', 'B', "HTTP/1.1 200 OK\r\n"},
	{'R', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}"},
	{'R', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"status\":\"OK\"}\r\n"},
	// The end of the connection is the end of the body; 200 must then be whole JSON.
	{'R', 'C', "HTTP/1.0 200 OK\r\n\r\n{\"status\":\"OK\"}"},
	{'R', 'N', "HTTP/1.0 200 OK\r\n\r\n{\"status\":\"NOT OK\"}"},
	{'R', 'B', "HTTP/1.0 200 OK\r\n\r\n{\"status\":\"OK\""},
	{'R', 'B', "HTTP/1.0 200 OK\r\n\r\n"},
	{'R', 'N', "HTTP/1.0 502 Bad\r\n\r\n<html>"},
	// Chunks.
	{'C', 'C', "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n8\r\n{\"status\r\n7;a=b\r\n\":\"OK\"}\r\n0\r\nX: y\r\n\r\n"},
	{'C', 'C', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n000F\r\n{\"status\":\"OK\"}\r\n0\r\n\r\n"},
	{'N', 'N', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
	// An interim reply is not the reply.
	{'C', 'C', "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"},
	{'R', 'B', "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n"},
	// Two readers could disagree on these.
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nContent-Length: 16\r\n\r\n"},
	{'C', 'C', "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 15, 15\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: +15\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 0x0f\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nX: y\r\n Content-Length: 15\r\n\r\n"},
	{'B', 'B', "HTTP/1.1 200 OK\nContent-Length: 15\n\n{\"status\":\"OK\"}"},
	{'B', 'B', "HTTP/1.1 200 OK\r\nContent-Length: 15\rX"},
	// No status line.
	{'B', 'B', "HTTP/2 200 OK\r\n"},
	{'B', 'B', "HTTP/1.2 200 OK\r\n"},
	{'B', 'B', "HTTP/1.1 2000 OK\r\n"},
	{'B', 'B', "HTTP/1.1 099 OK\r\n"},
	{'B', 'B', "HTTP/1.1 600 OK\r\n"},
	{'B', 'B', "HTTP/1.1  200 OK\r\n"},
	{'B', 'B', "\r\nHTTP/1.1 200 OK\r\n"},
	{'B', 'B', "ICY 200 OK\r\n"},
	{'B', 'B', "{\"status\":\"OK\"}\r\n"},
};

static char verdict(const struct reply *r)
{
	switch (r->state) {
	case REPLY_READING:
		return 'R';
	case REPLY_BROKEN:
		return 'B';
	default:
		return reply_accepts(r) ? 'C' : 'N';
	}
}

static void feed(struct reply *r, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		reply_byte(r, (uint8_t)text[i]);
}

static void test_table(void)
{
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		struct reply r;
		reply_init(&r);
		feed(&r, replies[i].text, strlen(replies[i].text));
		check_(verdict(&r) == replies[i].then, replies[i].text, __FILE__, __LINE__);
		reply_end(&r);
		check_(verdict(&r) == replies[i].at_end, replies[i].text, __FILE__, __LINE__);
	}
}

// sized makes a reply of a header line and a body of those lengths, the body a
// JSON string.
static char sized(size_t header, size_t body, unsigned status)
{
	struct reply r;

	reply_init(&r);
	feed(&r, status == 200 ? "HTTP/1.1 200 OK\r\nX: " : "HTTP/1.1 404 No\r\nX: ", 20);
	for (size_t i = 0; i < header; i++)
		reply_byte(&r, 'x');
	feed(&r, "\r\n\r\n", 4);
	for (size_t i = 0; i < body; i++)
		reply_byte(&r, i == 0 || i == body - 1 ? '"' : 'x');
	reply_end(&r);
	return verdict(&r);
}

// A body that is longer than what is kept of it is not judged by its beginning.
static void test_kept(void)
{
	for (size_t body = REPLY_KEPT; body <= REPLY_KEPT + 1; body++) {
		struct reply r;
		reply_init(&r);
		feed(&r, body == REPLY_KEPT ? "HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n", 41);
		feed(&r, "{\"status\":\"OK\"}", 15);
		for (size_t i = 15; i < body; i++)
			reply_byte(&r, ' ');
		CHECK(verdict(&r) == (body == REPLY_KEPT ? 'C' : 'B'));
	}
}

static void test_bounds(void)
{
	CHECK(sized(REPLY_HEAD - 24, 2, 200) == 'N');
	CHECK(sized(REPLY_HEAD - 23, 2, 200) == 'B');
	CHECK(sized(0, REPLY_KEPT, 200) == 'N');
	CHECK(sized(0, REPLY_KEPT + 1, 200) == 'B'); // it might have said OK
	CHECK(sized(0, REPLY_BODY, 404) == 'N');
	CHECK(sized(0, REPLY_BODY + 1, 404) == 'B');
}

void test_reply(void)
{
	test_table();
	test_bounds();
	test_kept();
}
